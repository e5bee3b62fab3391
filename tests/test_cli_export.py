"""`zhpipe export` as a user calls it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from spacy.tokens import DocBin
from spacy.vocab import Vocab

import pipeline.adapters.docbin as docbin
from pipeline import Document, Pipeline
from pipeline.adapters.docbin import DocBinExporter
from tests.adapters.corpus import corpus, hard, spans
from tests.adapters.exported import export
from tests.cli import err, zhpipe


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("run") / "out.jsonl"
    documents = [hard(), Pipeline()("阿里雲收入3億元。", id="b")]
    path.write_bytes(b"".join(document.to_json() + b"\n" for document in documents))
    return path


@pytest.mark.parametrize(("format", "target", "files", "loss"), [
    ("spacy", "out.spacy", ["out.spacy"], "1 overlapping entities, in the span group alone"),
    ("brat", "brat", ["annotation.conf", "b.ann", "b.txt", "hard"], "spans over several lines"),
    ("labelstudio", "t.json", ["t.json", "t.xml"], "1 texts with characters beyond U+FFFF"),
    ("conllu", "a.conllu", ["a.conllu"], "1 NER spans that begin or end inside a token, left out"),
    ("parquet", "t", ["alignment.parquet", "boilerplate.parquet", "documents.parquet", "entities.parquet",
                      "numbers.parquet", "sentences.parquet", "tokens.parquet"], " value beyond decimal"),
])  # fmt: skip
def test_each_format(
    annotated: Path, tmp_path: Path, format: str, target: str, files: list[str], loss: str
) -> None:
    result = zhpipe("export", annotated, "--to", format, "-o", tmp_path / target)
    assert result.returncode == 0, err(result)
    assert "2 documents in" in err(result)
    assert loss in err(result)
    place = tmp_path / target
    assert sorted(p.name for p in (place if place.is_dir() else tmp_path).iterdir()) == files


def test_one_document_by_its_id(annotated: Path, tmp_path: Path) -> None:
    result = zhpipe("export", annotated, "--to", "brat", "-o", tmp_path, "--id", "b")
    assert "1 documents in" in err(result) and not (tmp_path / "hard").exists()


def test_wrong_inputs_are_named(annotated: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_bytes(annotated.read_bytes() + b"{}\n")
    result = zhpipe("export", tmp_path / "bad.jsonl", "--to", "conllu", "-o", tmp_path / "a.conllu")
    assert result.returncode == 3 and "bad.jsonl, line 3" in err(result)
    assert [p.name for p in tmp_path.iterdir()] == ["bad.jsonl"]
    result = zhpipe("export", annotated, "--to", "labelstudio", "-o", tmp_path)
    assert result.returncode == 3 and "is a folder; name a file" in err(result)
    assert zhpipe("export", annotated, "--to", "xml", "-o", tmp_path).returncode == 2


def test_a_missing_package_is_named(annotated: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['spacy'] = None; from pipeline.cli import main; "
        f"sys.argv[1:] = ['export', {str(annotated)!r}, '--to', 'spacy', '-o', {str(tmp_path)!r}]; main()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "pip install 'zhpipe[spacy]'" in result.stderr


def test_a_folder_gets_one_docbin_for_so_many_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docbin, "_DOCUMENTS", 3)
    documents = corpus()[:7]
    export(DocBinExporter(tmp_path), documents)
    files = sorted(tmp_path.iterdir())
    assert [f.name for f in files] == [f"documents-0000{n}.spacy" for n in range(3)]
    vocab = Vocab()
    docs = [doc for file in files for doc in DocBin().from_disk(file).get_docs(vocab)]
    for document, doc in zip(documents, docs, strict=True):
        found = [(s.start_char, s.end_char, s.label_, s.text) for s in doc.spans["entities"]]
        assert found == spans(document.entities)


def test_a_document_without_annotations(tmp_path: Path) -> None:
    export(DocBinExporter(tmp_path / "a.spacy"), [Document("")])
    (doc,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(Vocab())
    assert doc.text == ""
