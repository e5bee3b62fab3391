"""Why an annotation is there, what competed, and why nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import Document, Pipeline
from pipeline.inspect.trace import Row, Trace, places
from tests.cli import err, zhpipe

TEXT = (
    "阿里巴巴集團與Kimi 9 Pro\n\n阿里巴巴集團旗下苹果箱熱賣，今年賣出300箱，客服400-800-1234。\n\n"
    "免責聲明：本文不構成投資建議，騰訊亦然。\n"
)


def _trace(pipeline: Pipeline, text: str = TEXT) -> Trace:
    return Trace(pipeline(text), pipeline)


def _said(rows: list[Row], what: str) -> str:
    return "\n".join(row.says for row in rows if row.what == what)


def test_why_a_name_is_there_and_what_competed(pipeline: Pipeline) -> None:
    trace = _trace(pipeline)
    at = trace.document.text.index("9 Pro")
    rows = list(trace.why(at, at + 1))
    assert "PRODUCT" in _said(rows, "entities") and "lexicon:products" in _said(rows, "entities")
    competed = _said(rows, "proposed")
    assert "'Kimi' by lexicon:products:Kimi, score 1: shorter than PRODUCT" in competed
    assert "not looked for inside PRODUCT" in competed, "9 is no number there"
    assert "no evidence" in _said(rows, "line") or "title" in _said(rows, "line")


def test_what_a_character_could_have_become(pipeline: Pipeline) -> None:
    trace = _trace(pipeline, "乾隆年間，她看著乾燥的著作，臺灣經濟發展。")
    at = trace.document.text.index("干燥")
    assert "乾 became 干, of 干 or 乾" in _said(list(trace.why(at, at + 1)), "conversion")


@pytest.fixture(scope="module")
def without_tagger() -> Pipeline:
    return Pipeline(entities={"tagger": False})


def test_every_source_says_why_it_takes_nothing(without_tagger: Pipeline) -> None:
    trace = _trace(without_tagger, "昨天賴玄默來了。")
    (span,) = places(trace.document, "賴玄默", "赖玄默")
    rows = list(trace.why_not(*span))
    assert "no file in lexicon/ has '赖玄默'" in _said(rows, "lexicon")
    assert "no title stands directly before it" in _said(rows, "pattern:person")
    assert _said(rows, "tagger") == "it is switched off"
    assert "no numeral" in _said(rows, "numbers")
    assert {"alias", "header", "pattern"} <= {row.what for row in rows}


def test_what_the_tagger_saw(pipeline: Pipeline) -> None:
    trace = _trace(pipeline, "昨天的天氣晴朗。")
    (span,) = places(trace.document, "天氣", "天气")
    assert _said(list(trace.why_not(*span)), "tagger") == "it sees no name there"


def test_an_ambiguous_form_and_a_telephone_number(without_tagger: Pipeline) -> None:
    trace = _trace(without_tagger, "他昨天吃了蘋果，打了400-800-1234。")
    text = trace.document.text
    fruit = list(trace.why_not(text.index("苹果"), text.index("苹果") + 2))
    assert "ambiguous" in _said(fruit, "lexicon")
    phone = list(trace.why_not(text.index("400"), text.index("400") + 3))
    assert "a telephone number" in _said(phone, "numbers")


def test_what_boilerplate_dropped(pipeline: Pipeline) -> None:
    trace = _trace(pipeline)
    start = trace.document.text.index("腾讯")
    rows = list(trace.why_not(start, start + 2))
    assert "dropped, for it stands in boilerplate (disclaimer)" in _said(rows, "proposed")
    assert "disclaimer" in _said(rows, "line")


def test_what_is_there_is_said_to_be(pipeline: Pipeline) -> None:
    trace = _trace(pipeline)
    (span, *_) = places(trace.document, "阿里巴巴集團", "阿里巴巴集团")
    assert "ORG" in _said(list(trace.why_not(*span)), "it is")


def test_the_document_stays_as_it_was(pipeline: Pipeline) -> None:
    document = pipeline(TEXT)
    before = document.to_json()
    assert Trace(document, pipeline).document.to_json() == before
    assert document.to_json() == before


def test_on_the_command_line(tmp_path: Path, pipeline: Pipeline) -> None:
    file = tmp_path / "a.json"
    document = pipeline(TEXT, id="a")
    file.write_bytes(document.to_json())
    shown = zhpipe("inspect", file, "--why", str(document.text.index("300"))).stdout.decode()
    assert "QUANTITY" in shown and "note:" not in shown
    other = zhpipe("inspect", file, "--why", "3", "--set", "entities.tagger=false").stdout.decode()
    assert "note: made by another version" in " ".join(other.split())
    result = zhpipe("inspect", file, "--why", "9999")
    assert result.returncode == 2 and "the document ends at" in err(result)
    result = zhpipe("inspect", file, "--why-not", "月亮")
    assert result.returncode == 3 and "stands in no document" in err(result)
    # Both scripts find it.
    for stretch in ("苹果箱热卖", "苹果箱熱賣"):
        assert "lexicon" in zhpipe("inspect", file, "--why-not", stretch).stdout.decode()


def test_places_of_a_stretch_in_both_scripts(pipeline: Pipeline) -> None:
    document: Document = pipeline("阿里雲與阿里雲。")
    assert places(document, "阿里雲", "阿里云") == [(0, 3), (4, 7)]
