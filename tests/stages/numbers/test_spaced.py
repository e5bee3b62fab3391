"""Spaces between figures and characters, as many sites set them, make no other date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import NumberExtractor
from pipeline.config import NumberSettings
from pipeline.stages.numbers.spaced import Squeezed

EXTRACTOR = NumberExtractor(NumberSettings(published=date(2025, 8, 6)))


def dates(text: str) -> list[tuple[str, object]]:
    return [(n.text, n.value) for n in EXTRACTOR(text).numbers if n.label == "DATE"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公司于 2025 年 5 月 20 日公告。", [("2025 年 5 月 20 日", "2025-05-20")]),
        ("发布日期 2025 年 05 月 20 日", [("2025 年 05 月 20 日", "2025-05-20")]),
        ("今年 5 月，销量上升。", [("今年 5 月", "2025-05")]),
        ("展会于 5 月 20 日至 23 日举行。", [("5 月 20 日至 23 日", "2025-05-20/2025-05-23")]),
        ("2025 年第 3 季度", [("2025 年第 3 季度", "2025-Q3")]),
        ("12 月 1 号起生效。", [("12 月 1 号", "2025-12-01")]),
    ],
)
def test_dates_with_spaces(text: str, expected: list[tuple[str, str]]) -> None:
    assert dates(text) == expected


@pytest.mark.parametrize("text", ["订单 5 个，库存 20 箱。", "iPhone 17 号称最薄。", "2024 年 3 家公司"])
def test_other_spaces_stay(text: str) -> None:
    assert Squeezed(text).text == text


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_a_day_reads_the_same_with_and_without_spaces(day: date) -> None:
    plain = f"公告于{day.year}年{day.month}月{day.day}日发布。"
    spaced = f"公告于 {day.year} 年 {day.month} 月 {day.day} 日发布。"
    ((text, value),) = dates(spaced)
    assert (text.replace(" ", ""), value) == dates(plain)[0]


@given(st.text("年月日号第季至 0123456789元", max_size=40))
def test_what_is_left_is_the_text_without_some_spaces_and_spans_come_back(text: str) -> None:
    squeezed = Squeezed(text)
    assert squeezed.text.replace(" ", "") == text.replace(" ", "")
    for start in range(len(squeezed.text)):
        for end in range(start + 1, len(squeezed.text) + 1):
            first, last = squeezed.span(start, end)
            assert text[first:last].replace(" ", "") == squeezed.text[start:end].replace(" ", "")
            assert text[first] == squeezed.text[start] and text[last - 1] == squeezed.text[end - 1]
