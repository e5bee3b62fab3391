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


def test_the_heap_is_at_rest_until_the_outer_block_ends() -> None:
    before = gc.get_freeze_count()
    with heap_at_rest():
        with heap_at_rest():
            pass
        assert gc.get_freeze_count() > before
        cycle: list[object] = []
        cycle.append(cycle)
        del cycle
        assert gc.collect() > 0
    assert gc.get_freeze_count() <= before


def test_a_stream_leaves_the_search_as_it_is_between_documents(pipeline: Pipeline) -> None:
    before = gc.get_freeze_count()
    stream = pipeline.pipe(["甲公司上涨3%。", "乙公司下跌2%。"])
    next(stream)
    assert gc.isenabled()
    assert gc.get_freeze_count() == before
