"""What the benchmarks time with."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]
CLOCKS: dict[str, Clock] = {"wall": time.perf_counter, "process": time.process_time}


def seconds(work: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """How many seconds a piece of work takes."""
    begin = clock()
    work()
    return clock() - begin
