"""Runs the pipeline over many documents.

The public names are imported on first use: the command line needs few of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.batch.arrow import ANNOTATED as ANNOTATED
    from pipeline.batch.arrow import annotate_batches as annotate_batches

_HOMES = {
    "ANNOTATED": "pipeline.batch.arrow",
    "annotate_batches": "pipeline.batch.arrow",
}

__all__ = [*_HOMES]  # noqa: PLE0604 - the names are strings


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
