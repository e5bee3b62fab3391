"""Memory and speed of one worker over many documents.

The worker is a process of its own that loads the pipeline and nothing else. It reads the texts in
turn, from the second turn on with other numbers and characters.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ZhpipeError

PEAK_BAR = 350 * 10**6


@dataclass(frozen=True, slots=True)
class Point:
    """After so many documents: bytes resident (None where the system does not tell) and at most
    so far, code points read and seconds since the first document.
    """

    documents: int
    rss: int | None
    peak: int
    characters: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Cache:
    """A `functools` cache of the pipeline: its entries and how many it may hold (None: no end)."""

    name: str
    entries: int
    bound: int | None


@dataclass(frozen=True, slots=True)
class Memory:
    """The course of the memory, and the caches at its end."""

    points: list[Point]
    caches: list[Cache]

    @property
    def peak(self) -> int:
        """Bytes at most."""
        return self.points[-1].peak

    @property
    def growth(self) -> int:
        """Bytes by which the memory grew after the first step, once all is loaded and warm."""
        first, last = self.points[min(1, len(self.points) - 1)], self.points[-1]
        if first.rss is None or last.rss is None:
            return last.peak - first.peak
        return last.rss - first.rss


def measure(
    paths: Sequence[Path],
    *,
    documents: int,
    texts: int,
    log: Callable[[str], None] = lambda message: None,
) -> Memory:
    """Start a worker and follow it.

    Args:
        paths: where its texts are; see `read_texts`.
        documents: how many it processes.
        texts: how many texts of each path it reads.

    Raises:
        ZhpipeError: if the worker ends with an error.
    """
    arguments = [str(documents), str(texts), *(str(path.resolve()) for path in paths)]
    command = [sys.executable, "-m", "pipeline.bench.speed.worker", *arguments]
    points, caches = [], []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        for line in worker.stdout:
            found = json.loads(line)
            if "bound" in found:
                caches.append(Cache(**found))
            else:
                points.append(Point(**found))
                log(f"memory: {points[-1].documents:,} of {documents:,} documents")
    if worker.returncode:
        raise ZhpipeError(f"the worker that memory is measured in ended with {worker.returncode}")
    return Memory(points, caches)
