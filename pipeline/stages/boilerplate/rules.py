"""The rules of `boilerplate.toml`, checked when they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

import daachorse

from pipeline.errors import ResourceError
from pipeline.labels import BoilerplateLabel
from pipeline.resources import Resources
from pipeline.stages.boilerplate.lines import PLACES

NAME = "boilerplate.toml"
LABELS: tuple[str, ...] = get_args(BoilerplateLabel)
_NUMBER = (int, float)
_HEADING_LENGTH = 40
# Fields of each kind of rule: type, and whether it must be there.
_FIELDS: dict[str, dict[str, tuple[type | tuple[type, ...], bool]]] = {
    "rule": {
        "name": (str, True), "label": (str, True), "pattern": (str, True),
        "weight": (_NUMBER, True), "max_length": (int, False), "where": (str, False),
        "cues": (list, False),
    },
    "block": {
        "name": (str, True), "label": (str, True), "heading": (str, True), "row": (str, True),
        "row_after_gap": (str, False), "max_rows": (int, True), "cues": (list, False),
    },
    "inline": {
        "name": (str, True), "label": (str, True), "pattern": (str, True), "cues": (list, False),
    },
}  # fmt: skip


@dataclass(frozen=True)
class _Matcher:
    """What rules for lines and rules inside lines share: a pattern, given as its source."""

    name: str
    label: str
    source: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a line first needs it: most pages need few of the rules."""
        return re.compile(self.source)


@dataclass(frozen=True)
class Rule(_Matcher):
    """Evidence of a certain weight for a label, in lines that match a pattern."""

    weight: float
    max_length: int
    where: int

    def matches(self, text: str, places: int) -> bool:
        """Whether it speaks about a line with this text that stands in these places."""
        return (
            len(text) <= self.max_length
            and (not self.where or bool(self.where & places))
            and self.pattern.search(text) is not None
        )


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and the shape of the rows below it."""

    name: str
    label: str
    heading: re.Pattern[str]
    row: re.Pattern[str]
    row_after_gap: re.Pattern[str] | None
    max_rows: int

    def takes(self, text: str, gap: bool) -> bool:
        """Whether a line is a row; `gap` says that an empty line stands above it."""
        pattern = self.row_after_gap if gap else self.row
        return pattern is not None and pattern.search(text) is not None


class Inline(_Matcher):
    """Boilerplate inside a line."""


class Rules:
    """All rules of `boilerplate.toml`.

    Attributes:
        body_length: a line longer than this many code points is surely body.
        threshold: the sum of weights from which a line is boilerplate.
        context: weights of the evidence that a line's surroundings give, by name.
        limits: the longest line for each rule; rules are numbered through: line rules, blocks,
            inline ones.
        against: the rules that speak for the article.
        without_cues: numbers of the rules that may match any line, with their places.
        page: the table that `ArticleFinder` reads; empty where the file has none.

    Raises:
        ResourceError: naming file, rule and field of what cannot be used.
    """

    def __init__(self, resources: Resources) -> None:
        table = resources.toml(NAME)
        for field, kind in (("body_length", int), ("threshold", _NUMBER)):
            _check_type(table, field, kind, "the top of the file")
        self.body_length: int = table["body_length"]
        self.threshold: float = table["threshold"]
        self.context: dict[str, float] = table.get("context", {})
        self.page: dict[str, Any] = table.get("page", {})
        for group, fields in _FIELDS.items():
            for number, rule in enumerate(table.get(group, []), 1):
                _check(rule, f"{group} {rule.get('name', number)!r}", fields)
        rules, blocks, inline = (table.get(group, []) for group in _FIELDS)
        self.rules = [
            Rule(
                r["name"], r["label"], r["pattern"], r["weight"],
                r.get("max_length", 1 << 30), PLACES[r["where"]] if "where" in r else 0,
            )
            for r in rules
        ]  # fmt: skip
        self.blocks = [
            Block(
                b["name"], b["label"], _pattern(b, "heading"), _pattern(b, "row"),
                _pattern(b, "row_after_gap") if "row_after_gap" in b else None, b["max_rows"],
            )
            for b in blocks
        ]  # fmt: skip
        self.inline = [Inline(i["name"], i["label"], i["pattern"]) for i in inline]
        if resources.roots[0] not in resources.file(NAME).parents:
            # The packaged rules are trusted, for the tests check them.
            for rule in (*rules, *inline):
                _pattern(rule, "pattern")
        # No heading of a block is longer.
        self.limits = [
            *(rule.max_length for rule in self.rules),
            *(_HEADING_LENGTH for _ in blocks),
            *(1 << 30 for _ in inline),
        ]
        self.against = [rule for rule in self.rules if rule.weight < 0]
        self._cues = _Cues([*rules, *blocks, *inline])
        places = [rule.where for rule in self.rules] + [0] * (len(blocks) + len(inline))
        self.without_cues = [
            (n, places[n])
            for n in self._cues.always
            if n >= len(rules) or self.rules[n].weight >= 0
        ]

    def candidates(self, text: str) -> list[tuple[int, Sequence[int]]]:
        """Where a cue of rules ends: `(position of its last character, numbers of the rules)`.

        In order of the positions.
        """
        return self._cues.find(text)


class _Cues:
    """Words of which a line must hold one for a rule to match it; they spare most of the work."""

    def __init__(self, rules: Sequence[Mapping[str, Any]]) -> None:
        self.always = [n for n, rule in enumerate(rules) if not rule.get("cues")]
        owners: dict[str, list[int]] = {}
        for number, rule in enumerate(rules):
            for cue in rule.get("cues", ()):
                owners.setdefault(cue, []).append(number)
        self._owners = list(owners.values())
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(owners)) if owners else None

    def find(self, text: str) -> list[tuple[int, Sequence[int]]]:
        if self._automaton is None:
            return []
        owners = self._owners
        # The automaton reports matches in the order of their ends.
        matches: Iterable[tuple[int, int, int]] = self._automaton.find_overlapping(text)
        return [(end - 1, owners[cue]) for _, end, cue in matches]


def _check(
    rule: Mapping[str, Any],
    where: str,
    fields: Mapping[str, tuple[type | tuple[type, ...], bool]],
) -> None:
    for field, (kind, needed) in fields.items():
        if field in rule or needed:
            _check_type(rule, field, kind, where)
    for field in rule:
        if field not in fields:
            raise ResourceError(
                f"{NAME}, {where}: there is no field {field!r}; known: {', '.join(fields)}"
            )
    if rule["label"] not in LABELS:
        raise ResourceError(
            f"{NAME}, {where}: there is no label {rule['label']!r}; known: {', '.join(LABELS)}"
        )
    if rule.get("where", "head") not in PLACES:
        raise ResourceError(
            f"{NAME}, {where}: there is no place {rule['where']!r}; known: {', '.join(PLACES)}"
        )


def _check_type(
    table: Mapping[str, Any], field: str, kind: type | tuple[type, ...], where: str
) -> None:
    if field not in table:
        raise ResourceError(f"{NAME}, {where}: the field {field!r} is missing")
    if not isinstance(table[field], kind) or isinstance(table[field], bool):
        names = kind.__name__ if isinstance(kind, type) else "number"
        raise ResourceError(
            f"{NAME}, {where}, {field}: {table[field]!r} is not of the type {names}"
        )


def _pattern(rule: Mapping[str, Any], field: str) -> re.Pattern[str]:
    try:
        return re.compile(rule[field])
    except re.error as error:
        raise ResourceError(f"{NAME}, rule {rule['name']!r}, {field}: {error}") from error
