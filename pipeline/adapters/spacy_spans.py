"""What zhpipe knows about a span, as custom extensions of spaCy's `Doc` and `Span`.

The values stand in `Doc.user_data` in spaCy's own form, so that `DocBin(store_user_data=True)`,
`Span.as_doc` and `Doc.from_docs` keep them. Importing this module registers the extensions, which
is also needed to see them on a `Doc` that was read from a file.

`span._.zhpipe` holds, by `span.id_`, all annotations that stand on the same characters;
`span._.value`, `span._.by` and so on are those of the span itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from functools import partial
from typing import Any

from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from pipeline.adapters.layers import LAYERS, Annotation, as_text, layer_of
from pipeline.document import Document
from pipeline.errors import AlignmentError

# `start`, `end` and `text` are those of the simplified text.
SPAN_EXTENSIONS = (
    "id", "name", "tickers", "value", "unit", "min", "max", "modifier", "cue", "date_begin",
    "date_end", "change", "by", "score", "text_start", "text_end", "simplified", "source_start",
    "source_end", "source_text",
)  # fmt: skip
DOC_EXTENSIONS = ("document_id", "source_text", "simplified", "metadata")
_MARK = "decimal"


def _register() -> None:
    for name in ("zhpipe", *SPAN_EXTENSIONS):
        _set_extension(Span, name, None if name == "zhpipe" else partial(_read, name))
    for name in DOC_EXTENSIONS:
        _set_extension(Doc, name, None)


def _set_extension(owner: type[Doc] | type[Span], name: str, getter: Any) -> None:
    if not owner.has_extension(name):
        owner.set_extension(name, **({"getter": getter} if getter else {"default": None}))
        return
    warnings.warn(
        f"{owner.__name__}._.{name} is another package's extension and stays so; "
        f"span._.zhpipe[span.id_][{name!r}] has zhpipe's value",
        stacklevel=2,
    )


def _read(name: str, span: Span) -> Any:
    """A field of the span's annotation; None if it has none."""
    stored = (span._.zhpipe or {}).get(span.id_, {}).get(name)
    if isinstance(stored, dict) and list(stored) == [_MARK]:
        digits = stored[_MARK]
        return Decimal(digits) if "." in digits else int(digits)
    return list(stored) if isinstance(stored, tuple) else stored


_register()


def attach(
    doc: Doc, document: Document, offsets: Sequence[tuple[Annotation, int, int]], mode: str
) -> None:
    """Put the annotations of a document on a `Doc`: span groups by layer, and `doc.ents`.

    Args:
        doc: what gets the annotations.
        document: where they come from.
        offsets: each annotation with its code points in `doc.text`.
        mode: "strict" or "expand", see `Doc.char_span`.

    Every annotation is in a span group. Those of `doc.ents` are the entities without those that
    overlap a longer one; entities that `doc` had stay where there is none of ours.
    """
    doc._.document_id = document.id
    doc._.source_text = document.source_text
    doc._.simplified = document.text
    doc._.metadata = asdict(document.metadata)
    groups: dict[str, list[Span]] = {layer: [] for layer in LAYERS}
    for annotation, start, end in offsets:
        layer = layer_of(annotation)
        name = f"{layer}/{len(groups[layer])}"
        span = doc.char_span(
            start, end, annotation.label, kb_id=getattr(annotation, "id", None) or "",
            alignment_mode=mode, span_id=name,
        )  # fmt: skip
        if span is None:
            raise AlignmentError(f"no token stands at {start}..{end}, for {annotation}")
        groups[layer].append(span)
        span._.zhpipe = {**(span._.zhpipe or {}), name: _record(annotation)}
    for layer, spans in groups.items():
        doc.spans[layer] = spans
    own = filter_spans(groups["entities"])
    taken = {token.i for span in own for token in span}
    others = [span for span in doc.ents if taken.isdisjoint(range(span.start, span.end))]
    doc.set_ents([*own, *others])


def _record(annotation: Annotation) -> dict[str, Any]:
    values = asdict(annotation)
    values["text_start"], values["text_end"] = values.pop("start"), values.pop("end")
    values["simplified"] = values.pop("text")
    return {name: _plain(value) for name, value in values.items() if name != "label"}


def _plain(value: Any) -> Any:
    """Exact numbers in a form that msgpack can hold."""
    if isinstance(value, Decimal) or (isinstance(value, int) and not -(2**63) <= value < 2**63):
        return {_MARK: as_text(value)}
    return value
