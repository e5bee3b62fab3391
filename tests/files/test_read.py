"""Files of any format in; each document's text, its place and its encoding out, or why there is none."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from pipeline import Document, Pipeline
from pipeline.errors import DocumentError
from pipeline.files.inputs import STDIN, Input, find_inputs
from pipeline.files.read import ReadOptions, read_input

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# As much of a file of records as its encoding is judged by.
SAMPLE = 1 << 18

# Line ends of both kinds, commas, quotes, a character beyond the BMP.
FIRST = '台積電第三季營收創新高。\r\n董事長說，"毛利率提升"，\n展望樂觀。'
SECOND = "鴻海公布財報，𠮷野家擴大展店。"
SIMPLIFIED = "公司三季度营收创新高，毛利率提升。"
TRADITIONAL = "公司第三季營收創新高，毛利率提升。"

Table = Sequence[dict[str, Any]]


# How a user's files come about.


def jsonl(rows: Table) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def separated(rows: Table, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def tabs(rows: Table) -> bytes:
    return separated(rows, "\t")


def parquet(rows: Table) -> bytes:
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows)), out)
    return out.getvalue()


RECORDS: dict[str, Callable[[Table], bytes]] = {
    ".jsonl": jsonl,
    ".csv": separated,
    ".tsv": tabs,
    ".parquet": parquet,
}

TITLE = "台積電第三季營收創新高"
PARAGRAPHS = (
    "台積電今日公布第三季營收約7,596.9億元，季增6%，年增近四成，優於市場原先的預期，股價早盤上漲3%。",
    "外資分析師認為，先進製程需求強勁，產能利用率提高，毛利率可望維持在高檔，第四季展望同樣樂觀。",
    "法人預估，公司全年資本支出將落在400億美元左右，海外擴產計畫不變，新廠最快明年下半年投產。",
)


def page(
    charset: str = "utf-8",
    title: str = TITLE,
    paragraphs: Sequence[str] = PARAGRAPHS,
    menu: Sequence[str] = ("首頁", "股市行情", "登入"),
    footer: str = "版權所有，未經授權不得轉載",
) -> str:
    links = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in menu)
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" content="text/html; '
        f'charset={charset}"><title>{title}</title></head>\n<body><nav><ul>{links}</ul></nav>\n'
        f"<article><h1>{title}</h1>\n{body}</article>\n<footer><p>{footer}</p></footer></body></html>"
    )


def packed(data: bytes, compression: str) -> bytes:
    if compression == ".gz":
        return gzip.compress(data)
    # With a checksum, as the zstd command writes it.
    checked = {int(zstd.CompressionParameter.checksum_flag): 1}
    return zstd.compress(data, options=checked) if compression == ".zst" else data


# What is read from them.


def read(path: Path, **options: Any) -> list[tuple[Input, Document | DocumentError]]:
    (item,) = find_inputs([str(path)])
    return list(read_input(item, ReadOptions(**options)))


def documents(path: Path, **options: Any) -> list[Document]:
    found = []
    for place, document in read(path, **options):
        assert isinstance(document, Document), f"{place.location}: {document}"
        found.append(document)
    return found


def texts(path: Path, **options: Any) -> list[str]:
    return [document.source_text for document in documents(path, **options)]


def error(path: Path, **options: Any) -> str:
    """The message of the one error that a file is."""
    ((place, problem),) = read(path, **options)
    assert isinstance(problem, DocumentError)
    assert place.location == str(path)
    return str(problem)


def outcomes(path: Path, **options: Any) -> dict[str, str]:
    """The text of each document, or what is wrong with it, by the id."""
    found = read(path, **options)
    shown = {
        place.id: document.source_text if isinstance(document, Document) else f"! {document}"
        for place, document in found
    }
    assert len(shown) == len(found)
    return shown


@pytest.fixture()
def file(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


Write = Callable[[str, bytes], Path]


# Every format, compressed or not.

TWO = [{"id": "a", "text": FIRST}, {"id": "b", "text": SECOND}]
MARKDOWN = f"# 財報\r\n\r\n{FIRST}"
ARTICLE = "\n".join([TITLE, *PARAGRAPHS])
BOTH = [("news/1", 1, FIRST), ("news/2", 2, SECOND)]
# Suffix, bytes of the file; id, record and text of its documents; why the encoding was taken.
Case = tuple[str, bytes, list[tuple[str, int | None, str]], str]
FORMATS: list[Case] = [
    (".txt", FIRST.encode(), [("news", None, FIRST)], "valid UTF-8"),
    (".md", MARKDOWN.encode(), [("news", None, MARKDOWN)], "valid UTF-8"),
    (".html", page().encode(), [("news", None, ARTICLE)], "valid UTF-8"),
    (".htm", page().encode(), [("news", None, ARTICLE)], "valid UTF-8"),
    (".jsonl", jsonl(TWO), [*BOTH], "valid UTF-8"),
    (".csv", separated(TWO), [*BOTH], "valid UTF-8"),
    (".tsv", tabs(TWO), [*BOTH], "valid UTF-8"),
    (".parquet", parquet(TWO), [*BOTH], "Parquet"),
]


@pytest.mark.parametrize("compression", ["", ".gz", ".zst"])
@pytest.mark.parametrize(("suffix", "data", "expected", "by"), FORMATS, ids=[f[0] for f in FORMATS])
def test_each_format_gives_the_same_documents_plain_and_compressed(
    suffix: str,
    data: bytes,
    expected: list[tuple[str, int | None, str]],
    by: str,
    compression: str,
    file: Write,
) -> None:
    name = f"news{suffix}{compression}"
    found = documents(file(name, packed(data, compression)))
    assert [(d.id, d.source.record, d.source_text) for d in found] == expected
    for document in found:
        source = document.source
        assert (source.path, source.encoding, source.encoding_by) == (name, "utf-8", by)
        assert source.length == len(document.source_text)
        extractor = source.extracted_by or ""
        assert extractor.startswith("trafilatura ") if suffix.startswith(".htm") else not extractor
    # The hash of a file with one article is that of its bytes, not of their compression.
    plain = documents(file(f"news{suffix}", data))
    assert [d.source.sha256 for d in found] == [d.source.sha256 for d in plain]


@pytest.mark.parametrize("name", ["news.JSONL", "news.Csv", "news.TSV.GZ", "news.Parquet.Zst"])
def test_upper_case_suffixes_are_known(name: str, file: Write) -> None:
    suffix, _, compression = name.removeprefix("news").lower()[1:].partition(".")
    data = packed(RECORDS[f".{suffix}"](TWO), f".{compression}")
    assert outcomes(file(name, data)) == {"news/1": FIRST, "news/2": SECOND}


@pytest.mark.parametrize("name", ["dump.ndjson", "dump.log.gz", "dump"])
def test_a_format_that_is_given_is_not_looked_up_in_the_name(name: str, file: Write) -> None:
    path = file(name, packed(jsonl(TWO), Path(name).suffix))
    assert outcomes(path, format="jsonl") == {"dump/1": FIRST, "dump/2": SECOND}
    (as_text,) = texts(path)
    assert as_text.startswith('{"id": "a"')


@pytest.mark.parametrize("compression", [".gz", ".zst"])
def test_compressed_files_that_were_joined_are_read_to_the_end(
    compression: str, file: Write
) -> None:
    parts = packed(jsonl(TWO[:1]), compression) + packed(jsonl(TWO[1:]), compression)
    assert texts(file(f"news.jsonl{compression}", parts)) == [FIRST, SECOND]


@pytest.mark.parametrize("suffix", RECORDS)
@pytest.mark.parametrize(
    "text",
    [
        "第一段。\r\n\r\n第二段。\r\n",
        "\n第一段前後都有空行。\n\n",
        '他說："營收，毛利，都創新高。"',
        '"整段都在引號裡"',
        "逗號,分號;跳格\t都在文中",
        "行分隔符\u2028段分隔符\u2029下一行\x85換頁\x0c都不是記錄的結尾",
        "單獨的\r歸位",
        "　全形空格開頭，𠮷野家與😀都是一個字元。",
    ],
    ids=[
        "crlf",
        "blank lines",
        "quotes",
        "quoted whole",
        "delimiters",
        "other line ends",
        "cr",
        "wide",
    ],
)
def test_a_records_text_is_unchanged(suffix: str, text: str, file: Write) -> None:
    path = file(
        f"news{suffix}", RECORDS[suffix]([{"text": text, "n": 1}, {"text": SECOND, "n": 2}])
    )
    assert texts(path) == [text, SECOND]


def test_lines_of_json_may_end_in_crlf_or_in_nothing_and_blank_ones_only_count(file: Write) -> None:
    path = file("news.jsonl", '\n{"text": "第二行"}\r\n  \r\n{"text": "第四行"}'.encode())
    assert outcomes(path) == {"news/2": "第二行", "news/4": "第四行"}


def test_rows_may_end_in_lf_or_crlf_or_nothing(file: Write) -> None:
    path = file("news.csv", 'id,text\r\n1,"甲，\r\n乙"\n2,丙'.encode())
    assert texts(path) == ["甲，\r\n乙", "丙"]


# Fields.


@pytest.mark.parametrize("suffix", RECORDS)
def test_several_text_fields_are_joined_as_lines_in_the_order_given(
    suffix: str, file: Write
) -> None:
    rows = [{"body": "營收創新高。", "n": 1, "title": "財報"}]
    path = file(f"news{suffix}", RECORDS[suffix](rows))
    assert texts(path, text_fields=("title", "body")) == ["財報\n營收創新高。"]
    assert texts(path, text_fields=("body",)) == ["營收創新高。"]


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_text_fields_that_are_null_are_left_out(suffix: str, file: Write) -> None:
    rows = [{"title": None, "body": "沒有標題。"}, {"title": "只有標題", "body": None}]
    path = file(f"news{suffix}", RECORDS[suffix](rows))
    assert texts(path, text_fields=("title", "body")) == ["沒有標題。", "只有標題"]


@pytest.mark.parametrize("suffix", RECORDS)
@pytest.mark.parametrize("ids", [["2330-TW", "公告/第1號"], [2330, 0], [-1, 2**53 + 1]])
def test_ids_are_strings_or_integers(suffix: str, ids: list[str | int], file: Write) -> None:
    rows = [{"key": id, "text": SECOND} for id in ids]
    path = file(f"news{suffix}", RECORDS[suffix](rows))
    assert list(outcomes(path, id_field="key")) == [str(id) for id in ids]
    assert [d.id for d in documents(path, id_field="key")] == [str(id) for id in ids]


@pytest.mark.parametrize("id", ["null", '""', "true", "1.5", '["a"]', '{"a": 1}'])
def test_what_makes_no_id_costs_the_record(id: str, file: Write) -> None:
    data = (
        f'{{"id": "a", "text": "一"}}\n{{"id": {id}, "text": "二"}}\n{{"id": "c", "text": "三"}}\n'
    )
    found = outcomes(file("news.jsonl", data.encode()), id_field="id")
    assert found.pop("news/2").startswith("! the record has no id: its field 'id' holds ")
    assert found == {"a": "一", "c": "三"}


@pytest.mark.parametrize(
    ("suffix", "rows"),
    [
        (".jsonl", [{"id": "a", "text": "一"}, {"text": "二"}]),
        (".csv", [{"id": "a", "text": "一"}, {"id": "", "text": "二"}]),
        (".tsv", [{"id": "a", "text": "一"}, {"id": "", "text": "二"}]),
        (".parquet", [{"id": "a", "text": "一"}, {"id": None, "text": "二"}]),
        (".parquet", [{"id": 1.5, "text": "一"}, {"id": 2.5, "text": "二"}]),
    ],
)
def test_a_record_without_an_id_is_named_by_its_number(
    suffix: str, rows: Table, file: Write
) -> None:
    path = file(f"news{suffix}", RECORDS[suffix](rows))
    place, problem = read(path, id_field="id")[1]
    assert place.id == "news/2"
    assert place.location == f"{path}, {'line' if suffix == '.jsonl' else 'row'} 2"
    assert "the record has no id: its field 'id' holds" in str(problem)


# Encodings.

LARGE = 3 * SAMPLE // 2
ENCODINGS = [
    ("big5", TRADITIONAL, "common characters"),
    ("gb18030", SIMPLIFIED, "common characters"),
    ("utf-8", SIMPLIFIED + TRADITIONAL, "valid UTF-8"),
    ("utf-8-sig", SIMPLIFIED + TRADITIONAL, "byte order mark"),
    ("utf-16", SIMPLIFIED + TRADITIONAL, "byte order mark"),
]
BY_ENCODING = pytest.mark.parametrize(
    ("encoding", "text", "by"), ENCODINGS, ids=[e[0] for e in ENCODINGS]
)


def numbered(text: str, length: int) -> list[dict[str, str]]:
    """Rows that are as long as this together, in an encoding of two bytes a character."""
    return [{"text": f"{n}：{text}{text}"} for n in range(length // (4 * len(text)))]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv"])
@pytest.mark.parametrize("length", [300, LARGE], ids=["small", "large"])
@BY_ENCODING
def test_records_in_every_encoding(
    suffix: str, length: int, encoding: str, text: str, by: str, file: Write
) -> None:
    rows = numbered(text, length)
    data = RECORDS[suffix](rows).decode().encode(encoding)
    assert (len(data) > SAMPLE) == (length > SAMPLE)
    found = documents(file(f"news{suffix}", data))
    assert [d.source_text for d in found] == [row["text"] for row in rows]
    assert {d.source.encoding for d in found} == {encoding}
    assert all(d.source.encoding_by.startswith(by) for d in found)
    named = documents(file(f"news{suffix}", data), encoding=encoding)
    assert [d.source_text for d in named] == [row["text"] for row in rows]
    assert {d.source.encoding_by for d in named} == {"given"}


def straddling(rows: list[dict[str, str]], suffix: str, encoding: str) -> bytes:
    """The rows as a file in which the sample's end cuts a character in two."""
    for padding in range(4):
        padded = [{"text": "x" * padding + rows[0]["text"]}, *rows[1:]]
        data = RECORDS[suffix](padded).decode().encode(encoding)
        try:
            data[:SAMPLE].decode(encoding)
        except UnicodeDecodeError as problem:
            # It is the end that is wrong with it.
            assert problem.start >= SAMPLE - 8
            return data
    raise AssertionError("no character was cut")


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
@BY_ENCODING
def test_a_character_may_be_cut_by_the_end_of_the_sample(
    suffix: str, encoding: str, text: str, by: str, file: Write
) -> None:
    # In UTF-16 only a character beyond the BMP can be.
    rows = numbered("𠮷" * 40 if encoding == "utf-16" else text, 2 * LARGE)
    found = texts(file(f"news{suffix}", straddling(rows, suffix, encoding)))
    assert [t.lstrip("x") for t in found] == [row["text"] for row in rows]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
