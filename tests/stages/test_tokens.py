from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import Entity, EntityRecognizer, Number, Pipeline, Segmenter, Tokens
from pipeline.config import EntitySettings
from pipeline.stages.tokens import cuts_word, merge_tokens, split_tokens


@pytest.fixture(scope="module")
def recognizer() -> EntityRecognizer:
    return EntityRecognizer()


@pytest.mark.parametrize(
    ("text", "entity", "pos"),
    [
        ("阿里巴巴集团公布业绩", "阿里巴巴集团", "nt"),
        ("他用iPhone 16 Pro拍照", "iPhone 16 Pro", "nz"),
        ("模型叫Qwen2.5-Max。", "Qwen2.5-Max", "nz"),
        ("董事长周立诚表示", "周立诚", "nr"),
        ("公司位于长三角", "长三角", "ns"),
        ("腾讯(0700.HK)上涨", "0700.HK", "eng"),
    ],
)
def test_an_entity_is_one_token(
    recognizer: EntityRecognizer, text: str, entity: str, pos: str
) -> None:
    tokens = [(t.text, t.pos) for t in recognizer(text).tokens]

    assert (entity, pos) in tokens
    assert "".join(word for word, _ in tokens).replace(" ", "") == text.replace(" ", "")


def test_tokens_can_stay_apart_but_respect_the_borders() -> None:
    apart = EntityRecognizer(EntitySettings(merge_tokens=False))
    document = apart("阿里巴巴集团公布业绩")
    borders = {p for t in document.tokens for p in (t.start, t.end)}

    assert [t.text for t in document.tokens][:2] == ["阿里巴巴", "集团"]
    assert [e.text for e in document.entities] == ["阿里巴巴集团"]
    assert borders.issuperset((document.entities[0].start, document.entities[0].end))


@pytest.mark.parametrize(
    "text",
    [
        "阿里云收入265.49亿元人民币，同比增长55.6%。",
        "腾讯(0700.HK)2024年第四季度在香港回购400多亿港元。",
        "将近九成的员工在2025年3月19日至4月9日投了票。",
        "Qwen2.5-Max比上一代快6.5倍，成本降低两成。",
    ],
)
def test_no_entity_or_number_cuts_a_token(pipeline: Pipeline, text: str) -> None:
    document = pipeline(text)
    inside = {p for t in document.tokens for p in range(t.start + 1, t.end)}

    assert document.numbers
    items: list[Entity | Number] = [*document.entities, *document.numbers]
    for item in items:
        assert inside.isdisjoint((item.start, item.end)), item


def tokens_of(*words: str) -> Tokens:
    tokens, at = Tokens(), 0
    for word in words:
        tokens.append(at, at + len(word), word, "x")
        at += len(word)
    return tokens


@pytest.mark.parametrize(
    ("words", "borders", "parts"),
    [
        (["将近", "九成"], [1], ["将", "近", "九成"]),
        (["将近", "九成"], [2], ["将近", "九成"]),
        (["甲乙丙丁"], [3, 1, 1], ["甲", "乙丙", "丁"]),
        (["甲乙"], [], ["甲乙"]),
    ],
)
def test_split(words: list[str], borders: list[int], parts: list[str]) -> None:
    assert [t.text for t in split_tokens(tokens_of(*words), borders)] == parts


@pytest.mark.parametrize(
    ("words", "spans", "merged"),
    [
        (["阿里", "巴巴", "涨"], [(0, 4, "nt")], ["阿里巴巴", "涨"]),
        (["在阿", "里云", "上"], [(1, 4, "nt")], ["在", "阿里云", "上"]),
        (["阿里", "腾讯"], [(0, 2, "nt"), (2, 4, "nt")], ["阿里", "腾讯"]),
        (["甲", "乙"], [], ["甲", "乙"]),
    ],
)
def test_merge(
    words: list[str], spans: list[tuple[int, int, str]], merged: list[str]
) -> None:
    tokens = merge_tokens("".join(words), tokens_of(*words), spans)

    assert [t.text for t in tokens] == merged
    assert [t.pos for t in tokens if (t.start, t.end, "nt") in spans] == ["nt"] * len(spans)


WORD_LISTS = st.lists(st.text("甲乙丙", min_size=1, max_size=4), min_size=1, max_size=8)


@given(WORD_LISTS, st.lists(st.integers(0, 32), max_size=6))
def test_splitting_adds_the_borders_and_nothing_else(words: list[str], borders: list[int]) -> None:
    text = "".join(words)
    before = tokens_of(*words)
    after = split_tokens(before, borders)
    starts = {t.start for t in before} | {b for b in borders if b < len(text)}

    assert "".join(t.text for t in after) == text
    assert {t.start for t in after} == starts
    assert all(text[t.start : t.end] == t.text for t in after)


@given(WORD_LISTS, st.data())
def test_merging_makes_every_span_one_token(words: list[str], data: st.DataObject) -> None:
    text = "".join(words)
    borders = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [(a, b, "nt") for a, b in zip(borders[::2], borders[1::2], strict=False)]
    after = merge_tokens(text, tokens_of(*words), spans)

    assert "".join(t.text for t in after) == text
    assert [(t.start, t.end, t.pos) for t in after if t.pos == "nt"] == spans


@pytest.mark.parametrize(
    ("text", "part", "cut"),
    [
        ("发展中国家需要投资", "中国", True),
        ("中国需要投资", "中国", False),
        ("高度重视", "度重", True),
        ("总部在美国纽约", "美国", False),
    ],
)
def test_a_span_that_cuts_a_word_of_the_dictionary(text: str, part: str, cut: bool) -> None:
    tokens = Segmenter()(text).tokens
    start = text.index(part)

    assert cuts_word(tokens, start, start + len(part)) is cut
