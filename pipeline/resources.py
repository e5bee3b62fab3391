"""Finds lexicons and rules: the packaged ones, overlaid by the user's own folder.

A file of the overlay with the same relative path replaces the packaged TOML file; in a folder of
TSV files, such as `lexicon/`, the overlay's files come in addition, after the packaged ones.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import ResourceError


def _packaged() -> Path:
    installed = Path(__file__).parent / "_resources"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


class Resources:
    """The packaged resources, with a user's folder laid over them.

    Raises:
        ResourceError: if the overlay is not a folder.
    """

    def __init__(self, overlay: Path | None = None) -> None:
        if overlay is not None and not overlay.is_dir():
            raise ResourceError(f"the resource folder {overlay} does not exist or is no folder")
        self.roots = [_packaged()] if overlay is None else [_packaged(), overlay]
        self._toml: dict[str, dict[str, Any]] = {}

    def toml(self, name: str) -> dict[str, Any]:
        """The TOML file `name`, the overlay's if it has one; read once, not to be changed.

        Raises:
            ResourceError: if there is none, or it is not valid TOML.
        """
        if name not in self._toml:
            path = self.file(name)
            try:
                self._toml[name] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                raise ResourceError(f"{path}: {error}") from error
        return self._toml[name]

    def file(self, name: str) -> Path:
        """The path of the file `name`, the overlay's if it has one.

        Raises:
            ResourceError: if there is none.
        """
        for root in reversed(self.roots):
            if (root / name).is_file():
                return root / name
        raise ResourceError(f"there is no resource {name} in {', '.join(map(str, self.roots))}")

    def tables(self, folder: str) -> list[Path]:
        """The TSV files of a folder: packaged ones first, each root's in order of name."""
        return [p for root in self.roots for p in sorted((root / folder).glob("*.tsv"))]

    def fingerprint(self) -> str:
        """SHA-256 over the names and contents of all resource files, in hex."""
        digest = hashlib.sha256()
        for root in self.roots:
            for path in sorted(p for p in root.rglob("*") if p.is_file()):
                digest.update(path.relative_to(root).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a TSV file as `(line number, {column: value})`; lines beginning with # are notes.

    Raises:
        ResourceError: naming file and line, if the header is not `columns` or a row has another
            number of columns.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(f"{path}: {error}") from error
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]
    if not numbered or tuple(numbered[0][1].split("\t")) != columns:
        raise ResourceError(f"{path}: the header must be {' '.join(columns)!r}, tab separated")
    rows = csv.reader((line for _, line in numbered[1:]), delimiter="\t", quoting=csv.QUOTE_NONE)
    for (number, _), row in zip(numbered[1:], rows, strict=True):
        if len(row) != len(columns):
            raise ResourceError(
                f"{path}, line {number}: {len(row)} columns instead of {len(columns)}"
            )
        yield number, dict(zip(columns, row, strict=True))
