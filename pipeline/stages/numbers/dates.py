"""Dates, times of day and their TIMEX3 values.

One pattern finds the stretches; `_RULES` names what each of them is, and reads its parts again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.stages.header import complete
from pipeline.stages.numbers import timex
from pipeline.stages.numbers.clock import Clock
from pipeline.stages.numbers.lunar import LUNAR_DAY, solar_days
from pipeline.stages.numbers.numerals import parse_numeral

_YEAR = (
    r"(?:(?:19|20)\d\d年度?|[一二][零〇○一二三四五六七八九]{3}年|(?:中华)?民国\s?(?:\d{2,3}|[一二三四五六七八九十百零〇]{2,6})年|今年|去年|明年|前年|后年"
    r"|上年|当年|同年|本年度?|翌年|次年|隔年"
    # 24年上半年: two digits only before a part of the year.
    r"|(?<![\d.])[0-3]\d年(?=的?(?:[上下]半年|第?[一二三四]季|Q[1-4]|H[12]|(?:1[0-2]|[1-9])月(?!龄|大)|[底末初])))"
)
_MONTH_NUMBER = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元)"
_MONTH = rf"{_MONTH_NUMBER}月(?:份)?"
_DAY_NUMBER = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DAY = rf"{_DAY_NUMBER}[日号]"
_QUARTER = (
    r"(?:第[一二三四1-4]个?季度?|[一二三四]季度|Q[1-4]|(?<!\d)[1-4]Q|首季度?|末季|首个季度"
    r"|最后一个?季度?|(?:前|首)[二两三]个?季度?|第?[一二三](?:至|到|-|—|、)第?[二三四]季度?)"
)
_HALF = r"(?:上半年|下半年)"
_SHORT_YEAR = r"20\d\d(?=Q[1-4]|H[12])"
_PART = r"(?<![0-9一二三四五六七八九十百千两几多半每])(?:年初|年底|年末|年中|岁末)"
_TO = r"\s?(?:至|到|-|—|–|~|～|－)\s?"
_WEEKDAY = r"[一二三四五六日天]"

_DAYTIME = "(?:上午|下午|晚间|晚上|凌晨|早上|中午|傍晚)"
_HOUR = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2}|十[一二])"
_MINUTE = r"(?:(?:[0-5]?\d|[一二三四五]?十?[一二三四五六七八九]?)分|半|整)"

# In this order: where two rules match at the same place, the first one wins.
_RULES = {
    "fiscal": r"(?:20)?\d\d(?:财年|财政年度|会计年度)"
    r"(?:的?(?:第?[一二三四1-4](?:财季|季度?)|Q[1-4]))?",
    "day_of_month": rf"(?:上|本|下|当)个?月{_DAY_NUMBER}[日号]",
    "decade": r"(?:(?:上个?|20|二十)世纪)?"
    r"(?:(?:19|20)?[0-9]0|[二三四五六七八九]十)年代",
    "evening": rf"(?:今晚|昨晚|明晚|今早|明早|今晨){_HOUR}[点时]{_MINUTE}?",
    "lunar": rf"(?:{_YEAR}的?)?(?:{LUNAR_DAY})",
    "day_range": rf"(?<![\d.月]){_DAY_NUMBER}日{_TO}{_DAY_NUMBER}日(?!元|圆)",
    "bracketed_day": r"(?:今|昨|明|前)\s?[(（]\d{1,2}[)）]\s?[日天]?",
    "iso": r"(?:19|20)\d\d(?P<mark>[-/.])(?:1[0-2]|0?[1-9])(?P=mark)(?:3[01]|[12]\d|0?[1-9])(?!\d)",
    "years": rf"(?:19|20)\d\d年?{_TO}(?:19|20)\d\d年(?!代)",
    "days": rf"(?:{_YEAR})?{_MONTH}{_DAY_NUMBER}[日号]?{_TO}(?:(?:{_YEAR})?{_MONTH})?{_DAY}",
    "months": rf"(?:{_YEAR})?{_MONTH_NUMBER}月?{_TO}(?:{_YEAR})?{_MONTH}(?!\d)",
    "day": rf"(?:{_YEAR})?{_MONTH}{_DAY}",
    "month": rf"(?:(?:{_YEAR})的?)?{_MONTH}(?!\d|[一二三四五六七八九十]级)",
    "first_months": rf"(?:(?:{_YEAR})的?)?(?:前|首)"
    r"(?:[1-9]|1[01]|[一二两三四五六七八九]|十一?)个?月",
    "year_before": r"(?:去年|上年)同(?:期|月|季)",
    "short_part": r"[1-4]Q(?:20)?\d\d(?!\d)|[12]H(?:20)?\d\d(?!\d)",
    "to_date": r"年初(?:至今|迄今|以来)",
    "quarter": rf"(?:(?:{_YEAR}|{_SHORT_YEAR})的?)?{_QUARTER}",
    "half": rf"(?:(?:{_YEAR})的?)?{_HALF}|(?:20\d\d年?)H[12](?![0-9A-Za-z])",
    "part": rf"(?:(?:{_YEAR}|20\d\d|今|去|明)的?)?{_PART}"
    rf"|(?:{_YEAR})(?:初|底|末|中(?!国|旬|央|小|期))",
    "year": rf"{_YEAR}(?!代|薪|级|报|纪|轻|度|化)",
    "weekdays": rf"(?:上|本|下|这)?(?:周|星期|礼拜){_WEEKDAY}{_TO}(?:周|星期|礼拜)?{_WEEKDAY}",
    "weekday": rf"(?:上|本|下|这)?(?:周|星期|礼拜){_WEEKDAY}",
    "period": r"(?:上|本|下|当|这)个?(?:月|季度|季)(?!报|节|线|饼|经)|(?:上|本|下)周(?!期|边)",
    "relative_day": r"今日|今天|昨日|昨天|明日|明天|前天|前日|后天|今早|今晨|今晚|昨晚|昨夜"
    r"|当日|当天|次日|翌日",
    "day_alone": r"(?<![\d.])(?:3[01]|[12]\d|0?[1-9])日(?!元|圆|均|线|内|本|币|经)",
    "clock": rf"{_DAYTIME}?(?<![\d:：])(?:[01]?\d|2[0-4])[:：][0-5]\d(?:[:：][0-5]\d)?(?![\d:：])",
    "hour": rf"(?:{_DAYTIME}|早|晚){_HOUR}(?:点|时){_MINUTE}?"
    rf"|(?<![\d.]){_HOUR}(?:[点时][0-5]?\d分|点半(?!数)|时许)",
    "bare_year": r"(?<![\d.\-/A-Za-z$])20[0-3]\d(?=[、，,；;。\s/]|$)(?!,\d)",
}
_FIND = re.compile(
    # The first character decides quickly; digits must not continue a Latin word.
    r"(?=[0-9一二三四五六七八九十元今去明前后上下同本当这第首末最年岁民中昨周星礼翌次隔早晚凌傍Q"
    r"正冬腊闰农阴旧大除])"
    r"(?:(?<![A-Za-z])|(?![0-9Q]))(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _RULES.items())
    + ")"
)
_RELATIVE_YEARS = {
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "去年": -1,
    "上年": -1,
    "前年": -2,
    "明年": 1,
    "后年": 2,
}
_CHINESE_MONTHS = {"元": 1}
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_DAYS = {
    "今日": 0,
    "今天": 0,
    "前日": -2,
    "今早": 0,
    "今晨": 0,
    "今晚": 0,
    "今": 0,
    "昨日": -1,
    "昨天": -1,
    "昨晚": -1,
    "昨夜": -1,
    "昨": -1,
    "明日": 1,
    "明天": 1,
    "前天": -2,
    "后天": 2,
}
_MIDNIGHT = ("凌晨", "晚上", "晚间", "晚")
_AFTERNOON = ("下午", "晚间", "晚上", "傍晚", "晚")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date or time in the text; `value` is None where the clock cannot resolve it."""

    start: int
    end: int
    label: str
    value: str | None
    rule: str


