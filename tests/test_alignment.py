from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
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
