"""The rules of `boilerplate.toml`: weighed evidence for lines, shapes of blocks, inline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from pipeline.errors import ResourceError
from pipeline.resources import Resources
from pipeline.schema import BoilerplateLabel
from pipeline.stages.boilerplate.lines import Line

_NAME = "boilerplate.toml"
_LABELS: tuple[str, ...] = get_args(BoilerplateLabel)


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of boilerplate with its evidence."""

    start: int
    end: int
    label: str
    by: str
    score: float


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    label: str
    pattern: re.Pattern[str]
    weight: float
    max_length: int | None
    where: str | None

    def matches(self, line: Line) -> bool:
        if self.max_length is not None and len(line.text) > self.max_length:
            return False
        if self.where is not None and self.where not in line.places:
            return False
        return self.pattern.search(line.text) is not None


@dataclass(frozen=True, slots=True)
class _Block:
    name: str
    label: str
    heading: re.Pattern[str]
    row: re.Pattern[str]
    row_after_gap: re.Pattern[str] | None
    max_rows: int

    def takes(self, line: Line, gap: bool) -> bool:
        """Whether a line is a row; `gap` says that an empty line stands above it."""
        pattern = self.row_after_gap if gap else self.row
        return pattern is not None and pattern.search(line.text) is not None


class Rules:
    """All rules, ready to be asked.

    Raises:
        ResourceError: if a rule lacks a field or its pattern is no regular expression.
    """

    def __init__(self, resources: Resources) -> None:
        table = resources.toml(_NAME)
        self.body_length: int = table["body_length"]
        self._threshold: float = table["threshold"]
        self._rules = [
            _Rule(
                r["name"],
                r["label"],
                _pattern(r, "pattern"),
                r["weight"],
                r.get("max_length"),
                r.get("where"),
            )
            for r in table["rule"]
        ]
        self._blocks = [
            _Block(
                b["name"],
                b["label"],
                _pattern(b, "heading"),
                _pattern(b, "row"),
                _pattern(b, "row_after_gap") if "row_after_gap" in b else None,
                b["max_rows"],
            )
            for b in table["block"]
        ]
        for rule in (*table["rule"], *table["block"], *table["inline"]):
            if rule["label"] not in _LABELS:
                raise ResourceError(
                    f"{_NAME}, rule {rule['name']!r}: there is no label {rule['label']!r}; "
                    f"known: {', '.join(_LABELS)}"
                )
        self._inline = [(i["name"], i["label"], _pattern(i, "pattern")) for i in table["inline"]]

    def find(self, lines: Sequence[Line]) -> list[Found]:
        """Boilerplate in order, without overlap; neighbours of one label are one stretch."""
        found: list[Found] = []
        index = 0
        while index < len(lines):
            line = lines[index]
            if line.blank or line.fixed:
                index += 1
                continue
            block = self._block(lines, index)
            if block is not None:
                last, whole = block
                found.append(whole)
                index = last + 1
                continue
            found += self._line_or_parts(line)
            index += 1
        return _join_neighbours(lines, found)

    def _line_or_parts(self, line: Line) -> list[Found]:
        """The whole line, judged by what it holds beside inline boilerplate, or those parts."""
        parts = list(self._within(line))
        rest, done = "", line.start
        for part in parts:
            rest += line.text[done - line.start : part.start - line.start]
            done = part.end
        rest += line.text[done - line.start :]
        verdict = self._line(line if not parts else replace(line, text=rest))
        if verdict is None or not rest.strip():
            return parts
        start, end = _trim(line)
        return [replace(verdict, start=start, end=end)]

    def _line(self, line: Line) -> Found | None:
        sums: dict[str, float] = {}
        names: dict[str, list[str]] = {}
        for rule in self._rules:
            if rule.matches(line):
                sums[rule.label] = sums.get(rule.label, 0.0) + rule.weight
                names.setdefault(rule.label, []).append(rule.name)
        if not sums:
            return None
        label = max(sums, key=lambda name: sums[name])
        if sums[label] < self._threshold - 1e-9:
            return None
        start, end = _trim(line)
        by = f"line:{label}:{'+'.join(names[label])}"
        return Found(start, end, label, by, min(1.0, round(sums[label], 2)))

    def _block(self, lines: Sequence[Line], index: int) -> tuple[int, Found] | None:
        for block in self._blocks:
            if not block.heading.search(lines[index].text):
                continue
            last = index
            rows, gap = 0, False
            for at in range(index + 1, len(lines)):
                line = lines[at]
                if line.fixed or rows >= block.max_rows:
                    break
                if line.blank:
                    gap = rows > 0
                    continue
                if not block.takes(line, gap) or self._starts_another(line, block):
                    break
                last, rows, gap = at, rows + 1, False
            # Rows of only spaces below the last rank belong to the list.
            while last + 1 < len(lines) and lines[last + 1].blank and lines[last + 1].text:
                last += 1
            start, _ = _trim(lines[index])
            end = lines[last].end if lines[last].blank else _trim(lines[last])[1]
            by = f"block:{block.name}:heading+rows={rows}"
            return last, Found(start, end, block.label, by, 1.0)
        return None

    def _starts_another(self, line: Line, block: _Block) -> bool:
        """Whether a row is the heading of another block, or boilerplate of another label."""
        if any(b.heading.search(line.text) for b in self._blocks if b is not block):
            return True
        verdict = self._line(line)
        return verdict is not None and verdict.label != block.label

    def _within(self, line: Line) -> Iterator[Found]:
        taken = -1
        matches = sorted(
            (
                (m.start(), m.end(), name, label)
                for name, label, pattern in self._inline
                for m in pattern.finditer(line.text)
            ),
        )
        for start, end, name, label in matches:
            if start >= taken:
                taken = end
                lead = len(line.text[start:end]) - len(line.text[start:end].lstrip())
                yield Found(
                    line.start + start + lead, line.start + end, label, f"inline:{name}", 1.0
                )


def _trim(line: Line) -> tuple[int, int]:
    """The line's span without the white space around its text."""
    text = line.text
    return (line.start + len(text) - len(text.lstrip()), line.start + len(text.rstrip()))


def _join_neighbours(lines: Sequence[Line], found: Sequence[Found]) -> list[Found]:
    joined: list[Found] = []
    filled = [line.start for line in lines if not line.blank]
    for item in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.label == item.label
            and item.label != "widget"
            and not any(before.end <= start < item.start for start in filled)
        ):
            evidence = before.by if item.by in before.by else f"{before.by}; {item.by}"
            joined[-1] = Found(
                before.start, item.end, item.label, evidence, min(before.score, item.score)
            )
        else:
            joined.append(item)
    return joined


def _pattern(rule: Mapping[str, Any], field: str) -> re.Pattern[str]:
    try:
        return re.compile(rule[field])
    except (KeyError, re.error) as error:
        raise ResourceError(f"{_NAME}, rule {rule.get('name')!r}, {field}: {error}") from error
