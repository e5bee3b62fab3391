"""The command `zhpipe export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.adapters.exporter import Exporter


@click.command()
@click.argument("annotated", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "format",
    required=True,
    type=click.Choice(["spacy", "brat", "labelstudio", "conllu", "parquet"]),
    help="The format.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="TARGET",
    help="File (.spacy, .json, .conllu) or folder (brat, parquet; spacy for many documents).",
)
@click.option("--id", "document_id", help="Only the document with this id.")
@click.option(
    "--offsets",
    type=click.Choice(["codepoint", "utf16"]),
    default="codepoint",
    show_default=True,
    help="For labelstudio: utf16 for versions before 1.14.",
)
@click.option("--no-tokens", is_flag=True, help="For parquet: leave out the table of tokens.")
def export(
    annotated: Path,
    format: str,
    output: Path,
    document_id: str | None,
    offsets: str,
    no_tokens: bool,
) -> None:
    """Write annotated documents in the format of another tool.

    OUT is what `zhpipe run` wrote: a file (.json, .jsonl, .parquet) or a folder. What the format
    cannot hold is counted on standard error.
    """
    from pipeline.files.documents import read_documents

    with _exporter(format, output, utf16=offsets == "utf16", tokens=not no_tokens) as exporter:
        documents = 0
        for document in read_documents(annotated, document_id):
            exporter.write(document)
            documents += 1
    click.echo(f"{documents:,} documents in {output}", err=True)
    for what, count in sorted(exporter.losses.items()):
        click.echo(f"not held by {format}: {count:,} {what}", err=True)


def _exporter(format: str, output: Path, *, utf16: bool, tokens: bool) -> Exporter:
    from pipeline.extras import require

    if format == "spacy":
        require("spacy", "spacy")
        from pipeline.adapters.docbin import DocBinExporter

        return DocBinExporter(output)
    if format == "parquet":
        require("pyarrow", "parquet")
        from pipeline.adapters.tables import TableExporter

        return TableExporter(output, tokens)
    if format == "labelstudio":
        from pipeline.adapters.labelstudio import LabelStudioExporter

        return LabelStudioExporter(output, utf16)
    if format == "conllu":
        from pipeline.adapters.conllu import ConlluExporter

        return ConlluExporter(output)
    from pipeline.adapters.brat import BratExporter

    return BratExporter(output)
