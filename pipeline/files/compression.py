"""Opens files that may be compressed."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from pipeline.errors import ReadError
from pipeline.files.inputs import STDIN, Input


@contextmanager
def open_input(
    item: Input, on_open: Callable[[Callable[[], int]], None] = lambda position: None
) -> Iterator[IO[bytes]]:
    """The bytes of an input, decompressed, as a stream.

    Args:
        on_open: called with a function that says how many bytes of the file are read; it may be
            called until the context is left.

    Raises:
        ReadError: if the file cannot be opened or read, or its compression is damaged, here or
            while the stream is read within the context.
    """
    try:
        if item.location == STDIN:
            if sys.stdin is None:
                raise ReadError("standard input is closed")
            yield sys.stdin.buffer
            return
        path = Path(item.location)
        if not path.is_file():
            raise ReadError("it is no regular file")
        with path.open("rb") as file, _decompressed(file, item.compression) as stream:
            on_open(file.tell)
            yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(f"its compression is damaged: {error}") from error
    except OSError as error:
        raise ReadError(f"it cannot be read: {error.strerror or error}") from error


@contextmanager
def _decompressed(file: IO[bytes], compression: str) -> Iterator[IO[bytes]]:
    if compression == ".gz":
        with gzip.open(file) as stream:
            yield cast(IO[bytes], stream)
    elif compression == ".zst":
        zstd = zstandard()
        try:
            with zstd.open(file) as stream:
                yield cast(IO[bytes], stream)
        except zstd.ZstdError as error:
            raise ReadError(f"its compression is damaged: {error}") from error
    else:
        yield file


def zstandard() -> Any:
    """The module for Zstandard: Python's own, or its backport."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd
