"""Why an annotation is there or not: the stages run again over the source, and are watched."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from pipeline.chain import Pipeline
from pipeline.document import Document, Number
from pipeline.stages.boilerplate import BoilerplateStripper
from pipeline.stages.boilerplate.explain import explain
from pipeline.stages.entities import EntityRecognizer
from pipeline.stages.entities.mentions import Proposal
from pipeline.stages.normalize import Normalizer
from pipeline.stages.numbers import NumberExtractor
from pipeline.stages.numbers.not_numbers import not_numbers

_AROUND = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One statement: `what` it is about (a layer or a source), and what is said."""

    what: str
    says: str


class Trace:
    """The run of a pipeline over a document's source, with what the stages left aside.

    Args:
        document: an annotated document; it stays as it is.
        pipeline: the stages; they should be those that made the document.

    Attributes:
        document: the document as this pipeline makes it.
        same: whether the pipeline is the one that made the given document.
    """

    def __init__(self, document: Document, pipeline: Pipeline) -> None:
        self.same = document.pipeline.fingerprint == pipeline.info.fingerprint
        self._stages = {stage.name: stage for stage in pipeline.stages}
        self._proposals: list[Proposal] = []
        self._numbers_without_names: list[Number] = []
        self._before: dict[str, Document] = {}
        source = document.source
        new = Document(
            document.source_text, id=document.id, path=source.path, encoding=source.encoding,
            encoding_by=source.encoding_by, record=source.record,
            extracted_by=source.extracted_by, sha256=source.sha256,
        )  # fmt: skip
        for stage in pipeline.stages:
            self._before[stage.name] = copy_of(new)
            if isinstance(stage, EntityRecognizer):
                self._proposals = stage.proposals(new)
            if isinstance(stage, NumberExtractor):
                without = copy_of(new)
                without.entities = []
                self._numbers_without_names = stage(without).numbers
            new = stage(new)
        new.pipeline = pipeline.info
        self.document = new

    def why(self, start: int, end: int) -> Iterator[Row]:
        """Everything that is said of a span of the text, and what competed."""
        document = self.document
        yield Row("text", _in_context(document.text, start, end))
        source_start, source_end, source_text = document.source_span(start, end)
        yield Row("source", f"{source_start}–{source_end} {source_text!r}")
        yield from self._conversion(start, end)
        for token in _touching(document.tokens, start, end):
            yield Row("token", f"{token.start}–{token.end} {token.text}/{token.pos}")
        for layer in ("entities", "numbers", "boilerplate"):
            for item in _touching(getattr(document, layer), start, end):
                yield Row(layer, describe(item))
        spans = [(i.start, i.end) for i in _touching(document.entities, start, end)]
        spans += [(i.start, i.end) for i in _touching(document.numbers, start, end)]
        low = min((s for s, _ in spans), default=start)
        high = max((e for _, e in spans), default=end)
        yield from self._competed(low, high)
        yield from self._lines(start, end)

    def why_not(self, start: int, end: int) -> Iterator[Row]:
        """Which rules looked at a span of the text, and why none took it as a whole."""
        document = self.document
        yield Row("text", _in_context(document.text, start, end))
        exact = [
            item
            for layer in ("entities", "numbers", "boilerplate")
            for item in getattr(document, layer)
            if (item.start, item.end) == (start, end)
        ]
        for item in exact:
            yield Row("it is", describe(item))
        if exact:
            return
        before = self._before.get("entities", document)
        for token in _touching(before.tokens, start, end):
            yield Row("token", f"{token.start}–{token.end} {token.text}/{token.pos}")
        for layer in ("entities", "numbers"):
            for item in _touching(getattr(document, layer), start, end):
                yield Row(f"overlaps ({layer})", describe(item))
        yield from self._competed(start, end)
        recognizer = self._stages.get("entities")
        if isinstance(recognizer, EntityRecognizer):
            for source, reason in recognizer.refusals(before, start, end):
                yield Row(source, reason)
        if not _touching(self._numbers_without_names, start, end):
            yield Row("numbers", self._no_numeral(start, end))
        yield from self._lines(start, end)

    def _conversion(self, start: int, end: int) -> Iterator[Row]:
        stage = self._stages.get("normalize")
        if isinstance(stage, Normalizer):
            for choice in _touching(stage.explain(self.document), start, end):
                candidates = " or ".join(choice.candidates)
                yield Row(
                    "conversion",
                    f"{choice.source_text} became {choice.text}, of {candidates}: {choice.by}",
                )

    def _competed(self, start: int, end: int) -> Iterator[Row]:
        text = self.document.text
        kept = {(e.start, e.end, e.label) for e in self.document.entities}
        for proposal in self._proposals:
            mention = proposal.mention
            key = (mention.start, mention.end, mention.label)
            if mention.end <= start or end <= mention.start:
                continue
            reason = proposal.reason
            if reason is None and key in kept:
                continue
            said = (
                f"{mention.label} {mention.start}–{mention.end} "
                f"{text[mention.start : mention.end]!r} by {mention.by}, score {mention.score:g}"
            )
            yield Row("proposed", f"{said}: {reason or self._dropped_by(mention)}")
        numbers = {(n.start, n.end, n.label) for n in self.document.numbers}
        for number in _touching(self._numbers_without_names, start, end):
            if (number.start, number.end, number.label) not in numbers:
                reason = self._no_number(number.start, number.end)
                yield Row("proposed", f"{describe(number)}: {reason}")

    def _dropped_by(self, mention: Any) -> str:
        for item in _touching(self.document.boilerplate, mention.start, mention.end):
            return f"dropped, for it stands in boilerplate ({item.label})"
        for item in _touching(self.document.numbers, mention.start, mention.end):
            return f"dropped for {item.label} {item.start}–{item.end}"
        return "dropped by a later stage"

    def _no_number(self, start: int, end: int) -> str:
        document = self.document
        for item in _touching(document.boilerplate, start, end):
            return f"dropped, for it stands in boilerplate ({item.label})"
        for item in _touching(document.entities, start, end):
            return f"not looked for inside {item.label} {item.start}–{item.end} {item.text}"
        return self._no_numeral(start, end)

    def _no_numeral(self, start: int, end: int) -> str:
        if any(s < end and start < e for s, e in not_numbers(self.document.text)):
            return (
                "not looked for here: an address, a version, a telephone number, a list marker "
                "or the head of a table"
            )
        return "no numeral with its unit, date or duration there"

    def _lines(self, start: int, end: int) -> Iterator[Row]:
        stage = self._stages.get("boilerplate")
        if isinstance(stage, BoilerplateStripper):
            before = self._before["boilerplate"]
            for line in explain(before, stage):
                if line.start < end and start < line.end:
                    reasons = "; ".join(line.reasons) or "no evidence for boilerplate"
                    yield Row("line", f"{line.number}: {line.kind}: {reasons}")


