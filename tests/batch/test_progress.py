"""What a run shows while it goes on."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pipeline.batch.progress import Progress
from tests.batch.faults import run_over, write_articles


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.batch.progress._TERMINAL_SECONDS", 0.0)
    folder = write_articles(tmp_path / "in", 20, {4: "毒"})
    stream = Terminal()
    progress = Progress(stream, [str(folder)], [], quiet=False, verbose=False)
    run_over(folder, tmp_path / "out", watcher=progress)
    progress.close()
    lines = [line.strip() for line in stream.getvalue().split("\r") if line.strip()]
    assert lines[0].startswith("1 documents")
    assert "chars/s  0 failures" in lines[0]
    assert any("zhpipe: " in line and "0004.txt: an error of zhpipe itself" in line
               for line in lines)  # fmt: skip
    assert lines[-1].startswith("19 documents")
    assert "1 failures  100%  0:00:00 left" in lines[-1]
    # The line is gone at the end.
    assert stream.getvalue().endswith("\r")


def test_nothing_but_failures_elsewhere(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 4, {2: "毒"})
    stream = io.StringIO()
    progress = Progress(stream, [str(folder)], [], quiet=False, verbose=False)
    run_over(folder, tmp_path / "out", watcher=progress)
    progress.close()
    (line,) = stream.getvalue().splitlines()
    assert line.startswith(f"zhpipe: {folder}/0002.txt: ")
