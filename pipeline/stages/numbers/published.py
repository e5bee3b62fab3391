"""The day of publication, with its year worked out from the text where the date line has none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from pipeline.document import Document
from pipeline.stages.header import NO_YEAR, complete

_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)年(?!代)的?(?:(?P<month>1[0-2]|[1-9])月|第?(?P<quarter>[一二三四1-4])季)?"
)
# A year that the text looks forward to says nothing about when it was written.
_FORWARD = re.compile(
    r"(?:预计|预期|预测|有望|目标|到|至|计划|将于|将在|展望|未来|指引|料|前瞻|迎接)[^。，,；;\n]{0,8}$"
)
_FORWARD_REACH = 14
_MONTH_DAY = re.compile(r"(\d{1,2})\D+(\d{1,2})")
_QUARTERS = "一二三四"
# 4月14日（周一）, 周一(4月14日)
_WEEKDAY = "(?:周|星期|礼拜)(?P<weekday{n}>[一二三四五六日天])"
_DAY = r"(?<!年)(?<!\d)(?P<month{n}>1[0-2]|0?[1-9])月(?P<day{n}>3[01]|[12]\d|0?[1-9])[日号]"
_WITH_WEEKDAY = re.compile(
    rf"{_DAY.format(n=1)}\s?[(（,，]?\s?{_WEEKDAY.format(n=1)}"
    rf"|{_WEEKDAY.format(n=2)}\s?[(（,，]\s?{_DAY.format(n=2)}"
)
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
# How sure a year is that the text names once, that it names more often, and what a weekday adds.
_ONCE, _OFTEN, _BY_WEEKDAY = 0.7, 0.9, 0.08


def publication_day(document: Document, setting: date | None) -> date | None:
    """The day of publication; completes `metadata.published` where its year is missing.

    The missing year is the earliest in which everything that the text looks back on has begun, and
    in which the days that it names with their weekday fall on it. `basis` names the evidence, the
    candidates and a confidence between 0 and 1.
    """
    published = document.metadata.published
    if published is None:
        return setting
    if published.value is None and published.basis != NO_YEAR:
        document.warnings.append(f"published {published.text!r}: {published.basis}")
    elif published.value is None and (short := _MONTH_DAY.search(published.text)):
        month, day = int(short[1]), int(short[2])
        year, why = (
            (setting.year, "the setting numbers.published")
            if setting
            else _year(document.text, month, day)
        )
        resolved = complete(month, day, year) if year else None
        if resolved is None:
            document.warnings.append(
                f"published {published.text!r}: it has no year and nothing in the text tells it"
            )
        else:
            published.value, published.basis = resolved.isoformat(), f"year inferred from {why}"
    return date.fromisoformat(published.value) if published.value else None


def _year(text: str, month: int, day: int) -> tuple[int | None, str]:
    """The year of a date line, and the words of the text that tell it."""
    named: dict[int, list[str]] = {}
    for year, words in _looked_back_on(text, month):
        named.setdefault(year, []).append(words)
    if not named:
        return None, ""
    # A year that the text names only once may be one that is still to come.
    often = [year for year, words in named.items() if len(words) > 1]
    year = max(often or named)
    confidence = _OFTEN if often else _ONCE
    why = f"{named[year][0]}, the latest time the text looks back on"
    weekdays = Counter(y for y in (year, year + 1) for _ in _agreeing(text, y, month, day))
    if weekdays:
        # A date line may be from the year after the last one that the text names.
        year = max(weekdays, key=lambda y: (weekdays[y], -y))
        words = next(_agreeing(text, year, month, day))
        why += f", and {words}, which is that weekday in {year}"
        confidence += _BY_WEEKDAY
    candidates = sorted({*named, *weekdays}, reverse=True)
    if len(candidates) > 1:
        why += f"; candidates {', '.join(map(str, candidates))}"
    return year, f"{why}; confidence {confidence:.2f}"


def _looked_back_on(text: str, month: int) -> Iterator[tuple[int, str]]:
    """The first year whose `month` is not before a time that the text names, and its words."""
    for match in _YEAR.finditer(text):
        if _FORWARD.search(text, max(0, match.start() - _FORWARD_REACH), match.start()):
            continue
        begins = 1
        if match["month"]:
            begins = int(match["month"])
        elif match["quarter"]:
            quarter = match["quarter"]
            begins = 3 * (_QUARTERS.find(quarter) + 1 or int(quarter)) - 2
        yield int(match["year"]) + (begins > month), match[0]


def _agreeing(text: str, year: int, month: int, day: int) -> Iterator[str]:
    """The days of the text that fall on their weekday if the date line is of a year."""
    published = complete(month, day, year)
    if published is None:
        return
    for match in _WITH_WEEKDAY.finditer(text):
        n = 1 if match["month1"] else 2
        near = [
            found
            for y in (year - 1, year, year + 1)
            if (found := complete(int(match[f"month{n}"]), int(match[f"day{n}"]), y))
        ]
        if not near:
            continue
        nearest = min(near, key=lambda found: abs((found - published).days))
        if nearest.isoweekday() == _WEEKDAYS[match[f"weekday{n}"]]:
            yield match[0]
