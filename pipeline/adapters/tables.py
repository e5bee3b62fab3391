"""A Parquet table for each layer, which DuckDB, polars or pandas read.

Every table has the column `document`, the id. Amounts stand in the columns `value`, `min` and
`max` as decimal(38, 12), so that sums are exact, and in `value_text` digit by digit; there dates,
times and durations have their TIMEX3 value, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.adapters.exporter import SCRIPT, Exporter
from pipeline.adapters.layers import as_text
from pipeline.document import Boilerplate, Document, Entity, Number
from pipeline.errors import WriteError
from pipeline.files.durable import partial

_PRECISION, _SCALE = 38, 12
_DECIMAL = pa.decimal128(_PRECISION, _SCALE)
_LIMIT = Decimal(10) ** (_PRECISION - _SCALE)
_AMOUNTS = ("value", "min", "max")
# Rows wait in memory for so many documents.
_DOCUMENTS = 1000
_TYPES: dict[str, Any] = {
    **dict.fromkeys(
        ("index", "start", "end", "source_start", "source_end", "length", "record"), pa.int32()
    ),
    **dict.fromkeys(_AMOUNTS, _DECIMAL),
    **dict.fromkeys(("date_begin", "date_end", "published"), pa.date32()),
    **dict.fromkeys(("tickers", "warnings", "stages"), pa.list_(pa.string())),
    "score": pa.float64(),
}
_SPAN = ("start", "end")
_COLUMNS: dict[str, tuple[str, ...]] = {
    "documents": (
        "path", "record", "sha256", "encoding", "script", "conversion", "length", "title",
        "publisher", "author", "published", "text", "source_text", "clean_text", "warnings",
        "version", "stages", "fingerprint",
    ),
    "alignment": (*_SPAN, "source_start", "source_end"),
    "sentences": ("index", *_SPAN, "text"),
    "tokens": ("index", *_SPAN, "text", "pos"),
    "entities": tuple(f.name for f in fields(Entity)),
    "numbers": (
        *(f.name for f in fields(Number) if f.name != "change"),
        "value_text", "change_direction", "change_basis", "change_cue",
    ),
    "boilerplate": tuple(f.name for f in fields(Boilerplate)),
}  # fmt: skip

Row = dict[str, Any]


class TableExporter(Exporter):
    """`target` is a folder that gets `documents.parquet`, `entities.parquet` and so on.

    Args:
        tokens: whether to write the tokens, the largest table.
    """

    leaves = (SCRIPT,)

    def __init__(self, target: Path, tokens: bool = True) -> None:
        super().__init__(target)
        self._documents = 0
        try:
            target.mkdir(parents=True, exist_ok=True)
            self._tables = {
                name: _Table(target / f"{name}.parquet", columns)
                for name, columns in _COLUMNS.items()
                if tokens or name != "tokens"
            }
        except OSError as error:
            raise WriteError(f"{target}: {error.strerror or error}") from error

    def put(self, document: Document) -> None:
        """See `Exporter.put`."""
        self.lose("offsets of metadata fields", len(document.metadata.named()))
        layers: dict[str, Iterable[Row]] = {
            "documents": [_document(document)],
            "alignment": [asdict(block) for block in document.alignment.blocks],
            "sentences": [
                {"index": n, "start": s.start, "end": s.end, "text": document.text[s.start : s.end]}
                for n, s in enumerate(document.sentences)
            ],
            "tokens": ({"index": n, **t._asdict()} for n, t in enumerate(document.tokens)),
            "entities": [asdict(entity) for entity in document.entities],
            "numbers": [self._number(number) for number in document.numbers],
            "boilerplate": [asdict(span) for span in document.boilerplate],
        }
        for name, table in self._tables.items():
            table.add(document.id, layers[name])
        self._documents += 1
        if self._documents % _DOCUMENTS == 0:
            for table in self._tables.values():
                table.flush()

    def _number(self, number: Number) -> Row:
        row = asdict(number)
        change = row.pop("change") or {}
        row |= {f"change_{name}": change.get(name) for name in ("direction", "basis", "cue")}
        row["value_text"] = None if number.value is None else as_text(number.value)
        for name in _AMOUNTS:
            row[name] = self._amount(row[name], name)
        for name in ("date_begin", "date_end"):
            row[name] = row[name] and date.fromisoformat(row[name])
        return row

    def _amount(self, value: Any, name: str) -> Decimal | None:
        if value is None or isinstance(value, str):
            return None
        amount = Decimal(value)
        exponent = amount.as_tuple().exponent
        assert isinstance(exponent, int)
        if abs(amount) < _LIMIT and exponent >= -_SCALE:
            return amount
        where = "whole in value_text" if name == "value" else "lost"
        self.lose(f"{name} beyond decimal({_PRECISION}, {_SCALE}), null ({where})")
        return None

    def finish(self) -> None:
        """See `Exporter.finish`."""
        for table in self._tables.values():
            table.finish()

    def close(self) -> None:
        """See `Exporter.close`."""
        for table in self._tables.values():
            table.close()


class _Table:
    """One file, written in groups of rows; it appears only when it is finished."""

    def __init__(self, path: Path, columns: Iterable[str]) -> None:
        self._path, self._partial = path, partial(path)
        types = [(name, _TYPES.get(name, pa.string())) for name in ("document", *columns)]
        self._schema = pa.schema(types)
        self._rows: list[Row] = []
        self._writer = pq.ParquetWriter(self._partial, self._schema, compression="zstd")

    def add(self, document: str, rows: Iterable[Row]) -> None:
        """Add the rows of one document."""
        self._rows += ({"document": document, **row} for row in rows)

    def flush(self) -> None:
        """Write the rows that wait."""
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
        self._rows = []

    def finish(self) -> None:
        """Write the rest and give the file its name."""
        self.flush()
        self._writer.close()
        self._partial.replace(self._path)

    def close(self) -> None:
        """Remove what was not finished."""
        if self._partial.exists():
            self._writer.close()
            self._partial.unlink()


def _document(document: Document) -> Row:
    source, header = document.source, document.metadata
    names = {name: field.text for name, field in header.named().items()}
    published = header.published and header.published.value
    return {
        "path": source.path,
        "record": source.record,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "script": source.script,
        "conversion": source.conversion,
        "length": source.length,
        **names,
        "published": published and date.fromisoformat(published),
        "text": document.text,
        "source_text": document.source_text,
        "clean_text": document.clean_text,
        "warnings": document.warnings,
        "version": document.pipeline.version,
        "stages": document.pipeline.stages,
        "fingerprint": document.pipeline.fingerprint,
    }
