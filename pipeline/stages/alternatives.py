"""Word lists of the resources as parts of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable


def alternatives(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first; put it in a group."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
