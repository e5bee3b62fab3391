"""Lexicon tables as a builder sees them: curated ones that win, and generated ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import ResourceError

HEADER = "name\tlabel\tid\ttickers\taliases\tambiguous"
# The second line of every generated table; by it a table is known not to be curated.
GENERATED = "# Generated, do not edit: "


@dataclass(slots=True)
class Row:
    """One row of a lexicon table; see `resources/lexicon/README.md` for the columns."""

    name: str
    label: str
    id: str
    tickers: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)

    @property
    def forms(self) -> list[str]:
        """The name and its aliases."""
        return [self.name, *self.aliases]

    @classmethod
    def parse(cls, line: str) -> Row:
        """A row from its line."""
        name, label, identity, *lists = line.split("\t")
        return cls(name, label, identity, *([p for p in cell.split("|") if p] for cell in lists))

    def __str__(self) -> str:
        """The row as a line."""
        lists = ("|".join(cell) for cell in (self.tickers, self.aliases, self.ambiguous))
        return "\t".join((self.name, self.label, self.id, *lists))


class Curated:
    """The curated tables of a folder, which take in what a source knows more about their rows.

    Args:
        folder: `resources/lexicon`.

    Raises:
        ResourceError: if a table cannot be read or a row has another number of columns.
    """

    def __init__(self, folder: Path) -> None:
        self._lines: dict[Path, list[str | Row]] = {}
        self.by_form: dict[str, Row] = {}
        self.by_ticker: dict[str, Row] = {}
        self.ids: set[str] = set()
        for path in sorted(folder.glob("*.tsv")):
            text = path.read_text(encoding="utf-8")
            if GENERATED not in text:
                self._lines[path] = [self._line(path, line) for line in text.splitlines()]

    def _line(self, path: Path, line: str) -> str | Row:
        if not line or line.startswith("#") or line == HEADER:
            return line
        if line.count("\t") != HEADER.count("\t"):
            raise ResourceError(f"{path}: the row {line!r} has another number of columns")
        row = Row.parse(line)
        self.ids.add(row.id)
        self.know(row)
        return row

    def know(self, row: Row) -> None:
        """Take a row into account without writing it to a curated table."""
        for form in row.forms:
            self.by_form.setdefault(form, row)
        for ticker in row.tickers:
            self.by_ticker.setdefault(ticker, row)

    def complete(self, row: Row, tickers: Iterable[str], aliases: Iterable[str]) -> None:
        """Give a curated row the tickers and forms that no curated row has yet."""
        for ticker in tickers:
            if self.by_ticker.setdefault(ticker, row) is row and ticker not in row.tickers:
                row.tickers.append(ticker)
        for alias in aliases:
            if self.by_form.setdefault(alias, row) is row and alias not in row.forms:
                row.aliases.append(alias)

    def write(self) -> None:
        """Write the tables back; those that nothing was added to keep their bytes."""
        for path, lines in self._lines.items():
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_table(path: Path, notes: Iterable[str], rows: Iterable[Row]) -> int:
    """Write a generated table with its notes, and return how many rows it has."""
    written = list(rows)
    lines = [*(f"# {note}" for note in notes), HEADER, *map(str, written)]
    lines.insert(1, f"{GENERATED}python -m pipeline.build.lexicon SOURCES")
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(written)
