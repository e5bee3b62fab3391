"""zhpipe inside spaCy: as a component on any tokens, and as a tokenizer."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from spacy import displacy
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc, DocBin
from spacy.util import registry

import pipeline.adapters.spacy_components as components
from pipeline import Pipeline, Settings
from pipeline.adapters.layers import LAYERS
from pipeline.errors import SettingsError
from tests.adapters.corpus import HARD, corpus
from tests.test_laws import RANDOM_PIPELINE, TEXTS

TOKENIZER = {"nlp": {"tokenizer": {"@tokenizers": "zhpipe.Tokenizer.v1"}}}


def _with(nlp: Language, **settings: object) -> Language:
    nlp.add_pipe("zhpipe", config={"settings": settings})
    return nlp


@pytest.fixture(scope="module")
def characters() -> Language:
    """Tokens are single characters, as a blank Chinese pipeline has them."""
    return _with(spacy.blank("zh"))


@pytest.fixture(scope="module")
def words() -> Language:
    """Tokens are zhpipe's."""
    return _with(spacy.blank("zh", config=TOKENIZER))


@pytest.fixture(scope="module")
def coarse() -> Language:
    """Tokens are what stands between white space: most borders fall inside one."""
    return _with(spacy.blank("xx"))


@pytest.mark.parametrize("name", ["characters", "words", "coarse"])
def test_no_span_of_the_corpus_is_lost(name: str, request: pytest.FixtureRequest) -> None:
    nlp: Language = request.getfixturevalue(name)
    articles = corpus()[:-1:3] if name == "coarse" else corpus()[:-1]
    for expected in [*articles, Pipeline()(HARD)]:
        doc = nlp(expected.source_text)
        assert doc.text == expected.source_text
        for layer in LAYERS:
            annotations, spans = getattr(expected, layer), doc.spans[layer]
            assert len(spans) == len(annotations)
            for annotation, span in zip(annotations, spans, strict=True):
                start, end = annotation.source_start, annotation.source_end
                assert span.label_ == annotation.label
                assert (span._.source_start, span._.source_end) == (start, end)
                assert (span._.simplified, span._.by) == (annotation.text, annotation.by)
                assert span._.value == getattr(annotation, "value", None)
                assert span.start_char <= start and span.end_char >= end
                if name == "words":
                    assert (span.start_char, span.end_char) == (start, end)
                elif name == "characters":
                    # White space in a row is one token.
                    assert span.text.strip() == annotation.source_text.strip()
        if name != "coarse":
            assert len(doc.ents) == len(expected.entities)
            starts = {s.start_char for s in doc.sents}
            assert {expected.source_span(s.start, s.end)[0] for s in expected.sentences} <= starts


def test_an_example(characters: Language) -> None:
    doc = characters("阿里巴巴收入265.49億元人民幣。")
    assert [(e.text, e.label_, e._.tickers) for e in doc.ents] == [
        ("阿里巴巴", "ORG", ["BABA", "9988.HK"])
    ]
    (number,) = doc.spans["numbers"]
    assert (number.text, number._.simplified) == ("265.49億元人民幣", "265.49亿元人民币")
    assert (number._.value, number._.unit) == (26549000000, "CNY")


def test_a_conversion_that_changes_lengths() -> None:
    """博客 for 部落格: the span stands on the words of the source."""
    nlp = _with(spacy.blank("zh", config=TOKENIZER), normalize={"conversion": "tw2sp"})
    doc = nlp("部落格作者說阿里巴巴網際網路收入3億美元。")
    assert doc.text == "部落格作者說阿里巴巴網際網路收入3億美元。"
    assert [e.text for e in doc.ents] == ["阿里巴巴"]
    assert [(n.text, n._.value) for n in doc.spans["numbers"]] == [("3億美元", 300000000)]
    assert doc._.simplified.startswith("博客作者说")


def test_the_tokenizer_alone() -> None:
    nlp = spacy.blank("zh", config=TOKENIZER)
    doc = nlp("阿里巴巴去年收入265.49億元。\r\n  GPT-4o亮相\u200b了")
    assert [t.text for t in doc][:3] == ["阿里巴巴", "去年", "收入"]
    assert doc[0].tag_ == "nt"
    assert doc.text == "阿里巴巴去年收入265.49億元。\r\n  GPT-4o亮相\u200b了"
    assert not doc.has_annotation("SENT_START") and not doc.ents


