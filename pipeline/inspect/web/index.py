"""The SQLite index over the documents of a run: built once, refreshed when the run grew."""

from __future__ import annotations

import sqlite3
import struct
import threading
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import orjson

from pipeline.document import Document
from pipeline.errors import ReadError, WriteError
from pipeline.files.documents import Stored, document_files, stored_documents
from pipeline.inspect.web.bins import bin_of, bits
from pipeline.inspect.web.terms import characters, folded, tokens

# Raised when the tables change: an index of another version is made anew.
_VERSION = 2
_SCHEMA = Path(__file__).with_name("schema.sql")
_COMMIT_EVERY = 1000
_PAIR = struct.Struct("dd")
_LAYERS = ("entities", "numbers", "boilerplate")
# Tables with rows of a document.
_PARTS = ("mentions", "labels", "amounts")


@dataclass(slots=True)
class Refreshed:
    """What a refresh did."""

    added: int = 0
    removed: int = 0
    problems: int = 0


class Index:
    """The index of a run.

    Args:
        run: a file or folder with documents.
        file: where the index is kept; by default in the folder, or beside the file.

    Raises:
        WriteError: if the index cannot be written.
    """

    def __init__(self, run: Path, file: Path | None = None) -> None:
        self.run = run
        self.file = file or index_file(run)
        self._writing = threading.Lock()
        self._local = threading.local()
        with _errors(self.file):
            if self.file.exists() and not self._is_current():
                for suffix in ("", "-wal", "-shm"):
                    Path(f"{self.file}{suffix}").unlink(missing_ok=True)
            connection = self._open()
            if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
                connection.execute(f"PRAGMA user_version = {_VERSION}")
            connection.close()

    def connection(self) -> sqlite3.Connection:
        """A connection of this thread, to read."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._open()
            found.execute("PRAGMA query_only = ON")
        return found

    def refresh(self, on_document: Callable[[int], None] = lambda count: None) -> Refreshed:
        """Take in the files that are new or changed, and forget those that are gone.

        Args:
            on_document: called with the number of documents taken in so far.

        Raises:
            ReadError: if the run is not there.
            WriteError: if the index cannot be written.
        """
        with self._writing, _errors(self.file):
            connection = self._open()
            try:
                return self._refresh(connection, on_document)
            finally:
                connection.close()

    def data(self, document: int) -> bytes:
        """The JSON of a document, by its number in the index.

        Raises:
            ReadError: if there is none, or its file has changed.
        """
        row = self.connection().execute(
            "SELECT path, start, length, body FROM documents JOIN files ON files.id = file "
            "WHERE documents.id = ?",
            (document,),
        )  # fmt: skip
        found = row.fetchone()
        if found is None:
            raise ReadError(f"the index has no document {document}")
        path, start, length, body = found
        if body is not None:
            return zlib.decompress(body)
        place = self._path(path)
        try:
            with place.open("rb") as file:
                file.seek(start)
                data = file.read(length)
        except OSError as error:
            raise ReadError(f"{place}: {error.strerror or error}") from error
        return data

    def document(self, document: int) -> Document:
        """A document, by its number in the index.

        Raises:
            ReadError: if there is none.
            ContractError: if its file holds something else by now.
        """
        return Document.from_json(self.data(document))

    def _path(self, relative: str) -> Path:
        return self.run / relative if self.run.is_dir() else self.run

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def _is_current(self) -> bool:
        try:
            connection = sqlite3.connect(self.file)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.close()
        except sqlite3.DatabaseError as error:
            raise WriteError(f"{self.file} is there already, and is no index: {error}") from error
        if version == 0:
            raise WriteError(f"{self.file} is there already, and is no index of zhpipe")
        return bool(version == _VERSION)

    def _refresh(
        self, connection: sqlite3.Connection, on_document: Callable[[int], None]
    ) -> Refreshed:
        done = Refreshed()
        connection.execute("PRAGMA cache_size = -131072")
        # More words are sorted in memory before they are written; not all SQLites know it.
        connection.execute("INSERT INTO search (search, rank) VALUES ('hashsize', 33554432)")
        there: dict[str, tuple[int, int, int]] = {}
        for number, name, size, modified in connection.execute("SELECT * FROM files"):
            there[name] = (number, size, modified)
        files = {self._relative(file): file for file in document_files(self.run)}
        states = {name: _state(file) for name, file in files.items()}
        gone = [number for name, (number, *state) in there.items() if states.get(name) != state]
        done.removed = _forget(connection, gone)
        adder = _Adder(connection)
        pending = 0
        for name, file in files.items():
            if name in there and states[name] == list(there[name][1:]):
                continue
            # Until all its documents are in, a file counts as changed.
            row = connection.execute(
                "INSERT INTO files (path, size, modified) VALUES (?, -1, 0)", (name,)
            )
            assert row.lastrowid is not None
            for added in adder.add(file, row.lastrowid):
                done.added += added
                done.problems += not added
                pending += 1
                if pending == _COMMIT_EVERY:
                    connection.commit()
                    on_document(done.added)
                    pending = 0
            connection.execute(
                "UPDATE files SET size = ?, modified = ? WHERE id = ?",
                (*states[name], row.lastrowid),
            )
        if done.added or done.removed or done.problems:
            _summarise(connection)
        connection.commit()
        on_document(done.added)
        return done

    def _relative(self, file: Path) -> str:
        return file.relative_to(self.run).as_posix() if self.run.is_dir() else file.name


def index_file(run: Path) -> Path:
    """Where the index of a run is kept: in its folder, or beside its file."""
    name = ".zhpipe-view.sqlite"
    return run / name if run.is_dir() else run.with_name(f".{run.name}{name}")


@contextmanager
def _errors(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise WriteError(
            f"the index {file} cannot be used: {error}; --index names another place"
        ) from error


class _Adder:
    """Puts documents into the tables."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[str, int] = dict(connection.execute("SELECT key, id FROM names"))

    def add(self, file: Path, number: int) -> Iterator[bool]:
        """Take in a file; for each of its documents, whether that went well."""
        try:
            for stored in stored_documents(file):
                try:
                    values = orjson.loads(without_tokens(stored.data))
                    row, parts, text = _row(values)
                except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
                    reason = f"not a zhpipe document: {type(error).__name__} {error}"
                    self._problem(number, stored.number, reason)
                    yield False
                    continue
                self._insert(number, stored, row, parts, text)
                yield True
        except (ReadError, OSError) as error:
            self._problem(number, 0, str(error))
            yield False

    def _problem(self, file: int, number: int, message: str) -> None:
        self._connection.execute("INSERT INTO problems VALUES (?, ?, ?)", (file, number, message))

    def _insert(
        self, file: int, stored: Stored, row: tuple[Any, ...], parts: _Parts, text: str
    ) -> None:
        run = self._connection
        body = zlib.compress(stored.data, 6) if stored.offset is None else None
        cursor = run.execute(
            "INSERT INTO documents (file, number, start, length, body, name, title, publisher, "
            "published, script, characters, entities, numbers) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (file, stored.number, stored.offset, len(stored.data), body, *row),
        )
        document = cursor.lastrowid
        run.execute(
            "INSERT INTO search (rowid, text, chars) VALUES (?, ?, ?)",
            (document, tokens(text), characters(text)),
        )
        run.executemany(
            "INSERT INTO mentions VALUES (?, ?, ?)",
            [(self._name(*name), document, count) for name, count in parts.names.items()],
        )
        run.executemany(
            "INSERT INTO labels VALUES (?, ?, ?)",
            [(label, document, count) for label, count in parts.labels.items()],
        )
        run.executemany(
            "INSERT INTO amounts VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (*key, document, min(ends[::2]), max(ends[1::2]), _touched(ends), ends.tobytes())
                for key, ends in parts.amounts.items()
            ],
        )

    def _name(self, key: str, name: str, label: str, tickers: tuple[str, ...]) -> int:
        number = self._names.get(key)
        if number is None:
            cursor = self._connection.execute(
                "INSERT INTO names (key, name, folded, label, tickers) VALUES (?, ?, ?, ?, ?)",
                (key, name, folded(name), label, " ".join(tickers)),
            )
            assert cursor.lastrowid is not None
            number = self._names[key] = cursor.lastrowid
            self._connection.executemany(
                "INSERT OR IGNORE INTO tickers VALUES (?, ?)", [(t, number) for t in tickers]
            )
        return number


