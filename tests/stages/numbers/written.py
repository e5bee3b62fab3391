"""Writes values in every style that a Chinese text may have."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
TRADITIONAL = str.maketrans("万亿点负两", "萬億點負兩")
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
FINANCIAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_PLACES = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))


def in_chinese(number: int) -> str:
    """320 is 三百二十, 10005 is 一万零五."""
    if number < 10:
        return DIGITS[number]
    scale, sign = next((scale, sign) for scale, sign in _PLACES if number >= scale)
    high, low = divmod(number, scale)
    if not low:
        return in_chinese(high) + sign
    gap = "零" if 10 * low < scale else ""
    return in_chinese(high) + sign + gap + in_chinese(low)


def in_financial(number: int) -> str:
    """320 is 叁佰贰拾."""
    return in_chinese(number).translate(FINANCIAL)


def mixed(number: int) -> str:
    """130,005,000 is 1亿3000万5000: each group of four digits in Arabic."""
    if number < 10**4:
        return str(number)
    scale, sign = next((s, c) for s, c in _PLACES if s >= 10**4 and number >= s)
    high, low = divmod(number, scale)
    # A zero is said where a group has fewer than four digits.
    gap = "零" if low and 10 * low < scale else ""
    return mixed(high) + sign + gap + (mixed(low) if low else "")


def spaced(number: int) -> str:
    """One space between the characters: 三 百 二 十."""
    return " ".join(in_chinese(number))
