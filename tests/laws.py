"""The laws that hold for every annotated document, whatever its text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise

from pipeline import Boilerplate, Document, Entity, Number, Sentence, Token
from pipeline.document import Field
from pipeline.stages.numbers import timex


def check_laws(doc: Document) -> None:
    """Assert every law of a document that went through all stages."""
    check_offsets(doc)
    check_tokens(doc)
    check_nothing_is_lost(doc)
    check_boilerplate_is_silent(doc)
    check_values(doc)
    check_round_trip(doc)


def check_offsets(doc: Document) -> None:
    annotations: list[Entity | Number | Boilerplate] = [
        *doc.entities, *doc.numbers, *doc.boilerplate,
    ]
    for a in annotations:
        assert a.start < a.end, a
        assert doc.text[a.start : a.end] == a.text
        assert doc.source_text[a.source_start : a.source_end] == a.source_text
        assert doc.alignment.to_source(a.start, a.end) == (a.source_start, a.source_end)
    layers: list[Sequence[Sentence | Token | Entity | Number | Boilerplate]] = [
        doc.tokens, doc.sentences, doc.entities, doc.numbers, doc.boilerplate,
    ]
    for layer in layers:
        spans = [(item.start, item.end) for item in layer]
        assert spans == sorted(spans)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))


def check_tokens(doc: Document) -> None:
    covered = [False] * len(doc.text)
    for token in doc.tokens:
        assert doc.text[token.start : token.end] == token.text
        for position in range(token.start, token.end):
            covered[position] = True
    removed = {p for b in doc.boilerplate for p in range(b.start, b.end)}
    for position, char in enumerate(doc.text):
        if not char.isspace() and position not in removed:
            assert covered[position], f"no token covers {char!r} at {position}"
    named = {p for e in doc.entities for p in range(e.start, e.end)}
    assert all(named.isdisjoint(range(n.start, n.end)) for n in doc.numbers)
    inside = {p for t in doc.tokens for p in range(t.start + 1, t.end)}
    marked: list[Entity | Number] = [*doc.entities, *doc.numbers]
    for a in marked:
        assert a.start not in inside, f"{a.text!r} begins inside a token"
        assert a.end not in inside, f"{a.text!r} ends inside a token"


def check_nothing_is_lost(doc: Document) -> None:
    """Every character is in the clean text, the byline or boilerplate, in order."""
    spans: list[Boilerplate | Field] = [*doc.boilerplate, *doc.metadata.byline]
    elsewhere = {p for span in spans for p in range(span.start, span.end)}
    left = "".join(c for p, c in enumerate(doc.text) if p not in elsewhere)
    assert "".join(left.split()) == "".join(doc.clean_text.split())
    assert doc.source.length == len(doc.source_text)
    outside = []
    done = source_done = 0
    for block in doc.alignment.blocks:
        outside.append((block.start - done, block.source_start - source_done))
        done, source_done = block.end, block.source_end
    outside.append((len(doc.text) - done, len(doc.source_text) - source_done))
    assert all(a == b for a, b in outside)


def check_boilerplate_is_silent(doc: Document) -> None:
    removed = {p for b in doc.boilerplate for p in range(b.start, b.end)}
    annotations: list[Token | Entity | Number] = [*doc.tokens, *doc.entities, *doc.numbers]
    for a in annotations:
        assert removed.isdisjoint(range(a.start, a.end)), a
    for s in doc.sentences:
        assert not set(range(s.start, s.end)) <= removed, s


def check_values(doc: Document) -> None:
    for n in doc.numbers:
        if n.label == "MONEY":
            assert n.unit is not None and len(n.unit) == 3, n
            assert n.value is not None or n.min is not None or n.max is not None, n
        if n.label == "DATE" and n.value is not None and not str(n.value).startswith("FY"):
            begin, end = timex.bounds(str(n.value))
            assert (begin.isoformat(), end.isoformat()) == (n.date_begin, n.date_end)
        if n.modifier == "range" and n.min is not None and n.max is not None:
            assert n.min <= n.max, n


def check_round_trip(doc: Document) -> None:
    data = doc.to_json()
    again = Document.from_json(data)
    assert again.to_json() == data
    assert hashlib.sha256(again.to_json()).digest() == hashlib.sha256(data).digest()