def without_tokens(data: bytes) -> bytes:
    """The JSON without sentences and tokens: half of it, and nothing here needs them.

    Inside a string of JSON a quotation mark has a backslash before it, so what is looked for is
    found nowhere else. Where the layers are not all there, all stays.
    """
    start = data.find(b'"sentences":[')
    end = data.find(b'"entities":[', start)
    return data[:start] + data[end:] if 0 <= start < end else data


@dataclass(frozen=True, slots=True)
class _Parts:
    names: Counter[tuple[str, str, str, tuple[str, ...]]]
    labels: Counter[str]
    amounts: dict[tuple[str, str], array[float]]


def _row(values: dict[str, Any]) -> tuple[tuple[Any, ...], _Parts, str]:
    """The columns of a document beside its place, the rows of the other tables, and its text."""
    metadata = values.get("metadata") or {}
    title, publisher = metadata.get("title"), metadata.get("publisher")
    published = (metadata.get("published") or {}).get("value") or ""
    entities, numbers = values.get("entities", []), values.get("numbers", [])
    source = values["source"]
    text: str = values["text"]
    names: Counter[tuple[str, str, str, tuple[str, ...]]] = Counter()
    readings: dict[str, tuple[str, str, str, tuple[str, ...]]] = {}
    for entity in entities:
        name = entity["name"] or entity["text"]
        identity = entity["id"] or f"{entity['label']} {name}"
        reading = (identity, name, entity["label"], tuple(entity["tickers"]))
        names[readings.setdefault(identity, reading)] += 1
    amounts: dict[tuple[str, str], array[float]] = {}
    for number in numbers:
        ends = _ends(number)
        if ends is not None:
            key = (number["label"], number["unit"] or "")
            amounts.setdefault(key, array("d")).extend(ends)
    labels = Counter(item["label"] for layer in _LAYERS for item in values.get(layer, []))
    row = (
        values["id"], title["text"] if title else "", publisher["text"] if publisher else "",
        published, source["script"] or "", source["length"], len(entities), len(numbers),
    )  # fmt: skip
    return row, _Parts(names, labels, amounts), text


