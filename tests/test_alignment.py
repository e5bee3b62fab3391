from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pipeline import Alignment, Boilerplate, Document, Entity, Number, Pipeline, Token
from pipeline.alignment import Block
from pipeline.errors import AlignmentError

# Text      甲 乙 \n 丙 丁        (0 1 2 3 4)
# Source    甲 ZW 乙 \r \n 丙 丁  (0 1 2 3 4 5 6)
LINE_END = Alignment(5, 7, [Block(1, 1, 1, 2), Block(2, 3, 3, 5)])


@pytest.mark.parametrize(
    ("span", "source_span"),
    [
        pytest.param((0, 1), (0, 1), id="before every block"),
        pytest.param((1, 2), (2, 3), id="deleted characters before a span are not in it"),
        pytest.param((0, 2), (0, 3), id="deleted characters inside a span are in it"),
        pytest.param((2, 3), (3, 5), id="a block as a whole"),
        pytest.param((3, 5), (5, 7), id="behind every block"),
        pytest.param((0, 5), (0, 7), id="everything"),
        pytest.param((4, 4), (6, 6), id="an empty span stays empty"),
    ],
)
def test_to_source(span: tuple[int, int], source_span: tuple[int, int]) -> None:
    assert LINE_END.to_source(*span) == source_span


@pytest.mark.parametrize(
    ("source_span", "span"),
    [
        pytest.param((0, 1), (0, 1), id="before every block"),
        pytest.param((1, 2), (1, 1), id="what was deleted is nowhere in the text"),
        pytest.param((3, 4), (2, 3), id="a span that cuts a block is widened to it"),
        pytest.param((4, 6), (2, 4), id="widened at its start only"),
        pytest.param((5, 7), (3, 5), id="behind every block"),
    ],
)
def test_to_text(source_span: tuple[int, int], span: tuple[int, int]) -> None:
    assert LINE_END.to_text(*source_span) == span


def test_a_span_that_cuts_a_longer_block_is_widened() -> None:
    alignment = Alignment(6, 5, [Block(1, 4, 1, 3)])

    assert alignment.to_source(2, 3) == (1, 3)
    assert alignment.to_source(0, 2) == (0, 3)
    assert alignment.to_source(3, 5) == (1, 4)


def test_without_blocks_the_offsets_are_equal() -> None:
    assert Alignment(9, 9).to_source(2, 7) == (2, 7)
    assert Alignment(9, 9).to_text(2, 7) == (2, 7)


@pytest.mark.parametrize(
    ("length", "source_length", "blocks"),
    [
        pytest.param(3, 4, [], id="a length changes without a block"),
        pytest.param(3, 4, [Block(2, 2, 1, 2)], id="not in step before a block"),
        pytest.param(5, 5, [Block(3, 4, 3, 4), Block(1, 2, 1, 2)], id="out of order"),
        pytest.param(5, 5, [Block(1, 4, 1, 4), Block(2, 5, 2, 5)], id="overlapping"),
        pytest.param(3, 3, [Block(2, 1, 2, 1)], id="ends before it starts"),
        pytest.param(2, 2, [Block(1, 4, 1, 4)], id="runs out of the text"),
    ],
)
def test_blocks_that_cannot_be_are_refused(
    length: int, source_length: int, blocks: list[Block]
) -> None:
    with pytest.raises(AlignmentError):
        Alignment(length, source_length, blocks)


@dataclass(frozen=True)
class Unit:
    """The smallest stretch that maps as a whole: a character outside blocks, or a block."""

    text: range
    source: range


@st.composite
def alignments(draw: st.DrawFn) -> tuple[Alignment, list[Unit]]:
    """An alignment whose blocks delete or replace source characters, and its units."""
    units: list[Unit] = []
    blocks: list[Block] = []
    at = source_at = 0
    parts = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 3))))
    for gap, length, source_length in [*parts, (draw(st.integers(1, 3)), 0, 0)]:
        for _ in range(gap):
            units.append(Unit(range(at, at + 1), range(source_at, source_at + 1)))
            at, source_at = at + 1, source_at + 1
        if source_length:
            block = Block(at, at + length, source_at, source_at + source_length)
            blocks.append(block)
            units.append(Unit(range(at, block.end), range(source_at, block.source_end)))
            at, source_at = block.end, block.source_end
    return Alignment(at, source_at, blocks), units


def draw_span(data: st.DataObject, length: int) -> tuple[int, int]:
    start = data.draw(st.integers(0, length - 1))
    return start, data.draw(st.integers(start + 1, length))


@given(alignments(), st.data())
def test_a_span_maps_to_the_units_it_touches(
    drawn: tuple[Alignment, list[Unit]], data: st.DataObject
) -> None:
    alignment, units = drawn
    start, end = draw_span(data, alignment.length)
    touched = [u for u in units if u.text.start < end and start < u.text.stop and len(u.text)]

    expected = touched[0].source.start, touched[-1].source.stop
    assert alignment.to_source(start, end) == expected


