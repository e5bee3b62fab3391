"""The annotation layers of a document, as the adapters go through them."""

from __future__ import annotations

import re
from dataclasses import asdict
from decimal import Decimal
from typing import Any, get_args

import orjson

from pipeline.document import Boilerplate, Document, Entity, Number
from pipeline.labels import BoilerplateLabel, EntityLabel, NumberLabel

LAYERS = ("entities", "numbers", "boilerplate")
LABELS = [
    label for kind in (EntityLabel, NumberLabel, BoilerplateLabel) for label in get_args(kind)
]
# Characters that are two units of UTF-16.
ASTRAL = re.compile("[\U00010000-\U0010ffff]")

Annotation = Entity | Number | Boilerplate


def all_annotations(document: Document) -> list[Annotation]:
    """All annotations of a document, layer by layer."""
    return [*document.entities, *document.numbers, *document.boilerplate]


def layer_of(annotation: Annotation) -> str:
    """The name of the layer an annotation stands in."""
    if isinstance(annotation, Entity):
        return "entities"
    return "numbers" if isinstance(annotation, Number) else "boilerplate"


def details(annotation: Annotation) -> dict[str, Any]:
    """What is known of an annotation beside span, text and label; without what is empty."""
    values = asdict(annotation)
    for name in ("start", "end", "text", "label"):
        del values[name]
    return {name: value for name, value in values.items() if value not in (None, [])}


def to_json(values: dict[str, Any]) -> str:
    """One line of JSON, with every number digit by digit."""
    return orjson.dumps({n: _digits(v) for n, v in values.items()}).decode()


def as_text(value: Any) -> str:
    """A value as text; of a number every digit, and no exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _digits(value: Any) -> Any:
    if isinstance(value, Decimal) or (isinstance(value, int) and abs(value) >= 2**63):
        return orjson.Fragment(as_text(value))
    return value
