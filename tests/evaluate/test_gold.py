"""Gold files and the scores computed from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import Document, Pipeline
from pipeline.errors import ContractError
from pipeline.evaluate.gold import parse_gold, read_gold
from pipeline.evaluate.score import Report, score_document
from tests.conftest import CORPUS

GOLD_FILES = sorted(CORPUS.rglob("*.gold"))


def test_marks_stand_inside_the_text() -> None:
    gold = parse_gold("<title><ORG>阿里雲</ORG>賺了</title>\n<MONEY value=3 unit=CNY>3元</MONEY>&lt;5")
    assert gold.source_text == "阿里雲賺了\n3元<5"
    assert [(a.label, a.layer, a.text, dict(a.attributes)) for a in gold.annotations] == [
        ("title", "metadata", "阿里雲賺了", {}),
        ("ORG", "entities", "阿里雲", {}),
        ("MONEY", "numbers", "3元", {"value": "3", "unit": "CNY"}),
    ]


@pytest.mark.parametrize(("text", "message"), [
    ("<ORG>阿里", "<ORG> is never closed"),
    ("一\n<ORG>阿里</GPE>", "line 2: </GPE>: expected </ORG>"),
    ("阿里</ORG>", "expected no closing mark"),
    ("<FIRM>阿里</FIRM>", "no label 'FIRM'"),
    ("1 < 2", "line 1: a stray < or >"),
])
def test_wrong_marks_are_named(text: str, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        parse_gold(text)


def test_there_are_enough_articles_of_every_region() -> None:
    regions = [path.parent.name for path in GOLD_FILES]
    assert len(regions) >= 12
    assert set(regions) == {"cn", "hk", "pages", "tw"}


@pytest.mark.parametrize("path", GOLD_FILES, ids=lambda p: p.stem)
def test_the_article_is_its_gold_file_without_marks(path: Path) -> None:
    assert path.with_suffix(".txt").read_bytes().decode() == read_gold(path).source_text


@pytest.fixture(scope="module")
def doc(pipeline: Pipeline) -> Document:
    return pipeline("阿里巴巴收入3億元，同比增長12%。\n責任編輯：李小明")


def _scored(gold: str, doc: Document) -> Report:
    report = Report()
    score_document(parse_gold(gold), doc, report)
    return report


RIGHT = (
    "<ORG>阿里巴巴</ORG>收入<MONEY value=300000000 unit=CNY>3億元</MONEY>，同比增長"
    "<PERCENT value=12 unit=%>12%</PERCENT>。\n<editor>責任編輯：李小明</editor>"
)


def test_what_is_right_scores_one(doc: Document) -> None:
    report = _scored(RIGHT.replace("unit=CNY", "unit=TWD"), doc)
    money = report.counts["numbers"]["MONEY"]
    assert (money.right, money.values_right + len(report.misses)) == (1, 1)
    assert report.total("entities").f1 == report.total("boilerplate").f1 == 1.0


def test_a_miss_is_listed_with_both_sides(doc: Document) -> None:
    report = _scored(RIGHT.replace("<ORG>阿里巴巴</ORG>", "<PERSON>阿里</PERSON>巴巴"), doc)
    assert report.counts["entities"]["PERSON"].missed == 1
    assert report.counts["entities"]["ORG"].false == 1
    kinds = {(m.kind, m.text) for m in report.misses if m.layer == "entities"}
    assert kinds == {("missed", "阿里"), ("false", "阿里巴巴")}


def test_a_wrong_value_is_a_miss_but_the_span_counts(doc: Document) -> None:
    report = _scored(RIGHT.replace("value=12 ", "value=13 "), doc)
    percent = report.counts["numbers"]["PERCENT"]
    assert (percent.right, percent.values_right) == (1, 0)
    assert percent.f1 == 1.0
    assert percent.full_f1 == 0.0


def test_boilerplate_is_counted_in_characters(doc: Document) -> None:
    report = _scored(RIGHT.replace("<editor>責任編輯：", "責任編輯：<editor>"), doc)
    editor = report.counts["boilerplate"]["editor"]
    assert (editor.right, editor.false, editor.missed) == (3, 5, 0)


def test_another_text_is_refused(doc: Document) -> None:
    with pytest.raises(ContractError, match="different source texts"):
        score_document(parse_gold("別的"), doc, Report())