def copy_of(document: Document) -> Document:
    """A document whose layers can be replaced without changing the given one's."""
    new = copy(document)
    for name in ("sentences", "entities", "numbers", "boilerplate", "warnings"):
        setattr(new, name, [copy(item) for item in getattr(document, name)])
    new.tokens = document.tokens[:]
    new.metadata, new.source = copy(document.metadata), copy(document.source)
    return new


def places(document: Document, stretch: str, simplified: str) -> list[tuple[int, int]]:
    """Spans of the text where a stretch stands, in the source or, simplified, in the text."""
    found = set(_occurrences(document.text, simplified))
    for start, end in _occurrences(document.source_text, stretch):
        found.add(document.alignment.to_text(start, end))
    return sorted(found)


def describe(item: Any) -> str:
    """An annotation on one line: label, span, text, value, reason and score."""
    from pipeline.inspect.values import shown_value

    said = f"{item.label} {item.start}–{item.end} {_short(item.text)!r}"
    if isinstance(item, Number):
        value = shown_value(item)
        said += f" = {value}" if value else " (no value)"
    elif name := getattr(item, "name", None):
        said += f" {name}" if name != item.text else ""
        said += f" [{' '.join(item.tickers)}]" if item.tickers else ""
    score = getattr(item, "score", None)
    return f"{said} by {item.by}" + ("" if score is None else f", score {score:g}")


def _occurrences(text: str, stretch: str) -> Iterator[tuple[int, int]]:
    at = text.find(stretch)
    while at >= 0:
        yield at, at + len(stretch)
        at = text.find(stretch, at + 1)


def _touching(items: Any, start: int, end: int) -> list[Any]:
    return [item for item in items if item.start < end and start < item.end]


def _in_context(text: str, start: int, end: int) -> str:
    before = " ".join(text[max(0, start - _AROUND) : start].split())
    after = " ".join(text[end : end + _AROUND].split())
    return f"{start}–{end}  {before}【{text[start:end]}】{after}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:30]} … {line[-7:]}"
