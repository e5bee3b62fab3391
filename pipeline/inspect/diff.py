"""What two runs over the same articles say differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.document import Document
from pipeline.inspect.selection import Selection

# What an annotation says, beside its span and its reason.
_FIELDS = {
    "entities": ("label", "id", "name", "tickers"),
    "numbers": (
        "label", "value", "unit", "min", "max", "modifier", "cue", "date_begin", "date_end",
        "change",
    ),
    "boilerplate": ("label",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """One annotation that two runs make differently.

    Attributes:
        kind: gained, lost or changed.
        layer: entities, numbers or boilerplate.
        item: the annotation, of the second run where it has one.
        fields: of a changed one, (field, first value, second value).
    """

    kind: str
    layer: str
    item: Any
    fields: tuple[tuple[str, Any, Any], ...] = ()


@dataclass(slots=True)
class Difference:
    """What differs in one document; `only_in` says which run alone has it, 1 or 2."""

    id: str
    changes: list[Changed] = field(default_factory=list)
    only_in: int | None = None


def compare(first: Document, second: Document, selection: Selection) -> Difference:
    """Annotations gained, lost and changed; they are the same if their source spans are."""
    changes = []
    for layer in selection.layers:
        if layer not in _FIELDS:
            continue
        old = {(i.source_start, i.source_end): i for i in selection.items(first, layer)}
        new = {(i.source_start, i.source_end): i for i in selection.items(second, layer)}
        for span in sorted(old.keys() | new.keys()):
            if span not in old:
                changes.append(Changed("gained", layer, new[span]))
            elif span not in new:
                changes.append(Changed("lost", layer, old[span]))
            else:
                pairs = tuple(
                    (name, before, after)
                    for name in _FIELDS[layer]
                    if (before := getattr(old[span], name)) != (after := getattr(new[span], name))
                )
                if pairs:
                    changes.append(Changed("changed", layer, new[span], pairs))
    return Difference(first.id, changes)


def compare_runs(
    first: Iterable[Document], second: Iterable[Document], selection: Selection
) -> Iterator[Difference]:
    """A difference for each document that has one; documents are paired by their ids.

    Runs with their documents in the same order are compared with one of each in memory.
    """
    waiting: tuple[dict[str, Document], dict[str, Document]] = ({}, {})
    for number, document in _alternating(first, second):
        other = waiting[1 - number].pop(document.id, None)
        if other is None:
            waiting[number][document.id] = document
            continue
        pair = (document, other) if number == 0 else (other, document)
        difference = compare(*pair, selection)
        if difference.changes:
            yield difference
    for number, left in enumerate(waiting, 1):
        for name in left:
            yield Difference(name, only_in=number)


def _alternating(
    first: Iterable[Document], second: Iterable[Document]
) -> Iterator[tuple[int, Document]]:
    streams = {0: iter(first), 1: iter(second)}
    while streams:
        for number, stream in list(streams.items()):
            document = next(stream, None)
            if document is None:
                del streams[number]
            else:
                yield number, document
