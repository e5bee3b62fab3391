"""The article's own clock: its date line, then its passages; never the computer's."""

import pytest

from pipeline import Document, NumberExtractor, Pipeline


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(numbers={"published": "2025-04-14"})


def article(date_line: str, body: str) -> str:
    return f"海风重工宣布扩建南方船厂\n{date_line}\n\n{body}\n"


def value_of(document: Document, span: str) -> object:
    """The value of the one date of a document that is written so."""
    [number] = [n for n in document.numbers if n.text == span]
    return number.value


@pytest.mark.parametrize(
    ("date_line", "published"),
    [
        ("2024-11-05", "2024-11-05"),
        ("2024年11月5日", "2024-11-05"),
        ("2024/11/05 09:30", "2024-11-05"),
        ("发布时间：2024-11-05 09:30", "2024-11-05"),
        ("民國113年11月5日", "2024-11-05"),
    ],
)
def test_the_date_line_sets_the_clock(
    numbers: NumberExtractor, date_line: str, published: str
) -> None:
    document = numbers(article(date_line, "公司去年亏损，昨日股价下跌。"))
    assert document.metadata.published is not None
    assert document.metadata.published.value == published
    assert value_of(document, "去年") == "2023"
    assert value_of(document, "昨日") == "2024-11-04"


def test_the_date_line_is_before_the_setting(pipeline: Pipeline) -> None:
    document = pipeline(article("2019-11-05", "公司去年亏损。"))
    assert value_of(document, "去年") == "2018"


@pytest.mark.parametrize(
    ("body", "year"),
    [
        ("公司2025年第一季度亏损。", 2025),
        ("公司2025年3月停产。", 2025),
        # December 2024 has begun on 14 April of 2025 at the earliest.
        ("公司2024年12月停产。", 2025),
        # A year to come tells nothing.
        ("公司2025年第一季度亏损，预计2027年投产。", 2025),
    ],
)
def test_a_date_line_without_year_takes_the_year_the_text_looks_back_from(
    numbers: NumberExtractor, body: str, year: int
) -> None:
    published = numbers(article("04-14", body)).metadata.published
    assert published is not None
    assert (published.text, published.value) == ("04-14", f"{year}-04-14")
    assert published.basis.startswith("year inferred from")


def test_a_date_line_without_year_takes_the_year_of_the_setting(pipeline: Pipeline) -> None:
    published = pipeline(article("04-09", "公司亏损。")).metadata.published
    assert published is not None
    assert published.value == "2025-04-09"


def test_a_date_line_without_any_year_is_named_in_a_warning(numbers: NumberExtractor) -> None:
    document = numbers(article("04-14", "公司亏损。"))
    assert document.metadata.published is not None
    assert document.metadata.published.value is None
    assert any("04-14" in warning for warning in document.warnings)


@pytest.mark.parametrize(
    "word", ["今年", "去年", "昨日", "上月", "上周五", "年底", "4月9日", "第三季度"]
)
def test_what_the_article_does_not_tell_stays_open(numbers: NumberExtractor, word: str) -> None:
    document = numbers(f"公司{word}亏损。")
    [number] = document.numbers
    assert (number.label, number.text, number.value) == ("DATE", word, None)
    assert (number.date_begin, number.date_end) == (None, None)
    [warning] = document.warnings
    assert word in warning


def test_a_resolved_date_gives_no_warning(pipeline: Pipeline) -> None:
    assert pipeline("公司去年亏损。").warnings == []


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("2022年第二季度订单减少，年末才回升。", "年末", "2022-12"),
        ("2022年3月订单减少，9月才回升。", "9月", "2022-09"),
        ("2022年3月5日签约，9月20日交船。", "9月20日", "2022-09-20"),
        ("2022年第一季度订单减少，第三季度才回升。", "第三季度", "2022-Q3"),
        ("2022年订单减少，当年亏损。", "当年", "2022"),
        ("2022年订单减少，次年回升。", "次年", "2023"),
    ],
)
def test_the_passage_speaks_before_the_publication(
    pipeline: Pipeline, text: str, span: str, value: str
) -> None:
    assert value_of(pipeline(text), span) == value


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("2022年3月订单减少，9月才回升。", "9月", "2022-09"),
        ("2022年第一季度订单减少，第三季度才回升。", "第三季度", "2022-Q3"),
        ("2022年第二季度订单减少，年末才回升。", "年末", "2022-12"),
    ],
)
def test_the_passage_speaks_without_a_publication(
    numbers: NumberExtractor, text: str, span: str, value: str
) -> None:
    assert value_of(numbers(text), span) == value


def test_a_relative_year_ignores_the_passage(pipeline: Pipeline) -> None:
    document = pipeline("2019年第二季度订单减少，去年才回升。")
    assert value_of(document, "去年") == "2024"


@pytest.mark.parametrize(
    ("body", "year"),
    [
        # 14 April is a Monday in 2025; the text alone would say 2024.
        ("公司2024年3月停产，4月14日（周一）复产。", 2025),
        ("公司2024年3月停产，周日（4月14日）复产。", 2024),
    ],
)
def test_weekdays_help_to_find_the_year(numbers: NumberExtractor, body: str, year: int) -> None:
    published = numbers(article("04-14", body)).metadata.published
    assert published is not None
    assert published.value == f"{year}-04-14"
    assert "4月14日" in published.basis
    assert "confidence" in published.basis
