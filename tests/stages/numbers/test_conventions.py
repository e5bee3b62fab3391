"""Forms that finance pages use for amounts, periods and the currency of a table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline import NumberExtractor, Pipeline
from pipeline.stages.numbers import parse
from tests.stages.numbers.one import only


@pytest.fixture(scope="module")
def dated() -> Pipeline:
    return Pipeline(numbers={"published": "2025-08-29"})


@pytest.mark.parametrize(
    ("text", "span", "label", "value", "unit"),
    [
        ("不良率3‰", "3‰", "PERCENT", Decimal("0.3"), "%"),
        ("每股派息3仙", "3仙", "MONEY", Decimal("0.03"), "HKD"),
        ("新車打八五折", "八五折", "PERCENT", 85, "%"),
        ("机票七折起", "七折", "PERCENT", 70, "%"),
        ("打9.5折", "9.5折", "PERCENT", 95, "%"),
        ("增長率為負百分之二", "负百分之二", "PERCENT", -2, "%"),
        ("夜间零下5度", "零下5度", "QUANTITY", -5, "度"),
        ("每斤十块三毛", "十块三毛", "MONEY", Decimal("10.3"), "CNY"),
        ("票价123元1角1分", "123元1角1分", "MONEY", Decimal("123.11"), "CNY"),
        ("收款壹佰捌拾壹圓柒角整", "壹佰捌拾壹圆柒角整", "MONEY", Decimal("181.7"), "TWD"),
        ("共一千二百三十四万五千股", "一千二百三十四万五千股", "QUANTITY", 12345000, "股"),
    ],
)
def test_amounts(
    numbers: NumberExtractor, text: str, span: str, label: str, value: Decimal, unit: str
) -> None:
    number = only(numbers, text)
    assert (number.text, number.label, number.value, number.unit) == (span, label, value, unit)


@pytest.mark.parametrize(
    ("text", "span", "value", "begin", "end"),
    [
        ("2Q24營收", "2Q24", "2024-Q2", "2024-04-01", "2024-07-01"),
        ("1H2025業績", "1H2025", "2025-H1", "2025-01-01", "2025-07-01"),
        ("24年上半年營收", "24年上半年", "2024-H1", "2024-01-01", "2024-07-01"),
        ("25年3月投产", "25年3月", "2025-03", "2025-03-01", "2025-04-01"),
        ("周一至周五開放", "周一至周五", "2025-08-25/2025-08-29", "2025-08-25", "2025-08-30"),
        ("年初至今股價", "年初至今", "2025-01-01/2025-08-29", "2025-01-01", "2025-08-30"),
    ],
)
def test_periods(
    dated: Pipeline, text: str, span: str, value: str, begin: str, end: str
) -> None:
    number = only(dated, text)
    assert (number.text, number.value, number.date_begin, number.date_end) == (
        span, value, begin, end,
    )


@pytest.mark.parametrize(
    ("published", "text", "span", "day"),
    [
        ("2025-02-05", "工厂正月初六开工", "正月初六", "2025-02-03"),
        ("2025-08-29", "農曆八月十五休市", "农历八月十五", "2025-10-06"),
        ("2025-01-20", "臘月廿三起加班", "腊月廿三", "2025-01-22"),
        ("2025-01-20", "除夕夜開獎", "除夕夜", "2025-01-28"),
        ("2025-02-05", "大年初一的票房", "大年初一", "2025-01-29"),
        ("2025-02-05", "2023年闰二月初一", "2023年闰二月初一", "2023-03-22"),
        ("2025-02-05", "三月初三赶集", "三月初三", "2025-03-31"),
        ("2025-12-30", "春運從臘月十五開始", "腊月十五", "2026-02-02"),
    ],
)
def test_days_of_the_lunar_calendar(published: str, text: str, span: str, day: str) -> None:
    numbers = Pipeline(numbers={"published": published})(text).numbers
    assert [(n.text, n.value) for n in numbers if n.label == "DATE"] == [(span, day)]


def test_a_lunar_day_that_its_year_has_not_is_unresolved() -> None:
    doc = Pipeline(numbers={"published": "2025-02-05"})("2025年闰三月初一")
    assert [(n.text, n.value) for n in doc.numbers] == [("2025年闰三月初一", None)]
    assert "2025年闰三月初一" in doc.warnings[0]


def test_a_number_of_years_is_no_year(numbers: NumberExtractor) -> None:
    assert [(n.label, n.value) for n in numbers("成立24年來").numbers] == [("DURATION", "P24Y")]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("投资3至5千亿元", 300_000_000_000, 500_000_000_000),
        ("投资七千到九千亿元", 700_000_000_000, 900_000_000_000),
        ("投资一千到两千万元", 10_000_000, 20_000_000),
        ("投资两到三百元", 200, 300),
        ("投资1万元--5万元", 10_000, 50_000),
        ("投资2——3万元", 20_000, 30_000),
        ("投资500元至1万元", 500, 10_000),
    ],
)
def test_a_scale_said_once_holds_for_both_ends(
    numbers: NumberExtractor, text: str, low: int, high: int
) -> None:
    number = only(numbers, text)
    assert (number.value, number.min, number.max, number.modifier) == (None, low, high, "range")


@pytest.mark.parametrize(
    ("text", "value"),
    [("一千零十", 1010), ("負三億兩千萬", -320_000_000), ("-10.1万", -101_000), ("1万600", 10_600)],
)
def test_parse(text: str, value: int) -> None:
    assert parse(text) == value


@pytest.mark.parametrize("text", ["十一十二", "负", "--3", "十几", "", "公司"])
def test_what_is_no_exact_numeral_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="numeral"):
        parse(text)


def test_a_currency_stated_once_holds_for_what_follows(numbers: NumberExtractor) -> None:
    doc = numbers("騰訊港股上月收報500元。收入1,928.7億元（人民幣，下同），毛利800億元，另有5億港元。")
    money = [(n.text, n.unit) for n in doc.numbers if n.label == "MONEY"]
    assert money[1:] == [("1,928.7亿元", "CNY"), ("800亿元", "CNY"), ("5亿港元", "HKD")]
    assert money[0][1] != "CNY"
    assert doc.numbers[-2].by == "money:amount+unit:stated=CNY"


def test_the_head_of_a_table_is_no_amount_but_names_the_currency(
    numbers: NumberExtractor,
) -> None:
    doc = numbers("單位：億元人民幣\n營收12億元")
    assert [(n.text, n.unit) for n in doc.numbers] == [("12亿元", "CNY")]
