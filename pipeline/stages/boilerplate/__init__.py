"""Stage `boilerplate`: marks what is not part of the article, and leaves the clean text.

It comes last: annotations that stand inside boilerplate are dropped, the boilerplate itself keeps
its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from pipeline.chain import BaseStage
from pipeline.config import BoilerplateSettings
from pipeline.document import Boilerplate, Document, Sentence
from pipeline.resources import Resources
from pipeline.stages.boilerplate.lines import split_lines
from pipeline.stages.boilerplate.rules import Found, Rules
from pipeline.stages.tokens import split_tokens

_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class _Span(Protocol):
    start: int
    end: int


_S = TypeVar("_S", bound=_Span)


class BoilerplateStripper(BaseStage):
    """Fills `boilerplate` and `clean_text`, and drops the annotations inside boilerplate.

    Args:
        settings: see `BoilerplateSettings`.
        resources: where `boilerplate.toml` is looked up.

    Raises:
        ResourceError: if a rule cannot be used.
    """

    name = "boilerplate"
    requires: tuple[str, ...] = ("text", "tokens", "metadata")
    provides: tuple[str, ...] = ("boilerplate", "clean_text")

    def __init__(
        self, settings: BoilerplateSettings | None = None, resources: Resources | None = None
    ) -> None:
        self.settings = settings or BoilerplateSettings()
        self._rules = Rules(resources or Resources())

    def process(self, document: Document) -> None:
        """Fill the layers of `provides`."""
        metadata = document.metadata
        fixed = [(f.start, f.end) for f in (*metadata.byline, metadata.title) if f]
        header = (min(fixed)[0], max(fixed)[1]) if metadata.published and fixed else None
        lines = split_lines(document.text, header, fixed, self._rules.body_length)
        found = self._rules.find(lines)
        document.boilerplate = [_boilerplate(document, item) for item in found]
        removed = sorted(
            [*((f.start, f.end) for f in found), *((f.start, f.end) for f in metadata.byline)]
        )
        document.clean_text = _without(document.text, removed)
        if not self.settings.keep_annotations:
            _drop_annotations(document, [(f.start, f.end) for f in found])


def _boilerplate(document: Document, found: Found) -> Boilerplate:
    return Boilerplate(
        found.start,
        found.end,
        document.text[found.start : found.end],
        found.label,
        *document.source_span(found.start, found.end),
        by=found.by,
        score=found.score,
    )


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without the spans, with at most one empty line in a row."""
    pieces, done = [], 0
    for start, end in spans:
        pieces.append(text[done:start])
        done = max(done, end)
    pieces.append(text[done:])
    return _EMPTY_LINES.sub("\n\n", "".join(pieces)).strip()


def _drop_annotations(document: Document, spans: Sequence[tuple[int, int]]) -> None:
    borders = [border for span in spans for border in span]
    document.tokens = _outside(split_tokens(document.tokens, borders), spans)
    document.entities = _outside(document.entities, spans)
    document.numbers = _outside(document.numbers, spans)
    document.sentences = _with_text_left(document.text, document.sentences, spans)


def _outside(items: Sequence[_S], spans: Sequence[tuple[int, int]]) -> list[_S]:
    """Items that no span overlaps; both are in order."""
    kept: list[_S] = []
    at = 0
    for item in items:
        while at < len(spans) and spans[at][1] <= item.start:
            at += 1
        if at == len(spans) or item.end <= spans[at][0]:
            kept.append(item)
    return kept


def _with_text_left(
    text: str, sentences: Sequence[Sentence], spans: Sequence[tuple[int, int]]
) -> list[Sentence]:
    """Sentences that hold anything outside the spans: one with a widget in it does."""
    kept: list[Sentence] = []
    at = 0
    for sentence in sentences:
        while at < len(spans) and spans[at][1] <= sentence.start:
            at += 1
        position, left = sentence.start, ""
        for start, end in islice(spans, at, None):
            if start >= sentence.end:
                break
            left += text[position:start]
            position = end
        if (left + text[position : sentence.end]).strip():
            kept.append(sentence)
    return kept
