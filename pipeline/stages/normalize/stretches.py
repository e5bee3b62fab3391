"""Finds where in a text a conversion may change the length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.stages.normalize.dictionaries import Configuration

_PUNCTUATION = "\n，。、；：？！「」（）《》,;:()"


class Stretches:
    """Stretches between punctuation marks that hold a word which changes the length.

    No word of the configuration's dictionaries holds one of the marks, so that a stretch alone
    is converted as it is within its text.
    """

    def __init__(self, configuration: Configuration) -> None:
        import daachorse

        used = {c for d in configuration.dictionaries for w in d.entries if len(w) > 1 for c in w}
        self._marks = [mark for mark in _PUNCTUATION if mark not in used]
        marks = re.escape("".join(self._marks))
        self._mark = re.compile(f"[{marks}]")
        self._between = re.compile(f"[^{marks}]+")
        self._variants = {
            ord(variant): values[0]
            for dictionary in configuration.normalization
            for variant, values in dictionary.entries.items()
        }
        # Ranges that hold them all: a class of a thousand astral characters is a slow one.
        self._variant = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
        assert all(self._variant.match(chr(code)) for code in self._variants), "they lie elsewhere"
        first, *later = (
            [w for d in step for w, values in d.entries.items() if len(values[0]) != len(w)]
            for step in configuration.steps
        )
        # What a later step finds depends on the earlier ones: then any stretch may change.
        self._anywhere = any(later)
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(first) if first else None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of the stretches, in order, without overlap."""
        if self._variants and self._variant.search(text):
            # OpenCC replaces these before it looks for words, one for one.
            text = text.translate(self._variants)
        if self._anywhere:
            yield from (match.span() for match in self._between.finditer(text))
        elif self._automaton is not None:
            done = 0
            for start, end, _ in self._automaton.find_overlapping(text):
                if start >= done:
                    begin = max(done, *(text.rfind(m, done, start) + 1 for m in self._marks))
                    mark = self._mark.search(text, end)
                    done = mark.start() if mark else len(text)
                    yield begin, done
