"""Finds the dates of a text: words, dates of several words, ranges and lists of dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.resources import Resources
from pipeline.stages.numbers import timex
from pipeline.stages.numbers.clock import Clock
from pipeline.stages.numbers.dates.daytime import Times
from pipeline.stages.numbers.dates.festivals import Festivals
from pipeline.stages.numbers.dates.mention import DateMention
from pipeline.stages.numbers.dates.read import Before, readers
from pipeline.stages.numbers.dates.words import TO, Words, continues, word_name

_TO = re.compile(rf"(?:起|开始)?{TO}|\s?[和与](?=[^，。；\n]{{2,16}}(?:之间|间(?!接|谍)))")
_LIST = re.compile(r"\s?[、，,和及与]\s?")
_BESIDE = re.compile(r"\s?[(（,，]?\s?")
_TO_NOW = re.compile("至今|迄今|到现在")
# What these begin with, beside a space.
_TO_HEADS = frozenset("起开至迄到-—–~～－和与")
_DAY_VALUE = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR_WORDS = frozenset(
    {"year", "iso", "short_part", "bare_year", "years", "fiscal", "decade", "century"}
)
# Words that are dates of their own only as a whole text, or behind another word.
_WEAK = frozenset({"season", "festival"})
# Words that name a point of time, not a period that has figures.
_POINTS = frozenset({"part", "year_end", "beginning", "month_part"})
# A range or list of these has no second part.
_CLOSED = frozenset({"year_before", "fiscal", "decade", "century", "to_date", "two_years", "years"})
# Words whose interval may be the end of a longer one: 十一月上旬至十二月中旬.
_OPEN_INTERVALS = frozenset({"tenday", "first_days"})


class _Date(NamedTuple):
    """A date of one or several words.

    Attributes:
        names: the words' names.
        year: whether it says its year.
    """

    start: int
    end: int
    value: str | None
    names: tuple[str, ...]
    year: bool

    @property
    def rule(self) -> str:
        return "+".join(self.names)


class Dates:
    """Reads dates and times by the tables of `numbers/dates.toml`.

    Raises:
        ResourceError: if a table has a bad row.
    """

    def __init__(self, resources: Resources) -> None:
        self._festivals = Festivals(resources)
        self._words = Words(self._festivals.pattern, self._festivals.beginnings)
        self._readers = readers(self._festivals)
        self._times = Times(resources)

    def find(self, text: str, clock: Clock) -> list[DateMention]:
        """All dates and times of the text in order, resolved by the article's clock."""
        dates = _weekdays_beside_days(text, list(self._dates(text, clock)))
        return self._times.find(text, dates, clock)

    def _dates(self, text: str, clock: Clock) -> Iterator[DateMention]:
        position = 0
        last: _Date | None = None
        for head in self._words.heads(text):
            match = self._words.at(text, head) if head >= position else None
            if match is None:
                continue
            given = None
            if last is not None and word_name(match) == "day_alone":
                # 5月3日、4日
                given = last.value if _LIST.fullmatch(text, last.end, head) else None
            date = self._date(text, match, clock, given)
            if date is None:
                continue
            date = self._with_end(text, date, clock)
            yield self._mention(date, clock)
            position, last = date.end, date
            # 9月10号，11号: a day with this sign is one only behind another.
            while text[date.end - 1] == "号" and (item := self._list_item(text, date, clock)):
                yield self._mention(item, clock)
                date = last = item
                position = item.end

    def _list_item(self, text: str, date: _Date, clock: Clock) -> _Date | None:
        link = _LIST.match(text, date.end)
        match = self._words.day(text, link.end()) if link else None
        if match is None or not match[0].endswith("号"):
            return None
        return self._date(text, match, clock, date.value)

    def _mention(self, date: _Date, clock: Clock) -> DateMention:
        value = _checked(date.value)
        if value is not None and not value.startswith("FY") and len(value) > 3:
            clock.see(value, date.start, date.end, period=date.names[-1] not in _POINTS)
        return DateMention(date.start, date.end, "DATE", value, date.rule)

    def _date(
        self, text: str, first: re.Match[str], clock: Clock, given: str | None = None
    ) -> _Date | None:
        """The date that begins with a word, or None where the word is no date there."""
        parts, names = [first], [word_name(first)]
        start, end = first.span()
        while match := self._words.follower(text, names[-1], end):
            parts.append(match)
            names.append(word_name(match))
            end = match.end()
        while continues(text, names[-1], end):
            parts.pop()
            names.pop()
            if not parts:
                return None
            end = parts[-1].end()
        if names[0] in _WEAK and not self._weak_stands(text, parts, end):
            return None
        value: str | None = None
        year = ""
        for match, name in zip(parts, names, strict=True):
            word = match[name]
            before = Before(clock, start, value, match is not first, given, year)
            try:
                value = self._readers[name](word, before)
            except ValueError:
                # 第五个周三 of a month that has four.
                value = None
            given = None
            if name == "year":
                year = word
        return _Date(start, end, value, tuple(names), names[0] in _YEAR_WORDS)

    def _weak_stands(self, text: str, parts: list[re.Match[str]], end: int) -> bool:
        first = parts[0]
        if end - first.start() == len(text.strip()):
            return True
        return word_name(first) == "festival" and self._festivals.is_date(text, *first.span())

    def _with_end(self, text: str, first: _Date, clock: Clock) -> _Date:
        """The range that a date begins, or the date itself."""
        if first.names[0] in _CLOSED or (
            _interval_like(first.value) and first.names[-1] not in _OPEN_INTERVALS
        ):
            return first
        following = text[first.end : first.end + 1]
        if following not in _TO_HEADS and not following.isspace():
            return first
        now = _TO_NOW.match(text, first.end)
        if now is not None and clock.published is not None and first.value is not None:
            value = f"{first.value}/{clock.published.isoformat()}"
            names = (*first.names, "to_now")
            return first._replace(end=now.end(), value=value, names=names)
        to = _TO.match(text, first.end)
        if to is None:
            return first
        match = self._words.at(text, to.end())
        if match is None and first.names[-1] in ("month_day", "day", "day_of_month"):
            match = self._words.day(text, to.end())
        last = self._date(text, match, clock, first.value) if match else None
        if (
            last is None
            or last.names[0] in _CLOSED
            or (_interval_like(last.value) and last.names[-1] not in _OPEN_INTERVALS)
        ):
            return first
        begin = first
        if last.year and not first.year and last.value is not None:
            # 12月20日至2024年1月5日: the year of the end holds for the beginning.
            again = self._words.at(text, first.start)
            assert again is not None, "the date began here before"
            begin = self._date(text, again, clock, last.value) or first
            if begin.value is not None and _starts_after(begin.value, last.value):
                begin = begin._replace(value=timex.shift_years(begin.value, -1))
        elif begin.value and last.value and _starts_after(begin.value, last.value):
            # 12月20日至1月5日 runs over the end of the year.
            last = last._replace(value=timex.shift_years(last.value, 1))
        names = begin.names if begin.names == last.names else (*begin.names, "to", *last.names)
        return _Date(
            begin.start,
            last.end,
            _span(begin.value, last.value),
            (*names, "range") if begin.names == last.names else names,
            begin.year or last.year,
        )


