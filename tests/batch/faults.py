"""A stage that goes wrong where an article says so, and what the tests of the runner share."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline import Document, Pipeline
from pipeline.batch.options import RunOptions
from pipeline.batch.run import Summary, Watcher, run
from pipeline.chain import BaseStage
from pipeline.config import Settings
from pipeline.files.inputs import find_inputs
from pipeline.resources import Resources

# While this file exists, nothing goes wrong.
CURE = "ZHPIPE_TEST_CURE"


class Fault(BaseStage):
    """殺 ends the process, 睡 hangs, 毒 raises, 慢 takes a while."""

    name = "fault"
    requires: tuple[str, ...] = ("text",)
    provides: tuple[str, ...] = ()

    def process(self, document: Document) -> None:
        if os.path.exists(os.environ.get(CURE, "")):  # noqa: PTH110
            return
        if "殺" in document.source_text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "睡" in document.source_text:
            time.sleep(3600)
        if "毒" in document.source_text:
            raise KeyError("毒")
        if "慢" in document.source_text:
            time.sleep(0.05)


def make_stage(settings: Settings, resources: Resources) -> Fault:
    """As an entry point of `zhpipe.stages` would."""
    return Fault()


def faulty() -> Pipeline:
    """A small pipeline, quick to build, with the stage that goes wrong."""
    return Pipeline(stages=["normalize", Fault()])


def article(number: int, fault: str = "") -> str:
    return f"第{number}篇：台積電（2330-TW）營收約{number}億元{fault}。\n"


def write_articles(folder: Path, count: int, faults: dict[int, str] | None = None) -> Path:
    """A folder of articles, some in files of their own, the others in one JSON Lines file."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = [article(number, (faults or {}).get(number, "")) for number in range(count)]
    for number in range(0, count, 2):
        (folder / f"{number:04}.txt").write_text(texts[number], encoding="utf-8")
    lines = [json.dumps({"text": texts[n]}, ensure_ascii=False) for n in range(1, count, 2)]
    (folder / "more.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


class Heard(Watcher):
    """Keeps what a run says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.noted: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)

    def note(self, line: str) -> None:
        self.noted.append(line)


def run_over(
    inputs: Path | Sequence[Path],
    output: Path,
    pipeline: Pipeline | None = None,
    watcher: Watcher | None = None,
    **options: Any,
) -> Summary:
    """Run over files and folders, with a small pipeline if none is given."""
    paths = [inputs] if isinstance(inputs, Path) else inputs
    chosen = replace(RunOptions(workers=1), **options)
    found = find_inputs([str(path) for path in paths], chosen.own_files(str(output)))
    return run(found, pipeline or faulty(), str(output), chosen, watcher)


def results(output: Path) -> dict[str, bytes]:
    """All files of an output folder but the manifest."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name != "manifest.sqlite"
    }


def errors(output: Path) -> dict[str, tuple[str, str]]:
    """Stage and kind of the errors by id."""
    path = output / "errors.jsonl"
    rows = [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
    return {row["id"]: (row["stage"], row["error"]) for row in rows}