@BY_ENCODING
def test_the_first_line_may_be_longer_than_the_sample(
    suffix: str, encoding: str, text: str, by: str, file: Write
) -> None:
    long = text * (SAMPLE // len(text))
    # Of a CSV file it is the header.
    rows = [{"text": SECOND[:2], long: "1"}] if suffix == ".csv" else [{"text": long}]
    (document,) = documents(file(f"news{suffix}", RECORDS[suffix](rows).decode().encode(encoding)))
    assert document.source_text == rows[0]["text"]
    assert document.source.encoding == encoding
    assert document.source.encoding_by.startswith(by)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_half_of_a_character_of_utf_16_is_no_line_end(suffix: str, order: str, file: Write) -> None:
    # 上 holds the byte 0x0a; of the Gurmukhi letter and 一 the halves that meet make a line feed.
    rows = [{"text": "上一頁，ਅ一ਅ一。"}, {"text": "上上下下。"}]
    data = f"\ufeff{RECORDS[suffix](rows).decode()}".encode(order)
    assert data.count("\n".encode(order)) > len(rows)
    assert texts(file(f"news{suffix}", data)) == [row["text"] for row in rows]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
@pytest.mark.parametrize(
    ("encoding", "bad"),
    [
        ("utf-8", b"\xff"),
        ("utf-8-sig", b"\xe7\x87"),
        ("gb18030", b"\xff"),
        ("big5", b"\xff"),
        ("utf-16", b"\x00\xd8"),
    ],
)
@pytest.mark.parametrize(
    "before", [300, SAMPLE // 2, LARGE], ids=["small file", "in the sample", "beyond the sample"]
)
def test_a_bad_byte_costs_one_record(
    suffix: str, before: int, encoding: str, bad: bytes, file: Write
) -> None:
    """All records but the one with the bad byte are read; that one's line is named."""
    text = next(text for name, text, _ in ENCODINGS if name == encoding)
    rows = [*numbered(text, before), {"text": "壞@"}, *numbered(text, 300)]
    place = next(n for n, row in enumerate(rows) if row["text"] == "壞@")
    rows[place] = {"text": "@"}
    data = RECORDS[suffix](rows).decode().encode(encoding)
    at = "@".encode("utf-16-le") if encoding == "utf-16" else b"@"
    assert data.count(at) == 1
    found = read(file(f"news{suffix}", data.replace(at, bad)))
    assert len(found) == len(rows)
    good = [(d.source.record, d.source_text) for _, d in found if isinstance(d, Document)]
    assert good == [(n + 1, row["text"]) for n, row in enumerate(rows) if n != place]
    where, problem = found[place]
    assert isinstance(problem, DocumentError)
    assert where.id == f"news/{place + 1}"
    # The header of a CSV file is its first line.
    line = place + 1 + (suffix == ".csv")
    assert f"line {line} is not valid {encoding}" in str(problem)


@pytest.mark.parametrize(
    "rest",
    ["第二段，營收, 成長", "第二段。", '他說""好""，\n說完了。'],
    ids=["bogus", "error", "errors"],
)
def test_a_bad_byte_in_a_field_of_several_lines_costs_one_record(rest: str, file: Write) -> None:
    rows = [f"{n},{SIMPLIFIED}\n" for n in range(LARGE // 40)]
    data = "".join(["id,text\n", *rows, f'x,"第一段@\n{rest}"\n', "y,好\n"]).encode()
    found = read(file("news.csv", data.replace(b"@", b"\xff")))
    assert [d.source_text for _, d in found if isinstance(d, Document)] == [SIMPLIFIED] * len(
        rows
    ) + ["好"]
    assert len(found) == len(rows) + 2


def test_a_line_beyond_the_limit_in_a_field_of_several_lines_makes_no_document(file: Write) -> None:
    long = "x" * 1_100_000
    path = file("news.csv", f'id,text\n1,一\n2,"{long}\n第二段，營收, 成長"\n3,三\n'.encode())
    good = [d.source_text for _, d in read(path, max_chars=10) if isinstance(d, Document)]
    # Whether reading goes on after it or not.
    assert good in (["一", "三"], ["一"])


def test_the_line_of_a_bad_row_is_right_after_a_bad_byte_too(file: Write) -> None:
    rows = [f"{n},{SIMPLIFIED}\n" for n in range(LARGE // 40)]
    data = "".join(["id,text\n", *rows, "x,@\n", "a,b,c\n"]).encode().replace(b"@", b"\xff")
    *_, (_, bad_byte), (_, bad_row) = read(file("news.csv", data))
    assert f"line {len(rows) + 2} is not valid utf-8" in str(bad_byte)
    assert f"line {len(rows) + 3}: the row has 3 columns, the header 2" in str(bad_row)


def test_a_given_encoding_that_is_unknown_is_named(file: Write) -> None:
    for suffix in (".txt", ".html", ".jsonl", ".csv"):
        path = file(f"news{suffix}", b"text\n1\n")
        assert error(path, encoding="klingon") == "there is no encoding called 'klingon'"


# Records that are none: each is an error in its place, those around it are read.


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "營收', "the line is not JSON: "),
        ('{"text": "一"} {"text": "二"}', "the line is not JSON: "),
        ("營收創新高。", "the line is not JSON: "),
        ('{"text": NaN}', "the line is not JSON: "),
        ('{"text": "\\ud83d"}', "the line is not JSON: "),
        ('{"text": "\\ude00\\ud83d"}', "the line is not JSON: "),
        ('["營收"]', "the line is no JSON object but list"),
        ('"營收"', "the line is no JSON object but str"),
        ("5", "the line is no JSON object but int"),
        (
            '{"title": "一", "body": "二"}',
            "the record has no field 'text' but 'title', 'body'; name the one with the text with --text-field",
        ),
        ("{}", "the record has no field 'text' but none; "),
        ('{"text": 5}', "the field 'text' holds no text but int"),
        ('{"text": ["一"]}', "the field 'text' holds no text but list"),
        ('{"text": true}', "the field 'text' holds no text but bool"),
        ('{"text": null}', "there is nothing but white space"),
        ('{"text": ""}', "there is nothing but white space"),
        ('{"text": " \\n\\u3000"}', "there is nothing but white space"),
    ],
)
def test_a_bad_line_of_json(line: str, message: str, file: Write) -> None:
    path = file("news.jsonl", f'{{"text": "一"}}\n{line}\n{{"text": "三"}}\n'.encode())
    (_, first), (place, problem), (_, third) = read(path)
    assert (place.id, place.location, place.path) == ("news/2", f"{path}, line 2", "news.jsonl")
    assert isinstance(problem, DocumentError)
    assert str(problem).startswith(message)
    assert isinstance(first, Document) and isinstance(third, Document)
    assert (first.source_text, third.source_text, third.source.record) == ("一", "三", 3)


def test_a_pair_of_surrogate_escapes_is_one_character(file: Write) -> None:
    assert texts(file("news.jsonl", b'{"text": "\\ud83d\\ude00"}')) == ["😀"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2", "line 3: the row has 1 columns, the header 2"),
        ("2,二,貳", "line 3: the row has 3 columns, the header 2"),
        ("2,", "there is nothing but white space"),
        ("2,\u3000", "there is nothing but white space"),
    ],
)
def test_a_bad_row(row: str, message: str, file: Write) -> None:
    path = file("news.csv", f"id,text\n1,一\n{row}\n3,三\n".encode())
    assert outcomes(path) == {"news/1": "一", "news/2": f"! {message}", "news/3": "三"}
    place, _ = read(path)[1]
    assert place.location == f"{path}, row 2"


def test_blank_lines_between_rows_are_passed_over(file: Write) -> None:
    assert texts(file("news.csv", "id,text\n\n1,一\n\n\n2,二\n\n".encode())) == ["一", "二"]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({}, "text"),
        ({"text_fields": ("title", "body", "lead")}, "lead"),
        ({"text_fields": ("body",), "id_field": "id"}, "id"),
    ],
    ids=["default", "one of several", "id"],
)
def test_a_missing_column_is_one_error_for_the_file(
    suffix: str, options: dict[str, Any], missing: str, file: Write
) -> None:
    rows = [{"title": "一", "body": "二"}, {"title": "三", "body": "四"}]
    message = error(file(f"news{suffix}", RECORDS[suffix](rows)), **options)
    assert message.startswith(f"there is no column {missing!r} but 'title', 'body'; ")
    assert "--text-field" in message and "--id-field" in message


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([2330, 2317], "int"),
        ([["一"], ["二"]], "list"),
        ([{"a": 1}, {"a": 2}], "dict"),
        ([b"a", b"b"], "bytes"),
    ],
)
def test_a_column_of_another_type(values: list[Any], kind: str, file: Write) -> None:
    path = file("news.parquet", parquet([{"text": value} for value in values]))
    problem = f"! the field 'text' holds no text but {kind}"
    assert outcomes(path) == {"news/1": problem, "news/2": problem}


