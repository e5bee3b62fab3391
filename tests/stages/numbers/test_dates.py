"""Dates and times in an article published on Monday, 14 April 2025."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import Pipeline
from tests.stages.numbers.one import only


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(numbers={"published": "2025-04-14"})


@pytest.mark.parametrize(
    ("text", "span", "value", "begin", "end"),
    [
        # Days.
        ("工厂于2024年3月15日投产。", "2024年3月15日", "2024-03-15", "2024-03-15", "2024-03-16"),
        ("工厂于2024-03-15投产。", "2024-03-15", "2024-03-15", "2024-03-15", "2024-03-16"),
        ("工厂于4月9日投产。", "4月9日", "2025-04-09", "2025-04-09", "2025-04-10"),
        ("工厂于四月九日投产。", "四月九日", "2025-04-09", "2025-04-09", "2025-04-10"),
        ("工厂于4月9号投产。", "4月9号", "2025-04-09", "2025-04-09", "2025-04-10"),
        ("工厂于2024年2月29日投产。", "2024年2月29日", "2024-02-29", "2024-02-29", "2024-03-01"),
        ("工厂于2024年12月31日投产。", "2024年12月31日", "2024-12-31", "2024-12-31", "2025-01-01"),
        # Months.
        ("工厂于2023年6月投产。", "2023年6月", "2023-06", "2023-06-01", "2023-07-01"),
        ("工厂于2022年12月投产。", "2022年12月", "2022-12", "2022-12-01", "2023-01-01"),
        ("工厂于去年十二月投产。", "去年十二月", "2024-12", "2024-12-01", "2025-01-01"),
        # Quarters, halves, years.
        ("亏损见于2024年的第二季度。", "2024年的第二季度", "2024-Q2", "2024-04-01", "2024-07-01"),
        ("亏损见于2024年第四季度。", "2024年第四季度", "2024-Q4", "2024-10-01", "2025-01-01"),
        ("亏损见于2024年第三季。", "2024年第三季", "2024-Q3", "2024-07-01", "2024-10-01"),
        ("亏损见于2024年上半年。", "2024年上半年", "2024-H1", "2024-01-01", "2024-07-01"),
        ("亏损见于2024年下半年。", "2024年下半年", "2024-H2", "2024-07-01", "2025-01-01"),
        ("工厂于2021年投产。", "2021年", "2021", "2021-01-01", "2022-01-01"),
        ("工厂于二〇二一年投产。", "二〇二一年", "2021", "2021-01-01", "2022-01-01"),
        ("工厂于民国113年投产。", "民国113年", "2024", "2024-01-01", "2025-01-01"),
    ],
)
def test_a_date_covers_days(
    pipeline: Pipeline, text: str, span: str, value: str, begin: str, end: str
) -> None:
    number = only(pipeline, text)
    assert (number.label, number.text, number.value) == ("DATE", span, value)
    assert (number.date_begin, number.date_end) == (begin, end)
    assert number.unit is None


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("今年需求回暖。", "今年", "2025"),
        ("去年需求回暖。", "去年", "2024"),
        ("前年需求回暖。", "前年", "2023"),
        ("明年需求回暖。", "明年", "2026"),
        ("今年一季度需求回暖。", "今年一季度", "2025-Q1"),
        ("去年第四季度需求回暖。", "去年第四季度", "2024-Q4"),
        ("去年下半年需求回暖。", "去年下半年", "2024-H2"),
        ("去年底需求回暖。", "去年底", "2024-12"),
        ("年底需求回暖。", "年底", "2025-12"),
        ("年初需求回暖。", "年初", "2025-01"),
        ("昨日需求回暖。", "昨日", "2025-04-13"),
        ("今天需求回暖。", "今天", "2025-04-14"),
        ("明天需求回暖。", "明天", "2025-04-15"),
        ("上周五需求回暖。", "上周五", "2025-04-11"),
        ("上月需求回暖。", "上月", "2025-03"),
        ("上个月需求回暖。", "上个月", "2025-03"),
        ("本月需求回暖。", "本月", "2025-04"),
        ("上季度需求回暖。", "上季度", "2025-Q1"),
        # Without a year: the one nearest to the publication, looking back.
        ("3月19日需求回暖。", "3月19日", "2025-03-19"),
        ("第一季度需求回暖。", "第一季度", "2025-Q1"),
        ("11月需求回暖。", "11月", "2024-11"),
        ("12月31日需求回暖。", "12月31日", "2024-12-31"),
    ],
)
def test_a_relative_date_counts_from_the_publication(
    pipeline: Pipeline, text: str, span: str, value: str
) -> None:
    number = only(pipeline, text)
    assert (number.label, number.text, number.value) == ("DATE", span, value)


@pytest.mark.parametrize(
    ("text", "span", "value", "begin", "end"),
    [
        ("促销在3月19日至4月9日举行。", "3月19日至4月9日", "2025-03-19/2025-04-09",
         "2025-03-19", "2025-04-10"),
        ("促销在4月3日至9日举行。", "4月3日至9日", "2025-04-03/2025-04-09",
         "2025-04-03", "2025-04-10"),
        ("促销在2024年12月20日至2025年1月5日举行。", "2024年12月20日至2025年1月5日",
         "2024-12-20/2025-01-05", "2024-12-20", "2025-01-06"),
        ("促销在2024年12月20日至1月5日举行。", "2024年12月20日至1月5日",
         "2024-12-20/2025-01-05", "2024-12-20", "2025-01-06"),
        ("促销在2024年3月至6月举行。", "2024年3月至6月", "2024-03/2024-06",
         "2024-03-01", "2024-07-01"),
        ("计划涵盖2021年至2023年。", "2021年至2023年", "2021/2023", "2021-01-01", "2024-01-01"),
    ],
)
def test_a_range_of_dates_is_one_interval(
    pipeline: Pipeline, text: str, span: str, value: str, begin: str, end: str
) -> None:
    number = only(pipeline, text)
    assert (number.label, number.text, number.value) == ("DATE", span, value)
    assert (number.date_begin, number.date_end) == (begin, end)


def test_the_first_three_quarters_are_one_interval(pipeline: Pipeline) -> None:
    number = only(pipeline, "2024年前三季度需求回暖。")
    assert (number.label, number.text) == ("DATE", "2024年前三季度")
    assert "/" in str(number.value)
    assert (number.date_begin, number.date_end) == ("2024-01-01", "2024-10-01")


def test_a_fiscal_quarter_has_no_days_of_its_own(pipeline: Pipeline) -> None:
    number = only(pipeline, "2026财年第二季度需求回暖。")
    assert (number.label, number.text) == ("DATE", "2026财年第二季度")
    assert number.value == "FY2026-Q2"
    assert (number.date_begin, number.date_end) == (None, None)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2024年第三季度营收持平，去年同期增长。", ["2024-Q3", "2023-Q3"]),
        ("2024年11月营收持平，去年同期增长。", ["2024-11", "2023-11"]),
    ],
)
def test_the_same_period_of_the_year_before(
    pipeline: Pipeline, text: str, values: list[str]
) -> None:
    assert [n.value for n in pipeline(text).numbers] == values


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("会议于15:30开始。", "15:30", "T15:30"),
        ("会议于９：０５开始。", "9：05", "T09:05"),
        ("会议于上午9点开始。", "上午9点", "T09:00"),
        ("会议于上午十点半开始。", "上午十点半", "T10:30"),
        ("会议于下午3点半开始。", "下午3点半", "T15:30"),
        ("会议于下午三点半开始。", "下午三点半", "T15:30"),
        ("会议于晚上8点15分开始。", "晚上8点15分", "T20:15"),
        ("会议于凌晨2时开始。", "凌晨2时", "T02:00"),
        ("会议于中午12点开始。", "中午12点", "T12:00"),
    ],
)
def test_time_of_day(pipeline: Pipeline, text: str, span: str, value: str) -> None:
    number = only(pipeline, text)
    assert (number.label, number.text, number.value) == ("TIME", span, value)
    assert (number.date_begin, number.date_end) == (None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4月9日15:30开始。", [("DATE", "2025-04-09"), ("TIME", "T15:30")]),
        ("昨日下午3点半开始。", [("DATE", "2025-04-13"), ("TIME", "T15:30")]),
        ("去年裁员两次，历时3个月。", [("DATE", "2024"), ("CARDINAL", 2), ("DURATION", "P3M")]),
        ("2023年为第三年亏损。", [("DATE", "2023"), ("ORDINAL", 3)]),
    ],
)
def test_dates_beside_other_numbers(
    pipeline: Pipeline, text: str, expected: list[tuple[str, str | int]]
) -> None:
    assert [(n.label, n.value) for n in pipeline(text).numbers] == expected


@pytest.mark.parametrize(
    "text", ["百年老店关门。", "年轻人喜欢露营。", "公司上调年薪。"]
)
def test_what_is_no_date(pipeline: Pipeline, text: str) -> None:
    assert "DATE" not in [n.label for n in pipeline(text).numbers]


DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 30))
NEAR = st.integers(-30, 30).map(lambda days: date(2025, 4, 14) + timedelta(days))


@given(day=DAYS)
def test_a_full_day_reads_back(pipeline: Pipeline, day: date) -> None:
    spellings = [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month:02d}月{day.day:02d}日",
        day.isoformat(),
    ]
    for spelling in spellings:
        number = only(pipeline, f"工厂于{spelling}投产。")
        assert (number.text, number.value) == (spelling, day.isoformat())
        assert number.date_begin == day.isoformat()
        assert number.date_end == (day + timedelta(days=1)).isoformat()


@given(day=NEAR)
def test_a_day_without_year_is_near_the_publication(pipeline: Pipeline, day: date) -> None:
    number = only(pipeline, f"工厂于{day.month}月{day.day}日投产。")
    assert number.value == day.isoformat()


@given(first=DAYS, length=st.integers(1, 300))
def test_a_range_of_days_reads_back(pipeline: Pipeline, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    spelling = "至".join(f"{d.year}年{d.month}月{d.day}日" for d in (first, last))
    number = only(pipeline, f"促销在{spelling}举行。")
    assert (number.text, number.value) == (spelling, f"{first}/{last}")
    assert (number.date_begin, number.date_end) == (f"{first}", f"{last + timedelta(days=1)}")


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_time_reads_back(pipeline: Pipeline, hour: int, minute: int) -> None:
    number = only(pipeline, f"会议于{hour:02d}:{minute:02d}开始。")
    assert (number.label, number.value) == ("TIME", f"T{hour:02d}:{minute:02d}")


@pytest.mark.parametrize(
    ("text", "span", "value", "begin"),
    [
        ("上世纪90年代的厂房翻新。", "上世纪90年代", "199", "1990-01-01"),
        ("九十年代的厂房翻新。", "九十年代", "199", "1990-01-01"),
        ("2010年代投产。", "2010年代", "201", "2010-01-01"),
    ],
)
def test_decades(pipeline: Pipeline, text: str, span: str, value: str, begin: str) -> None:
    found = [(n.text, n.value, n.date_begin) for n in pipeline(text).numbers]
    assert found == [(span, value, begin)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("恒指守住两万点一线。", 20000),
        ("净利润为负20多亿元。", -2000000000),
        ("开了三五家店。", None),
    ],
)
def test_numerals_beside_words(pipeline: Pipeline, text: str, value: int | None) -> None:
    number = pipeline(text).numbers[0]
    assert number.value == value
    if number.min is not None and number.max is not None:
        assert number.min < number.max


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("亏损从11月至2023年2月。", "2022-11/2023-02"),
        ("12月20日至2024年1月5日停产。", "2023-12-20/2024-01-05"),
        ("2024Q3营收。", "2024-Q3"),
        ("今年前两个月。", "2025-01/2025-02"),
        ("2024年第一至第三季度。", "2024-01/2024-09"),
        ("2022年3月5日签约，4月9日交船。", "2022-04-09"),
        ("2023年2月29日投产。", None),
    ],
)
def test_ranges_years_and_days(pipeline: Pipeline, text: str, value: str | None) -> None:
    dates = [n.value for n in pipeline(text).numbers if n.label == "DATE"]
    assert dates[-1] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("凌晨12点半公布。", "T00:30"), ("中午1点收市。", "T13:00"), ("15时30分开会。", "T15:30"),
        ("3点45分开会。", "T03:45"), ("今晚8点直播。", "2025-04-14T20:00"),
    ],
)
def test_times_of_day(pipeline: Pipeline, text: str, value: str) -> None:
    assert [n.value for n in pipeline(text).numbers] == [value]
