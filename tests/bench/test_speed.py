"""What `zhpipe bench` promises, on two short texts and in one round."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bench.speed import compare, memory, peers, scaling, startup
from pipeline.bench.speed.guard import check, read_floors
from pipeline.bench.speed.one_core import one_core
from pipeline.bench.speed.plot import plot
from pipeline.bench.speed.texts import cycled, joined, read_texts, sample, varied
from pipeline.cli import cli
from pipeline.errors import ReadError, SettingsError

TEXTS = [
    "國泰航空(0293.HK)中期多賺12.4%，派息22港仙。\n2025年8月6日，營收543億元。\n",
    "阿里云收入265.49亿元人民币，同比增长近两成，吴泳铭表示满意。\n",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def bench(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["bench", "--rounds", "1", *map(str, arguments)])


def test_table_and_json(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All stages, their parts, and peers; a peer that is not installed is named with the way to
    install it."""
    monkeypatch.setattr(compare, "PEERS", [p for p in peers.PEERS if "jieba.lcut" in p.name or "Jio" in p.name])
    monkeypatch.setitem(sys.modules, "jionlp", None)
    result = bench(folder, "--json", folder / "found.json")
    assert result.exit_code == 0, result.output
    assert "not measured: JioNLP money, time: not installed" in result.stdout
    assert "pip install jionlp" in result.stdout

    found = json.loads((folder / "found.json").read_bytes())
    speed = found["speed"]
    assert speed["documents"] == 2 and speed["characters"] == sum(map(len, TEXTS))
    assert [row["name"] for row in speed["rows"]] == [
        "jieba.lcut", "zhpipe", "zhpipe without tagger",
        "normalize", "segment", "entities", "numbers", "boilerplate", "to_json",
        "entities without tagger", "tagger", "lexicon", "patterns", "short forms",
        "jieba.lcut, simplified",
    ]  # fmt: skip
    for row in speed["rows"]:
        assert row["name"] in result.stdout
        assert len(row["seconds"]) == 1 and row["seconds"][0] > 0
        assert row["chars_per_second"] == row["characters"] / row["seconds"][0]
    assert speed["rows"][0]["x_lcut"] == 1
    shares = [row["share"] for row in speed["rows"] if row["kind"] == "stage"]
    assert sum(shares) == pytest.approx(1)
    assert list(speed["missing"]) == ["JioNLP money, time"]
    # What the packaged floors name is measured.
    assert len(check({row["name"]: row["x_lcut"] for row in speed["rows"]}, read_floors())) == 8
    assert found["memory"] is None and found["environment"]["jieba"] == "0.42.1"


def test_the_peers_that_this_project_installs_do_their_work() -> None:
    by_name = {peer.name: peer for peer in peers.PEERS}
    naive = by_name["opencc + posseg + re + json"].load()(TEXTS[0])
    assert isinstance(naive, bytes)
    found = json.loads(naive)
    assert found["text"].startswith("国泰航空")
    assert [n["text"] for n in found["numbers"]][1:] == ["12.4%", "22", "2025年", "8月", "6日", "543亿元"]
    tagged: Any = by_name["jieba.posseg.lcut, simplified"].load()("营收增长")
    assert [pair.word for pair in tagged] == ["营收", "增长"]


@pytest.mark.parametrize("name", ["spaCy blank zh with jieba", "JioNLP money, time", "MS Recognizers, four models"])
def test_the_peers_of_the_extra(name: str) -> None:
    peer = next(peer for peer in peers.PEERS if peer.name == name)
    try:
        work = peer.load()
    except ImportError as error:
        pytest.skip(f"the extra `bench` is not installed: {error}")
    assert work("2025年8月6日收入265.49亿元人民币。")


def test_guard(folder: Path) -> None:
    """A floor that nothing reaches is exit code 1 and a message; one that all reach is 0."""
    floors = folder / "floors.toml"
    floors.write_text('[floors]\n"zhpipe" = 1e9\n"normalize" = 1e-9\n', encoding="utf-8")
    failed = bench(folder, "--guard", "--no-peers", "--floors", floors)
    assert failed.exit_code == 1
    assert "zhpipe: zhpipe is too slow" in failed.stderr and "the floor is 1000000000.00" in failed.stderr
    assert "normalize is too slow" not in failed.stderr
    floors.write_text('[floors]\n"zhpipe" = 1e-9\n', encoding="utf-8")
    assert bench(folder, "--guard", "--no-peers", "--floors", floors).exit_code == 0


