"""The index takes in what a run has, and what it has more later; the answers are right."""

from __future__ import annotations

import gzip
import os
import sqlite3
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from pipeline import Document, Pipeline
from pipeline.errors import ContractError, WriteError
from pipeline.inspect.web.filters import QueryError, amount
from pipeline.inspect.web.index import Index, index_file
from pipeline.inspect.web.search import Query, Search

ALIBABA = "阿里雲收入成長\n\n每日財訊 2025年8月6日\n\n阿里雲收入265.49億元人民幣，同比增長5%和60%。\n"
TENCENT = "腾讯收入5亿元\n\n财经网 2024年11月2日\n\n腾讯（0700.HK）收入5亿元人民币，增长12%。\n"
TSMC = "台積電營收\n\n經濟日報 2025年9月30日\n\n台積電（2330-TW）營收100至200億元。\n"


@pytest.fixture(scope="module")
def documents(pipeline: Pipeline) -> dict[str, bytes]:
    texts = {"ali/baba": ALIBABA, "tencent": TENCENT, "tsmc": TSMC}
    return {name: pipeline(text, id=name).to_json() for name, text in texts.items()}


@pytest.fixture
def run(tmp_path: Path, documents: dict[str, bytes]) -> Path:
    """A run in all formats: a file, lines compressed and not, and Parquet."""
    folder = tmp_path / "run"
    (folder / "ali").mkdir(parents=True)
    (folder / "ali" / "baba.json").write_bytes(documents["ali/baba"])
    with gzip.open(folder / "b.jsonl.gz", "wb") as file:
        file.write(documents["tencent"] + b"\n")
    table = pyarrow.table({"id": ["tsmc"], "document": [documents["tsmc"].decode()]})
    pyarrow.parquet.write_table(table, folder / "c.parquet")
    return folder


def _names(index: Index, **query: str) -> list[str]:
    search = Search(index)
    asked = Query(**query)
    return [hit.name for hit in search.hits(asked, search.find(asked))]


def test_documents_of_all_formats_come_back(run: Path, documents: dict[str, bytes]) -> None:
    index = Index(run)
    done = index.refresh()
    assert (done.added, done.removed, done.problems) == (3, 0, 0)
    assert _names(index) == ["tsmc", "ali/baba", "tencent"], "the newest first"
    for number in Search(index).find(Query()):
        document = index.document(number)
        assert document.to_json() == documents[document.id]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "阿里雲"}, ["ali/baba"]),
        ({"q": "阿里云"}, ["ali/baba"]),
        ({"q": "收入"}, ["ali/baba", "tencent"]),
        ({"q": "收入 腾讯"}, ["tencent"]),
        ({"q": "，"}, []),
        ({"entity": "台積電"}, ["tsmc"]),
        ({"entity": "台积电"}, ["tsmc"]),
        ({"entity": "org/tencent"}, ["tencent"]),
        ({"ticker": "0700"}, ["tencent"]),
        ({"ticker": "0700.hk"}, ["tencent"]),
        ({"ticker": "070"}, []),
        ({"label": "TICKER"}, ["tsmc", "tencent"]),
        ({"label": "MONEY", "least": "10億", "unit": "CNY"}, ["ali/baba"]),
        ({"label": "MONEY", "least": "10亿"}, ["tsmc", "ali/baba"]),
        ({"label": "MONEY", "most": "1e9"}, ["tencent"]),
        # 5 and 60 are not between 10 and 20, though one is below and one above.
        ({"label": "PERCENT", "least": "10", "most": "20"}, ["tencent"]),
        # An interval counts where it overlaps.
        ({"label": "MONEY", "unit": "TWD", "least": "150亿", "most": "300亿"}, ["tsmc"]),
        ({"unit": "TWD"}, ["tsmc"]),
        ({"begin": "2025"}, ["tsmc", "ali/baba"]),
        ({"begin": "2025-08", "end": "2025-08"}, ["ali/baba"]),
        ({"end": "2024-11-02"}, ["tencent"]),
        ({"end": "2024-11-01"}, []),
        ({"script": "simplified"}, ["tencent"]),
        ({"publisher": "财经网"}, ["tencent"]),
        ({"q": "收入", "begin": "2025"}, ["ali/baba"]),
    ],
)  # fmt: skip
def test_answers(run: Path, query: dict[str, str], expected: list[str]) -> None:
    index = Index(run)
    index.refresh()
    assert _names(index, **query) == expected


def test_what_is_found_is_marked(run: Path) -> None:
    index = Index(run)
    index.refresh()
    search = Search(index)
    (hit,) = search.hits(Query(q="阿里雲"), search.find(Query(q="阿里雲")))
    assert hit.title.startswith("<mark>阿里云</mark>收入")
    assert "<mark>阿里云</mark>收入265.49亿元" in hit.snippet


