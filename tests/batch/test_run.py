"""The runner: the same output for any number of workers, shards, layers, limits, names."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import Document, Pipeline
from pipeline.batch.task import Share
from pipeline.errors import WriteError
from pipeline.files.documents import read_documents
from pipeline.files.read import ReadOptions
from tests.batch.faults import Heard, errors, results, run_over, write_articles


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_articles(tmp_path_factory.mktemp("articles") / "in", 30)


@pytest.fixture(scope="module")
def expected(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    output = tmp_path_factory.mktemp("expected")
    run_over(articles, output)
    return results(output)


@pytest.mark.parametrize(("workers", "method"), [
    (2, "fork"), (4, "fork"), (2, "forkserver"), (2, "spawn"),
])
def test_any_number_of_workers_gives_the_same_bytes(
    workers: int, method: str, articles: Path, tmp_path: Path
) -> None:
    # Processes that inherit nothing build the stages by their names.
    pipeline = Pipeline(stages=["normalize", "segment"])
    run_over(articles, tmp_path / "one", pipeline)
    summary = run_over(articles, tmp_path / "many", pipeline, workers=workers, method=method)
    assert summary.documents == 30
    assert results(tmp_path / "many") == results(tmp_path / "one")


def test_the_order_of_the_inputs_does_not_matter(
    articles: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    files = sorted(articles.iterdir())
    random.Random(1).shuffle(files)
    run_over(files, tmp_path, workers=2)
    assert results(tmp_path) == expected


def test_workers_are_recycled(
    articles: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    assert run_over(articles, tmp_path, workers=2, recycle_after=3).documents == 30
    assert results(tmp_path) == expected


@pytest.mark.parametrize("format", ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"])
def test_shards_hold_the_documents_in_order(
    format: str, articles: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    run_over(articles, tmp_path, workers=2, format=format, shard_size=12)
    assert list(results(tmp_path)) == [f"documents-0000{n}.{format}" for n in range(3)]
    documents = list(read_documents(tmp_path))
    numbers = [f"{n:04}" for n in range(0, 30, 2)] + [f"more/{n}" for n in range(1, 16)]
    assert [document.id for document in documents] == numbers
    assert {f"{d.id}.json": d.to_json() + b"\n" for d in documents} == expected


@pytest.mark.parametrize("format", ["json.gz", "json.zst"])
def test_compressed_files(
    format: str, articles: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    run_over(articles, tmp_path, format=format)
    assert {f"{d.id}.json": d.to_json() + b"\n" for d in read_documents(tmp_path)} == expected
    before = results(tmp_path)
    run_over(articles, tmp_path, format=format)
    assert results(tmp_path) == before


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz", "all.jsonl.zst", "all.parquet"])
def test_one_file_for_all(
    name: str, articles: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    run_over(articles, tmp_path / name, workers=2)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert {f"{d.id}.json": d.to_json() + b"\n" for d in read_documents(tmp_path)} == expected


def test_layers_that_are_not_wanted_are_absent(articles: Path, tmp_path: Path) -> None:
    run_over(articles, tmp_path, layers=("entities", "numbers"))
    data = (tmp_path / "0000.json").read_bytes()
    assert {"entities", "numbers", "text"} <= set(json.loads(data))
    assert not {"tokens", "sentences", "metadata", "clean_text"} & set(json.loads(data))
    assert not Document.from_json(data).tokens


def test_shares_of_several_runs_make_the_whole(
    articles: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    counts = [
        run_over(articles, tmp_path, share=Share(index, 3)).documents for index in (1, 2, 3)
    ]
    assert sum(counts) == 30
    assert min(counts) > 0
    written = {name: data for name, data in results(tmp_path).items() if "share-" not in name}
    assert written == expected


def test_the_run_ends_when_too_many_documents_fail(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 30, dict.fromkeys((4, 6, 8, 10), "毒"))
    first = run_over(folder, tmp_path / "first", max_errors=0)
    assert (first.documents, first.failures) == (2, 1)
    assert first.stopped == "more than 0 documents failed"
    third = run_over(folder, tmp_path / "third", max_errors=2)
    assert (third.documents, third.failures) == (2, 3)
    # What was done is kept, and a later run does the rest.
    rest = run_over(folder, tmp_path / "first", resume=True)
    assert (rest.unchanged, rest.documents, rest.failures) == (2, 24, 4)


def test_two_inputs_with_one_id(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "a.md", "b.txt"):
        (tmp_path / "in" / name).write_text(f"{name}營收。", encoding="utf-8")
    output = tmp_path / "out"
    for _ in range(2):
        summary = run_over(tmp_path / "in", output, resume=True)
        assert summary.failures == 1
        assert set(results(output)) == {"a.json", "b.json", "errors.jsonl"}
        assert errors(output) == {"a": ("write", "WriteError")}
        assert b"a.md" in (output / "a.json").read_bytes()


def test_an_id_of_which_nothing_came_is_free(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_bytes(b"")
    (tmp_path / "in" / "a.txt").write_text("營收。", encoding="utf-8")
    for _ in range(2):
        run_over(tmp_path / "in", tmp_path / "out", resume=True)
        assert errors(tmp_path / "out") == {"a": ("read", "ReadError")}
        assert (tmp_path / "out" / "a.json").exists()


def _records(path: Path, ids: list[str]) -> Path:
    rows = [{"id": id, "text": f"{number}營收。"} for number, id in enumerate(ids)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


NAMES = [
    "../x", "../../etc/x", "/etc/passwd", "a/../../x", "..", ".", "a//b", "a/", "nul\0", "a\nb",
    "長" * 300, "é" * 300, "/".join("ab" * 900), "case", "CASE", "Case", "50%", "%2E%2E",
    "a.json/b", "a", "errors.jsonl/x", "manifest.sqlite/x", "errors", "c:\\x", "con", "x.part/y",
]  # fmt: skip


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_no_id_leads_out_of_the_output_folder(format: str, tmp_path: Path) -> None:
    output = tmp_path / "deep" / "er" / "out"
    records = _records(tmp_path / "in.jsonl", NAMES)
    summary = run_over(records, output, read=ReadOptions(id_field="id"), format=format)
    assert (summary.documents, summary.failures) == (len(NAMES), 0)
    assert {document.id for document in read_documents(output)} == set(NAMES)
    outside = [p for p in tmp_path.rglob("*") if p.is_file() and output not in p.parents]
    assert outside == [records]
    # And all of them are found again.
    again = run_over(records, output, read=ReadOptions(id_field="id"), format=format, resume=True)
    assert (again.unchanged, again.documents) == (len(NAMES), 0)


def test_a_link_in_the_output_does_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "sub").symlink_to(tmp_path / "elsewhere")
    records = _records(tmp_path / "in.jsonl", ["sub/x", "y"])
    run_over(records, tmp_path / "out", read=ReadOptions(id_field="id"))
    assert errors(tmp_path / "out") == {"sub/x": ("write", "WriteError")}
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_where_case_is_ignored_nothing_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.files.write.make_folder", lambda folder: True)
    (tmp_path / "out").mkdir()
    records = _records(tmp_path / "in.jsonl", ["case", "Case", "other"])
    run_over(records, tmp_path / "out", read=ReadOptions(id_field="id"))
    assert set(results(tmp_path / "out")) == {"case.json", "other.json", "errors.jsonl"}
    assert errors(tmp_path / "out") == {"Case": ("write", "WriteError")}


def test_what_is_too_long_is_one_error(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 6)
    (folder / "long.txt").write_text("長" * 101, encoding="utf-8")
    run_over(folder, tmp_path / "out", read=ReadOptions(max_chars=100))
    assert errors(tmp_path / "out") == {"long": ("read", "ReadError")}
    # A lower limit holds for what was done before, too.
    summary = run_over(folder, tmp_path / "out", read=ReadOptions(max_chars=5), resume=True)
    assert (summary.unchanged, summary.failures) == (0, 7)
    assert set(results(tmp_path / "out")) == {"errors.jsonl"}


def test_another_format_does_not_go_into_the_same_folder(articles: Path, tmp_path: Path) -> None:
    run_over(articles, tmp_path)
    with pytest.raises(WriteError, match="holds the results of a run with --format json: choose"):
        run_over(articles, tmp_path, format="jsonl")


def _changed(articles: Path, **options: Any) -> Callable[[Path], list[str]]:
    def said(output: Path) -> list[str]:
        heard = Heard()
        run_over(articles, output, watcher=heard, **options)
        return heard.said

    return said


def test_what_is_overwritten_is_said(articles: Path, tmp_path: Path) -> None:
    run_over(articles, tmp_path)
    again = _changed(articles)(tmp_path)
    assert "holds 30 documents of earlier runs; those among the inputs are made again" in again[0]
    assert _changed(articles, resume=True)(tmp_path) == []
    (said,) = _changed(articles, resume=True, layers=("tokens",))(tmp_path)
    assert "the pipeline has changed since" in said
    assert "30 documents are made again" in said
