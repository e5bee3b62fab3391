"""The speed of each stage against `jieba.lcut` in the same run.

    python -m pipeline.bench.stages FILE.jsonl|FOLDER ... [--rounds 5] [--documents 200]

Every round runs `jieba.lcut` over all documents, then all stages document by document; the medians
are printed in characters a second and as a multiple of jieba's. A `.jsonl` has its text in `raw` or
`text`; of a folder every `.txt` is read. One process, one core.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import click
import orjson

from pipeline.bench.timing import seconds
from pipeline.chain import Pipeline
from pipeline.document import Document


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--documents", default=200, show_default=True, help="of each path")
def main(paths: tuple[Path, ...], rounds: int, documents: int) -> None:
    """Print a table of the stages."""
    import jieba

    jieba.initialize()
    texts = [text for path in paths for text in islice(texts_of(path), documents)]
    characters = sum(map(len, texts))
    pipeline = Pipeline()
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, spent in _round(pipeline, texts):
            times.setdefault(name, []).append(spent)
    medians = {name: statistics.median(found) for name, found in times.items()}
    lcut = medians["jieba.lcut"]
    click.echo(f"{len(texts)} documents, {characters:,} characters, medians of {rounds} rounds")
    for name, median in medians.items():
        share = median / medians["all"]
        speed = f"{characters / median / 1e6:7.3f} M chars/s  {lcut / median:6.2f} x jieba.lcut"
        of_all = "" if name in ("jieba.lcut", "all") else f"  {share:5.1%} of all"
        click.echo(f"{name:12} {speed}{of_all}")


def _round(pipeline: Pipeline, texts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """What jieba, each stage and the writing of JSON take for all texts."""
    import jieba

    yield "jieba.lcut", seconds(lambda: [jieba.lcut(text) for text in texts])
    spent: dict[str, float] = defaultdict(float)
    for text in texts:
        # A document is let go before the next one, as in a run.
        document = Document(text)
        for stage in pipeline.stages:
            spent[stage.name] += seconds(partial(stage, document))
        spent["to_json"] += seconds(document.to_json)
    yield from spent.items()
    yield "all", sum(spent.values())


def texts_of(path: Path) -> Iterator[str]:
    """The texts of a `.jsonl` (`raw` or `text`), or of the `.txt` files of a folder."""
    if path.is_dir():
        for file in sorted(path.rglob("*.txt")):
            yield file.read_text(encoding="utf-8")
        return
    with path.open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            yield row.get("raw") or row["text"]


if __name__ == "__main__":
    main()
