"""Numbers said as parts: 百分之三十, 千分之五, 三分之一, 三又二分之一, 百分百, 1/2, 1比4的比例."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.stages.numbers.amount import Amount, Spans
from pipeline.stages.numbers.numerals import (
    ARABIC,
    CHINESE,
    NUMERAL,
    SPACES,
    Numeral,
    longest_numeral,
    parse_numeral,
)

_REACH = 40
# 百分三十, 百分百 drop the 之.
_FIND = re.compile(
    # The marks come first: `re` skims a text for a set of characters.
    rf"[分 /比:：∶](?:(?<=分){SPACES}之"
    r"|(?<=[百佰]分)(?<![\d零一二两三四五六七八九十几数][百佰]分)(?=百|[一二两三四五六七八九]?十|\d)"
    r"|(?:(?<=\d/)|(?<=\d )/)[ ]?(?=\d)"
    r"|(?<=[\d一二两三四五六七八九十百][比:：∶])(?=[\d一二两三四五六七八九十百]))"
)
_DENOMINATOR = re.compile(
    rf"(?P<sign>负的?{SPACES})?(?:(?P<whole>{CHINESE}|{ARABIC}){SPACES}又{SPACES})?"
    rf"(?P<denominator>{CHINESE}|\d{{1,16}}[万亿]?){SPACES}$"
)
# Of these, a share of is a percentage: 百分之, 千万分之. Of 一百 it is a fraction.
_PER = re.compile("[百佰千仟万亿][百千万亿 ]*")
_AND = re.compile("[至到~-](?:[百千万]分之)?")
_SIGN = re.compile(rf"{SPACES}[负-]{SPACES}")
_TENTH = Decimal("1e-10")

# 1 3/5, 3/16
_SLASH_LEFT = re.compile(r"(?<![\d./A-Za-z-])(?P<sign>-)?(?:(?P<whole>\d{1,3}) )?(?P<top>\d{1,3})$")
_SLASH_RIGHT = re.compile(r"(?P<bottom>[1-9]\d{0,2})(?![\d./A-Za-z年月日])")
# In a sentence 6/4 is rather a day: a fraction is what is less than 1 and followed by these.
_SLASH_AFTER = re.compile("[的强弱，。,、；]|以[上下]|左右|\\s*$")

_RATIO_LEFT = re.compile(
    r"(?<![\d.:：])(?P<left>\d{1,6}(?:\.\d{1,4})?|[一二两三四五六七八九十百]{1,4})$"
)
_RATIO_RIGHT = re.compile(
    r"(?P<right>\d{1,6}(?:\.\d{1,4})?|[一二两三四五六七八九十百]{1,4})(?![\d.:：])"
)
_RATIO_AFTER = re.compile(
    "的?(?:比例|比率|配比|之比|股票分割|股份分割|分割|拆分|拆股|分拆|合股|并股|换股)"
)
_RATIO_BEFORE = re.compile("(?:比例|比率|配比|之比)(?:约?为|是|约|达到?|高达|[:：])?\\s?$")


def find_parts(text: str, taken: Spans) -> Iterator[Amount]:
    """All parts of a whole outside the taken spans, in order, without overlap."""
    done = 0
    for match in _FIND.finditer(text):
        if match.start() < done:
            continue
        mark = match[0].strip()
        read = _slash if mark == "/" else _ratio if mark in "比:：∶" else _share
        try:
            amount = read(text, match, done)
        except (ValueError, ArithmeticError):
            # 百分之十二九 has the form of a number and no value; a fraction of nothing.
            continue
        if amount is not None and not taken.overlap(amount.start, amount.end):
            done = amount.end
            yield amount


def _exact(text: str) -> Decimal:
    value = parse_numeral(text).value
    if value is None:
        raise ValueError(f"{text!r} has no exact value")
    return value


def _never(_: int) -> bool:
    return False


def _counted(text: str, start: int) -> tuple[int, Numeral] | None:
    """The numeral that begins at `start`, its sign and space before it allowed."""
    sign = _SIGN.match(text, start)
    at = (
        sign.end()
        if sign
        else start + len(text[start : start + 2]) - len(text[start : start + 2].lstrip(" "))
    )
    match = NUMERAL.match(text, at)
    found = longest_numeral(text, at, match.end(), _never) if match else None
    if found is None or not sign:
        return found
    return found[0], found[1].scaled(Decimal(-1))


def _share(text: str, match: re.Match[str], done: int) -> Amount | None:
    """百分之三十, 三分之一, 三又二分之一, and to: 百分之三十到四十."""
    before = _DENOMINATOR.search(text, max(done, match.start() - _REACH), match.start())
    counted = _counted(text, match.end())
    if before is None or counted is None:
        return None
    end, numeral = counted
    whole, written = before["whole"], before["denominator"]
    start = before.start()
    percent = whole is None and _PER.fullmatch(written)
    denominator = _exact(written)
    factor = (Decimal(100) if percent else Decimal(1)) / denominator
    numeral = _times(numeral, factor)
    if whole is not None:
        assert numeral.value is not None, "checked by the next line"
        numeral = Numeral(_exact(whole) + numeral.value)
    by = "percent:分之" if percent else "fraction:分之"
    joint = _AND.match(text, end) if percent and numeral.value is not None else None
    other = _counted(text, joint.end()) if joint else None
    if other is not None and other[1].value is not None:
        high = _times(other[1], factor).value
        assert high is not None and numeral.value is not None, "both are exact"
        if high > numeral.value:
            end, numeral = other[0], Numeral(None, numeral.value, high, "range")
            by += "+range"
    if before["sign"]:
        numeral = numeral.scaled(Decimal(-1))
    if not percent and numeral.value is None:
        raise ValueError("a fraction has a value")
    return Amount(
        start, end, "PERCENT" if percent else "FRACTION", numeral, "%" if percent else None, by
    )


def _times(numeral: Numeral, factor: Decimal) -> Numeral:
    """The numeral times the factor, to ten decimals."""

    def rounded(number: Decimal | None) -> Decimal | None:
        if number is None:
            return None
        exact = number * factor
        return exact if exact == exact.quantize(_TENTH) else exact.quantize(_TENTH)

    return Numeral(
        rounded(numeral.value), rounded(numeral.min), rounded(numeral.max),
        numeral.modifier, numeral.cue,
    )  # fmt: skip


def _slash(text: str, match: re.Match[str], done: int) -> Amount | None:
    left = _SLASH_LEFT.search(text, max(done, match.start() - 8), match.start())
    right = _SLASH_RIGHT.match(text, match.end())
    if left is None or right is None:
        return None
    start, end = left.start(), right.end()
    top, bottom = int(left["top"]), int(right["bottom"])
    alone = not text[:start].strip() and not text[end:].strip()
    of_something = start > 0 and text[start - 1] == "的"
    part = left["whole"] or (top < bottom and (bottom <= 10 or top == 1 or of_something))
    if not alone and not (part and _SLASH_AFTER.match(text, end)):
        return None
    value = (Decimal(left["top"]) / Decimal(right["bottom"])).quantize(_TENTH)
    value += Decimal(left["whole"] or 0)
    return Amount(
        start, end, "FRACTION", Numeral(-value if left["sign"] else value), None, "fraction:分之"
    )


def _ratio(text: str, match: re.Match[str], done: int) -> Amount | None:
    """1比4, 1:4 where the text says that it is a ratio; a score is none."""
    left = _RATIO_LEFT.search(text, max(done, match.start() - 12), match.start())
    right = _RATIO_RIGHT.match(text, match.end())
    if left is None or right is None:
        return None
    start, end = left.start(), right.end()
    if not (_RATIO_AFTER.match(text, end) or _RATIO_BEFORE.search(text, max(0, start - 8), start)):
        return None
    value = _exact(left["left"]) / _exact(right["right"])
    return Amount(start, end, "FRACTION", Numeral(value.quantize(_TENTH)), None, "fraction:ratio")
