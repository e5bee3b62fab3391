"""`zhpipe run` over web pages, tables, lines of JSON and compressed files, as a user starts it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline import Document
from tests.cli import err, zhpipe
from tests.files.test_read import RECORDS, jsonl, packed, page, parquet, separated

FIRST = "台積電（2330-TW）第三季營收約7,596.9億元。"
SECOND = "鴻海公布財報，毛利率提升。"
ROWS: list[dict[str, Any]] = [
    {"key": 2330, "title": "台積電財報", "text": FIRST},
    {"key": 2317, "title": "鴻海財報", "text": SECOND},
]


def by_id(output: bytes) -> dict[str, Document]:
    return {document.id: document for document in map(Document.from_json, output.splitlines())}


def test_a_folder_of_every_format_with_bad_files_among_them(tmp_path: Path) -> None:
    base = tmp_path / "in"
    (base / "網頁").mkdir(parents=True)
    (base / "a.txt").write_text(FIRST, encoding="utf-8")
    (base / "b.md.gz").write_bytes(packed(SECOND.encode(), ".gz"))
    (base / "網頁" / "c.html").write_bytes(page("big5").encode("big5"))
    for suffix, write in RECORDS.items():
        (base / f"{suffix[1:]}{suffix}.zst").write_bytes(packed(write(ROWS), ".zst"))
    (base / "bad.jsonl").write_bytes(b'{"text": "\xe4\xb8\x80"}\n{"text": 5}\nno JSON\n')
    (base / "bad.csv").write_bytes("id,body\n1,一\n".encode())
    (base / "bad.txt.gz").write_bytes(packed(SECOND.encode(), ".gz")[:-9])
    (base / "bad.parquet").write_bytes(parquet(ROWS)[:-9])
    (base / "bad.html").write_bytes(b"<html></html>")
    out = tmp_path / "out"
    result = zhpipe("run", base, "-o", out)
    assert result.returncode == 1
    written = {p.relative_to(out).as_posix() for p in out.rglob("*.json")}
    records = {f"{suffix[1:]}/{n}.json" for suffix in RECORDS for n in (1, 2)}
    assert written == {"a.json", "b.json", "網頁/c.json", "bad/1.json"} | records
    # One set of records, whatever the format: only the place and the decoding differ.
    shown = []
    for suffix in RECORDS:
        data = json.loads((out / suffix[1:] / "1.json").read_bytes())
        assert data["source"].pop("path") == f"{suffix[1:]}{suffix}.zst"
        assert data["source"].pop("encoding_by") in ("valid UTF-8", "Parquet")
        shown.append({**data, "id": None})
    assert shown[0]["entities"] and shown[0]["source"]["record"] == 1
    assert all(data == shown[0] for data in shown)
    errors = [json.loads(line) for line in (out / "errors.jsonl").read_bytes().splitlines()]
    assert [(e["id"], e["location"].removeprefix(f"{base}/")) for e in errors] == [
        ("bad", "bad.csv"),
        ("bad", "bad.html"),
        ("bad/2", "bad.jsonl, line 2"),
        ("bad/3", "bad.jsonl, line 3"),
        ("bad", "bad.parquet"),
        ("bad", "bad.txt.gz"),
    ]
    assert {e["error"] for e in errors} == {"ReadError"}
    for e in errors:
        assert f"zhpipe: {e['location']}: {e['message']}\n" in err(result)


def test_fields_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "news.csv.gz"
    rows = [*ROWS, {"key": "", "title": "沒有編號", "text": "一"}, {**ROWS[1], "title": "再一次"}]
    path.write_bytes(packed(separated(rows), ".gz"))
    result = zhpipe(
        "run", path, "-o", tmp_path / "out", "--id-field", "key",
        "--text-field", "title", "--text-field", "text",
    )  # fmt: skip
    assert result.returncode == 1
    assert f"zhpipe: {path}, row 3: the record has no id: its field 'key' holds ''" in err(result)
    assert f"zhpipe: {path}, row 4: {path}, row 2 has the same id '2317'" in err(result)
    assert sorted(p.name for p in (tmp_path / "out").glob("*.json")) == ["2317.json", "2330.json"]
    document = Document.from_json((tmp_path / "out" / "2330.json").read_bytes())
    assert document.source_text == f"台積電財報\n{FIRST}"
    assert (document.source.path, document.source.record) == ("news.csv.gz", 1)


def test_lines_of_json_from_standard_input() -> None:
    result = zhpipe("run", "-", "-o", "-", "--input-format", "jsonl", stdin=jsonl(ROWS))
    assert result.returncode == 0, err(result)
    found = by_id(result.stdout)
    assert {id: d.source_text for id, d in found.items()} == {"stdin/1": FIRST, "stdin/2": SECOND}
    assert found["stdin/1"].entities[0].source_text == "台積電"
    assert found["stdin/2"].source.path is None


def test_a_table_in_big5_from_standard_input() -> None:
    stdin = separated(ROWS).decode().encode("big5")
    result = zhpipe(
        "run", "-", "-o", "-", "--input-format", "csv", "--id-field", "key", stdin=stdin
    )
    assert result.returncode == 0, err(result)
    found = by_id(result.stdout)
    assert {id: d.source_text for id, d in found.items()} == {"2330": FIRST, "2317": SECOND}
    assert found["2330"].source.encoding == "big5"


def test_a_pattern_with_a_suffix_of_its_own(tmp_path: Path) -> None:
    for name in ("2025-09.ndjson.gz", "2025-10.ndjson.gz"):
        (tmp_path / name).write_bytes(packed(jsonl(ROWS), ".gz"))
    result = zhpipe("run", f"{tmp_path}/*.ndjson.gz", "-o", "-", "-q", "--input-format", "jsonl")
    assert (result.returncode, err(result)) == (0, "")
    assert list(by_id(result.stdout)) == ["2025-09/1", "2025-09/2", "2025-10/1", "2025-10/2"]


def test_output_within_the_input_is_not_taken_for_input(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_bytes(jsonl(ROWS) + b"no JSON\n")
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    out = tmp_path / "out"
    runs = []
    for _ in range(2):
        result = zhpipe("run", tmp_path, "-o", out, "--format", "jsonl")
        assert result.returncode == 1
        assert [line for line in err(result).splitlines() if line.startswith("failures")] == [
            "failures    1"
        ]
        runs.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert all(files.pop("manifest.sqlite") for files in runs)
    assert set(runs[0]) == {"documents-00000.jsonl", "errors.jsonl"}
    assert list(by_id(runs[0]["documents-00000.jsonl"])) == ["a", "news/1", "news/2"]
    assert runs[0] == runs[1]


def test_a_bomb_is_refused_and_the_others_are_done(tmp_path: Path) -> None:
    (tmp_path / "bomb.txt.gz").write_bytes(packed(b" " * 50_000_000, ".gz"))
    (tmp_path / "long.jsonl").write_bytes(jsonl([{"text": SECOND * 100}, *ROWS]))
    result = zhpipe("run", tmp_path, "-o", "-", "--max-chars", "1000")
    assert result.returncode == 1
    assert "bomb.txt.gz: it is too long: more than 4,004 bytes" in err(result)
    assert "long.jsonl, line 1: it is too long: 1,300 code points" in err(result)
    assert list(by_id(result.stdout)) == ["long/2", "long/3"]


def test_a_table_that_is_none_does_not_end_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"台積電"第三季營收創新高\n', encoding="utf-8")
    (tmp_path / "b.txt").write_text(FIRST, encoding="utf-8")
    result = zhpipe("run", tmp_path, "-o", "-")
    assert "Traceback" not in err(result)
    assert result.returncode == 1
    assert list(by_id(result.stdout)) == ["b"]
