"""What was found, as tables for people and as JSON."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from pipeline import __version__
from pipeline.bench.speed.compare import Speed
from pipeline.bench.speed.guard import Check
from pipeline.bench.speed.memory import PEAK_BAR, Memory
from pipeline.bench.speed.scaling import Length
from pipeline.bench.speed.startup import Start

_PACKAGES = (
    "jieba", "rjieba", "opencc", "numpy", "orjson", "spacy", "jionlp", "recognizers-text-suite",
)  # fmt: skip


def _environment() -> dict[str, str]:
    """The versions of what was measured, and the machine."""
    found = {"zhpipe": __version__, "python": platform.python_version()}
    found["machine"] = f"{platform.system()} {platform.machine()}"
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@dataclass(slots=True)
class Report:
    """All that was measured; None where it was not asked for.

    Attributes:
        processor: the one that all was measured on, None if the system cannot pin.
        guard: the floors and whether they are held.
    """

    processor: int | None
    speed: Speed | None = None
    memory: Memory | None = None
    scaling: list[Length] | None = None
    startup: list[Start] | None = None
    guard: list[Check] | None = None
    environment: dict[str, str] = field(default_factory=_environment)

    def to_json(self) -> bytes:
        """The report as JSON, with the derived figures."""
        found: dict[str, Any] = asdict(self)
        if self.memory is not None:
            found["memory"] |= {"peak": self.memory.peak, "growth": self.memory.growth}
        if self.guard is not None:
            found["guard"] = [asdict(c) | {"passed": c.passed} for c in self.guard]
        return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def show(report: Report, console: Console) -> None:
    """Print a table for each measurement."""
    where = "not pinned" if report.processor is None else f"processor {report.processor}"
    if report.speed is not None:
        console.print(_speed(report.speed, where))
        for name, reason in report.speed.missing.items():
            console.print(f"not measured: {name}: {reason}", markup=False, soft_wrap=True)
    if report.memory is not None:
        console.print(_memory(report.memory))
        console.print(_caches(report.memory))
    if report.scaling is not None:
        console.print(_scaling(report.scaling))
    if report.startup is not None:
        console.print(_startup(report.startup))
    if report.guard is not None:
        console.print(_guard(report.guard))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _speed(speed: Speed, where: str) -> Table:
    table = _table(
        f"{speed.documents:,} documents, {speed.characters:,} characters, {where}, "
        f"{speed.clock} time, medians of {speed.rounds} rounds",
        "what", "M chars/s", "x jieba.lcut", "bar", "share", "sample",
    )  # fmt: skip
    kind = None
    for row in speed.rows:
        if row.kind != kind:
            table.add_section()
            kind = row.kind
        table.add_row(
            f"  {row.name}" if kind == "part" else row.name,
            f"{row.chars_per_second / 1e6:.3f}",
            f"{row.x_lcut:.2f}",
            "" if row.bar is None else f"{row.bar:.2f}",
            "" if row.share is None else f"{row.share:.1%}",
            "" if row.characters == speed.characters else f"{row.characters:,}",
        )
    return table


def _memory(memory: Memory) -> Table:
    table = _table(
        f"one worker: peak {memory.peak / 1e6:.0f} MB (bar {PEAK_BAR / 1e6:.0f}), "
        f"growth after the first step {memory.growth / 1e6:+.1f} MB",
        "documents", "resident MB", "peak MB", "M chars/s since the last",
    )  # fmt: skip
    for before, point in zip([None, *memory.points], memory.points, strict=False):
        speed = ""
        if before is not None and point.seconds > before.seconds:
            characters = point.characters - before.characters
            speed = f"{characters / (point.seconds - before.seconds) / 1e6:.3f}"
        resident = "" if point.rss is None else f"{point.rss / 1e6:.1f}"
        table.add_row(f"{point.documents:,}", resident, f"{point.peak / 1e6:.1f}", speed)
    return table


def _caches(memory: Memory) -> Table:
    table = _table("caches of the pipeline (functools) at the end", "function", "entries", "bound")
    for cache in memory.caches:
        bound = "none" if cache.bound is None else f"{cache.bound:,}"
        table.add_row(cache.name, f"{cache.entries:,}", bound)
    return table


def _scaling(lengths: Sequence[Length]) -> Table:
    table = _table(
        "time per character by length; hostile texts of one kind of character",
        "document", "ns/char", "ratio", "bar", "rounds",
    )  # fmt: skip
    for length in lengths:
        table.add_row(
            length.name,
            f"{length.nanoseconds:,.0f}",
            f"{length.ratio:.2f}",
            f"{length.bar:.1f}",
            str(length.rounds),
        )
    return table


def _startup(starts: Sequence[Start]) -> Table:
    table = _table("start-up of a process", "command", "median s", "x jieba", "bar")
    for start in starts:
        bar = "" if start.bar is None else f"{start.bar:.2f}"
        table.add_row(start.name, f"{start.seconds:.3f}", f"{start.x_jieba:.2f}", bar)
    return table


def _guard(checks: Sequence[Check]) -> Table:
    table = _table("floors, as multiples of jieba.lcut", "what", "measured", "floor", "")
    for check in checks:
        verdict = "held" if check.passed else "TOO SLOW"
        table.add_row(check.name, f"{check.x_lcut:.2f}", f"{check.floor:.2f}", verdict)
    return table
