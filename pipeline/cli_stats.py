"""The command `zhpipe stats`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipeline.inspect.stats import Statistics


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="OUT")
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON.")
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    metavar="FILE.svg",
    help="Draw the figures into an SVG file.",
)
def stats(run: Path, as_json: bool, plot: Path | None) -> None:
    """Show figures of a run: documents, labels, top entities and tickers, amounts, errors."""
    import json

    from pipeline.files.write import write_file
    from pipeline.inspect.stats import statistics

    found = statistics(run)
    if plot is not None:
        write_file(plot, f"{found.plot()}\n".encode())
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    else:
        _print(found)


def _print(found: Statistics) -> None:
    values = found.to_dict()
    share = f"{found.boilerplate_share:.1%}"
    for name, value in (
        ("documents", f"{found.documents:,}"),
        ("errors", f"{sum(found.errors.values()):,}"),
        ("warnings", f"{found.warnings:,}"),
        ("characters", f"{found.characters:,}"),
        ("boilerplate", f"{share} of the characters"),
    ):
        click.echo(f"{name:<14}{value}")
    for key, title in (
        ("errors", "errors"),
        ("documents_by_script", "documents by script"),
        ("documents_by_publisher", "documents by publisher"),
        ("entities_by_label", "entities by label"),
        ("numbers_by_label", "numbers by label"),
        ("boilerplate_by_label", "boilerplate by label"),
    ):
        counts = [(name or "none", count) for name, count in values[key].items()][:20]
        _table(title, ("", "count"), counts)
    for key, columns in (
        ("top_entities", ("name", "label", "documents", "mentions")),
        ("top_tickers", ("ticker", "documents", "mentions")),
        ("amounts_by_month", ("month", "unit", "count", "median", "greatest")),
    ):
        cells = [[row[column] for column in columns] for row in values[key]]
        _table(key.replace("_", " "), columns, cells)


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    cells = [list(row) for row in rows]
    if not cells:
        return
    for number, column in enumerate(columns):
        right = not isinstance(cells[0][number], str)
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text(c if isinstance(c, str) else f"{c:,.15g}") for c in row))
    console = Console()
    console.print()
    console.print(Text(title, style="bold"))
    console.print(table)
