"""Says of each line of a document what it is and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.document import Document
from pipeline.stages.boilerplate import BoilerplateStripper

_WIDTH = 60


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A line of the text.

    Attributes:
        number: counted from 1.
        start, end: its span of the text, without white space around it.
        kind: title, byline, article, "article, cut", or a label of boilerplate.
        reasons: the evidence with its weights.
    """

    number: int
    start: int
    end: int
    kind: str
    text: str
    reasons: list[str]

    def __str__(self) -> str:
        text = self.text if len(self.text) <= _WIDTH else self.text[: _WIDTH - 1] + "…"
        return f"{self.number:5}  {self.kind:<13} {text}" + (
            f"   <- {'; '.join(self.reasons)}" if self.reasons else ""
        )


def explain(document: Document, stripper: BoilerplateStripper) -> Iterator[ExplainedLine]:
    """Every line with text: what it is, and the evidence.

    Args:
        document: with `text` and `metadata`.
        stripper: the rules to ask.
    """
    page = stripper.page(document)
    weighed = stripper.judge.weigh(page)
    title = document.metadata.title
    spans = [f for item in weighed.values() for f in item.found]
    for number, line in enumerate(page.lines):
        if not line.text:
            continue
        item = weighed.get(number)
        inside = [f for f in spans if f.start < line.last and line.first < f.end]
        reasons = [f"{e.label} {e.name} {e.weight:+g}" for e in item.evidence] if item else []
        reasons += [f"{f.label} {f.by}" for f in inside if not f.by.startswith("line:")]
        if line.fixed:
            kind = "title" if title and title.start <= line.first < title.end else "byline"
        elif any(f.start <= line.first and line.last <= f.end for f in inside):
            kind = inside[0].label
        else:
            kind = "article, cut" if inside else "article"
        yield ExplainedLine(number + 1, line.first, line.last, kind, line.text, reasons)
