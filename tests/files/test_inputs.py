"""Arguments in, inputs out: which files are taken, in which order, and what their documents are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.files.inputs import COMPRESSIONS, FORMATS, Input, find_inputs


def made(folder: Path, *names: str) -> Path:
    """The folder with these files in it."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return folder


def paths(*arguments: str | Path) -> list[str | None]:
    return [item.path for item in find_inputs([str(argument) for argument in arguments])]


def ids(*arguments: str | Path) -> list[str]:
    return [item.id for item in find_inputs([str(argument) for argument in arguments])]


def problem(argument: str | Path) -> str:
    """Why an argument names no input."""
    (item,) = find_inputs([str(argument)])
    assert item.problem is not None
    return item.problem


def test_an_input_says_where_it_is_and_what_its_document_is_called(tmp_path: Path) -> None:
    made(tmp_path, "2025 年/第一篇.txt")
    (found,) = find_inputs([str(tmp_path)])
    location = str(tmp_path / "2025 年" / "第一篇.txt")
    assert found == Input("2025 年/第一篇", location, "2025 年/第一篇.txt")


def test_the_order_is_that_of_the_arguments(tmp_path: Path) -> None:
    made(tmp_path, "a.txt", "b/c.txt", "b/a.txt", "d.txt")
    found = ids(tmp_path / "d.txt", "-", tmp_path / "b", f"{tmp_path}/?.txt", tmp_path / "a.txt")
    assert found == ["d", "stdin", "a", "c", "a", "d", "a"]


def test_within_a_folder_the_order_is_by_name_and_files_come_before_folders(tmp_path: Path) -> None:
    made(tmp_path, "b.txt", "a/z.txt", "a/b/c.txt", "a.txt", "c/a.md", "10.txt", "9.txt")
    expected = ["10.txt", "9.txt", "a.txt", "b.txt", "a/z.txt", "a/b/c.txt", "c/a.md"]
    assert paths(tmp_path) == expected


@pytest.mark.parametrize("compression", ["", *COMPRESSIONS])
@pytest.mark.parametrize("suffix", FORMATS)
def test_of_a_folder_every_format_is_taken_compressed_or_not(
    suffix: str, compression: str, tmp_path: Path
) -> None:
    made(tmp_path, f"news{suffix}{compression}", f"NEWS2{suffix}{compression}".upper())
    upper, lower = find_inputs([str(tmp_path)])
    assert (upper.id, lower.id) == ("NEWS2", "news")
    assert upper.format == lower.format == FORMATS[suffix]
    assert upper.compression == lower.compression == compression


def test_of_a_folder_other_files_are_not_taken(tmp_path: Path) -> None:
    made(tmp_path, "a.json", "b.docx", "c.gz", "d.jsonl.part", "e.txt.bz2", "f", ".txt", "g.txt~")
    message = problem(tmp_path)
    assert message.startswith("the folder holds no text files (.txt, .md, .html,")
    assert ".parquet, also with .gz or .zst" in message
    made(tmp_path, "h.txt")
    assert paths(tmp_path) == ["h.txt"]


@pytest.mark.parametrize(
    ("name", "id", "format", "compression"),
    [
        ("news.txt", "news", "txt", ""),
        ("a.b.txt", "a.b", "txt", ""),
        ("a.b.txt.gz", "a.b", "txt", ".gz"),
        ("2025.09.28.jsonl.zst", "2025.09.28", "jsonl", ".zst"),
        ("新聞.CSV.GZ", "新聞", "csv", ".gz"),
        ("news.htm", "news", "html", ""),
        # What the name does not tell is plain text.
        ("news", "news", "txt", ""),
        ("news.gz", "news", "txt", ".gz"),
        ("news.log", "news", "txt", ""),
        ("dump.ndjson.gz", "dump", "txt", ".gz"),
        ("txt.csv.html", "txt.csv", "html", ""),
    ],
)
def test_a_files_name_tells_id_format_and_compression(
    name: str, id: str, format: str, compression: str, tmp_path: Path
) -> None:
    (found,) = find_inputs([str(made(tmp_path, name) / name)])
    assert (found.id, found.path, found.problem) == (id, name, None)
    assert (found.format, found.compression) == (format, compression)


