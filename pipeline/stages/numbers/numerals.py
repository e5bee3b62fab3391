"""Numerals: Arabic, Chinese and mixed, with scales and embedded approximators.

`NUMERAL` finds them, `parse_numeral` computes their value. 2万5千, 3.5亿, 1亿3000万, 十几, 三百多,
400多亿, 数十亿, 两三千, 二〇二五, 3.5 billion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipeline.stages.alternatives import alternatives

_DIGITS = {
    char: value
    for value, chars in enumerate(
        ["零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"]
    )
    for char in chars
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
# 兆 is a million millions in Taiwan and Hong Kong finance, never a million.
_LARGE = {"兆": 10**12, "亿": 10**8, "万": 10**4}
_TENS = str.maketrans({"廿": "二十", "卅": "三十"})
_ENGLISH = {
    "thousand": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
    "k": 10**3,
    "K": 10**3,
    "M": 10**6,
    "B": 10**9,
}

_D = "".join(_DIGITS)
_C = f"[{_D}{''.join(_SMALL)}{''.join(_LARGE)}廿卅]"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?)"
_SCALE = r"(?:[十百千]?[万亿兆]{1,3}|[百千](?!分))"
_ENGLISH_SCALE = f"(?:{alternatives(_ENGLISH)})(?![A-Za-z])"
# After 2万 in 2万3,000, 25万6千, 25万6.
_LOWER_PART = (
    rf"(?:{_ARABIC}{_SCALE}){{0,3}}"
    r"(?:\d{1,3},\d{3}(?![\d,])|\d{4}(?![\d.年%])|\d{3}(?![\d.,%万亿年])|\d(?![\d.,%万亿]))?"
)
NUMERAL = re.compile(
    rf"(?=[\d数几{_D}{''.join(_SMALL)}{''.join(_LARGE)}廿卅])(?:"
    rf"{_ARABIC}(?:\s?{_ENGLISH_SCALE}|[多余几]?\s?{_SCALE}{_LOWER_PART}[多余]?|[多余])?"
    rf"|[数几][{''.join(_SMALL)}{''.join(_LARGE)}]{{0,4}}"
    # Lengths are bounded, so that a long row of 一 is not read as one number.
    rf"|[{_D}{''.join(_SMALL)}]{{1,16}}点[{_D}]{{1,16}}[{''.join(_LARGE)}]{{0,2}}"
    rf"|{_C}{{1,40}}(?:[多余几][{''.join(_LARGE)}]{{0,2}})?)"
)
_ARABIC_ONLY = re.compile(_ARABIC)
_APPROXIMATOR = re.compile("[多余几数]")


@dataclass(frozen=True, slots=True)
class Numeral:
    """The value of a numeral, exact or as an interval.

    Attributes:
        value: the number said; None where only bounds are said (数十亿).
        min, max: bounds, None where open or exact.
        modifier, cue: as in the contract: over (多), several (几), range (两三千).
    """

    value: Decimal | None
    min: Decimal | None = None
    max: Decimal | None = None
    modifier: str | None = None
    cue: str | None = None

    def scaled(self, factor: Decimal) -> Numeral:
        """The numeral times a factor (that of a unit, or of a scale said once for a range)."""

        def times(number: Decimal | None) -> Decimal | None:
            return None if number is None else number * factor

        low, high = (self.min, self.max) if factor >= 0 else (self.max, self.min)
        return Numeral(times(self.value), times(low), times(high), self.modifier, self.cue)


@lru_cache(maxsize=4096)
def parse_numeral(text: str) -> Numeral:
    """The value of one numeral, as matched by `NUMERAL`.

    Raises:
        ValueError: if the text is no numeral.
    """
    plain = text.replace(" ", "").replace(",", "").translate(_TENS)
    for word, factor in _ENGLISH.items():
        if plain.endswith(word):
            return Numeral(Decimal(plain[: -len(word)]) * factor)
    approximator = _APPROXIMATOR.search(plain)
    if approximator is None:
        if span := _neighbours(plain):
            return Numeral(None, *span, "range", text)
        return Numeral(_value(plain))
    before, after = plain[: approximator.start()], plain[approximator.end() :]
    cue = approximator[0]
    scale = _value(after) if after else Decimal(1)
    if not before:
        return Numeral(None, 2 * scale, 10 * scale, "several", cue)
    value = _value(before)
    low, high = value * scale, _next_round(value) * scale
    if cue in "几数":
        return Numeral(None, low, high, "several", cue)
    return Numeral(low, low, high, "over", cue)


def and_more(numeral: Numeral) -> Numeral:
    """The numeral with a 多 after its unit: 三倍多 is 3 to 4."""
    value = numeral.value
    if value is None:
        return numeral
    return Numeral(value, value, _next_round(value), "over", "多")


def _value(text: str) -> Decimal:
    """The value of a numeral without approximators."""
    for unit, factor in _LARGE.items():
        left, found, right = text.partition(unit)
        if found:
            # 万亿 is one scale, and 三万五 says the 五 in thousands.
            high = (_value(left) if left else Decimal(1)) * factor
            if len(right) == 1 and (right.isdigit() or _DIGITS.get(right)):
                return high + _value(right) * factor / 10
            return high + (_value(right) if right else 0)
    if text[0].isdigit():
        arabic = _ARABIC_ONLY.match(text)
        if arabic is None:
            raise ValueError(f"{text!r} is no numeral")
        value, rest = Decimal(arabic[0]), text[arabic.end() :]
        for char in rest:
            if char not in _SMALL:
                raise ValueError(f"{text!r} is no numeral")
            value *= _SMALL[char]
        return value
    if "点" in text:
        whole, _, fraction = text.partition("点")
        digits = "".join(str(_DIGITS[char]) for char in fraction)
        return _value(whole) + Decimal(f"0.{digits}")
    return _chinese(text)


def _chinese(text: str) -> Decimal:
    """A Chinese numeral below 万: 三百二十, 二〇二五 (digit by digit), 一百二 (120)."""
    if all(char in _DIGITS for char in text):
        return Decimal("".join(str(_DIGITS[char]) for char in text))
    total, digit, last, smallest = 0, None, 1, 10**4
    for char in text:
        if char in _DIGITS:
            if digit:
                raise ValueError(f"{text!r} is no numeral")
            digit = _DIGITS[char]
            if digit == 0:
                last = 1
        elif char in _SMALL:
            if _SMALL[char] >= smallest:
                raise ValueError(f"{text!r} is no numeral")
            # 十, and 零十 in 一千零十
            total += (digit or 1) * _SMALL[char]
            digit, last, smallest = None, _SMALL[char], _SMALL[char]
        else:
            raise ValueError(f"{text!r} is no numeral")
    if digit:
        total += digit * (last // 10 if last >= 100 else 1)
    return Decimal(total)


def _neighbours(text: str) -> tuple[Decimal, Decimal] | None:
    """Neighbouring digits said together: 两三千 is 2000 to 3000, 十七八 17 to 18, 三五 3 to 5."""
    for at in range(len(text) - 1):
        low, high = _DIGITS.get(text[at]), _DIGITS.get(text[at + 1])
        if low is None or high is None or not low:
            continue
        if high != low + 1 and text[at : at + 2] != "三五":
            continue
        head, tail = text[:at], text[at + 2 :]
        if any(char in _DIGITS for char in tail[:1]) or (head and head[-1] in _DIGITS):
            return None
        try:
            return _value(head + text[at] + tail), _value(head + text[at + 1] + tail)
        except ValueError:
            return None
    return None


def _next_round(value: Decimal) -> Decimal:
    """The next number that is as round: 400 -> 500, 1.2 -> 1.3, 十 -> 20."""
    _, digits, exponent = value.normalize().as_tuple()
    assert isinstance(exponent, int), "a numeral is finite"
    return value + Decimal(1).scaleb(exponent) if digits != (0,) else Decimal(1)
