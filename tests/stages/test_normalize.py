from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from pipeline import Normalizer, Pipeline
from pipeline.config import NormalizeSettings
from pipeline.errors import SettingsError
from pipeline.resources import Resources
from pipeline.stages.normalize.dictionaries import load_configuration


@pytest.fixture(scope="module")
def normalizer() -> Normalizer:
    return Normalizer()


@pytest.fixture(scope="module")
def rules() -> dict[str, str]:
    return Resources().toml("normalize/script.toml")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("阿里雲,一場訂單", "阿里云,一场订单"),
        ("臺灣積體電路製造", "台湾积体电路制造"),
        ("阿里云已经是简体", "阿里云已经是简体"),
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("第一行\r第二行", "第一行\n第二行"),
        ("空行\r\n\r\n之后", "空行\n\n之后"),
        ("\ufeff開頭", "开头"),
        ("騰\u200b訊", "腾讯"),
        ("騰\u200c\u2060訊", "腾讯"),
        ("半\u00ad導體", "半导体"),
        ("２０２５年３月", "2025年3月"),
        ("１２．５％", "12.5%"),
        ("ＤｅｅｐＳｅｅｋ－Ｒ１", "DeepSeek-R1"),
        ("＄３", "$3"),
        ("甲．乙", "甲．乙"),
        ("標題\u3000正文\u00a0完", "标题 正文 完"),
        ("，。：；！？（）", "，。：；！？（）"),
        ("𠮷野家", "𠮷野家"),
        ("", ""),
    ],
)
def test_text(normalizer: Normalizer, source: str, text: str) -> None:
    assert normalizer(source).text == text


@pytest.mark.parametrize(
    ("source", "name", "source_name"),
    [
        ("今日騰訊上漲", "腾讯", "騰訊"),
        ("今日\r\n騰訊上漲", "腾讯", "騰訊"),
        ("\ufeff今日\u200b騰訊上漲", "腾讯", "騰訊"),
        ("今日騰\u200b訊上漲", "腾讯", "騰\u200b訊"),
        ("收入１２．５％", "12.5%", "１２．５％"),
        ("甲\r\n乙", "甲\n乙", "甲\r\n乙"),
        ("😀\r\n𠮷野家上漲", "野家", "野家"),
    ],
)
def test_offsets(normalizer: Normalizer, source: str, name: str, source_name: str) -> None:
    document = normalizer(source)
    start = document.text.index(name)

    source_start, source_end, source_text = document.source_span(start, start + len(name))
    assert source_text == source_name
    assert source[source_start:source_end] == source_name


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("騰訊１２％", []),
        ("甲\r乙", []),
        ("甲\r\n乙", [(1, 2, 1, 3)]),
        ("甲\u200b乙", [(1, 1, 1, 2)]),
        ("\ufeff甲\u200b\u200b乙\r\n", [(0, 0, 0, 1), (1, 1, 2, 4), (2, 3, 5, 7)]),
    ],
)
def test_only_what_is_not_one_to_one_is_a_block(
    normalizer: Normalizer, source: str, blocks: list[tuple[int, int, int, int]]
) -> None:
    found = normalizer(source).alignment.blocks

    assert [(b.start, b.end, b.source_start, b.source_end) for b in found] == blocks


@pytest.mark.parametrize(
    ("source", "script", "conversion"),
    [
        ("2025 GDP +5%", "none", "none"),
        ("央行宣布降息，汇率稳定", "simplified", "none"),
        ("新臺幣升值，台積電營收創高", "traditional", "tw2s"),
        ("本港樓市回暖，滙控領漲大市", "traditional", "hk2s"),
        ("她説這羣投資者爲收益而來", "traditional", "t2s"),
        ("汇率稳定，营收增长；匯率穩定，營收增長", "mixed", "tw2s"),
    ],
)
def test_script_and_conversion(
    normalizer: Normalizer, source: str, script: str, conversion: str
) -> None:
    document = normalizer(source)

    assert (document.source.script, document.source.conversion) == (script, conversion)


def test_one_foreign_character_does_not_change_the_verdict(normalizer: Normalizer) -> None:
    assert normalizer("这家公司发布财报，营业收入增长，净利润创历史纪录，說").source.script == (
        "simplified"
    )


@pytest.mark.parametrize(
    ("conversion", "text"),
    [
        ("none", "騰訊裡著"),
        ("t2s", "腾讯里著"),
        ("tw2s", "腾讯里着"),
    ],
)
def test_a_conversion_that_is_set_is_used(conversion: str, text: str) -> None:
    normalizer = Normalizer(NormalizeSettings.model_validate({"conversion": conversion}))
    document = normalizer("騰訊裡著")

    assert document.text == text
    assert document.source.conversion == conversion


def test_a_conversion_that_is_not_offered() -> None:
    with pytest.raises(SettingsError, match=r"normalize\.conversion.*t3s"):
        Pipeline(normalize={"conversion": "t3s"})


def test_width_can_be_left() -> None:
    normalizer = Normalizer(NormalizeSettings(fold_width=False))

    assert normalizer("營收１２．５％").text == "营收１２．５％"


def test_simplified_characters_are_those_of_the_comment(rules: dict[str, str]) -> None:
    to_traditional: Callable[[str], str] = OpenCC("s2t").convert
    to_simplified: Callable[[str], str] = OpenCC("t2s").convert

    def only_simplified(char: str) -> bool:
        try:
            char.encode("gb2312")
        except UnicodeEncodeError:
            return False
        try:
            char.encode("big5")
        except UnicodeEncodeError:
            return to_traditional(char) != char and to_simplified(char) == char
        return False

    derived = "".join(filter(only_simplified, map(chr, range(0x4E00, 0xA000))))
    assert "".join(rules["simplified"].split()) == derived.replace("恒", "")


def test_characters_of_either_script_are_those_of_the_comment(rules: dict[str, str]) -> None:
    characters = next(
        d for d in load_configuration("t2s").dictionaries if d.name == "TSCharacters"
    ).entries
    derived = {c for c, found in characters.items() if c in found and c != found[0]}
    assert set(rules["either"]) == {c for c in derived if "\u4e00" <= c <= "\u9fff"}


SOURCES = st.text(
    st.one_of(
        st.sampled_from("騰訊營收，。0aA％１Ａ．.\u3000\u00a0\r\n\r\n\u200b\u200c\u2060\ufeff\u00ad😀𠮷"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)
DELETED = re.compile("[\u200b\u200c\u2060\ufeff\u00ad]")


@settings(deadline=None)
@given(SOURCES)
def test_every_character_comes_from_its_own_place(normalizer: Normalizer, source: str) -> None:
    document = normalizer(source)
    done = 0
    for at, char in enumerate(document.text):
        start, end, original = document.source_span(at, at + 1)
        assert not DELETED.sub("", source[done:start]), "only deleted characters are skipped"
        assert len(original) == 1 or (char, original) == ("\n", "\r\n")
        done = end
    assert not DELETED.sub("", source[done:])
    assert "\r" not in document.text
    assert not DELETED.search(document.text)


@settings(deadline=None)
@given(SOURCES)
def test_normalised_text_stays_as_it_is(normalizer: Normalizer, source: str) -> None:
    plain = Normalizer(NormalizeSettings(conversion="t2s"))
    text = plain(source).text
    document = plain(text)

    assert document.text == text
    assert document.alignment.blocks == ()
