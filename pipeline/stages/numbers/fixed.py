"""Numbers of a fixed form: 翻一番, 第三, 一半, 两年半, 连续五日."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from pipeline.stages.alternatives import matches_at
from pipeline.stages.numbers.amount import Amount, Spans, duration
from pipeline.stages.numbers.numerals import Numeral, and_more, parse_numeral

# Lengths are bounded, so that a long row of digits is not read from each of its places again.
_CN = "[零〇一二三四五六七八九十百千万亿两几]"
_MORE = "多(?!元|样|次|数)"

_FORMS = {
    "discount": "(?:对|(?<!一)半)折(?![叠扣])",
    "tenth": "半成(?![品熟本])",
    "double": r"翻了?(?P<times>[一两二三四五六]|\d)番",
    "ordinal": r"第(?P<rank>[一二三四五六七八九十百千零两〇]{1,10}|\d{1,8})",
    "half": r"一半|半数",
    "half_measure": "(?<![一大多前后上下过对折])半"
    "(?P<measure>公?斤|公?吨|公里|英里|磅|亩|公?升|克拉)",
    "days": rf"(?:两|(?<=连续)(?:{_CN}|\d){{1,4}}|(?<=[连近])(?:{_CN}|\d{{1,2}}))日(?![元圆本])",
    "and_half": rf"(?P<whole>{_CN}{{1,16}}|\d{{1,16}})个半(?P<half_of>小时|钟头|月)",
    "years_and_half": rf"(?P<years>(?:[一两二三四五六七八九十]|\d{{1,2}}))年半(?:{_MORE})?"
    r"(?![导场径夜决])",
    "half_length": r"(?<![上下前后大小多年])半(?P<length>年|个?月|个?小时|个?钟头|天)"
    rf"(?P<more>{_MORE})?(?![报度谈刊板])",
}
_FIND = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()))
# What the forms begin with; the last of them, numerals, only where one of their forms may follow.
_HEADS = re.compile("[翻第一半对两]")
_NUMERALS_TOO = re.compile(
    r"[翻第一半对两零〇二三四五六七八九十百千万亿几\d]"
    rf"(?:(?<=[翻第一半对两])|(?=(?:{_CN}|\d){{0,15}}(?:[个年]半|日)))"
)
# Each begins with one character: `re` skims a text for it faster than for a set.
_DAYS_IN_A_ROW = [re.compile(rf"{before}(?:{_CN}|\d){{1,4}}日") for before in ("连续?", "近")]
_HALVES = {
    "年": "P6M",
    "个月": "P15D",
    "月": "P15D",
    "小时": "PT30M",
    "个小时": "PT30M",
    "钟头": "PT30M",
    "个钟头": "PT30M",
    "天": "PT12H",
}


def find_fixed(text: str, taken: Spans) -> Iterator[Amount]:
    """All numbers of a fixed form outside the taken spans, in order."""
    numerals = "个半" in text or "年半" in text or any(d.search(text) for d in _DAYS_IN_A_ROW)
    for match in matches_at(_NUMERALS_TOO if numerals else _HEADS, _FIND, text):
        if taken.overlap(*match.span()):
            continue
        name = next(name for name in _FORMS if match[name] is not None)
        try:
            yield _READERS[name](match)
        except ValueError:
            # 百分之十二九 has the form of a number and no value.
            continue


def _exact(text: str) -> Decimal:
    value = parse_numeral(text).value
    if value is None:
        raise ValueError(f"{text!r} has no exact value")
    return value


def _discount(match: re.Match[str]) -> Amount:
    """对折, half the price."""
    return Amount(*match.span(), "PERCENT", Numeral(Decimal(50)), "%", "percent:折")


def _tenth(match: re.Match[str]) -> Amount:
    """半成, half of a tenth."""
    return Amount(*match.span(), "PERCENT", Numeral(Decimal(5)), "%", "percent:成")


def _double(match: re.Match[str]) -> Amount:
    return Amount(
        *match.span(), "MULTIPLE", Numeral(2 ** _exact(match["times"])), "x", "multiple:番"
    )


def _ordinal(match: re.Match[str]) -> Amount:
    rank = Numeral(_exact(match["rank"]))
    return Amount(*match.span(), "ORDINAL", rank, None, "ordinal:第")


def _half(match: re.Match[str]) -> Amount:
    return Amount(*match.span(), "FRACTION", Numeral(Decimal("0.5")), None, "fraction:half")


def _half_measure(match: re.Match[str]) -> Amount:
    """半斤."""
    half = Numeral(Decimal("0.5"))
    return Amount(*match.span(), "QUANTITY", half, match["measure"], "quantity:half")


def _days(match: re.Match[str]) -> Amount:
    return duration(*match.span(), parse_numeral(match["days"][:-1]), "D", "日")


def _and_half(match: re.Match[str]) -> Amount:
    """3个半小时 is PT210M, 一个半月 P1.5M."""
    whole = _exact(match["whole"]) + Decimal("0.5")
    if match["half_of"] == "月":
        return duration(*match.span(), Numeral(whole), "M", "个半月")
    return duration(*match.span(), Numeral(60 * whole), "TM", "个半小时")


def _years_and_half(match: re.Match[str]) -> Amount:
    """两年半 is P30M."""
    months = Numeral(12 * _exact(match["years"]) + 6)
    if match["years_and_half"].endswith("多"):
        months = and_more(months)
    return duration(*match.span(), months, "M", "年半")


def _half_length(match: re.Match[str]) -> Amount:
    more = Numeral(None, None, None, "over", "多") if match["more"] else Numeral(None)
    return Amount(*match.span(), "DURATION", more, None, "duration:half", _HALVES[match["length"]])


_READERS: dict[str, Callable[[re.Match[str]], Amount]] = {
    "discount": _discount,
    "tenth": _tenth,
    "double": _double,
    "ordinal": _ordinal,
    "half": _half,
    "half_measure": _half_measure,
    "days": _days,
    "and_half": _and_half,
    "years_and_half": _years_and_half,
    "half_length": _half_length,
}