def test_columns_of_a_parquet_file_may_be_dictionaries_or_large(file: Write) -> None:
    for kind in (pyarrow.dictionary(pyarrow.int32(), pyarrow.string()), pyarrow.large_string()):
        out = io.BytesIO()
        table = pyarrow.table({"text": pyarrow.array(["一", "二", "一", None]).cast(kind)})
        pyarrow.parquet.write_table(table, out)
        *good, last = outcomes(file("news.parquet", out.getvalue())).values()
        assert good == ["一", "二", "一"]
        assert last == "! there is nothing but white space"


def test_an_unclosed_quote_is_not_looked_for_in_all_of_a_large_file(file: Write) -> None:
    data = 'text\n一\n"二\n' + "三\n" * 600_000
    (_, first), (place, problem) = read(file("news.csv", data.encode()), max_chars=10)
    assert isinstance(first, Document)
    assert place.id == "news"
    assert "perhaps for a quote that is not closed; the rest of the file was not read" in str(
        problem
    )


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_an_unclosed_quote_ends_the_file_and_the_rows_before_it_are_read(
    suffix: str, file: Write
) -> None:
    comma = "," if suffix == ".csv" else "\t"
    data = f'id{comma}text\n1{comma}一\n2{comma}"二\n3{comma}三\n'
    path = file(f"news{suffix}", data.encode())
    (_, first), (place, problem) = read(path)
    assert isinstance(first, Document)
    assert (place.id, place.location) == ("news", str(path))
    assert (
        str(problem)
        == "line 4 is no CSV: unexpected end of data; the rest of the file was not read"
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ('"台積電"第三季營收創新高\n第二行\n', 1),
        ('id,"text\n1,一\n2,二\n', 3),
        ("id,text\r1,一\r2,二\r", 1),
    ],
    ids=["text with quotes", "unclosed quote", "line ends of old"],
)
def test_a_header_that_is_no_csv(data: str, line: int, file: Write) -> None:
    assert error(file("news.csv", data.encode())).startswith(f"line {line} is no CSV: ")


