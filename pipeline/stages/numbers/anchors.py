"""Lengths of time that are counted from the day of publication: 三年前, 过去三年, 未来7天, 半年内.

三年前 is a date, with the word in its span. Else the span stays the length alone (三年, P3Y), and
`date_begin` and `date_end` say which days are meant. Hours and less are not counted: the article's
clock knows the day only.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from pipeline.document import Document, Number
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives
from pipeline.stages.numbers import timex

_LENGTH = re.compile(r"P(\d+(?:\.\d+)?)([YMWDQ])")
_WORKING_DAYS = re.compile("工作|交易")
_REACH = 6
_MONTHS = {"Y": 12, "Q": 3, "M": 1}
_DAYS = {"W": 7, "D": 1}


class Anchors:
    """Reads the words of `numbers/dates.toml` around lengths of time."""

    def __init__(self, resources: Resources) -> None:
        words = resources.toml("numbers/dates.toml")["anchors"]
        # 公元前221年 is not counted from the publication.
        self._past = re.compile(f"(?<!公元)(?:{alternatives(words['past'])})的?\\s?$")
        self._future = re.compile(f"(?:{alternatives(words['future'])})的?\\s?$")
        # 近三年 looks back, 历时近三年 measures.
        self._measured = re.compile(f"(?:{alternatives(words['measured'])})近$")
        # The longest word first, so that 后 does not hide 后来.
        names = ("since", "within", "ago", "later")
        after = [f"(?P<{name}>{alternatives(words[name])})" for name in names]
        self._after = re.compile(f"(?:{'|'.join(after)})(?!{'|'.join(words['not_after'])})")

    def resolve(
        self, document: Document, numbers: Sequence[Number], published: date | None
    ) -> list[Number]:
        """The numbers, with days where a length is counted from the day of publication.

        三年前 becomes a DATE, the year or month or day that it names; the others stay DURATIONs.
        """
        ends = [*(number.start for number in numbers[1:]), len(document.text)]
        return [
            self._anchored(document, number, end, published)
            if number.label == "DURATION"
            else number
            for number, end in zip(numbers, ends, strict=False)
        ]

    def _anchored(
        self, document: Document, number: Number, before: int, published: date | None
    ) -> Number:
        """A length with its days; what makes it a date ends before the next number, at `before`."""
        length = _LENGTH.fullmatch(str(number.value))
        if length is None or number.modifier == "range" or _WORKING_DAYS.search(number.text):
            return number
        found = self._direction(document.text, number.start, number.end)
        # 三天前天: 前天 is a date of its own.
        if found is None or found[1] > before:
            return number
        direction, end = found
        if direction == "looking_back":
            # 近三年: 近 says which years, not how exact they are counted.
            number, direction = replace(number, modifier=None, cue=None), "since"
        count = Decimal(length[1])
        if direction == "ago":
            value = _ago(published, count, length[2]) if published else None
            return _date(document, number.start, end, value)
        if published is None:
            return number
        try:
            begin, last = _stretch(direction, count, length[2], published)
        except (OverflowError, ValueError):
            # 未来一万年 is beyond the calendar.
            return number
        return replace(number, date_begin=begin.isoformat(), date_end=last.isoformat())

    def _direction(self, text: str, start: int, end: int) -> tuple[str, int] | None:
        """Which way a length is counted, and where the word that says so ends."""
        begin = max(0, start - _REACH)
        if before := self._past.search(text, begin, start):
            if not before[0].startswith("近"):
                return "since", end
            if not self._measured.search(text, begin, start):
                return "looking_back", end
        if self._future.search(text, begin, start):
            return "within", end
        after = self._after.match(text, end)
        return (after.lastgroup or "", after.end()) if after else None


def _date(document: Document, start: int, end: int, value: str | None) -> Number:
    begin = last = None
    if value is not None:
        begin, last = (day.isoformat() for day in timex.bounds(value))
    return Number(
        start, end, document.text[start:end], "DATE", value, None, None, None, None, None,
        begin, last, *document.source_span(start, end), by="date:ago",
    )  # fmt: skip


def _stretch(direction: str, count: Decimal, unit: str, published: date) -> tuple[date, date]:
    """First day, and the day after the last, of what a direction makes of a length."""
    if direction == "since":
        return _shift(published, -count, unit), published
    if direction == "within":
        return published, _shift(published, count, unit)
    return timex.bounds(_named(_shift(published, count, unit), count, unit))


def _ago(published: date, count: Decimal, unit: str) -> str | None:
    """What lies a length back; None where that is before the calendar (四万年前)."""
    try:
        return _named(_shift(published, -count, unit), count, unit)
    except (OverflowError, ValueError):
        return None


def _named(day: date, count: Decimal, unit: str) -> str:
    """Three years ago is a year, three days ago a day; a year and a half ago is a month."""
    if unit == "Y" and count == int(count):
        return f"{day.year:04d}"
    if unit == "Q":
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    if unit in "YM":
        return f"{day.year:04d}-{day.month:02d}"
    if unit == "W":
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return day.isoformat()


def _shift(day: date, count: Decimal, unit: str) -> date:
    """The day that lies a length later.

    Raises:
        ValueError: if the calendar has no such day.
        OverflowError: likewise.
    """
    if unit in _DAYS:
        return day + timedelta(days=int(count * _DAYS[unit]))
    parts = count * _MONTHS[unit]
    whole = int(parts)
    year, month = divmod(12 * day.year + day.month - 1 + whole, 12)
    # The 31st of a shorter month is its last day.
    shifted = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    # Half a month is fifteen days.
    return shifted + timedelta(days=int(30 * (parts - whole)))
