"""The options of `zhpipe run` for large runs, and `zhpipe status`, as a user calls them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import click
import pytest

from pipeline.cli_run import run
from pipeline.files.documents import read_documents
from pipeline.files.write import FORMATS, SHARD_SIZE
from pipeline.serialize import LAYERS
from tests.batch.faults import write_articles
from tests.cli import err, zhpipe

QUICK = ("--set", 'stages=["normalize"]')


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    articles = write_articles(tmp_path / "in", 12)
    (articles / "0004.txt").write_bytes(b"")
    return articles


def test_a_run_its_status_and_another(folder: Path, tmp_path: Path) -> None:
    out, report = tmp_path / "out", tmp_path / "summary.json"
    result = zhpipe(
        "run", folder, "-o", out, *QUICK, "--workers", "2", "--format", "jsonl.zst",
        "--shard-size", "5", "--layers", "metadata,clean_text", "--timeout", "60", "-v",
        "--summary", report,
    )  # fmt: skip
    assert result.returncode == 1
    assert "errors      1 ReadError in read" in err(result)
    summary = json.loads(report.read_bytes())
    assert (summary["documents"], summary["failures"], summary["stopped"]) == (11, 1, None)
    assert summary["errors"] == [{"stage": "read", "error": "ReadError", "count": 1}]
    assert sorted(path.name for path in out.iterdir()) == [
        *(f"documents-0000{n}.jsonl.zst" for n in range(3)), "errors.jsonl", "manifest.sqlite",
    ]  # fmt: skip
    assert len(list(read_documents(out))) == 11

    shown = zhpipe("status", out)
    assert shown.returncode == 0
    rows = [line.split(maxsplit=1) for line in shown.stdout.decode().splitlines()]
    assert ["done", "11"] in rows
    assert ["errors", "1 ReadError in read: the file is empty"] in rows
    status = json.loads(zhpipe("status", out, "--json", "--slowest", "2").stdout)
    assert status["counts"] == {"done": 11, "failed": 1, "pending": 0}
    assert status["complete"] is True
    assert len(status["slowest"]) == 2
    assert status["slowest"][0]["seconds"] >= status["slowest"][1]["seconds"]

    (folder / "0004.txt").write_text("補上了。", encoding="utf-8")
    more = ("run", folder, "-o", out, *QUICK, "--format", "jsonl.zst", "--shard-size", "5",
            "--layers", "metadata,clean_text", "--resume")  # fmt: skip
    planned = zhpipe(*more, "--dry-run")
    assert planned.stdout.decode().splitlines()[2] == f"annotate    '0004' of {folder}/0004.txt"
    assert err(planned).splitlines() == ["unchanged   11", "annotate    1"]
    done = zhpipe(*more)
    assert done.returncode == 0
    assert dict(line.split(maxsplit=1) for line in err(done).splitlines())["unchanged"] == "11"
    assert not (out / "errors.jsonl").exists()


def test_a_manifest_row_tells_all(folder: Path, tmp_path: Path) -> None:
    zhpipe("run", folder, "-o", tmp_path / "out", *QUICK)
    db = sqlite3.connect(tmp_path / "out" / "manifest.sqlite")
    db.row_factory = sqlite3.Row
    row = dict(db.execute("SELECT * FROM documents WHERE id = '0002'").fetchone())
    data = (tmp_path / "out" / "0002.json").read_bytes()
    assert row["status"] == "done"
    assert row["file"] == "0002.json"
    assert (row["size"], row["file_size"]) == (len(data) - 1, len(data))
    assert len(row["hash"]) == len(row["input"]) == 64
    assert len(row["pipeline"]) == 16
    assert row["seconds"] > 0
    row = dict(db.execute("SELECT * FROM documents WHERE id = '0004'").fetchone())
    assert (row["status"], row["stage"], row["error"]) == ("failed", "read", "ReadError")
    assert row["message"] == "the file is empty"


def test_a_dry_run_writes_nothing(folder: Path, tmp_path: Path) -> None:
    result = zhpipe("run", folder, "-o", tmp_path / "out", *QUICK, "--dry-run")
    assert result.returncode == 0
    assert err(result) == "annotate    12\n"
    assert not (tmp_path / "out").exists()


def test_shares_fill_one_folder_and_status_adds_them_up(folder: Path, tmp_path: Path) -> None:
    for share in ("1/2", "2/2"):
        result = zhpipe(
            "run", folder, "-o", tmp_path / "out", *QUICK, "--format", "parquet", "--shard", share
        )
        assert result.returncode in (0, 1)
    assert len(list(read_documents(tmp_path / "out"))) == 11
    status = json.loads(zhpipe("status", tmp_path / "out", "--json").stdout)
    assert status["counts"] == {"done": 11, "failed": 1, "pending": 0}


def test_fail_fast(folder: Path, tmp_path: Path) -> None:
    result = zhpipe("run", folder, "-o", tmp_path / "out", *QUICK, "--fail-fast")
    assert result.returncode == 1
    assert "stopped     more than 0 documents failed" in err(result)
    status = json.loads(zhpipe("status", tmp_path / "out", "--json").stdout)
    assert status["complete"] is False
    assert "--resume takes it up again" in zhpipe("status", tmp_path / "out").stdout.decode()


@pytest.mark.parametrize("options", [
    ["--shard", "0/4"], ["--shard", "5/4"], ["--shard", "x"], ["--layers", "tokens,nonsense"],
    ["--workers", "0"], ["--timeout", "0"], ["--format", "xml"],
])  # fmt: skip
def test_wrong_options(options: list[str], folder: Path, tmp_path: Path) -> None:
    result = zhpipe("run", folder, "-o", tmp_path / "out", *options)
    assert result.returncode == 2
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_resumed_or_told(folder: Path, tmp_path: Path) -> None:
    result = zhpipe("run", folder, "-o", tmp_path / "all.jsonl", "--resume")
    assert result.returncode == 2
    assert "--resume needs an output folder" in err(result)
    result = zhpipe("run", folder, "-o", folder, "--format", "jsonl")
    assert result.returncode == 2
    assert "the output folder is an input" in err(result)
    result = zhpipe("status", folder)
    assert result.returncode == 3
    assert "no run has written to this folder" in err(result)


def test_the_choices_are_those_of_the_modules() -> None:
    """The command line repeats them, for importing those modules would make --help slow."""
    options = {o.name: o for o in run.params if isinstance(o, click.Option)}
    formats = options["format"].type
    assert isinstance(formats, click.Choice)
    assert tuple(formats.choices) == FORMATS
    assert options["layers"].help == f"Write only these of {', '.join(LAYERS)}."
    assert options["shard_size"].default == SHARD_SIZE
