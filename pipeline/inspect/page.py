"""An annotated document as the web pages show it: paragraphs of marked pieces, and cards.

A piece is a stretch of characters that stand under the same annotations; so spans may overlap as
they like. A card says all about one annotation.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from pipeline.document import Document, Number
from pipeline.inspect.values import shown_bounds, shown_change, shown_value

# Label -> the group whose colour it has.
GROUPS = {
    "PERSON": "person",
    "ORG": "org", "INDEX": "org", "TICKER": "org",
    "GPE": "place", "LOC": "place",
    "PRODUCT": "thing", "EVENT": "thing", "WORK_OF_ART": "thing", "LAW": "thing",
    "MONEY": "money",
    "PERCENT": "share", "PERCENTAGE_POINT": "share", "MULTIPLE": "share", "FRACTION": "share",
    "QUANTITY": "count", "CARDINAL": "count", "ORDINAL": "count",
    "DATE": "time", "TIME": "time", "DURATION": "time",
}  # fmt: skip
# What the first part of `by` means.
_SOURCES = {
    "lexicon": "a name of the lexicon",
    "pattern": "a rule, by the form",
    "agreement": "the same name elsewhere in the article",
    "alias": "the article itself explains the form",
    "header": "the article's header",
    "tagger": "the statistical tagger",
    "line": "the evidence of the line, with weights",
}
_SHORT_LINE = 32
_LAYER_SOURCES = {"entities": "a rule", "numbers": "a rule for numbers", "boilerplate": "a rule"}


@dataclass(frozen=True, slots=True)
class Card:
    """All that is known about one annotation.

    Attributes:
        number: of the annotation in its document, from 0.
        group: the colour's name.
        rows: names and values to list.
        tickers: each has a row in the table of entities.
        because: what `by` means.
    """

    number: int
    layer: str
    label: str
    group: str
    text: str
    source_text: str
    span: tuple[int, int]
    source_span: tuple[int, int]
    rows: list[tuple[str, str]]
    tickers: list[str]
    entity: str
    because: str
    by: str
    score: str


@dataclass(slots=True)
class Named:
    """One entity of the document with its mentions, a row of the table."""

    key: str
    name: str
    label: str
    group: str
    id: str
    tickers: list[str]
    by: str
    mentions: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text, and of the source, as HTML.

    A tight one is short, and another line follows at once.
    """

    text: Markup
    source: Markup
    tight: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What the template of a document needs.

    Attributes:
        key: makes the ids of this document's elements unique on the page.
        counts: number of annotations by layer.
    """

    key: str
    document: Document
    paragraphs: list[Paragraph]
    cards: list[Card]
    named: list[Named]
    counts: dict[str, int]

    @property
    def title(self) -> str:
        """The article's title, else its id."""
        title = self.document.metadata.title
        return title.text if title else self.document.id

    @property
    def same(self) -> bool:
        """Whether source and text are the same characters."""
        return self.document.text == self.document.source_text


def make_page(document: Document, key: str = "d") -> Page:
    """The page of a document; `key` begins the ids of its elements."""
    cards: list[Card] = []
    marks: list[_Mark] = []
    named: dict[str, Named] = {}
    for layer in ("boilerplate", "entities", "numbers"):
        for item in getattr(document, layer):
            card = _card(len(cards), layer, item, named)
            cards.append(card)
            source = (item.source_start, item.source_end)
            marks.append(_Mark((item.start, item.end), source, layer, card))
    for line in document.metadata.byline:
        source = (line.source_start, line.source_end)
        marks.append(_Mark((line.start, line.end), source, "header", None))
    changed = list(_changed(document))
    lines = [document.text[start:end].strip() for (start, end), _ in _lines(document)]
    paragraphs = [
        Paragraph(text, source, 0 < len(line) <= _SHORT_LINE and bool(after))
        for text, source, line, after in zip(
            _side(document, marks, changed, key, is_source=False),
            _side(document, marks, changed, key, is_source=True),
            lines,
            [*lines[1:], ""][: len(lines)],
            strict=True,
        )
    ]
    counts = {layer: len(getattr(document, layer)) for layer in ("entities", "numbers")}
    counts["boilerplate"] = len(document.boilerplate)
    counts["header"] = len(document.metadata.byline)
    counts["tokens"] = len(document.tokens)
    counts["changed"] = len(changed)
    return Page(key, document, paragraphs, cards, list(named.values()), counts)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A span that pieces of both sides show."""

    span: tuple[int, int]
    source: tuple[int, int]
    layer: str
    card: Card | None


def _card(number: int, layer: str, item: Any, named: dict[str, Named]) -> Card:
    rows: list[tuple[str, str]] = []
    tickers: list[str] = []
    entity = ""
    group = GROUPS.get(item.label, layer)
    if isinstance(item, Number):
        rows = [
            ("value", shown_value(item) or "not known"),
            ("bounds", shown_bounds(item)),
            ("change", shown_change(item.change)),
            ("days", f"{item.date_begin} to before {item.date_end}" if item.date_begin else ""),
        ]
        score = ""
    else:
        score = f"{item.score:g}"
    if layer == "entities":
        rows = [("name", item.name or ""), ("id", item.id or "")]
        tickers = item.tickers
        name = item.name or item.text
        one = named.setdefault(
            item.id or f"{item.label} {name}",
            Named(f"e{len(named)}", name, item.label, group, item.id or "", item.tickers, item.by),
        )
        one.mentions.append(number)
        entity = one.key
    source = item.by.split(":")[0]
    return Card(
        number, layer, item.label, group, item.text, item.source_text, (item.start, item.end),
        (item.source_start, item.source_end), [row for row in rows if row[1]], tickers, entity,
        _SOURCES.get(source, _LAYER_SOURCES[layer]), item.by, score,
    )  # fmt: skip


def _changed(document: Document) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Spans of text and source whose characters are not the same."""
    text, source = document.text, document.source_text
    if text == source:
        return
    ends = [(b.start, b.source_start, b.end, b.source_end) for b in document.alignment.blocks]
    ends.append((len(text), len(source), len(text), len(source)))
    at, source_at = 0, 0
    for start, source_start, end, source_end in ends:
        step = source_at - at
        for position in range(at, start):
            if text[position] != source[position + step]:
                yield (position, position + 1), (position + step, position + step + 1)
        # Line ends are not shown.
        if text[start:end].strip() or source[source_start:source_end].strip():
            yield (start, end), (source_start, source_end)
        at, source_at = end, source_end


