"""Documents written as JSON.

It does not go through the models of `pipeline.schema`: that would cost more than all stages
together, and they take long to build.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from decimal import Decimal
from typing import Any

import orjson

from pipeline.document import OFFSET_UNIT, SCHEMA_VERSION, Document, Number
from pipeline.garbage import no_collections

# The parts of a document that a run may leave out.
LAYERS = ("metadata", "clean_text", "sentences", "tokens", "entities", "numbers", "boilerplate")


def document_to_json(doc: Document, layers: Collection[str] | None = None) -> bytes:
    """UTF-8 JSON of a document, in the contract's order of fields.

    Args:
        layers: those of `LAYERS` to be written; None for all.
    """
    left_out = () if layers is None else [layer for layer in LAYERS if layer not in layers]
    with no_collections():
        values = _document_values(doc)
        for layer in left_out:
            del values[layer]
        return orjson.dumps(values)


def _document_values(doc: Document) -> dict[str, Any]:
    tokens = doc.tokens
    columns = zip(tokens.starts, tokens.ends, tokens.texts, tokens.tags, strict=True)
    return {
        "schema_version": SCHEMA_VERSION,
        "offset_unit": OFFSET_UNIT,
        "id": doc.id,
        "source": doc.source,
        "metadata": doc.metadata,
        "source_text": doc.source_text,
        "text": doc.text,
        "alignment": doc.alignment.blocks,
        "clean_text": doc.clean_text,
        # orjson writes plain dicts in half the time of the same dataclasses.
        "sentences": [{"start": s.start, "end": s.end} for s in doc.sentences],
        "tokens": [
            {"start": start, "end": end, "text": text, "pos": pos}
            for start, end, text, pos in columns
        ],
        "entities": doc.entities,
        "numbers": [_number_to_dict(number) for number in doc.numbers],
        "boilerplate": doc.boilerplate,
        "warnings": doc.warnings,
        "pipeline": doc.pipeline,
    }


def _number_to_dict(number: Number) -> dict[str, Any]:
    # Field by field: a number is written in half the time that a loop over its fields takes.
    values = {
        "start": number.start,
        "end": number.end,
        "text": number.text,
        "label": number.label,
        "value": _json_number(number.value),
        "unit": number.unit,
        "min": _json_number(number.min),
        "max": _json_number(number.max),
        "modifier": number.modifier,
        "cue": number.cue,
        "date_begin": number.date_begin,
        "date_end": number.date_end,
        "source_start": number.source_start,
        "source_end": number.source_end,
        "source_text": number.source_text,
        "by": number.by,
        "change": number.change,
    }
    if number.label != "DATE" and number.date_begin is None:
        del values["date_begin"], values["date_end"]
    return values


def _json_number(value: Any) -> Any:
    """Decimals and integers beyond 64 bits digit by digit, which orjson alone cannot write."""
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return orjson.Fragment(str(value))
    return value


def document_to_dict(doc: Document) -> dict[str, Any]:
    """The document as plain dicts and lists; numbers are int or Decimal."""
    result: dict[str, Any] = json.loads(document_to_json(doc), parse_float=Decimal)
    return result
