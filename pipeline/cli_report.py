"""The command `zhpipe report`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|FOLDER..."
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="PAGE.html")
@click.option("--id", "document_id", help="The document to show, of several.")
def report(paths: tuple[Path, ...], output: Path, document_id: str | None) -> None:
    """Write annotated documents as one web page, which needs no network.

    It holds all documents: some hundreds at most. For a whole run, see `zhpipe view`.
    """
    from pipeline.files.documents import read_documents
    from pipeline.files.write import write_file
    from pipeline.inspect.report import render_report

    documents = [document for path in paths for document in read_documents(path, document_id)]
    write_file(output, render_report(documents).encode())
    noun = "document" if len(documents) == 1 else "documents"
    click.echo(f"{len(documents):,} {noun} in {output}", err=True)
