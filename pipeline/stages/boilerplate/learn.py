"""Learns from a corpus which lines are boilerplate: those that come back in a source's documents.

Three passes over the documents. The first counts in how many documents of its source each template
of a line stands, in a sketch of fixed size (a count-min sketch: Cormode and Muthukrishnan, 2005).
The second looks only at templates that reached the threshold: how often they stood outside the
article (judged by the packaged rules), and what label those rules gave them. The third looks at
the lines between those that were learned. Memory is bounded by the sketch and, for each source, by
`1 / share` times the lines of a document. All that is kept are sums and smallest hashes, so that
the order of the documents does not matter.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.document import Document
from pipeline.stages.boilerplate import BoilerplateStripper
from pipeline.stages.boilerplate.learned import keys, lead
from pipeline.stages.boilerplate.lines import OUTSIDE, Line

_ROWS = 4
_EXAMPLES = 3
_MOST_BETWEEN = 12
# Lines in so many documents of a source are the frame for what changes between them.
_ANCHOR_SHARE = 0.1
# How many of an article's last lines may be boilerplate that no rule knows.
_EDGE_LINES = 3
_PARAGRAPH = 60


@dataclass(frozen=True, slots=True)
class LearnOptions:
    """When a line is learned.

    Attributes:
        support: fewest documents of a source in which it stands.
        share: smallest share of the source's documents in which it stands.
        outside: smallest share of its occurrences that the rules place outside the article.
        width: cells in each row of the sketch; an overestimate is about `lines / width`.
    """

    support: int = 3
    share: float = 0.01
    outside: float = 0.9
    width: int = 1 << 20


@dataclass(frozen=True, slots=True)
class LearnedLine:
    """A line that comes back, with the evidence for it."""

    template: str
    label: str
    support: int
    source: str
    outside: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnedBetween:
    """Lines between two learned lines, at most `max_lines`, with the evidence for them."""

    first: str
    last: str
    label: str
    max_lines: int
    support: int
    source: str
    examples: tuple[str, ...]


class CountMin:
    """Counts of hashed keys in fixed memory; a count is never too small."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows = [array("I", bytes(4 * width)) for _ in range(_ROWS)]

    def add(self, key: bytes) -> None:
        """Count a key of at least 32 bytes."""
        for row, cell in self._cells(key):
            row[cell] += 1

    def count(self, key: bytes) -> int:
        """How often a key was added, or more."""
        return min(row[cell] for row, cell in self._cells(key))

    def _cells(self, key: bytes) -> Iterator[tuple[array[int], int]]:
        for number, row in enumerate(self._rows):
            yield row, int.from_bytes(key[8 * number : 8 * number + 8]) % self._width


@dataclass(slots=True)
class _Seen:
    """What the second pass sums up about a template."""

    support: int = 0
    places: int = 0
    outside: int = 0
    at_edge: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def example(self, text: str) -> None:
        """Keep the texts with the smallest hashes: the same ones in any order of documents."""
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.examples[digest] = text
        if len(self.examples) > _EXAMPLES:
            del self.examples[max(self.examples)]

    def away(self) -> int:
        """How many of its places are none of the article's.

        An article's last lines count where they are the same, figures included, everywhere.
        """
        return self.outside + (self.at_edge if len(self.examples) == 1 else 0)

    def shown(self) -> tuple[str, ...]:
        return tuple(self.examples[key] for key in sorted(self.examples))

    def label(self) -> str:
        return min(self.labels, key=lambda name: (-self.labels[name], name))


@dataclass(slots=True)
class _Between(_Seen):
    most: int = 0
    article: int = 0


def learn(
    documents: Callable[[], Iterable[tuple[str, Document]]],
    stripper: BoilerplateStripper,
    options: LearnOptions | None = None,
) -> tuple[list[LearnedLine], list[LearnedBetween]]:
    """The lines that come back, and what stands between them, the most frequent first.

    Args:
        documents: gives `(source, document)` pairs, the same ones each time it is called; the
            documents have `text` and `metadata`.
        stripper: the packaged or the user's rules.
        options: see `LearnOptions`.
    """
    options = options or LearnOptions()
    sketch, sizes = CountMin(options.width), Counter[str]()
    for source, document in documents():
        sizes[source] += 1
        found = (keys(line) for line in _texts(document))
        for key in sorted({key for known in found for key in known}):
            sketch.add(_digest(source, key))
    least = {s: max(options.support, options.share * size) for s, size in sizes.items()}
    lines: dict[tuple[str, str], _Seen] = {}
    for source, document in documents():
        _look(source, _Labelled(document, stripper), sketch, least[source], lines)
    learned = {
        (source, key): LearnedLine(
            key, seen.label(), seen.support, source, seen.away() / seen.places, seen.shown()
        )
        for (source, key), seen in lines.items()
        if seen.support >= least[source] and seen.away() >= options.outside * seen.places
    }
    _drop_covered(learned)
    gaps: dict[tuple[str, str, str], _Between] = {}
    known: dict[str, dict[str, bool]] = {source: {} for source in sizes}
    for (source, key), line in learned.items():
        known[source][key] = line.support >= _ANCHOR_SHARE * sizes[source]
    for source, document in documents():
        _look_between(source, _Labelled(document, stripper), known[source], gaps)
    between = [
        LearnedBetween(
            first, last, gap.label(), _with_room(gap.most), gap.support, source, gap.shown()
        )
        for (source, first, last), gap in gaps.items()
        if gap.support >= least[source] and gap.article <= (1 - options.outside) * gap.support
    ]
    return (
        sorted(learned.values(), key=lambda r: (r.source, -r.support, r.template)),
        sorted(between, key=lambda r: (r.source, -r.support, r.first, r.last)),
    )


