from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import EntityRecognizer
from pipeline.stages.entities.mentions import Mention, resolve


@pytest.fixture(scope="module")
def recognizer() -> EntityRecognizer:
    return EntityRecognizer()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("阿里巴巴集团增持阿里巴巴", ["阿里巴巴集团", "阿里巴巴"]),
        ("恒生科技指数与恒生指数", ["恒生科技指数", "恒生指数"]),
        ("中国移动在中国", ["中国移动", "中国"]),
        ("东京电力的东京总部", ["东京电力", "东京"]),
        ("腾讯音乐与腾讯", ["腾讯音乐", "腾讯"]),
        ("《腾讯传》写腾讯", ["腾讯传", "腾讯"]),
    ],
)
def test_the_longest_proper_name_wins(
    recognizer: EntityRecognizer, text: str, expected: list[str]
) -> None:
    assert [e.text for e in recognizer(text).entities] == expected


def mention(start: int, end: int, by: str, rank: int = 1) -> Mention:
    return Mention(start, end, "ORG", by, rank)


@pytest.mark.parametrize(
    ("mentions", "winners"),
    [
        pytest.param([mention(0, 2, "a"), mention(2, 4, "b")], "ab", id="side by side"),
        pytest.param([mention(2, 4, "b"), mention(0, 2, "a")], "ab", id="in order of the text"),
        pytest.param([mention(0, 2, "a"), mention(0, 4, "b")], "b", id="the longer one"),
        pytest.param([mention(0, 3, "a", 0), mention(1, 5, "b", 3)], "b", id="length before rank"),
        pytest.param([mention(0, 3, "a", 1), mention(0, 3, "b", 0)], "b", id="the lower rank"),
        pytest.param([mention(0, 3, "a", 1), mention(1, 4, "b", 0)], "b", id="rank before place"),
        pytest.param([mention(1, 4, "b"), mention(0, 3, "a")], "a", id="else the earlier one"),
        pytest.param(
            [mention(0, 3, "a"), mention(2, 6, "b"), mention(5, 8, "c")], "b", id="both neighbours"
        ),
        pytest.param([], "", id="nothing"),
    ],
)
def test_overlaps(mentions: list[Mention], winners: str) -> None:
    assert "".join(m.by for m in resolve(mentions)) == winners


SPANS = st.lists(st.tuples(st.integers(0, 15), st.integers(1, 6), st.integers(-1, 3)), max_size=10)


@given(SPANS)
def test_what_is_left_out_overlaps_something_as_long(spans: list[tuple[int, int, int]]) -> None:
    mentions = [mention(start, start + size, f"m{i}", rank)
                for i, (start, size, rank) in enumerate(spans)]
    chosen = resolve(mentions)

    assert all(a.end <= b.start for a, b in pairwise(chosen))
    for left_out in set(mentions).difference(chosen):
        assert any(
            c.start < left_out.end and left_out.start < c.end
            and c.end - c.start >= left_out.end - left_out.start
            for c in chosen
        )


PIECES = st.lists(
    st.sampled_from([
        "阿里巴巴", "集团", "騰訊", "小米", "《", "》", "中国", "移动", "(0700.HK)", "iPhone 16",
        " Pro", "董事长", "周立诚", "表示", "、", "，", "。", "\r\n", "\u200b", "恒生", "科技",
        "指数",
    ]),
    max_size=12,
).map("".join)


@settings(deadline=None)
@given(PIECES)
def test_entities_never_overlap_and_stand_where_they_say(
    recognizer: EntityRecognizer, text: str
) -> None:
    document = recognizer(text)
    end = 0
    for entity in document.entities:
        assert end <= entity.start < entity.end
        assert document.text[entity.start : entity.end] == entity.text
        assert text[entity.source_start : entity.source_end] == entity.source_text
        end = entity.end
