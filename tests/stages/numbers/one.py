"""The one number of a text."""

from __future__ import annotations

from pipeline import Number, NumberExtractor, Pipeline


def only(annotate: NumberExtractor | Pipeline, text: str) -> Number:
    [number] = annotate(text).numbers
    return number
