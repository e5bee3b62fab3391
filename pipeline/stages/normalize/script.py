"""Which script each line of a text is written in, and which conversion it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, islice
from typing import Any, NamedTuple

from pipeline.stages.normalize.characters import CharacterClasses, Marks
from pipeline.stages.normalize.words import FoundWords, Words

NO_CONVERSION = "none"
_UNCONVERTED = ("simplified", "none")
_MACHINE = "t2s"
_NO_WORDS = FoundWords([], 0, 0)


class Passage(NamedTuple):
    """Lines in a row of one script.

    Attributes:
        start, end: span of the text.
        script: traditional, simplified, mixed or none (no character tells).
        conversion: the OpenCC configuration that it needs, or "none".
        by: the evidence.
    """

    start: int
    end: int
    script: str
    conversion: str
    by: str


class ScriptDetector:
    """Judges a text as a whole, then each line where the text is not all of one kind.

    Args:
        rules: `normalize/script.toml`.
        conversion: the OpenCC configuration of all passages; "auto" for what each needs.
    """

    def __init__(
        self, classes: CharacterClasses, words: Words, rules: dict[str, Any], conversion: str
    ) -> None:
        self._forced = None if conversion == "auto" else conversion
        self._classes = classes
        self._words = words
        self._clear_share: float = rules["clear_share"]
        self._minimum: int = rules["minimum"]

    def detect(self, text: str, marks: Marks) -> tuple[Passage, list[Passage], FoundWords]:
        """The verdict on the text as a whole, its passages, and the words found in it.

        Words are looked for only where something may have to be converted.

        Args:
            marks: the characters of `text` that tell.
        """
        script, evidence, mixes_scripts = self._script(text, marks)
        unconverted = script in _UNCONVERTED and self._forced is None
        words = _NO_WORDS if unconverted else self._words.find(text)
        conversion, more = _conversion(script, marks, words)
        whole = Passage(0, len(text), script, conversion, evidence + more)
        mixes_standards = conversion != NO_CONVERSION and marks.opencc and marks.regional
        passages = [whole]
        if mixes_scripts or mixes_standards:
            passages = list(_joined(self._lines(text, whole)))
        if self._forced is not None:
            whole = whole._replace(conversion=self._forced)
            passages = [passage._replace(conversion=self._forced) for passage in passages]
        return whole, passages, words

    def _script(self, text: str, marks: Marks) -> tuple[str, str, bool]:
        """Script and evidence of a text, and whether it may have lines of both scripts."""
        if not marks.traditional:
            if not marks.simplified:
                return "none", "no character of either script", False
            return "simplified", "simplified characters, no traditional one", False
        if not marks.simplified:
            return "traditional", "traditional characters, no simplified one", False
        traditional, simplified = self._count_enough(text, marks.simplified)
        script = self._verdict(traditional, simplified)
        mixes = script == "mixed" or self._has_line_of(
            self._classes.simplified if script == "traditional" else self._classes.traditional, text
        )
        at_least = "at least " if script == "traditional" else ""
        return script, at_least + _evidence(traditional, simplified), mixes

    def _count_enough(self, text: str, simplified: int) -> tuple[int, int]:
        """Number of traditional and simplified characters; of the former no more than decide."""
        decisive = int(self._clear_share / (1 - self._clear_share) * simplified) + 1
        found = islice(self._classes.traditional.finditer(text), decisive)
        return sum(1 for _ in found), simplified

    def _has_line_of(self, pattern: re.Pattern[str], text: str) -> bool:
        """Whether a line has so many characters of the pattern that it may depart."""
        positions = [match.start() for match in pattern.finditer(text)]
        pairs = zip(positions, positions[self._minimum - 1 :], strict=False)
        return any("\n" not in text[first:last] for first, last in pairs)

    def _count(self, text: str) -> tuple[int, int]:
        """Number of traditional and of simplified characters."""
        classes = self._classes
        return len(classes.traditional.findall(text)), len(classes.simplified.findall(text))

    def _verdict(self, traditional: int, simplified: int) -> str:
        known = traditional + simplified
        if known == 0:
            return "none"
        if traditional >= self._clear_share * known:
            return "traditional"
        if simplified >= self._clear_share * known:
            return "simplified"
        return "mixed"

    def _lines(self, text: str, whole: Passage) -> Iterator[tuple[Passage, int, int, Marks]]:
        """Each line with its script and conversion, and what tells them."""
        start, script = 0, whole.script
        for line in _split(text):
            traditional, simplified = self._count(line)
            marks = self._classes.marks(line)
            script = self._line_script(traditional, simplified, whole.script, script)
            conversion = _line_conversion(marks, script, whole.conversion)
            passage = Passage(start, start + len(line), script, conversion, "")
            yield passage, traditional, simplified, marks
            start += len(line)

    def _line_script(self, traditional: int, simplified: int, whole: str, before: str) -> str:
        """A line follows the text, or in a mixed text the line before, unless it is clear."""
        own = self._verdict(traditional, simplified)
        if whole == "mixed":
            return before if own == "none" else own
        if traditional + simplified < self._minimum or own in ("none", "mixed"):
            return whole
        return own


def _split(text: str) -> list[str]:
    """The lines of `text` with their line feeds; nothing else ends a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _conversion(script: str, marks: Marks, words: FoundWords) -> tuple[str, str]:
    """The conversion of a text as a whole, and why."""
    if script in _UNCONVERTED:
        return NO_CONVERSION, ""
    forms = _forms(marks.opencc, marks.regional, marks.taiwan, marks.hong_kong)
    if marks.opencc > marks.regional:
        return _MACHINE, forms
    evidence = f"{forms}; words of Taiwan {words.taiwan}, of Hong Kong {words.hong_kong}"
    if marks.hong_kong + words.hong_kong > marks.taiwan + words.taiwan:
        return "hk2s", evidence
    return "tw2s", evidence


def _line_conversion(marks: Marks, script: str, whole: str) -> str:
    if script == "simplified":
        return NO_CONVERSION
    if marks.opencc > marks.regional:
        return _MACHINE
    if whole == NO_CONVERSION or (whole == _MACHINE and marks.regional > marks.opencc):
        return "hk2s" if marks.hong_kong > marks.taiwan else "tw2s"
    return whole


def _joined(lines: Iterator[tuple[Passage, int, int, Marks]]) -> Iterator[Passage]:
    """Lines in a row of one script and conversion as one passage, with the sum of the evidence."""
    for (_, conversion), group in groupby(lines, lambda line: line[0][2:4]):
        passages, traditional, simplified, marks = zip(*group, strict=True)
        by = _evidence(sum(traditional), sum(simplified))
        if conversion != NO_CONVERSION:
            forms = ((m.opencc, m.regional, m.taiwan, m.hong_kong) for m in marks)
            by += _forms(*map(sum, zip(*forms, strict=True)))
        yield passages[0]._replace(end=passages[-1].end, by=by)


def _evidence(traditional: int, simplified: int) -> str:
    return f"{traditional} traditional, {simplified} simplified characters"


def _forms(opencc: int, regional: int, taiwan: int, hong_kong: int) -> str:
    return (
        f"; forms of s2t {opencc}, of s2tw and s2hk {regional}, "
        f"of Taiwan {taiwan}, of Hong Kong {hong_kong}"
    )
