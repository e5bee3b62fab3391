"""The worker of `memory`: `python -m pipeline.bench.speed.worker DOCUMENTS TEXTS [PATH...]`.

Writes a line of JSON at the start, after every thousandth document (a tenth of them where they
are fewer) and at the end, then one for each cache.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import _lru_cache_wrapper
from pathlib import Path

import orjson

from pipeline.bench.speed.memory import Cache, Point
from pipeline.bench.speed.rss import memory
from pipeline.bench.speed.texts import cycled, read_texts
from pipeline.chain import Pipeline


def main(documents: int, texts: int, paths: Sequence[Path]) -> None:
    """Process the documents and tell the memory."""
    step = max(1, min(1000, documents // 10))
    pipeline = Pipeline()
    source = read_texts(paths, texts)
    characters, started = 0, time.perf_counter()
    for number, document in enumerate(pipeline.pipe(cycled(source, documents))):
        if number % step == 0:
            _tell(Point(number, *memory(), characters, time.perf_counter() - started))
        document.to_json()
        characters += len(document.source_text)
    _tell(Point(documents, *memory(), characters, time.perf_counter() - started))
    for cache in caches():
        _tell(cache)


def caches() -> Iterator[Cache]:
    """All `functools` caches of functions of the pipeline, by name."""
    found = [o for o in gc.get_objects() if isinstance(o, _lru_cache_wrapper)]
    for cache in sorted(found, key=lambda c: f"{c.__module__}.{c.__qualname__}"):
        if cache.__module__.startswith("pipeline."):
            name = f"{cache.__module__}.{cache.__qualname__}"
            info = cache.cache_info()
            yield Cache(name, info.currsize, info.maxsize)


def _tell(what: Point | Cache) -> None:
    sys.stdout.buffer.write(orjson.dumps(asdict(what)) + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
