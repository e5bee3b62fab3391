"""Reads annotated documents back: .json, .jsonl and .parquet, compressed or not, and folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.document import Document
from pipeline.errors import ContractError, ReadError
from pipeline.files.compression import open_input
from pipeline.files.inputs import Input, printable, without_compression
from pipeline.files.records import read_parquet
from pipeline.files.rows import DOCUMENT_COLUMN
from pipeline.files.write import ERRORS_NAME

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
    files = [file for file in path.rglob("*") if file.is_file()]
    return sorted(
        file
        for file in files
        if without_compression(file).suffix in _SUFFIXES
        and not without_compression(file).name.endswith(ERRORS_NAME)
    )


def _in_file(file: Path) -> Iterator[Document]:
    suffix = without_compression(file).suffix
    name = printable(str(file))
    try:
        with open_input(Input(name, str(file), None)) as stream:
            if suffix == ".parquet":
                for record in read_parquet(stream, [DOCUMENT_COLUMN]).records:
                    if isinstance(record.fields, ReadError):
                        raise record.fields
                    yield _document(record.fields[DOCUMENT_COLUMN], name, record.number)
            elif suffix == ".jsonl":
                for number, line in enumerate(stream, 1):
                    yield _document(line, name, number)
            else:
                yield _document(stream.read(), name, 1)
    except ReadError as error:
        raise ReadError(f"{name}: {error}") from error


def _document(data: bytes | str, name: str, number: int) -> Document:
    try:
        return Document.from_json(data)
    except ContractError as error:
        raise ContractError(f"{name}, line {number}: {error}") from error
