"""The article's clock: what year a date without one is in.

First the passage speaks (年末 after 2024年… is 2024), then the date of publication. The computer's
clock is never asked.
"""

from __future__ import annotations

import re
from datetime import date

from pipeline.document import Document
from pipeline.stages.header import complete

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?!代)[^。，,；;\n]{0,2}")
# A year that the text looks forward to says nothing about when it was written.
_FORWARD = re.compile(r"(?:预计|预期|预测|有望|目标|到|至|计划|将于|将在|展望|未来)[^。，,；;\n]{0,6}$")
_RECENT_DAYS = 45
_FAR_MONTHS = 6


class Clock:
    """Resolves years; fed with the dates of the article from its beginning to its end.

    Attributes:
        published: the day of publication, or None.
        year: the year that the passage is in, or None.
        last: TIMEX3 value of the date that was resolved last, or None.
    """

    def __init__(self, published: date | None) -> None:
        self.published = published
        self.year: int | None = None
        self.last: str | None = None
        self.last_position = -1

    def relative_year(self, offset: int) -> int | None:
        """去年 is -1, 今年 0: counted from the date of publication."""
        return self.published.year + offset if self.published else None

    def passage_year(self) -> int | None:
        """The year the passage is in: 当年, 年末."""
        return self.year if self.year is not None else self.relative_year(0)

    def year_of_month(self, month: int, day: int | None) -> int | None:
        """The year of a month or day without one.

        A day shortly before the publication is in its year, whatever the passage talks about;
        else the passage decides; else the publication's year, or the one before for a month that
        lies far ahead of it.
        """
        if self.published:
            for year in (self.published.year, self.published.year - 1):
                candidate = complete(month, day or 1, year)
                if candidate and day and 0 <= (self.published - candidate).days <= _RECENT_DAYS:
                    return year
        if self.year is not None:
            return self.year
        if self.published is None:
            return None
        return self.published.year - (month - self.published.month > _FAR_MONTHS)

    def see(self, value: str, position: int) -> None:
        """Note a resolved date: what follows is read in its light."""
        self.last, self.last_position = value, position
        if value[:4].isdigit():
            self.year = int(value[:4])


def publication_day(document: Document, setting: str | None) -> date | None:
    """The day of publication; completes `metadata.published` where its year is missing.

    The missing year is the latest one that the text looks back on.
    """
    published = document.metadata.published
    if published is None:
        return date.fromisoformat(setting) if setting else None
    if published.value is None and (short := re.search(r"(\d{1,2})\D+(\d{1,2})", published.text)):
        month, day = int(short[1]), int(short[2])
        year, why = (int(setting[:4]), "the setting numbers.published") if setting else (None, "")
        if year is None:
            seen = [m for m in _YEAR.finditer(document.text)
                    if not _FORWARD.search(document.text, max(0, m.start() - 12), m.start())]
            if seen:
                latest = max(seen, key=lambda m: m[1])
                year, why = int(latest[1]), f"{latest[0]}, the latest year the text looks back on"
        resolved = complete(month, day, year) if year else None
        if resolved is None:
            document.warnings.append(
                f"published {published.text!r}: the year is missing and nothing in the text tells it"
            )
        else:
            published.value, published.basis = resolved.isoformat(), f"year inferred from {why}"
    return date.fromisoformat(published.value) if published.value else None
