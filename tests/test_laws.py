"""The laws of every document: on the corpus, on random text, on real articles where they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import Document, Pipeline, Settings
from tests.conftest import CORPUS
from tests.laws import check_laws

ARTICLES = sorted(CORPUS.rglob("*.txt"))
# What breaks programs of this kind: names, units, dates, markers, odd characters, in any order.
PIECES = [
    "阿里巴巴", "台積電", "張勇", "习近平", "DeepSeek", "-R1", "2330-TW", "(600519.SH)", "《金融時報》",
    "3.5億元", "人民币", "HK$", "百分之三十", "3至5億", "25万6千", "十几", "数十亿", "%", "個百分點", "倍",
    "2023年6月", "去年同期", "今（17）日", "第三季", "下午3點半", "15:30", "2025-04-14", "民國114年", "半年",
    "免責聲明：", "本文不構成投資建議", "熱議股票", "  1. 1", "     ", "(行情600519,诊股)", "責任編輯：",
    "約", "逾", "至少", "左右", "以上", "、", "和", "。", "，", "\n", "\r\n", "\r", "\t", " ", "\u3000", "\u200b",
    "\ufeff", "１２", "Ａ股", "𠮷", "😀", "e\u0301", "著", "乾", "一", "〇", "-", "—", "~", "$", "<b>", "\x00",
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda p: p.stem)
def test_corpus(pipeline: Pipeline, path: Path) -> None:
    check_laws(pipeline(path.read_bytes().decode()))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_random_text(text: str) -> None:
    check_laws(RANDOM_PIPELINE(text))


RANDOM_PIPELINE = Pipeline()


@pytest.mark.parametrize("settings", [
    {"normalize": {"conversion": "none"}}, {"normalize": {"fold_width": False}},
    {"segment": {"engine": "jieba"}}, {"segment": {"hmm": False}},
    {"entities": {"merge_tokens": False}}, {"numbers": {"market": "HKD"}},
], ids=str)
def test_every_setting(settings: dict[str, dict[str, Any]]) -> None:
    pipeline = Pipeline(Settings.make(settings))
    for path in ARTICLES[::5]:
        check_laws(pipeline(path.read_bytes().decode()))


def test_same_bytes_whatever_was_read_before(pipeline: Pipeline) -> None:
    texts = [path.read_bytes().decode() for path in ARTICLES]
    forwards = [pipeline(text).to_json() for text in texts]
    backwards = [pipeline(text).to_json() for text in reversed(texts)][::-1]
    fresh = [Pipeline()(text).to_json() for text in texts[:3]]
    assert forwards == backwards
    assert forwards[:3] == fresh


@pytest.mark.parametrize("batch_size", [1, 3, 1000])
def test_pipe_is_the_same_as_one_by_one(pipeline: Pipeline, batch_size: int) -> None:
    texts: list[Document | str] = ["", *(p.read_bytes().decode() for p in ARTICLES), "\n"]
    piped = pipeline.pipe(texts, batch_size=batch_size)
    assert [d.to_json() for d in piped] == [pipeline(t).to_json() for t in texts]


@pytest.mark.parametrize("name", ["tw/pages", "hk/rthk", "cn/finqa", "cn/a_share_items"])
def test_real_articles(
    pipeline: Pipeline, shared: Callable[[str], Path], name: str
) -> None:
    lines = shared(f"articles/{name}.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines[::40]:
        item = json.loads(line)
        text = item.get("raw") or item["text"]
        check_laws(pipeline(text))