def test_a_text_that_looks_like_json_is_only_text(tmp_path: Path, pipeline: Pipeline) -> None:
    text = '阿里雲說"sentences":[{"entities":[ 收入3億元，\\"tokens":["entities":['
    (tmp_path / "a.json").write_bytes(pipeline(text, id='"sentences":[').to_json())
    index = Index(tmp_path)
    assert index.refresh().problems == 0
    assert _names(index, q="阿里雲說", label="MONEY", least="2亿") == ['"sentences":[']


def test_values_as_people_type_them() -> None:
    asked = ("", "5", "1,000万", "10億", "1e9", "2.5B", "-3", "１０", "3千万", "1万亿")
    values = [None, 5, 1e7, 1e9, 1e9, 2.5e9, -3, 10, 3e7, 1e12]
    assert [amount(text) for text in asked] == values
    for bad in ("abc", "1..2", "亿", "1e9999", "nan", "inf"):
        with pytest.raises(QueryError):
            amount(bad)


def test_a_refresh_takes_in_what_is_new_and_forgets_what_is_gone(
    run: Path, pipeline: Pipeline
) -> None:
    index = Index(run)
    index.refresh()
    assert index.refresh().added == 0, "nothing is read twice"
    (run / "d.json").write_bytes(pipeline("華為收入8億元。", id="d").to_json())
    (run / "ali" / "baba.json").write_bytes(pipeline("阿里雲改名了。", id="ali/baba").to_json())
    (run / "c.parquet").unlink()
    done = Index(run).refresh()
    assert (done.added, done.removed) == (2, 2)
    assert _names(index, q="華為") == ["d"]
    assert _names(index, q="收入") == ["tencent", "d"]
    assert _names(index, q="改名") == ["ali/baba"]
    assert _names(index, q="台积电") == _names(index, entity="台积电") == []
    facts = dict(index.connection().execute("SELECT name, value FROM facts"))
    assert facts["documents"] == 3


def test_what_is_no_document_is_told_and_the_rest_is_there(run: Path) -> None:
    (run / "bad.jsonl").write_bytes(b'{"id": 1}\nnothing\n[]\n')
    (run / "cut.jsonl.gz").write_bytes(gzip.compress(b"x" * 1000)[:-10])
    index = Index(run)
    done = index.refresh()
    assert (done.added, done.problems) == (3, 4)
    rows = index.connection().execute("SELECT number, message FROM problems ORDER BY 1, 2")
    told = [message for _, message in rows]
    assert any("compression is damaged" in message for message in told)
    assert sum("not a zhpipe document" in message for message in told) == 3


def test_a_file_that_changed_under_the_index_is_told(run: Path) -> None:
    index = Index(run)
    index.refresh()
    (number,) = Search(index).find(Query(q="阿里雲"))
    (run / "ali" / "baba.json").write_text("{}")
    with pytest.raises(ContractError):
        index.document(number)
    search = Search(index)
    (hit,) = search.hits(Query(q="阿里雲"), [number])
    assert "refresh the index" in hit.snippet


def test_an_interrupted_build_is_taken_up_again(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.inspect.web.index._COMMIT_EVERY", 1)

    def stop(count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Index(run).refresh(stop)
    index = Index(run)
    index.refresh()
    assert sorted(_names(index)) == ["ali/baba", "tencent", "tsmc"]


def test_the_index_stands_in_the_run_or_where_it_is_told(run: Path, tmp_path: Path) -> None:
    assert index_file(run) == run / ".zhpipe-view.sqlite"
    lines = tmp_path / "all.jsonl"
    lines.write_bytes(Document("阿里雲", id="x").to_json() + b"\n")
    assert index_file(lines).parent == tmp_path
    index = Index(lines, tmp_path / "own.sqlite")
    assert index.refresh().added == 1 and (tmp_path / "own.sqlite").exists()
    assert _names(index, q="阿里") == ["x"]


def test_no_other_file_is_overwritten(run: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.sqlite"
    text.write_text("my notes, which are long enough to be no database at all" * 10)
    with pytest.raises(WriteError, match="is no index"):
        Index(run, text)
    assert text.read_text().startswith("my notes")
    other = tmp_path / "other.sqlite"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE mine (a)")
    connection.close()
    with pytest.raises(WriteError, match="is no index of zhpipe"):
        Index(run, other)
    with pytest.raises(WriteError, match="--index"):
        Index(run, tmp_path / "nowhere" / "x.sqlite")


@pytest.mark.skipif(os.name == "nt", reason="file names there cannot hold it")
def test_a_file_name_with_script_in_it(run: Path, pipeline: Pipeline) -> None:
    name = "<script>alert(1)<b>"
    (run / f"{name}.json").write_bytes(pipeline("華為收入8億元。", id=name).to_json())
    index = Index(run)
    index.refresh()
    assert _names(index, q="華為") == [name]
