"""Stage `boilerplate`: marks what is not part of the article, and leaves the clean text.

It comes last: annotations that stand inside boilerplate are dropped, the boilerplate itself keeps
its text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Protocol, TypeVar

from pipeline.chain import BaseStage
from pipeline.config import BoilerplateSettings
from pipeline.document import Boilerplate, Document, Sentence
from pipeline.resources import Resources
from pipeline.stages.boilerplate.evidence import Found
from pipeline.stages.boilerplate.judge import Judge, Page
from pipeline.stages.boilerplate.learned import Learned
from pipeline.stages.boilerplate.lines import Line, split_lines
from pipeline.stages.boilerplate.rules import Rules
from pipeline.stages.tokens import split_tokens
from pipeline.tokens import Tokens

_START, _END = attrgetter("start"), attrgetter("end")
_COMPANIES = frozenset({"ORG", "INDEX", "TICKER"})
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
        path = self.settings.rules
        self.judge = Judge(self._rules, Learned(path) if path is not None else None)

    def process(self, document: Document) -> None:
        """Fill the layers of `provides`."""
        metadata = document.metadata
        found = self.judge.find(self.page(document))
        document.boilerplate = [_boilerplate(document, item) for item in found]
        removed = sorted(
            [*((f.start, f.end) for f in found), *((f.start, f.end) for f in metadata.byline)]
        )
        document.clean_text = _without(document.text, removed)
        if not self.settings.keep_annotations:
            _drop_annotations(document, [(f.start, f.end) for f in found])

    def page(self, document: Document) -> Page:
        """A document as the judge looks at it."""
        metadata = document.metadata
        fixed = sorted((f.start, f.end) for f in (*metadata.byline, metadata.title) if f)
        header = (fixed[0][0], fixed[-1][1]) if metadata.published and fixed else None
        lines = split_lines(document.text, header, fixed, self._rules.body_length)
        header_end = next((n for n in reversed(range(len(lines))) if lines[n].fixed), None)
        return Page(
            document.text,
            lines,
            header_end,
            _in_another_script(document, lines),
            [(e.start, e.end) for e in document.entities if e.label in _COMPANIES],
            [(n.start, n.end) for n in document.numbers],
        )


def _in_another_script(document: Document, lines: Sequence[Line]) -> frozenset[int]:
    """Starts of the lines whose script is not that of the longest part of the text."""
    runs = document.source.script_runs
    if len(runs) < 2:
        return frozenset()
    sizes: dict[tuple[str, str], int] = {}
    for run in runs:
        kind = (run.script, run.conversion)
        sizes[kind] = sizes.get(kind, 0) + run.end - run.start
    main = max(sizes, key=lambda kind: sizes[kind])
    other = [(r.start, r.end) for r in runs if (r.script, r.conversion) != main]
    return frozenset(
        line.start
        for line in lines
        if line.text and any(start <= line.first < end for start, end in other)
    )


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
    if not spans:
        return
    spans = _joined_over_space(document.text, spans)
    borders = [border for span in spans for border in span]
    document.tokens = _tokens_outside(split_tokens(document.tokens, borders), spans)
    document.entities = _outside(document.entities, spans)
    document.numbers = _outside(document.numbers, spans)
    document.sentences = _with_text_left(document.text, document.sentences, spans)


def _joined_over_space(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, those with nothing but white space between them as one: no annotation is there."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _tokens_outside(tokens: Tokens, spans: Sequence[tuple[int, int]]) -> Tokens:
    """Tokens that begin in no span; both are in order."""
    kept = Tokens()
    done = 0
    for start, end in spans:
        first, after = tokens.between(start, end)
        kept.extend(tokens, done, first)
        done = after
    kept.extend(tokens, done, len(tokens))
    return kept


def _outside(items: list[_S], spans: Sequence[tuple[int, int]]) -> list[_S]:
    """Items that no span overlaps; both are in order."""
    kept: list[_S] = []
    done = 0
    for start, end in spans:
        # Items do not overlap: their ends are in order as their starts are.
        first = bisect_right(items, start, lo=done, key=_END)
        kept += items[done:first]
        done = bisect_left(items, end, lo=first, key=_START)
    return kept + items[done:]


def _with_text_left(
    text: str, sentences: list[Sentence], spans: Sequence[tuple[int, int]]
) -> list[Sentence]:
    """Sentences that hold anything outside the spans: one with a widget in it does."""
    kept: list[Sentence] = []
    done = 0
    for number, (start, end) in enumerate(spans):
        first = max(done, bisect_right(sentences, start, key=_END))
        kept += sentences[done:first]
        done = max(done, bisect_left(sentences, end, key=_START))
        for sentence in sentences[first:done]:
            position, left = sentence.start, ""
            for begin, stop in spans[number:]:
                if begin >= sentence.end:
                    break
                left += text[position:begin]
                position = stop
            if (left + text[position : sentence.end]).strip():
                kept.append(sentence)
    return kept + sentences[done:]
