"""Days of the lunar calendar: 正月初六, 腊月廿三, 农历八月十五, 大年初一, 除夕."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY = (
    "(?:初[一二三四五六七八九十]|十[一二三四五六七八九]|(?:廿|二十)[一二三四五六七八九]?|三十|卅)"
)
_CALENDAR = "(?:农历|阴历|旧历)"
# Without a word that names the calendar only what the solar one has not: 正月, 腊月, 初六.
LUNAR_DAY = (
    rf"{_CALENDAR}?(?:闰[一二三四五六七八九十]月|正月|冬月|腊月){_DAY}"
    rf"|{_CALENDAR}(?:十[一二]?|[一二三四五六七八九])月{_DAY}"
    r"|(?:十[一二]?|[一二三四五六七八九])月初[一二三四五六七八九十]"
    r"|大?年初[一二三四五六七八九十]|大年三十|年三十|除夕(?:夜)?"
)
_PARTS = re.compile(
    rf"(?P<leap>闰)?(?:(?P<month>正|冬|腊|十[一二]?|[一二三四五六七八九])月|大?年)(?P<day>{_DAY})"
)
_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九十", 1)}


def solar_days(text: str, years: range) -> list[date]:
    """The days of the solar calendar that a lunar day falls on, for lunar years in `years`.

    A year that has no such day is passed over.
    """
    found = []
    for year in years:
        day = _new_years_eve(year) if _is_eve(text) else _solar_day(text, year)
        if day is not None:
            found.append(day)
    return found


def _is_eve(text: str) -> bool:
    return text.startswith("除夕") or text in ("大年三十", "年三十")


def _new_years_eve(year: int) -> date:
    """The day before the first of the lunar year `year`: it lies in that solar year."""
    first = _converted(year, 1, 1)
    assert first is not None, "every year has a first day"
    return first - timedelta(days=1)


def _solar_day(text: str, year: int) -> date | None:
    match = _PARTS.search(text)
    assert match is not None, "the pattern above has these parts"
    month = 1 if match["month"] is None else _MONTHS.get(match["month"]) or _number(match["month"])
    return _converted(year, -month if match["leap"] else month, _number(match["day"]))


def _number(text: str) -> int:
    """初六 6, 十二 12, 廿三 and 二十三 23, 三十 30."""
    text = text.removeprefix("初").replace("廿", "二十").replace("卅", "三十")
    tens, found, ones = text.rpartition("十")
    if not found:
        return _DIGITS[text]
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def _converted(year: int, month: int, day: int) -> date | None:
    from lunar_python import Lunar, LunarYear

    # A leap month has a negative number.
    found = LunarYear.fromYear(year).getMonth(month)
    if found is None or day > found.getDayCount():
        return None
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
