"""An annotated document in the terminal: the article in colours, a table for each layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.document import Document

if TYPE_CHECKING:
    from pipeline.stages.normalize import Choice

# Colours that hold on light and dark terminals.
_STYLES = {
    "PERSON": "bold magenta",
    "ORG": "bold blue",
    "GPE": "bold green",
    "LOC": "green",
    "PRODUCT": "bold cyan",
    "EVENT": "cyan",
    "WORK_OF_ART": "italic cyan",
    "LAW": "italic blue",
    "INDEX": "blue",
    "TICKER": "underline blue",
    "MONEY": "bold red",
    "PERCENT": "red",
    "PERCENTAGE_POINT": "red",
    "MULTIPLE": "red",
    "FRACTION": "red",
    "QUANTITY": "yellow",
    "CARDINAL": "yellow",
    "ORDINAL": "yellow",
    "DATE": "bold yellow",
    "TIME": "bold yellow",
    "DURATION": "bold yellow",
}
_BOILERPLATE_STYLE = "strike dim"
_BYLINE_STYLE = "dim"
_CHOICE_STYLE = "reverse"
_WIDTH_WITHOUT_TERMINAL = 100


def show(
    document: Document,
    *,
    layers: Sequence[str],
    labels: Sequence[str] = (),
    source: bool = False,
    choices: Sequence[Choice] = (),
    console: Console | None = None,
) -> None:
    """Print the article with its annotations highlighted, then a table for each layer.

    Args:
        choices: the rows of the layer `conversion`, from `Normalizer.explain`.
        layers: which tables, and which layers are highlighted.
        labels: only annotations with one of these labels; all if empty.
        source: show the source text with its own offsets instead of the normalised text.
    """
    console = console or Console()
    if not console.is_terminal and console.width < _WIDTH_WITHOUT_TERMINAL:
        console.width = _WIDTH_WITHOUT_TERMINAL
    _heading(document, console)
    article = _article(document, layers, labels, source)
    for choice in choices:
        article.stylize(_CHOICE_STYLE, *_span(choice, source))
    console.print(article, soft_wrap=True)
    for layer in layers:
        items = choices if layer == "conversion" else _items(document, layer)
        table = _table(document, layer, items, labels, source)
        if table is not None:
            console.print()
            console.print(table)
    for warning in document.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))


def _heading(document: Document, console: Console) -> None:
    info = document.source
    console.print(
        Text(
            f"{document.id}  ·  {info.length:,} code points, {info.encoding}, "
            f"{info.script}, conversion {info.conversion}",
            style="dim",
        )
    )
    for name in ("title", "publisher", "author", "published"):
        value = getattr(document.metadata, name)
        if value is not None:
            extra = f"  = {value.value} ({value.basis})" if name == "published" else ""
            console.print(Text(f"{name:<10} {value.text}{extra}", style="dim"))
    console.print()


def _article(
    document: Document, layers: Sequence[str], labels: Sequence[str], source: bool
) -> Text:
    text = Text(document.source_text if source else document.text)
    for field in document.metadata.byline:
        text.stylize(_BYLINE_STYLE, *_span(field, source))
    for layer in ("numbers", "entities"):
        if layer in layers:
            for item in getattr(document, layer):
                if not labels or item.label in labels:
                    text.stylize(_STYLES[item.label], *_span(item, source))
    for item in document.boilerplate:
        text.stylize(_BOILERPLATE_STYLE, *_span(item, source))
    return text


def _span(item: Any, source: bool) -> tuple[int, int]:
    return (item.source_start, item.source_end) if source else (item.start, item.end)


def _items(document: Document, layer: str) -> Sequence[Any]:
    if layer == "metadata":
        metadata = document.metadata
        fields = (metadata.title, metadata.publisher, metadata.author, metadata.published)
        return [field for field in fields if field is not None]
    found: Sequence[Any] = (
        document.source.script_runs if layer == "script" else getattr(document, layer)
    )
    return found


def _table(
    document: Document, layer: str, items: Sequence[Any], labels: Sequence[str], source: bool
) -> Table | None:
    columns, cells = _TABLES[layer]
    rows = [item for item in items if not labels or getattr(item, "label", None) in labels]
    if not rows:
        return None
    table = Table(title=f"{layer} ({len(rows)})", title_justify="left", pad_edge=False)
    for column in ("span", *columns):
        table.add_column(column, overflow="fold", no_wrap=column == "span")
    most = 160 if layer == "script" else 60
    for item in rows:
        # Sentences and tokens have no source span of their own.
        own = source and hasattr(item, "source_start")
        start, end = (
            _span(item, own)
            if own or not source
            else document.alignment.to_source(item.start, item.end)
        )
        style = _STYLES.get(getattr(item, "label", ""), "")
        values = [
            Text(_short(str(cell), most) if cell is not None else "")
            for cell in cells(document, item)
        ]
        values[0].stylize(style)
        table.add_row(f"{start}–{end}", *values)
    return table


def _bounds(item: Any) -> str | None:
    if item.modifier is None:
        return None
    low = "" if item.min is None else item.min
    high = "" if item.max is None else item.max
    cue = f" ({item.cue})" if item.cue else ""
    return f"{item.modifier}{cue} {low}..{high}" if low != "" or high != "" else item.modifier + cue


def _change(item: Any) -> str | None:
    change = item.change
    if change is None:
        return None
    return " ".join(filter(None, (change.direction, change.basis, f"({change.cue})")))


def _short(text: str, most: int) -> str:
    """One line of at most `most` characters: begin and end of what is longer."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 16]} … {line[-13:]}"


_Cells = Callable[[Document, Any], tuple[Any, ...]]
_TABLES: dict[str, tuple[tuple[str, ...], _Cells]] = {
    "metadata": (("text",), lambda d, i: (i.text,)),
    "sentences": (("text",), lambda d, i: (d.text[i.start : i.end],)),
    "tokens": (("text", "pos"), lambda d, i: (i.text, i.pos)),
    "entities": (
        ("text", "label", "name", "tickers", "by"),
        lambda d, i: (i.source_text, i.label, i.name, " ".join(i.tickers), i.by),
    ),
    "numbers": (
        ("text", "label", "value", "unit", "bounds", "change", "by"),
        lambda d, i: (i.source_text, i.label, i.value, i.unit, _bounds(i), _change(i), i.by),
    ),
    "script": (
        ("script", "conversion", "by"),
        lambda d, i: (i.script, i.conversion, i.by),
    ),
    "conversion": (
        ("source", "text", "candidates", "by"),
        lambda d, i: (i.source_text, i.text, " ".join(i.candidates), i.by),
    ),
    "boilerplate": (("text", "label", "by"), lambda d, i: (i.source_text, i.label, i.by)),
}
