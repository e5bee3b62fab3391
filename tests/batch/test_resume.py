"""Resuming: only what is new, has changed or has failed, and the output of an undisturbed run."""

from __future__ import annotations

import json
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.batch.faults import CURE, article, results, run_over, write_articles

FORMATS = ["json", "jsonl", "jsonl.gz", "parquet"]


@pytest.mark.parametrize("format", FORMATS)
def test_only_what_is_new_or_has_changed_is_done(format: str, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 20)
    options: dict[str, Any] = {"format": format, "shard_size": 4}
    run_over(folder, tmp_path / "out", **options)
    before = results(tmp_path / "out")
    again = run_over(folder, tmp_path / "out", resume=True, **options)
    assert (again.documents, again.unchanged) == (0, 20)
    assert results(tmp_path / "out") == before
    (folder / "0004.txt").write_text(article(4, "，改了"), encoding="utf-8")
    with (folder / "more.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"text": article(99)}) + "\n")
    resumed = run_over(folder, tmp_path / "out", resume=True, workers=2, **options)
    assert (resumed.documents, resumed.unchanged) == (2, 19)
    run_over(folder, tmp_path / "fresh", **options)
    assert results(tmp_path / "out") == results(tmp_path / "fresh")


@pytest.mark.parametrize("format", FORMATS)
def test_what_failed_is_tried_again(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_articles(tmp_path / "in", 20, {3: "毒", 8: "毒"})
    (folder / "0010.txt").rename(tmp_path / "away")
    (folder / "0010.txt").mkdir()
    (folder / "0010.txt").rmdir()
    (folder / "0010.txt").symlink_to(tmp_path / "nowhere")
    options: dict[str, Any] = {"format": format, "shard_size": 6}
    failed = run_over(folder, tmp_path / "out", **options)
    assert (failed.documents, failed.failures) == (17, 3)
    (folder / "0010.txt").unlink()
    (tmp_path / "away").rename(folder / "0010.txt")
    (tmp_path / "cure").touch()
    monkeypatch.setenv(CURE, str(tmp_path / "cure"))
    resumed = run_over(folder, tmp_path / "out", resume=True, **options)
    assert (resumed.documents, resumed.unchanged, resumed.failures) == (3, 17, 0)
    run_over(folder, tmp_path / "fresh", **options)
    assert results(tmp_path / "out") == results(tmp_path / "fresh")


def test_a_lost_or_cut_file_is_made_again(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 12)
    for format in ("json", "jsonl"):
        output = tmp_path / format
        run_over(folder, output, format=format, shard_size=4)
        before = results(output)
        first, second = [name for name in before if name.startswith(("0", "doc"))][:2]
        (output / first).unlink()
        (output / second).write_bytes(before[second][:-5])
        run_over(folder, output, format=format, shard_size=4, resume=True)
        assert results(output) == before


def test_files_of_inputs_that_are_gone(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 12)
    for format in ("json", "jsonl"):
        run_over(folder, tmp_path / format, format=format, shard_size=4)
    for number in (0, 2, 4, 6, 8):
        (folder / f"{number:04}.txt").unlink()
    for format in ("json", "jsonl"):
        run_over(folder, tmp_path / format, format=format, shard_size=4, resume=True)
    # A folder of files collects, what holds many documents is exactly of the last run.
    assert "0000.json" in results(tmp_path / "json")
    run_over(folder, tmp_path / "fresh", format="jsonl", shard_size=4)
    assert results(tmp_path / "jsonl") == results(tmp_path / "fresh")


@given(
    changes=st.lists(
        st.lists(st.tuples(st.integers(0, 11), st.integers(0, 3)), max_size=6),
        min_size=1,
        max_size=3,
    ),
    shard_size=st.integers(1, 7),
    seed=st.integers(0, 9),
)
@settings(max_examples=25, deadline=None)
def test_any_history_of_changes_gives_what_a_fresh_run_gives(
    changes: list[list[tuple[int, int]]], shard_size: int, seed: int
) -> None:
    """Articles come, go and change, and the order of the files with them."""
    with TemporaryDirectory() as name:
        base = Path(name)
        (base / "in").mkdir()
        for number in range(0, 12, 2):
            (base / "in" / f"{number}.txt").write_text(article(number), encoding="utf-8")
        for turn, change in enumerate(changes):
            for number, version in change:
                path = base / "in" / f"{number}.txt"
                if version == 0:
                    path.unlink(missing_ok=True)
                else:
                    path.write_text(article(number, "毒" * (version == 3)), encoding="utf-8")
            files = sorted((base / "in").iterdir())
            random.Random(seed + turn).shuffle(files)
            options: dict[str, Any] = {"format": "jsonl", "shard_size": shard_size}
            run_over(files, base / "out", resume=True, **options)
        run_over(files, base / "fresh", **options)
        assert results(base / "out") == results(base / "fresh")
