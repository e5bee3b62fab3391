"""`Document.to_spacy`: no span is lost, values are exact, DocBin keeps all."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from spacy import displacy
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from pipeline import Document, EntityRecognizer, Normalizer, Pipeline
from pipeline.adapters.layers import LAYERS, all_annotations
from pipeline.adapters.spacy_spans import SPAN_EXTENSIONS
from tests.adapters.corpus import corpus, hard, spans
from tests.test_laws import RANDOM_PIPELINE, TEXTS

IDS = [document.id for document in corpus()]


def check(document: Document, doc: Doc) -> None:
    """Every annotation is in its span group, with all that is known about it."""
    assert doc.text == document.text
    for layer in LAYERS:
        expected, found = getattr(document, layer), list(doc.spans[layer])
        assert [(s.start_char, s.end_char, s.label_, s.text) for s in found] == spans(expected)
        for annotation, span in zip(expected, found, strict=True):
            for name in ("value", "unit", "min", "max", "by", "id", "name", "tickers", "score",
                         "source_start", "source_end", "source_text", "date_begin", "modifier"):
                assert getattr(span._, name) == getattr(annotation, name, None), name
            assert (span._.text_start, span._.text_end) == (annotation.start, annotation.end)
            assert span.kb_id_ == (getattr(annotation, "id", None) or "")


@pytest.mark.parametrize("document", corpus(), ids=IDS)
def test_no_span_of_the_corpus_is_lost(document: Document) -> None:
    doc = document.to_spacy()
    check(document, doc)
    tokens = {(t.idx, t.idx + len(t), t.tag_) for t in doc}
    borders = {b for a in all_annotations(document) for b in (a.start, a.end)}
    for token in document.tokens:
        cut = any(token.start < border < token.end for border in borders)
        assert cut or (token.start, token.end, token.pos) in tokens
    if not document.id.startswith("hard"):
        assert [(e.start_char, e.end_char, e.label_) for e in doc.ents] == [
            (e.start, e.end, e.label) for e in document.entities
        ]
    starts = {sentence.start_char for sentence in doc.sents}
    assert {s.start for s in document.sentences} <= starts


def test_docbin_keeps_all() -> None:
    written = DocBin(store_user_data=True, docs=[d.to_spacy() for d in corpus()]).to_bytes()
    read = DocBin().from_bytes(written).get_docs(Vocab())
    for document, doc in zip(corpus(), read, strict=True):
        check(document, doc)
        assert doc._.document_id == document.id
        assert doc._.source_text == document.source_text
        title = document.metadata.title
        assert (doc._.metadata["title"] or {}).get("text") == (title and title.text)


def test_an_example() -> None:
    doc = Pipeline()("阿里巴巴去年收入265.49億元人民幣,按22港仙派息,騰訊雲未表態。").to_spacy()
    assert [t.text for t in doc][:3] == ["阿里巴巴", "去年", "收入"]
    first, last = doc.ents
    assert (first.text, first.label_, first._.tickers) == ("阿里巴巴", "ORG", ["BABA", "9988.HK"])
    assert first.kb_id_ == first._.id
    assert (last.text, last._.source_text, last._.by) == ("腾讯云", "騰訊雲", "lexicon:companies:腾讯云")
    values = [(n.text, n._.value, n._.unit) for n in doc.spans["numbers"]]
    assert ("265.49亿元人民币", 26549000000, "CNY") in values
    assert ("22港仙", Decimal("0.22"), "HKD") in values


def test_huge_and_exact_values_stay_exact() -> None:
    doc = hard().to_spacy()
    values = {n.text: n._.value for n in doc.spans["numbers"]}
    assert values["1234567890123456789012345亿元"] == 1234567890123456789012345 * 10**8
    assert values["0.123456789012345美元"] == Decimal("0.123456789012345")
    assert DocBin(store_user_data=True, docs=[doc]).to_bytes()


def test_overlapping_entities_are_all_in_the_span_group() -> None:
    doc = hard().to_spacy()
    first, second = doc.spans["entities"][0], doc.spans["entities"][1]
    assert first.start_char == second.start_char and len(first.text) < len(second.text)
    assert first._.by == second._.by
    assert doc.ents[0].text == second.text


def test_two_annotations_of_one_stretch_keep_apart() -> None:
    document = Pipeline(boilerplate={"keep_annotations": True})("阿里雲收入3億元。")
    number = document.numbers[0]
    number.start, number.end = document.entities[0].start, document.entities[0].end
    doc = document.to_spacy()
    assert doc.spans["numbers"][0]._.value == 300000000
    assert doc.spans["entities"][0]._.value is None
    assert doc.spans["entities"][0]._.name == "阿里云"
    assert set(doc.ents[0]._.zhpipe) == {"entities/0", "numbers/0"}


def test_parts_and_joined_documents_keep_values() -> None:
    doc = Pipeline()("他說。阿里雲收入3億元。").to_spacy()
    part = list(doc.sents)[1].as_doc(copy_user_data=True)
    assert part.ents[0]._.source_text == "阿里雲"
    with pytest.warns(UserWarning, match="Skipping Doc custom extension"):
        joined = Doc.from_docs([doc, doc])
    assert [e._.name for e in joined.ents] == ["阿里云", "阿里云"]
    assert [n._.value for n in joined.spans["numbers"]] == [300000000, 300000000]


def test_documents_of_single_stages() -> None:
    """Layers that are not there are empty; text without tokens is covered all the same."""
    assert Normalizer()("阿里 雲GPT").to_spacy().text == "阿里 云GPT"
    check(document := EntityRecognizer()("阿里雲漲。"), document.to_spacy())
    assert len(Document("").to_spacy()) == 0


def test_a_span_without_annotation_has_no_values() -> None:
    doc = Pipeline()("阿里雲漲。").to_spacy()
    assert all(getattr(doc[1:2]._, name) is None for name in SPAN_EXTENSIONS)


def test_another_package_keeps_its_extension() -> None:
    code = """
import warnings
from spacy.tokens import Span
Span.set_extension("value", default="theirs")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    from pipeline import Pipeline
    doc = Pipeline()("3億美元").to_spacy()
span = doc.spans["numbers"][0]
assert any("Span._.value is another package's" in str(w.message) for w in caught)
assert span._.value == "theirs" and span._.zhpipe[span.id_]["value"] == 300000000
assert span._.unit == "USD"
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_displacy_shows_entities_and_numbers() -> None:
    doc = Pipeline()("阿里雲收入3億元。").to_spacy()
    page = displacy.render(doc, style="ent", page=True, jupyter=False)
    assert "阿里云" in page and "ORG" in page
    shown = displacy.render(doc, style="span", options={"spans_key": "numbers"}, jupyter=False)
    assert "MONEY" in shown


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_random_text(text: str) -> None:
    document = RANDOM_PIPELINE(text)
    check(document, document.to_spacy())
