"""Learns from a corpus which lines are boilerplate: those that come back in many documents of a source.

Two passes over the documents. The first counts in how many documents of its source each template
of a line stands, in a sketch of fixed size. The second looks only at templates that reached the
threshold: how often they stood outside the article (judged by the packaged rules), what label
those rules gave them, and which pairs of them have changing lines between them. Memory is bounded
by the sketch and by `1 / share` times the lines of a document for each source. All that is kept are
sums and smallest hashes, so that the order of the documents does not matter.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.document import Document
from pipeline.stages.boilerplate import BoilerplateStripper
from pipeline.stages.boilerplate.learned import LONGEST, lead, template
from pipeline.stages.boilerplate.lines import OUTSIDE, Line

_ROWS = 4
_EXAMPLES = 3
_MOST_BETWEEN = 12
_EDGE_LINES = 6
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
    labels: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def example(self, text: str) -> None:
        """Keep the texts with the smallest hashes: the same ones in any order of documents."""
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        self.examples[digest] = text
        if len(self.examples) > _EXAMPLES:
            del self.examples[max(self.examples)]

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
        found = (_keys(line) for line in _texts(document))
        for key in sorted({key for keys in found for key in keys}):
            sketch.add(_digest(source, key))
    least = {s: max(options.support, options.share * size) for s, size in sizes.items()}
    lines: dict[tuple[str, str], _Seen] = {}
    gaps: dict[tuple[str, str, str], _Between] = {}
    for source, document in documents():

        def frequent(key: str, source: str = source) -> bool:
            return sketch.count(_digest(source, key)) >= least[source]

        _look(source, document, stripper, frequent, lines, gaps)
    learned = {
        (source, key): LearnedLine(
            key, seen.label(), seen.support, source, seen.outside / seen.places, seen.shown()
        )
        for (source, key), seen in lines.items()
        if seen.support >= least[source] and seen.outside >= options.outside * seen.places
    }
    _drop_covered(learned)
    between = [
        LearnedBetween(first, last, gap.label(), gap.most, gap.support, source, gap.shown())
        for (source, first, last), gap in gaps.items()
        if gap.support >= least[source]
        and not gap.article
        and (source, first) in learned
        and (source, last) in learned
    ]
    return (
        sorted(learned.values(), key=lambda r: (r.source, -r.support, r.template)),
        sorted(between, key=lambda r: (r.source, -r.support, r.first, r.last)),
    )


def _look(
    source: str,
    document: Document,
    stripper: BoilerplateStripper,
    frequent: Callable[[str], bool],
    lines: dict[tuple[str, str], _Seen],
    gaps: dict[tuple[str, str, str], _Between],
) -> None:
    """Add one document to the sums of the second pass."""
    page = stripper.page(document)
    weighed = stripper.judge.weigh(page)
    spans = [(f.start, f.end, f.label) for item in weighed.values() for f in item.found]
    labels = _labels([(line.first, line.last) for line in page.lines], spans)
    filled = [n for n, line in enumerate(page.lines) if line.text]
    edge = _edge(page.lines, filled, labels)
    once: set[tuple[str, str]] = set()
    before: tuple[int, str] | None = None
    for at, number in enumerate(filled):
        line = page.lines[number]
        if line.fixed:
            before = None
            continue
        known: str | None = None
        for key in _keys(line.text):
            if not frequent(key):
                continue
            known = known or key
            seen = lines.setdefault((source, key), _Seen())
            seen.places += 1
            # On a page without menus, the last lines may be boilerplate that no rule knows yet.
            label = labels[number] or ("navigation" if number in edge else "")
            seen.outside += bool(label)
            if label:
                seen.labels[label] += 1
            if (source, key) not in once:
                once.add((source, key))
                seen.support += 1
                seen.example(line.text)
        if known is None:
            continue
        if before is not None and 0 < at - before[0] - 1 <= _MOST_BETWEEN:
            _add_gap(
                gaps.setdefault((source, before[1], known), _Between()),
                [page.lines[n].text for n in filled[before[0] + 1 : at]],
                [labels[n] for n in filled[before[0] + 1 : at]],
            )
        before = (at, known)


def _add_gap(gap: _Between, texts: Sequence[str], labels: Sequence[str]) -> None:
    gap.support += 1
    gap.most = max(gap.most, len(texts))
    gap.article += not all(labels)
    gap.labels.update(label for label in labels if label)
    gap.example(texts[0])


def _labels(lines: Sequence[tuple[int, int]], spans: list[tuple[int, int, str]]) -> list[str]:
    """The label of each line that stands in a span as a whole, or an empty string."""
    result: list[str] = []
    at = 0
    for start, end in lines:
        while at < len(spans) and spans[at][1] < end:
            at += 1
        inside = at < len(spans) and spans[at][0] <= start and end <= spans[at][1]
        result.append(spans[at][2] if inside and start < end else "")
    return result


def _edge(lines: Sequence[Line], filled: Sequence[int], labels: Sequence[str]) -> set[int]:
    """The last lines of a page that shows no menus, below its last paragraph."""
    if any(line.places & OUTSIDE for line in lines):
        return set()
    kept = [number for number in filled if not labels[number]]
    tail: set[int] = set()
    for number in reversed(kept[-_EDGE_LINES:]):
        if len(lines[number].text) > _PARAGRAPH:
            break
        tail.add(number)
    return tail


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


def _keys(text: str) -> list[str]:
    """The templates of a line: itself with masks, and its label with anything behind it."""
    if len(text) > LONGEST:
        return []
    general = lead(text)
    return [template(text)] if general is None else [template(text), general]


def _digest(source: str, key: str) -> bytes:
    return hashlib.blake2b(f"{source}\0{key}".encode(), digest_size=32).digest()
