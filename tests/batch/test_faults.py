"""Faults: whatever ends a worker, a document or the run, nothing is lost and nothing is double."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import pipeline.files.durable
import pipeline.files.rows
from pipeline.batch.manifest import Manifest
from pipeline.errors import StorageError, WorkerError, WriteError
from tests.batch.faults import (
    CURE,
    Heard,
    article,
    errors,
    faulty,
    results,
    run_over,
    write_articles,
)
from tests.batch.site import install
from tests.conftest import ROOT

COUNT = 24
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


@pytest.fixture()
def cured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called on, nothing goes wrong."""
    monkeypatch.setenv(CURE, str(tmp_path / "cure"))
    return (tmp_path / "cure").touch


@posix
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_a_worker_that_is_killed(
    format: str, tmp_path: Path, cured: Callable[[], None]
) -> None:
    folder = write_articles(tmp_path / "in", COUNT, {3: "殺", 4: "殺", 17: "殺"})
    heard = Heard()
    options: dict[str, Any] = {"workers": 2, "format": format, "shard_size": 5}
    summary = run_over(folder, tmp_path / "out", watcher=heard, **options)
    assert (summary.documents, summary.failures) == (COUNT - 3, 3)
    bad = {"0004", "more/2", "more/9"}
    assert errors(tmp_path / "out") == dict.fromkeys(bad, ("fault", "WorkerError"))
    assert sum("each alone" not in line for line in heard.noted) == 3
    assert "SIGKILL, perhaps for lack of memory" in heard.noted[0]
    cured()
    run_over(folder, tmp_path / "out", resume=True, **options)
    run_over(folder, tmp_path / "fresh", **options)
    assert results(tmp_path / "out") == results(tmp_path / "fresh")


