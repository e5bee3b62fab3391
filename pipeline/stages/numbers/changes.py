"""Whether a figure is a change or a level: 同比增长 5% is up year on year, 增至 5% a level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pipeline.document import Change, Number
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives

_LABELS = ("MONEY", "PERCENT", "PERCENTAGE_POINT", "MULTIPLE", "FRACTION", "QUANTITY", "CARDINAL")
# A basis reaches its word over these: 同比大幅增长. A comma ends it, a figure too.
_WITHIN = r"[^，。；：,;:\n\d、]{0,5}?"
_LINK = re.compile(r"\s?(?:和|及|与|、|以及|跟)\s?")
_APPOSITION = re.compile(r"\s?(?:或|即|[，,]?相当于)\s?")
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
        basis, direction = alternatives(self._basis), alternatives(self._direction)
        between = alternatives(rules["between"]["words"])
        # 年增 is both: the words of the direction are looked for where the basis begins, too.
        self._before = re.compile(
            rf"(?:(?P<basis>{basis}){_WITHIN})?(?P<direction>{direction})(?:{between}){{0,2}}\s?"
        )
        self._moved = re.compile(
            rf"(?:(?P<basis>{basis}){_WITHIN})?"
            rf"(?P<direction>{alternatives(rules['moved']['words'])}){_MOVED}"
        )
        self._after = re.compile(
            rf"的?(?:(?P<basis>{basis}){_WITHIN})?(?P<direction>{alternatives(self._direction_after)})"
        )

    def mark(self, text: str, numbers: Iterable[Number]) -> None:
        """Fill `change` of the numbers that are changes; `numbers` are in order."""
        cues = {match.end(): match for match in self._before.finditer(text)}
        previous: Number | None = None
        for number in numbers:
            if number.label in _LABELS:
                number.change = self._change(text, number, cues, previous)
            previous = number

    def _change(
        self,
        text: str,
        number: Number,
        cues: Mapping[int, re.Match[str]],
        previous: Number | None,
    ) -> Change | None:
        before = cues.get(number.start)
        if before is not None:
            return self._read(before, self._direction)
        if number.text.startswith("翻"):
            return Change("up", None, "翻")
        if previous is not None and previous.change is not None:
            # 分别增长 5%和 3%; 升 234点或 1.06%
            same = previous.label == number.label
            link = _LINK if same else _APPOSITION
            if link.fullmatch(text, previous.end, number.start):
                return previous.change
        if number.label == "PERCENTAGE_POINT":
            moved = self._moved.search(text, max(0, number.start - _MOVED_REACH), number.start)
            if moved is not None:
                return self._read(moved, self._direction)
        after = self._after.match(text, number.end)
        return None if after is None else self._read(after, self._direction_after)

    def _read(self, match: re.Match[str], directions: Mapping[str, str]) -> Change:
        basis = match["basis"]
        if basis is None:
            # The direction may hold the basis: 年增率 5%.
            basis = next((b for b in self._basis if match["direction"].startswith(b)), None)
        start = match.start("basis") if match["basis"] else match.start("direction")
        return Change(
            directions[match["direction"]],
            self._basis[basis] if basis else None,
            match.string[start : match.end("direction")],
        )


def _inverted(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words}
