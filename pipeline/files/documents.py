"""Reads annotated documents back, from .json and .jsonl files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.document import Document
from pipeline.errors import ContractError, ReadError


def read_documents(file: Path, document_id: str | None = None) -> Iterator[Document]:
    """Documents of a .json or .jsonl file, or the one with the given id.

    Raises:
        ReadError: if the file cannot be read or has no such document.
        ContractError: naming file and line, if a document breaks the contract.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ReadError(f"{file}: {error.strerror or error}") from error
    found = False
    lines = data.splitlines() if file.suffix == ".jsonl" else [data]
    for number, line in enumerate(lines, 1):
        try:
            document = Document.from_json(line)
        except ContractError as error:
            raise ContractError(f"{file}, line {number}: {error}") from error
        if document_id is None or document.id == document_id:
            found = True
            yield document
    if not found:
        wanted = "no document" if document_id is None else f"no document {document_id!r}"
        raise ReadError(f"{file} holds {wanted}")
