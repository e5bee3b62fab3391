"""The article's clock: what year a date without one is in.

First the passage speaks (年末 after 2024年第二季度… is 2024), then the date of publication. The
computer's clock is never asked.
"""

from __future__ import annotations

import re
from datetime import date

from pipeline.stages.header import complete

# A comparison (较2022年11月) does not take the passage with it.
_COMPARED = frozenset("较比自从")
_SENTENCE_END = re.compile("[。！？!?\n]")
_PARAGRAPH_END = re.compile("\n+")
_PERIOD = re.compile(r"\d{4}-(?:\d\d|[QH]\d)(?:/\d{4}-\d\d)?")
# Days around the publication within which a day without a year is surely meant.
_NEAR_DAYS = 45
_NEAR_MONTHS = 4
# A month further ahead of the publication than this is that of the year before.
_AHEAD_MONTHS = 5


class Clock:
    """Resolves years; fed with the dates of the article from its beginning to its end.

    Args:
        text: the normalised text, to tell sentences and paragraphs apart.
        published: the day of publication, or None.

    Attributes:
        last: TIMEX3 value of the date that was resolved last, or None.
        last_period: the same of the last month, quarter or half, or interval of months.
    """

    def __init__(self, text: str, published: date | None) -> None:
        self.published = published
        self.last: str | None = None
        self.last_period: str | None = None
        self._text = text
        self._last_end = 0
        self._year: int | None = None
        self._year_end = 0
        self._year_is_fine = False
        self._year_is_stated = False

    def see(self, value: str, start: int, end: int, *, period: bool = True) -> None:
        """Note a resolved date: what follows is read in its light.

        Args:
            period: whether figures can be those of it; they are not those of 年底.
        """
        self.last, self._last_end = value, end
        if period and _PERIOD.fullmatch(value):
            self.last_period = value
        compared = start > 0 and self._text[start - 1] in _COMPARED
        if value[:4].isdigit() and not compared:
            self._year, self._year_end = int(value[:4]), end
            self._year_is_fine = len(value) > 4
            self._year_is_stated = self._text[start].isdigit() or self._text[start] in "民中"

    def relative_year(self, offset: int) -> int | None:
        """去年 is -1, 今年 0: counted from the date of publication."""
        return self.published.year + offset if self.published else None

    def passage_year(self, position: int) -> int | None:
        """The year of the passage, or None where it has none.

        A month or quarter of a year (2023年6月) carries over to the next paragraph; a year alone
        holds for its sentence.
        """
        if self._year is None:
            return None
        if self._year_in_sentence(position):
            return self._year
        if not self._year_is_fine:
            return None
        ends = _PARAGRAPH_END.findall(self._text, self._year_end, position)
        return self._year if len(ends) <= 1 else None

    def current_year(self, position: int) -> int | None:
        """The passage's year, else that of the publication: 年末, 当年."""
        passage = self.passage_year(position)
        if passage is not None:
            return passage
        return self.published.year if self.published else self._year

    def last_in_sentence(self, position: int) -> str | None:
        """The date resolved last, if it stands in the sentence of `position`."""
        if self.last is None or _SENTENCE_END.search(self._text, self._last_end, position):
            return None
        return self.last

    def year_of_period(self, month: int, position: int) -> int | None:
        """The year of a month, quarter or half that begins in `month`.

        The passage decides, but beyond its sentence only where the publication is not near.
        """
        passage = self.passage_year(position)
        if self.published is None:
            return self._year if passage is None else passage
        ahead = month - self.published.month
        by_publication = self.published.year - (ahead > _AHEAD_MONTHS)
        distance = abs(ahead - 12 * (by_publication < self.published.year))
        near = distance <= _NEAR_MONTHS and not self._holds_firmly(position)
        return by_publication if passage is None or near else passage

    def _year_in_sentence(self, position: int) -> bool:
        return _SENTENCE_END.search(self._text, self._year_end, position) is None

    def year_of_day(self, month: int, day: int, position: int) -> int | None:
        """The year of a day: near the publication, else the passage's, else the nearest."""
        passage = self.passage_year(position)
        if self.published is None:
            return passage if passage is not None else self._year
        published = self.published
        # 29 February is in one year of four, or of eight.
        years = (-1, 0, 1) if (month, day) != (2, 29) else range(-8, 9)
        days = [d for y in years if (d := complete(month, day, published.year + y))]
        if not days:
            return None
        nearest = min(days, key=lambda d: abs((d - published).days))
        near = abs((nearest - published).days) <= _NEAR_DAYS
        if self._year_is_fine and self._year_is_stated and self._year_in_sentence(position):
            near = False
        return nearest.year if passage is None or near else passage

    def _holds_firmly(self, position: int) -> bool:
        """Whether the passage's year outweighs a publication that is near.

        It does in its sentence, and in its paragraph where it was stated to the month.
        """
        if self._year_in_sentence(position):
            return True
        same_paragraph = self._text.find("\n", self._year_end, position) < 0
        return self._year_is_fine and self._year_is_stated and same_paragraph
