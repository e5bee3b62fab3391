"""Word lists of the resources as parts of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable


def alternatives(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first; put it in a group."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def first_of(words: Iterable[str]) -> str:
    """A lookahead for the first characters of the words; without it, a search tries every word at
    every position.
    """
    return f"(?=[{re.escape(''.join(sorted({word[0] for word in words})))}])"
