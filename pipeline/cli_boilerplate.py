"""The commands `zhpipe boilerplate learn` and `zhpipe boilerplate explain`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli_settings import LEARNED, RESOURCES
from pipeline.errors import DocumentError, ReadError

if TYPE_CHECKING:
    from pipeline.document import Document
    from pipeline.files.read import ReadOptions
    from pipeline.resources import Resources


@click.group()
def boilerplate() -> None:
    """Learn the boilerplate of a corpus; show why a line is boilerplate."""


@boilerplate.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FOLDER...")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE.toml")
@click.option(
    "--support",
    default=3,
    show_default=True,
    type=click.IntRange(2),
    help="Fewest documents of a source in which a line stands.",
)
@click.option(
    "--share",
    default=0.01,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Smallest share of the documents of a source in which a line stands.",
)
@click.option(
    "--outside",
    default=0.9,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Smallest share of a line's occurrences that stand outside the article.",
)
@click.option(
    "--text-field",
    "text_fields",
    multiple=True,
    default=["text"],
    show_default=True,
    metavar="NAME",
    help="Field of a record with its text; may be repeated.",
)
@RESOURCES
def learn(
    inputs: tuple[str, ...],
    output: Path,
    support: int,
    share: float,
    outside: float,
    text_fields: tuple[str, ...],
    resources: Path | None,
) -> None:
    """Find the lines that come back in many documents of a source, and write them as rules.

    A document's source is the first folder below FOLDER that it stands in, else its publisher.
    The inputs are read three times; documents that cannot be read are named and passed over.
    """
    from pipeline.files.read import ReadOptions
    from pipeline.files.write import write_file
    from pipeline.resources import Resources
    from pipeline.stages.boilerplate import BoilerplateStripper
    from pipeline.stages.boilerplate.learn import LearnOptions, learn
    from pipeline.stages.boilerplate.rules_file import to_toml

    own = Resources(resources)
    read = 0

    def documents() -> Iterator[tuple[str, Document]]:
        nonlocal read
        first = read == 0
        for source, document in _documents(
            inputs, ReadOptions(text_fields=text_fields), own, first
        ):
            read += 1
            yield source, document

    options = LearnOptions(support, share, outside)
    lines, between = learn(documents, BoilerplateStripper(resources=own), options)
    if not read:
        raise ReadError(f"there is no document to learn from in {', '.join(inputs)}")
    write_file(output, to_toml(lines, between).encode())
    click.echo(
        f"{read // 3:,} documents: {len(lines):,} lines and {len(between):,} stretches between "
        f"them in {output}",
        err=True,
    )


def _documents(
    inputs: tuple[str, ...], options: ReadOptions, resources: Resources, report: bool
) -> Iterator[tuple[str, Document]]:
    from pipeline.files.inputs import find_inputs
    from pipeline.files.read import read_input
    from pipeline.stages.header import HeaderReader
    from pipeline.stages.normalize import Normalizer

    normalizer, header = Normalizer(resources=resources), HeaderReader(resources)
    for item in find_inputs(inputs):
        for place, document in read_input(item, options):
            if isinstance(document, DocumentError):
                if report:
                    click.echo(f"zhpipe: {place.location}: {document}", err=True)
                continue
            normalizer(document)
            document.metadata = header.read(document)
            folder, _, rest = (item.path or "").partition("/")
            publisher = document.metadata.publisher
            yield folder if rest else publisher.text if publisher else "", document


@boilerplate.command()
@click.argument("file", metavar="FILE")
@LEARNED
@RESOURCES
def explain(file: str, learned: Path | None, resources: Path | None) -> None:
    """Show for each line of a text what it is, and the evidence with its weights."""
    from pipeline.config import BoilerplateSettings
    from pipeline.files.read import ReadOptions
    from pipeline.resources import Resources
    from pipeline.stages.boilerplate import BoilerplateStripper
    from pipeline.stages.boilerplate.explain import explain

    own = Resources(resources)
    stripper = BoilerplateStripper(BoilerplateSettings(rules=learned), own)
    read = 0
    for _, document in _documents((file,), ReadOptions(), own, True):
        read += 1
        for row in explain(document, stripper):
            click.echo(row)
    if not read:
        raise ReadError(f"there is no document in {file}")
