"""`zhpipe view` over many documents: time of the index, of a search, memory of the server.

    python -m pipeline.bench.view ARTICLES [--documents 100000] [--folder FOLDER]

The documents are made from the annotated articles of a folder of texts: each is one of them with
lines of others behind it, drawn with a fixed seed, so that words, names and values are spread over
the documents. Some thousands are different; each stands in the run under several ids.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from pipeline.chain import Pipeline
from pipeline.document import Document
from pipeline.files.inputs import find_inputs
from pipeline.files.read import read_input

_PORT = 8799
_ROUNDS = 5
_PARTS = 4
_DIFFERENT = 4000
_ID = "made for the bench"
QUERIES: tuple[dict[str, str], ...] = (
    {"q": "阿里雲"},
    {"q": "阿里云"},
    {"q": "公司"},
    {"q": "的"},
    {"q": "一"},
    {"q": "AI"},
    {"q": "台積電 第二季 營收"},
    {"q": "市場 投資"},
    {"entity": "美国"},
    {"ticker": "2330"},
    {"label": "MONEY", "unit": "CNY", "least": "10亿"},
    {"label": "MONEY", "unit": "USD", "least": "1e6", "most": "1e9"},
    {"label": "PERCENT", "least": "5", "most": "10"},
    {"begin": "2025-03", "end": "2025-06"},
    {"q": "收入", "label": "MONEY", "least": "1亿", "begin": "2025"},
    {},
)


@click.command()
@click.argument("articles", type=click.Path(exists=True))
@click.option("--documents", default=100_000, show_default=True, type=click.IntRange(1))
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the run is made and left, and found the next time.",
)
def main(articles: str, documents: int, folder: Path | None) -> None:
    """Make the run, index it, ask, and print a table."""
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        run = place / "run.jsonl"
        if not run.exists():
            _make(articles, run, documents)
        index = place / "index.sqlite"
        begin = time.perf_counter()
        command = [sys.executable, "-m", "pipeline.cli", "view", str(run), "--index", str(index)]
        subprocess.run([*command, "--index-only"], check=True)
        print(f"run {run.stat().st_size / 1e6:,.0f} MB, index {index.stat().st_size / 1e6:,.0f} MB")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"index made in {time.perf_counter() - begin:,.0f} s, of which the processor worked "
              f"{used.ru_utime + used.ru_stime:,.0f} s")  # fmt: skip
        print(f"memory while it was made {used.ru_maxrss / 1024:,.0f} MB")
        server = subprocess.Popen([*command, "--port", str(_PORT)])
        try:
            _ask(server.pid)
        finally:
            server.terminate()
            server.wait()


def _make(articles: str, run: Path, documents: int) -> None:
    pipeline = Pipeline()
    originals = [
        pipeline(found)
        for item in find_inputs([articles])
        for _, found in read_input(item)
        if isinstance(found, Document)
    ]
    lines = [
        (document, *span)
        for document in originals
        for span in _lines(document.text)
        if document.alignment.blocks == ()
    ]
    draw = random.Random(1)
    different = []
    for number in range(min(documents, _DIFFERENT)):
        base = originals[number % len(originals)]
        different.append(_mixed(base, draw.sample(lines, _PARTS)).to_json())
    old = f'"id":"{_ID}"'.encode()
    with run.open("wb") as file:
        for number in range(documents):
            new = f'"id":"{number // 1000:03}/{number:06}"'.encode()
            file.write(different[number % len(different)].replace(old, new, 1) + b"\n")


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        if len(line) > 40:
            yield start, start + len(line)
        start += len(line)


def _mixed(base: Document, lines: list[tuple[Document, int, int]]) -> Document:
    """A document with the header of one article, its text, and lines of others behind it."""
    pieces = [(base, 0, len(base.text)), *lines] if base.alignment.blocks == () else lines
    source = "".join(d.source_text[s:e] for d, s, e in pieces)
    made = Document(source, id=_ID, path=base.source.path)
    made.text = "".join(d.text[s:e] for d, s, e in pieces)
    made.source.script = base.source.script
    made.pipeline = base.pipeline
    if pieces[0][0] is base:
        made.metadata = base.metadata
    at = 0
    for document, start, end in pieces:
        for layer in ("sentences", "tokens", "entities", "numbers", "boilerplate"):
            moved = getattr(made, layer)
            for item in getattr(document, layer):
                if start <= item.start and item.end <= end:
                    moved.append(_moved(item, at - start))
        at += end - start
    made.clean_text = made.text
    return made


def _moved(item: Any, by: int) -> Any:
    new = copy(item)
    new.start, new.end = item.start + by, item.end + by
    if hasattr(item, "source_start"):
        new.source_start, new.source_end = item.source_start + by, item.source_end + by
    return new


def _worked(server: int) -> float:
    """Seconds that a processor has worked for the server: what other programs leave it or not."""
    fields = Path(f"/proc/{server}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(server: int) -> None:
    address = f"http://127.0.0.1:{_PORT}"
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/static/page.css").read()
            break
        except OSError:
            time.sleep(0.2)
    print(f"{'search':<64}{'first ms':>9}{'median':>8}{'worked':>8}{'found':>9}")
    for query in QUERIES:
        times = []
        worked = _worked(server)
        for number in range(_ROUNDS):
            # Another question each time, or the answer is remembered; a filter that all pass.
            asked = {**query, "end": query.get("end", f"29{number:02}")}
            begin = time.perf_counter()
            page = urllib.request.urlopen(f"{address}/?{urlencode(asked)}").read().decode()
            times.append(1000 * (time.perf_counter() - begin))
        worked = 1000 * (_worked(server) - worked) / _ROUNDS
        found = page.partition('id="total">')[2].partition("<")[0]
        print(f"{query!s:<64}{times[0]:>9.0f}{statistics.median(times):>8.0f}"
              f"{worked:>8.0f}{found:>9}")  # fmt: skip
    for path in ("/top", "/numbers", "/errors", "/document?id=001/001234"):
        begin = time.perf_counter()
        urllib.request.urlopen(address + path).read()
        print(f"{path:<64}{1000 * (time.perf_counter() - begin):>9.0f}")
    status = Path(f"/proc/{server}/status").read_text(encoding="utf-8")
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    print(f"memory of the server {int(peak) / 1024:,.0f} MB at most")


if __name__ == "__main__":
    main()
