"""The search for garbage in cycles, paused and spared."""

from __future__ import annotations

import gc

from pipeline import Pipeline
from pipeline.garbage import heap_at_rest, no_collections


def test_collections_are_paused_in_the_block_only() -> None:
    with no_collections():
        assert not gc.isenabled()
        with no_collections():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_process_that_wants_no_collections_has_none_afterwards() -> None:
    gc.disable()
    try:
        with no_collections():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_heap_is_at_rest_in_the_outer_block() -> None:
    with heap_at_rest():
        assert gc.get_freeze_count()
        with heap_at_rest():
            pass
        assert gc.get_freeze_count()
    assert not gc.get_freeze_count()


def test_between_documents_of_a_stream_new_garbage_is_found(pipeline: Pipeline) -> None:
    stream = pipeline.pipe(["甲公司上涨3%。", "乙公司下跌2%。"])
    next(stream)
    cycle: list[object] = []
    cycle.append(cycle)
    del cycle

    assert gc.isenabled()
    assert gc.collect() > 0
    stream.close()  # type: ignore[attr-defined]
    assert not gc.get_freeze_count()
