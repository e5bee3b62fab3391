"""What each word of a date says, as a TIMEX3 value.

A reader gets the word and what stands before it: the value of the coarser words (2024 before
七月), or, where there are none, what the clock knows.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from pipeline.stages.header import complete
from pipeline.stages.numbers import timex
from pipeline.stages.numbers.clock import Clock
from pipeline.stages.numbers.dates.festivals import Festivals, nth_weekday
from pipeline.stages.numbers.dates.words import TO
from pipeline.stages.numbers.lunar import CALENDAR, solar_spans
from pipeline.stages.numbers.numerals import parse_numeral

_RELATIVE_YEARS = {
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "这一年": 0,
    "去年": -1,
    "上年": -1,
    "上年度": -1,
    "上一年": -1,
    "前年": -2,
    "大前年": -3,
    "明年": 1,
    "后年": 2,
    "大后年": 3,
}
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
DAYS = {
    "今日": 0,
    "今天": 0,
    "今早": 0,
    "今晨": 0,
    "今晚": 0,
    "今": 0,
    "昨日": -1,
    "昨天": -1,
    "昨晚": -1,
    "昨夜": -1,
    "昨": -1,
    "前日": -2,
    "前天": -2,
    "前": -2,
    "明日": 1,
    "明天": 1,
    "明晚": 1,
    "明早": 1,
    "明": 1,
    "后天": 2,
}
_SEASONS = {"春": "SP", "夏": "SU", "秋": "FA", "冬": "WI"}
_SHORT_YEAR_TURN = 50
_NOT_OF_YEAR = re.compile(r"中华|民国|年|度|\s")
_PLAIN_YEAR = re.compile("[0-9]{4}年?")
_CALENDAR = re.compile(CALENDAR)


class Before(NamedTuple):
    """What a word can build on.

    Attributes:
        value: the value of the coarser words before it in the same date, or None.
        stated: whether there are such words; `value` is None if they cannot be resolved.
        given: the value of the other end of the range, or of the list's item before it.
        year: the word of the year before it, or "".
        clock, at: the article's clock and the position of the date.
    """

    clock: Clock
    at: int
    value: str | None = None
    stated: bool = False
    given: str | None = None
    year: str = ""

    def year_of_period(self, month: int) -> int | None:
        """The year of a period that begins in a month."""
        if self.stated:
            return self._year_stated()
        if self.given is not None:
            return int(self.given[:4])
        return self.clock.year_of_period(month, self.at)

    def year_of_day(self, month: int, day: int) -> int | None:
        """The year of a day."""
        if self.stated:
            return self._year_stated()
        if self.given is not None:
            return int(self.given[:4])
        return self.clock.year_of_day(month, day, self.at)

    def current_year(self) -> int | None:
        """The year of a date that says nothing of it: 年末."""
        if self.stated:
            return self._year_stated()
        if self.given is not None:
            return int(self.given[:4])
        return self.clock.current_year(self.at)

    def month(self) -> tuple[int, int] | None:
        """Year and month of the value before, else of the publication."""
        value = self.value if self.stated else None
        if not self.stated and self.clock.published is not None:
            value = self.clock.published.isoformat()
        if value is None or not re.match(r"\d{4}-\d\d", value):
            return None
        return int(value[:4]), int(value[5:7])

    def is_lunar(self) -> bool:
        """Whether the year names the lunar calendar: 农历2015年."""
        return _CALENDAR.match(self.year) is not None

    def _year_stated(self) -> int | None:
        return int(self.value[:4]) if self.value else None


Reader = Callable[[str, Before], str | None]


def number(text: str) -> int:
    """The value of an exact numeral; 元 is the first month."""
    if text == "元":
        return 1
    value = parse_numeral(text).value
    assert value is not None, "the patterns of the words hold exact numerals only"
    return int(value)


def _month_text(year: int, month: int) -> str:
    return f"{year:04d}-{month:02d}"


def _shifted(year: int, month: int, offset: int) -> str:
    months = 12 * year + month - 1 + offset
    return _month_text(months // 12, months % 12 + 1)


def _interval(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first}/{last}"


def _year(text: str, before: Before) -> str | None:
    if _PLAIN_YEAR.fullmatch(text):
        return text[:4]
    text = _CALENDAR.sub("", text)
    year: int | None
    if text in _RELATIVE_YEARS:
        year = before.clock.relative_year(_RELATIVE_YEARS[text])
    elif text in ("翌年", "次年", "隔年", "当年", "同年"):
        year = before.clock.current_year(before.at)
        if year is not None:
            year += text not in ("当年", "同年")
    else:
        digits = _NOT_OF_YEAR.sub("", text)
        if "民国" in text:
            year = number(digits) + 1911
        else:
            year = number(digits)
            if len(digits) == 2:
                century = 2000 if before.clock.published is None else _century(before.clock)
                year += century if year < _SHORT_YEAR_TURN else century - 100
    return None if year is None else f"{year:04d}"


def _century(clock: Clock) -> int:
    assert clock.published is not None, "the caller checks"
    # 98年 in an article of 1997 is 1998, 25年 in one of 1999 is 2025.
    return 100 * ((clock.published.year + _SHORT_YEAR_TURN) // 100)


def _years(text: str, before: Before) -> str | None:
    """2016-2018; two numbers that do not rise are no years."""
    first, last = re.findall(r"\d{4}", text)
    return f"{first}/{last}" if first < last else None


def _two_years(text: str, before: Before) -> str | None:
    year = before.clock.relative_year(0)
    first = -1 if text.startswith("去") else 0
    return None if year is None else f"{year + first:04d}/{year + first + 1:04d}"


def _bare_year(text: str, before: Before) -> str | None:
    return text


def _decade(text: str, before: Before) -> str | None:
    """90年代 is 199, 2010年代 201: the century that is not ahead of us, unless it is stated."""
    century_text, _, digits = re.sub("年代.*", "", text).rpartition("世纪")
    tens = number(digits)
    if tens >= 1000:
        return f"{tens // 10:03d}"
    if century_text:
        century = _century_number(century_text, before.clock)
        return None if century is None else f"{century}{tens // 10}"
    return f"{19 if tens >= 30 else 20}{tens // 10}"


def _century_value(text: str, before: Before) -> str | None:
    """18世纪 is 17, its years begin with that."""
    century = _century_number(text.partition("世纪")[0], before.clock)
    return None if century is None else f"{century:02d}"


def _century_number(text: str, clock: Clock) -> int | None:
    if text[0] in "上本":
        # Articles of this century speak of the last one as 上世纪.
        year = clock.published.year if clock.published else 2000
        return year // 100 - (text[0] == "上")
    return number(text) - 1


def _iso(text: str, before: Before) -> str | None:
    parts = (
        re.split(r"[-/. ]", text)
        if len(text) != 8 or not text.isdigit()
        else (text[:4], text[4:6], text[6:])
    )
    year, month, day = map(int, parts)
    return f"{year:04d}-{month:02d}-{day:02d}"


def _month_day(text: str, before: Before) -> str | None:
    month_text, _, day_text = text.partition("月")
    if before.is_lunar():
        return _lunar_in_year(text, before)
    month, day = number(month_text), number(day_text.removeprefix("份").rstrip("日号"))
    year = before.year_of_day(month, day)
    return None if year is None else f"{year:04d}-{month:02d}-{day:02d}"


def _short_date(text: str, before: Before) -> str | None:
    """09-01 before a time of day, 4/14."""
    return _month_day(re.sub("[-/]", "月", text).rstrip("日"), before)


def _days(text: str, before: Before) -> str | None:
    first_text, last_text = re.split(TO, text, maxsplit=1)
    first = _month_day(first_text, before)
    return None if first is None else f"{first}/{first[:8]}{number(last_text.rstrip('日号')):02d}"


def _month(text: str, before: Before) -> str | None:
    if before.is_lunar():
        return _lunar_in_year(text, before)
    month = number(text.partition("月")[0])
    year = before.year_of_period(month)
    return None if year is None else _month_text(year, month)


def _months(text: str, before: Before) -> str | None:
    """1-5月, 11月至次年2月 without the year: one that turns the year ends in the next one."""
    first_text, last_text = re.split(TO, text, maxsplit=1)
    first, last = number(first_text), number(last_text.partition("月")[0])
    year = before.year_of_period(first)
    if year is None:
        return None
    return f"{_month_text(year, first)}/{_month_text(year + (last < first), last)}"


def _first_months(text: str, before: Before) -> str | None:
    count = number(text.strip("前首个月") or "一")
    year = before.current_year()
    if year is None:
        return None
    first = _month_text(year, 1)
    return first if count == 1 else f"{first}/{_month_text(year, count)}"


def _year_before(text: str, before: Before) -> str | None:
    """去年同期: the period that the passage speaks of, a year earlier."""
    if before.clock.last_period is not None:
        return timex.shift_years(before.clock.last_period, -1)
    year = before.clock.relative_year(-1)
    return None if year is None else f"{year:04d}"


def _quarters(text: str, before: Before) -> str | None:
    """前三季度, 第一至第三季度: an interval of months."""
    digits = re.findall("[1-4一二两三四]", text)
    first = 1 if text[0] in "前首" else number(digits[0])
    last = number(digits[-1])
    year = before.year_of_period(3 * first - 2)
    if year is None:
        return None
    return f"{_month_text(year, 3 * first - 2)}/{_month_text(year, 3 * last)}"


def _quarter(text: str, before: Before) -> str | None:
    if text.startswith("首"):
        quarter = 1
    elif text.startswith(("末", "最后")):
        quarter = 4
    else:
        quarter = number(next(char for char in text if char in "1234一二三四"))
    year = before.year_of_period(3 * quarter - 2)
    return None if year is None else f"{year:04d}-Q{quarter}"


def _half(text: str, before: Before) -> str | None:
    half = 1 if text[0] == "上" or text[-1] == "1" else 2
    year = before.year_of_period(6 * half - 5)
    return None if year is None else f"{year:04d}-H{half}"


def _season(text: str, before: Before) -> str | None:
    year = before.current_year()
    if year is None:
        return None
    if text == "暑假":
        return f"{year:04d}-07/{year:04d}-08"
    if text == "寒假":
        return None
    return f"{year:04d}-{_SEASONS[text[0]]}"


def _part(text: str, before: Before) -> str | None:
    """年初, 年中, 年底: the year with its first, middle or last month."""
    year = before.current_year()
    month = {"初": 1, "中": 6}.get(text[-1], 12)
    return None if year is None else _month_text(year, month)


def _end_of(text: str, before: Before) -> str | None:
    """初, 底 behind a year or quarter: its first or last month."""
    if before.value is None:
        return None
    if "Q" not in before.value:
        return _part(text, before)
    begin, end = timex.bounds(before.value)
    month = begin if text == "初" else end - timedelta(days=1)
    return _month_text(month.year, month.month)


def _month_part(text: str, before: Before) -> str | None:
    """月底, 月初: the month of the publication."""
    month = before.month()
    return None if month is None else _month_text(*month)


def _tenday(text: str, before: Before) -> str | None:
    """上旬 is the 1st to the 10th, 中旬 the 11th to the 20th, 下旬 the rest; 中下旬 is both."""
    month = before.month()
    if month is None:
        return None
    first = {"上": 1, "中": 11, "下": 21}[text[0]]
    last = {"上": 10, "中": 20}.get(text[-2], _length(month))
    return _interval(date(*month, first), date(*month, last))


def _length(month: tuple[int, int]) -> int:
    return calendar.monthrange(*month)[1]


def _beginning(text: str, before: Before) -> str | None:
    """3月初, 3月底: the month; how many days of it are meant, nobody says."""
    return before.value


def _week(text: str, before: Before) -> str | None:
    """第2周 of a year by ISO 8601; of a month, counted from its first Monday."""
    if before.value is None:
        return None
    digits = re.sub("[第个首周星期礼拜]", "", text) or "一"
    if len(before.value) == 4:
        return None if digits == "最后一" else f"{before.value}-W{number(digits):02d}"
    year, month = int(before.value[:4]), int(before.value[5:7])
    if digits == "最后一":
        monday = date(year, month, _length((year, month))) - timedelta(days=6)
        monday += timedelta(days=(1 - monday.isoweekday()) % 7)
    else:
        monday = nth_weekday(year, month, number(digits), 1)
    return _week_text(monday)


def _week_text(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _weekday_of(text: str, before: Before) -> str | None:
    """八月的第一个周二."""
    month = before.month()
    if month is None:
        return None
    weekday = _WEEKDAYS[text[-1]]
    if text.startswith("最后"):
        last = date(*month, _length(month))
        return (last - timedelta(days=(last.isoweekday() - weekday) % 7)).isoformat()
    nth = number(re.sub("[第个首]|(?:周|星期|礼拜).", "", text) or "一")
    return nth_weekday(*month, nth, weekday).isoformat()


def _first_days(text: str, before: Before) -> str | None:
    """4月前4天, 上月最后五天, 2025年第一天."""
    if before.value is None:
        return None
    begin, end = timex.bounds(before.value)
    count = timedelta(days=number(re.sub("[前首最后第天日]", "", text) or "一"))
    first = end - count if text.startswith("最后") else begin
    return _interval(first, first + count - timedelta(days=1))


def _weekday(text: str, before: Before) -> str | None:
    """周三 is the last such day up to the publication."""
    day = _weekday_in_week(_WEEKDAYS[text[-1]], "", before.clock)
    return None if day is None else day.isoformat()


def _weekday_in_week(weekday: int, week: str, clock: Clock) -> date | None:
    if clock.published is None:
        return None
    day = clock.published + timedelta(days=weekday - clock.published.isoweekday())
    if not week:
        return day - timedelta(days=7 * (day > clock.published))
    return day + timedelta(days=7 * _weeks(week))


def _weeks(text: str) -> int:
    """上周 -1, 下下周 2, 本周 0."""
    return 0 - text.count("上") + text.count("下")


def _relative_week(text: str, before: Before) -> str | None:
    """上周三, 下周, 本周末."""
    if before.clock.published is None:
        return None
    last = text[-1]
    if last == "末":
        day = before.clock.published + timedelta(days=7 * _weeks(text))
        return f"{_week_text(day)}-WE"
    if last in _WEEKDAYS:
        found = _weekday_in_week(_WEEKDAYS[last], text, before.clock)
        return None if found is None else found.isoformat()
    return _week_text(before.clock.published + timedelta(days=7 * _weeks(text)))


def _weekdays(text: str, before: Before) -> str | None:
    """周一至周五: the second day is the next such day after the first."""
    first_text, last_text = re.split(TO, text, maxsplit=1)
    weekday = _WEEKDAYS[first_text[-1]]
    week = first_text[0] if first_text[0] in "上本下这" else ""
    first = _weekday_in_week(weekday, week, before.clock)
    if first is None:
        return None
    return f"{first}/{first + timedelta(days=(_WEEKDAYS[last_text[-1]] - weekday) % 7)}"


def _lunar(text: str, before: Before) -> str | None:
    """正月初六 in the year that is stated, else the one nearest to the publication."""
    if before.stated or before.given:
        return _lunar_in_year(text, before)
    clock = before.clock
    around = clock.published.year if clock.published else clock.current_year(before.at)
    if around is None:
        return None
    spans = solar_spans(text, range(around - 1, around + 2))
    if clock.published is None:
        spans = [span for span in spans if span[0].year == around]
    if not spans:
        return None
    published = clock.published
    return _interval(
        *min(spans, key=lambda span: abs(span[0] - published) if published else timedelta(0))
    )


def _lunar_in_year(text: str, before: Before) -> str | None:
    year = before.current_year()
    spans = [] if year is None else solar_spans(text, range(year, year + 1))
    return _interval(*spans[0]) if spans else None


def _day_without_sign(text: str, before: Before) -> str | None:
    """八月十五 is the lunar day, unless the year is written out: 二〇〇四年八月十五."""
    if before.value is None:
        return None
    year, month = before.value[:4], before.value[5:7]
    if before.year and before.year not in _RELATIVE_YEARS:
        return f"{year}-{month}-{number(text):02d}"
    clock_free = Before(before.clock, before.at, year, bool(before.year), before.given)
    return _lunar(f"{int(month)}月{text}", clock_free)


def _short_part(text: str, before: Before) -> str | None:
    """2Q24 is 2024-Q2, 1H25 2025-H1."""
    return f"20{text[-2:]}-{text[1]}{text[0]}"


def _to_date(text: str, before: Before) -> str | None:
    """年初至今: from the first of January to the publication."""
    day = before.clock.published
    return None if day is None else f"{day.year:04d}-01-01/{day.isoformat()}"


def _relative_month(text: str, before: Before) -> str | None:
    """上月, 下下个月: counted from the publication; 上月 also from a month of its sentence."""
    clock = before.clock
    last = clock.last_in_sentence(before.at)
    if text in ("上月", "上个月", "同月", "当月") and last and re.fullmatch(r"\d{4}-\d\d", last):
        return _shifted(int(last[:4]), int(last[5:]), -text.count("上"))
    if clock.published is None:
        return None
    return _shifted(clock.published.year, clock.published.month, _weeks(text))


def _relative_quarter(text: str, before: Before) -> str | None:
    if before.clock.published is None:
        return None
    published = before.clock.published
    quarters = 4 * published.year + (published.month - 1) // 3 + _weeks(text)
    return f"{quarters // 4:04d}-Q{quarters % 4 + 1}"


def _relative_day(text: str, before: Before) -> str | None:
    clock = before.clock
    if text in ("当日", "当天", "次日", "翌日", "隔日", "隔天"):
        later = timedelta(days=text in ("次日", "翌日", "隔日", "隔天"))
        if clock.last is not None and re.fullmatch(r"\d{4}-\d\d-\d\d", clock.last):
            return (date.fromisoformat(clock.last) + later).isoformat()
        if later:
            return None
        return clock.published.isoformat() if clock.published else None
    if clock.published is None:
        return None
    # Each 大 is a day more: 大后天.
    more = text.count("大")
    days = DAYS[text[more:]]
    return (clock.published + timedelta(days=days + (more if days > 0 else -more))).isoformat()


def _day_of_month(text: str, before: Before) -> str | None:
    """本月7日, 上月26日."""
    month_text, _, day_text = text.partition("月")
    month = _relative_month(month_text + "月", before)
    return None if month is None else f"{month}-{number(day_text.rstrip('日号')):02d}"


def _bracketed_day(text: str, before: Before) -> str | None:
    """昨（17）日: the day in brackets, in the month of the day before the publication."""
    published = before.clock.published
    if published is None:
        return None
    near = published + timedelta(days=DAYS[text[0]])
    resolved = complete(near.month, int(re.sub(r"\D", "", text)), near.year)
    return resolved.isoformat() if resolved else None


def _fiscal(text: str, before: Before) -> str | None:
    """2026财年第一季度 is FY2026-Q1; which days those are, the company decides."""
    year = re.search(r"(?:20)?\d\d(?=财年|财政|会计|Q|H|$)", re.sub(r"^Q[1-4]", "", text))
    if year is None:
        return None
    part = re.search(r"[QH]([1-4])|([一二三四1-4])(?:财季|季)|([上下])半年", text)
    suffix = ""
    if part is not None:
        if part[3]:
            suffix = "-H1" if part[3] == "上" else "-H2"
        elif part[0][0] in "QH":
            suffix = f"-{part[0]}"
        else:
            suffix = f"-Q{number(part[2])}"
    return f"FY{year[0] if len(year[0]) == 4 else '20' + year[0]}{suffix}"


def _day(text: str, before: Before) -> str | None:
    """11号 in the month of the range or list that it stands in."""
    if before.given is None or not re.match(r"\d{4}-\d\d-", before.given):
        return None
    return f"{before.given[:8]}{number(text.rstrip('日号')):02d}"


def _day_alone(text: str, before: Before) -> str | None:
    """15日: in the month of the publication or the one before it, whichever is not ahead."""
    published = before.clock.published
    if before.given is not None:
        return _day(text, before)
    if published is None:
        return None
    day = number(text.rstrip("日号"))
    month: date = published.replace(day=1)
    while day > _length((month.year, month.month)) or month.replace(day=day) > published:
        month = (month - timedelta(days=1)).replace(day=1)
    return month.replace(day=day).isoformat()


def _day_range(text: str, before: Before) -> str | None:
    """19日至21日, in one month."""
    first, last = re.split(TO, text, maxsplit=1)
    begin = _day_alone(f"{number(first.rstrip('日'))}日", before)
    return begin and f"{begin}/{begin[:8]}{number(last.rstrip('日号')):02d}"


def readers(festivals: Festivals) -> dict[str, Reader]:
    """The reader of each word, by its name."""

    def festival(text: str, before: Before) -> str | None:
        """春节 in the year that is stated, else the one nearest to the publication."""
        published = before.clock.published
        if not before.stated and before.given is None and published is not None:
            days = [festivals.day(text, published.year + offset) for offset in (-1, 0, 1)]
            return min(days, key=lambda day: abs(day - published)).isoformat()
        year = before.current_year()
        return None if year is None else festivals.day(text, year).isoformat()

    return {
        "bare_year": _bare_year,
        "beginning": _beginning,
        "bracketed_day": _bracketed_day,
        "century": _century_value,
        "day": _day,
        "day_alone": _day_alone,
        "day_of_month": _day_of_month,
        "day_range": _day_range,
        "day_without_sign": _day_without_sign,
        "days": _days,
        "decade": _decade,
        "festival": festival,
        "first_days": _first_days,
        "first_months": _first_months,
        "fiscal": _fiscal,
        "half": _half,
        "iso": _iso,
        "lunar": _lunar,
        "month": _month,
        "month_day": _month_day,
        "month_part": _month_part,
        "months": _months,
        "part": _part,
        "quarter": _quarter,
        "quarters": _quarters,
        "relative_day": _relative_day,
        "relative_month": _relative_month,
        "relative_quarter": _relative_quarter,
        "relative_week": _relative_week,
        "season": _season,
        "short_date": _short_date,
        "short_part": _short_part,
        "tenday": _tenday,
        "to_date": _to_date,
        "two_years": _two_years,
        "week": _week,
        "weekday": _weekday,
        "weekday_of": _weekday_of,
        "weekdays": _weekdays,
        "year": _year,
        "year_before": _year_before,
        "year_end": _end_of,
        "years": _years,
    }
