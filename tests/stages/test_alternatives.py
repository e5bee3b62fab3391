"""Word lists as patterns, and the quick search for them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.alternatives import alternatives, beginnings, matches_at

WORDS = ["增", "增长", "年增率", "同比", "同期", "较上年"]
# What stands before a word or behind it may be optional or a condition.
PATTERN = re.compile(f"(?:(?:{alternatives(WORDS)})[^，]{{0,2}}?)?(?<!不)(?:{alternatives(WORDS)})")


def test_the_longest_word_wins() -> None:
    match = re.match(alternatives(WORDS), "增长率")
    assert match is not None and match[0] == "增长"


def test_a_head_is_one_character_so_that_heads_may_overlap() -> None:
    heads = beginnings(["年增率", "增长"])
    assert [m.span() for m in heads.finditer("年增长")] == [(0, 1), (1, 2)]
    assert [m[0] for m in matches_at(heads, re.compile("年增率|增长"), "年增长")] == ["增长"]


def test_a_word_of_one_character_begins_before_anything() -> None:
    assert [m.start() for m in beginnings(["增", "增长"]).finditer("增减增长")] == [0, 2]


@given(st.text(alphabet="增长年率同比期较上不，x", max_size=40))
def test_matches_at_heads_are_those_of_finditer(text: str) -> None:
    found = matches_at(beginnings(WORDS), PATTERN, text)
    assert [m.span() for m in found] == [m.span() for m in PATTERN.finditer(text)]
