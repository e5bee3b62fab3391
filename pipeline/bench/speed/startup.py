"""How long the command takes to start, against `jieba.initialize()` in the same run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.bench.timing import seconds

_ARTICLE = "阿里雲收入265.49億元人民幣，同比增長近兩成。\n" * 20
JIEBA = "jieba.initialize()"


@dataclass(frozen=True, slots=True)
class Start:
    """A command: median seconds of the rounds, and as a multiple of jieba's.

    Attributes:
        bar: what `x_jieba` is not to exceed.
    """

    name: str
    seconds: float
    x_jieba: float
    bar: float | None


def measure(*, rounds: int, log: Callable[[str], None] = lambda message: None) -> list[Start]:
    """Run the commands in turn. Always wall time: they are processes of their own."""
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder, "article.txt")
        article.write_text(_ARTICLE, encoding="utf-8")
        cli = [sys.executable, "-m", "pipeline.cli"]
        commands: dict[str, tuple[float | None, list[str]]] = {
            JIEBA: (None, [sys.executable, "-c", "import jieba; jieba.initialize()"]),
            "zhpipe --help": (0.25, [*cli, "--help"]),
            "zhpipe run ARTICLE": (1.0, [*cli, "run", str(article), "-o", f"{folder}/out"]),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # Round 0 fills jieba's cache and the file system's, and compiles all modules to bytecode,
        # as an installation does.
        for number in range(rounds + 1):
            log(f"start-up: round {number} of {rounds}")
            for name, (_, command) in commands.items():
                run = partial(
                    subprocess.run, command, check=True, capture_output=True, env=environment
                )
                times[name].append(seconds(run))
    medians = {name: statistics.median(found[1:]) for name, found in times.items()}
    return [
        Start(name, medians[name], medians[name] / medians[JIEBA], bar)
        for name, (bar, _) in commands.items()
    ]
