"""Word lists of the resources as parts of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator


def alternatives(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first; put it in a group."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def first_of(words: Iterable[str]) -> str:
    """A lookahead for the first characters of the words; without it, a search tries every word at
    every position.
    """
    return f"(?=[{re.escape(''.join(sorted({word[0] for word in words})))}])"


def beginnings(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the first two characters of the words, to be the `heads` of `matches_at`."""
    return re.compile(alternatives({word[:2] for word in words}))


def matches_at(
    heads: re.Pattern[str], pattern: re.Pattern[str], text: str
) -> Iterator[re.Match[str]]:
    """The matches of a pattern as its `finditer` gives them, tried only where a head is found.

    `re` skims a text for a set of characters or plain words many times faster than it tries a
    pattern with lookarounds or optional parts at every position.

    Args:
        heads: what every match begins with: a set of characters, or plain words.
    """
    done = 0
    for head in heads.finditer(text):
        start = head.start()
        if start >= done and (match := pattern.match(text, start)) is not None:
            done = match.end()
            yield match
