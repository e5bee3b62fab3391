"""The commands `zhpipe run` and `zhpipe status`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli_settings import load_settings, settings_options

if TYPE_CHECKING:
    from pipeline.batch.options import RunOptions
    from pipeline.batch.run import Summary
    from pipeline.batch.task import Share
    from pipeline.chain import Pipeline

# Exit codes beside 0; click itself uses 2 for wrong usage.
SOME_FAILED, WRONG_USAGE, NOTHING_DONE, INTERRUPTED = 1, 2, 3, 130
# As in pipeline.files.write and pipeline.serialize, whose import would make --help slow.
_FORMATS = ("json", "json.gz", "json.zst", "jsonl", "jsonl.gz", "jsonl.zst", "parquet")
_LAYERS = ("metadata", "clean_text", "sentences", "tokens", "entities", "numbers", "boilerplate")


def _layers(
    context: click.Context, option: click.Parameter, value: str | None
) -> tuple[str, ...] | None:
    if value is None:
        return None
    chosen = [name.strip() for name in value.split(",")]
    if unknown := [name for name in chosen if name not in _LAYERS]:
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(_LAYERS)}")
    return tuple(layer for layer in _LAYERS if layer in chosen)


def _share(context: click.Context, option: click.Parameter, value: str | None) -> Share | None:
    if value is None:
        return None
    from pipeline.batch.task import Share

    index, _, count = value.partition("/")
    if not (index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count)):
        raise click.BadParameter(f"{value!r} is not of the form I/N with I from 1 to N")
    return Share(int(index), int(count))


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="Folder, file ending in .jsonl, .jsonl.gz, .jsonl.zst or .parquet, or - for JSON Lines "
    "on standard output.",
)
@click.option(
    "--format",
    type=click.Choice(_FORMATS),
    default="json",
    show_default=True,
    help="Of the files in the folder: json is one a document.",
)
@click.option(
    "--shard-size",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="Documents a file of jsonl and parquet.",
)
@click.option(
    "--layers",
    callback=_layers,
    metavar="NAME,...",
    help=f"Write only these of {', '.join(_LAYERS)}.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes; as many as cores if not given.",
)
@click.option(
    "--start-method",
    type=click.Choice(["fork", "forkserver", "spawn"]),
    help="How processes are started; fork on Linux if not given.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Give up a document after this time.",
)
@click.option("--resume", is_flag=True, help="Do only what is new, has changed or has failed.")
@click.option(
    "--shard",
    "share",
    callback=_share,
    metavar="I/N",
    help="Do only the I-th of N parts; N runs with one output folder do all.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--fail-fast", is_flag=True, help="End with the first failure.")
@click.option(
    "--max-errors",
    type=click.IntRange(min=0),
    metavar="N",
    help="End when more than N documents have failed.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="ray: on a cluster; needs the extra `ray`.",
)
@click.option("--address", metavar="ADDRESS", help="Of the Ray cluster; else one is started.")
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
@settings_options
@click.option(
    "--spacy-model",
    metavar="NAME",
    help="Installed spaCy pipeline, or folder with one, that finds names too.",
)
@click.option("--keep-boilerplate", is_flag=True, help="Leave annotations inside boilerplate.")
@click.option(
    "--summary",
    "summary_file",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Write the summary as JSON, too.",
)
@click.option("-v", "--verbose", is_flag=True, help="Tell more: workers, progress every 10 s.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
def run(
    inputs: tuple[str, ...],
    output: str,
    format: str,
    shard_size: int,
    layers: tuple[str, ...] | None,
    workers: int | None,
    start_method: str | None,
    timeout: float | None,
    resume: bool,
    share: Share | None,
    dry_run: bool,
    fail_fast: bool,
    max_errors: int | None,
    engine: str,
    address: str | None,
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
    summary_file: Path | None,
    verbose: bool,
    quiet: bool,
) -> None:
    """Annotate files, folders, glob patterns, or - for standard input.

    Formats: .txt, .md, .html, and with many documents each .jsonl, .csv, .tsv, .parquet; all of
    them also as .gz or .zst.

    Exit code 0: all documents done; 1: some failed; 2: wrong usage; 3: nothing could be
    processed; 130: interrupted.
    """
    from pipeline.batch.options import RunOptions
    from pipeline.batch.progress import Progress
    from pipeline.batch.run import run as run_batch
    from pipeline.chain import Pipeline
    from pipeline.files.inputs import find_inputs
    from pipeline.files.read import ReadOptions

    if not output:
        raise click.BadParameter("the name is empty", param_hint="-o")
    options = RunOptions(
        read=ReadOptions(encoding, input_format, max_chars, text_fields, id_field),
        format=format,
        shard_size=shard_size,
        layers=layers,
        workers=workers,
        method=start_method,
        timeout=timeout,
        share=share,
        resume=resume,
        max_errors=0 if fail_fast else max_errors,
        engine=engine,
        address=address,
    )
    if resume and options.manifest_path(output) is None:
        raise click.UsageError("--resume needs an output folder, which keeps what was done")
    if not options.is_file_each and any(_is_same(name, output) for name in inputs):
        raise click.UsageError("the output folder is an input: choose another for this format")
    settings = load_settings(config, overrides, resources, learned, spacy_model, keep_boilerplate)
    pipeline = Pipeline(settings)
    own = options.own_files(output)
    progress = Progress(sys.stderr, inputs, own, quiet=quiet, verbose=verbose)
    if dry_run:
        _print_plan(inputs, own, pipeline, output, options)
        return
    progress.note(f"pipeline {pipeline.info.fingerprint}, {workers or 'all'} workers")
    try:
        summary = run_batch(find_inputs(inputs, own), pipeline, output, options, progress)
    finally:
        progress.close()
    if summary_file is not None:
        _write_summary(summary, summary_file)
    if not quiet:
        _print_summary(summary, output)
    if summary.failures:
        sys.exit(SOME_FAILED if summary.documents or summary.unchanged else NOTHING_DONE)


def _is_same(input: str, output: str) -> bool:
    return Path(output).is_dir() and Path(input).resolve() == Path(output).resolve()


def _print_plan(
    inputs: tuple[str, ...],
    own: list[Path],
    pipeline: Pipeline,
    output: str,
    options: RunOptions,
) -> None:
    from pipeline.batch.plan import plan
    from pipeline.files.inputs import find_inputs, printable

    counts: dict[str, int] = {}
    for task, what in plan(find_inputs(inputs, own), pipeline, output, options):
        counts[what] = counts.get(what, 0) + 1
        click.echo(f"{what:<12}{task.place.id!r} of {printable(task.place.location)}")
    for what, count in counts.items():
        click.echo(f"{what:<12}{count:,}", err=True)


def _figures(summary: Summary) -> dict[str, int | float]:
    return {
        "documents": summary.documents,
        "unchanged": summary.unchanged,
        "failures": summary.failures,
        "entities": summary.entities,
        "numbers": summary.numbers,
        "boilerplate": summary.boilerplate,
        "warnings": summary.warnings,
        "characters": summary.characters,
    }


def _print_summary(summary: Summary, output: str) -> None:
    rows = [(name, f"{value:,}") for name, value in _figures(summary).items()]
    rows.append(("chars/s", f"{summary.characters_per_second:,.0f}"))
    rows.append(("output", "standard output" if output == "-" else output))
    if summary.stopped is not None:
        rows.append(("stopped", summary.stopped))
    for (stage, error), count in summary.errors.most_common():
        rows.append(("errors", f"{count:,} {error} in {stage}"))
    for name, value in rows:
        click.echo(f"{name:<12}{value}", err=True)


def _write_summary(summary: Summary, path: Path) -> None:
    import orjson

    from pipeline.files.write import write_file

    errors = [
        {"stage": stage, "error": error, "count": count}
        for (stage, error), count in summary.errors.most_common()
    ]
    values = {
        **_figures(summary),
        "seconds": round(summary.seconds, 3),
        "characters_per_second": round(summary.characters_per_second),
        "stopped": summary.stopped,
        "errors": errors,
    }
    write_file(path, orjson.dumps(values, option=orjson.OPT_INDENT_2) + b"\n")


@click.command()
@click.argument("output", type=click.Path(path_type=Path), metavar="OUT")
@click.option("--slowest", type=click.IntRange(min=0), default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON.")
def status(output: Path, slowest: int, as_json: bool) -> None:
    """Say what runs have done in the output folder OUT, even while one is at work."""
    from pipeline.batch.status import read_status

    found = read_status(output, slowest)
    if as_json:
        import orjson

        click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2))
        return
    rows = [(name, f"{count:,}") for name, count in found.counts.items()]
    rows += [("characters", f"{found.characters:,}"), ("bytes", f"{found.bytes:,}")]
    rows += [("pipeline", f"{fingerprint}: {n:,}") for fingerprint, n in found.pipelines.items()]
    if not found.complete:
        rows.append(("state", "the last run is not complete: --resume takes it up again"))
    rows += [("errors", f"{e.count:,} {e.error} in {e.stage}: {e.example}") for e in found.errors]
    rows += [("slowest", f"{d.seconds:.2f} s, {d.characters:,} characters: {d.id}")
             for d in found.slowest]  # fmt: skip
    for name, value in rows:
        click.echo(f"{name:<12}{value}")
