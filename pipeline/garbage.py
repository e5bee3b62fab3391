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


@contextmanager
def heap_at_rest() -> Iterator[None]:
    """Leave what exists already out of the search for garbage in cycles while the block runs.

    A full search walks all that the process holds, the lexicon among it. What is made in the
    block is searched as always; what became garbage before it, behind it. Inside another such
    block, or where the process has frozen its heap by itself, nothing changes.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
