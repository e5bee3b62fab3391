"""The exact value of a numeral in Chinese characters, Arabic digits or both.

Spaces, separators and approximators (多, 几) are not part of it; `numerals` takes them away.
"""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
# 兆 is a million millions in Taiwan and Hong Kong finance, never a million.
LARGE = {"兆": 10**12, "亿": 10**8, "万": 10**4}
# The same in financial and shortened forms; 億 where a simplified text has it.
_VARIANTS = dict(
    zip("〇○壹贰叁肆伍陆柒捌玖拾佰仟幺萬億", "零零一二三四五六七八九十百千一万亿", strict=True)
)
_PLAIN = str.maketrans(_VARIANTS | {"廿": "二十", "卅": "三十"})

_ARABIC = re.compile(r"\d*\.?\d+")
_POINT = re.compile(
    "(?P<whole>[^点]+)点(?P<fraction>[零一二三四五六七八九\\d]+)(?P<scale>[万亿兆]*)"
)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[零一二三四五六七八九两十百千]")
_NEVER_READ_OUT = "两"


def plain_digits(text: str) -> str:
    """壹佰 as 一百, 廿 as 二十."""
    return text.translate(_PLAIN)


def exact(text: str) -> Decimal:
    """The value of a numeral without spaces and separators.

    Raises:
        ValueError: if it is none: 十一十二, 三百四千, 一百两.
    """
    text = plain_digits(text)
    point = _POINT.fullmatch(text)
    if point is None:
        return _scaled(text)
    fraction = "".join(str(DIGITS.get(char, char)) for char in point["fraction"])
    value = _scaled(point["whole"]) + Decimal(f"0.{fraction}")
    for sign in point["scale"]:
        value *= LARGE[sign]
    return value


def _scaled(text: str) -> Decimal:
    """A numeral without 点: a number before each of 兆, 亿, 万, and one below 10,000."""
    for sign, scale in LARGE.items():
        left, found, right = text.rpartition(sign)
        if not found:
            continue
        if not left:
            if right:
                raise _no_numeral(text)
            return Decimal(scale)
        count = _scaled(left)
        # 一亿万 is none, but 四万万 and 12345万 are said.
        if count >= (10**4 if sign == "万" else 10**8) and not (
            left.endswith(sign) or _ARABIC.fullmatch(left)
        ):
            raise _no_numeral(text)
        if right and count != count.to_integral_value():
            raise _no_numeral(text)
        return count * scale + _rest(right, scale)
    return _below(text)


def _rest(text: str, scale: int) -> Decimal:
    """What follows a scale: 三万五 says the 五 in thousands, 三万零五 in ones."""
    if not text:
        return Decimal(0)
    if len(text) == 1 and text != _NEVER_READ_OUT:
        digit = Decimal(text) if text.isdigit() else Decimal(DIGITS.get(text, 0))
        if not digit:
            raise _no_numeral(text)
        return digit * scale / 10
    value = _scaled(text.lstrip("零"))
    if value >= scale or text == _NEVER_READ_OUT:
        raise _no_numeral(text)
    return value


def _below(text: str) -> Decimal:
    """A numeral below 10,000: 三百二十, 1千零20, 一百二 (120), 二〇二五 (digit by digit)."""
    if _ARABIC.fullmatch(text):
        return Decimal(text)
    tokens = _TOKEN.findall(text)
    if not tokens or sum(map(len, tokens)) != len(text):
        raise _no_numeral(text)
    if all(token in DIGITS for token in tokens):
        if len(tokens) > 1 and _NEVER_READ_OUT in tokens:
            raise _no_numeral(text)
        return Decimal("".join(str(DIGITS[token]) for token in tokens))
    total, place = Decimal(0), 10**4
    digit: Decimal | None = None
    after_zero = bare = False
    for at, token in enumerate(tokens):
        if token in SMALL:
            if SMALL[token] >= place:
                raise _no_numeral(text)
            if digit is None:
                # 十五, 百三; 一百十五, 一百零十; but 百十一 is none.
                if at and (token != "十" or bare):
                    raise _no_numeral(text)
                bare, digit = not at, Decimal(1)
            place = SMALL[token]
            total += digit * place
            digit, after_zero = None, False
        elif digit is not None:
            raise _no_numeral(text)
        elif token == "零":
            after_zero = True
        else:
            digit = Decimal(DIGITS[token]) if token in DIGITS else Decimal(token)
            if at and (digit >= place or digit != digit.to_integral_value()):
                raise _no_numeral(text)
    if digit is None:
        if tokens[-1] == "零":
            raise _no_numeral(text)
        return total
    short = place > 10 and not after_zero and len(tokens[-1]) == 1
    if (tokens[-1] == _NEVER_READ_OUT and place < 10**4) or total != total.to_integral_value():
        raise _no_numeral(text)
    return total + digit * (place // 10 if short else 1)


def _no_numeral(text: str) -> ValueError:
    return ValueError(f"{text!r} is no numeral")