def find_dates(text: str, clock: Clock) -> Iterator[DateMention]:
    """All dates and times of the text in order, resolved by the article's clock."""
    for match in _FIND.finditer(text):
        rule = next(name for name in _RULES if match[name] is not None)
        if rule in ("clock", "hour"):
            yield DateMention(*match.span(), "TIME", _time(match[0]), rule)
            continue
        if rule == "evening":
            yield DateMention(*match.span(), "TIME", _evening(match[0], clock), rule)
            continue
        value = _READERS[rule](match[0], clock, match.start())
        if value is not None and not value.startswith("FY"):
            try:
                timex.bounds(value)
            except ValueError:
                # The calendar has no such day.
                value = None
        if value is not None and not value.startswith("FY"):
            clock.see(value, *match.span())
        yield DateMention(*match.span(), "DATE", value, rule)


def _number(text: str) -> int:
    if text in _CHINESE_MONTHS:
        return _CHINESE_MONTHS[text]
    value = parse_numeral(text).value
    assert value is not None, "the patterns above hold exact numerals only"
    return int(value)


def _year(text: str, clock: Clock, at: int) -> int | None:
    """The year that a match of `_YEAR` names."""
    if text in _RELATIVE_YEARS:
        return clock.relative_year(_RELATIVE_YEARS[text])
    if text in ("翌年", "次年", "隔年", "当年", "同年"):
        year = clock.current_year(at)
        return None if year is None else year + (text not in ("当年", "同年"))
    digits = re.sub("中华|民国|年|度| ", "", text)
    if "民国" in text:
        return _number(digits) + 1911
    return _number(digits) + (2000 if len(digits) == 2 and digits.isdigit() else 0)


