"""Festivals and the days they fall on, by `numbers/dates.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from pipeline.errors import ResourceError
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives
from pipeline.stages.numbers.lunar import solar_spans, solar_term

_WEEKDAY_RULE = re.compile(r"(?P<month>\d\d)-(?P<nth>\d)-(?P<weekday>[1-7])(?:\+(?P<later>\d))?")
_SOLAR_RULE = re.compile(r"(?P<month>\d\d)-(?P<day>\d\d)")
_NUMERAL = re.compile("[一二三四五六七八九十]+")
_NOT_COUNTED = "(?![月日号年个点时人家十百千万亿])"
_CUE_REACH = 4


class Festivals:
    """The table of festivals.

    Attributes:
        pattern: the names as one alternation, the longest first.
        beginnings: the first two characters of each name.

    Raises:
        ResourceError: if a rule of the table has a form that is not known.
    """

    def __init__(self, resources: Resources) -> None:
        rules = resources.toml("numbers/dates.toml")
        self._day_of: dict[str, Callable[[int], date]] = {}
        readers = {"solar": _solar, "lunar": _lunar, "terms": _term, "weekday": _weekday}
        for kind, read in readers.items():
            for name, rule in rules["festivals"][kind].items():
                try:
                    self._day_of[name] = read(rule)
                except (ValueError, KeyError, AttributeError) as error:
                    raise ResourceError(
                        f"numbers/dates.toml: the festival {name!r} has the rule {rule!r}, which "
                        f"does not say a day ({kind})"
                    ) from error
        # 十一 in 十一月, 六一 in 六一个 are numbers.
        names = sorted(self._day_of, key=lambda name: (-len(name), name))
        self.pattern = "|".join(
            name + (_NOT_COUNTED if _NUMERAL.fullmatch(name) else "") for name in names
        )
        self.beginnings = sorted({name[:2] for name in self._day_of})
        cues = rules["festival_cues"]
        self._before = re.compile(f"(?:{alternatives(cues['before'])})$")
        self._after = re.compile(alternatives(cues["after"]))

    def day(self, name: str, year: int) -> date:
        """The day of a festival in a year of the solar calendar."""
        return self._day_of[name](year)

    def is_date(self, text: str, start: int, end: int) -> bool:
        """Whether a festival without a year says when something is, not what."""
        if self._after.match(text, end):
            return True
        # 十一 alone is a number.
        return not _NUMERAL.fullmatch(text, start, end) and (
            self._before.search(text, max(0, start - _CUE_REACH), start) is not None
        )


def _solar(rule: str) -> Callable[[int], date]:
    match = _SOLAR_RULE.fullmatch(rule)
    if match is None:
        raise ValueError(rule)
    month, day = int(match["month"]), int(match["day"])
    return lambda year: date(year, month, day)


def _lunar(rule: str) -> Callable[[int], date]:
    def day(year: int) -> date:
        # A day of the last lunar month lies in the solar year after it.
        spans = solar_spans(rule, range(year - 1, year + 1))
        return next(first for first, _ in spans if first.year == year)

    return day


def _term(rule: str) -> Callable[[int], date]:
    return lambda year: solar_term(rule, year)


def _weekday(rule: str) -> Callable[[int], date]:
    match = _WEEKDAY_RULE.fullmatch(rule)
    if match is None:
        raise ValueError(rule)
    month, nth, weekday = int(match["month"]), int(match["nth"]), int(match["weekday"])
    later = timedelta(days=int(match["later"] or 0))
    return lambda year: nth_weekday(year, month, nth, weekday) + later


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The n-th Monday (1) to Sunday (7) of a month.

    Raises:
        ValueError: if the month has no such day.
    """
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    if day.month != month:
        raise ValueError(f"{year}-{month:02d} has no weekday {weekday} for the time {nth}")
    return day
