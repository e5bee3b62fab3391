"""Features of characters for the tagger, all of some documents at once.

A feature is a number below `SLOTS`: the hash of a template with what it sees. Templates see the
characters around a position, and the word (of jieba) that covers it with its neighbours. All
arithmetic is on whole arrays of unsigned 32-bit integers, and the same on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, compress, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Document, Sentence
from pipeline.stages.entities.tagger.decode import ranges
from pipeline.tokens import Tokens

UInts = NDArray[np.uint32]
Ints = NDArray[np.int64]

SLOT_BITS = 26
SLOTS = 1 << SLOT_BITS
# Empty positions between sentences: as far as templates and the network see.
GAP = 2
# Odd multipliers of Fibonacci and Murmur hashing.
_MIX, _MIX_2, _MIX_3 = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
TEMPLATES = 14
_SALTS = (np.arange(1, TEMPLATES + 1) * 0x27D4EB2F & 0xFFFFFFFF).astype(np.uint32)[:, None]
_LONGEST_WORD = 64
# About how many positions are looked at together.
_PART = 2048
_POWERS = np.cumprod(np.full(_LONGEST_WORD, 0x01000193, np.uint32), dtype=np.uint32)
_BMP = 0x10000
# Addresses and codes: no name is so long without a space.
_ADDRESS = re.compile("[!-~]{20,}")
_OTHER, _HAN, _DIGIT, _UPPER, _LOWER, _MARK, _DOT, _NUMERAL = range(1, 9)


class _TagCodes(dict[str, int]):
    """The number of each part of speech: its first four bytes."""

    def __missing__(self, pos: str) -> int:
        code = self[pos] = int.from_bytes(pos.encode()[:4], "little")
        return code


_TAG_CODES = _TagCodes()


class View(NamedTuple):
    """What the tagger sees of a document.

    Attributes:
        text: the document's, with NUL for each character of an address.
        sentences: those that are looked at, in order.
        tokens: the document's.
    """

    text: str
    sentences: Sequence[Sentence]
    tokens: Tokens

    @classmethod
    def of(cls, document: Document) -> View:
        """The whole document."""
        text = _ADDRESS.sub(lambda address: "\0" * len(address[0]), document.text)
        return cls(text, document.sentences, document.tokens)


@dataclass(frozen=True, slots=True)
class Row:
    """All sentences of some documents in one row, with `GAP` empty positions around each of them.

    Two axes: positions, one a character, and words, one a token, with `GAP` empty words around
    each sentence too. 0 stands for "nothing here" on both.

    Attributes:
        begins: position of the first character of each sentence.
        place: position in the row of each character.
        offset: offset of each character in the texts, one text behind the other.
        char: folded code point, by position; 0 in addresses such as those of web pages.
        kind: class of the character, by position.
        covering: the word that covers the position, 0 for none.
        part: 1 to 4 for the first, an inner, the last, the only character of a word.
        word: hash of the word, by word.
        tag: code of the word's part of speech, by word.
        last: the word's last character, by word.
        length: the word's length, up to 5, by word.
    """

    begins: Ints
    place: Ints
    offset: Ints
    char: UInts
    kind: UInts
    covering: Ints
    part: UInts
    word: UInts
    tag: UInts
    last: UInts
    length: UInts


def lay_out(views: Sequence[View]) -> Row:
    """The row of the sentences; characters and tokens outside them are not in it."""
    placed = list(zip([0, *accumulate(len(v.text) for v in views)], views, strict=False))
    starts = np.array([b + s.start for b, v in placed for s in v.sentences], np.int64)
    ends = np.array([b + s.end for b, v in placed for s in v.sentences], np.int64)
    lengths = ends - starts
    begins = np.cumsum(lengths + GAP) - lengths
    size = int(lengths.sum()) + GAP * (len(starts) + 1)
    offset, _ = ranges(starts, lengths)
    place, _ = ranges(begins, lengths)
    char, kind = np.zeros(size, np.uint32), np.zeros(size, np.uint32)
    text = "".join(view.text for view in views)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    char[place], kind[place] = _folded(codes[offset])

    first = np.concatenate([np.array(v.tokens.starts, np.int64) + b for b, v in placed])
    after = np.concatenate([np.array(v.tokens.ends, np.int64) + b for b, v in placed])
    # How many sentences begin before each token, of which the last one holds it, or none.
    before = np.searchsorted(starts, first, side="right")
    held = first < np.append(ends, 0)[before - 1]
    first, after, before = first[held], after[held], before[held]
    # What a token has behind its sentence's end is not seen.
    sizes = np.minimum(after, ends[before - 1]) - first
    # Where the tokens begin in the row.
    first += (begins - starts)[before - 1]
    last = first + sizes - 1
    inside, order = ranges(first, sizes)
    # Word 0 is none, and each sentence puts GAP empty words before its first.
    number = np.arange(len(first)) + GAP * before + 1
    covering, part = np.zeros(size, np.int64), np.zeros(size, np.uint32)
    covering[inside] = np.repeat(number, sizes)
    part[inside] = 2
    part[first] = 1
    part[last] = 3
    part[first[sizes == 1]] = 4
    words = np.zeros((4, len(first) + GAP * (len(starts) + 1) + 1), np.uint32)
    if len(first):
        summands = char[inside] * _POWERS[np.minimum(order, _LONGEST_WORD - 1)]
        words[0, number] = np.add.reduceat(summands, np.cumsum(sizes) - sizes, dtype=np.uint32)
        tags = compress(chain.from_iterable(view.tokens.tags for view in views), held.tolist())
        words[1, number] = [_TAG_CODES[tag] for tag in tags]
        words[2, number] = char[last]
        words[3, number] = np.minimum(sizes, 5)
    return Row(begins, place, offset, char, kind, covering, part, *words)


def _folded(codes: UInts) -> tuple[UInts, UInts]:
    """Characters of one width and case, with 0 for all digits; and their classes."""
    fold, classes = _tables()
    low = np.minimum(codes, _BMP - 1)
    return np.where(codes < _BMP, fold[low], codes), classes[low]


def slots(row: Row) -> Iterator[tuple[slice, UInts]]:
    """The slots of all positions, `[TEMPLATES, positions]`, part by part of the row.

    The parts fit into a core's cache. A slot is the upper bits of a product, whatever the number
    of the template.
    """
    by_word = np.stack(_word_templates(row))
    for part in _parts(row):
        mixed = np.empty((TEMPLATES, part.stop - part.start), np.uint32)
        own = _character_templates(row.char[part], row.kind[part])
        mixed[: len(own)] = own
        # What a word gives is told apart by the place in it.
        np.add(by_word[:, row.covering[part]], row.part[part] * _MIX_3, out=mixed[len(own) :])
        mixed ^= _SALTS
        mixed *= _MIX
        mixed ^= mixed >> np.uint32(15)
        mixed *= _MIX_2
        mixed >>= np.uint32(32 - SLOT_BITS)
        yield part, mixed


def _parts(row: Row) -> Iterator[slice]:
    """The row, cut between sentences into parts of about `_PART` positions."""
    wanted = np.arange(_PART, len(row.char), _PART)
    following = np.searchsorted(row.begins, wanted)
    # Templates see two positions on either side; a gap cut behind its first one is empty there.
    cuts = row.begins[following[following < len(row.begins)]] - GAP + 1
    for start, end in pairwise([0, *dict.fromkeys(cuts.tolist()), len(row.char)]):
        yield slice(start, end)


def shift(values: UInts, by: int) -> UInts:
    """`values[i + by]` at every i, 0 where there is none."""
    shifted = np.zeros_like(values)
    if by < 0:
        shifted[-by:] = values[:by]
    elif by:
        shifted[:-by] = values[by:]
    else:
        shifted[:] = values
    return shifted


def _join(first: UInts, second: UInts) -> UInts:
    joined: UInts = (first * _MIX_2 + second) * _MIX_3
    joined ^= joined >> np.uint32(13)
    return joined


def _character_templates(char: UInts, kind: UInts) -> list[UInts]:
    two = shift(char, 2)
    pair, skip = _join(char, shift(char, 1)), _join(char, two)
    triple = _join(pair, two)
    window = kind * np.uint32(9) ** 4
    for power, by in ((3, -2), (2, -1), (1, 1), (0, 2)):
        window += shift(kind, by) * np.uint32(9) ** power
    return [
        char,
        shift(pair, -2),
        shift(pair, -1),
        pair,
        shift(pair, 1),
        shift(skip, -1),
        shift(triple, -1),
        window,
    ]


def _word_templates(row: Row) -> list[UInts]:
    """By word, what each of its characters sees."""
    word, tag = row.word, row.tag
    tags = _join(_join(shift(tag, -1), tag), shift(tag, 1))
    return [
        word,
        shift(word, -1),
        shift(word, 1),
        tags,
        _join(tag, row.length),
        _join(tag, row.last),
    ]


@cache
def _tables() -> tuple[UInts, UInts]:
    """By code point of the basic plane: the folded code point, and the class of the character."""
    fold = np.arange(_BMP, dtype=np.uint32)
    classes = np.full(_BMP, _OTHER, np.uint32)
    fold[0xFF01:0xFF5F] -= 0xFEE0
    fold[0x3000] = 0x20
    classes[0x3400:0xA000] = classes[0xF900:0xFB00] = _HAN
    # Code points above the basic plane are looked up here; nearly all are Han.
    classes[_BMP - 1] = _HAN
    for code, folded in enumerate(fold[:0x100]):
        classes[code] = _ascii_class(int(folded))
    classes[0xFF01:0xFF5F] = classes[0x21:0x7F]
    classes[0x2010:0x2030] = classes[0x3000:0x3020] = _MARK
    for dot in "·•・‧":
        classes[ord(dot)] = _DOT
    for numeral in "〇零一二三四五六七八九十百千万亿两":
        classes[ord(numeral)] = _NUMERAL
    upper = (fold >= ord("A")) & (fold <= ord("Z"))
    fold[upper] += 32
    fold[(fold >= ord("0")) & (fold <= ord("9"))] = ord("0")
    return fold, classes


def _ascii_class(code: int) -> int:
    character = chr(code)
    if character.isdigit():
        return _DIGIT
    if character.isalpha():
        return _UPPER if character.isupper() else _LOWER
    return _MARK