@given(alignments(), st.data())
def test_a_source_span_maps_to_the_units_it_touches(
    drawn: tuple[Alignment, list[Unit]], data: st.DataObject
) -> None:
    alignment, units = drawn
    start, end = draw_span(data, alignment.source_length)
    touched = [u for u in units if u.source.start < end and start < u.source.stop]

    assert alignment.to_text(start, end) == (touched[0].text.start, touched[-1].text.stop)


@given(alignments(), st.data())
def test_there_and_back_covers_the_span(
    drawn: tuple[Alignment, list[Unit]], data: st.DataObject
) -> None:
    alignment, _ = drawn
    start, end = draw_span(data, alignment.length)
    source_span = alignment.to_source(start, end)
    back_start, back_end = alignment.to_text(*source_span)

    assert back_start <= start < end <= back_end
    assert alignment.to_source(back_start, back_end) == source_span


@given(alignments(), st.data())
def test_the_map_is_monotonic(
    drawn: tuple[Alignment, list[Unit]], data: st.DataObject
) -> None:
    alignment, _ = drawn
    spans = [draw_span(data, alignment.length) for _ in range(2)]
    (left, left_end), (right, right_end) = sorted(spans)
    mapped, other = alignment.to_source(left, left_end), alignment.to_source(right, right_end)

    assert mapped[0] <= other[0]
    assert (mapped[1] <= other[1]) if left_end <= right_end else (mapped[1] >= other[1])


@pytest.mark.parametrize(
    ("offset", "source_offset"),
    [
        pytest.param(0, 0, id="before every block"),
        pytest.param(1, 2, id="behind what was deleted there"),
        pytest.param(2, 3, id="where a block begins"),
        pytest.param(3, 5, id="where a block ends"),
        pytest.param(5, 7, id="the end"),
    ],
)
def test_point_to_source(offset: int, source_offset: int) -> None:
    assert LINE_END.point_to_source(offset) == source_offset


@pytest.mark.parametrize(
    ("source_offset", "offset"),
    [
        pytest.param(0, 0, id="before every block"),
        pytest.param(1, 1, id="before what was deleted"),
        pytest.param(2, 1, id="behind what was deleted"),
        pytest.param(3, 2, id="where a block begins"),
        pytest.param(4, 2, id="inside a block: its start"),
        pytest.param(5, 3, id="where a block ends"),
        pytest.param(7, 5, id="the end"),
    ],
)
def test_point_to_text(source_offset: int, offset: int) -> None:
    assert LINE_END.point_to_text(source_offset) == offset


def test_a_point_inside_a_block_goes_to_its_start() -> None:
    alignment = Alignment(6, 5, [Block(1, 4, 1, 3)])

    assert [alignment.point_to_source(n) for n in range(7)] == [0, 1, 1, 1, 3, 4, 5]
    assert [alignment.point_to_text(n) for n in range(6)] == [0, 1, 1, 4, 5, 6]


def test_the_blocks_of_a_part_move_with_it() -> None:
    moved = LINE_END.moved(100, 200)

    assert list(moved) == [Block(101, 101, 201, 202), Block(102, 103, 203, 205)]
    assert LINE_END.blocks == (Block(1, 1, 1, 2), Block(2, 3, 3, 5)), "the original stays"


