"""Offsets between a document's text and its source.

Both are counted in code points. Outside the blocks, text and source run in step, one code point
for one code point; a block is a stretch where they do not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.errors import AlignmentError


@dataclass(frozen=True, slots=True)
class Block:
    """`text[start:end]` stands for `source[source_start:source_end]`, as a whole."""

    start: int
    end: int
    source_start: int
    source_end: int


class Alignment:
    """A monotonic map between a text and its source.

    Args:
        length: length of the text in code points.
        source_length: length of the source in code points.
        blocks: the stretches that are not one-to-one, in order, without overlap.

    Raises:
        AlignmentError: if the blocks are out of order, or text and source do not run in step
            between them.
    """

    __slots__ = (
        "_ends",
        "_source_ends",
        "_source_starts",
        "_starts",
        "blocks",
        "length",
        "source_length",
    )

    def __init__(self, length: int, source_length: int, blocks: Iterable[Block] = ()) -> None:
        self.length = length
        self.source_length = source_length
        self.blocks = tuple(blocks)
        end = source_end = 0
        for block in (*self.blocks, Block(length, length, source_length, source_length)):
            gap, source_gap = block.start - end, block.source_start - source_end
            if gap < 0 or gap != source_gap:
                raise AlignmentError(
                    f"text {end}..{block.start} and source {source_end}..{block.source_start} "
                    "do not run in step"
                )
            if block.end < block.start or block.source_end < block.source_start:
                raise AlignmentError(f"{block} ends before it starts")
            end, source_end = block.end, block.source_end
        self._starts = [b.start for b in self.blocks]
        self._ends = [b.end for b in self.blocks]
        self._source_starts = [b.source_start for b in self.blocks]
        self._source_ends = [b.source_end for b in self.blocks]

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Source span of the text span `[start, end)`; one that cuts a block is widened to it.

        Source characters that are not in the text (a deleted zero-width space, say) belong to
        the span only when they stand inside it.
        """
        if not self.blocks:
            return start, end
        return _map(start, end, self._starts, self._ends, self._source_starts, self._source_ends)

    def to_text(self, start: int, end: int) -> tuple[int, int]:
        """Text span of the source span `[start, end)`; one that cuts a block is widened to it."""
        if not self.blocks:
            return start, end
        return _map(start, end, self._source_starts, self._source_ends, self._starts, self._ends)


def _map(
    start: int,
    end: int,
    starts: list[int],
    ends: list[int],
    to_starts: list[int],
    to_ends: list[int],
) -> tuple[int, int]:
    """Map a span from one side to the other; an empty span stays empty."""
    before = bisect_right(starts, start) - 1
    if before < 0:
        mapped_start = start
    elif start < ends[before]:
        mapped_start = to_starts[before]
    else:
        mapped_start = to_ends[before] + start - ends[before]
    if end <= start:
        return mapped_start, mapped_start
    before = bisect_left(starts, end) - 1
    if before < 0:
        mapped_end = end
    elif end <= ends[before]:
        mapped_end = to_ends[before]
    else:
        mapped_end = to_ends[before] + end - ends[before]
    return mapped_start, mapped_end