def test_a_file_that_is_given_by_itself_has_no_folder_in_its_id(tmp_path: Path) -> None:
    made(tmp_path, "a/b/news.txt")
    assert ids(tmp_path / "a" / "b" / "news.txt") == ["news"]
    assert ids(tmp_path / "a") == ["b/news"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("**/*.txt", ["a.txt", "b.txt", "c/d.txt", "c/e/f.txt"]),
        ("c/**/*.txt", ["d.txt", "e/f.txt"]),
        ("*/*.txt", ["c/d.txt"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("c/?.txt*", ["d.txt", "d.txt.gz"]),
        # A pattern may name any file, unlike a folder.
        ("*.log", ["a.log"]),
        # A folder that matches is no file.
        ("*c*", None),
    ],
)
def test_a_pattern(pattern: str, expected: list[str] | None, tmp_path: Path) -> None:
    made(tmp_path, "a.txt", "b.txt", "a.log", "c/d.txt", "c/d.txt.gz", "c/e/f.txt")
    if expected is None:
        assert problem(tmp_path / pattern) == "no file matches this pattern"
    else:
        assert paths(tmp_path / pattern) == expected


def test_a_pattern_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made(tmp_path, "a.txt", "c/d.txt"))
    assert ids("**/*.txt") == ["a", "c/d"]
    assert ids("c/*.txt", ".") == ["d", "a", "c/d"]


def test_a_name_with_brackets_that_exists_is_no_pattern(tmp_path: Path) -> None:
    made(tmp_path, "[快訊] 台積電.txt", "快.txt")
    assert paths(tmp_path / "[快訊] 台積電.txt") == ["[快訊] 台積電.txt"]


@pytest.mark.parametrize("argument", ["nowhere.txt", "nowhere", "a.txt/b.txt"])
def test_what_is_not_there_is_named(argument: str, tmp_path: Path) -> None:
    made(tmp_path, "a.txt")
    (found,) = find_inputs([str(tmp_path / argument)])
    assert found.location == str(tmp_path / argument)
    assert found.problem == "there is no such file or folder"


def test_arguments_without_inputs_do_not_hide_the_others(tmp_path: Path) -> None:
    made(tmp_path, "a.txt")
    (tmp_path / "empty").mkdir()
    arguments = ["", str(tmp_path / "empty"), f"{tmp_path}/*.csv", str(tmp_path / "a.txt")]
    *bad, good = find_inputs(arguments)
    assert [item.problem is None for item in bad] == [False, False, False]
    assert bad[0].problem == "the name is empty"
    assert good.id == "a"


def test_standard_input() -> None:
    (found,) = find_inputs(["-"])
    assert found == Input("stdin", "-", None)
    assert (found.format, found.compression) == ("txt", "")


def test_nothing_in_nothing_out() -> None:
    assert list(find_inputs([])) == []


def test_bytes_of_a_name_that_are_no_utf_8_are_escaped(tmp_path: Path) -> None:
    # As Python names such a file: the byte 0xff is a lone surrogate.
    name = "bad\udcff.txt"
    try:
        made(tmp_path, name)
    except (OSError, UnicodeError):
        pytest.skip("this file system has no such names")
    (found,) = find_inputs([str(tmp_path)])
    assert (found.id, found.path) == ("bad\\udcff", "bad\\udcff.txt")
    assert Path(found.location).exists()


# The run's own files.


def test_a_folder_is_searched_past_the_runs_own_files(tmp_path: Path) -> None:
    made(tmp_path, "a.jsonl", "out/documents.jsonl", "out/documents.errors.jsonl", "out/b.jsonl")
    out = tmp_path / "out"
    own = [out / "documents.jsonl", out / "documents.errors.jsonl"]
    found = [item.path for item in find_inputs([str(tmp_path)], own)]
    assert found == ["a.jsonl", "out/b.jsonl"]


def test_own_files_are_known_by_whatever_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made(tmp_path, "a.jsonl", "out/documents.jsonl"))
    for own in (Path("out/documents.jsonl"), tmp_path / "out" / ".." / "out" / "documents.jsonl"):
        assert [item.path for item in find_inputs(["."], [own])] == ["a.jsonl"]


def test_a_folder_with_nothing_but_own_files_holds_none(tmp_path: Path) -> None:
    own = made(tmp_path, "documents.jsonl") / "documents.jsonl"
    (found,) = find_inputs([str(tmp_path)], [own])
    assert found.problem is not None
    assert found.problem.startswith("the folder holds no text files")


def test_an_own_file_that_is_given_by_name_is_taken(tmp_path: Path) -> None:
    own = made(tmp_path, "documents.jsonl") / "documents.jsonl"
    (found,) = find_inputs([str(own)], [own])
    assert (found.id, found.problem) == ("documents", None)
