"""Reads annotated documents back: .json, .jsonl and .parquet, compressed or not, and folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.document import Document
from pipeline.errors import ContractError, ReadError
from pipeline.files.compression import open_input
from pipeline.files.inputs import Input, printable, without_compression
from pipeline.files.records import read_parquet
from pipeline.files.rows import DOCUMENT_COLUMN
from pipeline.files.write import ERRORS_NAME, errors_beside

_SUFFIXES = (".json", ".jsonl", ".parquet")


def read_documents(path: Path, document_id: str | None = None) -> Iterator[Document]:
    """Documents of a file or of all files of a folder, by name, or the one with the given id.

    Error records (`errors.jsonl`, `NAME.errors.jsonl`) are passed over.

    Raises:
        ReadError: if a file cannot be read, or there is no document, or none with the id.
        ContractError: naming file and line, if a document breaks the contract.
    """
    found = False
    for file in document_files(path):
        for document in _in_file(file):
            if document_id is None or document.id == document_id:
                found = True
                yield document
    if not found:
        wanted = "no document" if document_id is None else f"no document {document_id!r}"
        raise ReadError(f"{path} holds {wanted}")


def document_files(path: Path) -> list[Path]:
    """The file itself, or the files of a folder that hold documents, by name.

    Raises:
        ReadError: if there is neither.
    """
    if not path.exists():
        raise ReadError(f"{printable(str(path))}: there is no such file or folder")
    if not path.is_dir():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if without_compression(file).suffix in _SUFFIXES
        and not _holds_errors(file)
        and file.is_file()
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """The JSON of one document as it stands in a file.

    Attributes:
        number: line or row, from 1.
        offset: where its bytes begin in the file; None if the file is compressed or Parquet.
    """

    file: Path
    number: int
    offset: int | None
    data: bytes


def stored_documents(file: Path) -> Iterator[Stored]:
    """What a file holds, unread: the JSON of each document, for those that need it quickly.

    Raises:
        ReadError: naming the file, if it cannot be read.
    """
    suffix = without_compression(file).suffix
    name = printable(str(file))
    item = Input(name, str(file), None)
    try:
        with open_input(item) as stream:
            if suffix == ".parquet":
                for record in read_parquet(stream, [DOCUMENT_COLUMN]).records:
                    if isinstance(record.fields, ReadError):
                        raise record.fields
                    data = str(record.fields[DOCUMENT_COLUMN]).encode()
                    yield Stored(file, record.number, None, data)
            elif suffix == ".jsonl":
                offset = 0
                for number, line in enumerate(stream, 1):
                    yield Stored(file, number, None if item.compression else offset, line)
                    offset += len(line)
            else:
                yield Stored(file, 1, None if item.compression else 0, stream.read())
    except ReadError as error:
        raise ReadError(f"{name}: {error}") from error


def _in_file(file: Path) -> Iterator[Document]:
    for stored in stored_documents(file):
        try:
            yield Document.from_json(stored.data)
        except ContractError as error:
            place = f"{printable(str(file))}, line {stored.number}"
            raise ContractError(f"{place}: {error}") from error


def error_files(path: Path) -> list[Path]:
    """The files with the error records of a run: in a folder, or beside a file."""
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if _holds_errors(file) and file.is_file())
    beside = errors_beside(path)
    return [beside] if beside.is_file() else []


def _holds_errors(file: Path) -> bool:
    return without_compression(file).name.endswith(ERRORS_NAME)
