"""What the manifests of an output folder say."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from heapq import nlargest
from pathlib import Path

from pipeline.batch.manifest import open_for_reading
from pipeline.batch.options import MANIFEST_NAME
from pipeline.errors import ReadError


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """Failures of one kind; `example` is one of their messages."""

    stage: str
    error: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Slow:
    """A document that took long; `characters` are code points of its source."""

    id: str
    seconds: float
    characters: int


@dataclass(slots=True)
class Status:
    """What is in an output folder.

    Attributes:
        counts: documents by status: done, failed, pending.
        complete: whether the last run, of every share, came to the end of its inputs.
        characters: code points of source text.
        bytes: size of the documents' JSON, before any compression.
        pipelines: documents by the fingerprint of what made them.
    """

    counts: dict[str, int] = field(default_factory=lambda: {"done": 0, "failed": 0, "pending": 0})
    complete: bool = True
    characters: int = 0
    bytes: int = 0
    pipelines: dict[str, int] = field(default_factory=dict)
    errors: list[ErrorKind] = field(default_factory=list)
    slowest: list[Slow] = field(default_factory=list)


def read_status(folder: Path, slowest: int = 5) -> Status:
    """Read the manifest of a folder, or those of the shares that were written there.

    Raises:
        ReadError: if there is none, or it cannot be read.
    """
    paths = sorted(folder.glob(f"*{MANIFEST_NAME}")) or [folder / MANIFEST_NAME]
    status = Status()
    errors: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for path in paths:
        with closing(open_for_reading(path)) as db:
            try:
                _add(db, status, errors, examples, slowest)
            except sqlite3.Error as error:
                raise ReadError(f"{path}: {error}") from error
    status.errors = [
        ErrorKind(*kind, count, examples[kind])
        for kind, count in sorted(errors.items(), key=lambda item: (-item[1], item[0]))
    ]
    status.slowest = nlargest(slowest, status.slowest, key=lambda slow: slow.seconds)
    return status


def _add(
    db: sqlite3.Connection,
    status: Status,
    errors: Counter[tuple[str, str]],
    examples: dict[tuple[str, str], str],
    slowest: int,
) -> None:
    last = db.execute("SELECT complete FROM runs ORDER BY number DESC LIMIT 1").fetchone()
    status.complete = status.complete and last is not None and bool(last[0])
    for name, count in db.execute("SELECT status, count(*) FROM documents GROUP BY status"):
        status.counts[name] += count
    done = "FROM documents WHERE status = 'done'"
    sums = db.execute(f"SELECT total(characters), total(size) {done}").fetchone()
    status.characters += int(sums[0])
    status.bytes += int(sums[1])
    for pipeline, count in db.execute(f"SELECT pipeline, count(*) {done} GROUP BY 1 ORDER BY 1"):
        status.pipelines[pipeline] = status.pipelines.get(pipeline, 0) + count
    for stage, error, count, example in db.execute(
        "SELECT stage, error, count(*), min(message) FROM documents WHERE status = 'failed' "
        "GROUP BY 1, 2"
    ):
        errors[stage, error] += count
        examples.setdefault((stage, error), example)
    rows = db.execute(
        f"SELECT id, seconds, characters {done} ORDER BY seconds DESC, id LIMIT ?", (slowest,)
    )
    status.slowest += [Slow(*row) for row in rows]
