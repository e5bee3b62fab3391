"""brat's files are read back to the same spans, values and attributes."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from pipeline import Document
from pipeline.adapters.brat import BratExporter, configuration
from pipeline.adapters.layers import all_annotations
from pipeline.errors import WriteError
from tests.adapters.corpus import corpus, hard, spans
from tests.adapters.exported import export
from tests.test_laws import RANDOM_PIPELINE, TEXTS


def read(folder: Path, name: str) -> tuple[str, list[tuple[int, int, str]], dict[str, dict[str, object]]]:
    """Text, spans, and by span what its attributes and its note say, as brat's own reader takes them."""
    text = (folder / f"{name}.txt").read_bytes().decode()
    found: dict[str, tuple[int, int, str]] = {}
    known: dict[str, dict[str, object]] = {}
    for line in (folder / f"{name}.ann").read_bytes().decode().splitlines():
        id, rest = line.split("\t", 1)
        if id[0] == "T":
            kind, covered = rest.split("\t", 1)
            label, offsets = kind.split(" ", 1)
            pieces = [tuple(map(int, piece.split())) for piece in offsets.split(";")]
            # brat refuses a file where this does not hold.
            assert covered == " ".join(text[start:end] for start, end in pieces)
            found[id] = (pieces[0][0], pieces[-1][1], label)
            known[id] = {}
        elif id[0] == "A":
            name, target, value = rest.split(" ")
            known[target][name] = value
        else:
            kind, note = rest.split("\t", 1)
            known[kind.removeprefix("AnnotatorNotes ")] |= json.loads(note, parse_float=Decimal)
    return text, list(found.values()), known


def check(document: Document, folder: Path) -> None:
    text, found, known = read(folder, document.id)
    assert text == document.text
    for annotation, (start, end, label), values in zip(
        all_annotations(document), found, known.values(), strict=True
    ):
        assert label == annotation.label
        # Line breaks at the edge of a span cannot be in it.
        assert text[start:end] == annotation.text.strip("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
        assert values["by"] == annotation.by
        assert values["source_start"] == annotation.source_start
        for name in ("value", "min", "max", "unit", "tickers", "id"):
            assert (values.get(name) or None) == (getattr(annotation, name, None) or None) or (
                values.get(name) == getattr(annotation, name)
            )


def test_the_corpus_comes_back(tmp_path: Path) -> None:
    losses = export(BratExporter(tmp_path), corpus())
    for document in corpus():
        check(document, tmp_path)
    assert losses["tokens"] == sum(len(d.tokens) for d in corpus())
    assert losses["spans over several lines, written as fragments"] > 0
    assert losses["texts with characters beyond U+FFFF, whose marks brat's page shifts"] == 1


def test_what_a_file_looks_like(tmp_path: Path) -> None:
    document = RANDOM_PIPELINE("阿里巴巴收入逾3億美元,同比增長5%。", id="a")
    export(BratExporter(tmp_path), [document])
    lines = (tmp_path / "a.ann").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "T1\tORG 0 4\t阿里巴巴"
    assert "T2\tMONEY 7 11\t3亿美元" in lines
    assert "A1\tModifier T2 over" in lines and "A3\tBasis T3 yoy" in lines
    note = next(line for line in lines if line.startswith("#2\tAnnotatorNotes T2\t"))
    assert '"value":300000000' in note and '"unit":"USD"' in note


def test_the_configuration_knows_every_label(tmp_path: Path) -> None:
    sections = configuration().split("[")
    labels = next(s for s in sections if s.startswith("entities]")).split()[1:]
    assert {a.label for d in corpus() for a in all_annotations(d)} <= set(labels)
    assert "Basis Arg:<ENTITY>, Value:yoy|" in configuration()
    export(BratExporter(tmp_path), [])
    assert (tmp_path / "annotation.conf").read_text(encoding="utf-8") == configuration()


@pytest.mark.parametrize("ids", [("../a",), ("a", "a")])
def test_ids_that_make_no_files_are_errors(tmp_path: Path, ids: tuple[str, ...]) -> None:
    with pytest.raises(WriteError):
        export(BratExporter(tmp_path / "out"), [Document("文", id=id) for id in ids])
    assert not (tmp_path / "a.txt").exists()


def test_a_span_of_line_breaks_alone_is_counted(tmp_path: Path) -> None:
    document = RANDOM_PIPELINE("阿里巴巴\n\n漲。", id="a")
    document.entities.append(replace(document.entities[0], start=4, end=6, text="\n\n"))
    assert export(BratExporter(tmp_path), [document])["spans of line breaks alone, left out"] == 1
    assert [name for *_, name in read(tmp_path, "a")[1]] == ["ORG"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_random_text(tmp_path: Path, text: str) -> None:
    document = RANDOM_PIPELINE(text, id="random")
    export(BratExporter(tmp_path), [document])
    check(document, tmp_path)


def test_spans_of_the_hard_text() -> None:
    """The test document has what the tests say it has."""
    found = spans(all_annotations(hard()))
    assert any("\n" in text for *_, text in found)
    assert len({start for start, *_ in found}) < len(found)
