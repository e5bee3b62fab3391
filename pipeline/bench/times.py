"""Dates and times against the test cases of JioNLP and of Microsoft's Recognizers.

    python -m pipeline.bench.times --jionlp FOLDER --recognizers FOLDER [--misses] [--left-out]

FOLDER has `time_parser.jsonl`, or `DateTime/Chinese/DateTimeModel.json`. A case is right where the
days, and the time of day if there is one, that zhpipe resolves for the text are those expected.
How the conventions of the two are carried over to the contract stands in `bench/time_cases.py`.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.bench import time_cases
from pipeline.bench.time_cases import Case


@click.command()
@click.option("--jionlp", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--recognizers", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--misses", is_flag=True, help="list the cases that are not right")
@click.option("--left-out", is_flag=True, help="list the cases that are left out, with the reason")
def main(jionlp: Path | None, recognizers: Path | None, misses: bool, left_out: bool) -> None:
    """Print how many cases are right."""
    cases: dict[str, list[Case]] = {}
    if jionlp is not None:
        cases["JioNLP time_parser"] = time_cases.jionlp(jionlp / "time_parser.jsonl")
    if recognizers is not None:
        path = recognizers / "DateTime/Chinese/DateTimeModel.json"
        cases["Recognizers DateTimeModel"] = time_cases.recognizers(path)
    for name, found in cases.items():
        counted = [case for case in found if case.left_out is None]
        wrong = [(case, answer) for case in counted if not case.is_right(answer := case.answer())]
        right = len(counted) - len(wrong)
        click.echo(
            f"{name}: {right} of {len(counted)} right ({right / max(1, len(counted)):.3f}), "
            f"{len(found) - len(counted)} left out"
        )
        if misses:
            for case, answer in wrong:
                click.echo(f"  miss {case.text!r} expected {case.expected}, got {answer}")
        if left_out:
            for case in found:
                if case.left_out is not None:
                    click.echo(f"  left out {case.text!r}: {case.left_out}")


if __name__ == "__main__":
    main()
