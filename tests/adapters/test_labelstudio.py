"""Label Studio's tasks hold the same spans, in the unit that it counts in."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline import Document, Pipeline
from pipeline.adapters.labelstudio import LabelStudioExporter
from pipeline.adapters.layers import all_annotations
from tests.adapters.corpus import corpus, spans
from tests.adapters.exported import export


def read(path: Path) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = json.loads(path.read_bytes())
    return tasks


def _results(task: dict[str, Any]) -> list[dict[str, Any]]:
    (prediction,) = task["predictions"]
    results: list[dict[str, Any]] = prediction["result"]
    return results


def test_code_points_come_back(tmp_path: Path) -> None:
    losses = export(LabelStudioExporter(tmp_path / "tasks.json"), corpus())
    tasks = read(tmp_path / "tasks.json")
    assert [task["data"]["id"] for task in tasks] == [d.id for d in corpus()]
    for document, task in zip(corpus(), tasks, strict=True):
        text = task["data"]["text"]
        found = [
            (v["start"], v["end"], v["labels"][0], text[v["start"] : v["end"]])
            for v in (result["value"] for result in _results(task))
        ]
        assert found == spans(all_annotations(document))
    assert losses["texts with characters beyond U+FFFF (offsets are code points)"] == 1


def test_utf16_units_are_what_javascript_slices(tmp_path: Path) -> None:
    export(LabelStudioExporter(tmp_path / "tasks.json", utf16=True), corpus())
    shifted = 0
    for document, task in zip(corpus(), read(tmp_path / "tasks.json"), strict=True):
        units = task["data"]["text"].encode("utf-16-le")
        for annotation, result in zip(all_annotations(document), _results(task), strict=True):
            value = result["value"]
            assert units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le") == annotation.text
            shifted += value["start"] != annotation.start
    assert shifted > 5


@pytest.mark.parametrize(("utf16", "start", "end"), [(False, 5, 8), (True, 7, 10)])
def test_a_name_behind_astral_characters(tmp_path: Path, utf16: bool, start: int, end: int) -> None:
    document = Pipeline()("😀他說，𠮷阿里雲漲。", id="a")
    export(LabelStudioExporter(tmp_path / "t.json", utf16), [document])
    value = _results(read(tmp_path / "t.json")[0])[0]["value"]
    assert (value["start"], value["end"], value["text"]) == (start, end, "阿里云")


def test_values_are_shown_beside_the_span(tmp_path: Path) -> None:
    export(LabelStudioExporter(tmp_path / "t.json"), [Pipeline()("派息22港仙。", id="a")])
    (result,) = _results(read(tmp_path / "t.json")[0])
    known = json.loads(result["meta"]["text"][0], parse_float=Decimal)
    assert (known["value"], known["unit"], known["source_text"]) == (Decimal("0.22"), "HKD", "22港仙")


def test_every_result_has_its_own_id_and_a_known_label(tmp_path: Path) -> None:
    export(LabelStudioExporter(tmp_path / "tasks.json"), corpus())
    results = [r for task in read(tmp_path / "tasks.json") for r in _results(task)]
    assert len({r["id"] for r in results}) == len(results)
    tree = ET.parse(tmp_path / "tasks.xml")
    labels = {e.attrib["value"] for e in tree.iter("Label")}
    assert {r["value"]["labels"][0] for r in results} <= labels
    control, shown = tree.find("Labels"), tree.find("Text")
    assert control is not None and shown is not None
    assert (control.attrib["name"], control.attrib["toName"]) == ("label", shown.attrib["name"])
    assert {(r["from_name"], r["to_name"]) for r in results} == {("label", "text")}


def test_no_document_is_an_empty_list_and_an_error_leaves_no_file(tmp_path: Path) -> None:
    export(LabelStudioExporter(tmp_path / "none.json"), [])
    assert read(tmp_path / "none.json") == []
    with pytest.raises(ZeroDivisionError):
        export(LabelStudioExporter(tmp_path / "bad.json"), (Document(str(1 // n)) for n in (1, 0)))
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["none.json", "none.xml"]
