"""Writes documents: a file each, or many in JSON Lines and Parquet files."""

from __future__ import annotations

import errno
import gzip
import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import OutputClosedError, StorageError, WriteError
from pipeline.files.compression import zstandard
from pipeline.files.durable import partial, publish
from pipeline.files.inputs import COMPRESSIONS, without_compression
from pipeline.files.names import file_name
from pipeline.files.rows import RowsWriter, open_rows, read_rows

STDOUT = "-"
ERRORS_NAME = "errors.jsonl"
# One file a document, or many documents a file; how, the last suffix says.
FORMATS = ("json", "json.gz", "json.zst", "jsonl", "jsonl.gz", "jsonl.zst", "parquet")
# Documents a file of a folder, where there are many in one.
SHARD_SIZE = 10_000
# Files that are made durable together: as many, or those of as many seconds.
_GROUP, _GROUP_SECONDS = 256, 2.0
# What no other document would be spared either.
_FATAL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is: a file, relative to the output folder, and if it holds many, its row."""

    file: str
    row: int | None = None


class Writer:
    """Takes the JSON of documents, in the order of their positions.

    They are on the disk when `seal` was called and the function that it returned has run, which
    may be in a thread of its own while the next ones are written.

    Attributes:
        resumable: whether what is there at an early end can be taken up again.
    """

    resumable = True

    def place(self, id: str, position: int) -> Place:
        """Where a document will go; its row is not known yet."""
        raise NotImplementedError

    def key(self, place: Place) -> str | None:
        """What two documents must not have in common; None if any two have room."""
        return None

    def write(self, place: Place, id: str, data: bytes) -> Place:
        """Write one document; returns its place with the row.

        Raises:
            WriteError: if it cannot be written.
            StorageError: if no other one could be written either.
            OutputClosedError: if nobody reads the output any more.
        """
        raise NotImplementedError

    def keep(self, place: Place) -> Place:
        """Leave in the output what an earlier run has written there; as `write`.

        Within a file the rows that are kept must come in their order.
        """
        return place

    def due(self, place: Place | None = None) -> bool:
        """Whether it is time to seal, before the document of this place is written."""
        return False

    def pending(self) -> str | None:
        """The file with many documents that sealing will replace."""
        return None

    def seal(self) -> Callable[[], None]:
        """End the files that are open; the function makes them durable."""
        return lambda: None

    def remove(self, file: str) -> None:
        """Remove a file of an earlier run that has no documents any more."""

    def size(self, place: Place) -> int | None:
        """Bytes of the file, None if it is not there."""
        return None

    def abort(self) -> None:
        """Close what is open, after an error; it does not become durable."""


class StreamWriter(Writer):
    """JSON Lines on standard output."""

    resumable = False

    def place(self, id: str, position: int) -> Place:
        """See `Writer`."""
        return Place(STDOUT)

    def write(self, place: Place, id: str, data: bytes) -> Place:
        """See `Writer`."""
        try:
            sys.stdout.buffer.write(data + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError as error:
            raise OutputClosedError("whoever read the output has closed it") from error
        except OSError as error:
            raise StorageError(
                f"the output cannot be written: {error.strerror or error}"
            ) from error
        return place


class _InFolder(Writer):
    """What the writers of files in a folder share."""

    _folder: Path

    def remove(self, file: str) -> None:
        """See `Writer`."""
        with _writing(self._folder / file, fatal=True):
            (self._folder / file).unlink(missing_ok=True)

    def size(self, place: Place) -> int | None:
        """See `Writer`."""
        try:
            return (self._folder / place.file).stat().st_size
        except OSError:
            return None


class FolderWriter(_InFolder):
    """One file a document, `FOLDER/ID.json`, perhaps compressed."""

    def __init__(self, folder: Path, format: str) -> None:
        self._folder = folder
        self._suffix = f".{format}"
        self._compression = Path(format).suffix
        self._ignores_case = make_folder(folder)
        self._group: list[Path] = []
        self._since = time.monotonic()
        # The folder of the last file, which is there and within.
        self._parent: Path | None = None

    def place(self, id: str, position: int) -> Place:
        """See `Writer`."""
        return Place(file_name(id) + self._suffix)

    def key(self, place: Place) -> str | None:
        """See `Writer`; where the file system takes a.json and A.json for one, so does this."""
        if self._ignores_case:
            return unicodedata.normalize("NFC", place.file).casefold()
        return place.file

    def write(self, place: Place, id: str, data: bytes) -> Place:
        """See `Writer`."""
        path = self._folder / place.file
        with _writing(path):
            if path.parent != self._parent:
                path.parent.mkdir(parents=True, exist_ok=True)
                # A folder in the output may be a link to elsewhere.
                if not path.parent.resolve().is_relative_to(self._folder.resolve()):
                    raise WriteError(f"{path}: its folder is a link that leads out of the output")
                self._parent = path.parent
            if path.is_dir():
                raise WriteError(f"{path} is a folder")
            try:
                partial(path).write_bytes(_compress(data + b"\n", self._compression))
            except OSError:
                # Perhaps half of it.
                partial(path).unlink(missing_ok=True)
                raise
        self._group.append(path)
        return place

    def due(self, place: Place | None = None) -> bool:
        """See `Writer`."""
        late = time.monotonic() - self._since > _GROUP_SECONDS
        return len(self._group) >= (1 if late else _GROUP)

    def seal(self) -> Callable[[], None]:
        """See `Writer`."""
        self._since = time.monotonic()
        group, self._group = self._group, []

        def make_durable() -> None:
            with _writing(self._folder, fatal=True):
                publish(group)

        return make_durable

    def abort(self) -> None:
        """See `Writer`."""
        for path in self._group:
            with suppress(OSError):
                partial(path).unlink()


class ShardWriter(_InFolder):
    """Files with `size` documents each, `FOLDER/documents-00000.jsonl`, and so on.

    Which file a document goes into depends on its position alone, so that one that failed can be
    added later without moving the others. A file whose documents all stay is not touched.
    """

    def __init__(self, folder: Path, format: str, size: int, prefix: str = "") -> None:
        self._folder = folder
        self._size = size
        self._prefix, self._suffix = f"{prefix}documents-", f".{format}"
        make_folder(folder)
        self._shard: _Shard | None = None

    def place(self, id: str, position: int) -> Place:
        """See `Writer`."""
        return Place(f"{self._prefix}{position // self._size:05}{self._suffix}")

    def write(self, place: Place, id: str, data: bytes) -> Place:
        """See `Writer`."""
        return Place(place.file, self._open(place.file).add(id, data))

    def keep(self, place: Place) -> Place:
        """See `Writer`."""
        assert place.row is not None
        return Place(place.file, self._open(place.file).keep(place.row))

    def _open(self, file: str) -> _Shard:
        if self._shard is None:
            self._shard = _Shard(self._folder / file)
        return self._shard

    def due(self, place: Place | None = None) -> bool:
        """See `Writer`."""
        return self._shard is not None and place is not None and place.file != self._shard.path.name

    def pending(self) -> str | None:
        """See `Writer`."""
        return self._shard.path.name if self._shard is not None and self._shard.changed() else None

    def seal(self) -> Callable[[], None]:
        """See `Writer`."""
        shard, self._shard = self._shard, None
        if shard is None or not shard.changed():
            return lambda: None

        def make_durable() -> None:
            with _writing(shard.path, fatal=True):
                shard.close()
                publish([shard.path])

        return make_durable

    def abort(self) -> None:
        """See `Writer`."""
        if self._shard is not None:
            self._shard.abort()


class FileWriter(Writer):
    """All documents in one file; it gets its name when the run came to its end."""

    resumable = False

    def __init__(self, path: Path) -> None:
        make_folder(path.parent)
        if path.is_dir():
            raise WriteError(
                f"{path} is a folder: name a file, or choose --format jsonl for files in it"
            )
        self._path = path
        self._rows = _open_rows(path)
        self._count = 0

    def place(self, id: str, position: int) -> Place:
        """See `Writer`."""
        return Place(self._path.name)

    def write(self, place: Place, id: str, data: bytes) -> Place:
        """See `Writer`."""
        with _writing(self._path, fatal=True):
            self._rows.add(id, data)
        self._count += 1
        return Place(place.file, self._count - 1)

    def seal(self) -> Callable[[], None]:
        """See `Writer`; to be called at the end only."""

        def make_durable() -> None:
            with _writing(self._path, fatal=True):
                self._rows.close()
                publish([self._path])

        return make_durable

    def abort(self) -> None:
        """See `Writer`; what is there stays under the temporary name."""
        with suppress(OSError):
            self._rows.close()


class _Shard:
    """A file with many documents that takes the place of an earlier one, if anything differs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: RowsWriter | None = None
        self._old: Iterator[tuple[int, str, bytes]] = iter(())
        self._count = 0
        if path.exists():
            self._old = ((n, *row) for n, row in enumerate(read_rows(path)))

    def keep(self, row: int) -> int:
        if self._rows is None and row == self._count:
            self._count += 1
            return row
        self._begin()
        for number, id, data in self._old:
            if number == row:
                return self.add(id, data)
        raise StorageError(f"{self.path} has no row {row} any more: run without --resume")

    def add(self, id: str, data: bytes) -> int:
        rows = self._begin()
        with _writing(self.path, fatal=True):
            rows.add(id, data)
        self._count += 1
        return self._count - 1

    def _begin(self) -> RowsWriter:
        """Open the new file, with the rows that are kept so far."""
        if self._rows is None:
            self._rows = _open_rows(self.path)
            with _writing(self.path, fatal=True):
                for _ in range(self._count):
                    _, id, data = next(self._old)
                    self._rows.add(id, data)
        return self._rows

    def changed(self) -> bool:
        """Whether the new file differs from the old one."""
        if self._rows is None and sum(1 for _ in read_rows(self.path)) > self._count:
            self._begin()
        return self._rows is not None

    def close(self) -> None:
        assert self._rows is not None
        self._rows.close()

    def abort(self) -> None:
        if self._rows is not None:
            with suppress(OSError):
                self._rows.close()
            with suppress(OSError):
                partial(self.path).unlink()


