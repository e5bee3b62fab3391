"""Training of the linear model: one weight for each feature and label.

Adagrad on the CRF's loss, with dropout of features, so that no feature is relied on alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.stages.entities.tagger.decode import LABELS
from pipeline.stages.entities.tagger.features import SLOTS, Row, UInts, slots
from pipeline.train.crf import Floats, Sentences, gradient

LEARNING_RATE = 0.15
DROPOUT = 0.35
EPOCHS = 3
BATCH = 6000
# Features seen less often are left out.
LEAST = 4


@dataclass(frozen=True, slots=True)
class LinearWeights:
    """The slots of the features, ascending, their weights by label, and the transitions."""

    slots: UInts
    weights: Floats
    transitions: Floats


def train(
    row: Row, sentences: Sentences, seed: int, log: Callable[[str], None], least: int = LEAST
) -> LinearWeights:
    """Fit the model; the same seed gives the same weights."""
    from scipy.sparse import csr_array

    known, numbers = _numbered(row, least)
    log(f"linear: {len(known)} features, {len(row.place)} characters")
    rng = np.random.default_rng(seed)
    weights = np.zeros((len(known) + 1, LABELS), np.float32)
    squares = np.full_like(weights, 1e-3)
    transitions = np.zeros((LABELS, LABELS), np.float32)
    transition_squares = np.full_like(transitions, 1e-3)
    local = np.zeros(len(weights), np.int32)
    for epoch in range(EPOCHS):
        for batch in sentences.batches(BATCH, rng):
            seen = numbers[batch.positions]
            present = np.zeros(len(weights), bool)
            present[seen] = True
            # Row 0 is all features that are left out: its weights stay 0.
            present[0] = False
            used = np.flatnonzero(present)
            local[used] = np.arange(len(used))
            kept = (rng.random(seen.shape, np.float32) > DROPOUT) & (seen > 0)
            matrix = csr_array(
                (
                    (kept * np.float32(1 / (1 - DROPOUT))).ravel(),
                    local[seen].ravel(),
                    np.arange(0, seen.size + 1, seen.shape[1]),
                ),
                shape=(len(seen), len(used)),
            )
            by_score, by_transition = gradient(batch, matrix @ weights[used], transitions)
            by_weight = matrix.T @ by_score
            squares[used] += by_weight**2
            weights[used] -= LEARNING_RATE * by_weight / np.sqrt(squares[used])
            transition_squares += by_transition**2
            transitions -= LEARNING_RATE * by_transition / np.sqrt(transition_squares)
        log(f"linear: epoch {epoch + 1} of {EPOCHS}")
    return LinearWeights(known, weights[1:], transitions)


def _numbered(row: Row, least: int) -> tuple[UInts, NDArray[np.int32]]:
    """The slots seen often enough, and the features of each position by number, 0 if rare."""
    seen = np.ascontiguousarray(np.concatenate([slot for _, slot in slots(row)], axis=1).T)
    # Empty positions count for nothing.
    counts = np.bincount(seen[row.place].ravel(), minlength=SLOTS)
    known = np.flatnonzero(counts >= least)
    number = np.zeros(SLOTS, np.int32)
    number[known] = np.arange(1, len(known) + 1)
    return known.astype(np.uint32), number[seen]
