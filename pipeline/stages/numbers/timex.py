"""TIMEX3 values of dates, and the days they cover."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_HALF = re.compile(r"(\d{4})-H([12])")
_SEASON = re.compile(r"(\d{4})-(SP|SU|FA|WI)")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(-WE)?")
_YEAR = re.compile(r"(\d{4})")
_DECADE = re.compile(r"(\d{3})")
_CENTURY = re.compile(r"(\d\d)")
# The first month of a season, as meteorologists count them.
_SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


@lru_cache(maxsize=4096)
def bounds(value: str) -> tuple[date, date]:
    """First day and the day after the last of a TIMEX3 date, or of an interval of two.

    Raises:
        ValueError: if the value is no TIMEX3 date or names a day that does not exist.

    >>> bounds("2024-Q2")
    (datetime.date(2024, 4, 1), datetime.date(2024, 7, 1))
    """
    if "/" in value:
        first, last = value.split("/")
        return bounds(first)[0], bounds(last)[1]
    if match := _DAY.fullmatch(value):
        day = date(*map(int, match.groups()))
        return day, day + timedelta(days=1)
    if match := _MONTH.fullmatch(value):
        return _months(int(match[1]), int(match[2]), 1)
    if match := _QUARTER.fullmatch(value):
        return _months(int(match[1]), 3 * int(match[2]) - 2, 3)
    if match := _HALF.fullmatch(value):
        return _months(int(match[1]), 6 * int(match[2]) - 5, 6)
    if match := _SEASON.fullmatch(value):
        return _months(int(match[1]), _SEASONS[match[2]], 3)
    if match := _WEEK.fullmatch(value):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return monday + timedelta(days=5 if match[3] else 0), monday + timedelta(days=7)
    if match := _YEAR.fullmatch(value):
        return _months(int(match[1]), 1, 12)
    if match := _DECADE.fullmatch(value):
        return _months(10 * int(match[1]), 1, 120)
    if match := _CENTURY.fullmatch(value):
        return _months(100 * int(match[1]), 1, 1200)
    raise ValueError(f"{value!r} is no TIMEX3 date")


@lru_cache(maxsize=4096)
def iso_bounds(value: str) -> tuple[str, str]:
    """The same days as ISO dates.

    Raises:
        ValueError: as `bounds`.
    """
    first, last = bounds(value)
    return first.isoformat(), last.isoformat()


def shift_years(value: str, years: int) -> str:
    """The same part of another year: 2024-Q2 and -1 give 2023-Q2."""
    return re.sub(r"\b\d{4}(?=-|/|$)", lambda m: f"{int(m[0]) + years:04d}", value)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    last = month - 1 + count
    return date(year, month, 1), date(year + last // 12, last % 12 + 1, 1)
