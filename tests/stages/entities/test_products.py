"""Products and events that no lexicon has, by their form and what stands beside them."""

from __future__ import annotations

import pytest

from pipeline import EntityRecognizer
from pipeline.config import EntitySettings

RECOGNIZER = EntityRecognizer(EntitySettings(tagger=False))


def names(text: str, label: str) -> list[str]:
    return [e.source_text for e in RECOGNIZER(text).entities if e.label == label]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("公司开源了ZR-7模型，ZR-7表现突出。", ["ZR-7", "ZR-7"], id="model number"),
        pytest.param("新款手机QX90 Pro搭載K88晶片。", ["QX90 Pro", "K88"], id="traditional"),
        pytest.param("比亚迪ZX9月销过万。", ["比亚迪ZX9"], id="with its company"),
        pytest.param("集团推出大模型“渝算”，渝算已获批。", ["渝算", "渝算"], id="quoted"),
        pytest.param("一款名為「趣航」的應用程式；應用程式名為「趣航」。", ["趣航", "趣航"], id="called so"),
    ],
)  # fmt: skip
def test_products(text: str, expected: list[str]) -> None:
    assert names(text, "PRODUCT") == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("第二季度Q2营收增长，H1利润下降。", id="quarters and halves"),
        pytest.param("平台“出海”，模型“开源”成为主题。", id="words of the dictionary in quotes"),
        pytest.param("台积电ADR220美元。", id="a kind of security"),
        pytest.param("文件编号为AB12。", id="no evidence"),
    ],
)
def test_no_products(text: str) -> None:
    assert names(text, "PRODUCT") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他出席在宜宾举行的世界动力电池大会。", ["世界动力电池大会"]),
        ("首届亚洲电子商贸论坛开幕。", ["亚洲电子商贸论坛"]),
        ("公司召开年度股东大会。", []),
        ("大会通过了决议，新闻发布会延期。", []),
    ],
)
def test_events(text: str, expected: list[str]) -> None:
    assert names(text, "EVENT") == expected