class _Labelled:
    """A document's lines with the labels that the rules give them.

    Attributes:
        lines: those with text.
        labels: of each line; empty if it is the article's.
        guesses: by number of the line, for the last lines of the article: the label that it has
            if it turns out to come back.
    """

    def __init__(self, document: Document, stripper: BoilerplateStripper) -> None:
        page = stripper.page(document)
        weighed = stripper.judge.weigh(page)
        numbers = [n for n, line in enumerate(page.lines) if line.text]
        self.lines = [page.lines[n] for n in numbers]
        spans = [(f.start, f.end, f.label) for item in weighed.values() for f in item.found]
        self.labels = _labels(self.lines, spans)
        self.guesses: dict[int, str] = {}
        kept = [
            n
            for n, line in enumerate(self.lines)
            if not self.labels[n] and not line.places & OUTSIDE
        ]
        for number in reversed(kept[-_EDGE_LINES:]):
            line = self.lines[number]
            if len(line.text) > _PARAGRAPH:
                break
            if line.text[-1] not in ":：":
                item = weighed.get(numbers[number])
                evidence = item.evidence if item else []
                self.guesses[number] = evidence[0].label if evidence else "promotion"


def _look(
    source: str,
    page: _Labelled,
    sketch: CountMin,
    least: float,
    seen: dict[tuple[str, str], _Seen],
) -> None:
    """Add one document to what is known about the lines that come back."""
    once: set[str] = set()
    for number, line in enumerate(page.lines):
        if line.fixed:
            continue
        for key in keys(line.text):
            if sketch.count(_digest(source, key)) < least:
                continue
            item = seen.setdefault((source, key), _Seen())
            item.places += 1
            label = page.labels[number]
            if label:
                item.outside += 1
                item.labels[label] += 1
            elif number in page.guesses:
                item.at_edge += 1
                item.labels[page.guesses[number]] += 1
            item.example(line.text)
            if key not in once:
                once.add(key)
                item.support += 1


def _look_between(
    source: str,
    page: _Labelled,
    known: dict[str, bool],
    gaps: dict[tuple[str, str, str], _Between],
) -> None:
    """Add one document to what is known about the stretches between learned lines.

    Stretches lead from one learned line to the next, and from one that many documents have to the
    next of those: what stands between them may have lines that come back, too.
    """
    # An empty template, at the header: no stretch reaches over it.
    at: list[tuple[int, str]] = []
    for number, line in enumerate(page.lines):
        key = "" if line.fixed else next((k for k in keys(line.text) if k in known), None)
        if key is not None:
            at.append((number, key))
    frame = [(number, key) for number, key in at if not key or known[key]]
    for (begin, first), (end, last) in sorted({*pairwise(at), *pairwise(frame)}):
        if first and last and 1 < end - begin <= _MOST_BETWEEN + 1:
            _add_gap(
                gaps.setdefault((source, first, last), _Between()),
                [line.text for line in page.lines[begin + 1 : end]],
                page.labels[begin + 1 : end],
            )


def _add_gap(gap: _Between, texts: Sequence[str], labels: Sequence[str]) -> None:
    gap.support += 1
    gap.most = max(gap.most, len(texts))
    gap.article += not all(labels)
    gap.labels.update(label for label in labels if label)
    gap.example(texts[0])


def _labels(lines: Sequence[Line], spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """The label of each line that stands in a span as a whole, or an empty string."""
    result: list[str] = []
    at = 0
    for line in lines:
        while at < len(spans) and spans[at][1] < line.last:
            at += 1
        inside = at < len(spans) and spans[at][0] <= line.first
        result.append(spans[at][2] if inside else "")
    return result


def _drop_covered(learned: dict[tuple[str, str], LearnedLine]) -> None:
    """Leave out `责任编辑：何晓` where `责任编辑：*` is learned."""
    for source, key in list(learned):
        general = lead(key)
        if general is not None and general != key and (source, general) in learned:
            del learned[source, key]


def _texts(document: Document) -> Iterator[str]:
    for line in document.text.split("\n"):
        text = line.strip()
        if text:
            yield text


def _with_room(most: int) -> int:
    """Lines that a stretch may have, if the longest one seen had so many."""
    return most + max(2, most // 2)


def _digest(source: str, key: str) -> bytes:
    return hashlib.blake2b(f"{source}\0{key}".encode(), digest_size=32).digest()
