from __future__ import annotations

import pytest

from pipeline import EntityRecognizer
from pipeline.config import EntitySettings


@pytest.fixture(scope="module")
def recognizer() -> EntityRecognizer:
    # The rules alone: the tagger would find some of the names, too.
    return EntityRecognizer(EntitySettings(tagger=False))


def linked(recognizer: EntityRecognizer, text: str) -> list[tuple[str, str | None]]:
    entities = recognizer(text).entities
    return [(e.text, e.id) for e in entities if e.label in ("ORG", "PERSON", "PRODUCT")]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("阿里巴巴集團(下稱阿里)公布業績，阿里表示滿意", ["阿里巴巴集团", "阿里", "阿里"]),
        ("阿里巴巴集团（以下简称“阿里”）公布业绩，阿里表示满意", ["阿里巴巴集团", "阿里", "阿里"]),
        ("阿里巴巴集团，以下简称“巴集”，巴集表示满意", ["阿里巴巴集团", "巴集", "巴集"]),
        ("“阿里巴巴集团”(下称“巴集”)公布业绩，巴集满意", ["阿里巴巴集团", "巴集", "巴集"]),
        ("阿里巴巴集团（简称：巴集）说，巴集满意", ["阿里巴巴集团", "巴集", "巴集"]),
        ("阿里巴巴集团（Alibaba Group，BABA.N）涨", ["阿里巴巴集团", "Alibaba Group"]),
        ("阿里巴巴集团(Bajibaji)说，Bajibaji满意", ["阿里巴巴集团", "Bajibaji", "Bajibaji"]),
    ],
)
def test_declared_forms(recognizer: EntityRecognizer, text: str, forms: list[str]) -> None:
    assert linked(recognizer, text) == [(form, "org/alibaba") for form in forms]


def test_the_reason_names_the_full_form(recognizer: EntityRecognizer) -> None:
    *_, entity = recognizer("阿里巴巴集团(下称巴集)说，巴集满意").entities

    assert (entity.by, entity.name) == ("alias:阿里巴巴集团", "阿里巴巴")
    assert entity.tickers == ["BABA", "9988.HK"]


@pytest.mark.parametrize(
    "text",
    [
        "阿里巴巴集团（以下简称“公司”）增长，公司表示满意",
        "阿里巴巴集团(下称本集团)增长，本集团表示满意",
    ],
)
def test_words_for_the_time_being_are_no_names(recognizer: EntityRecognizer, text: str) -> None:
    assert linked(recognizer, text) == [("阿里巴巴集团", "org/alibaba")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "子公司宁波东方电缆股份有限公司中标，东方电缆表示满意",
            [("宁波东方电缆股份有限公司", "org/orient-cable"), ("东方电缆", "org/orient-cable")],
            id="a place and a name that the lexicon has",
        ),
        pytest.param(
            "与云图晨星股份有限公司签约，云图晨星上涨",
            [("云图晨星股份有限公司", None), ("云图晨星", None)],
            id="a name that the lexicon does not have",
        ),
        pytest.param(
            "上海海立(集团)股份有限公司(证券简称：海立股份，证券代码：600619)公告",
            [("上海海立(集团)股份有限公司", "org/sh600619"), ("海立股份", "org/sh600619")],
            id="the short form tells",
        ),
        pytest.param(
            "腾讯科技(深圳)有限公司起诉",
            [("腾讯科技(深圳)有限公司", None)],
            id="a subsidiary is another company",
        ),
        pytest.param("多家资产管理有限公司亏损", [], id="a kind of business is no name"),
    ],
)
def test_full_names(
    recognizer: EntityRecognizer, text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert linked(recognizer, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "昨日贵台云酒(600519)大涨，贵台云酒回应",
            [("贵台云酒", "org/moutai"), ("贵台云酒", "org/moutai")],
            id="another name of a known code",
        ),
        pytest.param(
            "云图晨星(00001.XX、999998.SH)", [], id="the code is not directly behind the name"
        ),
        pytest.param(
            "云图晨星(999998.SH)大涨", [("云图晨星", None)], id="a code that is not known"
        ),
        pytest.param("苹果(TSLA)大涨", [], id="another company's name"),
        pytest.param("公司(600519)大涨", [], id="a word that is no name"),
    ],
)
def test_names_before_codes(
    recognizer: EntityRecognizer, text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert linked(recognizer, text) == expected