@pytest.mark.parametrize(
    ("first", "then", "blocks"),
    [
        pytest.param(
            # 甲 ZW 乙 丙 丁 -> 甲 乙 丙 丁 -> 甲 乙 X Y Z
            Alignment(4, 5, [Block(1, 1, 1, 2)]),
            Alignment(5, 4, [Block(2, 5, 2, 4)]),
            [Block(1, 1, 1, 2), Block(2, 5, 3, 5)],
            id="a deletion, then a length that changes behind it",
        ),
        pytest.param(
            # 甲 乙 丙 ZW 丁 -> 甲 乙 丙 丁 -> 甲 X 丁
            Alignment(4, 5, [Block(3, 3, 3, 4)]),
            Alignment(3, 4, [Block(1, 2, 1, 3)]),
            [Block(1, 2, 1, 3), Block(2, 2, 3, 4)],
            id="a length that changes before a deletion: they touch and stay apart",
        ),
        pytest.param(
            # 甲 乙 ZW 丙 丁 -> 甲 乙 丙 丁 -> 甲 X 丁
            Alignment(4, 5, [Block(2, 2, 2, 3)]),
            Alignment(3, 4, [Block(1, 2, 1, 3)]),
            [Block(1, 2, 1, 4)],
            id="a deletion inside a word that changes its length",
        ),
        pytest.param(
            # ZW 甲 乙 丙 -> 甲 乙 丙 -> X 丙
            Alignment(3, 4, [Block(0, 0, 0, 1)]),
            Alignment(2, 3, [Block(0, 1, 0, 2)]),
            [Block(0, 0, 0, 1), Block(0, 1, 1, 3)],
            id="a deletion where such a word begins is not part of it",
        ),
        pytest.param(
            # a b c d e -> a X Y Z e -> a X W e: the second word begins inside the first
            Alignment(6, 5, [Block(1, 4, 1, 3)]),
            Alignment(5, 6, [Block(2, 4, 2, 5)]),
            [Block(1, 4, 1, 4)],
            id="overlapping blocks become one",
        ),
        pytest.param(
            # Two words of the first step and two of the second, hooked into one another.
            Alignment(8, 6, [Block(0, 3, 0, 2), Block(4, 6, 3, 4)]),
            Alignment(6, 8, [Block(2, 3, 2, 5), Block(5, 6, 7, 8)]),
            [Block(0, 4, 0, 4), Block(5, 6, 5, 6)],
            id="one block hooks two others together",
        ),
        pytest.param(
            # a b c d -> X Y Z c d -> X Y Z W d
            Alignment(5, 4, [Block(0, 3, 0, 2)]),
            Alignment(6, 5, [Block(3, 5, 3, 4)]),
            [Block(0, 3, 0, 2), Block(3, 5, 2, 3)],
            id="adjacent blocks stay apart",
        ),
        pytest.param(
            # a b c -> a X Y c -> a b c
            Alignment(4, 3, [Block(1, 3, 1, 2)]),
            Alignment(3, 4, [Block(1, 2, 1, 3)]),
            [Block(1, 2, 1, 2)],
            id="a length that changes and changes back remains a block",
        ),
        pytest.param(
            # a b c -> a c -> a
            Alignment(2, 3, [Block(1, 1, 1, 2)]),
            Alignment(1, 2, [Block(1, 1, 1, 2)]),
            [Block(1, 1, 1, 2), Block(1, 1, 2, 3)],
            id="two deletions side by side",
        ),
    ],
)
def test_two_steps_make_one(first: Alignment, then: Alignment, blocks: list[Block]) -> None:
    composed = then.after(first)

    assert list(composed.blocks) == blocks
    assert (composed.length, composed.source_length) == (then.length, first.source_length)


def test_a_step_that_changes_nothing_leaves_the_other_as_it_is() -> None:
    assert Alignment(5, 5).after(LINE_END).blocks == LINE_END.blocks
    assert LINE_END.after(Alignment(7, 7)).blocks == LINE_END.blocks


@pytest.mark.parametrize("made", [0, 6, 8])
def test_a_step_follows_only_on_the_text_it_reads(made: int) -> None:
    with pytest.raises(AlignmentError, match=f"7 code points.*made {made}"):
        LINE_END.after(Alignment(made, made))


@dataclass(frozen=True)
class Chain:
    """Steps in a row.

    Attributes:
        steps: the alignment of each step.
        origins: for each character of the last text the place in the source that it was never
            moved away from by a replacement; None for one that a step wrote.
    """

    steps: list[Alignment]
    origins: list[int | None]


@st.composite
def chains(draw: st.DrawFn, shortest: int = 0) -> Chain:
    """Steps that each replace random slices of what the step before wrote."""
    origins: list[int | None] = list(range(draw(st.integers(0, 20))))
    steps = []
    for _ in range(draw(st.integers(3, 4))):
        written: list[int | None] = []
        blocks: list[Block] = []
        read = 0
        parts = st.tuples(st.integers(0, 4), st.integers(1, 4), st.integers(shortest, 4))
        for gap, replaced, length in draw(st.lists(parts, max_size=5)):
            if read + gap + replaced > len(origins):
                break
            written += origins[read : read + gap]
            read += gap
            blocks.append(Block(len(written), len(written) + length, read, read + replaced))
            written += [None] * length
            read += replaced
        written += origins[read:]
        steps.append(Alignment(len(written), len(origins), blocks))
        origins = written
    return Chain(steps, origins)


def composed(steps: list[Alignment]) -> Alignment:
    whole = steps[0]
    for step in steps[1:]:
        whole = step.after(whole)
    return whole


@given(chains())
def test_steps_in_a_row_lead_each_character_to_where_it_came_from(chain: Chain) -> None:
    whole = composed(chain.steps)
    in_blocks = {place for b in whole.blocks for place in range(b.start, b.end)}

    assert whole.length == len(chain.origins)
    for place, origin in enumerate(chain.origins):
        if origin is None:
            assert place in in_blocks, "what a step wrote stands in a block"
        else:
            assert place not in in_blocks, "what no step touched stands in none"
            assert whole.to_source(place, place + 1) == (origin, origin + 1)
            assert whole.to_text(origin, origin + 1) == (place, place + 1)


