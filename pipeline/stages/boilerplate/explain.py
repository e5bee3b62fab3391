"""Says of each line of a document what it is and why."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document import Document
from pipeline.stages.boilerplate import BoilerplateStripper

_WIDTH = 60


def explain(document: Document, stripper: BoilerplateStripper) -> Iterator[str]:
    """A row for each line with text: its number, what it is, its text, and its evidence.

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
        text = line.text if len(line.text) <= _WIDTH else line.text[: _WIDTH - 1] + "…"
        yield f"{number + 1:5}  {kind:<13} {text}" + (
            f"   <- {'; '.join(reasons)}" if reasons else ""
        )