def _split_year(text: str, clock: Clock, at: int) -> tuple[int | None, bool, str]:
    """Year at the beginning of a date, whether it is there, and the rest."""
    match = re.match(rf"(?P<year>{_YEAR}|{_SHORT_YEAR})的?", text)
    if match is None:
        return None, False, text
    return _year(match["year"], clock, at), True, text[match.end() :]


def _month_day(text: str, clock: Clock, at: int) -> tuple[int | None, int, int | None]:
    year, stated, rest = _split_year(text, clock, at)
    month_text, _, day_text = rest.partition("月")
    month = _number(month_text)
    day_text = day_text.removeprefix("份").rstrip("日号")
    day = _number(day_text) if day_text else None
    if not stated:
        year = clock.year_of_period(month, at) if day is None else clock.year_of_day(month, day, at)
    return year, month, day


def _iso(text: str, clock: Clock, at: int) -> str | None:
    year, month, day = map(int, re.split(r"[-/.]", text))
    return f"{year:04d}-{month:02d}-{day:02d}"


def _years(text: str, clock: Clock, at: int) -> str | None:
    first, last = re.findall(r"\d{4}", text)
    return f"{first}/{last}"


def _day(text: str, clock: Clock, at: int) -> str | None:
    year, month, day = _month_day(text, clock, at)
    return None if year is None else f"{year:04d}-{month:02d}-{day:02d}"


def _month(text: str, clock: Clock, at: int) -> str | None:
    year, month, _ = _month_day(text, clock, at)
    return None if year is None else f"{year:04d}-{month:02d}"


def _days(text: str, clock: Clock, at: int) -> str | None:
    first_text, last_text = re.split(_TO, text, maxsplit=1)
    year, month, day = _month_day(first_text, clock, at)
    if "月" in last_text:
        last_year, last_month, last_day = _month_day(last_text, clock, at)
    else:
        last_year, last_month, last_day = year, month, _number(last_text.rstrip("日号"))
    years = _range_years(first_text, last_text, (year, month), (last_year, last_month), clock, at)
    if years is None:
        return None
    return f"{years[0]:04d}-{month:02d}-{day:02d}/{years[1]:04d}-{last_month:02d}-{last_day:02d}"


