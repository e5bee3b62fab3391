"""The command `zhpipe inspect`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli_settings import load_settings, settings_options
from pipeline.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.chain import Pipeline
    from pipeline.inspect.diff import Difference
    from pipeline.inspect.selection import Selection

LAYERS = (
    "metadata", "script", "conversion", "sentences", "tokens", "entities", "numbers", "boilerplate",
)  # fmt: skip
_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("path", type=_PATH, metavar="FILE|FOLDER")
@click.option("--id", "document_id", help="The document to show, of several.")
@click.option(
    "--layer",
    "layers",
    multiple=True,
    type=click.Choice(LAYERS),
    help="Show only this layer; may be repeated.",
)
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="LABEL",
    help="Show only annotations with this label; may be repeated.",
)
@click.option("--text", default="", help="Show only annotations with this in text or name.")
@click.option("--by", default="", help="Show only annotations with this in their reason.")
@click.option("--source", is_flag=True, help="Show the source text, and count offsets in it.")
@click.option("--tables", is_flag=True, help="Show the tables without the article.")
@click.option(
    "--why",
    type=click.IntRange(min=0),
    metavar="OFFSET",
    help="Tell why something is annotated at an offset, and what competed.",
)
@click.option(
    "--why-not",
    metavar="STRETCH",
    help="Tell which rules looked at a stretch of the text, and why none took it.",
)
@click.option(
    "--diff",
    "other",
    type=_PATH,
    metavar="OTHER",
    help="Compare with the same documents of another run: gained, lost, changed.",
)
@settings_options
def inspect(
    path: Path,
    document_id: str | None,
    layers: tuple[str, ...],
    labels: tuple[str, ...],
    text: str,
    by: str,
    source: bool,
    tables: bool,
    why: int | None,
    why_not: str | None,
    other: Path | None,
    config: Path | None,
    overrides: tuple[str, ...],
    resources: Path | None,
    learned: Path | None,
) -> None:
    """Show annotated documents: the article in colours, and a table for each layer.

    With a filter, documents without an annotation that it takes are passed over. In a pipe, marks
    stand for colours.

    The layer conversion lists the characters that could have become something else (乾: 干 or 乾),
    and what decided.

    --why and --why-not run the stages again over the document's source, to see what they left
    aside; give them the run's --config, --set, --resources and --boilerplate, if it had any.
    """
    from pipeline.inspect.selection import Selection

    if (why is not None) + (why_not is not None) + (other is not None) > 1:
        raise click.UsageError("--why, --why-not and --diff are three questions: ask one of them")
    if why_not == "":
        raise click.BadParameter("the stretch is empty", param_hint="--why-not")
    if why is not None and document_id is None and path.is_dir():
        raise click.UsageError("--why needs --id here, for the folder holds several documents")
    chosen = layers or ("entities", "numbers", "boilerplate")
    selection = Selection(chosen, labels, text, by)
    if other is not None:
        _diff(path, other, document_id, selection)
    elif why is None and why_not is None:
        _show(path, document_id, selection, source, not tables, resources)
    else:
        from pipeline.chain import Pipeline

        pipeline = Pipeline(load_settings(config, overrides, resources, learned))
        _explain(path, document_id, pipeline, why, why_not, source)


def _show(
    path: Path,
    document_id: str | None,
    selection: Selection,
    source: bool,
    article: bool,
    resources: Path | None,
) -> None:
    from pipeline.files.documents import read_documents
    from pipeline.inspect.terminal import show

    normalizer = None
    if "conversion" in selection.layers:
        from pipeline.resources import Resources
        from pipeline.stages.normalize import Normalizer

        normalizer = Normalizer(resources=Resources(resources))
    many = path.is_dir()
    for document in read_documents(path, document_id):
        choices = normalizer.explain(document) if normalizer is not None else []
        if many and selection.narrows:
            layers = [layer for layer in selection.layers if layer != "conversion"]
            found = any(selection.items(document, layer) for layer in layers)
            if not found and not any(map(selection.takes, choices)):
                continue
        show(document, selection, source=source, article=article, choices=choices)
        click.echo()


def _diff(path: Path, other: Path, document_id: str | None, selection: Selection) -> None:
    from pipeline.files.documents import read_documents
    from pipeline.inspect.diff import compare_runs

    first, second = read_documents(path, document_id), read_documents(other, document_id)
    _print_differences(compare_runs(first, second, selection))


def _print_differences(differences: Iterable[Difference]) -> None:
    from rich.console import Console
    from rich.text import Text

    from pipeline.inspect.trace import describe

    console = Console()
    styles = {"gained": ("+", "green"), "lost": ("-", "red"), "changed": ("~", "yellow")}
    totals = dict.fromkeys(styles, 0)
    documents = 0
    for difference in differences:
        documents += 1
        console.print(Text(difference.id, style="bold"))
        if difference.only_in is not None:
            run = ("first", "second")[difference.only_in - 1]
            console.print(Text(f"  only the {run} run has this document"))
        for change in difference.changes:
            totals[change.kind] += 1
            sign, style = styles[change.kind]
            line = Text(f"  {sign} {change.kind:<8}{describe(change.item)}", style=style)
            for name, before, after in change.fields:
                line.append(f"\n      {name}: {_shown(before)} -> {_shown(after)}", "")
            console.print(line, soft_wrap=True)
    counts = ", ".join(f"{count:,} {kind}" for kind, count in totals.items())
    console.print(Text(f"{documents:,} documents differ: {counts}"))


def _shown(value: object) -> str:
    from pipeline.document import Change
    from pipeline.inspect.values import shown_change

    if isinstance(value, Change):
        return shown_change(value)
    if isinstance(value, list):
        return " ".join(value) or "none"
    return "none" if value is None else str(value)


def _explain(
    path: Path,
    document_id: str | None,
    pipeline: Pipeline,
    why: int | None,
    why_not: str | None,
    source: bool,
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from pipeline.files.documents import read_documents
    from pipeline.inspect.trace import Trace, places
    from pipeline.stages.normalize import Normalizer

    console = Console()
    simplified = Normalizer()(why_not).text if why_not else ""
    answered = False
    for document in read_documents(path, document_id):
        if why_not and not places(document, why_not, simplified):
            continue
        trace = Trace(document, pipeline)
        again = trace.document
        answered = True
        if why_not:
            spans = places(again, why_not, simplified)
        else:
            spans = [_at(len(again.source_text if source else again.text), why or 0)]
            if source:
                spans = [again.alignment.to_text(*spans[0])]
        console.print(Text(document.id, style="bold"))
        if not trace.same:
            note = (
                "note: made by another version, other settings or resources than those that "
                "answer here"
            )
            console.print(Text(note, style="yellow"))
        for span in spans:
            table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
            table.add_column(no_wrap=True, style="bold")
            table.add_column(overflow="fold")
            for row in trace.why_not(*span) if why_not else trace.why(*span):
                table.add_row(row.what, Text(row.says))
            console.print(table)
            console.print()
    if not answered:
        raise ReadError(f"{why_not!r} stands in no document of {path}")


def _at(length: int, offset: int) -> tuple[int, int]:
    if offset >= length:
        raise click.BadParameter(
            f"the document ends at {length}, counted in code points", param_hint="--why"
        )
    return offset, offset + 1
