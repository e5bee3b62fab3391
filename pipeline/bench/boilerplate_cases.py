"""Pages with known bodies, and how the lines of an annotated document are counted.

Counting rule. A page is its lines joined by line feeds. Lines that hold nothing but white space
and zero-width characters do not count. A line is *kept* if none of its characters stands in a
boilerplate span, the title or the byline, and *removed* if all of them do; inline boilerplate in
a kept line (a widget, a dateline) leaves it kept as long as half of its characters stay. A line
of the body is right if it is kept; a line that only states a disclaimer, a promotion, an editor
or a source is boilerplate by the contract wherever it stands, so that body lines which are
removed with those labels are counted apart (`disclaimers`), and printed with `--misses` for a
person to judge. Any other line is right if it is removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from pipeline.document import Document

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class Page:
    """A page of text with the lines of its body.

    Attributes:
        body: first and last line of the body, counted from 0; None where it is not known.
    """

    id: str
    lines: tuple[str, ...]
    body: tuple[int, int] | None

    @property
    def text(self) -> str:
        """The page."""
        return "\n".join(self.lines)

    @property
    def half(self) -> str:
        """A or B, by the id's hash."""
        return half(self.id)


@dataclass(slots=True)
class LineCount:
    """Lines of pages, by what became of them; `misses` says which went wrong."""

    body: int = 0
    kept: int = 0
    disclaimers: int = 0
    other: int = 0
    removed: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def body_kept(self) -> float:
        """Share of the body's lines that stay, those left out that only state a disclaimer."""
        return self.kept / max(1, self.body - self.disclaimers)

    @property
    def body_kept_strictly(self) -> float:
        """Share of all the body's lines that stay."""
        return self.kept / max(1, self.body)

    @property
    def others_removed(self) -> float:
        """Share of the other lines that go."""
        return self.removed / max(1, self.other)


def half(id: str) -> str:
    """A or B, by the hash of an id."""
    return "AB"[hashlib.sha256(id.encode()).digest()[0] % 2]


def anue_pages(path: Path, *, flashes: bool = False) -> list[Page]:
    """Pages of `anue_gold_body.jsonl`; `flashes` are the ones about a Factset survey."""
    pages = []
    with path.open("rb") as rows:
        for row in map(orjson.loads, rows):
            first, last = row["body_first"], row["body_last"]
            about = [row["title"] or "", *row["lines"][max(0, first - 8) : first + 2]]
            if any("factset" in line.lower() for line in about) == flashes:
                pages.append(Page(str(row["id"]), tuple(row["lines"]), (first, last)))
    return pages


def visible(line: str) -> str:
    """A line without white space and zero-width characters."""
    return "".join(line.translate(_INVISIBLE).split())


def count_lines(page: Page, document: Document, count: LineCount) -> None:
    """Add a page's lines, as the document has them, to `count`."""
    if page.body is None:
        raise ValueError(f"page {page.id} has no known body")
    labels = removed_by(document)
    at = 0
    for number, line in enumerate(page.lines):
        start, at = at, at + len(line) + 1
        if not visible(line):
            continue
        found = [labels[start + i] for i, char in enumerate(line) if visible(char)]
        gone = [label for label in found if label]
        if page.body[0] <= number <= page.body[1]:
            count.body += 1
            if len(gone) * 2 <= len(found):
                count.kept += 1
            elif all(label in _STATED for label in gone):
                count.disclaimers += 1
                count.misses.append(f"{page.id}:{number} body line is {gone[0]}: {line[:80]}")
            else:
                count.misses.append(
                    f"{page.id}:{number} body line removed ({gone[0]}): {line[:80]}"
                )
        else:
            count.other += 1
            if len(gone) == len(found):
                count.removed += 1
            else:
                count.misses.append(f"{page.id}:{number} left in: {line[:80]}")


_STATED = frozenset({"disclaimer", "promotion", "editor", "copyright"})


def removed_by(document: Document) -> list[str]:
    """For each character of the source what it is: a label, `title`, `byline`, or empty."""
    labels = [""] * len(document.source_text)
    header = [
        (document.metadata.title, "title"),
        *((f, "byline") for f in document.metadata.byline),
    ]
    for span, name in (*header, *((b, b.label) for b in document.boilerplate)):
        if span is not None:
            length = span.source_end - span.source_start
            labels[span.source_start : span.source_end] = [name] * length
    return labels


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The records of a JSON Lines file."""
    with path.open("rb") as lines:
        yield from map(orjson.loads, lines)
