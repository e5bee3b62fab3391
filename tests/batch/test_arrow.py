"""The pipeline over Arrow record batches, with pyarrow alone."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import Document, Pipeline
from pipeline.batch import ANNOTATED, annotate_batches
from pipeline.config import Settings
from pipeline.files.read import ReadOptions
from tests.batch.faults import article

pyarrow = pytest.importorskip("pyarrow")
SMALL = Settings(stages=("normalize", "segment"))


def batch(**columns: list[Any]) -> Any:
    return pyarrow.RecordBatch.from_pydict(columns)


def annotate(*batches: Any, **options: Any) -> list[dict[str, Any]]:
    return [
        row
        for found in annotate_batches(iter(batches), settings=SMALL, **options)
        for row in found.to_pylist()
    ]


@pytest.fixture(scope="module")
def small() -> Pipeline:
    return Pipeline(SMALL)


def test_documents_are_those_of_the_pipeline(small: Pipeline) -> None:
    rows = annotate(
        batch(id=["a", "b"], text=[article(1), article(2)]), batch(id=["c"], text=[article(3)])
    )
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    for number, row in enumerate(rows, 1):
        data = small(article(number), id=row["id"]).to_json()
        assert row["document"].encode() == data
        assert (row["hash"], row["size"]) == (hashlib.sha256(data).hexdigest(), len(data))
        assert row["error"] is None


def test_the_columns_are_those_that_spark_is_told() -> None:
    names = [column.split()[0] for column in ANNOTATED.split(", ")]
    (found,) = annotate_batches(iter([batch(text=["營收。"])]), settings=SMALL)
    assert found.schema.names == names
    spark = {"string": pyarrow.string(), "long": pyarrow.int64(), "double": pyarrow.float64()}
    assert found.schema.types == [spark[column.split()[1]] for column in ANNOTATED.split(", ")]
    # A batch without rows, or with errors only, has the same.
    empty = batch(text=["營收。"]).slice(0, 0)
    for other in annotate_batches(iter([empty, batch(text=[" "])]), settings=SMALL):
        assert other.schema == found.schema


def test_one_batch_comes_out_before_the_next_goes_in() -> None:
    taken = []

    def batches() -> Iterator[Any]:
        for number in range(3):
            taken.append(number)
            yield batch(text=[article(number)])

    annotated = annotate_batches(batches(), settings=SMALL)
    next(annotated)
    assert taken == [0]


def test_other_columns_pass_through_and_ids_are_made() -> None:
    rows = annotate(batch(url=["u", "v"], title=["標題", None], body=["營收。", "獲利。"]),
                    options=ReadOptions(text_fields=("title", "body"), id_field="url"))  # fmt: skip
    assert [(row["url"], row["id"]) for row in rows] == [("u", "u"), ("v", "v")]
    assert Document.from_json(rows[0]["document"]).source_text == "標題\n營收。"
    (row,) = annotate(batch(text=["營收。"]))
    assert row["id"] == hashlib.sha256("營收。".encode()).hexdigest()[:16]


def test_bad_rows_are_errors_and_the_others_are_done(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_bytes(article(7).encode("big5"))
    rows = annotate(
        batch(
            id=["blank", "long", "none", "failed", "missing", "file", "good"],
            text=["  ", "長" * 200, None, None, None, None, article(1)],
            location=[None, None, None, None, str(tmp_path / "x"), str(tmp_path / "file.txt"), None],
            stage=[None, None, None, "numbers", None, None, None],
            error=[None, None, None, "KeyError", None, None, None],
            message=[None, None, None, "as before", None, None, None],
        ),
        options=ReadOptions(max_chars=100),
    )
    assert [(row["id"], row["stage"], row["error"]) for row in rows] == [
        ("blank", "read", "ReadError"),
        ("long", "read", "ReadError"),
        ("none", "read", "ReadError"),
        ("failed", "numbers", "KeyError"),
        ("missing", "read", "ReadError"),
        ("file", None, None),
        ("good", None, None),
    ]
    assert rows[3]["message"] == "as before"
    assert all(row["document"] is None for row in rows[:5])
    read = Document.from_json(rows[5]["document"])
    assert (read.source_text, read.source.encoding) == (article(7), "big5")


def test_work_in_a_process_apart(small: Pipeline) -> None:
    rows = annotate(batch(id=["a", "b"], text=[article(1), " "]), isolate=True, timeout=60)
    assert rows[0]["document"].encode() == small(article(1), id="a").to_json()
    assert rows[1]["error"] == "ReadError"


def test_importing_it_loads_no_arrow() -> None:
    code = "import sys; from pipeline.batch import annotate_batches; print('pyarrow' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout.strip() == b"False"