def test_a_pipeline_is_saved_and_loaded(words: Language, tmp_path: Path) -> None:
    words.to_disk(tmp_path)
    text = "阿里巴巴收入3億元。"
    loaded = spacy.load(tmp_path)
    for nlp in (words, loaded):
        (doc,) = nlp.pipe([text])
        assert [(t.text, t.tag_) for t in doc] == [(t.text, t.tag_) for t in words(text)]
        assert doc.spans["numbers"][0]._.value == 300000000


def test_component_and_tokenizer_go_to_worker_processes(words: Language) -> None:
    texts = ["阿里巴巴收入3億元。", "騰訊漲5%。"]
    docs = list(words.pipe(texts, n_process=2, batch_size=1))
    assert [d.ents[0].text for d in docs] == ["阿里巴巴", "騰訊"]
    assert [d.spans["numbers"][0]._.value for d in docs] == [300000000, 5]
    component = pickle.loads(pickle.dumps(words.get_pipe("zhpipe")))
    assert component(words.make_doc(texts[0])).ents[0]._.tickers == ["BABA", "9988.HK"]


def test_docbin_and_displacy(characters: Language) -> None:
    doc = characters("阿里巴巴收入3億元。")
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (read,) = DocBin().from_bytes(stored).get_docs(characters.vocab)
    assert read.ents[0]._.tickers == ["BABA", "9988.HK"]
    page = displacy.render(read, style="ent", jupyter=False)
    assert "阿里巴巴" in page and "ORG" in page


def test_entities_of_other_components_stay_where_there_is_none_of_ours() -> None:
    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("entity_ruler")
    assert isinstance(ruler, EntityRuler)
    ruler.add_patterns([{"label": "DRINK", "pattern": "奶茶"}, {"label": "DRINK", "pattern": "巴巴"}])
    nlp.add_pipe("zhpipe")
    doc = nlp("阿里巴巴賣奶茶。")
    assert [(e.text, e.label_) for e in doc.ents] == [("阿里巴巴", "ORG"), ("奶茶", "DRINK")]


def test_sentences_that_were_set_stay() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("sentencizer", config={"punct_chars": ["，"]})
    nlp.add_pipe("zhpipe")
    assert [s.text for s in nlp("他說，漲。跌。").sents] == ["他說，", "漲。跌。"]


def test_fewer_stages_and_wrong_settings() -> None:
    nlp = _with(spacy.blank("zh"), stages=["normalize", "segment", "entities"])
    doc = nlp("阿里巴巴收入3億元。")
    assert len(doc.ents) == 1 and not len(doc.spans["numbers"])
    with pytest.raises(SettingsError, match="stagez"):
        _with(spacy.blank("zh"), stagez=[])


def test_spacy_finds_both_by_entry_points() -> None:
    """In a process that imports nothing of zhpipe."""
    names = {e.name for g in ("spacy_factories", "spacy_tokenizers") for e in entry_points(group=g)}
    if not {"zhpipe", "zhpipe.Tokenizer.v1"} <= names:
        pytest.skip("zhpipe was installed before it had these entry points; install it again")
    code = f"import spacy; spacy.blank('zh', config={TOKENIZER}).add_pipe('zhpipe')"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    tokenizer: Callable[..., object] = registry.tokenizers.get("zhpipe.Tokenizer.v1")
    assert tokenizer is components.make_tokenizer


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_random_text(text: str) -> None:
    doc: Doc = RANDOM_TOKENIZER(text)
    assert doc.text == text
    expected = RANDOM_PIPELINE(text)
    doc = RANDOM_ANNOTATOR(doc)
    for layer in ("entities", "numbers", "boilerplate"):
        found = [(s._.source_start, s._.source_end, s.label_) for s in doc.spans[layer]]
        annotations = getattr(expected, layer)
        assert found == [(a.source_start, a.source_end, a.label) for a in annotations]


RANDOM_TOKENIZER = components.make_tokenizer()(spacy.blank("zh"))
RANDOM_ANNOTATOR = components.Annotator(Settings())