def _ends(number: dict[str, Any]) -> tuple[float, float] | None:
    """The least and the greatest value that a number may have; None if it has none to compare."""
    value = number["value"]
    if isinstance(value, str):
        return None
    if value is None:
        low, high = number["min"], number["max"]
        if low is None and high is None:
            return None
        return float(high if low is None else low), float(low if high is None else high)
    return float(value), float(value)


def _touched(ends: array[float]) -> int:
    """The bits of all bins that a document's numbers touch."""
    return reduce(or_, map(bits, ends[::2], ends[1::2]))


def _state(file: Path) -> list[int]:
    """What tells whether a file is another than before."""
    stat = file.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _forget(connection: sqlite3.Connection, files: list[int]) -> int:
    """Remove files with their documents; returns how many documents."""
    if not files:
        return 0
    connection.execute("CREATE TEMPORARY TABLE gone (file INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO gone VALUES (?)", [(file,) for file in files])
    inside = "(SELECT id FROM documents WHERE file IN gone)"
    for table in _PARTS:
        connection.execute(f"DELETE FROM {table} WHERE document IN {inside}")
    count = connection.execute("DELETE FROM documents WHERE file IN gone").rowcount
    connection.execute("DELETE FROM problems WHERE file IN gone")
    connection.execute("DELETE FROM files WHERE id IN gone")
    connection.execute("DROP TABLE gone")
    return count


def _summarise(connection: sqlite3.Connection) -> None:
    """Count what the overviews show."""

    def count(table: str, select: str) -> None:
        connection.execute(f"DELETE FROM {table}")
        connection.execute(f"INSERT INTO {table} {select}")

    count(
        "top",
        "SELECT names.id, names.label, COUNT(*), SUM(count) FROM mentions "
        "JOIN names ON names.id = mentions.name GROUP BY names.id",
    )
    count(
        "months",
        "SELECT substr(published, 1, 7), COUNT(*) FROM documents WHERE published != '' GROUP BY 1",
    )
    connection.execute("DELETE FROM histogram")
    connection.executemany("INSERT INTO histogram VALUES (?, ?, ?, ?)", _histogram(connection))
    connection.execute("DELETE FROM facts")
    for name in ("documents", "problems"):
        connection.execute(f"INSERT INTO facts SELECT '{name}', COUNT(*) FROM {name}")
    for name in ("entities", "numbers", "characters"):
        connection.execute(
            f"INSERT INTO facts SELECT '{name}', COALESCE(SUM({name}), 0) FROM documents"
        )


def _histogram(connection: sqlite3.Connection) -> Iterator[tuple[str, str, int | None, int]]:
    """Rows of the table: how many numbers of a label and unit are in each bin."""
    counts: Counter[tuple[str, str, int | None]] = Counter()
    for label, unit, data in connection.execute("SELECT label, unit, ends FROM amounts"):
        for low, high in _PAIR.iter_unpack(data):
            counts[label, unit, bin_of((low + high) / 2)] += 1
    for (label, unit, number), count in counts.items():
        yield label, unit, number, count
