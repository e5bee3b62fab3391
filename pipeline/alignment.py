"""Offsets between a document's text and its source.

Both are counted in code points. Outside the blocks, text and source run in step, one code point
for one code point; a block is a stretch where they do not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import sub

from pipeline.errors import AlignmentError


@dataclass(slots=True)
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
        if not self.blocks and length == source_length:
            return
        self._starts = [b.start for b in self.blocks]
        self._ends = [b.end for b in self.blocks]
        self._source_starts = [b.source_start for b in self.blocks]
        self._source_ends = [b.source_end for b in self.blocks]
        gaps = list(map(sub, [*self._starts, length], [0, *self._ends]))
        source_gaps = list(map(sub, [*self._source_starts, source_length], [0, *self._source_ends]))
        if gaps != source_gaps or min(gaps) < 0:
            n = next(n for n, gap in enumerate(gaps) if gap != source_gaps[n] or gap < 0)
            last = Block(length, length, source_length, source_length)
            before, after = (Block(0, 0, 0, 0), *self.blocks, last)[n : n + 2]
            raise AlignmentError(
                f"text {before.end}..{after.start} and source "
                f"{before.source_end}..{after.source_start} do not run in step"
            )
        for block in self.blocks:
            if block.end < block.start or block.source_end < block.source_start:
                raise AlignmentError(f"{block} ends before it starts")

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Source span of the text span `[start, end)`; one that cuts a block is widened to it.

        Source characters that are not in the text (a deleted zero-width space, say) belong to
        the span only when they stand inside it. An empty span stays empty.
        """
        if not self.blocks:
            return start, end
        return _map(start, end, self._starts, self._ends, self._source_starts, self._source_ends)

    def to_text(self, start: int, end: int) -> tuple[int, int]:
        """Text span of the source span `[start, end)`; one that cuts a block is widened to it."""
        if not self.blocks:
            return start, end
        return _map(start, end, self._source_starts, self._source_ends, self._starts, self._ends)

    def point_to_source(self, offset: int) -> int:
        """Source offset of the text offset; one inside a block goes to the block's start."""
        return self.to_source(offset, offset)[0]

    def point_to_text(self, offset: int) -> int:
        """Text offset of the source offset; one inside a block goes to the block's start."""
        return self.to_text(offset, offset)[0]

    def moved(self, start: int, source_start: int) -> Iterator[Block]:
        """The blocks as they stand where the text and the source are parts of longer ones."""
        for b in self.blocks:
            yield Block(
                b.start + start, b.end + start, b.source_start + source_start,
                b.source_end + source_start,
            )  # fmt: skip

    def after(self, first: Alignment) -> Alignment:
        """The composition of two steps: `first` made a text from the source, this one the next.

        Blocks of the two steps that overlap become one block.

        Raises:
            AlignmentError: if this step does not begin where the first one ended.
        """
        if self.source_length != first.length:
            raise AlignmentError(
                f"the second step starts from {self.source_length} code points, "
                f"the first one made {first.length}"
            )
        if not self.blocks:
            return first
        # Stretches of the text between the steps: where they begin and end there, and by how
        # much the final text and the source are longer.
        changes = sorted(
            [
                (b.source_start, b.source_end, b.end - b.start - (b.source_end - b.source_start), 0)
                for b in self.blocks
            ]
            + [
                (b.start, b.end, 0, b.source_end - b.source_start - (b.end - b.start))
                for b in first.blocks
            ],
            # Empty blocks at one place stay in their order.
            key=lambda change: change[:2],
        )
        merged: list[tuple[int, int, int, int]] = []
        for start, end, longer, source_longer in changes:
            if merged and start < merged[-1][1]:
                previous = merged.pop()
                start, end = previous[0], max(previous[1], end)
                longer, source_longer = previous[2] + longer, previous[3] + source_longer
            merged.append((start, end, longer, source_longer))
        blocks = []
        shift = source_shift = 0
        for start, end, longer, source_longer in merged:
            text_start, source_start = start + shift, start + source_shift
            shift, source_shift = shift + longer, source_shift + source_longer
            blocks.append(Block(text_start, end + shift, source_start, end + source_shift))
        return Alignment(self.length, first.source_length, blocks)


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
