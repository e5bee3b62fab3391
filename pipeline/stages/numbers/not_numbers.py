"""Stretches whose digits are no numbers: addresses, versions, telephone numbers, list markers."""

from __future__ import annotations

import re
from collections.abc import Iterator

_URL = re.compile(r"(?:https?://|www\.)[\x21-\x7e]+")
_MAIL = re.compile(r"(?<![A-Za-z0-9.+_-])[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9.-]{3,64}")
_DIGITS = re.compile(
    # Telephone numbers.
    r"(?<![\d.-])(?=\d)(?:\d{3,4}-\d{7,8}(?!\d)|400-\d{3,4}-\d{3,4}(?!\d)"
    # Versions, but not days: 2025.03.07.
    r"|(?!(?:19|20)\d\d\.[01]?\d\.[0-3]?\d(?![.\d]))\d+(?:\.\d+){2,})"
)
# The head of a table: 单位：亿元.
_TABLE_HEAD = re.compile(r"单位\s?[:：]\s?(?:人民币|港币|新台币|美元)?[百千万亿]{1,2}[元股人家]?")
_LIST_MARKER = re.compile(
    r"^[ \t]*(?:\d{1,2}[.．、](?!\d)|[(（]\d{1,2}[)）]|0\d(?![\d.%年月日:：/-])"
    r"|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）])",
    re.MULTILINE,
)


def not_numbers(text: str) -> Iterator[tuple[int, int]]:
    """The spans in which no number is looked for."""
    # What most articles do not have is looked for only where its mark is.
    patterns = [_DIGITS, _LIST_MARKER]
    patterns += [_URL] if "://" in text or "www." in text else []
    patterns += [_MAIL] if "@" in text else []
    patterns += [_TABLE_HEAD] if "单位" in text else []
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.span()
