"""Days and months of the lunar calendar: 正月初六, 腊月廿三, 农历八月十五, 闰六月, 除夕."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

_DAY = (
    "(?:初[一二三四五六七八九十]|十[一二三四五六七八九]|(?:廿|二十)[一二三四五六七八九]?|三十|卅)"
)
_ARABIC_DAY = r"(?:[12]\d|30|[1-9])(?!\d)"
_MONTH = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])"
CALENDAR = "(?:农历|阴历|旧历)"
# Without a word that names the calendar only what the solar one has not: 正月, 腊月, 初六, 廿二.
LUNAR_DAY = (
    rf"{CALENDAR}?(?:闰{_MONTH}月|正月|冬月|腊月)(?:{_DAY}|{_ARABIC_DAY}(?![\d万亿千百.,]))?"
    rf"|{CALENDAR}{_MONTH}月(?:(?:{_DAY}|{_ARABIC_DAY})[日号]?)?"
    rf"|{_MONTH}月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?)"
    r"|大?年初[一二三四五六七八九十]|大年三十|年三十|除夕夜?|大年夜"
)
_PARTS = re.compile(
    rf"(?P<leap>闰)?(?:(?P<month>正|冬|腊|{_MONTH})月|大?年)(?P<day>{_DAY}|{_ARABIC_DAY})?"
)
_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九十", 1)}


def solar_spans(text: str, years: range) -> list[tuple[date, date]]:
    """First and last day of the solar calendar for a lunar day or month, in each lunar year.

    A year that has no such day or month is passed over.
    """
    found = []
    for year in years:
        span = _new_years_eve(year) if _is_eve(text) else _solar_span(text, year)
        if span is not None:
            found.append(span)
    return found


def _is_eve(text: str) -> bool:
    return text.startswith("除夕") or text in ("大年三十", "年三十", "大年夜")


def _new_years_eve(year: int) -> tuple[date, date]:
    """The day before the first of the lunar year `year`: it lies in that solar year."""
    first = _solar(year, 1, 1)
    assert first is not None, "every year has a first day"
    eve = first - timedelta(days=1)
    return eve, eve


def _solar_span(text: str, year: int) -> tuple[date, date] | None:
    match = _PARTS.search(text)
    assert match is not None, "the pattern above has these parts"
    month = 1 if match["month"] is None else _MONTHS.get(match["month"]) or _number(match["month"])
    month = -month if match["leap"] else month
    if match["day"]:
        day = _solar(year, month, _number(match["day"]))
        return (day, day) if day else None
    first, length = _solar(year, month, 1), _length(year, month)
    return (first, first + timedelta(days=length - 1)) if first else None


def _number(text: str) -> int:
    """初六 6, 十二 12, 廿三 and 二十三 23, 三十 30, 18 18."""
    if text.isdigit():
        return int(text)
    text = text.removeprefix("初").replace("廿", "二十").replace("卅", "三十")
    tens, found, ones = text.rpartition("十")
    if not found:
        return _DIGITS[text]
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def _length(year: int, month: int) -> int:
    """Days of a lunar month, 0 where the year has none; a leap month has a negative number."""
    from lunar_python import LunarYear

    found = LunarYear.fromYear(year).getMonth(month)
    return 0 if found is None else int(found.getDayCount())


@lru_cache(maxsize=1024)
def _solar(year: int, month: int, day: int) -> date | None:
    from lunar_python import Lunar

    if day > _length(year, month):
        return None
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


@lru_cache(maxsize=256)
def solar_term(name: str, year: int) -> date:
    """The day of a solar term in a year: 清明, 冬至.

    Raises:
        KeyError: if there is no such term.
    """
    from lunar_python import Lunar

    solar = Lunar.fromYmd(year, 6, 1).getJieQiTable()[name]
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
