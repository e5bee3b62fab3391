"""From scores of labels to the best labelling (Viterbi), and from labels to spans.

Labels are 0 for "no name", then for each kind B, I, E, S. Where 0 leads by far it is taken as
given, and the best path is searched only in the stretches between.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

KINDS = ("PERSON", "ORG", "LOC")
LABELS = 1 + 4 * len(KINDS)
OUTSIDE = 0
_BEGIN, _INSIDE, _END, _SINGLE = range(4)
IMPOSSIBLE = np.float32(-1e6)

Floats = NDArray[np.float32]
Labels = NDArray[np.int8]
Ints = NDArray[np.int64]


def allowed() -> NDArray[np.bool_]:
    """Which label may follow which: `[before, after]`."""
    matrix = np.zeros((LABELS, LABELS), bool)
    for before in range(LABELS):
        for after in range(LABELS):
            open_ = before != OUTSIDE and (before - 1) % 4 in (_BEGIN, _INSIDE)
            inner = after != OUTSIDE and (after - 1) % 4 in (_INSIDE, _END)
            same = (before - 1) // 4 == (after - 1) // 4
            matrix[before, after] = inner and same if open_ else not inner
    return matrix


def encode(spans: Iterable[tuple[int, int, int]], size: int) -> Labels:
    """Labels of a text of `size` characters with spans `(start, end, number of the kind)`."""
    labels = np.zeros(size, np.int8)
    for start, end, kind in spans:
        first = 1 + 4 * kind
        if end - start == 1:
            labels[start] = first + _SINGLE
        else:
            labels[start] = first + _BEGIN
            labels[start + 1 : end - 1] = first + _INSIDE
            labels[end - 1] = first + _END
    return labels


def spans(labels: Labels) -> tuple[Ints, Ints, Ints]:
    """Starts, ends and numbers of the kinds of all spans of well formed labels, in order."""
    marked = np.flatnonzero(labels)
    kinds, parts = np.divmod(labels[marked].astype(np.int64) - 1, 4)
    starts = marked[(parts == _BEGIN) | (parts == _SINGLE)]
    last = (parts == _END) | (parts == _SINGLE)
    return starts, marked[last] + 1, kinds[last]


def runs(positions: Ints) -> Ints:
    """The lengths of the stretches of positions that follow one another."""
    breaks = np.flatnonzero(np.diff(positions) != 1) + 1
    return np.diff(breaks, prepend=0, append=len(positions)) if len(positions) else breaks


def viterbi(scores: Floats, lengths: Ints, transitions: Floats) -> Labels:
    """The best labels of all positions.

    Args:
        scores: `[positions, LABELS]`, stretch by stretch.
        lengths: of the stretches, at least 1; before and after each of them the label is 0.
        transitions: `[before, after]`, `IMPOSSIBLE` where a label cannot follow.
    """
    labels = np.zeros(len(scores), np.int8)
    if not len(lengths):
        return labels
    # Step by step through all stretches at once. The longest first: those that go on are a prefix.
    order = np.argsort(-lengths, kind="stable")
    starts, longest_first = (np.cumsum(lengths) - lengths)[order], lengths[order]
    longest = int(longest_first[0])
    active = np.searchsorted(-longest_first, -np.arange(longest + 1), side="left")
    # The positions of the first step, then of the second, ...
    stretch, _ = ranges(np.zeros(longest, np.int64), active[:-1])
    places = starts[stretch] + np.repeat(np.arange(longest), active[:-1])
    gains = np.ascontiguousarray(scores[places].T)
    counts = active.tolist()
    after = np.cumsum(active).tolist()
    best = [gains[:, : after[0]] + transitions[OUTSIDE, :, None]]
    moves = transitions[:, :, None]
    for step in range(1, longest):
        paths = best[-1][:, None, : counts[step]] + moves
        best.append(np.maximum.reduce(paths, axis=0) + gains[:, after[step - 1] : after[step]])
    last = [best[step][:, counts[step + 1] :] for step in reversed(range(longest))]
    current = (np.concatenate(last, axis=1) + transitions[:, OUTSIDE, None]).argmax(0)
    chosen = np.empty(len(places), np.int8)
    for step in reversed(range(1, longest)):
        ending = current[: counts[step]]
        chosen[after[step - 1] : after[step]] = ending
        # What led to the label is found again, for the one label that counts.
        moved = best[step - 1][:, : counts[step]] + transitions[:, ending]
        current[: counts[step]] = moved.argmax(0)
    chosen[: after[0]] = current
    labels[places] = chosen
    return labels


def ranges(starts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """The numbers of all ranges one after the other, and each number's place in its range."""
    before = np.cumsum(lengths) - lengths
    order = np.arange(int(lengths.sum()))
    inside = order - np.repeat(before, lengths)
    return inside + np.repeat(starts, lengths), inside
