"""Which characters could have become something else, and what decided."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.stages.normalize.dictionaries import Configuration, Dictionary
from pipeline.stages.normalize.matching import Match, Step, convert

_BMP = "\uffff"


@dataclass(frozen=True, slots=True)
class Choice:
    """A character with several simplifications, and the one that it got.

    Attributes:
        start, end: span of `text`, the normalised text.
        text: what the character became.
        source_start, source_end, source_text: the character in the source.
        candidates: what it can become; first what it becomes where no word decides.
        by: what decided: `phrase:DICTIONARY WORD` for a word around it, `table:NAME WORD` for a
            row of a conversion table, `default:DICTIONARY` for the character alone.
    """

    start: int
    end: int
    text: str
    source_start: int
    source_end: int
    source_text: str
    candidates: list[str]
    by: str


class Explainer:
    """Lists the choices that a configuration makes in a text."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._outcomes = [_outcomes(step) for step in configuration.steps]

    def candidates(self, char: str) -> list[str]:
        """What `char` can become, the default first; only itself if nothing converts it."""
        found = [char]
        for outcomes in self._outcomes:
            found = [new for old in found for new in outcomes.get(old, [old])]
        return list(dict.fromkeys(found))

    def choices(self, text: str) -> Iterator[tuple[int, list[str], str]]:
        """Characters of `text` with several candidates: position, candidates, what decided."""
        conversion = convert(self._configuration, text)
        starts = [[match.start for match in step.matches] for step in conversion.steps]
        for position, char in enumerate(text):
            candidates = self.candidates(char)
            if len(candidates) < 2:
                continue
            place, by, phrases, exchanged = position, "default", [], False
            for step, step_starts in zip(conversion.steps, starts, strict=True):
                match = _at(step, step_starts, place)
                if match is not None:
                    word = step.text[match.start : match.end]
                    exchanged = exchanged or len(match.value) != len(word)
                    if len(word) > 1:
                        phrases.append(f"phrase:{match.dictionary.name} {word}")
                    else:
                        by = f"default:{match.dictionary.name}"
                place = step.alignment.point_to_text(place)
            # Where a word was exchanged for another one, its characters had no choice.
            if not exchanged and conversion.text[place] in candidates:
                yield position, candidates, "; ".join(phrases) or by


def _outcomes(dictionaries: tuple[Dictionary, ...]) -> dict[str, list[str]]:
    """For one step, what a character becomes alone, then in words; rare ideographs left out."""
    alone: dict[str, list[str]] = {}
    for dictionary in dictionaries:
        for word, values in dictionary.entries.items():
            if len(word) == 1 and word not in alone:
                alone[word] = [value for value in values if value <= _BMP] or values[:1]
    found = {char: list(values) for char, values in alone.items()}
    for dictionary in dictionaries:
        for word, values in dictionary.entries.items():
            if len(word) == len(values[0]) > 1:
                for old, new in zip(word, values[0], strict=True):
                    if old in alone and new not in found[old]:
                        found[old].append(new)
    return found


def _at(step: Step, starts: list[int], place: int) -> Match | None:
    """The word of the step that covers a place."""
    index = bisect_right(starts, place) - 1
    if index < 0 or step.matches[index].end <= place:
        return None
    return step.matches[index]
