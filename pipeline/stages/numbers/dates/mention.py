"""What the readers of dates and of times of day give."""

from __future__ import annotations

from typing import NamedTuple


class DateMention(NamedTuple):
    """A date or time in the text.

    Attributes:
        label: DATE or TIME.
        value: TIMEX3, or None where the clock cannot resolve it.
        rule: the words that it was read by, for `by`.
        cue: the words before a time of day that say whose clock is meant (美东时间), or None.
    """

    start: int
    end: int
    label: str
    value: str | None
    rule: str
    cue: str | None = None
