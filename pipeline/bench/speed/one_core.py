"""One core for all that is compared: one processor, one thread for products of matrices."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_core() -> Iterator[int | None]:
    """Pin the process and its children to one processor while the block runs.

    Yields:
        The number of the processor; None where the system cannot pin, as on macOS and Windows.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        if not hasattr(os, "sched_setaffinity"):
            yield None
            return
        allowed = os.sched_getaffinity(0)
        # The first processor serves most of the interrupts.
        processor = max(allowed)
        os.sched_setaffinity(0, {processor})
        try:
            yield processor
        finally:
            os.sched_setaffinity(0, allowed)
