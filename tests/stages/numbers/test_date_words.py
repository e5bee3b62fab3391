"""Dates of several words, festivals, ranges and lists, in an article of Monday, 14 April 2025."""

import re
from datetime import date
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import NumberExtractor, Pipeline
from pipeline.errors import ResourceError
from pipeline.resources import Resources
from pipeline.stages.numbers.dates.festivals import Festivals, nth_weekday
from pipeline.stages.numbers.dates.words import Words
from pipeline.stages.numbers.lunar import solar_spans


@pytest.fixture(scope="module")
def april() -> NumberExtractor:
    return Pipeline(numbers={"published": "2025-04-14"}).stages[3]  # type: ignore[return-value]


def dates(annotate: NumberExtractor, text: str) -> list[tuple[str, object]]:
    return [(n.text, n.value) for n in annotate(text).numbers if n.label in ("DATE", "TIME")]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        # Each word narrows the one before it.
        ("新厂于明年七月第2周试产。", "明年七月第2周", "2026-W29"),
        ("新厂于今年第三十周试产。", "今年第三十周", "2025-W30"),
        ("新厂于9月下旬试产。", "9月下旬", "2025-09-21/2025-09-30"),
        ("新厂于去年2月中下旬试产。", "去年2月中下旬", "2024-02-11/2024-02-29"),
        ("新厂于3月底试产。", "3月底", "2025-03"),
        ("新厂于去年四季度末试产。", "去年四季度末", "2024-12"),
        ("新厂于上季度初试产。", "上季度初", "2025-01"),
        ("新厂于5月第一个周二试产。", "5月第一个周二", "2025-05-06"),
        ("新厂于5月最后一个周五试产。", "5月最后一个周五", "2025-05-30"),
        ("新厂于上月最后三天停工。", "上月最后三天", "2025-03-29/2025-03-31"),
        ("新厂于2024年秋季试产。", "2024年秋季", "2024-FA"),
        ("新厂于2024年前七个月停工。", "2024年前七个月", "2024-01/2024-07"),
        ("新厂于上上个月试产。", "上上个月", "2025-02"),
        ("新厂于下下周三试产。", "下下周三", "2025-04-30"),
        ("新厂于本周末试产。", "本周末", "2025-W16-WE"),
        ("新厂于月底试产。", "月底", "2025-04"),
        ("新厂于大前天试产。", "大前天", "2025-04-11"),
        ("新厂于大后天试产。", "大后天", "2025-04-17"),
        ("新厂于五八年投产。", "五八年", "1958"),
        ("新厂于民国八十九年投产。", "民国八十九年", "2000"),
        ("新厂于1937年投产。", "1937年", "1937"),
        ("十九世纪的铁路。", "十九世纪", "18"),
        ("上世纪六十年代末期的铁路。", "上世纪六十年代末期", "196"),
        ("今明两年减产。", "今明两年", "2025/2026"),
        ("公告于20250307发出。", "20250307", "2025-03-07"),
        ("公告于2025 03 07发出。", "2025 03 07", "2025-03-07"),
        ("公告于2025.03.07发出。", "2025.03.07", "2025-03-07"),
        ("法說會（3/28）登場。", "3/28", "2025-03-28"),
        # The lunar calendar.
        ("工厂在腊月廿三停工。", "腊月廿三", "2025-01-22"),
        ("工厂在农历闰六月停工。", "农历闰六月", "2025-07-25/2025-08-22"),
        ("工厂在农历2015年十月初一停工。", "农历2015年十月初一", "2015-11-12"),
        ("工厂在八月十五前停工。", "八月十五", "2025-10-06"),
        ("工厂自二〇〇四年八月十五至今停工。", "二〇〇四年八月十五至今", "2004-08-15/2025-04-14"),
    ],
)
def test_words_narrow_one_another(
    april: NumberExtractor, text: str, span: str, value: str
) -> None:
    assert dates(april, text) == [(span, value)]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("春节前备货。", "春节", "2025-01-29"),
        ("去年春节客流回升。", "去年春节", "2024-02-10"),
        ("中秋假期客流回升。", "中秋", "2025-10-06"),
        ("清明期间客流回升。", "清明", "2025-04-04"),
        ("感恩节后降价。", "感恩节", "2024-11-28"),
        ("截至去年双十一，库存见底。", "去年双十一", "2024-11-11"),
        ("2026年端午出游。", "2026年端午", "2026-06-19"),
    ],
)
def test_a_festival_that_says_when_is_a_date(
    april: NumberExtractor, text: str, span: str, value: str
) -> None:
    document = april(text)
    assert dates(april, text) == [(span, value)]
    # One span has one reading: it is no event then.
    assert "EVENT" not in [entity.label for entity in document.entities]


