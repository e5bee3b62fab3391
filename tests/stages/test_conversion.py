"""Every OpenCC configuration: the same text as OpenCC, and where each character came from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from pipeline import Alignment, Document, Normalizer
from pipeline.alignment import Block
from pipeline.config import Conversion, NormalizeSettings
from pipeline.resources import Resources, read_table
from pipeline.stages.normalize.converter import Converter
from pipeline.stages.normalize.dictionaries import load_configuration
from pipeline.stages.normalize.matching import convert

CONFIGURATIONS = [name for name in get_args(Conversion) if name not in ("auto", "none")]
# They exchange words, not only characters.
WITH_PHRASES = ["tw2sp", "hk2sp", "s2twp", "s2hkp"]

converter = cache(Converter)
configuration = cache(load_configuration)


@cache
def opencc(name: str) -> Callable[[str], str]:
    convert_text: Callable[[str], str] = OpenCC(name).convert
    return convert_text


@cache
def normalizer(name: str) -> Normalizer:
    return Normalizer(NormalizeSettings.model_validate({"conversion": name, "fold_width": False}))


def expected_text(name: str, text: str) -> str:
    """What OpenCC makes of a text; it takes a NUL for the end, so that the parts go one by one."""
    return "\0".join(map(opencc(name), text.split("\0")))


def block_texts(text: str, converted: str, alignment: Alignment) -> list[tuple[str, str]]:
    """What stands in the source and in the text of each block."""
    return [
        (text[b.source_start : b.source_end], converted[b.start : b.end]) for b in alignment.blocks
    ]


# Sentences, written out.


@pytest.mark.parametrize(
    ("name", "source", "text", "blocks"),
    [
        pytest.param(
            "tw2sp", "用網際網路查", "用互联网查", [("網際網路", "互联网")],
            id="a word becomes shorter",
        ),
        pytest.param(
            "tw2sp", "飛往肯亞觀光", "飞往肯尼亚观光", [("肯亞", "肯尼亚")],
            id="a word becomes longer",
        ),
        pytest.param(
            "tw2sp", "計程車司機學軟體", "出租车司机学软件", [],
            id="other words of the same length need no block",
        ),
        pytest.param(
            "tw2sp", "坐計程車時看部落格", "坐出租车时看博客", [("部落格", "博客")],
            id="only the word that changes its length is a block",
        ),
        pytest.param(
            "tw2sp", "他在網際網路上經營部落格。", "他在互联网上经营博客。",
            [("網際網路", "互联网"), ("部落格", "博客")],
            id="two words in one sentence",
        ),
        pytest.param(
            "tw2sp", "網際網路部落格", "互联网博客",
            [("網際網路", "互联网"), ("部落格", "博客")],
            id="words that touch are two blocks",
        ),
        pytest.param(
            "tw2sp", "唐氏症患者看見藍色畫面", "唐氏综合征患者看见蓝屏",
            [("唐氏症", "唐氏综合征"), ("藍色畫面", "蓝屏")],
            id="changes that cancel each other: the lengths are equal, the offsets are not",
        ),
        pytest.param(
            "tw2sp", "乙太網路路由器", "以太网路由器", [("乙太網路路由器", "以太网路由器")],
            id="the longest word decides",
        ),
        pytest.param(
            "tw2sp", "用連接埠八十", "用连接端口八十", [("埠", "端口")],
            id="one character becomes two",
        ),
        pytest.param(
            "tw2sp", "埠、埠，埠", "端口、端口，端口", [("埠", "端口")] * 3,
            id="the same word again and again",
        ),
        pytest.param(
            "tw2sp", "（網際網路）：「部落格」", "（互联网）：「博客」",
            [("網際網路", "互联网"), ("部落格", "博客")],
            id="between brackets and quotation marks",
        ),
        pytest.param(
            "tw2sp", "網際\n網路", "网际\n网络", [], id="a line feed in a word: it is none",
        ),
        pytest.param(
            "tw2sp", "𠮷野家在網際網路😀寫部落格👨‍👩‍👧", "𠮷野家在互联网😀写博客👨‍👩‍👧",
            [("網際網路", "互联网"), ("部落格", "博客")],
            id="characters beyond the BMP count as one",
        ),
        pytest.param(
            "tw2sp", "部落格\u0301與網\u0301際網路", "博客\u0301与网\u0301际网络",
            [("部落格", "博客")],
            id="a combining mark behind a word, and in one",
        ),
        pytest.param(
            "tw2sp", "網際網路\0部落格\0", "互联网\0博客\0",
            [("網際網路", "互联网"), ("部落格", "博客")],
            id="a NUL does not end the text",
        ),
        pytest.param(
            "tw2sp", "網際\0網路\ue000部落格", "网际\0网络\ue000博客", [("部落格", "博客")],
            id="a NUL in a word, and a private-use character beside",
        ),
        pytest.param(
            "hk2sp", "這家記憶體模組廠設在德薩斯州", "这家内存条厂设在得克萨斯州",
            [("記憶體模組", "内存条"), ("德薩斯州", "得克萨斯州")],
            id="Hong Kong: shorter, then longer",
        ),
        pytest.param(
            "hk2sp", "羅拔·烈福，中獎機會率", "罗伯特·雷德福，中奖概率",
            [("羅拔·烈福", "罗伯特·雷德福"), ("機會率", "概率")],
            id="Hong Kong: a middle dot belongs to the word",
        ),
        pytest.param(
            "hk2sp", "網際網路", "网际网路", [], id="Hong Kong does not know Taiwan's word",
        ),
        pytest.param(
            "s2twp", "优化互联网，卸载软件", "最佳化網際網路，解除安裝軟體",
            [("优化", "最佳化"), ("互联网", "網際網路"), ("卸载", "解除安裝")],
            id="to Taiwan: the second step changes the lengths",
        ),
        pytest.param(
            "s2hkp", "伊利诺伊州的内存条", "伊利諾州的記憶體模組",
            [("伊利诺伊州", "伊利諾州"), ("内存条", "記憶體模組")],
            id="to Hong Kong",
        ),
    ],
)  # fmt: skip
def test_blocks(name: str, source: str, text: str, blocks: list[tuple[str, str]]) -> None:
    converted, alignment = converter(name)(source)

    assert converted == text
    assert block_texts(source, converted, alignment) == blocks


def test_offsets_behind_a_change() -> None:
    converted, alignment = converter("tw2sp")("他在網際網路看部落格。")

    assert converted == "他在互联网看博客。"
    assert alignment.blocks == (Block(2, 5, 2, 6), Block(6, 8, 7, 10))
    assert (alignment.length, alignment.source_length) == (9, 11)
    assert alignment.to_source(5, 6) == (6, 7), "看"
    assert alignment.to_source(6, 7) == (7, 10), "half of a word is the word"


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_an_empty_text_stays_empty(name: str) -> None:
    converted, alignment = converter(name)("")

    assert (converted, alignment.blocks) == ("", ())


@pytest.mark.parametrize(
    ("source", "spans"),
    [
        pytest.param(
            "網際網路\r\n部落格\r\n",
            {"互联网": "網際網路", "\n博": "\r\n部落格", "博客\n": "部落格\r\n"},
            id="CRLF around the words",
        ),
        pytest.param(
            "\ufeff網\u200b際網路的部落\u00ad格",
            {"互联网": "網\u200b際網路", "的": "的", "博客": "部落\u00ad格"},
            id="what is deleted inside a word belongs to it",
        ),
        pytest.param(
            "\u200b網際網路\u200b部落格\u200b",
            {"互联网": "網際網路", "博客": "部落格", "互联网博客": "網際網路\u200b部落格"},
            id="what is deleted beside a word does not",
        ),
        pytest.param(
            "😀\0網際網路\0𠮷\r部落格",
            {"😀\0": "😀\0", "互联网": "網際網路", "\0𠮷\n": "\0𠮷\r", "博客": "部落格"},
            id="NUL, characters beyond the BMP and CR",
        ),
    ],
)
def test_spans_through_cleaning_and_conversion(source: str, spans: dict[str, str]) -> None:
    document = normalizer("tw2sp")(source)

    for text, source_text in spans.items():
        start = document.text.index(text)
        assert document.source_span(start, start + len(text))[2] == source_text
        source_start = source.index(source_text)
        assert text in document.text_span(source_start, source_start + len(source_text))[2]


# Every word of the dictionaries that changes its length.


@cache
def changing_words(name: str) -> list[str]:
    dictionaries = [d for step in configuration(name).steps for d in step]
    return [w for d in dictionaries for w, (first, *_) in d.entries.items() if len(first) != len(w)]


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_only_configurations_with_phrases_change_lengths(name: str) -> None:
    assert bool(changing_words(name)) == (name in WITH_PHRASES)


@pytest.mark.parametrize("name", ["tw2sp", "hk2sp"])
def test_every_word_that_changes_its_length_is_a_block(name: str) -> None:
    words = changing_words(name)
    source = "，".join(words)
    converted, alignment = converter(name)(source)

    assert converted == opencc(name)(source)
    assert block_texts(source, converted, alignment) == list(
        zip(words, converted.split("，"), strict=True)
    )


@pytest.mark.parametrize("name", WITH_PHRASES)
def test_every_line_stays_with_its_source_line(name: str) -> None:
    lines = changing_words(name)
    source = "\n".join(lines)
    converted, alignment = converter(name)(source)

    assert converted == opencc(name)(source)
    start = source_start = 0
    for line, converted_line in zip(lines, converted.split("\n"), strict=True):
        end, source_end = start + len(converted_line), source_start + len(line)
        assert alignment.to_source(start, end) == (source_start, source_end)
        assert alignment.to_text(source_start, source_end) == (start, end)
        start, source_start = end + 1, source_end + 1


# Random texts of dictionary words and of what may stand between them.

_GLUE = (
    *"，。、；：？！「」（）《》,;:()·-/%aBz19 \t\n", "\n\n", "\u2028",
    *"𠮷😀", "👨\u200d👩", "🇭🇰", "\u0301", "\u3099", "\ufe0f", "\U000e0101", "\ue000", "\0",
)  # fmt: skip
_DELETED = ("\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad", "\r\n", "\r")
_IDEOGRAPHIC_DESCRIPTION = re.compile("[\u2ff0-\u2fff]")


@cache
def words(name: str) -> list[str]:
    """All words of a configuration.

    Without the compatibility ideographs that it normalises, where words change their length: see
    `test_a_compatibility_ideograph_in_a_word`.
    """
    found = [w for d in configuration(name).dictionaries for w in d.entries]
    if not changing_words(name):
        return found
    variants = {char for d in configuration(name).normalization for char in d.entries}
    return [w for w in found if variants.isdisjoint(w)]


@cache
def texts(name: str, *more: str) -> st.SearchStrategy[str]:
    word = st.sampled_from(words(name))
    changing = st.sampled_from(changing_words(name)) if name in WITH_PHRASES else word
    part = st.builds(lambda w, a, b: w[a:b], changing, st.integers(0, 2), st.integers(1, 4))
    glue = st.sampled_from((*_GLUE, *more))
    pieces = st.lists(st.one_of(word, changing, part, glue, glue), max_size=12)
    return pieces.map("".join).filter(lambda text: not _IDEOGRAPHIC_DESCRIPTION.search(text))


@cache
def convertible_characters(name: str) -> set[str]:
    return {char for d in configuration(name).dictionaries for w in d.entries for char in w}


def check_alignment(name: str, text: str, converted: str, alignment: Alignment) -> None:
    """Outside the blocks the texts run in step; a block stands for words that change.

    The constructor of `Alignment` refuses blocks that are out of order, or between which the two
    do not run in step.
    """
    assert (alignment.length, alignment.source_length) == (len(converted), len(text))
    if name not in WITH_PHRASES:
        assert alignment.blocks == ()
    convertible = convertible_characters(name)
    for at, char in enumerate(text):
        if char not in convertible:
            start, end = alignment.to_text(at, at + 1)
            assert converted[start:end] == char, "what no word holds stays where it is"
    for source, target in block_texts(text, converted, alignment):
        assert source and target, "no word vanishes, none comes from nothing"
        assert set(source) <= convertible
        assert len(source) != len(target), "a block is there for a length that changes"


@pytest.mark.parametrize("name", CONFIGURATIONS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_text_is_converted_as_opencc_does(name: str, data: st.DataObject) -> None:
    text = data.draw(texts(name))
    converted, alignment = converter(name)(text)

    assert converted == expected_text(name, text)
    check_alignment(name, text, converted, alignment)


@pytest.mark.parametrize("name", CONFIGURATIONS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_the_dictionaries_give_what_opencc_gives(name: str, data: st.DataObject) -> None:
    text = data.draw(texts(name)).replace("\0", "")
    conversion = convert(configuration(name), text)

    assert conversion.text == opencc(name)(text)
    check_alignment(name, text, conversion.text, conversion.alignment)
    assert conversion.alignment.blocks == converter(name)(text)[1].blocks
    assert conversion.steps[0].text == text


@pytest.mark.parametrize("name", WITH_PHRASES)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_line_is_aligned_as_it_is_alone(name: str, data: st.DataObject) -> None:
    before, line, after = (data.draw(texts(name)) for _ in range(3))
    whole, alignment = converter(name)(f"{before}\n{line}\n{after}")
    alone, own_alignment = converter(name)(line)
    start, source_start = alignment.to_text(len(before), len(before) + 1)[1], len(before) + 1
    end, source_end = start + len(alone), source_start + len(line)

    assert whole[start:end] == alone
    assert list(own_alignment.moved(start, source_start)) == [
        b for b in alignment.blocks if source_start <= b.source_start and b.source_end <= source_end
    ]


# Through the whole stage. Between the parts stand private-use characters, each only once: they
# show what came from where, whatever the conversion did with the parts.

_MARKER = 0xF0000
_ZERO_WIDTH = "\u200b\u200c\u2060\ufeff\u00ad"


@cache
def names() -> set[str]:
    """The words that the tables convert in their own way."""
    tables = Resources().tables("conversion")
    return {row["source"] for path in tables for _, row in read_table(path, ("source", "text"))}


def cleaned(source: str) -> str:
    """The source with one character for each line end, and without zero-width characters."""
    lines = re.sub("\r\n?", "\n", source)
    return "".join(char for char in lines if char not in _ZERO_WIDTH)


def check_runs(document: Document) -> None:
    """The runs cover the text without gaps, and the source but for what was deleted."""
    runs = document.source.script_runs
    assert (runs[0].start, runs[-1].end) == (0, len(document.text))
    done = 0
    for run in runs:
        assert not document.source_text[done : run.source_start].strip(_ZERO_WIDTH)
        assert document.alignment.to_source(run.start, run.end) == (
            run.source_start, run.source_end
        )  # fmt: skip
        done = run.source_end
    assert not document.source_text[done:].strip(_ZERO_WIDTH)
    for run, following in pairwise(runs):
        assert run.start < run.end == following.start
        assert document.text[run.end - 1] == "\n", "a run ends with its line"


@pytest.mark.parametrize("name", CONFIGURATIONS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_each_part_of_a_document_comes_from_its_own_place(name: str, data: st.DataObject) -> None:
    parts = data.draw(st.lists(texts(name, *_DELETED), min_size=1, max_size=5))
    assume(not any(word in cleaned(part) for word in names() for part in parts))
    markers = [chr(_MARKER + n) for n in range(len(parts))]
    source = "".join(part + marker for part, marker in zip(parts, markers, strict=True))
    document = normalizer(name)(source)

    converted = [expected_text(name, cleaned(part)) for part in parts]
    assert document.text == "".join(c + m for c, m in zip(converted, markers, strict=True))
    assert document.source_text == source
    alignment = document.alignment
    assert (alignment.length, alignment.source_length) == (len(document.text), len(source))
    start = source_start = 0
    for part, text in zip(parts, converted, strict=True):
        end, source_end = start + len(text), source_start + len(part)
        assert alignment.to_source(end, end + 1) == (source_end, source_end + 1), "the marker"
        assert alignment.to_text(source_start, source_end) == (start, end)
        if text:
            # What is deleted at the edges of a span is not in it.
            assert document.source_span(start, end)[2] == part.strip(_ZERO_WIDTH)
        start, source_start = end + 1, source_end + 1
    check_runs(document)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_opencc_own_cases(name: str, shared: Callable[[str], Path]) -> None:
    content = shared("conversion/opencc/testcases.json").read_text(encoding="utf-8")
    cases = json.loads(re.sub(r",(\s*[\]}])", r"\1", content))["cases"]
    compared = 0
    for case in cases:
        source = case["input"]
        document = normalizer(name)(source)
        check_runs(document)
        assert document.alignment.length == len(document.text)
        assert document.alignment.source_length == len(source)
        expected = case["expected"].get(name)
        if expected == opencc(name)(source):
            assert document.text == expected, case["id"]
            compared += 1
    assert compared


# What goes wrong.


@pytest.mark.parametrize(
    ("source", "text", "blocks"),
    [
        pytest.param(
            "網際網\uf937", "互联网", [("網際網\uf937", "互联网")],
            id="an AlignmentError: the word is not found",
        ),
        pytest.param(
            # The two changes cancel each other: no error, but offsets that are wrong.
            "\U0002f85d工甲網際網\uf937", "多任务甲互联网",
            [("\U0002f85d工", "多任务"), ("網際網\uf937", "互联网")],
            id="silently wrong offsets",
        ),
    ],
)  # fmt: skip
def test_a_compatibility_ideograph_in_a_word(
    source: str, text: str, blocks: list[tuple[str, str]]
) -> None:
    converted, alignment = converter("tw2sp")(source)

    assert converted == text
    assert block_texts(source, converted, alignment) == blocks


@pytest.mark.parametrize("name", ["t2s", "tw2s", "s2tw", "jp2t"])
def test_compatibility_ideographs_are_normalised_one_for_one(name: str) -> None:
    document = normalizer(name)("甲\uf937乙\U0002f85d")

    assert document.text == "甲路乙多"
    assert document.alignment.blocks == ()


@pytest.mark.parametrize(
    ("name", "source"),
    [("t2s", "甲⿰馬車說"), ("s2tw", "甲⿱马车说"), ("tw2sp", "用⿰網路部落格")],
)
def test_an_ideographic_description(name: str, source: str) -> None:
    assert convert(configuration(name), source).text == opencc(name)(source)


def test_an_ideographic_description_beside_a_changed_length() -> None:
    converted, _ = converter("tw2sp")("用⿰馬車寫部落格")

    assert converted == "用⿰馬車写博客"


@pytest.mark.parametrize("name", ["t2tw", "t2hk", "tw2t", "hk2t"])
def test_a_conversion_to_traditional_writes_no_simplified_name(name: str) -> None:
    assert normalizer(name)("昇騰處理器").text == "昇騰處理器"
