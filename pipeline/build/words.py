"""Which names are also ordinary words, by jieba's dictionary."""

from __future__ import annotations

from collections.abc import Collection

import jieba
import jieba.posseg

# A proper name of the dictionary that is at least so frequent there is known for something else
# than a listing: 王府井 (183), but not 片仔癀 (9). Organisations (nt) are the company itself, and
# a longer proper name (中钨高新) hardly ever means something else.
_KNOWN_ELSEWHERE = 20
_ORGANISATION = frozenset({"nt"})
_PROPER = frozenset({"nz", "nr", "nrt", "nrfg", "j"})
# The word beside a head or tail character, in a name that is also a phrase: 产业 (8756) in 新产业.
_FREQUENT = 1000
_PHRASE_LENGTH = 3


class OrdinaryWords:
    """Tells names that need evidence in the text from those that do not.

    Args:
        heads: characters that make a phrase with a frequent word behind them.
        tails: characters that make a phrase with a frequent word before them.
        names: further names that are ordinary words.
    """

    def __init__(self, heads: str, tails: str, names: Collection[str]) -> None:
        jieba.initialize()
        jieba.posseg.dt.initialize()
        self._frequency: dict[str, int] = jieba.dt.FREQ
        self._tags: dict[str, str] = jieba.posseg.dt.word_tag_tab
        self.names = frozenset(names)
        self._heads, self._tails = frozenset(heads), frozenset(tails)

    def has(self, name: str) -> bool:
        """Whether a name is very short, a word of the dictionary, or a phrase."""
        if len(name) <= (3 if name.isascii() else 2) or name in self.names:
            return True
        frequency, tag = self._frequency.get(name, 0), self._tags.get(name, "")
        if frequency:
            if tag in _ORGANISATION:
                return False
            if len(name) > _PHRASE_LENGTH:
                return tag not in _PROPER and frequency >= _KNOWN_ELSEWHERE
            return tag not in _PROPER or frequency >= _KNOWN_ELSEWHERE
        return len(name) == _PHRASE_LENGTH and self._is_phrase(name)

    def is_place(self, name: str) -> bool:
        """Whether the dictionary has a name as a place."""
        return bool(self._frequency.get(name)) and self._tags.get(name) == "ns"

    def knows(self, name: str) -> bool:
        """Whether the dictionary has a word."""
        return bool(self._frequency.get(name))

    def _is_phrase(self, name: str) -> bool:
        words = list(jieba.cut(name, HMM=False))
        if len(words) != 2:
            return False
        single, word = sorted(words, key=len)
        edge = self._heads if words[0] == single else self._tails
        return single in edge and self._frequency.get(word, 0) >= _FREQUENT
