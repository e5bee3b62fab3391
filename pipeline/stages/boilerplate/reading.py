"""What a line says by itself: inline boilerplate, and the evidence of what it holds beside that.

That depends on nothing but the line's text and its places on the page, and short lines come back
from page to page: what was read once is kept, in bounded memory.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.stages.boilerplate.evidence import Evidence, Verdict, add_up
from pipeline.stages.boilerplate.rules import Rules

_LONGEST, _MOST = 80, 1 << 15
# A line longer than this is looked at sentence by sentence.
_PARAGRAPH = 120
_SENTENCE = re.compile(r"[^。！？!?]+(?:[。！？!?]+[”」』）)】]*|$)")


class Inside(NamedTuple):
    """Inline boilerplate; offsets count from the beginning of the line's text."""

    start: int
    end: int
    label: str
    by: str


class Reading(NamedTuple):
    """What a line says.

    Attributes:
        inside: inline boilerplate, in order.
        evidence: for the line as a whole, in the order of the rules.
        verdict: what the evidence adds up to.
        part: first and last character of the sentences that the verdict is about, where a long
            line says something else before them; None for the whole line.
        enough: whether the verdict alone makes the line, or the part, boilerplate.
    """

    inside: tuple[Inside, ...]
    evidence: tuple[Evidence, ...]
    verdict: Verdict | None
    part: tuple[int, int] | None
    enough: bool


class Reader:
    """Reads lines by the rules."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._lines = len(rules.rules)
        self._inline_from = self._lines + len(rules.blocks)
        self._outside = rules.context.get("outside", 0.0)
        self._known: dict[tuple[str, int, tuple[str, str] | None], Reading] = {}

    def read(
        self,
        text: str,
        places: int,
        numbers: Sequence[int],
        outside: tuple[str, str] | None = None,
    ) -> Reading:
        """What a line says.

        Args:
            text: of the line, without white space around it.
            places: see `Line.places`.
            numbers: of the rules that may match it, in order.
            outside: the label of the page's section, and a name for that evidence, where the line
                stands outside the article.
        """
        key = (text, places, outside)
        reading = self._known.get(key)
        if reading is None:
            reading = self._read(text, places, numbers, outside)
            if len(text) <= _LONGEST:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[key] = reading
        return reading

    def _read(
        self, text: str, places: int, numbers: Sequence[int], outside: tuple[str, str] | None
    ) -> Reading:
        inside: tuple[Inside, ...] = ()
        rest = text
        if numbers and numbers[-1] >= self._inline_from:
            inside = self._within(text, numbers)
            rest = _without(text, inside)
        rules = self._rules.rules
        evidence = [
            Evidence(rules[n].label, rules[n].name, rules[n].weight)
            for n in numbers
            if n < self._lines and rules[n].matches(rest, places)
        ]
        if evidence:
            labels = {e.label for e in evidence}
            evidence += [
                Evidence(rule.label, rule.name, rule.weight)
                for rule in self._rules.against
                if rule.label in labels and rule.matches(rest, places)
            ]
        if outside is not None:
            evidence.append(Evidence(*outside, self._outside))
        verdict = add_up(evidence)
        part = None
        if (
            outside is None
            and not inside
            and len(text) > _PARAGRAPH
            and verdict is not None
            and verdict.label != "navigation"
            and verdict.reaches(self._rules.threshold)
        ):
            part = self._last_sentences(text, places, numbers, verdict.label)
            if part == (0, 0):
                verdict, part = None, None
        enough = (
            verdict is not None
            and verdict.reaches(self._rules.threshold)
            and sum(i.end - i.start for i in inside) < len(text)
        )
        return Reading(inside, tuple(evidence), verdict, part, enough)

    def _last_sentences(
        self, text: str, places: int, numbers: Sequence[int], label: str
    ) -> tuple[int, int] | None:
        """Which sentences of a long line the evidence for a label comes from.

        None is the whole line: where the first sentence is enough (免责声明：…), or most of them
        speak for the label. Else it is the row of sentences that ends the line, if that is enough;
        (0, 0) if it is not.
        """
        sentences = [m.span() for m in _SENTENCE.finditer(text)]
        if len(sentences) < 2:
            return None
        readings = [
            self._read(text[start:end].strip(), places, numbers, None) for start, end in sentences
        ]
        speak = [any(e.label == label for e in r.evidence) for r in readings]
        first = readings[0].verdict
        said = sum(end - start for (start, end), s in zip(sentences, speak, strict=True) if s)
        if (
            first is not None and first.label == label and first.reaches(self._rules.threshold)
        ) or said * 2 >= len(text):
            return None
        at = len(sentences)
        while at > 0 and speak[at - 1]:
            at -= 1
        last = add_up([e for r in readings[at:] for e in r.evidence if e.label == label])
        if last is None or not last.reaches(self._rules.threshold):
            return (0, 0)
        start = sentences[at][0]
        return (start + len(text[start:]) - len(text[start:].lstrip()), len(text))

    def _within(self, text: str, numbers: Sequence[int]) -> tuple[Inside, ...]:
        matches: list[tuple[int, int, str, str]] = []
        for number in numbers:
            if number >= self._inline_from:
                rule = self._rules.inline[number - self._inline_from]
                for m in rule.pattern.finditer(text):
                    lead = len(m.group()) - len(m.group().lstrip())
                    matches.append((m.start() + lead, m.end(), rule.name, rule.label))
        taken = 0
        found: list[Inside] = []
        for start, end, name, label in sorted(matches):
            if start >= taken and start < end:
                taken = end
                found.append(Inside(start, end, label, f"inline:{name}"))
        return tuple(found)


def _without(text: str, inside: Sequence[Inside]) -> str:
    """The text without its inline boilerplate; 【】 stands for a button at its end."""
    if not inside:
        return text
    pieces, done = [], 0
    for part in inside:
        pieces.append(text[done : part.start])
        done = part.end
    rest = "".join(pieces)
    button = inside[-1].label == "widget" and done == len(text)
    return f"{rest}【】" if button and rest else rest + text[done:]
