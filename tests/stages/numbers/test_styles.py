"""One value in all styles of writing: what is written is read back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import NumberExtractor
from pipeline.stages.numbers import parse
from tests.stages.numbers.one import only
from tests.stages.numbers.written import (
    FULL_WIDTH,
    TRADITIONAL,
    in_chinese,
    in_financial,
    mixed,
    spaced,
)

STYLES: dict[str, Callable[[int], str]] = {
    "arabic": str,
    "separators": lambda n: f"{n:,}",
    "full-width": lambda n: f"{n:,}".translate(FULL_WIDTH),
    "chinese": in_chinese,
    "financial": in_financial,
    "mixed": mixed,
    "traditional": lambda n: in_chinese(n).translate(TRADITIONAL),
}


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=40, deadline=None)
@given(value=st.integers(1, 10**15))
def test_amounts_read_back(numbers: NumberExtractor, style: str, value: int) -> None:
    written = STYLES[style](value)
    number = only(numbers, f"账户余款：{written}美元。")
    assert (number.value, number.source_text) == (value, f"{written}美元")


@pytest.mark.parametrize("style", [s for s in STYLES if s not in ("separators", "full-width")])
@given(value=st.integers(0, 10**15))
def test_parse_reads_back(style: str, value: int) -> None:
    written = STYLES[style](value)
    assert parse(written) == value
    assert parse(f"负{written}") == -value


@given(value=st.integers(11, 10**15))
def test_spaced_numerals_read_back(numbers: NumberExtractor, value: int) -> None:
    assert only(numbers, f"账户余款：{spaced(value)}美元。").value == value


@given(value=st.integers(1, 10**9), unit=st.sampled_from(["元", "圆"]), jiao=st.integers(1, 9),
       fen=st.integers(1, 9))
def test_amounts_in_words_read_back(value: int, unit: str, jiao: int, fen: int) -> None:
    words = f"{in_financial(value)}{unit}"
    assert parse(f"{words}整") == value
    coins = f"{words}{in_financial(jiao)}角{in_financial(fen)}分"
    assert parse(coins) == value + Decimal(jiao) / 10 + Decimal(fen) / 100


@given(whole=st.integers(0, 9999), fraction=st.integers(0, 999), scale=st.sampled_from(["", "万", "亿"]))
def test_decimals_in_characters_read_back(whole: int, fraction: int, scale: str) -> None:
    digits = f"{fraction:03}"
    spoken = "".join(in_chinese(int(digit)) for digit in digits)
    assert parse(f"{in_chinese(whole)}点{spoken}{scale}") == parse(f"{whole}.{digits}{scale}")


@given(top=st.integers(1, 999), bottom=st.integers(2, 999))
def test_fractions_read_back(numbers: NumberExtractor, top: int, bottom: int) -> None:
    value = (Decimal(top) / bottom).quantize(Decimal("1e-10"))
    for text in (f"{in_chinese(bottom)}分之{in_chinese(top)}", f"{bottom}分之{top}"):
        number = only(numbers, f"只有{text}的门店。")
        assert (number.text, number.label, number.value) == (text, "FRACTION", value)


# 百分之2000 alone may be read as a year.
@given(value=st.integers(1, 1899))
def test_percentages_read_back(numbers: NumberExtractor, value: int) -> None:
    for text in (f"百分之{in_chinese(value)}", f"百分之{value}", f"{value}%", f"{value}％"):
        number = only(numbers, f"比重为{text}。")
        assert (number.label, number.value) == ("PERCENT", value)


@pytest.mark.parametrize(
    "text", ["3.5亿元", "3億5000萬元", "350,000,000元", "３．５億元", "三亿五千万元", "叁億伍仟萬元", "三亿五元"]
)
def test_one_amount(numbers: NumberExtractor, text: str) -> None:
    number = only(numbers, f"账户余款：{text}。")
    assert (number.label, number.value) == ("MONEY", 350_000_000)


@pytest.mark.parametrize("scripts", [("營收三兆五千億元", "营收三兆五千亿元"), ("佔百分之二點五", "占百分之二点五"),
                                     ("跌兩成三個百分點", "跌两成三个百分点")])
def test_scripts_are_worth_the_same(numbers: NumberExtractor, scripts: tuple[str, str]) -> None:
    traditional, simplified = (
        [(n.label, n.value) for n in numbers(text).numbers] for text in scripts
    )
    assert traditional == simplified != []


HOSTILE = ["1", "一", "万", "亿", "十", "百十", "（", "(1", "分之", "百分之", "三分之", "第", "至", "1至", "1,", "1，",
           "一 ", "1 万", "点", "一点", "又三分之", "负", "1/", "1比", "1:", "同比", "增长", "增长1%和", "单位：万元\n1\n",
           "3亿、", "元", "一万亿", "八百一千", "一十一", "100万三", "花三块", "(含", "2e", ".5", "几", "数"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_text_takes_long(unit: str) -> None:
    """The time a character takes does not grow with the length of a hostile text."""
    extractor = NumberExtractor()
    extractor(unit)

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        best = math.inf
        for _ in range(2):
            started = time.perf_counter()
            extractor(text)
            best = min(best, time.perf_counter() - started)
        return best / length

    # Work that grew with the square of the length would make it sixteen times as long.
    assert seconds(16_000) < 8 * max(seconds(1_000), 1e-5)
