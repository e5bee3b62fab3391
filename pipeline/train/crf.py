"""The linear-chain conditional random field: what its gradient needs.

The gradient of the loss by a score is the probability of the label less 1 where it is the right
one, so both models can be trained without automatic differentiation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.stages.entities.tagger.decode import LABELS, OUTSIDE, allowed

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_ALLOWED = allowed()


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences of similar length, one below the other.

    Attributes:
        positions: of their characters in the training row, sentence by sentence.
        inside: `[sentences, longest]`, where there is a character.
        labels: of the characters.
        weights: of the characters.
    """

    positions: Ints
    inside: NDArray[np.bool_]
    labels: Ints
    weights: Floats


@dataclass(frozen=True, slots=True)
class Sentences:
    """All sentences of a training row: where each starts and how long it is, labels, weights."""

    starts: Ints
    lengths: Ints
    labels: NDArray[np.int8]
    weights: Floats

    def batches(self, size: int, rng: np.random.Generator) -> list[Batch]:
        """All sentences in batches of about `size` characters, in random order."""
        jitter = 6 * rng.random(len(self.lengths))
        order = np.argsort(self.lengths + jitter, kind="stable")
        number = np.cumsum(self.lengths[order]) // size
        groups = np.split(order, np.flatnonzero(np.diff(number)) + 1)
        return [self._batch(groups[at]) for at in rng.permutation(len(groups))]

    def _batch(self, chosen: Ints) -> Batch:
        lengths = self.lengths[chosen]
        inside = np.arange(lengths.max()) < lengths[:, None]
        positions = (self.starts[chosen, None] + np.arange(inside.shape[1]))[inside]
        return Batch(
            positions,
            inside,
            self.labels[positions].astype(np.int64),
            np.repeat(self.weights[chosen], lengths),
        )


def gradient(batch: Batch, scores: Floats, transitions: Floats) -> tuple[Floats, Floats]:
    """The gradient of the negative log likelihood by scores and by transitions.

    Args:
        batch: the sentences; the label before and after each of them is OUTSIDE.
        scores: `[characters, LABELS]`.
        transitions: `[before, after]`; those that are not allowed are ignored.

    Returns:
        Arrays of the same shapes; the first is weighted by character, the second is not.
    """
    count, longest = batch.inside.shape
    grid = np.zeros((count, longest, LABELS), np.float32)
    grid[batch.inside] = np.exp(scores - scores.max(1, keepdims=True))
    grid[..., OUTSIDE][~batch.inside] = 1
    emissions = np.ascontiguousarray(grid.transpose(1, 0, 2))
    factors = np.where(_ALLOWED, np.exp(transitions), 0).astype(np.float32)
    forward, backward = _passes(emissions, factors)
    probabilities = forward * backward
    probabilities /= probabilities.sum(2, keepdims=True)

    following = backward[1:] * emissions[1:]
    mass = ((forward[:-1] @ factors) * following).sum(2, keepdims=True)
    expected = forward[:-1].reshape(-1, LABELS).T @ (following / mass).reshape(-1, LABELS)
    expected *= factors
    expected[OUTSIDE] += probabilities[0].sum(0)
    expected[:, OUTSIDE] += probabilities[-1].sum(0)
    labels = np.full((count, longest + 2), OUTSIDE)
    labels[:, 1:-1][batch.inside] = batch.labels
    pairs = (labels[:, :-1] * LABELS + labels[:, 1:]).ravel()
    observed = np.bincount(pairs, minlength=LABELS**2).reshape(LABELS, LABELS)

    by_score = probabilities.transpose(1, 0, 2)[batch.inside]
    by_score[np.arange(len(by_score)), batch.labels] -= 1
    by_score *= batch.weights[:, None]
    return by_score, np.where(_ALLOWED, expected - observed, 0).astype(np.float32)


def _passes(emissions: Floats, factors: Floats) -> tuple[Floats, Floats]:
    """Forward and backward sums, `[longest, sentences, LABELS]`, each step scaled to 1."""
    forward, backward = np.empty_like(emissions), np.empty_like(emissions)
    last = len(emissions) - 1
    current = emissions[0] * factors[OUTSIDE]
    for step in range(last + 1):
        if step:
            current = (current @ factors) * emissions[step]
        current = current / current.sum(1, keepdims=True)
        forward[step] = current
    current = np.broadcast_to(factors[:, OUTSIDE], emissions[0].shape)
    for step in range(last, -1, -1):
        if step < last:
            current = (current * emissions[step + 1]) @ factors.T
        current = current / current.sum(1, keepdims=True)
        backward[step] = current
    return forward, backward
