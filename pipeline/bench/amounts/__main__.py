"""How many cases of published test sets for amounts are read right.

    python -m pipeline.bench.amounts --recognizers DIR --jionlp DIR --cn2an DIR --wetext DIR

Prints, for each set, how many cases are right of those that count; with `--misses` those that are
wrong, with `--left-out` those that do not count because our contract says otherwise, with the
convention.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from pipeline import NumberExtractor
from pipeline.bench.amounts import cn2an, jionlp, recognizers, wetext
from pipeline.bench.amounts.case import Case, Extract

_SETS: dict[str, Callable[[Path, Extract], Iterator[Case]]] = {
    "recognizers": recognizers.cases,
    "jionlp": jionlp.cases,
    "cn2an": cn2an.cases,
    "wetext": wetext.cases,
}
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--recognizers", type=_FOLDER, help="Specs of Microsoft Recognizers-Text.")
@click.option("--jionlp", type=_FOLDER, help="money_parser.jsonl and money_extractor.jsonl.")
@click.option("--cn2an", type=_FOLDER, help="The folder of cn2an.jsonl.")
@click.option("--wetext", type=_FOLDER, help="The folder of itn_zh and tn_zh.")
@click.option("--misses", is_flag=True, help="List the cases that are wrong.")
@click.option("--left-out", is_flag=True, help="List the cases that do not count, and why.")
def main(misses: bool, left_out: bool, **folders: Path | None) -> None:
    """Print right and total for each set."""
    extractor = NumberExtractor()
    judged = [
        case
        for name, folder in folders.items()
        if folder is not None
        for case in _SETS[name](folder, extractor)
    ]
    for case in judged:
        if misses and case.problem and not case.left_out:
            click.echo(f"miss      {case.set}: {case.text!r}: {case.problem}")
        if left_out and case.left_out:
            click.echo(f"left out  {case.set}: {case.text!r}: {case.left_out}")
    total = Counter(case.set for case in judged)
    counted = Counter(case.set for case in judged if not case.left_out)
    right = Counter(case.set for case in judged if not case.left_out and not case.problem)
    click.echo(f"{'set':<28}{'right':>7}{'of':>7}{'%':>8}{'left out':>10}")
    for name in total:
        share = 100 * right[name] / counted[name] if counted[name] else 0
        click.echo(
            f"{name:<28}{right[name]:>7}{counted[name]:>7}{share:>8.1f}"
            f"{total[name] - counted[name]:>10}"
        )


if __name__ == "__main__":
    main()
