"""Any usual encoding in, the same text out; a wrong guess is worse than an error."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jieba
import pytest
from opencc import OpenCC

from pipeline.errors import ReadError
from pipeline.files.encodings import decode
from pipeline.resources import Resources
from tests.conftest import CORPUS

ARTICLES = sorted(CORPUS.rglob("*.txt"))
SIMPLIFIED = [p for p in ARTICLES if p.parent.name == "cn"]
TRADITIONAL = [p for p in ARTICLES if p.parent.name in ("hk", "tw")]
ANY = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "gb18030"]


def _text(path: Path) -> str:
    return path.read_bytes().decode()


@pytest.mark.parametrize("encoding", ANY)
@pytest.mark.parametrize("path", ARTICLES[::4], ids=lambda p: p.stem)
def test_every_article_in_every_encoding(path: Path, encoding: str) -> None:
    assert decode(_text(path).encode(encoding)).text == _text(path)


@pytest.mark.parametrize("encoding", ["big5", "cp950", "big5hkscs"])
@pytest.mark.parametrize("path", TRADITIONAL, ids=lambda p: p.stem)
def test_traditional_articles_in_big5(path: Path, encoding: str) -> None:
    # What this encoding does not have is left out first.
    text = _text(path).encode(encoding, "ignore").decode(encoding)
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("path", SIMPLIFIED, ids=lambda p: p.stem)
def test_paragraphs_alone_in_gbk(path: Path) -> None:
    for paragraph in _text(path).split("\n"):
        encoded = paragraph.encode("gbk", "ignore")
        if len(encoded) > 60:
            assert decode(encoded).text == encoded.decode("gbk")


@pytest.mark.parametrize(
    ("data", "encoding", "by"),
    [
        (b"plain ASCII", "utf-8", "valid UTF-8"),
        ("營收".encode("utf-16"), "utf-16", "byte order mark"),
        ("公司第三季營收創新高，毛利率提升。".encode("big5"), "big5", "common characters 1.00"),
        ("公司三季度营收创新高，毛利率提升。".encode("gbk"), "gb18030", "common characters 1.00"),
    ],
)
def test_the_evidence_is_given(data: bytes, encoding: str, by: str) -> None:
    decoded = decode(data)
    assert decoded.encoding == encoding
    assert decoded.by.startswith(by)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bytes(range(128, 256)) * 4, "no other encoding is plausible"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\xff", "looks binary"),
        ("Käse für Jürgen".encode("latin-1"), "no other encoding is plausible"),
    ],
)
def test_what_cannot_be_told_is_an_error(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        decode(data)


def test_a_given_encoding_is_not_doubted() -> None:
    with pytest.raises(ReadError, match="not valid big5: byte 0x"):
        decode("三季度营收创新高。".encode(), "big5")
    with pytest.raises(ReadError, match="no encoding called 'klingon'"):
        decode(b"abc", "klingon")


def test_common_characters_are_those_of_the_comment() -> None:
    counts: Counter[str] = Counter()
    dictionary = Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8")
    for line in dictionary.splitlines():
        word, frequency, *_ = line.split(" ")
        for char in word:
            if "\u4e00" <= char <= "\u9fff":
                counts[char] += int(frequency)
    chars = [char for char, _ in counts.most_common(3000)]
    derived = set(chars)
    for configuration in ("s2t", "s2tw", "s2hk"):
        derived.update(map(OpenCC(configuration).convert, chars))
    common = "".join(Resources().toml("encodings/common.toml")["common"].split())
    assert common == "".join(sorted(derived))


def test_real_files(shared: Callable[[str], Path]) -> None:
    manifest = shared("encodings/manifest.jsonl")
    for line in manifest.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if item["decode"] != "ok":
            continue
        data = (manifest.parent / item["file"]).read_bytes()
        gold = data.decode(item["label"])
        # GB 2312 is read as GB 18030, as browsers do: the two differ in a few symbols.
        expected = data.decode("gb18030") if item["label"].startswith("gb") else gold
        assert decode(data).text == expected.removeprefix("\ufeff"), item["file"]