def test_a_parquet_string_that_is_no_utf_8(file: Write) -> None:
    array = pyarrow.array(["一".encode(), b"\xff\xfe", "三".encode()], pyarrow.binary())
    out = io.BytesIO()
    strings = pyarrow.Array.from_buffers(pyarrow.string(), 3, array.buffers())
    pyarrow.parquet.write_table(pyarrow.table({"text": strings}), out)
    *_, (place, problem) = read(file("news.parquet", out.getvalue()))
    assert place.location.startswith(str(file("news.parquet", out.getvalue())))
    assert "utf-8" in str(problem).lower()


# Files that are none.


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".jsonl", ".csv", ".tsv", ".parquet"])
@pytest.mark.parametrize("compression", ["", ".gz", ".zst"])
def test_an_empty_file(suffix: str, compression: str, file: Write) -> None:
    message = error(file(f"news{suffix}{compression}", packed(b"", compression)))
    expected = "it is no Parquet file: " if suffix == ".parquet" else "the file is empty"
    assert message.startswith(expected)


def test_a_compressed_file_of_no_bytes_at_all(file: Write) -> None:
    assert error(file("news.jsonl.gz", b"")) == "the file is empty"
    assert error(file("news.jsonl.zst", b"")).startswith("its compression is damaged: ")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("news.jsonl", b"\n  \n\r\n"),
        ("news.csv", b"id,text\n"),
        ("news.csv", b"id,text\n\n\n"),
        ("news.tsv", b"id\ttext"),
        ("news.parquet", parquet([{"id": "a", "text": "一"}])),
    ],
)
def test_a_file_without_records(name: str, data: bytes, file: Write) -> None:
    if name == "news.parquet":
        out = io.BytesIO()
        table = pyarrow.parquet.read_table(io.BytesIO(data))
        pyarrow.parquet.write_table(table.slice(0, 0), out)
        data = out.getvalue()
    assert error(file(name, data)) == "the file holds no records"


