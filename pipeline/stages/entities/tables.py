"""The rows of the lexicon's tables, made into entries when a text asks for them.

The packaged tables are read quickly and trusted, for the tests check them; a user's own tables are
checked row by row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.errors import ResourceError
from pipeline.resources import Resources, read_table
from pipeline.stages.entities.mentions import Entry

COLUMNS = ("name", "label", "id", "tickers", "aliases", "ambiguous")
LABELS = frozenset(
    {"PERSON", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "INDEX"}
)
# 600519.SH, 00679B.TWO, BRK.B, BABA; a code of digits needs its market.
_TICKER = re.compile(r"[0-9][0-9A-Z]{2,5}\.[A-Z]{1,4}|(?=[A-Z])[A-Z0-9]{1,6}(?:\.[A-Z]{1,3})?")
_GENERATED = ("lexicon:listings_cn:", "lexicon:listings_tw:")
_MAINLAND = re.compile(r"\.(?:SH|SZ|BJ)\b")
_ID = re.compile(r"[a-z0-9][a-z0-9./_-]*")


class Tables:
    """All rows of `lexicon/*.tsv`, packaged and own, by number.

    Attributes:
        forms: the row that a form names where nothing else is said.
        readings: further rows of forms that name several things, beside the one in `forms`.
        ambiguous: pairs of form and row that need evidence.

    Raises:
        ResourceError: naming file and line of an own row that cannot be used.
    """

    def __init__(self, resources: Resources) -> None:
        self.forms: dict[str, int] = {}
        self.readings: dict[str, list[int]] = {}
        self.ambiguous: set[tuple[str, int]] = set()
        self._lines: list[str] = []
        # The first row of each table, to tell which table a row stands in.
        self._starts: list[tuple[int, str]] = []
        self._tickers: list[tuple[str, int]] = []
        self._entries: dict[int, Entry] = {}
        self._reasons: dict[int, str] = {}
        self._codes: dict[str, list[int]] | None = None
        packaged = resources.roots[0]
        own = []
        for path in resources.tables("lexicon"):
            if packaged in path.parents:
                self._read_packaged(path)
            else:
                own.append(path)
        if own:
            self._read_own(own)

    def entry(self, row: int) -> Entry:
        """The entity of a row."""
        entry = self._entries.get(row)
        if entry is None:
            name, label, identity, tickers, _, _ = self._lines[row].split("\t")
            entry = Entry(name, label, identity or None, tuple(_split(tickers)))
            self._entries[row] = entry
        return entry

    def reason(self, row: int) -> str:
        """What `by` says of a row: its table and the entity's name."""
        reason = self._reasons.get(row)
        if reason is None:
            table = next(name for start, name in reversed(self._starts) if start <= row)
            reason = self._reasons[row] = f"lexicon:{table}:{self.entry(row).name}"
        return reason

    def is_listing(self, row: int) -> bool:
        """Whether a row comes from the list of an exchange, and not from a curated table."""
        return self.reason(row).startswith(_GENERATED)

    def is_mainland(self, row: int) -> bool:
        """Whether a row is listed in Shanghai, Shenzhen or Beijing."""
        return _MAINLAND.search(self._lines[row].split("\t", 4)[3]) is not None

    def listed(self, code: str) -> list[int]:
        """The rows that have a ticker with this code, its market not counted: 0700, BABA."""
        if self._codes is None:
            self._codes = {}
            for tickers, row in self._tickers:
                for ticker in tickers.split("|"):
                    self._codes.setdefault(ticker.partition(".")[0], []).append(row)
        return self._codes.get(code, [])

    def _read_packaged(self, path: Path) -> None:
        self._starts.append((len(self._lines), path.stem))
        forms, readings, ambiguous, lines = self.forms, self.readings, self.ambiguous, self._lines
        header = True
        for line in path.read_text(encoding="utf-8").split("\n"):
            if not line or line[0] == "#":
                continue
            if header:
                header = False
                continue
            name, _, _, tickers, aliases, doubtful = line.split("\t")
            row = len(lines)
            lines.append(line)
            if tickers:
                self._tickers.append((tickers, row))
            for form in (name, *aliases.split("|")) if aliases else (name,):
                if forms.setdefault(form, row) != row:
                    readings.setdefault(form, []).append(row)
            if doubtful:
                for form in doubtful.split("|"):
                    ambiguous.add((form, row))
        # Of several readings, the one that needs no evidence is the first.
        for form, rows in readings.items():
            if (form, forms[form]) in ambiguous:
                for at, row in enumerate(rows):
                    if (form, row) not in ambiguous:
                        rows[at], forms[form] = forms[form], row
                        break

    def _read_own(self, paths: list[Path]) -> None:
        labels = {c[2]: c[1] for c in (line.split("\t") for line in self._lines) if c[2]}
        simplify = _to_simplified()
        seen: dict[str, str] = {}
        for path in paths:
            self._starts.append((len(self._lines), path.stem))
            for number, cells in read_table(path, COLUMNS):
                here = f"{path}, line {number}"
                cells = {column: cell.strip() for column, cell in cells.items()}
                forms = [simplify(form) for form in (cells["name"], *_split(cells["aliases"]))]
                doubtful = [simplify(form) for form in _split(cells["ambiguous"])]
                for problem in _problems(cells, forms, doubtful, labels):
                    raise ResourceError(f"{here}: {problem}")
                if cells["id"]:
                    labels[cells["id"]] = cells["label"]
                row = len(self._lines)
                self._lines.append("\t".join((forms[0], *list(cells.values())[1:])))
                tickers = _split(cells["tickers"])
                if tickers:
                    self._tickers.append(("|".join(tickers), row))
                for form in dict.fromkeys(forms):
                    if form in seen:
                        raise ResourceError(f"{here}: {form!r} stands in {seen[form]} already")
                    seen[form] = here
                    self.forms[form] = row
                    self.readings.pop(form, None)
                self.ambiguous.update((form, row) for form in doubtful)


def _problems(
    cells: dict[str, str], forms: list[str], doubtful: list[str], labels: dict[str, str]
) -> Iterator[str]:
    """What is wrong with a row, in words for its author."""
    label, identity = cells["label"], cells["id"]
    if label not in LABELS:
        yield f"the label {label!r} is none of {', '.join(sorted(LABELS))}"
    if any(len(form) < 2 for form in forms):
        yield "a name or alias has less than two characters"
    for form in doubtful:
        if form not in forms:
            yield f"ambiguous form {form!r} is neither the name nor an alias"
    if identity and not _ID.fullmatch(identity):
        yield f"the id {identity!r} has other characters than a-z, 0-9, and ./_-"
    if labels.get(identity, label) != label:
        yield f"the id {identity!r} is that of an entity with the label {labels[identity]}"
    for ticker in _split(cells["tickers"]):
        if not _TICKER.fullmatch(ticker):
            yield f"{ticker!r} is no ticker such as 600519.SH, 0700.HK, 2330.TW or AAPL"


def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]
