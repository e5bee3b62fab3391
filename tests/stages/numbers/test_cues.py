"""The words around a number that say how exact it is; they stay outside its span."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import NumberExtractor
from tests.stages.numbers.one import only

VALUE = 3_000_000_000


@pytest.mark.parametrize(
    ("text", "cue", "modifier", "low", "high"),
    [
        ("耗资约30亿美元。", "约", "about", None, None),
        ("耗资大约30亿美元。", "大约", "about", None, None),
        ("耗资30亿美元左右。", "左右", "about", None, None),
        ("耗资30亿美元上下。", "上下", "about", None, None),
        ("耗资近30亿美元。", "近", "nearly", None, VALUE),
        ("耗资将近30亿美元。", "将近", "nearly", None, VALUE),
        ("耗资接近30亿美元。", "接近", "nearly", None, VALUE),
        ("耗资不到30亿美元。", "不到", "nearly", None, VALUE),
        ("耗资不足30亿美元。", "不足", "nearly", None, VALUE),
        ("耗资逾30亿美元。", "逾", "over", VALUE, None),
        ("耗资超30亿美元。", "超", "over", VALUE, None),
        ("耗资超过30亿美元。", "超过", "over", VALUE, None),
        ("耗资超过了30亿美元。", "超过", "over", VALUE, None),
        ("市值突破30亿美元。", "突破", "over", VALUE, None),
        ("市值站上30亿美元。", "站上", "over", VALUE, None),
        ("耗资30亿美元以上。", "以上", "over", VALUE, None),
        ("耗资至少30亿美元。", "至少", "at_least", VALUE, None),
        ("耗资不低于30亿美元。", "不低于", "at_least", VALUE, None),
        ("耗资至多30亿美元。", "至多", "at_most", None, VALUE),
        ("耗资最多30亿美元。", "最多", "at_most", None, VALUE),
        ("耗资不超过30亿美元。", "不超过", "at_most", None, VALUE),
        ("耗资没有超过30亿美元。", "没有超过", "at_most", None, VALUE),
        ("耗资30亿美元以内。", "以内", "at_most", None, VALUE),
        ("耗资30亿美元以下。", "以下", "at_most", None, VALUE),
    ],
)
def test_a_cue_makes_an_interval(
    numbers: NumberExtractor, text: str, cue: str, modifier: str,
    low: int | None, high: int | None,
) -> None:
    number = only(numbers, text)
    assert (number.text, number.value) == ("30亿美元", VALUE)
    assert (number.modifier, number.cue) == (modifier, cue)
    assert (number.min, number.max) == (low, high)


@pytest.mark.parametrize(
    ("text", "span", "cue", "modifier"),
    [
        ("至少有一半的店关门。", "一半", "至少", "at_least"),
        ("近百家门店关门。", "百家", "近", "nearly"),
        ("约三成的店关门。", "三成", "约", "about"),
        ("超过六百名员工离职。", "六百名", "超过", "over"),
        ("利率上调不超过25个基点。", "25个基点", "不超过", "at_most"),
        ("逾萬名員工離職。", "万名", "逾", "over"),
        ("價格跌了兩成左右。", "两成", "左右", "about"),
    ],
)
def test_cues_stand_by_every_kind_of_number(
    numbers: NumberExtractor, text: str, span: str, cue: str, modifier: str
) -> None:
    number = only(numbers, text)
    assert (number.text, number.cue, number.modifier) == (span, cue, modifier)


@pytest.mark.parametrize(
    ("text", "span", "low", "high"),
    [
        ("招了三百余名司机。", "三百余名", 300, 400),
        ("招了300多名司机。", "300多名", 300, 400),
    ],
)
def test_an_embedded_cue_is_part_of_the_span(
    numbers: NumberExtractor, text: str, span: str, low: int, high: int
) -> None:
    number = only(numbers, text)
    assert (number.text, number.modifier) == (span, "over")
    assert (number.value, number.min, number.max) == (low, low, high)


@pytest.mark.parametrize(
    ("text", "modifiers"),
    [
        ("投资30亿美元，建厂2座。", [None, None]),
        ("投资约30亿美元，建厂2座。", ["about", None]),
        ("投资30亿美元，建厂至少2座。", [None, "at_least"]),
        ("投资逾30亿美元，建厂2座以上。", ["over", "over"]),
    ],
)
def test_a_cue_belongs_to_its_own_number(
    numbers: NumberExtractor, text: str, modifiers: list[str | None]
) -> None:
    assert [n.modifier for n in numbers(text).numbers] == modifiers


def test_a_number_without_cue_is_exact(numbers: NumberExtractor) -> None:
    number = only(numbers, "耗资30亿美元。")
    assert (number.min, number.max, number.modifier, number.cue) == (None, None, None, None)


def test_eight_digits_before_a_currency_are_no_date(numbers: NumberExtractor) -> None:
    assert only(numbers, "耗资至少19740601美元。").value == 19740601


@given(
    value=st.integers(1, 10**12),
    cue=st.sampled_from([("逾", "over"), ("至少", "at_least"), ("不到", "nearly"),
                         ("不超过", "at_most"), ("约", "about")]),
)
def test_bounds_follow_from_value_and_cue(
    numbers: NumberExtractor, value: int, cue: tuple[str, str]
) -> None:
    word, modifier = cue
    number = only(numbers, f"耗资{word}{value}美元。")
    assert (number.value, number.modifier, number.cue) == (value, modifier, word)
    assert number.min == (value if modifier in ("over", "at_least") else None)
    assert number.max == (value if modifier in ("nearly", "at_most") else None)
