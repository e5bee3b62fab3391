"""Stretches whose digits are no numbers: addresses, versions, telephone numbers, list markers."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Each begins with plain letters: `re` skims a text for them faster than for a set of characters.
_URLS = (re.compile(r"https?://[\x21-\x7e]+"), re.compile(r"www\.[\x21-\x7e]+"))
_MAIL = re.compile(r"[A-Za-z0-9.+_-](?<![A-Za-z0-9.+_-].)[A-Za-z0-9.+_-]{0,63}@[A-Za-z0-9.-]{3,64}")
# Every one of these holds one of those marks.
_DIGIT_MARK = re.compile(r"-\d{3,4}-\d|-\d{7}|\.\d+\.\d")
# The first digit comes before all conditions: `re` skims a text for it.
_DIGITS = re.compile(
    # Telephone numbers.
    r"\d(?<![\d.-]\d)(?:\d{2,3}-\d{7,8}(?!\d)|(?<=4)00-\d{3,4}-\d{3,4}(?!\d)"
    # Versions, but not days: 2025.03.07.
    r"|(?!(?:(?<=1)9|(?<=2)0)\d\d\.[01]?\d\.[0-3]?\d(?![.\d]))\d*(?:\.\d+){2,})"
)
# The head of a table: 单位：亿元.
_TABLE_HEAD = re.compile(r"单位\s?[:：]\s?(?:人民币|港币|新台币|美元)?[百千万亿]{1,2}[元股人家]?")
_LIST_MARKER = re.compile(
    r"[ \t]*(?:\d{1,2}[.．、](?!\d)|[(（]\d{1,2}[)）]|0\d(?![\d.%年月日:：/-])"
    r"|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）])"
)
_NEXT_LIST_MARKER = re.compile(rf"\n({_LIST_MARKER.pattern})")


def not_numbers(text: str) -> Iterator[tuple[int, int]]:
    """The spans in which no number is looked for."""
    first = _LIST_MARKER.match(text)
    if first is not None:
        yield first.span()
    for marker in _NEXT_LIST_MARKER.finditer(text):
        yield marker.span(1)
    # What most articles do not have is looked for only where its mark is.
    patterns = [_DIGITS] if _DIGIT_MARK.search(text) else []
    patterns += _URLS if "://" in text or "www." in text else []
    patterns += [_MAIL] if "@" in text else []
    patterns += [_TABLE_HEAD] if "单位" in text else []
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.span()
