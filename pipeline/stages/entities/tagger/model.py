"""The tagger's weights, and the scores of labels that they give.

Two models whose scores are added: a linear one over the features of every position, and a small
network over vectors of characters, words and tags, which is asked only where the linear one does
not clearly see "no name". Weights are whole numbers of 8 bits, and so small that all sums are
exact: the scores are the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from pipeline.errors import ResourceError
from pipeline.stages.entities.tagger.decode import LABELS, OUTSIDE
from pipeline.stages.entities.tagger.features import SLOT_BITS, Row, slots
from pipeline.stages.entities.tagger.vocabulary import Vocabulary

NAME = "entities/tagger/weights.npz"
# What the network sees around a position: characters, and words with their tags.
CHARACTERS, WORDS = np.arange(-2, 3), np.arange(-1, 2)
PARTS = 5
# What a hidden unit gives at most: with it sums stay exact in floats of 32 bits.
HIDDEN_TOP = 255
INDEX_BITS = 22
_CHECK_BITS = np.uint32(SLOT_BITS - INDEX_BITS)
_CHECK = np.uint32((1 << (SLOT_BITS - INDEX_BITS)) - 1)
_PADDED = 16

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """What has a vector: folded characters, hashes of words, codes of tags."""

    characters: Vocabulary
    words: Vocabulary
    tags: Vocabulary

    def inputs(self, row: Row, at: Ints) -> tuple[Ints, Ints, Ints]:
        """Numbers `[len(at), inputs]` of the characters, words and tags around positions.

        The tags' are `PARTS` times their number, plus the part of the word at the position.
        """
        words = row.covering[at, None] + WORDS
        tags = self.tags.numbers(row.tag)[words] * PARTS
        tags[:, len(WORDS) // 2] += row.part[at]
        return (
            self.characters.numbers(row.char)[at[:, None] + CHARACTERS],
            self.words.numbers(row.word)[words],
            tags,
        )


class Model:
    """Weights, ready for use.

    Args:
        arrays: as `pipeline.train.export` writes them:
            `slots` uint32 [rows], ascending; `linear` int8 [rows, LABELS], in units of `scale`;
            `characters` uint32, `words` uint32, `tags` uint32: the vocabularies;
            `character_vectors`, `word_vectors`, `tag_vectors` int8 [vocabulary + 2, size], the
            last with 5 rows a tag, one for each part of a word;
            `hidden` int8 [inputs, units], `hidden_bias` int32 [units], `hidden_scale` float32;
            `output` int8 [units, LABELS], in units of `output_scale`; `output_bias` float32;
            `transitions` float32 [LABELS, LABELS]; `margin` float32: how far "no name" must lead
            in the linear score to be taken as certain.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        rows = arrays["slots"]
        self._index = np.zeros(1 << INDEX_BITS, np.uint32)
        entries = np.arange(1, len(rows) + 1, dtype=np.uint32) << _CHECK_BITS
        self._index[rows >> _CHECK_BITS] = entries | (rows & _CHECK)
        self._linear = np.zeros((len(rows) + 1, _PADDED), np.int8)
        self._linear[1:, :LABELS] = arrays["linear"]
        kinds = ("character", "word", "tag")
        self._vocabularies = Vocabularies(*(Vocabulary(arrays[f"{kind}s"]) for kind in kinds))
        self._vectors = [arrays[f"{kind}_vectors"].astype(np.float32) for kind in kinds]
        self._hidden = arrays["hidden"].astype(np.float32)
        self._hidden_bias = arrays["hidden_bias"].astype(np.float32)
        self._hidden_scale = np.float32(arrays["hidden_scale"])
        self._output = arrays["output"].astype(np.float32)
        self._output_bias: Floats = arrays["output_bias"]
        self._scale = np.float32(arrays["scale"])
        self._output_scale = np.float32(arrays["output_scale"])
        self._margin = np.float32(arrays["margin"])
        self.transitions: Floats = arrays["transitions"]
        self._threads = ThreadpoolController()

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read the weights.

        Raises:
            ResourceError: naming the file, if it cannot be read or is no such file.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls({name: file[name] for name in file.files})
        except (OSError, ValueError, KeyError, IndexError, EOFError, BadZipFile) as error:
            raise ResourceError(f"{path}: not the tagger's weights ({error})") from error

    def scores(self, row: Row) -> tuple[Ints, Floats]:
        """The positions where a name is possible, and their scores `[positions, LABELS]`."""
        linear = self.linear(row)
        lead = linear[:, OUTSIDE] - linear[:, OUTSIDE + 1 :].max(1)
        possible = lead < self._margin / self._scale
        # The inside of a long name can look like no name: its neighbours speak for it.
        possible[1:-1] |= possible[2:] | possible[:-2]
        possible &= row.char != 0
        at = np.flatnonzero(possible)
        # One thread: workers share the cores, and threads that wait for one another cost more.
        with self._threads.limit(limits=1, user_api="blas"):
            return at, linear[at] * self._scale + self.network(row, at)

    def linear(self, row: Row) -> NDArray[np.int16]:
        """The linear model's scores `[positions, LABELS]`, in units of its scale."""
        total = np.zeros((len(row.char), _PADDED), np.int16)
        found = np.empty(total.shape, np.int8)
        for slot in slots(row):
            entry = self._index.take(slot >> _CHECK_BITS, mode="clip")
            number = entry >> _CHECK_BITS
            number *= ((entry ^ slot) & _CHECK) == 0
            self._linear.take(number, axis=0, out=found, mode="clip")
            total += found
        return total[:, :LABELS]

    def network(self, row: Row, at: Ints) -> Floats:
        """The network's scores of the positions `at`, `[len(at), LABELS]`."""
        parts = zip(self._vectors, self._vocabularies.inputs(row, at), strict=True)
        inputs = np.concatenate(
            [
                vectors.take(numbers, axis=0).reshape(len(at), numbers.shape[1] * vectors.shape[1])
                for vectors, numbers in parts
            ],
            axis=1,
        )
        hidden = inputs @ self._hidden
        hidden += self._hidden_bias
        hidden *= self._hidden_scale
        np.clip(hidden, 0, HIDDEN_TOP, out=hidden)
        np.floor(hidden, out=hidden)
        scores: Floats = hidden @ self._output
        scores *= self._output_scale
        scores += self._output_bias
        return scores
