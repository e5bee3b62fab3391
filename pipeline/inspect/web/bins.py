"""Bins of values: quarters of a power of ten, for histograms and to find numbers of a size."""

from __future__ import annotations

import math

# Bins for each power of ten.
BINS = 4
# What a row of the index keeps a bit for: the bins from 0.001 on; the last bits stand for all
# smaller and all greater values.
_FIRST, _BITS = -3 * BINS, 62


def bin_of(value: float) -> int | None:
    """The number of a value's bin; None of what has no logarithm."""
    return math.floor(math.log10(value) * BINS + 1e-9) if 0 < value < math.inf else None


def bin_start(number: int) -> float:
    """Where a bin begins; it ends where the next one does."""
    return float(10 ** (number / BINS))


def bits(low: float, high: float) -> int:
    """A bit for each bin that the values from `low` to `high` touch."""
    return (2 << _bit(high)) - (1 << _bit(low))


def bits_between(low: float, high: float) -> int:
    """The bins of which every value lies between two values.

    A number with one of these bits lies between them, at least in part.
    """
    first, last = _bit(low) + 1, _bit(high)
    return (1 << last) - (1 << first) if first < last else 0


def _bit(value: float) -> int:
    """The place of a value's bit; a greater value never has a lower one."""
    number = bin_of(value)
    if number is None:
        return _BITS - 1 if value > 0 else 0
    return min(max(number - _FIRST + 1, 0), _BITS - 1)
