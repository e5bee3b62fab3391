"""Events outside the lexicon, by their last word: 世界动力电池大会, 国际人工智能论坛."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.stages.alternatives import alternatives
from pipeline.stages.entities.mentions import Mention
from pipeline.tokens import Token, Tokens

# Words that are part of a name: nouns, attributes, places, foreign words.
_PARTS = ("n", "b", "j", "s", "eng", "vn", "an")
_LONGEST = 16
_NAME = re.compile("[\u4e00-\u9fffA-Za-z]+")


class Events:
    """The rules under `events` of `entities.toml`.

    Args:
        rules: the content of `entities.toml`.
    """

    def __init__(self, rules: Mapping[str, Any]) -> None:
        words = rules["events"]
        self._end = re.compile(alternatives(words["ends"]))
        self._stops = frozenset(words["stops"])
        self._openers = frozenset(words["openers"])

    def find(self, text: str, tokens: Tokens) -> Iterator[Mention]:
        """Mentions of events: a word of `openers`, perhaps further words, and the last one."""
        for match in self._end.finditer(text):
            last = tokens.at(match.end() - 1)
            if last < 0 or tokens[last].end != match.end():
                continue
            first = self._first(tokens, last)
            if first < last:
                yield Mention(
                    tokens[first].start, match.end(), "EVENT", f"pattern:event:{match[0]}", 2, 0.7
                )

    def _first(self, tokens: Tokens, last: int) -> int:
        """The first word of the name, one of `openers`; `last` if there is none."""
        first = last
        end = tokens[last].end
        while (
            first
            and tokens[first - 1].end == tokens[first].start
            and end - tokens[first - 1].start <= _LONGEST
            and self._may_be_part(tokens[first - 1])
        ):
            first -= 1
        while first < last and tokens[first].text not in self._openers:
            first += 1
        return first

    def _may_be_part(self, token: Token) -> bool:
        return (
            token.pos.startswith(_PARTS)
            and token.text not in self._stops
            and _NAME.fullmatch(token.text) is not None
        )
