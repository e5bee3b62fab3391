"""The command line. Each command imports what it needs when it runs, so that --help is quick."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli_bench import bench
from pipeline.cli_boilerplate import boilerplate
from pipeline.cli_export import export
from pipeline.cli_inspect import inspect
from pipeline.cli_report import report
from pipeline.cli_run import INTERRUPTED, NOTHING_DONE, SOME_FAILED, WRONG_USAGE, run, status
from pipeline.cli_stats import stats
from pipeline.cli_view import view
from pipeline.errors import OutputClosedError, SettingsError, ZhpipeError

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
cli.add_command(run)
cli.add_command(stats)
cli.add_command(status)
cli.add_command(view)


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
