"""The manifest: an SQLite database in the output folder with a row a document.

A row is written when its output is on the disk, so that after any kind of end the rows that say
`done` are true. What is about to be replaced is marked before: a document that is made again is
`pending`, a file with many documents has no size.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch.task import Done, Failed, Task
from pipeline.errors import ReadError, StorageError
from pipeline.files.inputs import printable
from pipeline.files.write import Place

_VERSION = 1
_SCHEMA = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    pipeline TEXT NOT NULL,       -- fingerprint of settings, resources and versions
    complete INTEGER NOT NULL     -- 1: it came to the end of its inputs
);
CREATE TABLE documents (
    id TEXT NOT NULL,
    copy INTEGER NOT NULL,        -- 0, or which other input with the same id it is
    key TEXT UNIQUE,              -- name of its own file, as the file system compares names
    run INTEGER NOT NULL,         -- the last run that had it among its inputs
    position INTEGER NOT NULL,    -- in the order of the inputs of that run, from 0
    location TEXT NOT NULL,
    status TEXT NOT NULL,         -- pending, done, failed
    pipeline TEXT,                -- fingerprint of what made the output
    input TEXT,                   -- hash of what was read
    stage TEXT, error TEXT, message TEXT,
    file TEXT, row INTEGER,       -- where the output is
    hash TEXT,                    -- SHA-256 of the document's JSON
    size INTEGER,                 -- bytes of that JSON
    file_size INTEGER,            -- bytes of the file, where it is the document's own
    characters INTEGER, entities INTEGER, numbers INTEGER, boilerplate INTEGER, warnings INTEGER,
    seconds REAL,                 -- of reading and annotating
    PRIMARY KEY (id, copy)
) WITHOUT ROWID;
CREATE INDEX documents_by_status ON documents (status);
CREATE TABLE files (              -- those with many documents
    name TEXT PRIMARY KEY,
    size INTEGER,                 -- bytes; NULL while it is being replaced
    run INTEGER NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run knew of a document."""

    status: str
    pipeline: str | None
    input: str | None
    place: Place
    file_size: int | None
    characters: int | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one input became no document."""

    id: str
    location: str
    stage: str
    error: str
    message: str


class Manifest:
    """The manifest of one run.

    Args:
        path: the database; None for one that is forgotten when the run ends.

    Raises:
        StorageError: if it cannot be opened or, at any time, written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        with self._storing():
            # An empty name is a database in a temporary file.
            self._db = sqlite3.connect("" if path is None else path, isolation_level=None)
            self._db.execute("PRAGMA busy_timeout = 60000")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise StorageError(
                    f"{path} was written by another version of zhpipe (its layout is {version}, "
                    f"not {_VERSION}): choose another output folder"
                )
            self._db.execute("BEGIN IMMEDIATE")
            if not version:
                for statement in _SCHEMA.split(";\n"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {_VERSION}")
        self._run = 0

    @classmethod
    def copy_of(cls, path: Path) -> Manifest:
        """A copy of a manifest that is forgotten when it is closed.

        Raises:
            ReadError: if there is none.
        """
        manifest = cls(None)
        manifest._db.execute("ROLLBACK")
        with closing(open_for_reading(path)) as db:
            db.backup(manifest._db)
        manifest._db.execute("BEGIN IMMEDIATE")
        return manifest

    def begin(self, pipeline: str, format: str) -> str | None:
        """Begin a run; returns the format of what is in the folder already, if it differs."""
        with self._storing():
            row = self._db.execute("SELECT value FROM settings WHERE name = 'format'").fetchone()
            if row is not None and row[0] != format:
                return str(row[0])
            self._db.execute("INSERT OR REPLACE INTO settings VALUES ('format', ?)", (format,))
            self._run = self._db.execute("SELECT 1 + ifnull(max(number), 0) FROM runs").fetchone()[
                0
            ]
            self._db.execute("INSERT INTO runs VALUES (?, ?, 0)", (self._run, pipeline))
        return None

    def made_otherwise(self, pipeline: str) -> tuple[int, str | None]:
        """How many documents were made by another pipeline, and the fingerprint of one."""
        with self._storing():
            count, other = self._db.execute(
                "SELECT count(*), max(pipeline) FROM documents WHERE status = 'done' "
                "AND pipeline <> ?",
                (pipeline,),
            ).fetchone()
        return count, other

    def done(self) -> int:
        """How many documents have output."""
        with self._storing():
            row = self._db.execute("SELECT count(*) FROM documents WHERE status = 'done'")
            return int(row.fetchone()[0])

    def enter(self, task: Task) -> Earlier | str | None:
        """Note that this run has the document among its inputs.

        Returns:
            What an earlier run knew of it; or, if this run had its id before, where.
        """
        id, location = task.place.id, printable(task.place.location)
        with self._storing():
            row = self._db.execute(
                "SELECT run, location, status, pipeline, input, file, row, file_size, "
                "characters "
                "FROM documents WHERE id = ? AND copy = 0",
                (id,),
            ).fetchone()
            if row is not None and row[0] == self._run:
                self._db.execute(
                    "INSERT OR REPLACE INTO documents (id, copy, run, position, location, status) "
                    "SELECT ?1, 1 + count(*), ?2, ?3, ?4, 'pending' FROM documents "
                    "WHERE id = ?1 AND copy > 0 AND run = ?2",
                    (id, self._run, task.position, location),
                )
                return str(row[1])
            self._db.execute(
                "INSERT INTO documents (id, copy, run, position, location, status) "
                "VALUES (?, 0, ?, ?, ?, 'pending') ON CONFLICT DO UPDATE SET "
                "run = excluded.run, position = excluded.position, location = excluded.location",
                (id, self._run, task.position, location),
            )
        if row is None:
            return None
        return Earlier(row[2], row[3], row[4], Place(row[5] or "", row[6]), *row[7:])

    def claim(self, id: str, key: str) -> str | None:
        """Give a document's file its name; returns the id that has it in this run already."""
        with self._storing():
            row = self._db.execute("SELECT id, run FROM documents WHERE key = ?", (key,)).fetchone()
            if row is not None and row[0] != id:
                if row[1] == self._run:
                    return str(row[0])
                self._db.execute(
                    "UPDATE documents SET key = NULL, status = 'pending' WHERE key = ?", (key,)
                )
            self._db.execute("UPDATE documents SET key = ? WHERE id = ? AND copy = 0", (key, id))
        return None

    def take_over(self, task: Task) -> bool:
        """Give an id to another input that has it too, if the first one failed in this run."""
        id = task.place.id
        with self._storing():
            row = self._db.execute(
                "SELECT key FROM documents WHERE id = ? AND copy = 0 AND status = 'failed'", (id,)
            ).fetchone()
            if row is None:
                return False
            self._db.execute(
                "UPDATE documents SET key = NULL, copy = (SELECT 1 + max(copy) FROM documents "
                "WHERE id = ?1) WHERE id = ?1 AND copy = 0",
                (id,),
            )
            self._db.execute(
                "UPDATE documents SET key = ?, copy = 0 WHERE id = ? AND run = ? AND position = ?",
                (row[0], id, self._run, task.position),
            )
        return True

    def expect(self, id: str) -> None:
        """Note that a document will be made again."""
        with self._storing():
            self._db.execute(
                "UPDATE documents SET status = 'pending' WHERE id = ? AND copy = 0", (id,)
            )

    def done_with(
        self, id: str, done: Done, pipeline: str, place: Place, file_size: int | None
    ) -> None:
        """Note that a document is in its place."""
        with self._storing():
            self._db.execute(
                "UPDATE documents SET status = 'done', pipeline = ?, input = ?, stage = NULL, "
                "error = NULL, message = NULL, file = ?, row = ?, hash = ?, size = ?, "
                "file_size = ?, characters = ?, entities = ?, numbers = ?, boilerplate = ?, "
                "warnings = ?, seconds = ? WHERE id = ? AND copy = 0",
                (pipeline, done.input, place.file, place.row, done.hash, done.size, file_size,
                 done.characters, done.entities, done.numbers, done.boilerplate, done.warnings,
                 done.seconds, id),
            )  # fmt: skip

    def moved(self, id: str, place: Place) -> None:
        """Note that a document of an earlier run is now in this place."""
        with self._storing():
            self._db.execute(
                "UPDATE documents SET file = ?, row = ? WHERE id = ? AND copy = 0",
                (place.file, place.row, id),
            )

    def failed(self, task: Task, failed: Failed) -> None:
        """Note why there is no document."""
        with self._storing():
            self._db.execute(
                "UPDATE documents SET status = 'failed', pipeline = NULL, input = NULL, "
                "stage = ?, error = ?, message = ?, file = NULL, row = NULL, hash = NULL, "
                "size = NULL, file_size = NULL, seconds = NULL WHERE run = ? AND id = ? "
                "AND position = ?",
                (failed.stage, failed.error, failed.message, self._run, task.place.id,
                 task.position),
            )  # fmt: skip

    def file(self, name: str, size: int | None) -> None:
        """Note the size of a file with many documents; None before it is replaced."""
        with self._storing():
            self._db.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (name, size, self._run)
            )

    def file_size(self, name: str) -> int | None:
        """The size of a file with many documents, if it is in the state that the rows tell."""
        with self._storing():
            row = self._db.execute("SELECT size FROM files WHERE name = ?", (name,)).fetchone()
        return None if row is None else row[0]

    def commit(self) -> None:
        """Make everything noted so far durable."""
        with self._storing():
            self._db.execute("COMMIT")
            self._db.execute("BEGIN IMMEDIATE")

    def complete(self) -> list[str]:
        """Note that the run came to the end of its inputs.

        Rows of failures and of files with many documents are forgotten where this run has not
        had them; documents in files of their own stay.

        Returns:
            The files with many documents that hold none any more.
        """
        with self._storing():
            self._db.execute("UPDATE runs SET complete = 1 WHERE number = ?", (self._run,))
            self._db.execute(
                "DELETE FROM documents WHERE run < ? AND (status <> 'done' OR row IS NOT NULL)",
                (self._run,),
            )
            gone = self._db.execute(
                "SELECT name FROM files WHERE name NOT IN "
                "(SELECT DISTINCT file FROM documents WHERE status = 'done')"
            ).fetchall()
            self._db.executemany("DELETE FROM files WHERE name = ?", gone)
        return [name for (name,) in gone]

    def failures(self) -> Iterator[Failure]:
        """The failures of this run, in the order of the inputs."""
        with self._storing():
            for row in self._db.execute(
                "SELECT id, location, stage, error, message FROM documents "
                "WHERE status = 'failed' AND run = ? ORDER BY position",
                (self._run,),
            ):
                yield Failure(*row)

    def close(self) -> None:
        """Close, without what was not committed."""
        self._db.close()

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageError(
                f"{self._path or 'the temporary manifest'}: {error}; the run can be taken up again "
                "with --resume"
            ) from error


def open_for_reading(path: Path) -> sqlite3.Connection:
    """The database of a manifest, to be read while a run may write it.

    Raises:
        ReadError: if there is none.
    """
    if not path.is_file():
        raise ReadError(f"there is no manifest {path}: no run has written to this folder")
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        version = db.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        raise ReadError(f"{path}: {error}") from error
    if version != _VERSION:
        raise ReadError(f"{path} was written by another version of zhpipe (layout {version})")
    return db