def test_text_of_nothing_but_white_space(file: Write) -> None:
    for name in ("news.txt", "news.md.gz"):
        data = packed(" \r\n\t\u3000\n".encode(), Path(name).suffix)
        assert error(file(name, data)) == "there is nothing but white space"


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".jsonl", ".csv", ".tsv"])
@pytest.mark.parametrize("compression", ["", ".gz", ".zst"])
def test_a_binary_file(suffix: str, compression: str, file: Write) -> None:
    data = packed(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", compression)
    assert "it looks binary: there is a NUL byte at offset 8" in error(
        file(f"news{suffix}{compression}", data)
    )


@pytest.mark.parametrize("suffix", [".txt", ".html", ".jsonl", ".csv", ".parquet"])
@pytest.mark.parametrize("compression", [".gz", ".zst"])
@pytest.mark.parametrize("how", ["truncated", "a byte changed", "not compressed"])
def test_a_damaged_compression(suffix: str, compression: str, how: str, file: Write) -> None:
    plain = RECORDS.get(suffix, jsonl)(numbered(TRADITIONAL, 3000))
    data = packed(plain, compression)
    if how == "truncated":
        data = data[: len(data) // 2]
    elif how == "a byte changed":
        half = len(data) // 2
        data = data[:half] + bytes([data[half] ^ 0xFF]) + data[half + 1 :]
    else:
        data = plain
    message = error(file(f"news{suffix}{compression}", data))
    assert message.startswith("its compression is damaged: ")


@pytest.mark.parametrize("compression", [".gz", ".zst"])
@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_records_before_the_damage_are_read(suffix: str, compression: str, file: Write) -> None:
    # Numbers in a random-looking order, which compress badly: the file ends well after the sample.
    rows = [{"text": f"{n * 7919 % 100_003}{TRADITIONAL}{n * n}"} for n in range(20_000)]
    data = packed(RECORDS[suffix](rows), compression)
    *good, (place, problem) = read(file(f"news{suffix}{compression}", data[: len(data) * 3 // 4]))
    found = [d.source_text if isinstance(d, Document) else "" for _, d in good]
    assert len(found) > 5_000
    assert found == [row["text"] for row in rows[: len(found)]]
    assert place.id == "news"
    assert str(problem).startswith("its compression is damaged: ")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-20],
        lambda data: data[: len(data) // 2],
        lambda data: data[:-60] + b"\xff" * 52 + data[-8:],
        lambda data: data[:4] + b"\xff" * 60 + data[64:],
        lambda data: "這不是 Parquet 檔案。".encode(),
        lambda data: b"PAR1PAR1",
    ],
    ids=["tail lost", "half lost", "index damaged", "pages damaged", "text", "magic alone"],
)
def test_a_damaged_parquet_file(damage: Callable[[bytes], bytes], file: Write) -> None:
    rows = [{"text": f"{TRADITIONAL}{n * n}"} for n in range(500)]
    message = error(file("news.parquet", damage(parquet(rows))))
    assert message.startswith(
        ("it is no Parquet file: ", "it cannot be read: ", "the file is damaged after row 0: ")
    )


@pytest.mark.parametrize(
    ("module", "name", "message"),
    [
        ("pyarrow", "news.parquet", "pip install 'zhpipe[parquet]'"),
        ("pyarrow.parquet", "news.parquet.gz", "pip install 'zhpipe[parquet]'"),
        ("trafilatura", "news.html", "pip install 'zhpipe[html]'"),
    ],
)
def test_a_library_that_is_missing_is_named_with_its_extra(
    module: str, name: str, message: str, file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = page().encode() if name.endswith(".html") else packed(parquet(TWO), Path(name).suffix)
    path = file(name, data)
    assert documents(path)
    monkeypatch.setitem(sys.modules, module, None)
    assert message in error(path)
    assert module.partition(".")[0] in error(path)


# Too long, or too long when unpacked.


@pytest.mark.parametrize("suffix", [".txt", ".md", ".jsonl", ".csv", ".tsv", ".parquet"])
@pytest.mark.parametrize("compression", ["", ".zst"])
def test_a_text_may_be_as_long_as_the_limit(suffix: str, compression: str, file: Write) -> None:
    text = "𠮷" * 100
    data = RECORDS[suffix]([{"text": text}]) if suffix in RECORDS else text.encode()
    assert texts(file(f"news{suffix}{compression}", packed(data, compression)), max_chars=100) == [
        text
    ]


@pytest.mark.parametrize("suffix", RECORDS)
def test_a_record_that_is_too_long_costs_no_other(suffix: str, file: Write) -> None:
    rows = [{"n": n, "text": "漲" * n} for n in (100, 101, 99)]
    found = outcomes(file(f"news{suffix}", RECORDS[suffix](rows)), max_chars=100)
    assert found["news/2"].startswith(
        "! it is too long: 101 code points, and the limit is 100 code points; "
    )
    assert "--max-chars" in found["news/2"]
    assert (found["news/1"], found["news/3"]) == ("漲" * 100, "漲" * 99)


@pytest.mark.parametrize("suffix", RECORDS)
def test_fields_that_hold_no_text_may_be_longer(suffix: str, file: Write) -> None:
    rows = [{"page": "<p>" * 1000, "text": "短文。"}]
    assert texts(file(f"news{suffix}", RECORDS[suffix](rows)), max_chars=100) == ["短文。"]


def test_a_column_may_have_a_name_longer_than_a_text(file: Write) -> None:
    path = file("news.csv", "文章的編號（由系統產生）,text\n1,短文。\n".encode())
    assert texts(path, max_chars=10) == ["短文。"]


def test_reading_leaves_the_limit_of_the_csv_module_alone(file: Write) -> None:
    csv.field_size_limit(131_072)
    assert texts(file("news.csv", separated(TWO)), max_chars=1000) == [FIRST, SECOND]
    assert csv.field_size_limit() == 131_072


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_a_text_that_is_too_long(suffix: str, file: Write) -> None:
    message = error(file(f"news{suffix}", ("漲" * 101).encode()), max_chars=100)
    assert message.startswith("it is too long: 101 code points, and the limit is 100 code points; ")
    message = error(file(f"news{suffix}", ("漲" * 1000).encode()), max_chars=100)
    assert message.startswith(
        "it is too long: more than 404 bytes, and the limit is 100 code points; "
    )


def test_of_a_page_the_article_is_measured(file: Write) -> None:
    short = file("short.html", page().encode())
    assert len(ARTICLE) < len(page()) < 1000
    assert texts(short, max_chars=len(page())) == [ARTICLE]
    long = [p * 9 for p in PARAGRAPHS]
    length = len("\n".join([TITLE, *long]))
    path = file("long.html", page(paragraphs=long).encode())
    assert texts(path, max_chars=length)
    assert error(path, max_chars=length - 1).startswith(f"it is too long: {length:,} code points")
    # The page as a whole may take four bytes for each code point of the limit.
    assert error(path, max_chars=100).startswith("it is too long: more than 404 bytes")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_line_of_json_beyond_all_limits_costs_no_other(encoding: str, file: Write) -> None:
    # Texts of ten code points, a megabyte for other fields.
    good = {"html": "x" * 1_000_000, "text": SIMPLIFIED[:10]}
    bad = {"html": "x" * 1_100_000, "text": SIMPLIFIED[:10]}
    data = jsonl([good, bad, good, good]).decode().encode(encoding)
    found = outcomes(file("news.jsonl", data), max_chars=10, encoding=encoding)
    assert found.pop("news/2") == "! line 2 is longer than 1,048,696 bytes"
    assert found == {f"news/{n}": SIMPLIFIED[:10] for n in (1, 3, 4)}


def test_the_last_line_may_be_beyond_all_limits_too(file: Write) -> None:
    bad = json.dumps({"text": "x" * 3_000_000})
    path = file("news.jsonl", f'{{"text": "一"}}\n{bad}'.encode())
    found = outcomes(path, max_chars=10)
    assert found == {"news/1": "一", "news/2": "! line 2 is longer than 1,048,696 bytes"}


BOMB = 50_000_000


@pytest.fixture(scope="module")
def bombs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What unpacks to fifty megabytes."""
    plain = {"zeros": bytes(BOMB), "blank": b" " * BOMB}
    plain["utf-16"] = "text\n".encode("utf-16") + b" " * BOMB
    return {f"{name}.gz": gzip.compress(data, 1) for name, data in plain.items()} | {
        f"{name}.zst": zstd.compress(data) for name, data in plain.items()
    }


@pytest.mark.parametrize("suffix", [".txt", ".html", ".jsonl", ".csv"])
@pytest.mark.parametrize("bomb", ["zeros.gz", "blank.gz", "zeros.zst", "blank.zst", "utf-16.gz"])
def test_a_bomb_is_not_unpacked_into_memory(
    suffix: str, bomb: str, bombs: dict[str, bytes], file: Write
) -> None:
    path = file(f"news{suffix}{Path(bomb).suffix}", bombs[bomb])
    error(file("warm.html", b"<html></html>"))
    tracemalloc.start()
    try:
        found = read(path, max_chars=1000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000
    _, problem = found[-1]
    assert isinstance(problem, DocumentError)
    assert "long" in str(problem) or "looks binary" in str(problem)


# Web pages.

PAGES = [
    (
        "gb2312",
        "gb18030",
        {
            "title": "宁德时代三季度营收创新高",
            "paragraphs": [
                "宁德时代今日公布三季报，营收约922.78亿元，同比下降12%，净利润为131.36亿元，同比增长26%。",
                "分析师认为，动力电池需求旺盛，产能利用率提高，公司毛利率有望维持高位，四季度展望同样乐观。",
                "公司表示，全年资本支出计划不变，匈牙利工厂按计划建设，新的生产线最快明年下半年投产。",
            ],
            "menu": ["首页", "股票行情", "登录"],
            "footer": "版权所有，未经许可不得转载",
        },
    ),
    ("big5", "big5", {}),
    ("utf-8", "utf-8", {}),
]


@pytest.mark.parametrize(("charset", "found", "parts"), PAGES, ids=[p[0] for p in PAGES])
def test_of_a_page_title_and_article_are_taken(
    charset: str, found: str, parts: dict[str, Any], file: Write
) -> None:
    data = page(charset, **parts).encode(charset)
    (document,) = documents(file("news.html", data))
    text = document.source_text
    title, paragraphs = parts.get("title", TITLE), parts.get("paragraphs", PARAGRAPHS)
    assert text.split("\n") == [title, *paragraphs]
    for other in [*parts.get("menu", ["首頁", "股市行情", "登入"]), "版權", "版权", "<", "charset"]:
        assert other not in text
    assert document.source.encoding == found


@pytest.mark.parametrize(("charset", "found", "parts"), PAGES, ids=[p[0] for p in PAGES])
def test_offsets_refer_to_the_text_that_was_taken(
    charset: str, found: str, parts: dict[str, Any], file: Write, pipeline: Pipeline
) -> None:
    (document,) = documents(file("news.html", page(charset, **parts).encode(charset)))
    document = pipeline(document)
    company = "宁德时代" if charset == "gb2312" else "台積電"
    starts = [e.source_start for e in document.entities if e.source_text == company]
    # Once in the title, which is the first line, and once at the head of the article.
    assert starts[:2] == [0, len(document.source_text.split("\n")[0]) + 1]
    for entity in document.entities:
        span = document.source_text[entity.source_start : entity.source_end]
        assert span == entity.source_text


def test_where_no_guess_is_plausible_the_page_is_believed(file: Write) -> None:
    parts: dict[str, Any] = {
        "title": "Nestlé opens a café in Zürich",
        "paragraphs": [
            "Nestlé said on Tuesday that it will open a café in Zürich, its first shop in the country.",
            "Analysts said that the margins of the company were better than expected in this quarter.",
        ],
        "menu": ["Home"],
        "footer": "All rights reserved",
    }
    path = file("news.html", page("windows-1252", **parts).encode("cp1252"))
    (document,) = documents(path)
    assert document.source_text.startswith("Nestlé opens a café in Zürich\n")
    assert (document.source.encoding, document.source.encoding_by) == (
        "windows-1252",
        "declared in the page",
    )
    # The user's word counts more.
    assert "not valid big5" in error(path, encoding="big5")


@pytest.mark.parametrize(
    "html",
    [
        "<html></html>",
        "<html><body></body></html>",
        "<!-- -->",
        "沒有標籤的文字",
        '<nav><a href="/">首頁</a></nav>',
    ],
)
def test_a_page_without_an_article(html: str, file: Write) -> None:
    assert error(file("news.html", html.encode())) == "no article was found in the page"


def test_a_title_outside_the_article_is_put_before_it(file: Write) -> None:
    paragraphs = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    html = f"<html><body><div><h1> 台積電\n公布財報 </h1></div><article>{paragraphs}</article></body></html>"
    (text,) = texts(file("news.html", html.encode()))
    assert text.split("\n") == ["台積電 公布財報", *PARAGRAPHS]


def test_a_title_of_two_lines_is_not_repeated(file: Write) -> None:
    html = page().replace(f"<h1>{TITLE}</h1>", "<h1>台積電第三季<br>營收創新高</h1>")
    (text,) = texts(file("news.html", html.encode()))
    assert text.count("營收創新高") == 1


def test_the_name_of_the_site_is_no_title(file: Write) -> None:
    paragraphs = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    html = (
        f"<html><head><title>{TITLE} - 環球財經網</title></head>"
        '<body><header><h1><a href="/">環球財經網</a></h1></header>'
        f"<article><h2>{TITLE}</h2>{paragraphs}</article></body></html>"
    )
    (text,) = texts(file("news.html", html.encode()))
    assert text.split("\n") == [TITLE, *PARAGRAPHS]


def test_a_title_that_stands_only_in_the_head_is_put_before_the_article(file: Write) -> None:
    html = page().replace(f"<h1>{TITLE}</h1>", "").replace("</title>", "_財經_環球網</title>")
    assert texts(file("news.html", html.encode())) == [ARTICLE]


def test_the_title_may_be_shorter_than_the_name_of_the_site(file: Write) -> None:
    title, site = "鴻海公布財報", "環球財經網，即時財經新聞與股市行情"
    html = page(title=title).replace("</title>", f" - {site}</title>")
    assert texts(file("news.html", html.encode())) == ["\n".join([title, *PARAGRAPHS])]


def test_a_page_of_xhtml(file: Write) -> None:
    html = '<?xml version="1.0" encoding="utf-8"?>\n' + page()
    assert texts(file("news.html", html.encode())) == [ARTICLE]


def test_a_page_whose_script_did_not_know_its_charset(file: Write) -> None:
    html = page("undefined", paragraphs=["Nestlé"]).replace(TITLE, "").encode("latin-1", "ignore")
    assert "encoding" in error(file("news.html", html))


# Streams.


class Stream:
    """Standard input that is made as it is read, and knows how much of it was."""

    def __init__(self, head: bytes, line: bytes, lines: int) -> None:
        self._rest = (line * 100 for _ in range(lines // 100))
        self._buffer = head
        self.given = 0
        self.buffer = self

    def read(self, size: int) -> bytes:
        while len(self._buffer) < size and (more := next(self._rest, b"")):
            self._buffer += more
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        self.given += len(data)
        return data


def streamed(stream: Stream, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[Document]:
    monkeypatch.setattr(sys, "stdin", stream)
    for _, document in read_input(Input("stdin", STDIN, None), ReadOptions(**options)):
        assert isinstance(document, Document)
        yield document


@pytest.mark.parametrize(
    ("format", "head", "line"),
    [
        ("jsonl", b"", f'{{"text": "{TRADITIONAL}"}}\n'.encode()),
        ("jsonl", b"", f'{{"text": "{SIMPLIFIED}"}}\n'.encode("gb18030")),
        ("csv", b"id,text\n", f"1,{TRADITIONAL}\n".encode()),
        ("tsv", b"id\ttext\n", f"1\t{TRADITIONAL}\n".encode("big5")),
    ],
    ids=["jsonl", "gb18030", "csv", "tsv in big5"],
)
def test_the_first_document_comes_before_the_rest_is_read(
    format: str, head: bytes, line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Stream(head, line, 100_000)
    found = streamed(stream, monkeypatch, format=format)
    first = next(found)
    assert (first.id, first.source.path, first.source.record) == ("stdin/1", None, 1)
    # The sample, and a buffer or two; the whole would be some twenty times that.
    assert stream.given < 2 * SAMPLE


def test_two_hundred_thousand_lines_are_read_as_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = jsonl([{"text": TRADITIONAL * 3}])
    stream = Stream(b"", line, 200_000)
    lead, last = 0, ""
    for count, document in enumerate(streamed(stream, monkeypatch, format="jsonl"), 1):
        lead, last = max(lead, stream.given - count * len(line)), document.id
    assert last == "stdin/200000"
    assert stream.given == 200_000 * len(line)
    assert lead < 2 * SAMPLE


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_what_was_read_is_not_kept(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Thirty megabytes: tracing memory takes time for each document, less for longer ones.
    text = TRADITIONAL * 40
    head, line = (
        (b"", jsonl([{"text": text}])) if format == "jsonl" else (b"text\n", f"{text}\n".encode())
    )
    stream = Stream(head, line, 15_000)
    tracemalloc.start()
    try:
        count = sum(1 for _ in streamed(stream, monkeypatch, format=format, max_chars=10_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 15_000
    assert stream.given > 30_000_000
    assert peak < 4_000_000


def test_a_parquet_file_is_read_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    table = pyarrow.table({"text": [f"{n}{TRADITIONAL * 40}" for n in range(20_000)]})
    pyarrow.parquet.write_table(
        table, path, row_group_size=1_000, compression="none", use_dictionary=False
    )
    assert path.stat().st_size > 40_000_000
    (item,) = find_inputs([str(path)])
    del table
    before = pyarrow.total_allocated_bytes()
    peak, last = 0, ""
    for place, document in read_input(item):
        assert isinstance(document, Document)
        peak, last = max(peak, pyarrow.total_allocated_bytes() - before), place.id
    assert last == "news/20000"
    assert peak < 20_000_000


def test_standard_input_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    ((_, problem),) = read_input(Input("stdin", STDIN, None), ReadOptions(format="jsonl"))
    assert str(problem) == "standard input is closed"
