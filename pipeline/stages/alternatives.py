"""Word lists of the resources as parts of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator


def alternatives(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first; put it in a group."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def beginnings(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the first character of the words, to be the `heads` of `matches_at`.

    It looks ahead to the second one.
    """
    seconds: dict[str, set[str]] = {}
    for word in words:
        seconds.setdefault(word[0], set()).add(word[1:2])
    return re.compile(
        "|".join(
            # A word of one character begins before anything.
            re.escape(first)
            + ("" if "" in second else f"(?=[{re.escape(''.join(sorted(second)))}])")
            for first, second in sorted(seconds.items())
        )
    )


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
