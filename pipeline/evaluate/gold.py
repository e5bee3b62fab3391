"""Gold files: an article with its annotations as marks inside the text.

    <ORG>阿里雲</ORG>收入<MONEY value=26549000000 unit=CNY>265.49億元</MONEY>

A mark is `<LABEL name=value …>text</LABEL>`. Labels are those of the contract: entities and numbers
in capitals, boilerplate and the fields title, publisher, author and published in small letters.
`<`, `>` and `&` of the article are written `&lt;`, `&gt;` and `&amp;`. Offsets are counted in the
source text, which is the file without its marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pipeline.errors import ContractError
from pipeline.labels import BoilerplateLabel, EntityLabel, NumberLabel

SUFFIX = ".gold"
LAYER_OF = {
    **dict.fromkeys(get_args(EntityLabel), "entities"),
    **dict.fromkeys(get_args(NumberLabel), "numbers"),
    **dict.fromkeys(get_args(BoilerplateLabel), "boilerplate"),
    **dict.fromkeys(("title", "publisher", "author", "published"), "metadata"),
}
_MARK = re.compile(
    r"<(?P<open>[A-Za-z_]+)(?P<attributes>(?: [a-z_]+=[^\s<>]+)*)>|</(?P<close>[A-Za-z_]+)>"
)
_ESCAPES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ESCAPE = re.compile("&lt;|&gt;|&amp;")


@dataclass(frozen=True, slots=True)
class GoldAnnotation:
    """One mark: a span of the source text, its label and what the mark states."""

    start: int
    end: int
    label: str
    text: str
    attributes: Mapping[str, str]

    @property
    def layer(self) -> str:
        """entities, numbers, boilerplate or metadata."""
        return LAYER_OF[self.label]


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A gold file, read."""

    source_text: str
    annotations: tuple[GoldAnnotation, ...]


def parse_gold(marked: str) -> GoldDocument:
    """Read a marked text.

    Raises:
        ContractError: naming line and mark, if marks are unknown, crossed or not closed.
    """
    pieces: list[str] = []
    length = done = 0
    open_marks: list[tuple[str, int, dict[str, str]]] = []
    annotations: list[tuple[int, int, str, dict[str, str]]] = []

    def keep(raw: str) -> None:
        nonlocal length
        plain = _ESCAPE.sub(lambda m: _ESCAPES[m[0]], raw)
        if "<" in raw or ">" in raw:
            at = marked.find(raw) + min(raw.find(c) for c in "<>" if c in raw)
            raise ContractError(f"line {_line(marked, at)}: a stray < or >; write &lt; or &gt;")
        pieces.append(plain)
        length += len(plain)

    for match in _MARK.finditer(marked):
        keep(marked[done : match.start()])
        done = match.end()
        place = f"line {_line(marked, match.start())}: {match[0]}"
        label = match["open"] or match["close"]
        if label not in LAYER_OF:
            raise ContractError(f"{place}: there is no label {label!r}")
        if match["open"]:
            pairs = (pair.partition("=")[::2] for pair in match["attributes"].split())
            open_marks.append((label, length, dict(pairs)))
        elif not open_marks or open_marks[-1][0] != label:
            expected = f"</{open_marks[-1][0]}>" if open_marks else "no closing mark"
            raise ContractError(f"{place}: expected {expected} here")
        else:
            _, start, attributes = open_marks.pop()
            annotations.append((start, length, label, attributes))
    keep(marked[done:])
    if open_marks:
        raise ContractError(f"<{open_marks[-1][0]}> is never closed")
    text = "".join(pieces)
    return GoldDocument(
        text,
        tuple(
            GoldAnnotation(start, end, label, text[start:end], attributes)
            for start, end, label, attributes in sorted(annotations, key=lambda a: (a[0], -a[1]))
        ),
    )


def read_gold(path: Path) -> GoldDocument:
    """Read a gold file.

    Raises:
        ContractError: naming the file, if it cannot be read or a mark is wrong.
    """
    try:
        return parse_gold(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError, ContractError) as error:
        raise ContractError(f"{path}: {error}") from error


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
