"""Whether a Chinese numeral is a number and not part of a word: 三百家, but not 三心二意."""

from __future__ import annotations

import re

from pipeline.stages.numbers.numerals import LARGE_SCALE, Numeral
from pipeline.stages.tokens import word_over
from pipeline.tokens import Tokens

# The dictionary has words such as 近百家, which are a cue and a number.
_CUES_IN_WORDS = ("近", "约", "超", "逾", "达", "满", "负")
_NUMERIC = frozenset("一二两三四五六七八九十百千万亿")
# 二百零一, 十五: a digit with its place. 百强, 千万 alone are words.
_PLACED = re.compile(
    "[一二两三四五六七八九壹贰叁肆伍陆柒捌玖] {0,2}[十百千万亿拾佰仟]"
    "|[十拾][一-九壹贰叁肆伍陆柒捌玖]|[廿卅]"
)
# 三点一四, 零点五; 两点一 may be a count of points.
_CHINESE = re.compile("[\u4e00-\u9fff]")
_DECIMAL = re.compile("(?:零点.+|.+点..+)")


def stands(
    text: str,
    start: int,
    end: int,
    numeral: Numeral,
    unit: tuple[int, bool] | None,
    tokens: Tokens,
) -> bool:
    """Whether the Chinese numeral `text[start:end]` is a number.

    Args:
        unit: where its unit ends, and whether a single Chinese digit takes that unit.
    """
    unit_end = end if unit is None else unit[0]
    word = word_over(tokens, start)
    if word is not None:
        before = text[word.start : start]
        # 二十九千 is 二十 and 九千, however it is segmented.
        if before and before not in _CUES_IN_WORDS and before[-1] not in _NUMERIC:
            return False
        if word.end > unit_end and word.pos not in ("m", "t"):
            return False
        if unit is not None and (word.start, word.end, word.pos) == (start, unit_end, "m"):
            return True
    if unit is not None:
        return unit[1] or end - start > 1 or text[start] == "十"
    written = text[start:end]
    if len(written) == 1:
        return False
    # 两亿; but 千亿 alone is rather a word (千亿俱乐部).
    scale = LARGE_SCALE.search(written)
    if scale is not None and scale.start() > 0:
        return True
    # 十四五 without a unit is a plan's name.
    if numeral.modifier == "range":
        return False
    if "点" in written and (end == len(text) or not _CHINESE.match(text, end)):
        return True
    return _PLACED.match(written) is not None or _DECIMAL.fullmatch(written) is not None
