"""Streams the lines of a file in any encoding; a line that cannot be decoded costs no other."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO, NamedTuple

from pipeline.errors import ReadError
from pipeline.files.encodings import Decoded, decode, encoding_by_mark

# Enough to judge an encoding by.
_SAMPLE = 1 << 18
_CHUNK = 1 << 16
# In a sample with lines that do not decode these are tried, UTF-8 first.
_TOLERATED = {
    "utf-8": ("utf-8", "utf-8-sig"),
    "gb18030": ("gb18030",),
    "cp950": ("big5", "cp950"),
    "big5hkscs": ("big5", "cp950", "big5hkscs"),
}
_WIDE = {"utf-16": 2, "utf-32": 4}


class Line(NamedTuple):
    """A line with its line end; with a problem, `text` only approximates it, or is lost.

    Attributes:
        number: 1 for the first line.
    """

    number: int
    text: str
    problem: ReadError | None = None


class Lines:
    """The lines of a stream.

    Args:
        head: the beginning of the stream, which was read already.
        longest: the longest line accepted, in bytes.
    """

    def __init__(self, head: bytes, rest: IO[bytes], found: Decoded, longest: int) -> None:
        self.encoding, self.encoding_by = found.encoding, found.by
        self._longest = longest
        codec = codecs.lookup(found.encoding).name
        width = next((w for name, w in _WIDE.items() if codec.startswith(name)), 1)
        if codec in _WIDE:
            codec, head = _byte_order(codec, head)
        elif codec == "utf-8-sig":
            codec, head = "utf-8", head.removeprefix(codecs.BOM_UTF8)
        self._codec = codec
        self._lines = _split(head, rest, "\n".encode(codec), width, longest)
        self._number = 0

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        data = next(self._lines)
        self._number += 1
        number = self._number
        if data is None:
            problem = ReadError(f"line {number} is longer than {self._longest:,} bytes")
            return Line(number, "", problem)
        try:
            return Line(number, data.decode(self._codec))
        except UnicodeDecodeError as error:
            problem = ReadError(
                f"line {number} is not valid {self.encoding}: byte 0x{data[error.start]:02x} at "
                f"its offset {error.start} ({error.reason})"
            )
            return Line(number, data.decode(self._codec, "replace"), problem)


def open_lines(stream: IO[bytes], encoding: str | None, longest: int) -> Lines:
    """The lines of a stream, whose encoding is found from its beginning.

    Raises:
        ReadError: if the file is empty or its encoding cannot be told.
    """
    head = stream.read(_SAMPLE)
    if not head:
        raise ReadError("the file is empty")
    if encoding is None:
        return Lines(head, stream, _detect(head), longest)
    try:
        "\n".encode(encoding)
    except (LookupError, UnicodeError) as error:
        raise ReadError(f"there is no encoding called {encoding!r}") from error
    return Lines(head, stream, Decoded("", encoding, "given"), longest)


def _detect(head: bytes) -> Decoded:
    whole = len(head) < _SAMPLE
    # A longer file's sample ends with a line, else where no character is cut in two.
    last_line = head.rfind(b"\n") + 1
    ends = [len(head)] if whole else [last_line, *(len(head) - n for n in range(4))]
    for end in ends:
        try:
            if end:
                return decode(head[:end])
        except ReadError as error:
            problem = error
    return _detect_with_bad_lines(head if whole else head[:last_line], problem)


def _detect_with_bad_lines(sample: bytes, problem: ReadError) -> Decoded:
    """The encoding in which all lines but a few decode."""
    marked = encoding_by_mark(sample)
    if marked is not None:
        return Decoded("", marked, "byte order mark")
    lines = sample.splitlines(keepends=True)
    for name, family in _TOLERATED.items():
        good = [line for line in lines if _decodes(line, name)]
        bad = len(lines) - len(good)
        if good and bad <= max(1, len(lines) // 10):
            try:
                found = decode(b"".join(good))
            except ReadError:
                continue
            if found.encoding in family:
                return Decoded("", found.encoding, f"{found.by}, but for {bad} lines at the head")
    raise problem


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _byte_order(codec: str, head: bytes) -> tuple[str, bytes]:
    """UTF-16 and UTF-32 by their mark, little-endian without one; the head without the mark."""
    for name in (f"{codec}-le", f"{codec}-be"):
        mark = "\ufeff".encode(name)
        if head.startswith(mark):
            return name, head.removeprefix(mark)
    return f"{codec}-le", head


def _split(
    head: bytes, rest: IO[bytes], line_feed: bytes, width: int, longest: int
) -> Iterator[bytes | None]:
    """Lines with their line feeds, which begin where a unit of `width` bytes does.

    A line of more than `longest` bytes is None.
    """
    # A line begins at `start`; up to `searched` there is no line feed.
    buffer, start, searched, skipping = head, 0, 0, False
    while True:
        end = buffer.find(line_feed, searched)
        while end >= 0 and end % width:
            end = buffer.find(line_feed, end + 1)
        if end >= 0:
            end += width
            too_long = skipping or end - start > longest
            yield None if too_long else buffer[start:end]
            start, searched, skipping = end, end, False
            continue
        buffer, start = buffer[start:], 0
        # A line feed may begin with the last bytes.
        searched = max(0, len(buffer) - width)
        if len(buffer) > longest:
            # What is left may begin within a unit no more than the whole did.
            buffer, searched, skipping = buffer[len(buffer) - len(buffer) % width :], 0, True
        # More each time, so that a long line is copied a few times only.
        more = rest.read(max(_CHUNK, len(buffer)))
        if not more:
            break
        buffer += more
    if skipping:
        yield None
    elif buffer:
        yield buffer
