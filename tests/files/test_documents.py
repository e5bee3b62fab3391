"""Annotated documents are read back from files of every format, and from folders of them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from pipeline import Document
from pipeline.errors import ContractError, ReadError
from pipeline.files.documents import read_documents


def _json(name: str) -> bytes:
    return Document(f"{name}，阿里巴巴收入3亿元。", id=name).to_json()


def _folder(place: Path) -> None:
    (place / "sub").mkdir()
    (place / "sub" / "a.json").write_bytes(_json("a") + b"\n")
    (place / "b.jsonl").write_bytes(_json("b") + b"\n" + _json("c") + b"\n")
    with gzip.open(place / "d.jsonl.gz", "wb") as file:
        file.write(_json("d") + b"\n")
    table = pyarrow.table({"id": ["e"], "document": [_json("e").decode()]})
    pyarrow.parquet.write_table(table, place / "e.parquet")
    (place / "errors.jsonl").write_bytes(b'{"id": "x"}\n')
    (place / "b.errors.jsonl").write_bytes(b'{"id": "y"}\n')
    (place / "notes.txt").write_text("no document")


def test_all_formats_of_a_folder(tmp_path: Path) -> None:
    _folder(tmp_path)
    documents = list(read_documents(tmp_path))
    assert [document.id for document in documents] == ["b", "c", "d", "e", "a"]
    assert documents[3].to_json() == _json("e")


def test_one_document_by_its_id(tmp_path: Path) -> None:
    _folder(tmp_path)
    assert [document.id for document in read_documents(tmp_path, "c")] == ["c"]
    with pytest.raises(ReadError, match="holds no document 'z'"):
        list(read_documents(tmp_path, "z"))


def test_errors_name_the_file_and_the_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(_json("a") + b"\n{}\n")
    with pytest.raises(ContractError, match=r"bad\.jsonl, line 2"):
        list(read_documents(file))
    with pytest.raises(ReadError, match=r"none\.json"):
        list(read_documents(tmp_path / "none.json"))
    (tmp_path / "cut.json.gz").write_bytes(gzip.compress(_json("a"))[:-9])
    with pytest.raises(ReadError, match=r"cut\.json\.gz: its compression is damaged"):
        list(read_documents(tmp_path / "cut.json.gz"))
