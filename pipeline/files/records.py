"""Streams the records of files that hold many: JSON Lines, CSV, Parquet."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, NamedTuple

import orjson

from pipeline.errors import ReadError
from pipeline.files.encodings import Decoded, decode

# Enough to judge an encoding by.
_SAMPLE = 1 << 18
_BATCH = 256


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
    stream, found = _detect(stream, encoding)

    def records() -> Iterator[Record]:
        for number, line in enumerate(_lines(stream, found.encoding, longest), 1):
            if isinstance(line, ReadError):
                yield Record(number, line)
            elif line.strip():
                yield Record(number, _object(line))

    return Records(found.encoding, found.by, "line", records())


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
        longest: the longest field accepted, in code points.
    """
    stream, found = _detect(stream, encoding)
    csv.field_size_limit(longest)

    def records() -> Iterator[Record]:
        # A field of the greatest length may be all quotes, which stand doubled.
        lines = _LinesOrRaise(_lines(stream, found.encoding, 8 * longest))
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        header = next(rows, None)
        if header is None:
            raise ReadError("the file has no header line")
        _require(columns, header)
        for number in itertools.count(1):
            try:
                row = next(rows)
            except StopIteration:
                return
            except ReadError as error:
                yield Record(number, error)
                continue
            except csv.Error as error:
                raise ReadError(
                    f"line {rows.line_num} is no CSV: {error}; the rest of the file was not read"
                ) from error
            if len(row) == len(header):
                yield Record(number, dict(zip(header, row, strict=True)))
            elif row:
                problem = f"the row has {len(row)} columns, the header {len(header)}"
                yield Record(number, ReadError(f"line {rows.line_num}: {problem}"))

    return Records(found.encoding, found.by, "row", records())


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
        except pyarrow.ArrowException as error:
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


def _detect(stream: IO[bytes], encoding: str | None) -> tuple[IO[bytes], Decoded]:
    """The stream from its beginning, and the encoding of its first lines."""
    head = stream.read(_SAMPLE)
    if not head:
        raise ReadError("the file is empty")
    whole = len(head) < _SAMPLE
    # A longer file's sample ends with a line, or where no character of two units is cut.
    ends = [len(head)] if whole else [head.rfind(b"\n") + 1, len(head), len(head) - 2]
    for end in ends:
        try:
            return _Chained(head, stream), decode(head[:end], encoding)
        except ReadError:
            if end == ends[-1]:
                raise
    raise AssertionError("the loop returns or raises")


class _Chained(io.BufferedReader):
    """A stream that begins with bytes that were read already."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__(_Raw(head, rest), 1 << 16)


class _Raw(io.RawIOBase):
    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = io.BytesIO(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _lines(stream: IO[bytes], encoding: str, longest: int) -> Iterator[str | ReadError]:
    """Decoded lines with their line ends; a line that cannot be read is an error in its place."""
    encoding = codecs.lookup(encoding).name
    if encoding.startswith(("utf-16", "utf-32")):
        # A line feed's byte may be half of another character: decode before splitting.
        try:
            yield from io.TextIOWrapper(stream, encoding, newline="\n")
        except UnicodeDecodeError as error:
            raise ReadError(f"it is not valid {encoding}: {error.reason}") from error
        return
    for number in itertools.count(1):
        line = stream.readline(longest)
        if not line:
            return
        if len(line) == longest and not line.endswith(b"\n"):
            while (more := stream.readline(longest)) and not more.endswith(b"\n"):
                pass
            yield ReadError(f"line {number} is longer than {longest:,} bytes")
            continue
        try:
            yield line.decode(encoding if number == 1 else encoding.removesuffix("-sig"))
        except UnicodeDecodeError as error:
            yield ReadError(
                f"line {number} is not valid {encoding}: byte 0x{line[error.start]:02x} at its "
                f"offset {error.start} ({error.reason})"
            )


class _LinesOrRaise:
    """Lines for the CSV reader: one that could not be read raises, and the next one follows."""

    def __init__(self, lines: Iterator[str | ReadError]) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if isinstance(line, ReadError):
            raise line
        return line
