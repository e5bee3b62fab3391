from __future__ import annotations

import pytest

from pipeline import EntityRecognizer, Pipeline


@pytest.fixture(scope="module")
def recognizer() -> EntityRecognizer:
    return EntityRecognizer()


def persons(recognizer: EntityRecognizer, text: str) -> list[str]:
    return [e.text for e in recognizer(text).entities if e.label == "PERSON"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("该公司董事长周立诚昨日辞任。", "周立诚", id="behind a title"),
        pytest.param("首席经济学家沈明高表示看好。", "沈明高", id="behind a long title"),
        pytest.param("CEO陆晓峰透露了计划。", "陆晓峰", id="behind a Latin title"),
        pytest.param("執行長陸曉峰透露了計畫。", "陆晓峰", id="in traditional characters"),
        pytest.param("陈慧敏指出，需求正在恢复。", "陈慧敏", id="before a verb of speaking"),
        pytest.param("会上，周立诚也强调了现金流。", "周立诚", id="an adverb between"),
        pytest.param("周立诚先生没有回应。", "周立诚", id="before 先生, which is no part of it"),
        pytest.param("欧阳明远认为利率会降。", "欧阳明远", id="a surname of two characters"),
        pytest.param("司马文清出席了会议。", "司马文清", id="before a verb of office"),
        pytest.param("约翰·斯特林格称将加息。", "约翰·斯特林格", id="with a middle dot"),
    ],
)
def test_names(recognizer: EntityRecognizer, text: str, name: str) -> None:
    assert persons(recognizer, text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "一位员工表示不满。",
        "董事长先生表示满意。",
        "分析师普遍认为利率会降。",
        "高度认为不妥。",
        "白宫表示关注，成都表示支持。",
        "金融市场表示欢迎。",
        "方向指出了问题。",
        "黄金说明了一切。",
        "公司董事会宣布派息。",
    ],
)
def test_no_names(recognizer: EntityRecognizer, text: str) -> None:
    assert persons(recognizer, text) == []


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("董事长温如许表示会留任。市场相信温如许。", 2),
        ("市场相信温如许。董事长温如许表示会留任。", 2),
        ("董事长温如许表示会留任。\n\n此后，温如许与温如许的继任者都沉默。", 3),
    ],
)
def test_a_name_that_is_found_once_is_found_everywhere(
    recognizer: EntityRecognizer, text: str, mentions: int
) -> None:
    entities = [e for e in recognizer(text).entities if e.label == "PERSON"]

    assert [e.text for e in entities] == ["温如许"] * mentions
    assert {e.name for e in entities} == {"温如许"}


def test_a_rule_is_less_certain_than_the_lexicon(recognizer: EntityRecognizer) -> None:
    by_rule, by_lexicon = recognizer("董事长周立诚表示，他见过马斯克。").entities

    assert by_rule.by == "pattern:person:title:董事长"
    assert (by_rule.id, by_rule.tickers) == (None, [])
    assert by_lexicon.by.startswith("lexicon:persons:")
    assert by_rule.score < by_lexicon.score == 1.0


def test_amounts_in_financial_digits_are_no_names(pipeline: Pipeline) -> None:
    for amount in ("叁拾陆万伍仟", "陆佰叁拾", "伍亿贰仟万"):
        document = pipeline(f"账户余款：{amount}美元。")
        assert document.entities == []
        assert [n.label for n in document.numbers] == ["MONEY"]
