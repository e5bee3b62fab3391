"""Finds the input files."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

STDIN = "-"
# Suffix of a file's name -> its format.
FORMATS = {
    ".txt": "txt",
    ".md": "md",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
COMPRESSIONS = (".gz", ".zst")


@dataclass(frozen=True, slots=True)
class Input:
    """One input: where it is, and the id that its document gets.

    Attributes:
        id: of its document; of a file with many records, the first part of their ids.
        location: path as it was found, or `-` for standard input.
        path: the same relative to the folder that was given, with `/`; None for standard input.
        problem: why it cannot be read, if that is known already.
    """

    id: str
    location: str
    path: str | None
    problem: str | None = None

    @property
    def compression(self) -> str:
        """`.gz`, `.zst` or nothing."""
        suffix = Path(self.location).suffix.lower()
        return suffix if suffix in COMPRESSIONS else ""

    @property
    def format(self) -> str:
        """The format that the name tells, without the suffix of a compression; else txt."""
        return FORMATS.get(without_compression(Path(self.location)).suffix.lower(), "txt")


def find_inputs(arguments: Sequence[str], own: Collection[Path] = ()) -> Iterator[Input]:
    """Inputs of all arguments: files, folders (searched recursively), glob patterns, `-`.

    The order is that of the arguments, within a folder or pattern by name. In a folder the files
    with a suffix of `FORMATS` are taken, compressed ones too. An argument that names nothing
    yields an input with a `problem`.

    Args:
        own: files and folders that the run itself writes; the search of a folder passes over
            them, but for the folder that was named.
    """
    for argument in arguments:
        path = Path(argument)
        if not argument:
            yield Input("", "''", None, "the name is empty")
        elif argument == STDIN:
            yield Input("stdin", STDIN, None)
        elif path.is_dir():
            yield from _in_folder(path, own)
        elif path.exists() or not glob.has_magic(argument):
            problem = None if path.exists() else "there is no such file or folder"
            yield Input(_id(Path(path.name)), argument, printable(path.name), problem)
        else:
            yield from _matching(argument)


def _in_folder(folder: Path, own: Collection[Path]) -> Iterator[Input]:
    found = False
    passed_over = {path.resolve() for path in own}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if Path(parent, f).resolve() not in passed_over)
        for name in sorted(names):
            path = Path(parent, name)
            known = without_compression(path).suffix.lower() in FORMATS
            if known and path.resolve() not in passed_over:
                found = True
                yield _relative(path, folder)
    if not found:
        yield Input(
            folder.name,
            str(folder),
            None,
            f"the folder holds no text files ({', '.join(FORMATS)}, also with .gz or .zst)",
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
    return Input(_id(relative), str(path), printable(relative.as_posix()))


def _id(path: Path) -> str:
    return printable(without_compression(path).with_suffix("").as_posix())


def without_compression(path: Path) -> Path:
    """The path without a last suffix `.gz` or `.zst`."""
    return path.with_suffix("") if path.suffix.lower() in COMPRESSIONS else path


def printable(name: str) -> str:
    """A file name that can be written as UTF-8; bytes that are none are escaped."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