def test_a_festival_that_says_what_is_an_event(april: NumberExtractor) -> None:
    assert dates(april, "双十一成交额持平。") == []


def test_numerals_that_are_festivals_need_more(april: NumberExtractor) -> None:
    assert dates(april, "合计十一款新车。") == []
    assert dates(april, "十一月中旬开售。") == [("十一月中旬", "2024-11-11/2024-11-20")]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("展期自2024年11月起至下月9号止。", "2024年11月起至下月9号", "2024-11/2025-05-09"),
        ("前年11月到去年3月停产。", "前年11月到去年3月", "2023-11/2024-03"),
        ("4月上旬至5月中旬停产。", "4月上旬至5月中旬", "2025-04-01/2025-05-20"),
        ("上周三至本周二停产。", "上周三至本周二", "2025-04-09/2025-04-15"),
        ("2023年5月至今停产。", "2023年5月至今", "2023-05/2025-04-14"),
        ("去年春节到元宵节停产。", "去年春节到元宵节", "2024-02-10/2024-02-24"),
        ("3月5日至8日停产。", "3月5日至8日", "2025-03-05/2025-03-08"),
        ("3月5-8日停产。", "3月5-8日", "2025-03-05/2025-03-08"),
    ],
)
def test_the_end_of_a_range_takes_what_it_lacks_from_the_beginning(
    april: NumberExtractor, text: str, span: str, value: str
) -> None:
    assert dates(april, text) == [(span, value)]


def test_until_now_needs_a_publication(numbers: NumberExtractor) -> None:
    assert dates(numbers, "2023年5月至今停产。") == [("2023年5月", "2023-05")]


def test_a_list_gives_its_month_to_the_days_that_follow(april: NumberExtractor) -> None:
    assert dates(april, "2月3日、5日和7日休市。") == [
        ("2月3日", "2025-02-03"), ("5日", "2025-02-05"), ("7日", "2025-02-07"),
    ]  # fmt: skip
    assert dates(april, "2月3号，4号休市。") == [("2月3号", "2025-02-03"), ("4号", "2025-02-04")]


@pytest.mark.parametrize(
    ("text", "weekday"),
    [("4月3日（周四）开会。", "周四"), ("周四（4月3日）开会。", "周四"), ("4月3日星期四开会。", "星期四")],
)
def test_a_weekday_beside_a_day_is_that_day(
    april: NumberExtractor, text: str, weekday: str
) -> None:
    assert dict(dates(april, text))[weekday] == "2025-04-03"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("直播于上午9:00～11:30进行。", ["T09:00/T11:30"]),
        ("直播于下午5:00到6:30进行。", ["T17:00/T18:30"]),
        ("直播于早上五到六点进行。", ["T05:00/T06:00"]),
        ("直播于17时55分23秒开始。", ["T17:55:23"]),
        ("直播于下午三点一刻开始。", ["T15:15"]),
        ("直播于晚上九点零九开始。", ["T21:09"]),
        ("直播于2:30 pm开始。", ["T14:30"]),
        ("直播至晚上12点。", ["T24:00"]),
        ("直播于明晚8点开始。", ["2025-04-15T20:00"]),
        ("直播于4月9日十点开始。", ["2025-04-09", "T10:00"]),
    ],
)
def test_times_of_day(april: NumberExtractor, text: str, values: list[str]) -> None:
    assert [value for _, value in dates(april, text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "指数上涨十点。", "提出五点意见。", "比分3:2。", "按1:4拆股。", "这一点很重要。",
        "马上一年半过去。", "中国学者发言。", "本周三只新股上市。", "年会上表示。", "他18周岁。",
    ],
)  # fmt: skip
def test_what_is_no_date_or_time(april: NumberExtractor, text: str) -> None:
    assert [t for t, _ in dates(april, text)] in ([], ["本周"])


def test_the_clock_of_another_zone_is_the_cue(april: NumberExtractor) -> None:
    [day, time] = april("美东时间4月9日下午4时公布。").numbers
    assert (day.value, time.value, time.cue) == ("2025-04-09", "T16:00", "美东时间")


def test_by_names_the_words(april: NumberExtractor) -> None:
    [number] = april("明年七月第2周试产。").numbers
    assert number.by == "date:year+month+week"


@given(day=st.dates(date(1990, 1, 1), date(2049, 12, 31)))
def test_a_day_reads_the_same_in_every_style(april: NumberExtractor, day: date) -> None:
    digits = str.maketrans("0123456789", "〇一二三四五六七八九")
    chinese = ["", *"一二三四五六七八九十"]
    tens = ["", "十", "二十", "三十"]

    def words(n: int) -> str:
        return str(chinese[n] if n <= 10 else tens[n // 10] + chinese[n % 10])

    year = str(day.year)
    for text in (
        f"{year}/{day.month}/{day.day}",
        f"{year}.{day.month:02d}.{day.day:02d}",
        f"{year.translate(digits)}年{words(day.month)}月{words(day.day)}日",
        f"民国{day.year - 1911}年{day.month}月{day.day}日",
    ):
        assert dates(april, f"工厂于{text}投产。") == [(text, day.isoformat())]


@given(day=st.dates(date(1950, 1, 1), date(2049, 12, 31)), nth=st.integers(1, 4))
def test_the_nth_weekday_lies_in_its_week_of_the_month(day: date, nth: int) -> None:
    found = nth_weekday(day.year, day.month, nth, day.isoweekday())
    assert found.isoweekday() == day.isoweekday()
    assert (found.day - 1) // 7 == nth - 1


@given(year=st.integers(1950, 2060))
def test_lunar_months_follow_one_another(year: int) -> None:
    months = [solar_spans(f"{m}月", range(year, year + 1))[0] for m in range(1, 13)]
    for (_, last), (first, _) in pairwise(months):
        # A leap month may lie between them.
        assert (first - last).days in (1, 30, 31)


def test_a_festival_without_a_day_is_an_error(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("resources")
    (folder / "numbers").mkdir()
    packaged = (Resources().roots[0] / "numbers/dates.toml").read_text(encoding="utf-8")
    (folder / "numbers/dates.toml").write_text(
        packaged.replace('"元旦" = "01-01"', '"元旦" = "first"'), encoding="utf-8"
    )
    with pytest.raises(ResourceError, match=r"元旦.*first"):
        Festivals(Resources(folder))


@pytest.mark.parametrize("char", ["1", "一", "月", "年", "周", "十", "至", "第", ":", "(", "日"])
def test_time_grows_with_length_only(april: NumberExtractor, char: str) -> None:
    start = perf_counter()
    april(char * 20_000)
    assert perf_counter() - start < 20


FESTIVALS = Festivals(Resources())
DATE_WORDS = Words(FESTIVALS.pattern, FESTIVALS.beginnings)


@given(
    st.lists(
        st.sampled_from(
            ["0", "1", "2", "3", "9", "12", "20", "25", "2024", "20240307", "1990", "一", "二", "五", "十", "两", "零", "年", "月", "日", "号", "周", "星期", "礼拜", "季度", "季", "半年", "财年", "世纪", "年代", "旬", "初", "底", "末", "中", "上", "下", "本", "当", "这", "同", "今", "昨", "明", "前", "后", "大", "去", "翌", "次", "隔", "个", "首", "末", "最后", "第", "晚", "天", "期", "农历", "正", "腊", "闰", "除夕", "民国", "元旦", "春节", "双", "五一", "秋", "暑假", "Q", "H", "FY", "/", "-", ".", "至", "到", "、", "，", "。", "(", "）", "\n"]
        ),
        max_size=12,
    ).map("".join)
)
def test_no_first_word_of_a_date_is_passed_over(text: str) -> None:
    """`heads` are where `at` finds a word, but for digits and letters behind such ones."""
    heads = set(DATE_WORDS.heads(text))
    for position in range(len(text)):
        inside = re.match("[0-9A-Za-z]{2}", text[max(0, position - 1) :]) and position > 0
        if DATE_WORDS.at(text, position) and not inside:
            assert position in heads, text[position:]


@pytest.mark.parametrize(
    "word",
    [
        "2024财年第三财季", "FY2026Q1", "Q1FY26", "本月11号", "20世纪90年代", "上个世纪末", "正月初六", "农历八月",
        "3日至8日", "今(14)日", "2024-03-07", "2024 03 07", "20240307", "2024.03.07", "3月份5日-8日",
        "1-5月", "前三个月", "去年同期", "09-01 20:01", "4/14(一)", "2Q24", "年初至今", "2016-2018",
        "今明两年", "二〇二五年", "民国114年", "05 年", "八五年", "前三季度", "第一至第三季度", "首个季度", "最后一个季度", "上半年",
        "H1", "春季", "岁末", "月底", "上上周三", "下个月", "这一季度", "周一至周五", "大前天", "翌日", "15日", "2025，",
        "双十一", "元月", "大年初一", "除夕", "闰六月", "上一年",
    ],
)  # fmt: skip
def test_every_kind_of_word_has_a_head(word: str) -> None:
    assert DATE_WORDS.at(word, 0) is not None
    assert 0 in DATE_WORDS.heads(word)
