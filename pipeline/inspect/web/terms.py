"""Text as the full-text index sees it: in one script, and Chinese in pairs of characters.

SQLite's tokenizers know no Chinese words, and its trigrams find no word of two characters. Here
a run of Chinese characters becomes its overlapping pairs and its last character: 阿里云 is
阿里 里云 云.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

# Kana, Hangul and Chinese characters, which are written without spaces, stand behind the others.
_FIRST, _LAST = "\u3040", "\U0010ffff"
_RUN = re.compile(rf"[^\W_{_FIRST}-{_LAST}]+|[^\W_\0-\u303f]+")


def folded(text: str) -> str:
    """The text in simplified characters and lower case, character by character as long."""
    simple = _to_simplified()(text)
    lower = simple.lower()
    if len(lower) == len(text):
        return lower
    # Both are as long as the text but for rare characters such as İ.
    return lower if len(simple) != len(text) else "".join(map(_lower, simple))


def tokens(text: str) -> str:
    """The words and pairs of a text, with spaces between; for the index."""
    found: list[str] = []
    for run in _RUN.findall(folded(text)):
        if run[0] >= _FIRST:
            found += map(str.__add__, run, run[1:])
            found.append(run[-1])
        else:
            found.append(run)
    return " ".join(found)


def characters(text: str) -> str:
    """Each Chinese character of a text once, with spaces between; for the index."""
    return " ".join(sorted({char for char in folded(text) if char >= _FIRST and char.isalnum()}))


def terms(query: str) -> list[str]:
    """What a query asks for, each part folded; a document must hold all of them."""
    return folded(unicodedata.normalize("NFKC", query)).split()


def match(query: str) -> str:
    """The FTS5 expression of a query; empty if it has no letter or digit."""
    phrases = []
    for term in terms(query):
        runs = _RUN.findall(term)
        if not runs:
            continue
        if len(runs) == 1 and len(runs[0]) == 1 and runs[0] >= _FIRST:
            phrases.append(f'chars : "{runs[0]}"')
            continue
        words = tokens(term).split(" ")
        last = runs[-1]
        is_han = last[0] >= _FIRST
        if is_han and len(last) > 1:
            # In the text the run may go on.
            words.pop()
        begins = "" if is_han and len(last) > 1 else "*"
        phrases.append(f'text : "{" ".join(words)}"{begins}')
    return " AND ".join(phrases)


@cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def _lower(char: str) -> str:
    lower = char.lower()
    return lower if len(lower) == 1 else char