def _weekdays_beside_days(text: str, dates: Sequence[DateMention]) -> list[DateMention]:
    """Weekdays that stand beside a day, 6月1日（周日）or 周日(6月1日), are that day."""
    result = list(dates)
    for at, (first, second) in enumerate(pairwise(dates)):
        if not _BESIDE.fullmatch(text, first.end, second.start):
            continue
        for weekday, day, position in ((second, first, at + 1), (first, second, at)):
            if weekday.rule == "weekday" and day.value and _DAY_VALUE.fullmatch(day.value):
                result[position] = weekday._replace(value=day.value, rule="weekday+day")
                break
    return result


def _interval_like(value: str | None) -> bool:
    return value is not None and "/" in value


def _span(first: str | None, last: str | None) -> str | None:
    """The interval from the beginning of one value to the end of another."""
    if first is None or last is None:
        return None
    return f"{first.partition('/')[0]}/{last.rpartition('/')[2]}"


def _starts_after(first: str, last: str) -> bool:
    try:
        return timex.bounds(first)[0] > timex.bounds(last)[0]
    except ValueError:
        return False


def _checked(value: str | None) -> str | None:
    """The value, or None where the calendar has no such day."""
    if value is None or value.startswith("FY"):
        return value
    try:
        timex.bounds(value)
    except ValueError:
        return None
    return value
