"""The batch runner: same bytes for any number of workers, memory, speed, cost of the runner itself.

    python -m pipeline.bench.batch PATH ... [--documents 20000] [--few 2000] [--rounds 5] [--ray]

The documents are made from the texts of PATH (see `bench/speed/texts.py`), in turn, each with a
number of its own. Every run is a process of its own, so that its peak memory is its own, too
(Linux only). What is timed begins when the pipeline is built.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import click
import orjson

from pipeline.bench.speed.rss import memory
from pipeline.bench.speed.texts import read_texts


class Measured(NamedTuple):
    """Seconds, seconds of all processes on a core, peak memory of the parent in MB, characters."""

    seconds: float
    cpu: float
    peak: float
    characters: int


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--documents", default=20_000, show_default=True, type=click.IntRange(1))
@click.option("--few", default=2_000, show_default=True, type=click.IntRange(1))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--ray", is_flag=True, help="Also on Ray Data.")
def main(paths: tuple[Path, ...], documents: int, few: int, rounds: int, ray: bool) -> None:
    """Print what each of the bars comes to."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        _same_bytes(base, paths, documents, ray)
        _memory(base, paths, few, documents)
        _speed(base, paths, few, rounds)


def _same_bytes(base: Path, paths: tuple[Path, ...], count: int, ray: bool) -> None:
    folder = base / "articles"
    folder.mkdir()
    for number, text in enumerate(_texts(paths, count)):
        (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")
    digests = {}
    for workers in (1, 2, 4):
        output = base / f"same-{workers}"
        _run(folder, output, workers=workers, shuffle=workers)
        digests[f"{workers} workers"] = _digest(output)
        shutil.rmtree(output)
    if ray:
        output = base / "same-ray"
        _run(folder, output, engine="ray", shuffle=7)
        digests["ray"] = _digest(output)
        shutil.rmtree(output)
    for how, digest in digests.items():
        click.echo(f"{count:,} files in shuffled order, {how:<10} {digest}")
    click.echo("same bytes" if len(set(digests.values())) == 1 else "DIFFERENT BYTES")


def _memory(base: Path, paths: tuple[Path, ...], few: int, many: int) -> None:
    peaks = []
    for count in (few, many):
        records = _records(base / f"{count}.jsonl", paths, count)
        found = _run(records, base / f"memory-{count}", workers=2, format="jsonl")
        speed = found.characters / found.seconds
        peaks.append(found.peak)
        click.echo(
            f"{count:,} records, 2 workers: peak memory of the parent {found.peak:.1f} MB, "
            f"{found.seconds:.1f} s, {speed:,.0f} chars/s"
        )
    click.echo(f"difference {peaks[1] - peaks[0]:+.1f} MB")


def _speed(base: Path, paths: tuple[Path, ...], count: int, rounds: int) -> None:
    """The ways take turns; the least of each counts, as others use the machine."""
    records = _records(base / "speed.jsonl", paths, count)
    ways: dict[str, dict[str, Any]] = {
        "without runner": {"plain": True},
        "1 worker": {"workers": 1},
        "2 workers": {"workers": 2},
    }
    least: dict[str, list[Measured]] = {way: [] for way in ways}
    for turn in range(rounds):
        for way, options in ways.items():
            output = base / f"speed-{turn}-{way}"
            least[way].append(_run(records, output, format="jsonl", **options))
    plain = least["without runner"]
    for way, found in least.items():
        seconds, cpu = min(m.seconds for m in found), min(m.cpu for m in found)
        against = seconds / min(m.seconds for m in plain)
        against_cpu = cpu / min(m.cpu for m in plain)
        click.echo(
            f"{way:<15} {seconds:7.2f} s  {against:5.2f} x   on cores {cpu:7.2f} s "
            f"{against_cpu:5.2f} x   {found[0].characters / seconds:9,.0f} chars/s"
        )


def _texts(paths: tuple[Path, ...], count: int) -> Iterator[str]:
    found = [text for text in read_texts(paths, count) if text.strip()]
    for number, text in enumerate(islice(cycle(found), count)):
        yield f"{text}\n第{number}篇。\n"


def _records(path: Path, paths: tuple[Path, ...], count: int) -> Path:
    with path.open("wb") as file:
        for text in _texts(paths, count):
            file.write(orjson.dumps({"text": text}) + b"\n")
    return path


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.json")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _run(source: Path, output: Path, **options: Any) -> Measured:
    """A run in a process of its own."""
    context = multiprocessing.get_context("spawn")
    parent, child = context.Pipe()
    process = context.Process(target=_in_process, args=(child, source, output, options))
    process.start()
    child.close()
    found = parent.recv()
    process.join()
    assert isinstance(found, Measured)
    return found


def _in_process(pipe: Connection, source: Path, output: Path, options: dict[str, Any]) -> None:
    from pipeline.chain import Pipeline

    pipeline = Pipeline()
    # Tables that the stages make when they first need them.
    pipeline("阿里雲收入265.49億元人民幣，同比增長近兩成。")
    work: Callable[[], int]
    if options.pop("plain", False):

        def work() -> int:
            return _plainly(pipeline, source, output)
    else:

        def work() -> int:
            return _with_runner(pipeline, source, output, **options)

    started, busy = time.perf_counter(), os.times()
    characters = work()
    seconds, now = time.perf_counter() - started, os.times()
    pipe.send(Measured(seconds, sum(now[:4]) - sum(busy[:4]), memory()[1] / 2**20, characters))


def _plainly(pipeline: Any, source: Path, output: Path) -> int:
    """The same work as that of a run, as a loop of a few lines."""
    from pipeline.document import Document

    characters = 0
    with source.open("rb") as lines, output.open("wb") as file:
        documents = (
            Document(
                orjson.loads(line)["text"],
                id=f"{source.stem}/{number}",
                path=source.name,
                record=number,
            )
            for number, line in enumerate(lines, 1)
        )
        for document in pipeline.pipe(documents):
            file.write(document.to_json() + b"\n")
            characters += len(document.source_text)
    return characters


def _with_runner(
    pipeline: Any, source: Path, output: Path, *, shuffle: int | None = None, **options: Any
) -> int:
    from pipeline.batch.options import RunOptions
    from pipeline.batch.run import run
    from pipeline.files.inputs import find_inputs

    inputs = find_inputs([str(source)])
    if shuffle is not None:
        listed = list(inputs)
        random.Random(shuffle).shuffle(listed)
        inputs = iter(listed)
    summary = run(inputs, pipeline, str(output), RunOptions(**options))
    assert not summary.failures
    return summary.characters


if __name__ == "__main__":
    main()