@pytest.mark.parametrize(
    "content", ["", "floors = 3", "[floors]", '[floors]\n"zhpipe" = "fast"', "["]
)
def test_bad_floors(tmp_path: Path, content: str) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"floors\.toml"):
        read_floors(floors)


def test_a_floor_for_what_is_not_measured() -> None:
    with pytest.raises(SettingsError, match="floors for zhpip; measured are zhpipe"):
        check({"zhpipe": 1.0}, {"zhpip": 1.0})


def test_plot(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra `plot` is not installed")
    rows = [
        compare.Row("jieba.lcut", "peer", 9, [1.0], 9.0, 1.0, None, None),
        compare.Row("zhpipe", "whole", 9, [2.0], 4.5, 0.5, None, 1.0),
    ]
    for name in ("speed.svg", "speed.png"):
        plot(compare.Speed(1, 9, 1, "wall", rows, {}), tmp_path / name)
    assert "<!-- zhpipe -->" in (tmp_path / "speed.svg").read_text(encoding="utf-8")
    assert (tmp_path / "speed.png").read_bytes().startswith(b"\x89PNG")


def test_a_plot_has_a_known_format(folder: Path) -> None:
    result = bench(folder, "--plot", folder / "speed.pdf")
    assert result.exit_code == 2 and ".svg or .png" in result.stderr


def test_memory(folder: Path) -> None:
    found = memory.measure([folder], documents=20, texts=5)
    assert [point.documents for point in found.points] == list(range(0, 21, 2))
    assert found.peak > 20e6
    assert found.points[-1].characters > found.points[1].characters > 0
    numerals = [c for c in found.caches if c.name.endswith("parse_numeral")]
    assert [c.bound for c in numerals] == [4096] and numerals[0].entries > 2


def test_scaling() -> None:
    found = scaling.measure(TEXTS, rounds=1, sizes=(300, 3000), hostile_size=300)
    assert [length.name for length in found[:2]] == ["300 bytes", "3,000 bytes"]
    assert {length.name for length in found[2:]} == set(scaling.HOSTILE)
    assert found[0].ratio == 1 and all(length.nanoseconds > 0 for length in found)


def test_startup() -> None:
    jieba, help_, run = startup.measure(rounds=1)
    assert jieba.x_jieba == 1 and jieba.bar is None
    assert (help_.bar, run.bar) == (0.25, 1.0)
    assert help_.seconds < run.seconds


def test_one_core_is_let_go_again() -> None:
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("the system cannot pin a process")
    before = os.sched_getaffinity(0)
    with one_core() as processor:
        assert os.sched_getaffinity(0) == {processor}
    assert os.sched_getaffinity(0) == before


def test_texts(folder: Path) -> None:
    (folder / "more.jsonl").write_text('{"raw": "一"}\n{"text": "二"}\n{"body": "三"}\n', encoding="utf-8")
    assert read_texts([folder], 9) == [*TEXTS, "一", "二", "三"]
    assert read_texts([folder / "more.jsonl", folder], 1) == ["一", TEXTS[0]]
    assert len(read_texts([], 1000)) >= 30


def test_texts_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no text to measure"):
        read_texts([tmp_path], 9)
    (tmp_path / "a.jsonl").write_text('{"text": "一"}\n{"title": "二"}\n', encoding="utf-8")
    with pytest.raises(ReadError, match=r"a\.jsonl, line 2"):
        read_texts([tmp_path], 9)


def test_copies_vary() -> None:
    assert varied("营收543亿元，2025年8月6日", 1) != varied("营收543亿元，2025年8月6日", 2)
    assert "2025年8月6日" in varied("营收543亿元，2025年8月6日", 1)
    assert varied(TEXTS[0], 1) == varied(TEXTS[0], 1)
    copies = list(cycled(TEXTS, 6))
    assert copies[:2] == TEXTS and len(set(copies)) == 6
    assert [len(copy) for copy in copies] == 3 * [len(text) for text in TEXTS]


def test_a_sample_is_from_the_whole() -> None:
    texts = [str(number) for number in range(10)]
    assert sample(texts, None) == sample(texts, 10) == texts
    assert sample(texts, 5) == ["0", "2", "4", "6", "8"]


@given(st.lists(st.text(alphabet="營收１2.3\n\u2028。", min_size=1), min_size=1, max_size=3), st.integers(1, 300), st.integers(1, 50))
def test_pieces_are_the_whole(texts: list[str], size: int, piece: int) -> None:
    whole = joined(texts, size)
    assert size - 3 < len(whole.encode()) <= size
    assert "".join(scaling.pieces(whole, piece)) == whole
