"""`zhpipe run`: files, folders, patterns and standard input in; JSON out; exit codes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from pipeline import Document
from tests.cli import err, zhpipe
from tests.conftest import CORPUS

ARTICLE = "台積電（2330-TW）第三季營收約7,596.9億元。\n"


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    """Two articles in nested folders, with a space and Chinese characters in the names."""
    base = tmp_path / "我的 文章"
    (base / "2025 年").mkdir(parents=True)
    (base / "第一篇.txt").write_text(ARTICLE, encoding="utf-8")
    (base / "2025 年" / "second article.txt").write_text("鴻海公布財報。", encoding="utf-8")
    (base / "notes.json").write_text("{}", encoding="utf-8")
    return base


def test_a_folder_becomes_a_folder_of_json(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = zhpipe("run", folder, "-o", out)
    assert result.returncode == 0, err(result)
    written = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file())
    assert written == ["2025 年/second article.json", "manifest.sqlite", "第一篇.json"]
    doc = Document.from_json((out / "第一篇.json").read_bytes())
    assert (doc.id, doc.source.path, doc.source.encoding) == ("第一篇", "第一篇.txt", "utf-8")
    assert doc.source_text == ARTICLE


def test_the_summary_says_what_was_done(folder: Path, tmp_path: Path) -> None:
    lines = err(zhpipe("run", folder, "-o", tmp_path / "out")).splitlines()
    summary = dict(line.split(maxsplit=1) for line in lines)
    assert summary["documents"] == "2"
    assert summary["failures"] == "0"
    assert int(summary["entities"]) >= 2
    assert {"numbers", "boilerplate", "chars/s"} <= set(summary)


def test_jsonl_holds_the_same_documents(folder: Path, tmp_path: Path) -> None:
    zhpipe("run", folder, "-o", tmp_path / "json")
    zhpipe("run", folder, "-o", tmp_path / "jsonl", "--format", "jsonl")
    lines = (tmp_path / "jsonl" / "documents-00000.jsonl").read_bytes().splitlines()
    files = [p.read_bytes().rstrip() for p in (tmp_path / "json").rglob("*.json")]
    assert sorted(lines) == sorted(files)


def test_standard_input_to_standard_output() -> None:
    result = zhpipe("run", "-", "-o", "-", stdin=ARTICLE.encode())
    assert result.returncode == 0
    doc = Document.from_json(result.stdout)
    assert doc.id == "stdin"
    assert doc.source_text == ARTICLE


def test_a_glob_pattern_and_a_single_file(folder: Path, tmp_path: Path) -> None:
    result = zhpipe("run", f"{folder}/**/*.txt", "-o", tmp_path / "a")
    assert result.returncode == 0
    assert (tmp_path / "a" / "2025 年" / "second article.json").exists()
    result = zhpipe("run", folder / "第一篇.txt", "-o", tmp_path / "b.jsonl")
    assert result.returncode == 0
    assert len((tmp_path / "b.jsonl").read_bytes().splitlines()) == 1


def test_running_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert zhpipe("run", CORPUS, "-o", tmp_path / name, "-q").returncode == 0
    ones = {p.relative_to(tmp_path / "one"): p.read_bytes()
            for p in (tmp_path / "one").rglob("*.json")}
    twos = {p.relative_to(tmp_path / "two"): p.read_bytes()
            for p in (tmp_path / "two").rglob("*.json")}
    assert ones == twos
    assert len(ones) >= 12


def test_settings_from_the_command_line(folder: Path, tmp_path: Path) -> None:
    config = tmp_path / "zhpipe.toml"
    config.write_text('[numbers]\nmarket = "HKD"\n', encoding="utf-8")
    zhpipe("run", folder / "第一篇.txt", "-o", tmp_path / "a.jsonl", "--config", config,
           "--set", "entities.merge_tokens=false")
    data = json.loads((tmp_path / "a.jsonl").read_bytes())
    assert next(n for n in data["numbers"] if n["label"] == "MONEY")["unit"] == "HKD"


def test_own_lexicon(tmp_path: Path) -> None:
    own = tmp_path / "own" / "lexicon"
    own.mkdir(parents=True)
    (own / "my.tsv").write_text(
        "name\tlabel\tid\ttickers\taliases\tambiguous\n"
        "星河智算\tORG\torg/xinghe\t9999.HK\t星河算力\t\n", encoding="utf-8")
    result = zhpipe("run", "-", "-o", "-", "--resources", tmp_path / "own",
                    stdin="星河算力上市。".encode())
    entity = json.loads(result.stdout)["entities"][0]
    assert (entity["name"], entity["tickers"]) == ("星河智算", ["9999.HK"])
    assert entity["by"].startswith("lexicon:my:")


# Bad input: a message with the file's name, the right exit code, the other files done.

def _bad(name: str, data: bytes, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("data", "message"), [
    (b"", "the file is empty"),
    (b" \n\t\n", "nothing but white space"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "looks binary: there is a NUL byte at offset 8"),
    (b"abc\x00def", "looks binary: there is a NUL character at code point 3"),
    ("營收".encode() + b"\xff\xfe", "not valid utf-8: byte 0xff at offset 6"),
    ("營收".encode() + b"\xed\xa0\x80", "not valid utf-8: byte 0xed at offset 6"),
    ("營收".encode() + b"\xff", "name it with --encoding"),
], ids=["empty", "blank", "binary", "nul", "invalid", "surrogate", "hint"])
def test_a_bad_file_is_named_and_the_others_are_done(
    folder: Path, tmp_path: Path, data: bytes, message: str
) -> None:
    bad = _bad("壞 檔案.txt", data, folder)
    result = zhpipe("run", folder, "-o", tmp_path / "out")
    assert result.returncode == 1
    assert f"zhpipe: {bad}: " in err(result)
    assert message in err(result)
    assert len(list((tmp_path / "out").rglob("*.json"))) == 2
    record = json.loads((tmp_path / "out" / "errors.jsonl").read_bytes())
    assert record["location"] == str(bad)
    assert record["error"] == "ReadError"
    assert message in record["message"]


def test_a_missing_file_is_named_and_the_others_are_done(folder: Path, tmp_path: Path) -> None:
    result = zhpipe("run", tmp_path / "nowhere.txt", folder, "-o", tmp_path / "out")
    assert result.returncode == 1
    assert "nowhere.txt: there is no such file or folder" in err(result)
    assert len(list((tmp_path / "out").rglob("*.json"))) == 2


def test_nothing_to_do_is_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = zhpipe("run", tmp_path / "empty", "-o", tmp_path / "out")
    assert result.returncode == 3
    assert "holds no text files" in err(result)
    result = zhpipe("run", f"{tmp_path}/*.txt", "-o", tmp_path / "out")
    assert result.returncode == 3
    assert "no file matches this pattern" in err(result)


def test_an_output_folder_that_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    result = zhpipe("run", folder, "-o", blocked)
    assert result.returncode == 3
    assert f"the output folder {blocked} cannot be written" in err(result)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_output_folder(folder: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    result = zhpipe("run", folder, "-o", locked)
    assert result.returncode == 3
    assert "cannot be written" in err(result)


def test_a_huge_line_is_refused_and_the_others_are_done(folder: Path, tmp_path: Path) -> None:
    huge = _bad("huge.txt", "漲".encode() * 17_000_000, folder)
    result = zhpipe("run", folder, "-o", tmp_path / "out")
    assert result.returncode == 1
    assert f"{huge}: it is too long: more than 8,000,004 bytes" in err(result)
    assert "--max-chars" in err(result)
    assert len(list((tmp_path / "out").rglob("*.json"))) == 2


def test_a_long_line_within_the_limit_is_done(tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("阿里雲收入265.49億元，同比增長12%，" * 5_000, encoding="utf-8")
    result = zhpipe("run", long, "-o", tmp_path / "out")
    assert result.returncode == 0, err(result)
    result = zhpipe("run", long, "-o", tmp_path / "out", "--max-chars", "1000")
    assert result.returncode == 3


def test_two_inputs_with_one_id(folder: Path, tmp_path: Path) -> None:
    result = zhpipe("run", folder, folder / "第一篇.txt", "-o", tmp_path / "out")
    assert result.returncode == 1
    assert "has the same id '第一篇'" in err(result)


@pytest.mark.parametrize("arguments", [
    ["run"], ["run", "x.txt"], ["run", "x.txt", "-o", "out", "--format", "xml"],
    ["run", "x.txt", "-o", "out", "--set", "numbers.market=EUR"], ["nonsense"],
])
def test_wrong_usage_is_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    result = zhpipe(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert err(result).strip()


def test_an_unknown_encoding_is_named(folder: Path, tmp_path: Path) -> None:
    result = zhpipe("run", folder, "-o", tmp_path / "out", "--encoding", "klingon")
    assert result.returncode == 3
    assert "no encoding called 'klingon'" in err(result)


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-16", "utf-8-sig"])
def test_a_named_encoding(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(ARTICLE.encode(encoding))
    named = Document.from_json(zhpipe("run", file, "-o", "-", "--encoding", encoding).stdout)
    assert (named.source_text, named.source.encoding_by) == (ARTICLE, "given")
    found = Document.from_json(zhpipe("run", file, "-o", "-").stdout)
    assert found.source_text == ARTICLE


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_byte_order_mark_names_the_encoding(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(ARTICLE.encode(encoding))
    doc = Document.from_json(zhpipe("run", file, "-o", "-").stdout)
    assert (doc.source_text, doc.source.encoding) == (ARTICLE, encoding)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_interrupted_is_exit_code_130(tmp_path: Path) -> None:
    import signal
    import subprocess

    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "run", "-", "-o", str(tmp_path / "out")],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    # The output folder is there once the run waits for its input.
    import time

    for _ in range(200):
        if (tmp_path / "out").is_dir():
            break
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"interrupted" in stderr


def test_files_of_others_beside_the_output_are_left_alone(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "errors.jsonl"
    other.write_text("mine", encoding="utf-8")
    assert zhpipe("run", folder, "-o", tmp_path / "all.jsonl").returncode == 0
    assert other.read_text(encoding="utf-8") == "mine"
    zhpipe("run", folder, tmp_path / "nowhere.txt", "-o", tmp_path / "all.jsonl")
    assert (tmp_path / "all.errors.jsonl").exists()


def test_a_folder_in_the_way_is_seen_before_the_work(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").mkdir()
    result = zhpipe("run", folder, "-o", tmp_path / "out.jsonl")
    assert result.returncode == 3
    assert "out.jsonl is a folder" in err(result)


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
def test_a_file_name_that_is_no_utf_8(folder: Path, tmp_path: Path) -> None:
    with open(os.fsencode(folder) + b"/bad\xff.txt", "wb") as file:  # noqa: PTH123
        file.write(ARTICLE.encode())
    result = zhpipe("run", folder, "-o", tmp_path / "out.jsonl")
    assert result.returncode == 0, err(result)
    ids = [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert "bad\\udcff" in ids


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes")
def test_a_named_pipe_does_not_hang_the_run(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    result = zhpipe("run", folder, "-o", tmp_path / "out")
    assert result.returncode == 1
    assert "pipe.txt: it is no regular file" in err(result)


def test_a_rule_file_that_lacks_something_is_named(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "header.toml").write_text("x = 1", encoding="utf-8")
    result = zhpipe("run", folder, "-o", tmp_path / "out", "--resources", own)
    assert result.returncode == 3
    assert "stage 'segment': a rule file in" in err(result)
    assert "search_lines" in err(result)


def test_a_date_of_publication_in_a_setting(tmp_path: Path) -> None:
    result = zhpipe("run", "-", "-o", "-", "--set", "numbers.published=2025-09-28",
                    stdin="今年營收RMB5亿。".encode())
    numbers = json.loads(result.stdout)["numbers"]
    assert [n["value"] for n in numbers] == ["2025", 500_000_000]
    result = zhpipe("run", "-", "-o", "-", "--set", "numbers.published=2025-02-30", stdin=b"x")
    assert result.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
def test_a_closed_pipe_ends_the_run(tmp_path: Path) -> None:
    import subprocess

    command = f"{sys.executable} -m pipeline.cli run {CORPUS} -o - | head -c 10"
    result = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60)
    assert result.stdout == b'{"schema_v'
    assert result.stderr == b""
