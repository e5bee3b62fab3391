"""Two runs over the same articles compared."""

from __future__ import annotations

from pathlib import Path

from pipeline import Document, Pipeline
from pipeline.inspect.diff import compare, compare_runs
from pipeline.inspect.selection import Selection
from tests.cli import zhpipe

TEXT = "阿里雲收入3億元，騰訊收入5億元。"


def _changed(pipeline: Pipeline, id: str = "a") -> Document:
    """The second run: no Tencent, another currency, and a year."""
    document = pipeline(TEXT, id=id)
    document.entities = document.entities[:1]
    document.numbers[0].unit = "HKD"
    document.boilerplate = []
    return document


def test_gained_lost_changed(pipeline: Pipeline) -> None:
    old, new = pipeline(TEXT, id="a"), _changed(pipeline)
    there = {(c.kind, c.item.text): c.fields for c in compare(old, new, Selection()).changes}
    before = old.numbers[0].unit
    assert there == {("lost", "腾讯"): (), ("changed", "3亿元"): (("unit", before, "HKD"),)}
    back = {(c.kind, c.item.text) for c in compare(new, old, Selection()).changes}
    assert back == {("gained", "腾讯"), ("changed", "3亿元")}
    assert compare(old, old, Selection()).changes == []
    assert len(compare(old, new, Selection(layers=("numbers",))).changes) == 1


def test_documents_are_paired_by_id_in_any_order(pipeline: Pipeline) -> None:
    first = [pipeline(TEXT, id=name) for name in "abc"]
    second = [pipeline(TEXT, id="c"), _changed(pipeline, "b"), pipeline(TEXT, id="d")]
    found = {d.id: d.only_in or len(d.changes) for d in compare_runs(first, second, Selection())}
    assert found == {"b": 2, "a": 1, "d": 2}


def test_on_the_command_line(tmp_path: Path, pipeline: Pipeline) -> None:
    for name, document in (("old", pipeline(TEXT, id="a")), ("new", _changed(pipeline))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.json").write_bytes(document.to_json())
    shown = zhpipe("inspect", tmp_path / "old", "--diff", tmp_path / "new").stdout.decode()
    assert "- lost    ORG 9–11 '腾讯'" in shown
    assert "-> HKD" in shown
    assert "1 documents differ: 0 gained, 1 lost, 1 changed" in shown
    same = zhpipe("inspect", tmp_path / "old", "--diff", tmp_path / "old").stdout.decode()
    assert "0 documents differ" in same
