"""The annotated corpus, and one document that has what formats find hard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from pipeline import Document, Pipeline
from pipeline.adapters.layers import Annotation
from tests.conftest import CORPUS

# Traditional text, astral characters, tabs and empty lines, a name over two lines, amounts with
# exact and with huge values.
HARD = (
    "阿里雲😀營收265.49億元\n2025年4月14日\n\n"
    "據《金融時報》報道,𠮷野家 2024年 在香港賺 22港仙,\t同比增長12.4%。 OpenAI  GPT-4o 亮相!\n"
    "目標價0.123456789012345美元,資產1234567890123456789012345億元。\n"
    "免責聲明:本文不構成投資建議 | 據此操作,風險自擔。😀"
)

Span = tuple[int, int, str, str]


@cache
def corpus() -> tuple[Document, ...]:
    """All articles of the corpus, and the hard text, annotated."""
    pipeline = Pipeline()
    paths = sorted(CORPUS.rglob("*.txt"))
    found = [
        pipeline(p.read_bytes().decode(), id=p.relative_to(CORPUS).with_suffix("").as_posix())
        for p in paths
    ]
    return (*found, hard())


def hard() -> Document:
    """`HARD`, with annotations that overlap and cross lines, as other tools' files may have."""
    document = Pipeline()(HARD, id="hard/案例 1")
    cross = document.text.index("亿元\n") + 1
    name = document.entities[0]
    document.entities.insert(1, replace(
        name, start=0, end=cross + 5, text=document.text[: cross + 5], label="EVENT", id=None,
        source_end=cross + 5, source_text=document.source_text[: cross + 5],
    ))
    return document


def spans(layer: Iterable[Annotation]) -> list[Span]:
    """Start, end, label and text of the annotations of a layer."""
    return [(a.start, a.end, a.label, a.text) for a in layer]
