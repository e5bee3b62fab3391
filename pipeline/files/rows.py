"""Files with a document a row: JSON Lines, plain or compressed, and Parquet."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol, cast

from pipeline.errors import ReadError, StorageError
from pipeline.files.compression import open_input, zstandard
from pipeline.files.inputs import Input, without_compression
from pipeline.files.records import read_parquet

# The columns of a Parquet file: the document's id and its JSON.
ID_COLUMN, DOCUMENT_COLUMN = "id", "document"
_ROW_GROUP = 500


class RowsWriter(Protocol):
    """Takes rows until it is closed; all methods raise OSError."""

    def add(self, id: str, data: bytes) -> None:
        """Add the JSON of one document."""

    def close(self) -> None:
        """Write what is left and close the file."""


def open_rows(path: Path, name: Path) -> RowsWriter:
    """A new file at `path`, of the format that `name` tells by its suffixes.

    Raises:
        OSError: if it cannot be made.
        StorageError: if pyarrow is missing.
    """
    if name.suffix == ".parquet":
        return _Parquet(path)
    return _Lines(path, name.suffix)


def read_rows(path: Path) -> Iterator[tuple[str, bytes]]:
    """Id and JSON of each row; the id is empty where the format does not need it.

    Raises:
        StorageError: if the file is damaged.
    """
    try:
        with open_input(Input("", str(path), None)) as stream:
            if without_compression(path).suffix == ".parquet":
                for record in read_parquet(stream, [ID_COLUMN, DOCUMENT_COLUMN]).records:
                    if isinstance(record.fields, ReadError):
                        raise record.fields
                    yield record.fields[ID_COLUMN], record.fields[DOCUMENT_COLUMN].encode()
            else:
                for line in stream:
                    yield "", line.rstrip(b"\n")
    except ReadError as error:
        raise StorageError(f"{path} is damaged, run without --resume: {error}") from error


class _Lines:
    def __init__(self, path: Path, compression: str) -> None:
        self._file = path.open("wb")
        self._out: IO[bytes] = self._file
        if compression == ".gz":
            # Without name and time, equal documents give equal files.
            packed = gzip.GzipFile("", "wb", fileobj=self._file, mtime=0)
            self._out = cast(IO[bytes], packed)
        elif compression == ".zst":
            self._out = zstandard().open(self._file, "wb")

    def add(self, id: str, data: bytes) -> None:
        self._out.write(data + b"\n")

    def close(self) -> None:
        try:
            if self._out is not self._file:
                self._out.close()
        finally:
            self._file.close()


class _Parquet:
    def __init__(self, path: Path) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise StorageError(
                "Parquet files need pyarrow: install the extra, pip install 'zhpipe[parquet]'"
            ) from error
        self._arrow: Any = pyarrow
        self._schema = pyarrow.schema(
            [(ID_COLUMN, pyarrow.string()), (DOCUMENT_COLUMN, pyarrow.string())]
        )
        self._file = path.open("wb")
        self._writer = pyarrow.parquet.ParquetWriter(self._file, self._schema, compression="zstd")
        self._ids: list[str] = []
        self._documents: list[bytes] = []

    def add(self, id: str, data: bytes) -> None:
        self._ids.append(id)
        self._documents.append(data)
        if len(self._ids) == _ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._ids:
            documents = self._arrow.array(self._documents, self._arrow.binary())
            columns = [self._ids, documents.cast(self._arrow.string())]
            self._writer.write_table(self._arrow.table(columns, schema=self._schema))
            self._ids, self._documents = [], []

    def close(self) -> None:
        try:
            self._flush()
            self._writer.close()
        finally:
            self._file.close()
