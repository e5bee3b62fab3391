"""Figures over the documents of a run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import orjson
from markupsafe import Markup

from pipeline.errors import ContractError, ReadError
from pipeline.files.compression import open_input
from pipeline.files.documents import document_files, error_files, stored_documents
from pipeline.files.inputs import Input, printable
from pipeline.inspect.charts import Bar, columns, months_between, rows, short_number, standalone

_TOP = 20
_CURRENCIES = 3


@dataclass(slots=True)
class Statistics:
    """What the documents of a run hold.

    Attributes:
        characters: code points of the texts; `boilerplate` of them are no article.
        scripts, publishers, months: documents by each.
        entities, numbers, boilerplate_labels: annotations by label.
        names, tickers: documents and mentions by (name, label), by ticker.
        amounts: MONEY by month of publication and currency.
        errors: error records by kind.
    """

    documents: int = 0
    characters: int = 0
    boilerplate: int = 0
    warnings: int = 0
    scripts: Counter[str] = field(default_factory=Counter)
    publishers: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    boilerplate_labels: Counter[str] = field(default_factory=Counter)
    names: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    tickers: dict[str, list[int]] = field(default_factory=dict)
    amounts: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, values: dict[str, Any]) -> None:
        """Count one document, given as the values of its JSON."""
        self.documents += 1
        self.characters += len(values["text"])
        self.warnings += len(values["warnings"])
        self.scripts[values["source"]["script"] or "none"] += 1
        metadata = values.get("metadata") or {}
        publisher, published = metadata.get("publisher"), metadata.get("published")
        self.publishers[publisher["text"] if publisher else ""] += 1
        month = ((published or {}).get("value") or "")[:7]
        self.months[month if len(month) == 7 else ""] += 1
        for item in values.get("boilerplate", ()):
            self.boilerplate += item["end"] - item["start"]
            self.boilerplate_labels[item["label"]] += 1
        names: Counter[tuple[str, str]] = Counter()
        tickers: Counter[str] = Counter()
        for item in values.get("entities", ()):
            self.entities[item["label"]] += 1
            names[item["name"] or item["text"], item["label"]] += 1
            tickers.update(item["tickers"])
        _merge(self.names, names)
        _merge(self.tickers, tickers)
        for item in values.get("numbers", ()):
            self.numbers[item["label"]] += 1
            if item["label"] == "MONEY" and item["value"] is not None and len(month) == 7:
                self.amounts[month, item["unit"]].append(float(item["value"]))

    @property
    def boilerplate_share(self) -> float:
        """Which part of the characters is boilerplate, 0 to 1."""
        return self.boilerplate / self.characters if self.characters else 0.0

    def currencies(self) -> list[str]:
        """The currencies of the amounts, the most frequent first."""
        counts: Counter[str] = Counter()
        for (_, unit), values in self.amounts.items():
            counts[unit] += len(values)
        return [unit for unit, _ in _ranked(counts)]

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, in a fixed order."""
        months = sorted({month for month, _ in self.amounts})
        return {
            "documents": self.documents,
            "characters": self.characters,
            "boilerplate_characters": self.boilerplate,
            "boilerplate_share": round(self.boilerplate_share, 4),
            "warnings": self.warnings,
            "errors": dict(_ranked(self.errors)),
            "documents_by_script": dict(_ranked(self.scripts)),
            "documents_by_publisher": dict(_ranked(self.publishers)),
            "documents_by_month": {m: self.months[m] for m in sorted(self.months)},
            "entities_by_label": dict(_ranked(self.entities)),
            "numbers_by_label": dict(_ranked(self.numbers)),
            "boilerplate_by_label": dict(_ranked(self.boilerplate_labels)),
            "top_entities": [
                {"name": name, "label": label, "documents": documents, "mentions": mentions}
                for (name, label), (documents, mentions) in _most(self.names)
            ],
            "top_tickers": [
                {"ticker": ticker, "documents": documents, "mentions": mentions}
                for ticker, (documents, mentions) in _most(self.tickers)
            ],
            "amounts_by_month": [
                {"month": month, "unit": unit, "count": len(found), "median": median(found),
                 "greatest": max(found)}
                for month in months
                for unit in self.currencies()
                if (found := self.amounts.get((month, unit)))
            ],
        }  # fmt: skip

    def plot(self) -> Markup:
        """The figures as one SVG file."""
        dated = Counter({m: n for m, n in self.months.items() if m})
        months = months_between(list(dated))
        charts = [
            ("Documents by month", columns([Bar(m, dated[m]) for m in months])),
            ("Documents by script", _counted(self.scripts)),
            ("Documents by publisher", _counted(self.publishers)),
            ("Entities by label", _counted(self.entities)),
            ("Numbers by label", _counted(self.numbers)),
            ("Boilerplate by label", _counted(self.boilerplate_labels)),
            (
                "Entities in most documents",
                rows([Bar(name, found[0]) for (name, _), found in _most(self.names)]),
            ),
            (
                "Tickers in most documents",
                rows([Bar(ticker, found[0]) for ticker, found in _most(self.tickers)]),
            ),
        ]
        for unit in self.currencies()[:_CURRENCIES]:
            bars = []
            for month in months:
                found = self.amounts.get((month, unit), [])
                middle = median(found) if found else 0.0
                says = f"{month}: {len(found):,} amounts, median {short_number(middle)} {unit}"
                bars.append(Bar(month, len(found), says))
            charts.append((f"Amounts in {unit} by month", columns(bars)))
        charts.append(("Errors", _counted(self.errors)))
        return standalone(charts)


def statistics(run: Path) -> Statistics:
    """Read all documents and error records of a run.

    Raises:
        ReadError: if a file cannot be read, or there is no document.
        ContractError: naming file and line, if something is no document.
    """
    found = Statistics()
    for file in document_files(run):
        for stored in stored_documents(file):
            try:
                found.add(orjson.loads(stored.data))
            except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
                place = f"{printable(str(file))}, line {stored.number}"
                raise ContractError(
                    f"{place}: not a zhpipe document: {type(error).__name__} {error}"
                ) from error
    for file in error_files(run):
        for record in error_records(file):
            found.errors[record["error"]] += 1
    if not found.documents and not found.errors:
        raise ReadError(f"{printable(str(run))} holds no document")
    return found


def error_records(file: Path) -> Iterable[dict[str, str]]:
    """The records of a file of errors; a line that is none is given as the message.

    Raises:
        ReadError: if the file cannot be read.
    """
    with open_input(Input(file.name, str(file), None)) as stream:
        for line in stream:
            try:
                values = orjson.loads(line)
                yield {k: str(values.get(k, "")) for k in ("id", "location", "error", "message")}
            except (orjson.JSONDecodeError, AttributeError):
                said = line[:500].decode("utf-8", "replace").strip()
                yield {"id": "", "location": file.name, "error": "unreadable", "message": said}


def _merge(into: dict[Any, list[int]], counts: Counter[Any]) -> None:
    """Add a document's mentions to [documents, mentions]."""
    for key, count in counts.items():
        both = into.setdefault(key, [0, 0])
        both[0] += 1
        both[1] += count


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _most(counts: dict[Any, list[int]]) -> list[tuple[Any, list[int]]]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1][0], -pair[1][1], pair[0]))
    return ranked[:_TOP]


def _counted(counts: Counter[str]) -> Markup:
    return rows([Bar(name or "none", count) for name, count in _ranked(counts)[:_TOP]])
