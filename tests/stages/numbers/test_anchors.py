"""Lengths of time that are counted from the publication, 14 April 2025; fiscal years."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline import Number, NumberExtractor, Pipeline
from pipeline.errors import ResourceError
from pipeline.resources import Resources, read_table
from pipeline.stages.entities.tables import COLUMNS
from pipeline.stages.numbers.fiscal import FiscalYears, fiscal_days
from tests.stages.numbers.one import only


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(numbers={"published": "2025-04-14"})


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("该厂三年前停产。", "三年前", "2022"),
        ("该厂三个月前停产。", "三个月前", "2025-01"),
        ("该厂两周前停产。", "两周前", "2025-W14"),
        ("该厂五天前停产。", "五天前", "2025-04-09"),
        ("该厂一年半前停产。", "一年半前", "2023-10"),
        ("该厂两年以前停产。", "两年以前", "2023"),
    ],
)
def test_a_length_ago_is_a_date(pipeline: Pipeline, text: str, span: str, value: str) -> None:
    number = only(pipeline, text)
    assert (number.label, number.text, number.value) == ("DATE", span, value)
    assert number.date_begin is not None


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("该厂过去三年减产。", "2022-04-14", "2025-04-14"),
        ("该厂近三年减产。", "2022-04-14", "2025-04-14"),
        ("该厂三年来减产。", "2022-04-14", "2025-04-14"),
        ("该厂未来六个月减产。", "2025-04-14", "2025-10-14"),
        ("该厂两年内停产。", "2025-04-14", "2027-04-14"),
        ("该厂三年后停产。", "2028-01-01", "2029-01-01"),
        ("该厂十天后停产。", "2025-04-24", "2025-04-25"),
    ],
)
def test_other_lengths_say_which_days(
    pipeline: Pipeline, text: str, begin: str, end: str
) -> None:
    number = only(pipeline, text)
    assert (number.label, number.modifier) == ("DURATION", None)
    assert str(number.value).startswith("P")
    assert (number.date_begin, number.date_end) == (begin, end)


@pytest.mark.parametrize(
    "text",
    [
        "工期三年。", "历时近三年。", "三年期存款。", "过去几年减产。", "三到五年内停产。",
        "三小时前停产。", "未来五个交易日休市。", "首年后期减产。", "公元前221年统一。", "未来一万年。",
    ],
)  # fmt: skip
def test_what_is_not_counted_from_the_publication(pipeline: Pipeline, text: str) -> None:
    lengths = [n for n in pipeline(text).numbers if n.label == "DURATION"]
    assert all(n.date_begin is None for n in lengths)


def test_near_is_no_measure_where_it_looks_back(pipeline: Pipeline) -> None:
    assert only(pipeline, "近三年减产。").modifier is None
    assert only(pipeline, "历时近三年。").modifier == "nearly"


def test_without_a_publication_nothing_is_counted(numbers: NumberExtractor) -> None:
    document = numbers("该厂过去三年减产，两年前停产。")
    length, ago = document.numbers
    assert (length.value, length.date_begin) == ("P3Y", None)
    assert (ago.label, ago.value, ago.date_begin) == ("DATE", None, None)
    assert any("两年前" in warning for warning in document.warnings)


def fiscal(pipeline: Pipeline, text: str) -> Number:
    [number] = [n for n in pipeline(text).numbers if n.by.startswith("date:fiscal")]
    return number


@pytest.mark.parametrize(
    ("text", "value", "begin", "end"),
    [
        ("阿里巴巴2025财年第三财季收入持平。", "FY2025-Q3", "2024-10-01", "2025-01-01"),
        ("苹果公司FY2025收入持平。", "FY2025", "2024-10-01", "2025-10-01"),
        ("微软公布26财年上半年收入。", "FY2026-H1", "2025-07-01", "2026-01-01"),
        ("截至2025年6月30日止年度，该厂2025财年收入持平。", "FY2025", "2024-07-01", "2025-07-01"),
    ],
)
def test_the_company_or_the_text_gives_a_fiscal_year_its_days(
    pipeline: Pipeline, text: str, value: str, begin: str, end: str
) -> None:
    number = fiscal(pipeline, text)
    assert (number.value, number.date_begin, number.date_end) == (value, begin, end)
    assert "company:" in number.by or "stated:" in number.by


def test_an_unknown_fiscal_year_has_no_days(pipeline: Pipeline) -> None:
    number = fiscal(pipeline, "该厂2025财年收入持平。")
    assert (number.value, number.date_begin) == ("FY2025", None)


def test_four_fiscal_quarters_make_a_year() -> None:
    year = fiscal_days("FY2024", 1)
    quarters = [fiscal_days(f"FY2024-Q{n}", 1) for n in range(1, 5)]
    assert year == (date(2023, 2, 1), date(2024, 2, 1))
    assert (quarters[0][0], quarters[-1][1]) == year
    assert all(a[1] == b[0] for a, b in pairwise(quarters))


def test_every_company_with_a_fiscal_year_is_in_the_lexicon() -> None:
    resources = Resources()
    known = {
        row["id"]
        for path in resources.tables("lexicon")
        for _, row in read_table(path, COLUMNS)
    }
    path = resources.roots[0] / "numbers/fiscal_years.tsv"
    for _, row in read_table(path, ("id", "last_month", "source")):
        assert row["id"] in known, row["id"]


def test_a_month_that_is_none_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "numbers"
    folder.mkdir()
    (folder / "fiscal_years.tsv").write_text("id\tlast_month\tsource\norg/x\t13\tnone\n", "utf-8")
    with pytest.raises(ResourceError, match=r"fiscal_years.tsv, line 2: .*'13'"):
        FiscalYears(Resources(tmp_path))


@pytest.mark.parametrize(
    ("text", "value"),
    [("停电12,000个钟头。", "PT12000H"), ("停电半个钟头。", "PT30M"), ("停电半月。", "P15D")],
)
def test_spoken_lengths(pipeline: Pipeline, text: str, value: str) -> None:
    assert only(pipeline, text).value == value


@pytest.mark.parametrize("text", ["四万年前", "一百万天前", "9999年前", "九万个月前"])
def test_what_is_before_the_calendar_stays_open(pipeline: Pipeline, text: str) -> None:
    document = pipeline(f"{text}，这里是海。")
    [number] = document.numbers
    assert (number.label, number.text, number.value) == ("DATE", text, None)
    assert any(text in warning for warning in document.warnings)
