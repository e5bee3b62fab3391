"""Numbers for characters, words and tags that have a vector of their own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

UInts = NDArray[np.uint32]

# Numbers of "nothing here" (the value 0) and of all that is not in the vocabulary.
NOTHING, UNKNOWN, FIRST = 0, 1, 2
_BITS = 20
_MIX = np.uint32(0x9E3779B1)


class Vocabulary:
    """Values with the numbers from `FIRST` on, in their order.

    Args:
        values: not 0, none twice. One whose place in the table is taken by a later one is unknown.
    """

    def __init__(self, values: UInts) -> None:
        self.values = values
        self._keys = np.concatenate([np.zeros(FIRST, np.uint32), values])
        self._table = np.zeros(1 << _BITS, np.uint16)
        self._table[_place(values)] = np.arange(FIRST, len(values) + FIRST)

    def __len__(self) -> int:
        """How many numbers there are, those of nothing and unknown included."""
        return len(self._keys)

    def numbers(self, values: UInts) -> NDArray[np.int64]:
        """The number of each value."""
        found = self._table[_place(values)].astype(np.int64)
        found[self._keys[found] != values] = UNKNOWN
        found[values == 0] = NOTHING
        return found


def _place(values: UInts) -> UInts:
    place: UInts = (values * _MIX) >> np.uint32(32 - _BITS)
    return place
