"""From scores of labels to the best labelling (Viterbi), and from labels to spans.

Labels are 0 for "no name", then for each kind B, I, E, S. Where 0 leads by far it is taken as
given, and the best path is searched only in the stretches between, all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def spans(labels: Labels) -> Iterator[tuple[int, int, int]]:
    """Spans `(start, end, number of the kind)` of well formed labels, in order."""
    start = 0
    for at in np.flatnonzero(labels):
        kind, part = divmod(int(labels[at]) - 1, 4)
        if part in (_BEGIN, _SINGLE):
            start = int(at)
        if part in (_END, _SINGLE):
            yield start, int(at) + 1, kind


def stretches(mask: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Starts and lengths of the runs of True."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return edges[::2], edges[1::2] - edges[::2]


def viterbi(scores: Floats, starts: Ints, lengths: Ints, transitions: Floats) -> Labels:
    """The best labels of all positions; 0 outside the stretches.

    Args:
        scores: `[positions, LABELS]`.
        starts: of the stretches; before and after each of them the label is 0.
        lengths: of the stretches, at least 1.
        transitions: `[before, after]`, `IMPOSSIBLE` where a label cannot follow.
    """
    labels = np.zeros(len(scores), np.int8)
    if not len(starts):
        return labels
    # The longest first: at each step those that go on are a prefix.
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    longest = int(lengths[0])
    active = np.searchsorted(-lengths, -np.arange(longest), side="left")
    # `into[j, i]`: from label i to label j.
    into = np.ascontiguousarray(transitions.T)
    best = scores[starts] + transitions[OUTSIDE]
    pointers: list[NDArray[np.intp]] = []
    ends: Floats = best
    for step in range(1, longest):
        count = active[step]
        paths = best[:count, None, :] + into
        pointers.append(paths.argmax(2))
        best = paths.max(2) + scores[starts[:count] + step]
        ends[:count] = best
    current = (ends + transitions[:, OUTSIDE]).argmax(1)
    for step in range(longest - 1, 0, -1):
        count = active[step]
        labels[starts[:count] + step] = current[:count]
        current[:count] = pointers[step - 1][np.arange(count), current[:count]]
    labels[starts] = current
    return labels
