"""Dates that are written with spaces between figures and characters: 2025 年 5 月 20 日."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipeline.stages.numbers.dates import DateMention

# The spaces of a month, of a day behind it, and of a quarter.
_INSIDE = re.compile(
    # The space comes first: `re` skims a text for it.
    r" (?:(?<=年 )(?=\d{1,2} ?月)|(?<=月 )(?=\d{1,2} ?[日号])|(?<=第 )(?=\d ?季)"
    r"|(?<=\d )(?=[月日])|(?:(?<=第\d )|(?<=第 \d ))(?=季)"
    r"|(?:(?<=月\d )|(?<=月\d\d )|(?<=月 \d )|(?<=月 \d\d ))(?=号))"
)


class Squeezed:
    """A text without the spaces inside its dates, and the way back to the text's offsets.

    Attributes:
        text: what is left; most texts have no such spaces, and it is the text itself.
    """

    def __init__(self, text: str) -> None:
        spaces = [match.start() for match in _INSIDE.finditer(text)] if " " in text else []
        self.text = _INSIDE.sub("", text) if spaces else text
        # Where each space would stand in what is left.
        self._cuts = [space - number for number, space in enumerate(spaces)]

    def placed(self, dates: Sequence[DateMention]) -> Sequence[DateMention]:
        """The dates of what is left at their places in the text itself."""
        if not self._cuts:
            return dates
        spans = [self.span(date.start, date.end) for date in dates]
        return [
            date._replace(start=start, end=end)
            for date, (start, end) in zip(dates, spans, strict=True)
        ]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text that `[start, end)` of what is left stands for; it is not empty."""
        return self._offset(start), self._offset(end - 1) + 1

    def _offset(self, position: int) -> int:
        return position + bisect_right(self._cuts, position)
