"""The sample article's disclaimer and list in other shapes and places: always both, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import BoilerplateStripper

# Written for this test, with the shape of a list that ranks stocks on one line each.
RANKED = "熱議股票\n1. 騰訊控股 00700 +1.2%\n2. 美團-W 03690 -0.8%\n3. 小米集團-W 01810 +3.5%"


class Sample:
    """The article in its parts, in the source's own script."""

    def __init__(self, text: str) -> None:
        document = BoilerplateStripper()(text)
        disclaimer, stocks = document.boilerplate
        self.disclaimer, self.stocks = disclaimer.source_text, stocks.source_text
        self.header_end = document.metadata.byline[-1].source_end
        self.header = text[: self.header_end]
        self.body = text[self.header_end : disclaimer.source_start].strip()
        middle = self.body.index("\n", len(self.body) // 2)
        self.first, self.second = self.body[:middle].strip(), self.body[middle:].strip()


@pytest.fixture(scope="module")
def sample(shared: Callable[[str], Path]) -> Sample:
    return Sample(shared("seed/ofweek-alibaba-cloud.txt").read_bytes().decode().replace("\r\n", "\n"))


@pytest.fixture(scope="module")
def stripper() -> BoilerplateStripper:
    return BoilerplateStripper()


@pytest.mark.parametrize(
    ("order", "labels"),
    [
        pytest.param(["header", "body", "disclaimer", "stocks"], "dh", id="as it is"),
        pytest.param(["header", "body", "stocks", "disclaimer"], "hd", id="list first"),
        pytest.param(["header", "first", "disclaimer", "second", "stocks"], "dh", id="disclaimer inside"),
        pytest.param(["header", "first", "stocks", "second", "disclaimer"], "hd", id="list inside"),
        pytest.param(["header", "disclaimer", "body", "stocks"], "dh", id="disclaimer above"),
        pytest.param(
            ["header", "first", "disclaimer", "stocks", "second", "disclaimer", "stocks"], "dhdh", id="twice"
        ),
        pytest.param(["header", "body", "disclaimer", "ranked"], "dh", id="a row for each stock"),
        pytest.param(["header", "first", "ranked", "second", "disclaimer"], "hd", id="rows inside"),
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["blank lines", "no blank lines"])
@pytest.mark.parametrize("simplified", [False, True], ids=["traditional", "simplified"])
def test_exactly_the_two(
    sample: Sample, stripper: BoilerplateStripper, order: list[str], labels: str, gap: str, simplified: bool
) -> None:
    parts = [RANKED if name == "ranked" else getattr(sample, name) for name in order]
    if simplified:
        import opencc

        convert = opencc.OpenCC("t2s").convert
        parts = [convert(part) for part in parts]
    if gap == "\n":
        parts = ["\n".join(line for line in part.split("\n") if line) for part in parts]
    document = stripper(gap.join(parts))

    expected = [
        part for name, part in zip(order, parts, strict=True) if name in ("disclaimer", "stocks", "ranked")
    ]
    assert [b.label[0] for b in document.boilerplate] == list(labels)
    assert [b.source_text.split() for b in document.boilerplate] == [part.split() for part in expected]
