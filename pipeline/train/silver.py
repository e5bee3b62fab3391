"""Repairs of machine-made labels before a tagger learns from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.segment import Segmenter
from pipeline.train.data import Example, Span

_LABELS = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC"}


def with_lexicon(examples: Iterable[Example], resources: Resources) -> Iterator[Example]:
    """The names of the lexicon laid over each example's own.

    A name of the lexicon wins where the two overlap, unless the example's is the longer one around
    it. Products, indices and the like take the label from what was marked there.
    """
    lexicon, segmenter = Lexicon(resources), Segmenter(resources=resources)
    for example in examples:
        document = Document(example.text)
        document.text = example.text
        segmenter.process(document)
        found = lexicon.find(document.text, document.tokens)
        known = [(m.start, m.end, _LABELS.get(m.label, "")) for m in found]
        yield Example(example.text, tuple(sorted(_overlaid(example.spans, known))))


def _overlaid(spans: Iterable[Span], known: list[Span]) -> Iterator[Span]:
    taken: set[int] = set()
    for start, end, label in spans:
        rivals = [k for k in known if k[0] < end and start < k[1]]
        longer = all(start <= k[0] and k[1] <= end and k[1] - k[0] < end - start for k in rivals)
        if longer:
            taken.update(range(start, end))
            yield start, end, label
    for start, end, label in known:
        if label and taken.isdisjoint(range(start, end)):
            yield start, end, label
