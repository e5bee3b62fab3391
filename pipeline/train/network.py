"""Training of the small network: vectors of what is around a position, one hidden layer.

Adam on the CRF's loss. Words are often hidden in training, so that names outside the vocabulary
are judged by their characters and their neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.stages.entities.tagger.decode import LABELS
from pipeline.stages.entities.tagger.features import Row, UInts
from pipeline.stages.entities.tagger.model import CHARACTERS, PARTS, WORDS, Vocabularies
from pipeline.stages.entities.tagger.vocabulary import UNKNOWN, Vocabulary
from pipeline.train.crf import Floats, Ints, Sentences, gradient

# Sizes of the vectors of a character, a word, a tag; of the hidden layer.
SIZES, UNITS = (24, 24, 8), 96
LEARNING_RATE = 2e-3
EPOCHS = 8
BATCH = 6000
# How often a character, a word, a hidden unit is hidden.
CHARACTER_DROPOUT, WORD_DROPOUT, UNIT_DROPOUT = 0.1, 0.3, 0.3
# Characters, words and tags seen less often have no vector; the most frequent words have one.
LEAST, MOST_WORDS = (4, 5, 20), 40_000


@dataclass(frozen=True, slots=True)
class NetworkWeights:
    """The vocabularies and the trained arrays.

    `parameters` holds `character_vectors`, `word_vectors`, `tag_vectors`, `hidden`, `hidden_bias`,
    `output`, `output_bias`, `transitions`.
    """

    vocabularies: Vocabularies
    parameters: dict[str, Floats]


class _Adam:
    """Adam with a rate that falls to zero."""

    def __init__(self, parameters: dict[str, Floats], steps: int) -> None:
        self._parameters, self._steps, self._step = parameters, steps, 0
        self._mean = {name: np.zeros_like(value) for name, value in parameters.items()}
        self._square = {name: np.zeros_like(value) for name, value in parameters.items()}

    def update(self, gradients: dict[str, Floats]) -> None:
        rate = LEARNING_RATE * max(0.05, 1 - self._step / self._steps)
        self._step += 1
        rate *= (1 - 0.99**self._step) ** 0.5 / (1 - 0.9**self._step)
        for name, value in gradients.items():
            mean, square = self._mean[name], self._square[name]
            mean += np.float32(0.1) * (value - mean)
            square += np.float32(0.01) * (value * value - square)
            self._parameters[name] -= np.float32(rate) * mean / (np.sqrt(square) + 1e-8)


def train(row: Row, sentences: Sentences, seed: int, log: Callable[[str], None]) -> NetworkWeights:
    """Fit the network; the same seed gives the same weights on the same machine."""
    rng = np.random.default_rng(seed)
    vocabularies = _vocabularies(row)
    parameters = _initial(vocabularies, rng)
    log(f"network: {[len(v) for v in _each(vocabularies)]} characters, words, tags")
    inputs = vocabularies.inputs(row, np.arange(len(row.char))[row.place])
    at = np.zeros(len(row.char), np.int64)
    at[row.place] = np.arange(len(row.place))
    adam = _Adam(parameters, EPOCHS * (int(sentences.lengths.sum()) // BATCH + 1))
    for epoch in range(EPOCHS):
        for batch in sentences.batches(BATCH, rng):
            numbers = [values[at[batch.positions]] for values in inputs]
            for which, share in ((0, CHARACTER_DROPOUT), (1, WORD_DROPOUT)):
                numbers[which][rng.random(numbers[which].shape, np.float32) < share] = UNKNOWN
            vectors = [
                parameters[f"{name}_vectors"][n].reshape(len(n), -1)
                for name, n in zip(_KINDS, numbers, strict=True)
            ]
            seen = np.concatenate(vectors, axis=1)
            hidden = np.maximum(seen @ parameters["hidden"] + parameters["hidden_bias"], 0)
            kept = rng.random(hidden.shape, np.float32) > UNIT_DROPOUT
            hidden *= kept * np.float32(1 / (1 - UNIT_DROPOUT))
            scores = hidden @ parameters["output"] + parameters["output_bias"]
            by_score, by_transition = gradient(batch, scores, parameters["transitions"])
            # The rate suits gradients of about this size; Adam hardly minds.
            by_score *= np.float32(10 / len(scores))
            by_hidden = by_score @ parameters["output"].T
            by_hidden *= (hidden > 0) * np.float32(1 / (1 - UNIT_DROPOUT))
            by_seen = by_hidden @ parameters["hidden"].T
            gradients = {
                "transitions": by_transition * np.float32(10 / len(scores)),
                "output": hidden.T @ by_score,
                "output_bias": by_score.sum(0),
                "hidden": seen.T @ by_hidden,
                "hidden_bias": by_hidden.sum(0),
            }
            first = 0
            for name, n, size in zip(_KINDS, numbers, SIZES, strict=True):
                part = by_seen[:, first : first + n.shape[1] * size].reshape(-1, size)
                first += n.shape[1] * size
                table = parameters[f"{name}_vectors"]
                gradients[f"{name}_vectors"] = _summed(n, part, len(table))
            adam.update(gradients)
        log(f"network: epoch {epoch + 1} of {EPOCHS}")
    return NetworkWeights(vocabularies, parameters)


_KINDS = ("character", "word", "tag")


def _each(vocabularies: Vocabularies) -> tuple[Vocabulary, Vocabulary, Vocabulary]:
    return vocabularies.characters, vocabularies.words, vocabularies.tags


def _vocabularies(row: Row) -> Vocabularies:
    seen = (row.char, row.word, row.tag)
    most = (None, MOST_WORDS, None)
    return Vocabularies(*(_vocabulary(*values) for values in zip(seen, LEAST, most, strict=True)))


def _vocabulary(seen: UInts, least: int, most: int | None) -> Vocabulary:
    """The values seen often enough, the most frequent last: they win their places."""
    values, counts = np.unique(seen[seen != 0], return_counts=True)
    order = np.argsort(counts, kind="stable")
    order = order[counts[order] >= least]
    return Vocabulary(values[order[-most:] if most else order])


def _initial(vocabularies: Vocabularies, rng: np.random.Generator) -> dict[str, Floats]:
    def normal(*shape: int, scale: float) -> Floats:
        return (rng.standard_normal(shape) * scale).astype(np.float32)

    rows = [len(v) for v in _each(vocabularies)]
    rows[2] *= PARTS
    seen = len(CHARACTERS) * SIZES[0] + len(WORDS) * (SIZES[1] + SIZES[2])
    parameters = {
        f"{name}_vectors": normal(count, size, scale=0.3)
        for name, count, size in zip(_KINDS, rows, SIZES, strict=True)
    }
    return parameters | {
        "hidden": normal(seen, UNITS, scale=(2 / seen) ** 0.5),
        "hidden_bias": np.zeros(UNITS, np.float32),
        "output": normal(UNITS, LABELS, scale=0.1),
        "output_bias": np.zeros(LABELS, np.float32),
        "transitions": np.zeros((LABELS, LABELS), np.float32),
    }


def _summed(numbers: Ints, values: Any, count: int) -> Floats:
    """The sum of the rows of `values` for each number."""
    from scipy.sparse import csr_array

    flat = numbers.ravel()
    ones = np.ones(len(flat), np.float32)
    rows = np.arange(len(flat) + 1)
    matrix = csr_array((ones, flat, rows), shape=(len(flat), count))
    summed: Any = matrix.T @ values
    return np.asarray(summed, np.float32)
