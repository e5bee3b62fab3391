"""Writes documents: one JSON file each, or one JSON Lines file for all."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from pipeline.document import Document
from pipeline.errors import OutputClosedError, WriteError

STDOUT = "-"
ERRORS_NAME = "errors.jsonl"
JSONL_NAME = "documents.jsonl"


class Writer(AbstractContextManager["Writer"]):
    """Takes documents one by one; leaving the context closes what is open.

    Attributes:
        errors_path: where the run's error records go; None writes none.
    """

    errors_path: Path | None = None

    @property
    def files(self) -> list[Path]:
        """Files of the run that a search for inputs must pass over."""
        return [] if self.errors_path is None else [self.errors_path]

    def write(self, document: Document) -> None:
        """Write one document.

        Raises:
            WriteError: if it cannot be written.
            OutputClosedError: if nobody reads the output any more.
        """
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return None


class JsonWriter(Writer):
    """One file a document, `FOLDER/ID.json`; each appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        _make_folder(folder)
        self._folder = folder
        self.errors_path = folder / ERRORS_NAME

    def write(self, document: Document) -> None:
        """See `Writer.write`."""
        path = self._folder / f"{document.id}.json"
        partial = path.with_name(f"{path.name}.part")
        try:
            if not path.resolve().is_relative_to(self._folder.resolve()):
                raise WriteError(f"the id {document.id!r} leads out of the output folder")
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(document.to_json() + b"\n")
            partial.replace(path)
        except OSError as error:
            raise WriteError(f"{path}: {error.strerror or error}") from error
        except ValueError as error:
            raise WriteError(f"the id {document.id!r} makes no file name: {error}") from error


class JsonlWriter(Writer):
    """One line a document, in a file or on standard output."""

    def __init__(self, target: Path | str) -> None:
        self._file: BinaryIO
        self._place: tuple[Path, Path] | None = None
        if target == STDOUT:
            self._file = sys.stdout.buffer
            return
        path = Path(target)
        _make_folder(path.parent)
        self.errors_path = path.with_name(f"{path.stem}.{ERRORS_NAME}")
        if path.is_dir():
            raise WriteError(
                f"{path} is a folder: name a file, or choose --format jsonl for a file in it"
            )
        partial = path.with_name(f"{path.name}.part")
        try:
            self._file = partial.open("wb")
        except OSError as error:
            raise WriteError(f"cannot write {partial}: {error.strerror or error}") from error
        self._place = (partial, path)

    @property
    def files(self) -> list[Path]:
        """See `Writer.files`."""
        return [*super().files, *([] if self._place is None else [self._place[1]])]

    def write(self, document: Document) -> None:
        """See `Writer.write`."""
        try:
            self._file.write(document.to_json() + b"\n")
            if self._place is None:
                self._file.flush()
        except BrokenPipeError as error:
            raise OutputClosedError("whoever read the output has closed it") from error
        except OSError as error:
            raise WriteError(f"the output cannot be written: {error.strerror or error}") from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file; it gets its name only when the run came to its end."""
        if self._place is None:
            return
        self._file.flush()
        self._file.close()
        if kind is None:
            partial, path = self._place
            partial.replace(path)


def open_writer(output: str, format: str) -> Writer:
    """The writer for an output argument: a folder, a `.jsonl` file, or `-`.

    Raises:
        WriteError: if the place cannot be written.
    """
    if output == STDOUT:
        return JsonlWriter(STDOUT)
    if output.endswith(".jsonl"):
        return JsonlWriter(Path(output))
    if format == "jsonl":
        return JsonlWriter(Path(output) / JSONL_NAME)
    return JsonWriter(Path(output))


def _make_folder(folder: Path) -> None:
    """Make the folder and prove that files can be written there."""
    probe = folder / ".zhpipe-writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise WriteError(
            f"the output folder {folder} cannot be written: {error.strerror or error}"
        ) from error
