"""Decides line by line, from evidence that is added up label by label.

A line's own evidence are the rules that match it. Its surroundings add to it: a neighbour that is
boilerplate of the same kind, a second copy on the page, a script that is not the article's, a
place outside the article on a page with menus. The surroundings alone decide only outside the
article; elsewhere they need evidence of the line's own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.stages.boilerplate.article import ArticleFinder
from pipeline.stages.boilerplate.learned import Learned
from pipeline.stages.boilerplate.lines import OUTSIDE, Line
from pipeline.stages.boilerplate.rules import Block, Rules

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a label, and how much; a negative weight speaks for the article."""

    label: str
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of boilerplate with its evidence."""

    start: int
    end: int
    label: str
    by: str
    score: float


@dataclass(slots=True)
class Weighed:
    """A line with all its evidence and what came of it.

    Attributes:
        line: the line.
        evidence: in the order in which it was found.
        found: what of the line is boilerplate.
    """

    line: Line
    evidence: list[Evidence] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """What a judge looks at.

    Attributes:
        text: the normalised text.
        lines: its lines.
        header_end: number of the last line of the header; None if there is none.
        other_script: starts of the lines whose script is not the article's.
    """

    text: str
    lines: Sequence[Line]
    header_end: int | None
    other_script: Collection[int] = ()


class Judge:
    """Finds boilerplate by the packaged rules, or the user's, and by learned ones."""

    def __init__(self, rules: Rules, learned: Learned | None = None) -> None:
        self._rules = rules
        self._learned = learned
        self._finder = ArticleFinder(rules.page) if rules.page else None
        self._blocks_from = len(rules.rules)
        self._inline_from = self._blocks_from + len(rules.blocks)

    def find(self, page: Page) -> list[Found]:
        """Boilerplate in order, without overlap; neighbours of one label are one stretch."""
        found = [f for weighed in self.weigh(page).values() for f in weighed.found]
        return _join_neighbours(page.lines, found)

    def weigh(self, page: Page) -> dict[int, Weighed]:
        """By number of the line, in order, those lines for which there is any evidence."""
        lines = page.lines
        region = self._finder.find(lines, page.header_end) if self._finder else None
        if region is not None:
            for number, line in enumerate(lines):
                if not region.first <= number <= region.last:
                    line.places |= OUTSIDE
        numbers = self._numbers(page)
        blocks = self._blocks(page, numbers)
        learned = self._learned.find(lines) if self._learned else {}
        weighed: dict[int, Weighed] = {}
        outside = region.labels if region else {}
        for number in sorted({*numbers, *blocks, *outside, *learned}):
            line = lines[number]
            if line.fixed or (not line.text and number not in blocks):
                continue
            item = Weighed(line)
            if number in blocks:
                block = blocks[number]
                item.found = [block] if block is not None else []
            else:
                parts, item.evidence = self._own(line, numbers.get(number, ()))
                if number in learned:
                    item.evidence.append(Evidence(*learned[number]))
                if number in outside:
                    label, name = outside[number]
                    item.evidence.append(Evidence(label, name, self._weight("outside")))
                self._around(page, item)
                item.found = self._verdict(item, parts)
            if item.evidence or item.found:
                weighed[number] = item
        self._neighbours(lines, weighed)
        return weighed

    def _numbers(self, page: Page) -> dict[int, list[int]]:
        """By number of the line, the numbers of the rules that may match it, in order."""
        lines, limits = page.lines, self._rules.limits
        result: dict[int, list[int]] = {}
        at, last, size = -1, -1, 0
        for position, rule in self._rules.candidates(page.text):
            if position > last:
                while position > last:
                    at += 1
                    last = lines[at].end
                size = len(lines[at].text)
            if size <= limits[rule]:
                known = result.get(at)
                if known is None:
                    result[at] = [rule]
                elif rule not in known:
                    known.append(rule)
        for rule, where in self._rules.without_cues:
            for number, line in enumerate(lines):
                if line.text and (not where or line.places & where):
                    result.setdefault(number, []).append(rule)
        for rules in result.values():
            rules.sort()
        return result

    def _own(self, line: Line, numbers: Sequence[int]) -> tuple[list[Found], list[Evidence]]:
        """Inline boilerplate of a line, and the evidence of what it holds beside that."""
        parts = list(self._within(line, numbers))
        text = line.text
        if parts:
            text, done = "", line.first
            for part in parts:
                text += line.text[done - line.first : part.start - line.first]
                done = part.end
            # What is left says that a button stood at its end.
            ends = parts[-1].label == "widget" and done == line.last
            text += "【】" if ends and text else line.text[done - line.first :]
        rules = self._rules.rules
        evidence = [
            Evidence(rules[n].label, rules[n].name, rules[n].weight)
            for n in numbers
            if n < self._blocks_from and rules[n].matches(text, line.places)
        ]
        if evidence:
            labels = {e.label for e in evidence}
            evidence += [
                Evidence(rule.label, rule.name, rule.weight)
                for rule in self._rules.against
                if rule.label in labels and rule.matches(text, line.places)
            ]
        return parts, evidence

    def _around(self, page: Page, item: Weighed) -> None:
        """Add what the line's surroundings say to evidence that it has already."""
        own = _best(item.evidence)
        if own is None or own[1] >= self._rules.threshold - _EPSILON:
            return
        label, text = own[0], item.line.text
        if item.line.start in page.other_script:
            item.evidence.append(Evidence(label, "script_change", self._weight("script_change")))
        if page.text.count(text) > 1:
            item.evidence.append(Evidence(label, "repeated", self._weight("repeated")))

    def _weight(self, name: str) -> float:
        return self._rules.context.get(name, 0.0)

    def _verdict(self, item: Weighed, parts: list[Found]) -> list[Found]:
        line, best = item.line, _best(item.evidence)
        rest = len(line.text) - sum(part.end - part.start for part in parts)
        if best is None or best[1] < self._rules.threshold - _EPSILON or not rest:
            return parts
        label, total = best
        names = [e for e in item.evidence if e.label == label]
        by = (
            f"line:{label}:{'+'.join(e.name for e in names)}"
            f"={'+'.join(f'{e.weight:g}' for e in names)}"
        )
        return [Found(line.first, line.last, label, by, min(1.0, round(total, 2)))]

    def _neighbours(self, lines: Sequence[Line], weighed: dict[int, Weighed]) -> None:
        """Lines with some evidence beside a line of that label, both ways along the page."""
        weight = self._weight("neighbour")
        if not weight:
            return
        for order in (list(weighed), list(reversed(weighed))):
            before: tuple[int, str] | None = None
            for number in order:
                item = weighed[number]
                best = _best(item.evidence)
                if not item.found and best is not None and before is not None:
                    low, high = sorted((before[0], number))
                    beside = not any(lines[n].text for n in range(low + 1, high))
                    if beside and before[1] == best[0]:
                        item.evidence.append(Evidence(best[0], "neighbour", weight))
                        item.found = self._verdict(item, [])
                if item.found:
                    last = item.found[-1]
                    whole = last.end - last.start >= len(item.line.text)
                    before = (number, last.label) if whole else None

    def _blocks(self, page: Page, numbers: dict[int, list[int]]) -> dict[int, Found | None]:
        """By number of the line: a block at its heading, None at the rest of its lines."""
        result: dict[int, Found | None] = {}
        done = -1
        for number in sorted(numbers):
            line = page.lines[number]
            if number <= done or line.fixed or not line.text:
                continue
            for rule in numbers[number]:
                if not self._blocks_from <= rule < self._inline_from:
                    continue
                block = self._rules.blocks[rule - self._blocks_from]
                if not block.heading.search(line.text):
                    continue
                done, found = self._block(page.lines, number, block, numbers)
                result.update(dict.fromkeys(range(number, done + 1)))
                result[number] = found
                break
        return result

    def _block(
        self, lines: Sequence[Line], index: int, block: Block, numbers: dict[int, list[int]]
    ) -> tuple[int, Found]:
        last = index
        rows, gap = 0, False
        for at in range(index + 1, len(lines)):
            line = lines[at]
            if line.fixed or rows >= block.max_rows:
                break
            if not line.text:
                gap = rows > 0
                continue
            if not block.takes(line.text, gap) or self._starts_another(
                line, block, numbers.get(at, ())
            ):
                break
            last, rows, gap = at, rows + 1, False
        # Rows of only spaces below the last rank belong to the list.
        while (
            last + 1 < len(lines)
            and not lines[last + 1].text
            and (lines[last + 1].end > lines[last + 1].start)
        ):
            last += 1
        end = lines[last].last if lines[last].text else lines[last].end
        by = f"block:{block.name}:heading+rows={rows}"
        return last, Found(lines[index].first, end, block.label, by, 1.0)

    def _starts_another(self, line: Line, block: Block, numbers: Sequence[int]) -> bool:
        """Whether a row is the heading of another block, or boilerplate of another label."""
        for number in numbers:
            if self._blocks_from <= number < self._inline_from:
                other = self._rules.blocks[number - self._blocks_from]
                if other is not block and other.heading.search(line.text):
                    return True
        best = _best(self._own(line, numbers)[1])
        return (
            best is not None
            and best[1] >= self._rules.threshold - _EPSILON
            and best[0] != block.label
        )

    def _within(self, line: Line, numbers: Sequence[int]) -> Iterator[Found]:
        matches: list[tuple[int, int, str, str]] = []
        for number in numbers:
            if number >= self._inline_from:
                rule = self._rules.inline[number - self._inline_from]
                matches += [
                    (m.start(), m.end(), rule.name, rule.label)
                    for m in rule.pattern.finditer(line.text)
                ]
        taken = -1
        for start, end, name, label in sorted(matches):
            if start >= taken:
                taken = end
                lead = len(line.text[start:end]) - len(line.text[start:end].lstrip())
                begin = line.first + start + lead
                yield Found(begin, line.first + end, label, f"inline:{name}", 1.0)


def _best(evidence: Sequence[Evidence]) -> tuple[str, float] | None:
    """The label with the highest sum and the sum; the first one of equal ones."""
    sums: dict[str, float] = {}
    for item in evidence:
        sums[item.label] = sums.get(item.label, 0.0) + item.weight
    if not sums:
        return None
    label = max(sums, key=lambda name: sums[name])
    return label, sums[label]


def _join_neighbours(lines: Sequence[Line], found: Sequence[Found]) -> list[Found]:
    joined: list[Found] = []
    if len(found) < 2:
        return list(found)
    filled = [line.first for line in lines if line.text]
    for item in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.label == item.label
            and item.label != "widget"
            and bisect_left(filled, item.start) == bisect_left(filled, before.end)
        ):
            evidence = before.by if item.by in before.by else f"{before.by}; {item.by}"
            joined[-1] = Found(
                before.start, item.end, item.label, evidence, min(before.score, item.score)
            )
        else:
            joined.append(item)
    return joined
