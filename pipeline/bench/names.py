"""How fast names are found without the tagger, against `jieba.lcut` in the same run.

    python -m pipeline.bench.names ITEMS.jsonl [--field NAME]

Texts are put together to documents of the length of an article. Each round measures all parts in
turn; the best round of each counts.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import click
import jieba
import orjson

from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.entities.aliases import Aliases
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.patterns import Patterns
from pipeline.stages.normalize import Normalizer
from pipeline.stages.segment import Segmenter

_ARTICLE = 1500


@click.command()
@click.argument("items", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--field", default="text", show_default=True)
@click.option("--rounds", default=5, show_default=True)
def main(items: Path, field: str, rounds: int) -> None:
    """Print characters a second, and how many times jieba's."""
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    resources = Resources()
    started = time.perf_counter()
    lexicon = Lexicon(resources)
    loaded = time.perf_counter() - started
    patterns = Patterns(resources, lexicon)
    aliases = Aliases(resources.toml("entities.toml"), lexicon)
    documents = _documents(items, field)
    known = [lexicon.find(document) for document in documents]
    proposed = [
        [*names, *patterns.find(document, names)]
        for document, names in zip(documents, known, strict=True)
    ]
    parts: dict[str, Callable[[], object]] = {
        "jieba.lcut": lambda: [jieba.lcut(document.text) for document in documents],
        "lexicon": lambda: [lexicon.find(document) for document in documents],
        "patterns": lambda: [
            list(patterns.find(d, names)) for d, names in zip(documents, known, strict=True)
        ],
        "aliases": lambda: [
            list(aliases.find(d, names)) for d, names in zip(documents, proposed, strict=True)
        ],
    }
    best = dict.fromkeys(parts, float("inf"))
    for _ in range(rounds):
        for name, part in parts.items():
            started = time.perf_counter()
            part()
            best[name] = min(best[name], time.perf_counter() - started)
    best["lexicon and patterns"] = best["lexicon"] + best["patterns"]
    characters = sum(len(document.text) for document in documents)
    print(f"{characters} characters, {sum(map(len, known))} names; loaded in {loaded:.3f} s")
    for name, seconds in best.items():
        speed, times = characters / seconds, best["jieba.lcut"] / seconds
        print(f"{name:<22}{speed:>12,.0f} chars/s{times:>8.1f} x jieba")


def _documents(items: Path, field: str) -> list[Document]:
    normalizer, segmenter = Normalizer(), Segmenter()
    documents: list[Document] = []
    lines: list[str] = []
    for line in items.read_bytes().splitlines():
        lines.append(orjson.loads(line)[field])
        if sum(map(len, lines)) >= _ARTICLE:
            document = normalizer("\n".join(lines))
            segmenter.process(document)
            documents.append(document)
            lines = []
    return documents


if __name__ == "__main__":
    main()