def _lines(document: Document) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Spans of the lines of the text, and what stands for each in the source."""
    text, to_source = document.text, document.alignment.point_to_source
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        last = len(document.source_text) if end == len(text) else to_source(end)
        yield (start, end), (to_source(start) if start else 0, last)
        start = end


def _side(
    document: Document,
    marks: Sequence[_Mark],
    changed: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    key: str,
    is_source: bool,
) -> Iterator[Markup]:
    """The lines of one side, each as HTML without its line end."""
    whole = document.source_text if is_source else document.text
    lines = [line[is_source] for line in _lines(document)]
    spans = [(mark.source if is_source else mark.span, mark) for mark in marks]
    borders = sorted({p for span in (*lines, *(span for span, _ in spans)) for p in span})
    over: dict[int, list[_Mark]] = {}
    for span, mark in spans:
        for border in _between(borders, span):
            over.setdefault(border, []).append(mark)
    inside = _Inside(document, [pair[is_source] for pair in changed], is_source)
    prefix = f"{key}{'s' if is_source else 't'}"
    begun: set[int] = set()
    for start, end in lines:
        # A line may hold nothing, or only its end.
        end = max(start, start + len(whole[start:end].rstrip("\r\n")))
        starts = [b for b in _between(borders, (start, end)) if b < end]
        stops = [*starts[1:], end][: len(starts)]
        pieces = [
            _piece(inside.html(whole, *piece), over.get(piece[0], ()), prefix, begun)
            for piece in zip(starts, stops, strict=True)
        ]
        yield Markup("").join(pieces)


def _between(borders: Sequence[int], span: tuple[int, int]) -> list[int]:
    """The borders at which a piece of the span begins."""
    return list(borders[bisect_left(borders, span[0]) : bisect_left(borders, span[1])])


class _Inside:
    """The tokens and the changed characters within a piece."""

    def __init__(
        self, document: Document, changed: Sequence[tuple[int, int]], is_source: bool
    ) -> None:
        to_source = document.alignment.to_source
        spans = [(to_source(t.start, t.end) if is_source else (t.start, t.end), t.pos)
                 for t in document.tokens]  # fmt: skip
        self._begins = {start for (start, _), _ in spans}
        self._ends = {end: pos for (_, end), pos in spans}
        self._borders = sorted({p for span in (*changed, *(s for s, _ in spans)) for p in span})
        self._changed = {b for span in changed for b in _between(self._borders, span)}

    def html(self, whole: str, start: int, end: int) -> Markup:
        starts = [start, *(b for b in _between(self._borders, (start, end)) if b > start)]
        html = []
        for first, last in zip(starts, [*starts[1:], end], strict=True):
            classes = ["l-changed"] if first in self._changed else []
            classes += ["token"] if first in self._begins else []
            pos = self._ends.get(last)
            attributes = Markup(' data-pos="{}"').format(pos) if pos is not None else Markup("")
            text = escape(whole[first:last])
            if classes or attributes:
                opening = Markup('<span class="{}"{}>').format(" ".join(classes), attributes)
                text = opening + text + Markup("</span>")
            html.append(text)
        return Markup("").join(html)


def _piece(inner: Markup, marks: Iterable[_Mark], prefix: str, begun: set[int]) -> Markup:
    classes: list[str] = []
    numbers: list[int] = []
    attributes = ""
    # The outermost first: the last one is what a click means.
    for mark in sorted(marks, key=lambda m: m.span[0] - m.span[1]):
        classes.append(f"l-{mark.layer}")
        if mark.card is None:
            continue
        numbers.append(mark.card.number)
        if mark.layer != "boilerplate":
            classes.append(f"g-{mark.card.group}")
        if mark.card.number not in begun:
            begun.add(mark.card.number)
            classes.append("begins")
            attributes = f' id="{prefix}{mark.card.number}" tabindex="-1"'
    if not classes:
        return inner
    if numbers:
        attributes += f' data-a="{" ".join(map(str, numbers))}"'
    unique = " ".join(dict.fromkeys(classes))
    return Markup(f'<span class="{unique}"{attributes}>{inner}</span>')
