"""The command `zhpipe bench`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

_BELOW_FLOOR = 1
_PATH = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, type=_PATH, metavar="[PATH]...")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option(
    "--documents", default=200, show_default=True, type=click.IntRange(1), help="Of each PATH."
)
@click.option(
    "--cpu-time",
    "clock",
    type=click.Choice(["wall", "process"]),
    default="wall",
    show_default=True,
    help="Time that passes, or time that the process has the processor.",
)
@click.option("--speed", is_flag=True, help="Speed beside peers; this if nothing else is asked.")
@click.option("--no-peers", is_flag=True, help="No peer but jieba.lcut.")
@click.option("--memory", is_flag=True, help="Peak and growth of a worker, bounds of its caches.")
@click.option(
    "--memory-documents",
    default=10_000,
    show_default=True,
    type=click.IntRange(1),
    help="How many documents the worker processes.",
)
@click.option("--scaling", is_flag=True, help="Time by length of document, and of hostile texts.")
@click.option("--startup", is_flag=True, help="Time from command line to JSON.")
@click.option("--guard", is_flag=True, help="Exit code 1 if the speed is below its floors.")
@click.option(
    "--floors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.toml",
    help="Other floors for --guard.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--plot", "plot_file", type=click.Path(path_type=Path), metavar="FILE.svg|png",
    help="Picture of the speeds; needs the extra `bench`.",
)  # fmt: skip
def bench(
    paths: tuple[Path, ...],
    rounds: int,
    documents: int,
    clock: str,
    speed: bool,
    no_peers: bool,
    memory: bool,
    memory_documents: int,
    scaling: bool,
    startup: bool,
    guard: bool,
    floors: Path | None,
    json_file: Path | None,
    plot_file: Path | None,
) -> None:
    """Measure speed on one core against `jieba.lcut` in the same run.

    PATH: text files, .jsonl files (`raw`, `text` or `body`), folders of them; by default the
    project's corpus. The table goes to standard output, progress to standard error.
    """
    from rich.console import Console

    from pipeline.bench.speed import compare
    from pipeline.bench.speed import guard as floors_of
    from pipeline.bench.speed import memory as memory_of
    from pipeline.bench.speed import scaling as scaling_of
    from pipeline.bench.speed import startup as startup_of
    from pipeline.bench.speed.one_core import one_core
    from pipeline.bench.speed.report import Report, show
    from pipeline.bench.speed.texts import read_texts

    def log(message: str) -> None:
        click.echo(message, err=True)

    if plot_file is not None and plot_file.suffix not in (".svg", ".png"):
        raise click.BadParameter("the name must end in .svg or .png", param_hint="--plot")
    speed = speed or guard or plot_file is not None or not (memory or scaling or startup)
    least = floors_of.read_floors(floors or floors_of.FLOORS) if guard else {}
    texts = read_texts(paths, documents) if speed or scaling else []
    with one_core() as processor:
        report = Report(processor)
        if speed:
            report.speed = compare.measure(
                texts, rounds=rounds, clock=clock, peers=not no_peers, log=log
            )
        if memory:
            report.memory = memory_of.measure(
                paths, documents=memory_documents, texts=documents, log=log
            )
        if scaling:
            report.scaling = scaling_of.measure(texts, rounds=rounds, clock=clock, log=log)
        if startup:
            report.startup = startup_of.measure(rounds=rounds, log=log)
    if guard and report.speed is not None:
        report.guard = floors_of.check(report.speed.ratios(), least)
    show(report, Console(width=None if sys.stdout.isatty() else 120))
    if json_file is not None:
        from pipeline.files.write import write_file

        write_file(json_file, report.to_json())
    if plot_file is not None and report.speed is not None:
        from pipeline.bench.speed.plot import plot

        plot(report.speed, plot_file)
    failed = [check for check in report.guard or () if not check.passed]
    for check in failed:
        log(
            f"zhpipe: {check.name} is too slow: {check.x_lcut:.2f} x jieba.lcut, "
            f"the floor is {check.floor:.2f}"
        )
    if failed:
        sys.exit(_BELOW_FLOOR)
