"""The annotated sentences that a tagger is trained on or scored on, read from their own formats.

All come as `Example`: simplified text with spans labelled PER, ORG or LOC.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = ("PER", "ORG", "LOC")
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and its names as `(start, end, label)`, half open, in order of start."""

    text: str
    spans: tuple[Span, ...]


def uner(path: Path) -> list[Example]:
    """A `.iob2` file of Universal NER: words with BIO tags, original text in `# text =`.

    Traditional text is converted by OpenCC `t2s`, which keeps every offset.
    """
    from opencc import OpenCC

    simplify = OpenCC("t2s").convert
    examples = []
    for block in _blocks(path):
        lines = block.split("\n")
        text = next(x for x in lines if x.startswith("# text = ")).removeprefix("# text = ")
        at, tagged = 0, []
        for line in lines:
            if line.startswith("#"):
                continue
            _, word, tag, *_ = line.split("\t")
            at = text.index(word, at)
            tagged.append((at, at + len(word), tag))
            at += len(word)
        examples.append(Example(simplify(text), tuple(_merged(tagged))))
    return examples


def weibo(path: Path) -> list[Example]:
    """Weibo posts: a character with its place in the word, and a tag such as B-PER.NAM.

    Nominal mentions (NOM) are no names; GPE is a place.
    """
    examples = []
    for block in _blocks(path):
        text, tagged = "", []
        for line in block.split("\n"):
            character, tag = line.split("\t")
            label = tag.replace("GPE", "LOC")
            tagged.append((len(text), len(text) + 1, label[:5] if tag.endswith(".NAM") else "O"))
            text += character[0]
        examples.append(Example(text, tuple(_merged(tagged))))
    return examples


def resume(path: Path) -> list[Example]:
    """Curricula vitae: a character and a BMES tag; NAME, ORG and LOC count."""
    labels = {"NAME": "PER", "ORG": "ORG", "LOC": "LOC"}
    examples = []
    for block in _blocks(path):
        text, tagged = "", []
        for line in block.split("\n"):
            character, tag = line.split(" ")
            place, _, name = tag.partition("-")
            label = labels.get(name)
            bio = "O" if label is None else f"{'B' if place in 'BS' else 'I'}-{label}"
            tagged.append((len(text), len(text) + 1, bio))
            text += character
        examples.append(Example(text, tuple(_merged(tagged))))
    return examples


def silver(path: Path) -> list[Example]:
    """JSON Lines of `{"text", "entities": [[start, end, label], ...]}`."""
    lines = _lines(path)
    items = (json.loads(line) for line in lines)
    return [
        Example(item["text"], tuple(sorted((s, e, label) for s, e, label in item["entities"])))
        for item in items
    ]


def finre(path: Path) -> list[Example]:
    """Sentences with the two organisations of each pair; other names are not marked."""
    pairs: dict[str, set[str]] = {}
    for line in _lines(path):
        first, second, _, text = line.split("\t")
        pairs.setdefault(text, set()).update((first, second))
    return [Example(text, tuple(_occurrences(text, names, "ORG"))) for text, names in pairs.items()]


def cluener(path: Path) -> list[Example]:
    """CLUENER's JSON Lines; name, address and scene, company, government and organization count."""
    labels = {
        "name": "PER",
        "address": "LOC",
        "scene": "LOC",
        "company": "ORG",
        "government": "ORG",
        "organization": "ORG",
    }
    examples = []
    for line in _lines(path):
        item = json.loads(line)
        spans = [
            (start, end + 1, labels[kind])
            for kind, names in item["label"].items()
            if kind in labels
            for places in names.values()
            for start, end in places
        ]
        examples.append(Example(item["text"], tuple(sorted(spans))))
    return examples


def cfsc(path: Path) -> list[Example]:
    """Financial news; of its labels Corporate is an organisation."""
    return [
        Example(
            item["text"],
            tuple(
                (span["from"], span["to"], "ORG")
                for span in item["labels"]
                if span["Level 1 Aspect"] == "Corporate"
            ),
        )
        for item in json.loads(path.read_text(encoding="utf-8"))
    ]


def gold(folder: Path) -> list[Example]:
    """This project's own `.gold` files: each line that has a sentence, in simplified script."""
    from opencc import OpenCC

    from pipeline.evaluate.gold import SUFFIX, read_gold

    labels = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC"}
    simplify = OpenCC("t2s").convert
    examples = []
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        document = read_gold(path)
        start = 0
        for line in document.source_text.split("\n"):
            end = start + len(line)
            spans = (
                (a.start - start, a.end - start, labels[a.label])
                for a in document.annotations
                if a.label in labels and start <= a.start and a.end <= end
            )
            if line.strip():
                examples.append(Example(simplify(line), tuple(sorted(spans))))
            start = end + 1
    return examples


def _lines(path: Path) -> list[str]:
    """Lines that end in a line feed only: the texts hold other separators."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    return [line for line in text.split("\n") if line.strip()]


def _blocks(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    return [block.strip("\n") for block in text.split("\n\n") if block.strip("\n")]


def _merged(tagged: Iterable[Span]) -> Iterator[Span]:
    """Spans from stretches with BIO tags; other labels than PER, ORG and LOC are left out."""
    current: Span | None = None
    for start, end, tag in tagged:
        label = tag[2:]
        if label not in LABELS:
            label = ""
        if current is not None and label == current[2] and tag[0] == "I":
            current = (current[0], end, label)
            continue
        if current is not None:
            yield current
        current = (start, end, label) if label else None
    if current is not None:
        yield current


def _occurrences(text: str, names: Iterable[str], label: str) -> Iterator[Span]:
    """All places of the names, the longest first where they overlap, in order."""
    taken: set[int] = set()
    spans = []
    for name in sorted(names, key=lambda n: (-len(n), n)):
        at = text.find(name)
        while at >= 0:
            span = range(at, at + len(name))
            if taken.isdisjoint(span):
                taken.update(span)
                spans.append((at, at + len(name), label))
            at = text.find(name, at + 1)
    yield from sorted(spans)
