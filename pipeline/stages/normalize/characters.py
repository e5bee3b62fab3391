"""Classes of characters: what each tells about its text's script, and what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

# CJK Unified Ideographs and Extension A.
_IDEOGRAPHS = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))

# Zero-width space and joiners, word joiner, byte order mark, soft hyphen.
ZERO_WIDTH = "\u200b\u200c\u2060\ufeff\u00ad"
_SPACES = "\u00a0\u3000\u2002\u2003\u2009\u202f"
_WIDE = (*range(ord("０"), ord("９") + 1), *range(ord("Ａ"), ord("Ｚ") + 1))
_WIDE += (*range(ord("ａ"), ord("ｚ") + 1), *map(ord, "％＄＋－／"))
# A full stop between full-width digits is a decimal point; alone it stays.
_FULL_STOP = "．"


class Marks(NamedTuple):
    """The characters of a text that tell its script and standard, or need work.

    Attributes:
        traditional: the first character that only traditional text uses, or "".
        simplified: how many only simplified text uses; where no character is traditional, 1 for
            any number of them.
        opencc: how many have the form of OpenCC's own standard, which machines write.
        regional: how many have a form that both Taiwan and Hong Kong write, but not `opencc`.
        taiwan, hong_kong: how many have a form that only one of them writes.
        deleted: how many are to be deleted.
        folded: those that have an ASCII form.
    """

    traditional: str
    simplified: int
    opencc: int
    regional: int
    taiwan: int
    hong_kong: int
    deleted: int
    folded: frozenset[str]


_COUNTED = Marks._fields[1:-1]


class CharacterClasses:
    """Finds characters by class.

    Args:
        rules: the characters of the classes, as in `normalize/script.toml`.
        fold_width: fold full-width digits, Latin letters and signs to ASCII, not only spaces.

    Attributes:
        traditional, simplified: patterns of one character that only such text uses.
        folding: the ASCII form of each character that has one.
    """

    def __init__(self, rules: dict[str, Any], fold_width: bool) -> None:
        self.folding = dict.fromkeys(_SPACES, " ")
        if fold_width:
            self.folding |= {chr(code): chr(code - 0xFEE0) for code in _WIDE}
            self.folding |= {"￥": "¥", _FULL_STOP: _FULL_STOP}
        members = {
            "simplified": "".join(rules["simplified"].split()),
            "deleted": ZERO_WIDTH + "\r",
            **{name: rules[name] for name in ("opencc", "regional", "taiwan", "hong_kong")},
        }
        self._class = {char: _COUNTED.index(name) for name in members for char in members[name]}
        self._class |= dict.fromkeys(self.folding, len(_COUNTED))
        self.traditional = _one_of(set(_traditional()) - set(rules["either"]))
        self.simplified = _one_of(members["simplified"])
        self._marks = _one_of(self._class)
        self._rare_marks = _one_of(self._class.keys() - set(members["simplified"]))

    def marks(self, text: str) -> Marks:
        """The characters of `text` that tell or need something."""
        counts = [0] * (len(_COUNTED) + 1)
        traditional = self.traditional.search(text)
        if traditional is not None:
            found = self._marks.findall(text)
        else:
            # Simplified text is full of characters that say so: one is enough.
            found = self._rare_marks.findall(text)
            counts[0] = int(self.simplified.search(text) is not None)
        for char in found:
            counts[self._class[char]] += 1
        folded = frozenset(self.folding.keys() & found) if counts.pop() else frozenset()
        return Marks._make((traditional[0] if traditional else "", *counts, folded))


def _one_of(characters: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(sorted(characters)))}]")


def _traditional() -> list[str]:
    """The characters that OpenCC's t2s changes: traditional ones and variants."""
    from opencc import OpenCC

    characters = [chr(code) for code in _IDEOGRAPHS]
    # One to a line: characters in a row would meet as words.
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return [a for a, b in zip(characters, converted, strict=True) if a != b]
