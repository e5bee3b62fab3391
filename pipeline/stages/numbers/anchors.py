"""Lengths of time that are counted from the day of publication: 三年前, 过去三年, 未来7天, 半年内.

The span stays the length alone (三年, P3Y); which days are meant stands in `date_begin` and
`date_end`. Hours and less have none: the article's clock knows the day only.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from pipeline.document import Number
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives
from pipeline.stages.numbers import timex

_LENGTH = re.compile(r"P(\d+)([YMWDQ])")
_REACH = 6
_MONTHS = {"Y": 12, "Q": 3, "M": 1}
_DAYS = {"W": 7, "D": 1}


class Anchors:
    """Reads the words of `numbers/dates.toml` around lengths of time."""

    def __init__(self, resources: Resources) -> None:
        words = resources.toml("numbers/dates.toml")["anchors"]
        self._past = re.compile(f"(?:{alternatives(words['past'])})的?\\s?$")
        self._future = re.compile(f"(?:{alternatives(words['future'])})的?\\s?$")
        # 近三年 looks back, 历时近三年 measures.
        self._measured = re.compile(f"(?:{alternatives(words['measured'])})近$")
        # The longest word first, so that 后 does not hide 后来.
        after = [
            f"(?P<{name}>{alternatives(words[name])})" for name in ("since", "within", "ago", "later")
        ]
        self._after = re.compile(f"(?:{'|'.join(after)})(?!{'|'.join(words['not_after'])})")

    def resolve(self, text: str, numbers: Iterable[Number], published: date | None) -> None:
        """Fill the days of the anchored durations among the numbers."""
        if published is None:
            return
        for number in numbers:
            length = _LENGTH.fullmatch(str(number.value)) if number.label == "DURATION" else None
            if length is None or number.modifier == "range":
                continue
            direction = self._direction(text, number.start, number.end)
            if direction is None:
                continue
            try:
                days = _days(direction, int(length[1]), length[2], published)
            except (OverflowError, ValueError):
                # 四万年前 is before the calendar.
                continue
            number.date_begin, number.date_end = (day.isoformat() for day in days)

    def _direction(self, text: str, start: int, end: int) -> str | None:
        begin = max(0, start - _REACH)
        if self._past.search(text, begin, start) and not self._measured.search(text, begin, start):
            return "since"
        if self._future.search(text, begin, start):
            return "within"
        after = self._after.match(text, end)
        return after.lastgroup if after else None


def _days(direction: str, count: int, unit: str, published: date) -> tuple[date, date]:
    """First day, and the day after the last, of what a direction makes of a length."""
    if direction == "since":
        return _shift(published, -count, unit), published
    if direction == "within":
        return published, _shift(published, count, unit)
    day = _shift(published, count if direction == "later" else -count, unit)
    # Three years ago is a year, three days ago a day.
    if unit == "Y":
        value = f"{day.year:04d}"
    elif unit == "Q":
        value = f"{day.year:04d}-Q{(day.month + 2) // 3}"
    elif unit == "M":
        value = f"{day.year:04d}-{day.month:02d}"
    elif unit == "W":
        year, week, _ = day.isocalendar()
        value = f"{year:04d}-W{week:02d}"
    else:
        value = day.isoformat()
    return timex.bounds(value)


def _shift(day: date, count: int, unit: str) -> date:
    if unit in _DAYS:
        return day + timedelta(days=count * _DAYS[unit])
    months = 12 * day.year + day.month - 1 + count * _MONTHS[unit]
    year, month = divmod(months, 12)
    # The 31st of a shorter month is its last day.
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