def open_writer(output: str, format: str, shard_size: int, prefix: str = "") -> Writer:
    """The writer for an output argument.

    Args:
        output: a folder, a file ending in .jsonl or .parquet (.jsonl.gz, .jsonl.zst), or `-`.
        format: one of `FORMATS`, for a folder.
        shard_size: documents a file, where a folder's files hold many.
        prefix: of the names of such files, where several runs share a folder.

    Raises:
        WriteError: if the place cannot be written.
    """
    if output == STDOUT:
        return StreamWriter()
    if is_file(output):
        return FileWriter(Path(output))
    if is_file_each(format):
        return FolderWriter(Path(output), format)
    return ShardWriter(Path(output), format, shard_size, prefix)


def is_file_each(format: str) -> bool:
    """Whether it is a format of files that are one document."""
    return format.split(".")[0] == "json"


def is_file(output: str) -> bool:
    """Whether an output argument names one file for all documents."""
    path = Path(output)
    suffix = without_compression(path).suffix
    return suffix == ".jsonl" or (suffix == ".parquet" and path.suffix not in COMPRESSIONS)


def output_folder(output: str) -> Path:
    """The folder that the output is in."""
    return Path(output).parent if is_file(output) else Path(output)


def errors_path(output: str, prefix: str = "") -> Path | None:
    """Where the error records go; nowhere for standard output."""
    if output == STDOUT:
        return None
    if is_file(output):
        return errors_beside(Path(output))
    return Path(output) / f"{prefix}{ERRORS_NAME}"


