"""OpenCC's conversion by maximum matching, done over so that it can be watched.

It gives the same text as `opencc` (a test compares them on all configurations) and also says
which word decided at each place. It is slow, so only what needs it goes through it: the
neighbourhood of words that change the length, and explanations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.alignment import Alignment, Block
from pipeline.stages.normalize.dictionaries import Configuration, Dictionary

# Ideographic description characters; all but these take two operands.
_OPERATORS = frozenset(map(chr, range(0x2FF0, 0x3000)))
_OPERANDS = {"⿲": 3, "⿳": 3, "\u2ffe": 1, "\u2fff": 1}


@dataclass(frozen=True, slots=True)
class Match:
    """A word of a dictionary at a place of a step's text.

    Attributes:
        start, end: the word's span in the text that the step reads.
        value: what it becomes.
        dictionary: the dictionary that knows it.
    """

    start: int
    end: int
    value: str
    dictionary: Dictionary


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a conversion.

    Attributes:
        text: the text that the step reads.
        matches: the words found in it, in order.
        alignment: from what the step writes to what it reads.
    """

    text: str
    matches: list[Match]
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class Conversion:
    """A converted text and the steps that led to it."""

    text: str
    alignment: Alignment
    steps: list[Step]


def convert(configuration: Configuration, text: str) -> Conversion:
    """`text` converted, with every step of the way."""
    segments, normalization = _apply([text], configuration.normalization)
    segments = [s for part in segments for s in _segments(part, configuration.segmentation)]
    steps = [normalization]
    alignment = normalization.alignment
    for dictionaries in configuration.steps:
        segments, step = _apply(segments, dictionaries)
        steps.append(step)
        alignment = step.alignment.after(alignment)
    return Conversion("".join(segments), alignment, steps)


def _segments(text: str, dictionaries: Sequence[Dictionary]) -> Iterator[str]:
    """The text cut before and after every word of the dictionaries."""
    if not dictionaries:
        yield text
        return
    start = position = 0
    while position < len(text):
        if text[position] in _OPERATORS:
            position = _description_end(text, position)
            continue
        found = _word(text, position, dictionaries)
        if found is None:
            position += 1
            continue
        word, _ = found
        if start < position:
            yield text[start:position]
        yield word
        start = position = position + len(word)
    if start < len(text):
        yield text[start:]


def _apply(segments: list[str], dictionaries: Sequence[Dictionary]) -> tuple[list[str], Step]:
    """One step over all segments; no word crosses from one segment into the next."""
    written: list[str] = []
    matches: list[Match] = []
    blocks: list[Block] = []
    read = length = 0
    for segment in segments:
        pieces: list[str] = []
        position = 0
        while position < len(segment):
            if segment[position] in _OPERATORS:
                end = _description_end(segment, position)
                pieces.append(segment[position:end])
                length += end - position
                position = end
                continue
            found = _word(segment, position, dictionaries)
            if found is None:
                pieces.append(segment[position])
                position += 1
                length += 1
                continue
            word, dictionary = found
            value = dictionary.entries[word][0]
            start = read + position
            matches.append(Match(start, start + len(word), value, dictionary))
            if len(value) != len(word):
                blocks.append(Block(length, length + len(value), start, start + len(word)))
            pieces.append(value)
            position += len(word)
            length += len(value)
        written.append("".join(pieces))
        read += len(segment)
    return written, Step("".join(segments), matches, Alignment(length, read, blocks))


def _description_end(text: str, position: int) -> int:
    """Where an ideographic description (⿰馬車) that begins at `position` ends; OpenCC copies it.

    One that is not complete ends behind its first operator. Source: Unicode Standard, section
    18.2: an operator and its operands, which may be descriptions themselves.
    """
    end, wanted = position, 1
    while wanted and end < len(text):
        wanted += (_OPERANDS.get(text[end], 2) if text[end] in _OPERATORS else 0) - 1
        end += 1
    return position + 1 if wanted else end


def _word(
    text: str, position: int, dictionaries: Sequence[Dictionary]
) -> tuple[str, Dictionary] | None:
    """The longest word at `position` of the first dictionary that has one."""
    for dictionary in dictionaries:
        word = dictionary.longest_prefix(text, position)
        if word is not None:
            return word, dictionary
    return None
