"""An annotated document in the terminal: the article in colours, a table for each layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.document import Document, Number
from pipeline.inspect.selection import Selection
from pipeline.inspect.values import shown_bounds, shown_change, shown_value

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
_VALUE_STYLE = "dim italic"
_CHOICE_STYLE = "reverse"


def show(
    document: Document,
    selection: Selection,
    *,
    source: bool = False,
    article: bool = True,
    choices: Sequence[Choice] = (),
    console: Console | None = None,
) -> None:
    """Print the article with its annotations highlighted, then a table for each layer.

    Where there are no colours, as in a pipe, marks stand for them: `[阿里云 ORG]`,
    `[3亿元 MONEY = 300,000,000 CNY]`, `~~boilerplate~~`.

    Args:
        selection: which annotations are highlighted and listed.
        source: show the source text with its own offsets instead of the normalised text.
        article: print the article; else only the tables.
        choices: the rows of the layer `conversion`, from `Normalizer.explain`.
        console: where to print; standard output by default.
    """
    console = console or Console()
    _heading(document, console)
    if article:
        console.print()
        shown = _article(document, selection, source, console.color_system is not None, choices)
        console.print(shown, soft_wrap=True)
    for layer in selection.layers:
        if layer == "conversion":
            items: list[Any] = [choice for choice in choices if selection.takes(choice)]
        else:
            items = selection.items(document, layer)
        if items:
            console.print()
            console.print(_table(document, layer, items, source))
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


def _article(
    document: Document,
    selection: Selection,
    source: bool,
    colours: bool,
    choices: Sequence[Choice],
) -> Text:
    text = Text(document.source_text if source else document.text)
    # What stands between the characters: (offset, order where several stand there, text, style).
    added: list[tuple[int, int, str, str]] = []
    for field in document.metadata.byline:
        text.stylize(_BYLINE_STYLE, *_span(field, source))
    for choice in choices:
        text.stylize(_CHOICE_STYLE, *_span(choice, source))
    for layer in ("numbers", "entities"):
        if layer not in selection.layers:
            continue
        for item in selection.items(document, layer):
            start, end = _span(item, source)
            text.stylize(_STYLES[item.label], start, end)
            value = _value(item) if layer == "numbers" else ""
            if not colours:
                added += [(start, 3, "[", ""), (end, 0, f" {item.label}{value}]", "")]
            elif value:
                added.append((end, 0, value, _VALUE_STYLE))
    for item in document.boilerplate:
        start, end = _span(item, source)
        text.stylize(_BOILERPLATE_STYLE, start, end)
        if not colours:
            added += [(start, 2, "~~", ""), (end, 1, "~~", "")]
    if not added:
        return text
    added.sort(key=lambda mark: mark[:2])
    pieces = text.divide([mark[0] for mark in added])
    whole = Text()
    for piece, mark in zip(pieces, [*added, None], strict=True):
        whole.append_text(piece)
        if mark is not None:
            whole.append(mark[2], mark[3])
    return whole


def _value(number: Number) -> str:
    """The value, where it says more than the text."""
    value = shown_value(number)
    return "" if value in ("", number.text) else f" = {value}"


def _span(item: Any, source: bool) -> tuple[int, int]:
    return (item.source_start, item.source_end) if source else (item.start, item.end)


def _table(document: Document, layer: str, items: Sequence[Any], source: bool) -> Table:
    columns, cells = _TABLES[layer]
    most = 160 if layer == "script" else 60
    rows = [[_short(cell or "", most) for cell in cells(document, item)] for item in items]
    # Eighty columns have no room for columns without content.
    used = [n for n in range(len(columns)) if any(row[n] for row in rows)]
    table = Table(
        title=f"{layer} ({len(rows)})",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    table.add_column("span", no_wrap=True)
    for number in used:
        whole = columns[number] in ("label", "pos")
        table.add_column(columns[number], overflow="fold", no_wrap=whole)
    for item, row in zip(items, rows, strict=True):
        # Sentences and tokens have no source span of their own.
        own = source and hasattr(item, "source_start")
        start, end = (
            _span(item, own)
            if own or not source
            else document.alignment.to_source(item.start, item.end)
        )
        values = [Text(row[number]) for number in used]
        if values:
            values[0].stylize(_STYLES.get(getattr(item, "label", ""), ""))
        table.add_row(f"{start}–{end}", *values)
    return table


def _short(text: str, most: int) -> str:
    """At most `most` characters of a text: begin and end of what is longer."""
    line = "\n".join(" ".join(part.split()) for part in text.splitlines())
    return line if len(line) <= most else f"{line[: most - 16]} … {line[-13:]}"


def _value_lines(number: Number) -> str:
    """Value and unit, bounds and change, each on its line."""
    value = " ".join(str(part) for part in (number.value, number.unit) if part is not None)
    lines = (value, shown_bounds(number), shown_change(number.change))
    return "\n".join(filter(None, lines))


_Cells = Callable[[Document, Any], tuple[str | None, ...]]
_TABLES: dict[str, tuple[tuple[str, ...], _Cells]] = {
    "metadata": (("text",), lambda d, i: (i.text,)),
    "sentences": (("text",), lambda d, i: (d.text[i.start : i.end],)),
    "tokens": (("text", "pos"), lambda d, i: (i.text, i.pos)),
    "entities": (
        ("text", "label", "name", "tickers", "by"),
        lambda d, i: (i.source_text, i.label, i.name, " ".join(i.tickers), i.by),
    ),
    "numbers": (
        ("text", "label", "value", "by"),
        lambda d, i: (i.source_text, i.label, _value_lines(i), i.by),
    ),
    "script": (("script", "conversion", "by"), lambda d, i: (i.script, i.conversion, i.by)),
    "conversion": (
        ("source", "text", "candidates", "by"),
        lambda d, i: (i.source_text, i.text, " ".join(i.candidates), i.by),
    ),
    "boilerplate": (("text", "label", "by"), lambda d, i: (i.source_text, i.label, i.by)),
}  # fmt: skip
