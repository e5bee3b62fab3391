"""The Parquet tables hold every layer, exactly, for DuckDB and others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline import Document, Pipeline
from pipeline.adapters import tables
from pipeline.adapters.tables import TableExporter
from pipeline.errors import WriteError
from tests.adapters.corpus import corpus, hard
from tests.adapters.exported import export


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables")
    losses = export(TableExporter(path), corpus())
    assert losses["value beyond decimal(38, 12), null (whole in value_text)"] == 2
    return path


def _rows(folder: Path, table: str, document: str) -> list[dict[str, Any]]:
    return _grouped(folder / f"{table}.parquet").get(document, [])


@cache
def _grouped(file: Path) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in pq.read_table(file).to_pylist():
        rows.setdefault(row["document"], []).append(row)
    return rows


def test_every_layer_comes_back(folder: Path) -> None:
    for document in corpus():
        for layer in ("entities", "numbers", "boilerplate", "tokens", "sentences"):
            found = _rows(folder, layer, document.id)
            for annotation, row in zip(getattr(document, layer), found, strict=True):
                for name in set(row) & set(annotation.__slots__) - {
                    "value", "min", "max", "date_begin", "date_end",
                }:
                    assert row[name] == getattr(annotation, name), (layer, name)
        (row,) = _rows(folder, "documents", document.id)
        assert (row["text"], row["source_text"]) == (document.text, document.source_text)
        assert (row["clean_text"], row["warnings"]) == (document.clean_text, document.warnings)
        assert row["title"] == (document.metadata.title and document.metadata.title.text)


def test_amounts_and_dates_are_exact(folder: Path) -> None:
    for document in corpus():
        for number, row in zip(document.numbers, _rows(folder, "numbers", document.id), strict=True):
            if isinstance(number.value, str) or number.value is None:
                assert (row["value"], row["value_text"]) == (None, number.value)
            else:
                assert Decimal(row["value_text"]) == number.value
                assert row["value"] in (None, number.value)
            for name in ("min", "max"):
                assert row[name] == getattr(number, name)
            for name in ("date_begin", "date_end"):
                assert (row[name] and row[name].isoformat()) == getattr(number, name)
            change = number.change and (number.change.direction, number.change.basis)
            assert (row["change_direction"], row["change_basis"]) == (change or (None, None))


def test_values_beyond_the_columns_are_whole_in_the_text(folder: Path) -> None:
    rows = {row["text"]: row for row in _rows(folder, "numbers", hard().id)}
    small, large = rows["0.123456789012345美元"], rows["1234567890123456789012345亿元"]
    assert (small["value"], small["value_text"]) == (None, "0.123456789012345")
    assert (large["value"], large["value_text"]) == (None, "1234567890123456789012345" + "0" * 8)


def test_bounds_beyond_the_columns_are_counted(tmp_path: Path) -> None:
    document = Pipeline()("逾3億元", id="a")
    document.numbers[0] = replace(document.numbers[0], min=10**30)
    losses = export(TableExporter(tmp_path), [document])
    assert losses["min beyond decimal(38, 12), null (lost)"] == 1


def test_duckdb_sums_without_rounding(folder: Path) -> None:
    query = f"""
        select sum(n.value) from '{folder}/numbers.parquet' n
        join '{folder}/documents.parquet' d using (document)
        where n.label = 'MONEY' and n.unit = 'HKD' and d.script = 'traditional'
    """
    database = duckdb.connect()
    ((total,),) = database.execute(query).fetchall()
    expected = [
        n.value for d in corpus() if d.source.script == "traditional" for n in d.numbers
        if n.label == "MONEY" and n.unit == "HKD" and isinstance(n.value, int | Decimal)
    ]
    assert total == sum(expected, Decimal(0)) > 0
    found = database.execute(f"""
        select document from '{folder}/entities.parquet' where list_contains(tickers, '9988.HK')
    """).fetchall()
    assert set(found) == {
        (d.id,) for d in corpus() for e in d.entities if "9988.HK" in e.tickers
    }


def test_polars_reads_them(folder: Path) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    table = polars.read_parquet(folder / "numbers.parquet")
    assert table.height == sum(len(d.numbers) for d in corpus())


def test_the_same_documents_give_the_same_bytes_and_tokens_are_optional(tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(TableExporter(tmp_path / name, tokens=False), corpus()[:3])
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert "tokens.parquet" not in files and "alignment.parquet" in files
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_rows_are_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_DOCUMENTS", 2)
    export(TableExporter(tmp_path), corpus()[:5])
    file = pq.ParquetFile(tmp_path / "documents.parquet")
    assert (file.num_row_groups, file.metadata.num_rows) == (3, 5)


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(WriteError, match="exists"):
        TableExporter(tmp_path / "a")


def test_alignment(tmp_path: Path) -> None:
    document = Pipeline(normalize={"conversion": "tw2sp"})("他在部落格上。", id="a")
    export(TableExporter(tmp_path), [document])
    (row,) = _rows(tmp_path, "alignment", "a")
    assert (row["start"], row["end"], row["source_start"], row["source_end"]) == (2, 4, 2, 5)


def test_an_error_leaves_no_tables(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        export(TableExporter(tmp_path), (Document(str(1 // n)) for n in (1, 0)))
    assert list(tmp_path.iterdir()) == []
