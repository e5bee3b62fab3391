from __future__ import annotations

import logging
from pathlib import Path

import jieba
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import Normalizer, Segmenter
from pipeline.config import SegmentSettings

jieba.setLogLevel(logging.WARNING)
CORPUS = sorted((Path(__file__).parents[2] / "corpus").rglob("*.txt"))


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("公司赚了钱。股价却跌了！为什么？", ["公司赚了钱。", "股价却跌了！", "为什么？"]),
        ("他问：“还会涨吗？”没有人回答。", ["他问：“还会涨吗？”", "没有人回答。"]),
        ("（公司没有回应。）股价走高。", ["（公司没有回应。）", "股价走高。"]),
        ("真的？！他不信。", ["真的？！", "他不信。"]),
        ("小标题\n正文没有句号", ["小标题", "正文没有句号"]),
        ("  缩进的一行。  \n\n 又一行。", ["缩进的一行。", "又一行。"]),
        ("增长2.5个百分点，降0.3%。", ["增长2.5个百分点，降0.3%。"]),
        ("先涨，后跌；再涨：收平", ["先涨，后跌；再涨：收平"]),
        ("\n \n", []),
        ("", []),
    ],
)
def test_sentences(segmenter: Segmenter, text: str, sentences: list[str]) -> None:
    document = segmenter(text)

    assert [text[s.start : s.end] for s in document.sentences] == sentences


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("公司发布财报", ["公司", "发布", "财报"]),
        ("我来到 北京", ["我", "来到", "北京"]),
        ("公司\n\t北京\r\n", ["公司", "北京"]),
        (" \n", []),
    ],
)
def test_white_space_is_in_no_token(
    segmenter: Segmenter, text: str, tokens: list[str]
) -> None:
    document = segmenter(text)

    assert [t.text for t in document.tokens] == tokens
    assert [document.text[t.start : t.end] for t in document.tokens] == tokens


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_both_engines_give_the_same_words_and_tags(engine: str) -> None:
    segmenter = Segmenter(SegmentSettings.model_validate({"engine": engine}))
    document = segmenter("银行在北京发布2.5版报告")

    assert [(t.text, t.pos) for t in document.tokens] == [
        ("银行", "n"), ("在", "p"), ("北京", "ns"), ("发布", "v"), ("2.5", "m"), ("版", "n"),
        ("报告", "n"),
    ]


def test_the_hidden_markov_model_can_be_switched_off() -> None:
    text = "他来到了网易杭研大厦"

    assert Segmenter().cut(text) == jieba.lcut(text)
    assert "杭研" in Segmenter().cut(text)
    without = Segmenter(SegmentSettings(hmm=False)).cut(text)
    assert without == jieba.lcut(text, HMM=False)
    assert "杭研" not in without


# What a news text is made of, and what rjieba and jieba cut differently.
WORDS = (
    "阿里云", "营业收入", "增长", "杭州", "研发", "大模型", "发展中国家", "的", "了", "銀行",
    "2.5-Max", "55.6%", "Qwen2.5-Max", "3.14", "1,234.5", "A-B", "C++", "c#", "AT&T", "S&P500",
    "v1.2.3", "a_b", "e-mail", "T+0", "#1", "1%", "%", ".5", "-", "+", "&", "_", "iPhone 16", "5G",
    "㐀", "䶵", "\u9fd6", "\u9fff", "\uf900", "𠀀", "𠮷", "𪚥", "😀", "\ue000", "〇", "é", "ａ",
    "\n", "\r\n", " ", "\t", "\u3000", "，", "。", "“", "”", "《", "》", "—", "·", "\u200b",
)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=6),
        st.text(st.sampled_from("azAZ059.-+#&_%"), max_size=6),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
    ),
    max_size=14,
).map("".join)


@settings(deadline=None, max_examples=600)
@given(TEXTS)
@example("Qwen2.5-Max增长55.6%，𠮷野家㐀的C++")
def test_words_are_those_of_jieba(segmenter: Segmenter, text: str) -> None:
    assert segmenter.cut(text) == jieba.lcut(text)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_words_of_the_corpus_are_those_of_jieba(
    segmenter: Segmenter, normalizer: Normalizer, path: Path
) -> None:
    source = path.read_bytes().decode()

    assert segmenter.cut(source) == jieba.lcut(source)
    text = normalizer(source).text
    assert segmenter.cut(text) == jieba.lcut(text)


@pytest.fixture(scope="module")
def normalizer() -> Normalizer:
    return Normalizer()


def test_the_corpus_is_found() -> None:
    assert CORPUS


@settings(deadline=None)
@given(TEXTS)
def test_tokens_and_sentences_cover_the_text(segmenter: Segmenter, text: str) -> None:
    document = segmenter(text)
    for layer in (document.tokens, document.sentences):
        spans = [(item.start, item.end) for item in layer]
        inside = {p for start, end in spans for p in range(start, end)}
        assert len(inside) == sum(end - start for start, end in spans), "no two overlap"
        assert spans == sorted(spans)
        missed = "".join(c for p, c in enumerate(document.text) if p not in inside)
        assert not missed.strip()
