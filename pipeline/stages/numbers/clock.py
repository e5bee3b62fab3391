"""The article's clock: what year a date without one is in.

First the passage speaks (年末 after 2024年第二季度… is 2024), then the date of publication. The
computer's clock is never asked.
"""

from __future__ import annotations

import re
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
# A comparison (较2022年11月) does not take the passage with it.
_COMPARED = re.compile("[较比自从]$")
_SENTENCE_END = re.compile("[。！？!?\n]")
_PARAGRAPH_END = re.compile("\n+")
_PERIOD = re.compile(r"\d{4}-(?:\d\d|[QH]\d)(?:/\d{4}-\d\d)?")
_MONTH_DAY = re.compile(r"(\d{1,2})\D+(\d{1,2})")
_QUARTERS = "一二三四"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BESIDE = re.compile(r"\s?[(（,，]?\s?")
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

    def see(self, value: str, start: int, end: int) -> None:
        """Note a resolved date: what follows is read in its light."""
        self.last, self._last_end = value, end
        if _PERIOD.fullmatch(value):
            self.last_period = value
        if value[:4].isdigit() and not _COMPARED.search(self._text, max(0, start - 1), start):
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
        between = self._text[self._year_end : position]
        near = len(_PARAGRAPH_END.findall(between)) <= 1
        return self._year if self._year_is_fine and near else None

    def current_year(self, position: int) -> int | None:
        """The passage's year, else that of the publication: 年末, 当年."""
        passage = self.passage_year(position)
        if passage is not None:
            return passage
        return self.published.year if self.published else self._year

    def last_in_sentence(self, position: int) -> str | None:
        """The date resolved last, if it stands in the sentence of `position`."""
        if self.last is None or _SENTENCE_END.search(self._text[self._last_end : position]):
            return None
        return self.last

    def day_named_beside(self, position: int) -> date | None:
        """The day whose name ends directly before a position: 6月1日（周日）."""
        if self.last is None or not _BESIDE.fullmatch(self._text, self._last_end, position):
            return None
        return date.fromisoformat(self.last) if _DAY.fullmatch(self.last) else None

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
        return not _SENTENCE_END.search(self._text[self._year_end : position])

    def year_of_day(self, month: int, day: int, position: int) -> int | None:
        """The year of a day: near the publication, else the passage's, else the nearest."""
        passage = self.passage_year(position)
        if self.published is None:
            return passage if passage is not None else self._year
        published = self.published
        days = [d for y in (-1, 0, 1) if (d := complete(month, day, published.year + y))]
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
        same_paragraph = "\n" not in self._text[self._year_end : position]
        return self._year_is_fine and self._year_is_stated and same_paragraph


def publication_day(document: Document, setting: date | None) -> date | None:
    """The day of publication; completes `metadata.published` where its year is missing.

    The missing year is the earliest in which everything that the text looks back on has begun.
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
            else (_latest_year(document.text, month))
        )
        resolved = complete(month, day, year) if year else None
        if resolved is None:
            document.warnings.append(
                f"published {published.text!r}: it has no year and nothing in the text tells it"
            )
        else:
            published.value, published.basis = resolved.isoformat(), f"year inferred from {why}"
    return date.fromisoformat(published.value) if published.value else None


def _latest_year(text: str, month: int) -> tuple[int | None, str]:
    """The year of a date line in `month`, and the words of the text that tell it.

    A year that the text names only once does not outweigh one that it names more often: it may be
    one that is still to come.
    """
    named: dict[int, list[str]] = {}
    for match in _YEAR.finditer(text):
        if _FORWARD.search(text, max(0, match.start() - _FORWARD_REACH), match.start()):
            continue
        begins = 1
        if match["month"]:
            begins = int(match["month"])
        elif match["quarter"]:
            quarter = match["quarter"]
            begins = 3 * (_QUARTERS.find(quarter) + 1 or int(quarter)) - 2
        named.setdefault(int(match["year"]) + (begins > month), []).append(match[0])
    if not named:
        return None, ""
    often = [year for year, words in named.items() if len(words) > 1]
    year = max(often or named)
    return year, f"{named[year][0]}, the latest time the text looks back on"
