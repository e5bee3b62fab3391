"""Runs on a Ray cluster; skipped where Ray is not installed (extra `ray`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import Pipeline
from pipeline.batch.manifest import Failure
from pipeline.batch.run import Summary
from pipeline.files.read import ReadOptions
from tests.batch.faults import Heard, errors, results, run_over, write_articles
from tests.batch.site import install
from tests.conftest import ROOT

ray = pytest.importorskip("ray", reason="Ray is not installed")
STAGES = ["normalize", "segment", "fault"]


@pytest.fixture()
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A cluster of two nodes with one core each, and the stage that goes wrong installed."""
    from ray.cluster_utils import Cluster

    site = install(tmp_path / "site")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), str(ROOT)]))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    nodes.add_node(num_cpus=1)
    ray.init(address=nodes.address, log_to_driver=False)
    yield nodes
    ray.shutdown()
    nodes.shutdown()


def test_documents_and_errors_are_those_of_a_local_run(cluster: Any, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 60, {3: "毒", 4: "殺", 8: "睡", 11: "殺"})
    (folder / "empty.txt").write_bytes(b"")
    (folder / "long.txt").write_text("長" * 200, encoding="utf-8")
    (folder / "more.txt").write_text("營收。", encoding="big5")
    (folder / "more").mkdir()
    (folder / "more" / "1.txt").write_text("它的編號有了。", encoding="utf-8")
    pipeline = Pipeline(stages=STAGES)
    for format in ("json", "jsonl"):
        options: dict[str, Any] = {
            "format": format, "shard_size": 10, "timeout": 3.0, "read": ReadOptions(max_chars=100),
        }  # fmt: skip
        run_over(folder, tmp_path / format, pipeline, workers=2, **options)
        on_ray = tmp_path / f"ray-{format}"
        run_over(folder, on_ray, pipeline, engine="ray", **options)
        assert len(errors(on_ray)) == 7
        assert results(on_ray) == results(tmp_path / format)
        (folder / "0000.txt").write_text(f"{format}改了。", encoding="utf-8")
        resumed = run_over(folder, on_ray, pipeline, engine="ray", resume=True, **options)
        assert (resumed.documents, resumed.failures) == (1, 7)
        run_over(folder, tmp_path / format, pipeline, workers=2, resume=True, **options)
        assert results(on_ray) == results(tmp_path / format)


def test_a_node_that_is_lost(cluster: Any, tmp_path: Path) -> None:
    count = 600
    folder = write_articles(tmp_path / "in", count, dict.fromkeys(range(count), "慢"))
    pipeline = Pipeline(stages=STAGES)
    (node,) = cluster.worker_nodes

    class Killer(Heard):
        seen = 0

        def outcome(self, summary: Summary, failure: Failure | None) -> None:
            self.seen += 1
            if self.seen == 40:
                cluster.remove_node(node, allow_graceful=False)

    killer = Killer()
    summary = run_over(folder, tmp_path / "ray", pipeline, killer, engine="ray", workers=2)
    assert killer.seen == count
    assert (summary.documents, summary.failures) == (count, 0)
    run_over(folder, tmp_path / "local", pipeline, workers=2)
    assert results(tmp_path / "ray") == results(tmp_path / "local")