@given(chains())
def test_what_no_step_left_alone_is_a_source_of_blocks(chain: Chain) -> None:
    whole = composed(chain.steps)
    replaced = {at for b in whole.blocks for at in range(b.source_start, b.source_end)}
    kept = {origin for origin in chain.origins if origin is not None}

    assert replaced.isdisjoint(kept)
    assert replaced | kept == set(range(whole.source_length))


def check_it_does_not_matter_which_go_first(one: Alignment, two: Alignment, three: Alignment) -> None:
    left, right = three.after(two).after(one), three.after(two.after(one))

    assert left.blocks == right.blocks
    assert (left.length, left.source_length) == (right.length, right.source_length)


@given(chains(shortest=1))
def test_it_does_not_matter_which_steps_are_put_together_first(chain: Chain) -> None:
    check_it_does_not_matter_which_go_first(*chain.steps[:3])


# abcd -> cd -> d -> nothing
DELETED_BIT_BY_BIT = Chain(
    [
        Alignment(2, 4, [Block(0, 0, 0, 2)]),
        Alignment(1, 2, [Block(0, 0, 0, 1)]),
        Alignment(0, 1, [Block(0, 0, 0, 1)]),
    ],
    [],
)


@example(DELETED_BIT_BY_BIT)
@given(chains())
def test_nor_where_a_step_deletes(chain: Chain) -> None:
    check_it_does_not_matter_which_go_first(*chain.steps[:3])


@given(chains(), st.data())
def test_a_span_through_all_steps_covers_what_each_step_makes_of_it(
    chain: Chain, data: st.DataObject
) -> None:
    whole = composed(chain.steps)
    assume(whole.length)
    start, end = draw_span(data, whole.length)
    step_by_step = start, end
    for step in reversed(chain.steps):
        step_by_step = step.to_source(*step_by_step)
    back = whole.to_text(*whole.to_source(start, end))

    assert back[0] <= start and end <= back[1]
    source_start, source_end = whole.to_source(start, end)
    assert source_start <= step_by_step[0] and step_by_step[1] <= source_end


# Pieces with everything that moves offsets, between pieces that get annotations.
PIECES = (
    "阿里雲", "阿\u200b里雲", "騰訊控股(0700.HK)", "收入265.49億元", "１２．５％", "２０２５年３月",
    "\r\n", "\r", "\n\n", "\ufeff", "\u00ad", "\u3000", "。", "，", "董事長周立誠表示", "𠮷野家",
    "免責聲明:本文僅供參考,不構成投資建議。", "熱門股票\r\n 1\r\n    \r\n 2\r\n", "😀",
    "〔記者林小滿/台北報導〕",
)
texts_of_pieces = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def annotated_spans(document: Document) -> list[tuple[int, int]]:
    layers = (document.sentences, document.tokens, document.entities, document.numbers,
              document.boilerplate, document.metadata.byline)
    return [(item.start, item.end) for layer in layers for item in layer]


@settings(deadline=None, max_examples=60)
@given(texts_of_pieces)
def test_every_annotation_maps_back_to_the_source(pipeline: Pipeline, text: str) -> None:
    document = pipeline(text)

    assert document.source_text == text
    items: list[Entity | Number | Boilerplate] = [
        *document.entities, *document.numbers, *document.boilerplate
    ]
    for item in items:
        assert document.text[item.start : item.end] == item.text
        assert text[item.source_start : item.source_end] == item.source_text
        assert document.alignment.to_text(item.source_start, item.source_end) == (
            item.start, item.end
        )
    for start, end in annotated_spans(document):
        assert 0 <= start < end <= len(document.text)


@settings(deadline=None, max_examples=60)
@given(texts_of_pieces)
def test_what_is_removed_is_whole_and_the_rest_is_silent_about_it(
    pipeline: Pipeline, text: str
) -> None:
    document = pipeline(text)
    boilerplate = {p for b in document.boilerplate for p in range(b.start, b.end)}
    removed = boilerplate.union(
        *(range(field.start, field.end) for field in document.metadata.byline)
    )
    kept = "".join(char for at, char in enumerate(document.text) if at not in removed)

    assert "".join(document.clean_text.split()) == "".join(kept.split())
    items: list[Token | Entity | Number] = [
        *document.tokens, *document.entities, *document.numbers
    ]
    for item in items:
        assert boilerplate.isdisjoint(range(item.start, item.end)), item


@settings(deadline=None, max_examples=30)
@given(texts_of_pieces)
def test_the_same_text_gives_the_same_bytes(pipeline: Pipeline, text: str) -> None:
    assert pipeline(text, id="a").to_json() == pipeline(text, id="a").to_json()