def errors_beside(file: Path) -> Path:
    """Where the error records are of a run whose documents are in one file."""
    return file.with_name(f"{without_compression(file).stem}.{ERRORS_NAME}")


@contextmanager
def _writing(path: Path, *, fatal: bool = False) -> Iterator[None]:
    """Say of an OSError what failed, and whether others would fail too."""
    try:
        yield
    except OSError as error:
        why = f"{path}: {error.strerror or error}"
        if fatal or error.errno in _FATAL:
            raise StorageError(f"{why}; the run can be taken up again with --resume") from error
        raise WriteError(why) from error


def _open_rows(path: Path) -> RowsWriter:
    with _writing(path, fatal=True):
        return open_rows(partial(path), path)


def _compress(data: bytes, compression: str) -> bytes:
    if compression == ".gz":
        # Without the time, equal documents give equal files.
        return gzip.compress(data, mtime=0)
    if compression == ".zst":
        packed: bytes = zstandard().compress(data)
        return packed
    return data


def write_file(path: Path, data: bytes) -> None:
    """Write a file that a command was asked for, such as a report or a summary.

    Raises:
        WriteError: if it cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as error:
        raise WriteError(f"{path}: {error.strerror or error}") from error


def make_folder(folder: Path) -> bool:
    """Make the folder and prove that files can be written there; whether it ignores case."""
    probe = folder / f".zhpipe-writable-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        ignores_case = probe.with_name(probe.name.upper()).exists()
        probe.unlink()
    except OSError as error:
        raise WriteError(
            f"the output folder {folder} cannot be written: {error.strerror or error}"
        ) from error
    return ignores_case
