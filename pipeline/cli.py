"""The command line. Each command imports what it needs when it runs, so that --help is quick."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.cli_bench import bench
from pipeline.cli_boilerplate import boilerplate
from pipeline.cli_export import export
from pipeline.cli_inspect import inspect
from pipeline.cli_report import report
from pipeline.cli_stats import stats
from pipeline.cli_view import view
from pipeline.errors import OutputClosedError, SettingsError, ZhpipeError

if TYPE_CHECKING:
    from pipeline.batch.run import Failure, Summary
    from pipeline.files.inputs import Input

# Exit codes beside 0; click itself uses 2 for wrong usage.
SOME_FAILED, WRONG_USAGE, NOTHING_DONE, INTERRUPTED = 1, 2, 3, 130

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="zhpipe")
def cli() -> None:
    """Chinese news in, JSON annotations with exact offsets into the original text out."""


cli.add_command(bench)
cli.add_command(boilerplate)
cli.add_command(export)
cli.add_command(inspect)
cli.add_command(report)
cli.add_command(stats)
cli.add_command(view)


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="Folder, file ending in .jsonl, or - for JSON Lines on standard output.",
)
@click.option(
    "--format",
    type=click.Choice(["json", "jsonl"]),
    default="json",
    show_default=True,
    help="One JSON file a document, or one JSON Lines file.",
)
@click.option(
    "--input-format",
    type=click.Choice(["txt", "md", "html", "jsonl", "csv", "tsv", "parquet"]),
    help="Format of the inputs; the file's name tells if not given.",
)
@click.option("--encoding", help="Encoding of the inputs; found for each file if not given.")
@click.option(
    "--text-field",
    "text_fields",
    multiple=True,
    metavar="NAME",
    default=["text"],
    show_default=True,
    help="Field of a record with its text; may be repeated, the texts are joined as lines.",
)
@click.option("--id-field", metavar="NAME", help="Field of a record with its id.")
@click.option(
    "--max-chars",
    type=click.IntRange(min=1),
    default=2_000_000,
    show_default=True,
    help="Longest document accepted, in code points.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Settings from a TOML file.",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="SECTION.NAME=VALUE",
    help="One setting; may be repeated. See `zhpipe settings`.",
)
@click.option(
    "--resources",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder of own lexicons and rules, laid over the packaged ones.",
)
@click.option(
    "--boilerplate",
    "learned",
    type=click.Path(path_type=Path),
    metavar="RULES.toml",
    help="Learned rules; see `zhpipe boilerplate learn`.",
)
@click.option(
    "--spacy-model",
    metavar="NAME",
    help="Installed spaCy pipeline, or folder with one, that finds names too.",
)
@click.option("--keep-boilerplate", is_flag=True, help="Leave annotations inside boilerplate.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
def run(
    inputs: tuple[str, ...],
    output: str,
    format: str,
    input_format: str | None,
    encoding: str | None,
    text_fields: tuple[str, ...],
    id_field: str | None,
    max_chars: int,
    config: Path | None,
    overrides: tuple[str, ...],
    resources: Path | None,
    learned: Path | None,
    spacy_model: str | None,
    keep_boilerplate: bool,
    quiet: bool,
) -> None:
    """Annotate files, folders, glob patterns, or - for standard input.

    Formats: .txt, .md, .html, and with many documents each .jsonl, .csv, .tsv, .parquet; all of
    them also as .gz or .zst.

    Exit code 0: all documents done; 1: some failed; 2: wrong usage; 3: nothing could be
    processed; 130: interrupted.
    """
    from pipeline.batch.run import run as run_batch
    from pipeline.chain import Pipeline
    from pipeline.config import Settings
    from pipeline.files.inputs import find_inputs
    from pipeline.files.read import ReadOptions
    from pipeline.files.write import open_writer

    if not output:
        raise click.BadParameter("the name is empty", param_hint="-o")
    settings = Settings.load(config, overrides)
    if resources is not None:
        settings = settings.model_copy(update={"resources": resources})
    if spacy_model is not None:
        entities = settings.entities.model_copy(update={"spacy_model": spacy_model})
        settings = settings.model_copy(update={"entities": entities})
    changes: dict[str, Any] = {} if learned is None else {"rules": learned}
    if keep_boilerplate:
        changes["keep_annotations"] = True
    stage = settings.boilerplate.model_copy(update=changes)
    settings = settings.model_copy(update={"boilerplate": stage})
    pipeline = Pipeline(settings)
    options = ReadOptions(encoding, input_format, max_chars, text_fields, id_field)
    with open_writer(output, format) as writer, _Progress(inputs, quiet) as progress:
        summary = run_batch(
            find_inputs(inputs, writer.files),
            pipeline,
            writer,
            options=options,
            on_failure=progress.show,
            on_input=progress.advance,
        )
    if not quiet:
        _print_summary(summary, output)
    if summary.failures:
        sys.exit(SOME_FAILED if summary.documents else NOTHING_DONE)


class _Progress:
    """Failures as they happen, and on a terminal a progress bar; both on standard error."""

    def __init__(self, inputs: tuple[str, ...], quiet: bool) -> None:
        self._bar: Any = None
        self._advance: Callable[[], None] = lambda: None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

            from pipeline.files.inputs import find_inputs

            self._bar = Progress(
                "{task.description}",
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            task = self._bar.add_task("inputs", total=sum(1 for _ in find_inputs(inputs)))
            self._advance = lambda: self._bar.advance(task)

    def __enter__(self) -> _Progress:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, item: Input) -> None:
        """One input is done."""
        self._advance()

    def show(self, failure: Failure) -> None:
        """One document failed."""
        click.echo(f"zhpipe: {failure.location}: {failure.message}", err=True)


def _print_summary(summary: Summary, output: str) -> None:
    rows = [
        ("documents", f"{summary.documents:,}"),
        ("failures", f"{len(summary.failures):,}"),
        ("entities", f"{summary.entities:,}"),
        ("numbers", f"{summary.numbers:,}"),
        ("boilerplate", f"{summary.boilerplate:,}"),
        ("warnings", f"{summary.warnings:,}"),
        ("characters", f"{summary.characters:,}"),
        ("chars/s", f"{summary.characters_per_second:,.0f}"),
        ("output", "standard output" if output == "-" else output),
    ]
    for name, value in rows:
        click.echo(f"{name:<12}{value}", err=True)


@cli.command()
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.argument("predicted", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--misses",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="How many misses to list; 0 for none.",
)
@click.option("--json", "as_json", is_flag=True, help="Scores and all misses as JSON.")
def evaluate(gold: Path, predicted: Path, misses: int, as_json: bool) -> None:
    """Score the documents in PREDICTED against the .gold files in GOLD."""
    from pipeline.evaluate.report import print_report, report_to_json
    from pipeline.evaluate.score import evaluate_folders

    report = evaluate_folders(gold, predicted)
    if as_json:
        click.echo(report_to_json(report))
    else:
        print_report(report, misses)


@cli.command("train-entities")
@click.option("--uner", type=_FOLDER, required=True, help="Folder with UNER's train .iob2 files.")
@click.option("--finre", type=_FOLDER, required=True, help="Folder with FinRE's valid.txt.")
@click.option("--weibo", type=_FOLDER, required=True, help="Folder with weiboNER_2nd_conll.train.")
@click.option("--silver", type=_FILE, required=True, help="JSON Lines with machine-made labels.")
@click.option("--own", type=_FOLDER, help="Folder of own .gold files to learn from too.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--evaluate", "data", type=_FOLDER, help="Data folder whose scores the card shall state."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FOLDER")
def train_entities(
    uner: Path,
    finre: Path,
    weibo: Path,
    silver: Path,
    own: Path | None,
    seed: int,
    data: Path | None,
    output: Path,
) -> None:
    """Train the tagger's weights; needs the extra `train`.

    The defaults, on the data that the packaged model card names, give the packaged weights.
    """
    from pipeline.train.entities import Inputs, make

    make(Inputs(uner, finre, weibo, silver, own), output, seed, data, click.echo)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of a document."""
    import json

    from pipeline.schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@cli.command()
def settings() -> None:
    """Print all settings with their defaults and meanings, as TOML."""
    from pipeline.config import describe

    click.echo(describe())


def main() -> None:
    """Entry point of the command `zhpipe`; turns errors into messages and exit codes."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("zhpipe: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except OutputClosedError:
        # As with other tools at the head of a pipe: end quietly, and let Python not flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(SOME_FAILED)
    except SettingsError as error:
        click.echo(f"zhpipe: {error}", err=True)
        sys.exit(WRONG_USAGE)
    except ZhpipeError as error:
        click.echo(f"zhpipe: {error}", err=True)
        sys.exit(NOTHING_DONE)


if __name__ == "__main__":
    main()
