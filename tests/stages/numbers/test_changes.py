"""`change`: which figures the text calls changes, in which direction, against what."""

from __future__ import annotations

import pytest

from pipeline import Document, NumberExtractor, Pipeline
from pipeline.document import Change


def changes(numbers: NumberExtractor, text: str) -> list[tuple[str, Change | None]]:
    return [(n.text, n.change) for n in numbers(text).numbers if n.label != "DATE"]


@pytest.mark.parametrize(
    ("text", "figure", "direction", "basis", "cue"),
    [
        ("營收同比增長12.5%", "12.5%", "up", "yoy", "同比增长"),
        ("訂單環比大幅下降3.2%", "3.2%", "down", "sequential", "环比大幅下降"),
        ("淨利年增兩成", "两成", "up", "yoy", "年增"),
        ("出口季減1.2億元", "1.2亿元", "down", "qoq", "季减"),
        ("租金按月微跌0.3%", "0.3%", "down", "mom", "按月微跌"),
        ("利润较去年同期增加了近5000万元", "5000万元", "up", "yoy", "较去年同期增加"),
        ("毛利率提升2.3個百分點", "2.3个百分点", "up", None, "提升"),
        ("央行降息25个基点", "25个基点", "down", None, "降息"),
        ("今年以来股价累计上涨35%", "35%", "up", "ytd", "今年以来股价累计上涨"),
        ("跌幅超过4.5%", "4.5%", "down", None, "跌幅"),
        ("实现12%的同比增长", "12%", "up", "yoy", "同比增长"),
        ("产量增长两倍", "两倍", "up", None, "增长"),
        ("今年升幅不超過百分之五", "百分之五", "up", None, "升幅"),
        ("央行下调存款准备金率0.5个百分点", "0.5个百分点", "down", None, "下调"),
        ("产能将翻一番", "翻一番", "up", None, "翻"),
    ],
)
def test_a_change_has_direction_basis_and_cue(
    numbers: NumberExtractor, text: str, figure: str, direction: str, basis: str | None, cue: str
) -> None:
    assert changes(numbers, text) == [(figure, Change(direction, basis, cue))]


@pytest.mark.parametrize(
    "text",
    [
        "營收增至26億元", "股價跌破3000點", "涨至55元", "是去年的两倍", "增值税率为13%", "毛利率45%",
        "由3%提高到5%", "同比，公司拥有员工300人",
    ],
)
def test_a_level_has_no_change(numbers: NumberExtractor, text: str) -> None:
    assert all(change is None for _, change in changes(numbers, text))


def test_figures_joined_by_and_share_the_cue(numbers: NumberExtractor) -> None:
    both = changes(numbers, "营收和净利润同比分别增长5%和3%，毛利率40%")
    assert both == [
        ("5%", Change("up", "yoy", "同比分别增长")),
        ("3%", Change("up", "yoy", "同比分别增长")),
        ("40%", None),
    ]


def test_one_change_in_two_measures(numbers: NumberExtractor) -> None:
    assert changes(numbers, "恒指升234点或1.06%") == [
        ("234点", Change("up", None, "升")), ("1.06%", Change("up", None, "升")),
    ]


def test_a_change_survives_the_round_trip() -> None:
    doc = Pipeline()("台積電營收月減3.5%。")
    again = Document.from_json(doc.to_json())
    assert again.numbers[0].change == Change("down", "mom", "月减")
    assert doc.to_dict()["numbers"][0]["change"] == {
        "direction": "down", "basis": "mom", "cue": "月减",
    }
