"""Any spaCy pipeline as a further recogniser, with small ones made here."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import spacy
from spacy.pipeline import EntityRuler
from spacy.training import Example
from thinc.api import fix_random_seed

from pipeline import Document, Pipeline
from pipeline.errors import SettingsError
from pipeline.inspect.trace import Trace
from pipeline.stages.entities.spacy_model import fingerprint
from tests.cli import err, zhpipe

# 墨子云 and 青鸾 are in no lexicon.
PATTERNS = [
    {"label": "ORG", "pattern": "墨子云"}, {"label": "PRODUCT", "pattern": "青鸾一号"},
    {"label": "FAC", "pattern": "望海大桥"}, {"label": "NORP", "pattern": "汉族"},
    {"label": "DATE", "pattern": "去年"}, {"label": "ORG", "pattern": "“白泽”"},
    {"label": "PERSON", "pattern": "阿里巴巴"}, {"label": "LOC", "pattern": "阿里巴巴的"},
    {"label": "ORG", "pattern": "美国青鸾"},
]  # fmt: skip


def _save(path: Path, patterns: list[dict[str, str]], name: str = "ruler") -> str:
    nlp = spacy.blank("zh", meta={"name": name})
    ruler = nlp.add_pipe("entity_ruler")
    assert isinstance(ruler, EntityRuler)
    ruler.add_patterns(patterns)  # type: ignore[arg-type]
    nlp.to_disk(path)
    return str(path)


@pytest.fixture(scope="module")
def ruler(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _save(tmp_path_factory.mktemp("models") / "ruler", PATTERNS)


@pytest.fixture(scope="module")
def pipeline(ruler: str) -> Pipeline:
    return Pipeline(entities={"spacy_model": ruler, "tagger": False})


def _found(document: Document) -> list[tuple[str, str, str]]:
    return [(e.text, e.label, e.by) for e in document.entities]


@pytest.mark.parametrize(("text", "expected"), [
    ("墨子云發佈青鸾一号。", [("墨子云", "ORG"), ("青鸾一号", "PRODUCT")]),
    ("第一行\n\n  在望海大桥上", [("望海大桥", "LOC")]),
    ("他去年說汉族", []),
])  # fmt: skip
def test_its_entities_become_mentions_with_our_labels(
    pipeline: Pipeline, text: str, expected: list[tuple[str, str]]
) -> None:
    document = pipeline(text)
    assert _found(document) == [(name, label, "spacy:zh_ruler") for name, label in expected]
    for entity in document.entities:
        assert document.text[entity.start : entity.end] == entity.text
        assert entity.score < 1


def test_marks_around_a_name_stay_outside(pipeline: Pipeline) -> None:
    assert _found(pipeline("他說“白泽”不錯。")) == [("白泽", "ORG", "spacy:zh_ruler")]


def test_brackets_that_belong_to_a_name_stay(tmp_path: Path) -> None:
    model = _save(tmp_path / "m", [{"label": "ORG", "pattern": "白泽(墨子)"}])
    pipeline = Pipeline(entities={"spacy_model": model, "tagger": False})
    assert _found(pipeline("他說白泽(墨子)不錯。")) == [("白泽(墨子)", "ORG", "spacy:zh_ruler")]


def test_the_lexicon_outranks_it(pipeline: Pipeline) -> None:
    assert [(t, x) for t, x, _ in _found(pipeline("阿里巴巴的收入。"))] == [("阿里巴巴", "ORG")]
    assert _found(pipeline("阿里巴巴漲。"))[0][2].startswith("lexicon:")


def test_a_place_may_be_part_of_a_longer_name(pipeline: Pipeline) -> None:
    assert _found(pipeline("美国青鸾說。")) == [("美国青鸾", "ORG", "spacy:zh_ruler")]


def test_it_outranks_the_tagger(ruler: str) -> None:
    both = Pipeline(entities={"spacy_model": ruler})
    assert ("墨子云", "ORG", "spacy:zh_ruler") in _found(both("墨子云董事長表示。"))


def test_what_the_lexicon_knows_is_linked(tmp_path: Path) -> None:
    """苹果 is a fruit to the lexicon where nothing says otherwise; the model says otherwise."""
    model = _save(tmp_path / "m", [{"label": "ORG", "pattern": "苹果"}])
    text = "他看好苹果。"
    assert not Pipeline(entities={"tagger": False})(text).entities
    (entity,) = Pipeline(entities={"spacy_model": model, "tagger": False})(text).entities
    assert (entity.name, entity.tickers, entity.by) == ("苹果", ["AAPL"], "spacy:zh_ruler")


def test_a_trained_recogniser(tmp_path: Path) -> None:
    nlp = spacy.blank("zh", meta={"name": "trained"})
    nlp.add_pipe("ner")
    names = ["青鸾科技", "白泽软件", "墨子动力", "玄鸟能源"]
    examples = [
        Example.from_dict(nlp.make_doc(f"昨日{name}宣布消息"), {"entities": [(2, 6, "PER")]})
        for name in names
    ]
    fix_random_seed(1)
    nlp.initialize(lambda: examples)
    for _ in range(30):
        nlp.update(examples)
    nlp.to_disk(tmp_path / "trained")
    found = Pipeline(entities={"spacy_model": str(tmp_path / "trained"), "tagger": False})
    assert ("白泽软件", "PERSON", "spacy:zh_trained") in _found(found("昨日白泽软件宣布消息"))


def test_the_fingerprint_is_that_of_the_files_and_not_of_the_path(ruler: str, tmp_path: Path) -> None:
    shutil.copytree(ruler, tmp_path / "copy")
    other = _save(tmp_path / "other", PATTERNS[:2])
    assert fingerprint(ruler) == fingerprint(str(tmp_path / "copy")) != fingerprint(other)
    prints = [
        Pipeline(entities={"spacy_model": m, "tagger": False}).info.fingerprint
        for m in (ruler, str(tmp_path / "copy"), other)
    ]
    assert prints[0] == prints[1] != prints[2]


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no spaCy pipeline 'zh_no_such'"):
        Pipeline(entities={"spacy_model": "zh_no_such"})
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingsError, match="cannot be loaded"):
        Pipeline(entities={"spacy_model": str(tmp_path / "empty")})
    strange = _save(tmp_path / "strange", [{"label": "FIRMA", "pattern": "墨子云"}])
    with pytest.raises(SettingsError, match=r"no entity label that zhpipe knows.*FIRMA"):
        Pipeline(entities={"spacy_model": strange})


def test_on_the_command_line(ruler: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("墨子云收入3億元。", encoding="utf-8")
    result = zhpipe("run", tmp_path / "a.txt", "-o", tmp_path / "out", "--spacy-model", ruler)
    assert result.returncode == 0, err(result)
    written = (tmp_path / "out" / "a.json").read_text(encoding="utf-8")
    assert json.loads(written)["entities"][0]["by"] == "spacy:zh_ruler"
    assert ruler not in written
    result = zhpipe("run", tmp_path / "a.txt", "-o", tmp_path / "o", "--spacy-model", "zh_no_such")
    assert result.returncode == 2 and "zh_no_such" in err(result)


def test_why_not_asks_it_too(pipeline: Pipeline) -> None:
    document = pipeline("墨子云與青川里")
    rows = Trace(document, pipeline).why_not(4, 7)
    assert "the spaCy pipeline sees no name there" in "\n".join(
        row.says for row in rows if row.what == "spacy"
    )
