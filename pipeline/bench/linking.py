"""How often a company that a news item is about is found and linked to its code.

    python -m pipeline.bench.linking ITEMS.jsonl [--misses N]

Each line is `{"text": TEXT, "company": SHORT NAME, "code": CODE}`. Items count whose text has the
company's name. It is linked if an ORG that covers a place of the name has a ticker with the code,
whatever its market.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import orjson

from pipeline.document import Document, Entity
from pipeline.stages.entities import EntityRecognizer


@click.command()
@click.argument("items", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--misses", default=0, show_default=True, help="How many to list.")
def main(items: Path, misses: int) -> None:
    """Print the share of items whose company is found, and found with its code."""
    recognizer = EntityRecognizer()
    named = found = linked = 0
    missed: Counter[tuple[str, str, str]] = Counter()
    for line in items.read_bytes().splitlines():
        item = orjson.loads(line)
        name, code = "".join(item["company"].split()), item["code"]
        document = recognizer(item["text"])
        covering = list(_covering(document, name))
        if covering or name in document.text:
            named += 1
            found += bool(covering)
            if any(code in {t.partition(".")[0] for t in e.tickers} for e in covering):
                linked += 1
            else:
                missed[name, code, covering[0].by if covering else "not found"] += 1
    print(f"{named} items name their company", end=": ")
    print(f"{found / named:.4f} found, {linked / named:.4f} linked")
    for (name, code, by), count in missed.most_common(misses):
        print(f"{count:>5}  {name} {code}: {by}")


def _covering(document: Document, name: str) -> Iterator[Entity]:
    start = document.text.find(name)
    while start >= 0:
        for entity in document.entities:
            if entity.label == "ORG" and entity.start <= start and entity.end >= start + len(name):
                yield entity
        start = document.text.find(name, start + 1)


if __name__ == "__main__":
    main()
