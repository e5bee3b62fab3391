"""Streams the records of files that hold many: JSON Lines, CSV, Parquet."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, NamedTuple

import orjson

from pipeline.errors import ReadError
from pipeline.files.lines import Lines, open_lines

_BATCH = 256
_NO_LIMIT = (1 << 31) - 1


class Record(NamedTuple):
    """One record.

    Attributes:
        number: 1 for the first line (JSON Lines) or row below the header (CSV, Parquet).
        fields: its fields, or why it has none.
    """

    number: int
    fields: Mapping[str, Any] | ReadError


class Records(NamedTuple):
    """The records of a file, how their text was decoded, and what their numbers count."""

    encoding: str
    encoding_by: str
    unit: str
    records: Iterator[Record]


def read_jsonl(stream: IO[bytes], encoding: str | None, longest: int) -> Records:
    """The objects of a JSON Lines file; blank lines are no records.

    Args:
        longest: the longest line accepted, in bytes.
    """
    lines = open_lines(stream, encoding, longest)

    def records() -> Iterator[Record]:
        for line in lines:
            if line.problem is not None:
                yield Record(line.number, line.problem)
            elif line.text.strip():
                yield Record(line.number, _object(line.text))

    return Records(lines.encoding, lines.encoding_by, "line", records())


def _object(line: str) -> Mapping[str, Any] | ReadError:
    try:
        value = orjson.loads(line)
    except ValueError as error:
        return ReadError(f"the line is not JSON: {error}")
    if not isinstance(value, dict):
        return ReadError(f"the line is no JSON object but {type(value).__name__}")
    return value


def read_csv(
    stream: IO[bytes], encoding: str | None, columns: Iterable[str], longest: int, delimiter: str
) -> Records:
    """The rows of a CSV file with a header; quoted fields may hold line ends.

    Args:
        columns: those that it must have.
        longest: the longest row accepted, in bytes.
    """
    lines = open_lines(stream, encoding, longest)
    rows = _Rows(lines, longest, delimiter)

    def records() -> Iterator[Record]:
        header = rows.next()
        if header is None or isinstance(header, ReadError):
            raise header or ReadError("the file has no header line")
        _require(columns, header)
        number = 0
        while (row := rows.next()) is not None:
            number += 1
            if isinstance(row, ReadError):
                yield Record(number, row)
            elif len(row) == len(header):
                yield Record(number, dict(zip(header, row, strict=True)))
            elif row:
                problem = f"the row has {len(row)} columns, the header {len(header)}"
                yield Record(number, ReadError(f"line {rows.line}: {problem}"))

    return Records(lines.encoding, lines.encoding_by, "row", records())


class _Rows:
    """The rows of the csv module, with what was wrong with the lines that each consists of."""

    def __init__(self, lines: Lines, longest: int, delimiter: str) -> None:
        self._lines = lines
        self._longest = longest
        self._reader = csv.reader(self, delimiter=delimiter, strict=True)
        self._problem: ReadError | None = None
        self._length = 0
        self.line = 0

    def next(self) -> list[str] | ReadError | None:
        """The next row, or why it is none; None at the end.

        Raises:
            ReadError: if it cannot be told where the next row begins.
        """
        self._problem, self._length = None, 0
        # The limit is one of the whole process, and meant for other files.
        limit = csv.field_size_limit(_NO_LIMIT)
        try:
            row = next(self._reader, None)
        except csv.Error as error:
            raise ReadError(
                f"line {self.line} is no CSV: {error}; the rest of the file was not read"
            ) from error
        finally:
            csv.field_size_limit(limit)
        return row if self._problem is None else self._problem

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.line = line.number
        self._problem = self._problem or line.problem
        self._length += len(line.text)
        if line.problem is not None and not line.text:
            # Its quotes are lost with it.
            raise ReadError(f"{line.problem}; the rest of the file was not read")
        if self._length > self._longest:
            raise ReadError(
                f"the row that ends in line {line.number} is longer than {self._longest:,} code "
                "points, perhaps for a quote that is not closed; the rest of the file was not read"
            )
        return line.text


def read_parquet(stream: IO[bytes], columns: Iterable[str]) -> Records:
    """The rows of a Parquet file, with only the columns that are wanted.

    Raises:
        ReadError: if pyarrow is missing or the file is no Parquet file.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ReadError(
            "Parquet files need pyarrow: install the extra, pip install 'zhpipe[parquet]'"
        ) from error
    if not stream.seekable() or isinstance(stream, gzip.GzipFile):
        # Its index stands at the end.
        stream = io.BytesIO(stream.read())
    try:
        file = pyarrow.parquet.ParquetFile(stream)
        names = file.schema_arrow.names
    except pyarrow.ArrowException as error:
        raise ReadError(f"it is no Parquet file: {error}") from error
    wanted = list(dict.fromkeys(columns))
    _require(wanted, names)

    def records() -> Iterator[Record]:
        number = 0
        try:
            for batch in file.iter_batches(batch_size=_BATCH, columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    yield Record(number, row)
        except (pyarrow.ArrowException, UnicodeDecodeError) as error:
            raise ReadError(f"the file is damaged after row {number}: {error}") from error

    return Records("utf-8", "Parquet", "row", records())


def _require(columns: Iterable[str], present: Iterable[str]) -> None:
    present = list(present)
    for name in columns:
        if name not in present:
            raise ReadError(
                f"there is no column {name!r} but {', '.join(map(repr, present)) or 'none'}; name "
                "the columns with --text-field and --id-field"
            )
