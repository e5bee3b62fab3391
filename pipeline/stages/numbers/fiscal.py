"""The days of a fiscal year: as the text defines it, else by the company that it speaks of."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date

from pipeline.document import Document
from pipeline.errors import ResourceError
from pipeline.resources import Resources, read_table

_COLUMNS = ("id", "last_month", "source")
_FISCAL = re.compile(r"FY(\d{4})(?:-([QH])([1-4]))?")
# 截至2025年3月31日止的财年
_STATED = re.compile(
    r"截至?(?:\d{4}年)?(?P<month>1[0-2]|[1-9])月(?:3[01]|2[89])[日号]?止?的?"
    r"(?:20\d\d)?(?:全年|年度|财年|财政年度|会计年度|财务年度)"
)
_MONTHS = {None: 12, "H": 6, "Q": 3}


class FiscalYears:
    """When the fiscal years of companies end, by `numbers/fiscal_years.tsv`.

    Raises:
        ResourceError: if a row's last month is no month.
    """

    def __init__(self, resources: Resources) -> None:
        self._last_month: dict[str, int] = {}
        for path in resources.tables("numbers"):
            if path.name != "fiscal_years.tsv":
                continue
            for line, row in read_table(path, _COLUMNS):
                month = row["last_month"]
                if not month.isdigit() or not 1 <= int(month) <= 12:
                    raise ResourceError(
                        f"{path}, line {line}: the last month {month!r} of the fiscal year is not "
                        "1 to 12"
                    )
                self._last_month[row["id"]] = int(month)

    def last_month(self, document: Document, position: int) -> tuple[int, str] | None:
        """The last month of the fiscal year that is meant at a position, and what tells it."""
        stated = _STATED.search(document.text)
        if stated is not None:
            return int(stated["month"]), f"stated:{stated[0]}"
        known = [
            entity
            for entity in document.entities
            if entity.id is not None and entity.id in self._last_month
        ]
        if not known:
            return None
        # The company named last before the date, else the first one of the article.
        at = bisect_right([entity.start for entity in known], position)
        entity = known[max(0, at - 1)]
        assert entity.id is not None, "it was looked up by its id"
        return self._last_month[entity.id], f"company:{entity.name}"


def fiscal_days(value: str, last_month: int) -> tuple[date, date]:
    """First day, and the day after the last, of FY2026, FY2026-Q1 or FY2026-H1.

    A fiscal year has the number of the year that it ends in, as companies in China, Japan and the
    United States count.

    >>> fiscal_days("FY2026-Q1", 3)
    (datetime.date(2025, 4, 1), datetime.date(2025, 7, 1))
    """
    match = _FISCAL.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is no fiscal year")
    length = _MONTHS[match[2]]
    begin = 12 * (int(match[1]) - 1) + last_month + length * (int(match[3] or 1) - 1)
    end = begin + length
    return date(begin // 12, begin % 12 + 1, 1), date(end // 12, end % 12 + 1, 1)
