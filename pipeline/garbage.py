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


_blocks = 0


@contextmanager
def heap_at_rest() -> Iterator[None]:
    """Leave what exists already out of the search for garbage in cycles while the block runs.

    A full search walks all that the process holds, the lexicon among it. What is made in the
    block is searched as always; what became garbage before it, behind it. This is a state of the
    whole process: a block is for runs, workers and benchmarks, and ends where it began. What the
    process has frozen by itself (`gc.freeze`) is searched again behind the outermost block.
    """
    global _blocks  # noqa: PLW0603 - as gc's own state, it is the process's
    if not _blocks:
        gc.freeze()
    _blocks += 1
    try:
        yield
    finally:
        _blocks -= 1
        if not _blocks:
            gc.unfreeze()