@posix
def test_every_document_kills_its_worker(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 10, dict.fromkeys(range(10), "殺"))
    summary = run_over(folder, tmp_path / "out", workers=2)
    assert (summary.documents, summary.failures) == (0, 10)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_document_that_hangs(
    workers: int, tmp_path: Path, cured: Callable[[], None]
) -> None:
    folder = write_articles(tmp_path / "in", COUNT, {0: "睡", 5: "睡"})
    started = time.monotonic()
    summary = run_over(folder, tmp_path / "out", workers=workers, timeout=0.5)
    assert time.monotonic() - started < 20
    assert (summary.documents, summary.failures) == (COUNT - 2, 2)
    assert errors(tmp_path / "out") == dict.fromkeys(("0000", "more/3"), ("fault", "WorkerError"))
    assert b"took longer than 0.5 s (--timeout)" in (tmp_path / "out/errors.jsonl").read_bytes()
    cured()
    run_over(folder, tmp_path / "out", resume=True)
    run_over(folder, tmp_path / "fresh")
    assert results(tmp_path / "out") == results(tmp_path / "fresh")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_poisoned_document(workers: int, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", COUNT, {5: "毒"})
    summary = run_over(folder, tmp_path / "out", workers=workers)
    assert (summary.documents, summary.failures) == (COUNT - 1, 1)
    assert errors(tmp_path / "out") == {"more/3": ("fault", "KeyError")}
    assert "more/3.json" not in results(tmp_path / "out")


def test_workers_that_cannot_start_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.batch.pool._work", _die)
    folder = write_articles(tmp_path / "in", COUNT)
    with pytest.raises(WorkerError, match="3 workers ended before they began"):
        run_over(folder, tmp_path / "out", workers=2)


def _die(*_: object) -> None:
    os._exit(7)


class _Storage:
    """All that a run writes goes through here; one of the calls finds the disk full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        self.fails_at: int | None = None
        for owner, name in (
            (Path, "write_bytes"), (Path, "replace"), (pipeline.files.durable, "_sync"),
            (pipeline.files.rows._Lines, "add"), (pipeline.files.rows._Lines, "close"),
            (Manifest, "commit"), (Manifest, "done_with"), (Manifest, "enter"),
        ):  # fmt: skip
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name), owner))

    def _counted(self, function: Callable[..., Any], owner: object) -> Callable[..., Any]:
        def call(*arguments: Any, **names: Any) -> Any:
            self.calls += 1
            if self.fails_at is not None and self.calls >= self.fails_at:
                if owner is Manifest:
                    raise StorageError("database or disk is full")
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return function(*arguments, **names)

        return call


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_a_disk_that_is_full_at_any_write(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_articles(tmp_path / "in", 6, {3: "毒"})
    pipeline = faulty()
    options: dict[str, Any] = {"format": format, "shard_size": 3}
    monkeypatch.setattr("pipeline.files.write._GROUP", 3)
    storage = _Storage(monkeypatch)
    run_over(folder, tmp_path / "fresh", pipeline, **options)
    expected, total = results(tmp_path / "fresh"), storage.calls
    assert total > 20
    for at in range(1, total + 1):
        output = tmp_path / str(at)
        storage.calls, storage.fails_at = 0, at
        with pytest.raises((StorageError, WriteError)):
            run_over(folder, output, pipeline, **options)
        storage.fails_at = None
        run_over(folder, output, pipeline, resume=True, **options)
        assert results(output) == expected, at
        # And in a run that has earlier results to replace.
        storage.calls, storage.fails_at = 0, at
        with pytest.raises((StorageError, WriteError)):
            run_over(folder, output, pipeline, layers=("tokens",), **options)
        storage.fails_at = None
        run_over(folder, output, pipeline, resume=True, **options)
        assert results(output) == expected, at
        shutil.rmtree(output)


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.fixture()
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or _fails(mount):
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("format", ["json", "jsonl", "parquet"])
def test_a_small_disk_that_is_full(format: str, tmp_path: Path, small_disk: Path) -> None:
    folder = write_articles(tmp_path / "in", 400)
    options: dict[str, Any] = {"format": format, "shard_size": 50, "workers": 2}
    with pytest.raises(StorageError, match=r"(?i)space left|disk is full"):
        run_over(folder, small_disk / "out", **options)
    shutil.copytree(small_disk / "out", tmp_path / "out")
    summary = run_over(folder, tmp_path / "out", resume=True, **options)
    assert summary.documents + summary.unchanged == 400
    run_over(folder, tmp_path / "fresh", **options)
    assert results(tmp_path / "out") == results(tmp_path / "fresh")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 12)
    (folder / "0002.txt").unlink()
    (folder / "0002.txt").symlink_to(tmp_path / "nowhere")
    (folder / "0004.txt").write_bytes(b"\xff\xff\xff")
    (folder / "folder.txt").mkdir()
    summary = run_over(folder, tmp_path / "out", workers=2)
    assert (summary.documents, summary.failures) == (10, 2)
    assert errors(tmp_path / "out") == dict.fromkeys(("0002", "0004"), ("read", "ReadError"))


# The command in a process of its own, with the stage that goes wrong as an installed one.

_SETTINGS = 'stages=["normalize", "fault"]'


def _start(site: Path, *arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(install(site)), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "run", *map(str, arguments), "--set", _SETTINGS],
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def _wait(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within 30 s")


def _workers_of(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, check=False)
    return [int(line) for line in found.stdout.split()]


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize(("format", "how", "method"), [
    ("json", signal.SIGKILL, "fork"),
    ("jsonl", signal.SIGKILL, "forkserver"),
    ("parquet", signal.SIGKILL, "spawn"),
    ("json", signal.SIGINT, "fork"),
    ("jsonl", signal.SIGINT, "fork"),
])  # fmt: skip
def test_a_run_that_is_ended(
    format: str, how: signal.Signals, method: str, tmp_path: Path
) -> None:
    count = 120
    folder = write_articles(tmp_path / "in", count, dict.fromkeys(range(count), "慢"))
    output = tmp_path / "out"
    arguments = [folder, "-o", output, "--format", format, "--shard-size", 10, "--workers", 2,
                 "--start-method", method, "--resume"]  # fmt: skip
    process = _start(tmp_path / "site", *arguments)
    _wait(lambda: len(list(output.rglob(f"*.{format}*"))) >= 3 or process.poll() is not None)
    workers = _workers_of(process.pid)
    process.send_signal(how)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == (-9 if how == signal.SIGKILL else 130), stderr.decode()
    _wait(lambda: not any(map(_is_alive, workers)))
    process = _start(tmp_path / "site", *arguments, **{CURE: str(folder)})
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr.decode()
    figures = dict(line.split(maxsplit=1) for line in stderr.decode().splitlines())
    done, kept = int(figures["documents"]), int(figures["unchanged"])
    assert done + kept == count
    assert done > 0 and (kept > 0 or how == signal.SIGKILL)
    process = _start(tmp_path / "site", *arguments[:1], "-o", tmp_path / "fresh", *arguments[3:],
                     **{CURE: str(folder)})  # fmt: skip
    process.communicate(timeout=120)
    assert results(output) == results(tmp_path / "fresh")


@posix
@pytest.mark.parametrize("target", ["out", "all.jsonl"])
def test_the_second_run_on_one_output_is_refused(target: str, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 20, {0: "睡"})
    process = _start(tmp_path / "site", folder, "-o", tmp_path / target, "--workers", 2)
    lock = tmp_path / ("out/.lock" if target == "out" else ".all.jsonl.lock")
    _wait(lambda: lock.exists() and lock.read_bytes() != b"")
    time.sleep(0.2)
    with pytest.raises(WriteError, match=rf"another run \(process {process.pid}\) is writing to"):
        run_over(folder, tmp_path / target)
    process.kill()
    process.communicate()
    (folder / "0000.txt").write_text(article(0), encoding="utf-8")
    # What a dead run has left is no lock.
    assert run_over(folder, tmp_path / target, faulty()).documents == 20
    assert not lock.exists()
