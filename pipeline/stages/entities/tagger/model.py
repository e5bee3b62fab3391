"""The tagger's weights, and the scores of labels that they give.

Two models whose scores are added: a linear one over the features of every position, and a small
network over vectors of characters, words and tags, which is asked only where the linear one does
not clearly see "no name". Weights are whole numbers of 8 bits, and so small that all sums are
exact: the scores are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
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
_CHUNK = 512

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
        self._linear = np.zeros((len(rows) + 1, _PADDED), np.int16)
        self._linear[1:, :LABELS] = arrays["linear"]
        kinds = ("character", "word", "tag")
        self._vocabularies = Vocabularies(*(Vocabulary(arrays[f"{kind}s"]) for kind in kinds))
        self._characters, self._words, self._tags = (
            arrays[f"{kind}_vectors"].astype(np.float32) for kind in kinds
        )
        hidden = arrays["hidden"].astype(np.float32)
        borders = np.cumsum([len(CHARACTERS) * self._characters.shape[1],
                             len(WORDS) * self._words.shape[1]])  # fmt: skip
        self._by_character, by_words, by_tags = np.split(hidden, borders)
        before, here, after = np.split(by_tags, len(WORDS))
        self._by_word = np.concatenate([by_words, before, after])
        self._by_tag = self._tags @ here + arrays["hidden_bias"].astype(np.float32)
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
        """The positions where a name is possible, and their scores `[positions, LABELS]`.

        A word is possible as a whole, and also where it stands between two that are: the inside
        of a long name can look like no name.
        """
        linear = self.linear(row)
        # Over rows numpy finds a maximum many times faster than over columns.
        by_label = np.ascontiguousarray(linear.T)
        lead = by_label[OUTSIDE] - by_label[OUTSIDE + 1 :].max(0)
        possible = lead < self._margin / self._scale
        possible &= row.char != 0
        words = np.zeros(len(row.word), bool)
        words[row.covering[possible]] = True
        # Word 0 covers what no word covers, such as spaces.
        words[0] = False
        words[1:-1] |= words[2:] & words[:-2]
        possible |= words[row.covering]
        at = np.flatnonzero(possible)
        # One thread: workers share the cores, and threads that wait for one another cost more.
        with self._threads.limit(limits=1, user_api="blas"):
            return at, linear[at] * self._scale + self.network(row, at)

    def linear(self, row: Row) -> NDArray[np.int16]:
        """The linear model's scores `[positions, LABELS]`, in units of its scale."""
        total = np.empty((len(row.char), _PADDED), np.int16)
        for positions, slot in slots(row):
            entry = self._index.take(slot >> _CHECK_BITS, mode="clip")
            number = entry >> _CHECK_BITS
            number *= ((entry ^ slot) & _CHECK) == 0
            sums = total[positions]
            for part in _chunks(len(sums)):
                found = self._linear.take(number[:, part], axis=0, mode="clip")
                np.add.reduce(found, axis=0, out=sums[part])
        return total[:, :LABELS]

    def network(self, row: Row, at: Ints) -> Floats:
        """The network's scores of the positions `at`, `[len(at), LABELS]`.

        What words give to the hidden layer is the same for all their characters.
        """
        characters = self._vocabularies.characters.numbers(row.char)
        tags = self._vocabularies.tags.numbers(row.tag) * PARTS
        covering = row.covering[at]
        present = np.zeros(len(row.word), bool)
        present[covering] = True
        words = np.flatnonzero(present)
        place = np.cumsum(present)[covering] - 1
        by_word = self._of_words(row, words, tags)
        tagged = tags[covering] + row.part[at]
        scores = np.empty((len(at), LABELS), np.float32)
        for part in _chunks(len(at)):
            around = characters[at[part, None] + CHARACTERS]
            hidden = _joined(self._characters, around) @ self._by_character
            hidden += by_word.take(place[part], axis=0, mode="clip")
            hidden += self._by_tag.take(tagged[part], axis=0, mode="clip")
            hidden *= self._hidden_scale
            np.clip(hidden, 0, HIDDEN_TOP, out=hidden)
            np.floor(hidden, out=hidden)
            np.matmul(hidden, self._output, out=scores[part])
        scores *= self._output_scale
        scores += self._output_bias
        return scores

    def _of_words(self, row: Row, words: Ints, tags: Ints) -> Floats:
        """What words, their neighbours and the neighbours' tags give, `[len(words), units]`."""
        around = words[:, None] + WORDS
        numbers = self._vocabularies.words.numbers(row.word)
        beside = tags[around[:, [0, -1]]]
        seen = [_joined(self._words, numbers[around]), _joined(self._tags, beside)]
        given: Floats = np.concatenate(seen, axis=1) @ self._by_word
        return given


def _joined(vectors: Floats, numbers: Ints) -> Floats:
    """The vectors of each row of numbers, one behind the other."""
    width = numbers.shape[1] * vectors.shape[1]
    return vectors.take(numbers, axis=0, mode="clip").reshape(len(numbers), width)


def _chunks(size: int) -> Iterator[slice]:
    """Parts that fit into a core's cache."""
    for start in range(0, size, _CHUNK):
        yield slice(start, start + _CHUNK)
