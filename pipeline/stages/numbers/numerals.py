"""Numerals: Arabic, Chinese and mixed, with scales and embedded approximators.

`NUMERAL` finds them, `parse_numeral` computes their value. 2万5千, 3.5亿, 1亿3000万, 十几, 三百多,
400多亿, 数十亿, 两三千, 二〇二五, 3.5 billion.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.stages.alternatives import alternatives
from pipeline.stages.numbers.values import DIGITS, exact, plain_digits

_ENGLISH = {
    "thousand": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
    "w": 10**4,
    "k": 10**3,
    "K": 10**3,
    "M": 10**6,
    "B": 10**9,
}

_D = "零〇○一壹二贰两三叁四肆五伍六陆七柒八捌九玖"
_S = "十拾百佰千仟"
_L = "万亿兆萬億"
# Not the 兆 of 兆字节, nor the 千 of 5千米.
_PREFIXES = "(?![千兆](?:字节|比特|赫|瓦|帕|伏|卡|米|克(?![朗拉])|焦|安))"
_C = f"(?:[{_D}{_S}万亿萬億廿卅]|兆(?!字节|比特|赫|瓦|帕))"
# A numeral may be set with spaces (一百 五 十), a table has more of them between its columns.
SPACES = "[ ]{0,2}"
# 1,234.5; with the Chinese comma only before a decimal or a unit, as it also ends a clause.
ARABIC = (
    r"(?:(?<![$¥€£])\d{1,3}(?:[,，]\d{3})+(?!\d)(?=\.\d|\s?[万亿]?[元圆美港欧日股])(?:\.\d+)?"
    r"|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?"
    r"|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
)
_SCALE = rf"{_PREFIXES}(?:[{_S}]?[{_L}]{{1,3}}|[百千佰仟](?!分))"
# 300w张: the w of 万 only before what is counted, else it is watts.
_ENGLISH_SCALE = (
    f"(?:(?:{alternatives(_ENGLISH.keys() - {'w'})})(?![A-Za-z])|w(?=[人张元个次名条辆台家户]))"
)
_SCIENTIFIC = r"\d+(?:\.\d+)?[eE][+-]?\d{1,2}(?![\dA-Za-z.])"
# After 2万 in 2万3,000, 25万6千, 25万6, 1千零20, 100万三千.
_LOWER_PART = (
    rf"(?:{SPACES}零?{ARABIC}(?:{_SCALE}|[ ]{{1,2}}{_SCALE}(?![\u4e00-\u9fff]))){{0,3}}"
    r"(?:\d{1,3},\d{3}(?![\d,])|\d{4}(?![\d.年%])|\d{3}(?![\d.,%万亿年])"
    rf"|零\d{{1,4}}万|[0零]\d{{1,4}}(?![\d.,%万亿年月])|\d(?![\d.,%万亿年月日])"
    rf"|零?[{_D}][{_S}万](?:{_C}){{0,15}}\d{{0,3}})?"
)
# 两万点一 is rather an index with a word after it.
_POINT = rf"(?:(?<![百千万亿])点|点(?=[{_D}\d]{{2}}|[{_D}\d](?![\u4e00-\u9fff])))"
_LATIN_IN_NUMERAL = "".join(sorted({*"eE", *"".join(_ENGLISH)}))
# What no character of a numeral is.
NOT_IN_NUMERAL = re.compile(rf"[^\d.,，数几多余点{_D}{_S}{_L}廿卅 +\-{_LATIN_IN_NUMERAL}]")
_HEAD = rf"[\d.数几{_D}{_S}{_L}廿卅]"
# The first character of a numeral; where it is nothing but digits, with a point or without, as most
# are, the whole numeral, and the group `plain` says so.
NUMERAL_HEAD = re.compile(
    rf"{_HEAD}(?:(?<=\d)\d*(?:\.\d+)?"
    rf"(?![.,，]?\d|[ ]{{0,4}}[多余几{_S}{_L}{_LATIN_IN_NUMERAL}])(?P<plain>))?"
)
NUMERAL = re.compile(
    rf"(?={_HEAD})(?:"
    rf"{_SCIENTIFIC}"
    rf"|{ARABIC}(?:[ ]?{_ENGLISH_SCALE}"
    rf"|{SPACES}[多余几]?{SPACES}{_SCALE}{_LOWER_PART}[多余]?|[多余几])?"
    rf"|[数几][{_S}{_L}]{{0,4}}"
    # Lengths are bounded, so that a long row of 一 is not read as one number.
    rf"|{_C}(?:{SPACES}{_C}){{0,39}}(?:{SPACES}{_POINT}{SPACES}[{_D}\d](?:{SPACES}[{_D}\d]){{0,15}}(?:{SPACES}[{_L}]){{0,2}})?"
    rf"(?:{SPACES}[多余几](?:{SPACES}[{_L}]){{0,2}})?)"
)
LARGE_SCALE = re.compile(f"(?P<scale>[十百千]?[{_L}]+)$")
# 两到三百: the scale of a round number is said once, too.
_HUNDREDS = re.compile("[1-9一二两三四五六七八九](?P<scale>[百千佰仟])")
_ENGLISH_END = re.compile(f"(?:{alternatives(_ENGLISH)})$")
# A Chinese numeral without approximators, to be read as part of a longer form.
CHINESE = rf"(?:{_C}(?:{SPACES}{_C}){{0,23}})"
# At most this much of a row of Chinese digits is one numeral: thousands, hundreds, tens and ones
# before each scale, or digits alone. Neighbours count (三四十).
_ONES = rf"(?:{SPACES}[{_D}]){{0,2}}"
_GROUP = (
    "".join(rf"(?:{_ONES}{SPACES}[{place}])?" for place in ("千仟", "百佰", "十拾廿卅")) + _ONES
)
_SHAPE = re.compile(
    rf"(?=[{_D}{_S}{_L}廿卅])(?:[{_D}]{{3,}}|(?:{_GROUP}(?:{SPACES}[{_L}]){{1,3}}){{0,3}}{_GROUP})"
)
_APPROXIMATOR = re.compile("[多余几数]")
_SCIENTIFIC_ONLY = re.compile(_SCIENTIFIC)
_LATIN = re.compile("[A-Za-z]")
_PLAIN_ARABIC = re.compile(r"[0-9,]*\.?[0-9]+")
_ONE = Decimal(1)
_PLACES = frozenset(_S + _L)
_ASCII_DIGITS = frozenset("0123456789")
_ASCII_NUMBER = _ASCII_DIGITS | {".", ","}
# What makes a spaced row of characters one numeral: 一百 五, but not 一 二.
_PLACE = re.compile(f"[{_S}{_L}廿卅点.]")


class Numeral(NamedTuple):
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
        value, low, high, modifier, cue = self
        if factor < 0:
            low, high = high, low
        return Numeral(
            None if value is None else value * factor,
            None if low is None else low * factor,
            None if high is None else high * factor,
            modifier,
            cue,
        )


@lru_cache(maxsize=4096)
def parse_numeral(text: str) -> Numeral:
    """The value of one numeral, as matched by `NUMERAL`.

    Raises:
        ValueError: if the text is no numeral.
    """
    if _PLAIN_ARABIC.fullmatch(text):
        return Numeral(Decimal(text.replace(",", "")))
    if " " in text and not _PLACE.search(text) and not _LATIN.search(text):
        raise ValueError(f"{text!r} is a row of numerals")
    plain = plain_digits(re.sub("[ ,，]", "", text))
    if _SCIENTIFIC_ONLY.fullmatch(plain):
        return Numeral(Decimal(plain))
    for word, factor in _ENGLISH.items():
        if plain.endswith(word):
            return Numeral(Decimal(plain[: -len(word)]) * factor)
    approximator = _APPROXIMATOR.search(plain)
    if approximator is None:
        span = _neighbours(plain) if "点" not in plain else None
        if span is not None:
            return Numeral(None, *span, "range", text)
        return Numeral(exact(plain))
    before, after = plain[: approximator.start()], plain[approximator.end() :]
    cue = approximator[0]
    scale = exact(after) if after else Decimal(1)
    if not before:
        return Numeral(None, 2 * scale, 10 * scale, "several", cue)
    # 一百零几万: the 零 stands for the places that are not said.
    value = exact(before.rstrip("零"))
    low, high = value * scale, _next_round(value) * scale
    if cue in "几数":
        return Numeral(None, low, high, "several", cue)
    return Numeral(low, low, high, "over", cue)


def longest_numeral(
    text: str, start: int, end: int, unit_at: Callable[[int], bool]
) -> tuple[int, Numeral] | None:
    """The longest beginning of `text[start:end]` that is a numeral, with its end; None if none is.

    八百一千 is 八百 and 一千; 十千米 is 十 before its unit.

    Args:
        unit_at: whether a unit of measure begins at a position.
    """
    try:
        return end, parse_numeral(text[start:end])
    except ValueError:
        pass
    shape = _SHAPE.match(text, start, end)
    for stop in range(shape.end() if shape else end - 1, start, -1):
        last, cut = text[stop - 1], text[stop : stop + 1]
        if last == " " or (last in _ASCII_DIGITS and cut in _ASCII_NUMBER):
            continue
        if cut in _PLACES and last not in _PLACES and not unit_at(stop):
            continue
        try:
            return stop, parse_numeral(text[start:stop])
        except ValueError:
            continue
    return None


@lru_cache(maxsize=4096)
def shared_scale(numeral: str) -> Decimal:
    """The scale that a numeral ends in and may share with one before it: 亿 of 5亿; else 1."""
    if numeral[-1] in _ASCII_DIGITS:
        return _ONE
    english = _ENGLISH_END.search(numeral)
    if english is not None:
        return Decimal(_ENGLISH[english[0]])
    match = LARGE_SCALE.search(numeral) or _HUNDREDS.fullmatch(numeral)
    if match is None or match.start("scale") == 0:
        return _ONE
    return parse_numeral("一" + match["scale"]).value or _ONE


def and_more(numeral: Numeral) -> Numeral:
    """The numeral with a 多 after its unit: 三倍多 is 3 to 4."""
    value = numeral.value
    if value is None:
        return numeral
    return Numeral(value, value, _next_round(value), "over", "多")


def _neighbours(text: str) -> tuple[Decimal, Decimal] | None:
    """Neighbouring digits said together: 两三千 is 2000 to 3000, 十七八 17 to 18, 三五 3 to 5."""
    for at in range(len(text) - 1):
        low, high = DIGITS.get(text[at]), DIGITS.get(text[at + 1])
        if low is None or high is None or not low:
            continue
        if high != low + 1 and text[at : at + 2] != "三五":
            continue
        head, tail = text[:at], text[at + 2 :]
        if any(char in DIGITS for char in tail[:1]) or (head and head[-1] in DIGITS):
            return None
        try:
            return exact(head + text[at] + tail), exact(head + text[at + 1] + tail)
        except ValueError:
            return None
    return None


def _next_round(value: Decimal) -> Decimal:
    """The next number that is as round: 400 -> 500, 1.2 -> 1.3, 十 -> 20."""
    _, digits, exponent = value.normalize().as_tuple()
    assert isinstance(exponent, int), "a numeral is finite"
    return value + Decimal(1).scaleb(exponent) if digits != (0,) else Decimal(1)
