"""The speed of each stage against `jieba.lcut` in the same run.

    python -m pipeline.bench.stages FILE.jsonl|FOLDER ... [--rounds 5] [--documents 200]

Every round runs `jieba.lcut`, then each stage over all documents in their order; the medians are
printed in characters a second and as a multiple of jieba's. A `.jsonl` has its text in `raw` or
`text`; of a folder every `.txt` is read. One process, one core.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import click
import orjson

from pipeline.chain import Pipeline, Stage
from pipeline.document import Document


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--documents", default=200, show_default=True, help="of each path")
def main(paths: tuple[Path, ...], rounds: int, documents: int) -> None:
    """Print a table of the stages."""
    import jieba

    jieba.initialize()
    texts = [text for path in paths for text in islice(_texts(path), documents)]
    characters = sum(map(len, texts))
    pipeline = Pipeline()
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, seconds in _round(pipeline, texts):
            times.setdefault(name, []).append(seconds)
    medians = {name: statistics.median(found) for name, found in times.items()}
    lcut = medians["jieba.lcut"]
    click.echo(f"{len(texts)} documents, {characters:,} characters, medians of {rounds} rounds")
    for name, seconds in medians.items():
        share = seconds / medians["all"]
        speed = f"{characters / seconds / 1e6:7.3f} M chars/s  {lcut / seconds:6.2f} x jieba.lcut"
        of_all = "" if name in ("jieba.lcut", "all") else f"  {share:5.1%} of all"
        click.echo(f"{name:12} {speed}{of_all}")


def _round(pipeline: Pipeline, texts: list[str]) -> Iterator[tuple[str, float]]:
    """What jieba, each stage and the writing of JSON take for all texts."""
    import jieba

    yield "jieba.lcut", _seconds(lambda: [jieba.lcut(text) for text in texts])
    # All documents pass a stage before the next one, so that it is timed alone.
    documents = [Document(text) for text in texts]
    whole = 0.0
    for stage in pipeline.stages:
        seconds = _seconds(partial(_through, stage, documents))
        yield stage.name, seconds
        whole += seconds
    seconds = _seconds(lambda: [document.to_json() for document in documents])
    yield "to_json", seconds
    yield "all", whole + seconds


def _through(stage: Stage, documents: list[Document]) -> None:
    for document in documents:
        stage(document)


def _texts(path: Path) -> Iterator[str]:
    if path.is_dir():
        for file in sorted(path.rglob("*.txt")):
            yield file.read_text(encoding="utf-8")
        return
    with path.open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            yield row.get("raw") or row["text"]


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
