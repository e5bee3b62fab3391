"""What the readers of amounts share."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.stages.numbers.numerals import Numeral

_DURATION_LETTERS = {"Y", "M", "W", "D", "Q", "TH", "TM", "TS", "TmS"}


class Amount(NamedTuple):
    """A number with its unit, before cues are looked at.

    Attributes:
        value: TIMEX3 string of a duration; else None and `numeral` holds the value.
        bare: whether nothing but its neighbour in a range makes it a number.
        scale: the scale that the numeral ends in (亿), to be shared by a range's first part.
        factor: what the unit multiplies the figure with: 10 for 成, 0.01 for 港仙.
        by: the rule.
    """

    start: int
    end: int
    label: str
    numeral: Numeral
    unit: str | None
    by: str
    value: str | None = None
    bare: bool = False
    scale: Decimal = Decimal(1)
    factor: Decimal = Decimal(1)


class Spans:
    """Spans in which nothing more may begin or end.

    Args:
        length: that of the text.

    Attributes:
        mask: a byte for each character of the text: 1 where a span covers it, else 0.
    """

    def __init__(self, spans: Iterable[tuple[int, int]], length: int) -> None:
        self.mask = mask = bytearray(length)
        for start, end in spans:
            mask[start:end] = b"\1" * (end - start)

    def overlap(self, start: int, end: int) -> bool:
        """Whether a span shares a character with `[start, end)`."""
        return self.mask.find(1, start, end) >= 0


@lru_cache(maxsize=8192)
def plain(number: Decimal) -> int | Decimal:
    """An integer where the value is whole, else its decimal digits without trailing zeros."""
    if number == number.to_integral_value():
        return int(number)
    return number.normalize()


def duration(start: int, end: int, numeral: Numeral, letters: str, word: str) -> Amount:
    """A duration; one of several (几个月) has no value, its modifier says so.

    Args:
        letters: the unit in ISO 8601, hours and below with the T before them: Y, TH.
        word: the unit as it is written.
    """
    by = f"duration:{word}"
    bounds = Numeral(None, None, None, numeral.modifier, numeral.cue)
    if numeral.value is None or letters not in _DURATION_LETTERS:
        return Amount(start, end, "DURATION", bounds, None, by)
    count = numeral.value
    if letters == "TmS":
        # ISO 8601 has no letter for milliseconds.
        letters, count = "TS", count / 1000
    number = f"{_written(count)}{letters[-1]}"
    value = f"PT{number}" if letters[0] == "T" else f"P{number}"
    return Amount(start, end, "DURATION", bounds, None, by, value)


def _written(number: Decimal) -> str:
    return f"{number.normalize():f}"
