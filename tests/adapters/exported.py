"""Writes documents with an exporter and closes it, as the command does."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline import Document
from pipeline.adapters.exporter import Exporter


def export(exporter: Exporter, documents: Iterable[Document]) -> dict[str, int]:
    """What the format could not hold."""
    with exporter:
        for document in documents:
            exporter.write(document)
    return dict(exporter.losses)