def _months(text: str, clock: Clock, at: int) -> str | None:
    first_text, last_text = re.split(_TO, text, maxsplit=1)
    first_text += "" if "月" in first_text else "月"
    year, month, _ = _month_day(first_text, clock, at)
    last_year, last_month, _ = _month_day(last_text, clock, at)
    years = _range_years(first_text, last_text, (year, month), (last_year, last_month), clock, at)
    if years is None:
        return None
    return f"{years[0]:04d}-{month:02d}/{years[1]:04d}-{last_month:02d}"


def _range_years(
    first_text: str,
    last_text: str,
    first: tuple[int | None, int],
    last: tuple[int | None, int],
    clock: Clock,
    at: int,
) -> tuple[int, int] | None:
    """Years of a range's ends: one that is stated for one end only holds for both.

    12月20日至1月5日 runs over the end of the year.
    """
    turns = last[1] < first[1]
    if not _split_year(first_text, clock, at)[1] and _split_year(last_text, clock, at)[1]:
        return None if last[0] is None else (last[0] - turns, last[0])
    if first[0] is None:
        return None
    if _split_year(last_text, clock, at)[1] and last[0] is not None:
        return first[0], last[0]
    return first[0], first[0] + turns


def _first_months(text: str, clock: Clock, at: int) -> str | None:
    year, stated, rest = _split_year(text, clock, at)
    year = year if stated else clock.current_year(at)
    count = _number(rest.strip("前首个月"))
    return None if year is None else f"{year:04d}-01/{year:04d}-{count:02d}"


def _year_before(text: str, clock: Clock, at: int) -> str | None:
    """去年同期: the period that the passage speaks of, a year earlier."""
    if clock.last_period is not None:
        return timex.shift_years(clock.last_period, -1)
    year = clock.relative_year(-1)
    return None if year is None else f"{year:04d}"


def _quarter(text: str, clock: Clock, at: int) -> str | None:
    year, stated, rest = _split_year(text, clock, at)
    span = re.match(
        "(?:[前首](?P<count>[二两三])|第?(?P<first>[一二三])[至到—、-]第?(?P<last>[二三四]))", rest
    )
    if span is not None:
        first = _number(span["first"] or "一")
        last = _number(span["count"] or span["last"])
        year = year if stated else clock.year_of_period(3 * first - 2, at)
        return None if year is None else f"{year:04d}-{3 * first - 2:02d}/{year:04d}-{3 * last:02d}"
    if rest.startswith("首"):
        quarter = 1
    elif rest.startswith(("末", "最后")):
        quarter = 4
    else:
        quarter = _number(next(char for char in rest if char in "1234一二三四"))
    year = year if stated else clock.year_of_period(3 * quarter - 2, at)
    return None if year is None else f"{year:04d}-Q{quarter}"


def _half(text: str, clock: Clock, at: int) -> str | None:
    year, stated, rest = _split_year(text, clock, at)
    if text[-2] == "H":
        return f"{text[:4]}-{text[-2:]}"
    half = 1 if rest.startswith("上") else 2
    year = year if stated else clock.year_of_period(6 * half - 5, at)
    return None if year is None else f"{year:04d}-H{half}"


def _part(text: str, clock: Clock, at: int) -> str | None:
    """年初, 年中, 年底: the year with its first, middle or last month."""
    short = {"今": 0, "去": -1, "明": 1}
    if text[0] in short and text[1:3] in ("年初", "年底", "年末", "年中"):
        year = clock.relative_year(short[text[0]])
    elif text[:4].isdigit():
        year = int(text[:4])
    else:
        year, stated, _ = _split_year(text, clock, at)
        year = year if stated else clock.current_year(at)
    month = {"初": "01", "中": "06"}.get(text[-1], "12")
    return None if year is None else f"{year:04d}-{month}"


def _year_alone(text: str, clock: Clock, at: int) -> str | None:
    year = _year(text, clock, at)
    return None if year is None else f"{year:04d}"


