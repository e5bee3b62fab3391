"""Work without the search for garbage in cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collections() -> Iterator[None]:
    """Pause Python's search for garbage in cycles while the block runs.

    Documents and resources have no cycles, and many small objects: the search would walk all
    annotations, and the lexicon, again and again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
