"""Finds the input files and decodes them."""

from __future__ import annotations

import glob
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.document import Document
from pipeline.errors import ReadError
from pipeline.files.encodings import decode

SUFFIXES = (".txt",)
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """One input: where it is, and the id that its document gets.

    Attributes:
        location: path as it was found, or `-` for standard input.
        path: the same relative to the folder that was given, with `/`; None for standard input.
        problem: why it cannot be read, if that is known already.
    """

    id: str
    location: str
    path: str | None
    problem: str | None = None


def find_inputs(arguments: Sequence[str]) -> Iterator[Input]:
    """Inputs of all arguments: files, folders (searched recursively), glob patterns, `-`.

    The order is that of the arguments, within a folder or pattern by name. An argument that names
    nothing yields an input with a `problem`.
    """
    for argument in arguments:
        path = Path(argument)
        if not argument:
            yield Input("", "''", None, "the name is empty")
        elif argument == STDIN:
            yield Input("stdin", STDIN, None)
        elif path.is_dir():
            yield from _in_folder(path)
        elif path.exists() or not glob.has_magic(argument):
            problem = None if path.exists() else "there is no such file or folder"
            yield Input(printable(path.stem), argument, printable(path.name), problem)
        else:
            yield from _matching(argument)


def _in_folder(folder: Path) -> Iterator[Input]:
    found = False
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if path.suffix.lower() in SUFFIXES:
                found = True
                yield _relative(path, folder)
    if not found:
        yield Input(
            folder.name,
            str(folder),
            None,
            f"the folder holds no text files ({', '.join(SUFFIXES)})",
        )


def _matching(pattern: str) -> Iterator[Input]:
    fixed = Path(pattern)
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    # Path.glob takes no absolute pattern.
    paths = [Path(p) for p in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    files = [path for path in paths if path.is_file()]
    if not files:
        yield Input(pattern, pattern, None, "no file matches this pattern")
    for path in files:
        yield _relative(path, fixed)


def _relative(path: Path, folder: Path) -> Input:
    relative = path.relative_to(folder)
    return Input(
        printable(relative.with_suffix("").as_posix()), str(path), printable(relative.as_posix())
    )


def printable(name: str) -> str:
    """A file name that can be written as UTF-8; bytes that are none are escaped."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def read_document(
    item: Input, encoding: str | None = None, max_chars: int | None = None
) -> Document:
    """Read and decode one input.

    Args:
        encoding: a codec's name; by default it is found (`pipeline.files.encodings`).
        max_chars: the longest text accepted, in code points.

    Raises:
        ReadError: saying what is wrong with the input, and where.
    """
    if item.problem is not None:
        raise ReadError(item.problem)
    data = _read_bytes(item, max_chars)
    if not data:
        raise ReadError("the file is empty")
    decoded = decode(data, encoding)
    text = decoded.text
    if max_chars is not None and len(text) > max_chars:
        raise ReadError(_too_long(f"{len(text):,} code points", max_chars))
    if not text.strip():
        raise ReadError("the file holds nothing but white space")
    return Document(
        text,
        id=item.id,
        path=item.path,
        encoding=decoded.encoding,
        encoding_by=decoded.by,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _read_bytes(item: Input, max_chars: int | None) -> bytes:
    try:
        if item.location == STDIN:
            if sys.stdin is None:
                raise ReadError("standard input is closed")
            return sys.stdin.buffer.read()
        path = Path(item.location)
        if not path.is_file():
            raise ReadError("it is no regular file")
        size = path.stat().st_size
        # No encoding takes more than four bytes a code point.
        if max_chars is not None and size > 4 * max_chars + 4:
            raise ReadError(_too_long(f"{size:,} bytes", max_chars))
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"it cannot be read: {error.strerror or error}") from error


def _too_long(size: str, max_chars: int) -> str:
    return (
        f"it is too long: {size}, and the limit is {max_chars:,} code points; split it, or "
        "raise the limit with --max-chars"
    )