def _weekday(text: str, clock: Clock, at: int) -> str | None:
    """周三 is the last such day up to the publication; 上周三 and 下周三 count in weeks."""
    if clock.published is None:
        return None
    number = _WEEKDAYS[text[-1]]
    monday = clock.published - timedelta(days=clock.published.weekday())
    day = monday + timedelta(days=number - 1)
    if text[0] == "上":
        day -= timedelta(days=7)
    elif text[0] == "下":
        day += timedelta(days=7)
    elif text[0] not in "本这" and day > clock.published:
        day -= timedelta(days=7)
    return day.isoformat()


def _lunar(text: str, clock: Clock, at: int) -> str | None:
    """正月初六 in the year that is stated, else the one nearest to the publication."""
    year, stated, rest = _split_year(text, clock, at)
    if stated:
        days = [] if year is None else solar_days(rest, range(year, year + 1))
    else:
        around = clock.published.year if clock.published else clock.current_year(at)
        if around is None:
            return None
        days = solar_days(rest, range(around - 1, around + 2))
        if clock.published is None:
            days = [day for day in days if day.year == around]
    if not days:
        return None
    published = clock.published
    return min(
        days, key=lambda day: abs(day - published) if published else timedelta(0)
    ).isoformat()


def _weekdays(text: str, clock: Clock, at: int) -> str | None:
    """周一至周五: the second day is the next such day after the first."""
    first_text, last_text = re.split(_TO, text, maxsplit=1)
    first = _weekday(first_text, clock, at)
    if first is None:
        return None
    days = (_WEEKDAYS[last_text[-1]] - _WEEKDAYS[first_text[-1]]) % 7
    return f"{first}/{(date.fromisoformat(first) + timedelta(days=days)).isoformat()}"


def _short_part(text: str, clock: Clock, at: int) -> str | None:
    """2Q24 is 2024-Q2, 1H25 2025-H1."""
    return f"20{text[-2:]}-{text[1]}{text[0]}"


def _to_date(text: str, clock: Clock, at: int) -> str | None:
    """年初至今: from the first of January to the publication."""
    day = clock.published
    return None if day is None else f"{day.year:04d}-01-01/{day.isoformat()}"


def _period(text: str, clock: Clock, at: int) -> str | None:
    """上月, 本季, 下周: counted from the publication; 上月 also from a month of its sentence."""
    last = clock.last_in_sentence(at)
    if text in ("上月", "上个月") and last is not None and re.fullmatch(r"\d{4}-\d\d", last):
        return _shifted_month(int(last[:4]), int(last[5:]), -1)
    if clock.published is None:
        return None
    offset = {"上": -1, "下": 1}.get(text[0], 0)
    if text.endswith("周"):
        year, week, _ = (clock.published + timedelta(days=7 * offset)).isocalendar()
        return f"{year:04d}-W{week:02d}"
    if "月" in text:
        return _shifted_month(clock.published.year, clock.published.month, offset)
    quarters = 4 * clock.published.year + (clock.published.month - 1) // 3 + offset
    return f"{quarters // 4:04d}-Q{quarters % 4 + 1}"


def _shifted_month(year: int, month: int, offset: int) -> str:
    months = 12 * year + month - 1 + offset
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def _relative_day(text: str, clock: Clock, at: int) -> str | None:
    if text in ("当日", "当天", "次日", "翌日"):
        later = timedelta(days=text in ("次日", "翌日"))
        if clock.last is not None and _is_day(clock.last):
            return (date.fromisoformat(clock.last) + later).isoformat()
        if later:
            return None
        return clock.published.isoformat() if clock.published else None
    if clock.published is None:
        return None
    return (clock.published + timedelta(days=_DAYS[text])).isoformat()


def _day_of_month(text: str, clock: Clock, at: int) -> str | None:
    """本月7日, 上月26日."""
    month = _period(text[0] + "月", clock, at)
    day = _number(text.partition("月")[2].rstrip("日号"))
    return None if month is None else f"{month}-{day:02d}"


def _bracketed_day(text: str, clock: Clock, at: int) -> str | None:
    """昨（17）日: the day in brackets, in the month of the day before the publication."""
    if clock.published is None:
        return None
    near = clock.published + timedelta(days={"今": 0, "昨": -1, "明": 1, "前": -2}[text[0]])
    day = int(re.sub(r"\D", "", text))
    resolved = complete(near.month, day, near.year)
    return resolved.isoformat() if resolved else None


def _fiscal(text: str, clock: Clock, at: int) -> str | None:
    """2026财年第一季度 is FY2026-Q1; which days those are, the company decides."""
    year, _, quarter = re.sub("的|财政年度|会计年度", "财年", text, count=1).partition("财年")
    digit = next((char for char in quarter if char in "1234一二三四"), None)
    return f"FY{year.zfill(4) if len(year) == 4 else '20' + year}" + (
        f"-Q{_number(digit)}" if digit else ""
    )


def _day_alone(text: str, clock: Clock, at: int) -> str | None:
    """15日: in the month of the publication or the one before it, whichever is not ahead."""
    if clock.published is None:
        return None
    day = int(text[:-1])
    month: date = clock.published.replace(day=1)
    if day > clock.published.day:
        month = (month - timedelta(days=1)).replace(day=1)
    resolved = complete(month.month, day, month.year)
    return resolved.isoformat() if resolved else None


def _bare_year(text: str, clock: Clock, at: int) -> str | None:
    return text


def _evening(text: str, clock: Clock) -> str:
    """今晚8点: a time with its day where that is known."""
    day = _relative_day(text[:2], clock, 0) if text[:2] in _DAYS else None
    if text.startswith("明") and clock.published is not None:
        day = (clock.published + timedelta(days=1)).isoformat()
    return (day or "") + _time(text[1:])


def _decade(text: str, clock: Clock, at: int) -> str | None:
    """90年代 is 199, 2010年代 201: the century that is not ahead of us, unless it is stated."""
    digits = text.rpartition("世纪")[2].removesuffix("年代")
    number = _number(digits)
    if number >= 1000:
        return f"{number // 10:03d}"
    century = 19 if "世纪" in text or number >= 30 else 20
    return f"{century}{number // 10}"


def _day_range(text: str, clock: Clock, at: int) -> str | None:
    """19日至21日, in one month."""
    first, last = (part.rstrip("日") for part in re.split(_TO, text, maxsplit=1))
    begin = _day_alone(f"{_number(first)}日", clock, at)
    end = begin and f"{begin[:8]}{_number(last):02d}"
    return f"{begin}/{end}" if begin else None


def _is_day(value: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def _time(text: str) -> str:
    """TIMEX3 time of 15:30, 下午3点半."""
    digits = re.search(r"[\d一二三四五六七八九十].*", text)
    assert digits is not None, "the patterns above hold a number"
    prefix, body = text[: digits.start()], digits[0]
    parts = re.split(r"[:：点时]", body)
    hour = _number(parts[0])
    if hour == 12 and prefix in _MIDNIGHT:
        hour = 0
    elif hour < 12 and (prefix in _AFTERNOON or (prefix == "中午" and hour < 4)):
        hour += 12
    minute_text = parts[1].rstrip("分整") if len(parts) > 1 else ""
    minute = 30 if minute_text == "半" else _number(minute_text) if minute_text else 0
    second = f":{int(parts[2]):02d}" if len(parts) > 2 else ""
    return f"T{hour:02d}:{minute:02d}{second}"


_READERS: dict[str, Callable[[str, Clock, int], str | None]] = {
    "bare_year": _bare_year,
    "bracketed_day": _bracketed_day,
    "day": _day,
    "day_alone": _day_alone,
    "day_of_month": _day_of_month,
    "day_range": _day_range,
    "days": _days,
    "decade": _decade,
    "first_months": _first_months,
    "fiscal": _fiscal,
    "half": _half,
    "iso": _iso,
    "month": _month,
    "months": _months,
    "part": _part,
    "period": _period,
    "quarter": _quarter,
    "relative_day": _relative_day,
    "lunar": _lunar,
    "short_part": _short_part,
    "to_date": _to_date,
    "weekday": _weekday,
    "weekdays": _weekdays,
    "year": _year_alone,
    "year_before": _year_before,
    "years": _years,
}
