"""From scores of labels to the best labelling (Viterbi), and from labels to spans.

Labels are 0 for "no name", then for each kind B, I, E, S. Where 0 leads by far it is taken as
given, and the best path is searched only in the stretches between, all of them at once.
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


def stretches(mask: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Starts and lengths of the runs of True."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return edges[::2], edges[1::2] - edges[::2]


def viterbi(scores: Floats, starts: Ints, lengths: Ints, transitions: Floats) -> Labels:
    """The best labels of all positions; 0 outside the stretches.

    Args:
        scores: `[LABELS, positions]`.
        starts: of the stretches; before and after each of them the label is 0.
        lengths: of the stretches, at least 1.
        transitions: `[before, after]`, `IMPOSSIBLE` where a label cannot follow.
    """
    labels = np.zeros(scores.shape[1], np.int8)
    if not len(starts):
        return labels
    # The longest first: at each step those that go on are a prefix.
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    longest = int(lengths[0])
    steps = range(1, longest)
    active = np.searchsorted(-lengths, -np.arange(longest + 1), side="left").tolist()
    places = np.minimum(starts + np.arange(longest)[:, None], scores.shape[1] - 1)
    # By step, label and stretch.
    gains = np.ascontiguousarray(np.take(scores, places, axis=1).transpose(1, 0, 2))
    best = [gains[0] + transitions[OUTSIDE, :, None]]
    moves = transitions[:, :, None]
    for step in steps:
        count = active[step]
        paths = best[-1][:, None, :count] + moves
        best.append(np.maximum.reduce(paths, axis=0) + gains[step, :, :count])
    last = [best[step][:, active[step + 1] :] for step in reversed(range(longest))]
    current = (np.concatenate(last, axis=1) + transitions[:, OUTSIDE, None]).argmax(0)
    for step in reversed(steps):
        count = active[step]
        ending = current[:count]
        labels[places[step, :count]] = ending
        # What led to the label is found again, for the one label that counts.
        moved = best[step - 1][:, :count] + np.take(transitions, ending, axis=1)
        current[:count] = moved.argmax(0)
    labels[starts] = current
    return labels
