"""Whether a figure is a change or a level: 同比增长 5% is up year on year, 增至 5% a level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pipeline.document import Change, Number
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives, beginnings

_LABELS = ("MONEY", "PERCENT", "PERCENTAGE_POINT", "MULTIPLE", "FRACTION", "QUANTITY", "CARDINAL")
# A basis reaches its word over these: 同比大幅增长. A comma ends it, a figure too.
_WITHIN = r"[^，。；：,;:\n\d、]{0,5}?"
# How far before a figure its cue begins, and whatever that could be a part of.
_CUE_REACH = 48
_BREAKS = frozenset("，。；：,;:\n0123456789")
_AND = "(?:和|及|与|、|以及|跟)"
_APPOSITION = re.compile(r"\s?(?:或|即|[，,]?相当于)\s?")
# What either may begin with, beside a space.
_LINKS = frozenset("和及与、以跟或即，,相")
# A point is nearly always a change: what is moved may stand between (下调存款准备金率 0.5个百分点).
_MOVED = r"[^，。；：,;:\n\d至到由从为在]{1,10}\s?$"
_MOVED_REACH = 18


class Changes:
    """Marks the figures that the text calls changes, by the words of `numbers/changes.toml`."""

    def __init__(self, resources: Resources) -> None:
        rules: Mapping[str, Mapping[str, list[str]]] = resources.toml("numbers/changes.toml")
        self._basis = _inverted(rules["basis"])
        self._direction = _inverted(rules["direction"])
        self._direction_after = _inverted(rules["after"])
        # A direction may hold its basis: 年增率 5%.
        self._basis_within = {
            word: next((self._basis[b] for b in self._basis if word.startswith(b)), None)
            for word in (*self._direction, *self._direction_after)
        }
        basis, direction = alternatives(self._basis), alternatives(self._direction)
        between = alternatives(rules["between"]["words"])
        self._link = re.compile(rf"\s?{_AND}\s?(?:{between}){{0,2}}\s?")
        # 年增 is both: the words of the direction are looked for where the basis begins, too.
        # Two of either are told apart by the figures: 同比和环比分别增长5%和3%.
        self._before_heads = beginnings([*self._basis, *self._direction])
        self._before = re.compile(
            rf"(?:(?P<basis>{basis})(?:{_AND}(?P<basis_next>{basis}))?{_WITHIN})?"
            rf"(?P<direction>{direction})(?:{_AND}(?P<direction_next>{direction}))?"
            rf"(?:{between}){{0,2}}\s?"
        )
        self._moved = re.compile(
            rf"(?:(?P<basis>{basis}){_WITHIN})?"
            rf"(?P<direction>{alternatives(rules['moved']['words'])}){_MOVED}"
        )
        self._after = re.compile(
            rf"的?(?:(?P<basis>{basis}){_WITHIN})?(?P<direction>{alternatives(self._direction_after)})"
        )
        ends = [*self._direction, *rules["between"]["words"]]
        self._ends_before = frozenset(word[-1] for word in ends)
        # No cue runs over these.
        breaks = _BREAKS.difference("".join([*self._basis, *ends]))
        self._up_to_clause = re.compile(f"(?s:.*)[{''.join(sorted(breaks))}]")
        after = [*self._basis, *self._direction_after]
        self._begins_after = frozenset("的").union(word[0] for word in after)

    def mark(self, text: str, numbers: Iterable[Number]) -> None:
        """Fill `change` of the numbers that are changes; `numbers` are in order."""
        previous: Number | None = None
        # What a figure joined to the previous one is, where that has a change.
        shared: Change | None = None
        joined: list[Number] = []
        for number in numbers:
            linked = previous is not None and self._linked(text, previous, number)
            if number.label in _LABELS:
                before = self._before_figure(text, number.start)
                if before is not None:
                    number.change = self._read(before, self._direction)
                    shared = self._read_next(before, number.change)
                elif linked and shared is not None:
                    number.change = shared
                else:
                    number.change = shared = self._of_itself(text, number)
                    # 5%和3%的增长: what follows the last holds for all.
                    if linked and shared is not None:
                        for earlier in joined:
                            earlier.change = earlier.change or shared
                        joined = []
            if not linked:
                joined = []
            joined.append(number)
            previous = number

    def _before_figure(self, text: str, start: int) -> re.Match[str] | None:
        """The words that say that the figure at `start` is a change, directly before it."""
        if not start:
            return None
        end = start - 1 if text[start - 1].isspace() else start
        if text[end - 1] not in self._ends_before:
            return None
        reached = max(0, end - _CUE_REACH)
        clause = self._up_to_clause.match(text, reached, end)
        done = reached if clause is None else clause.end()
        # What begins inside an earlier cue of the clause is none: 同比增长 is one, and not two.
        for head in self._before_heads.finditer(text, done, end):
            position = head.start()
            if position >= done and (match := self._before.match(text, position)) is not None:
                done = match.end()
                if done == start:
                    return match
        return None

    def _linked(self, text: str, previous: Number, number: Number) -> bool:
        """Whether two figures are said of together: 5%和3%, 234点或1.06%."""
        if text[previous.end] not in _LINKS and not text[previous.end].isspace():
            return False
        link = self._link if previous.label == number.label else _APPOSITION
        return link.fullmatch(text, previous.end, number.start) is not None

    def _of_itself(self, text: str, number: Number) -> Change | None:
        """What a figure is without a word directly before it."""
        if number.text.startswith("翻"):
            return Change("up", None, "翻")
        if number.label == "PERCENTAGE_POINT":
            moved = self._moved.search(text, max(0, number.start - _MOVED_REACH), number.start)
            if moved is not None:
                return self._read(moved, self._direction)
        if text[number.end : number.end + 1] not in self._begins_after:
            return None
        after = self._after.match(text, number.end)
        return None if after is None else self._read(after, self._direction_after)

    def _read_next(self, match: re.Match[str], first: Change) -> Change:
        """The change of the figure joined to that of a match."""
        basis, direction = match["basis_next"], match["direction_next"]
        start = match.start("basis") if match["basis"] else match.start("direction")
        return Change(
            self._direction[direction] if direction else first.direction,
            self._basis[basis] if basis else first.basis,
            match.string[start : match.end("direction_next")] if direction else first.cue,
        )

    def _read(self, match: re.Match[str], directions: Mapping[str, str]) -> Change:
        basis, direction = match["basis"], match["direction"]
        return Change(
            directions[direction],
            self._basis[basis] if basis else self._basis_within.get(direction),
            match.string[match.start("basis" if basis else "direction") : match.end("direction")],
        )


def _inverted(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words}
