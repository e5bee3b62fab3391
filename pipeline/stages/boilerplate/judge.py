"""Decides line by line, from evidence that is added up label by label.

A line's own evidence are the rules that match it. Its surroundings add to it: a neighbour that is
boilerplate of the same kind, a second copy on the page, a script that is not the article's, a
place outside the article on a page with menus. The surroundings alone decide only outside the
article; elsewhere they need evidence of the line's own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.stages.boilerplate.article import ArticleFinder, Region
from pipeline.stages.boilerplate.evidence import Evidence, Found, add_up
from pipeline.stages.boilerplate.learned import Learned
from pipeline.stages.boilerplate.lines import OUTSIDE, Line
from pipeline.stages.boilerplate.reading import Reader, Reading
from pipeline.stages.boilerplate.rules import Block, Rules

# How much of a line names and figures fill if it is a quotation.
_SHARE = 0.7


@dataclass(slots=True)
class Weighed:
    """A line with all its evidence and what came of it.

    Attributes:
        line: the line.
        evidence: in the order in which it was found.
        found: what of the line is boilerplate.
    """

    line: Line
    evidence: Sequence[Evidence] = ()
    found: Sequence[Found] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a judge looks at.

    Attributes:
        text: the normalised text.
        lines: its lines.
        header_end: number of the last line of the header; None if there is none.
        other_script: starts of the lines whose script is not the article's.
        names: spans of names of companies, indices and securities, where they are known.
        figures: spans of numbers.
    """

    text: str
    lines: Sequence[Line]
    header_end: int | None
    other_script: Collection[int] = ()
    names: Sequence[tuple[int, int]] = ()
    figures: Sequence[tuple[int, int]] = ()


class Judge:
    """Finds boilerplate by the packaged rules, or the user's, and by learned ones."""

    def __init__(self, rules: Rules, learned: Learned | None = None) -> None:
        self._rules = rules
        self._learned = learned
        self._finder = ArticleFinder(rules.page) if rules.page else None
        self._reader = Reader(rules)
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
            for line in (*lines[: region.first], *lines[region.last + 1 :]):
                line.places |= OUTSIDE
        numbers = self._numbers(page)
        blocks = self._blocks(page, numbers)
        learned = self._learned.find(lines) if self._learned else {}
        outside: Mapping[int, tuple[str, str]] = {}
        if region is not None:
            outside = {**region.labels, **_quotations(page, region)}
        weighed: dict[int, Weighed] = {}
        for number in sorted({*numbers, *blocks, *outside, *learned}):
            line = lines[number]
            if number in blocks:
                block = blocks[number]
                if block is not None:
                    weighed[number] = Weighed(line, (), (block,))
            elif line.text and not line.fixed:
                reading = self._reader.read(
                    line.text, line.places, numbers.get(number, ()), outside.get(number)
                )
                if reading.evidence or reading.inside or number in learned:
                    weighed[number] = self._weigh(page, line, reading, learned.get(number))
        self._neighbours(lines, weighed)
        return weighed

    def _numbers(self, page: Page) -> dict[int, list[int]]:
        """By number of the line, the numbers of the rules that may match it, in order."""
        lines, limits = page.lines, self._rules.limits
        result: dict[int, list[int]] = {}
        known: list[int] = []
        at, last, size = -1, -1, 0
        for position, rules in self._rules.candidates(page.text):
            if position > last:
                while position > last:
                    at += 1
                    last = lines[at].end
                size = len(lines[at].text)
                known = []
            for rule in rules:
                if size <= limits[rule] and rule not in known:
                    known.append(rule)
                    result[at] = known
        for known in result.values():
            known.sort()
        places = 0
        for line in lines:
            places |= line.places
        for rule, where in self._rules.without_cues:
            if where and not places & where:
                continue
            for number, line in enumerate(lines):
                if line.text and (not where or line.places & where):
                    insort(result.setdefault(number, []), rule)
        return result

    def _weigh(
        self, page: Page, line: Line, reading: Reading, learned: tuple[str, str, float] | None
    ) -> Weighed:
        """A line with what it says by itself and what its surroundings add to that."""
        verdict, first = reading.verdict, line.first
        if learned is None and reading.enough and verdict is not None:
            label, _, score, by = verdict
            start, end = reading.part or (0, len(line.text))
            found = Found(first + start, first + end, label, by, score)
            return Weighed(line, reading.evidence, (found,))
        item = Weighed(line, reading.evidence)
        if learned is not None:
            item.evidence = (*item.evidence, Evidence(*learned))
        elif verdict is not None and not reading.enough:
            if line.start in page.other_script:
                self._add(item, verdict.label, "script_change")
            if page.text.count(line.text) > 1:
                self._add(item, verdict.label, "repeated")
        if len(item.evidence) > len(reading.evidence):
            verdict = add_up(item.evidence)
        rest = len(line.text)
        for part in reading.inside:
            rest -= part.end - part.start
        if verdict is not None and rest and verdict.reaches(self._rules.threshold):
            item.found = [Found(first, line.last, verdict.label, verdict.by, verdict.score)]
        elif reading.inside:
            item.found = [
                Found(first + part.start, first + part.end, part.label, part.by, 1.0)
                for part in reading.inside
            ]
        return item

    def _add(self, item: Weighed, label: str, name: str) -> None:
        weight = self._rules.context.get(name, 0.0)
        item.evidence = (*item.evidence, Evidence(label, name, weight))

    def _neighbours(self, lines: Sequence[Line], weighed: dict[int, Weighed]) -> None:
        """Lines with some evidence beside a line of that label, both ways along the page."""
        weak = [n for n, item in weighed.items() if item.evidence and not item.found]
        for order in (weak, weak[::-1]):
            step = 1 if order is weak else -1
            for number in order:
                item = weighed[number]
                verdict = add_up(item.evidence)
                beside = number - step
                while 0 <= beside < len(lines) and not lines[beside].text:
                    beside -= step
                other = weighed.get(beside)
                if item.found or verdict is None or other is None or not other.found:
                    continue
                last = other.found[-1]
                if last.label == verdict.label and last.end - last.start >= len(other.line.text):
                    self._add(item, verdict.label, "neighbour")
                    verdict = add_up(item.evidence)
                    if verdict is not None and verdict.reaches(self._rules.threshold):
                        line = item.line
                        item.found = [
                            Found(line.first, line.last, verdict.label, verdict.by, verdict.score)
                        ]

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
                # Outside the article the page's sections tell what is what.
                if line.places & OUTSIDE and block.label == "promotion":
                    continue
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
        verdict = self._reader.read(line.text, line.places, numbers).verdict
        return (
            verdict is not None
            and verdict.reaches(self._rules.threshold)
            and verdict.label != block.label
        )


def _quotations(page: Page, region: Region) -> dict[int, tuple[str, str]]:
    """Lines outside the article that hold little but a company's name and figures."""
    if not region.labels:
        return {}
    starts = [line.start for line in page.lines]
    article = range(starts[region.first], page.lines[region.last].end)
    covered: dict[int, list[int]] = {}
    for kind, spans in enumerate((page.names, page.figures)):
        for start, end in spans:
            if start in article:
                continue
            number = bisect_right(starts, start) - 1
            if number in region.labels:
                covered.setdefault(number, [0, 0])[kind] += end - start
    return {
        number: ("hot_stocks", "outside+names")
        for number, (names, figures) in covered.items()
        if names and figures and (names + figures) >= _SHARE * len(page.lines[number].text)
    }


def _join_neighbours(lines: Sequence[Line], found: Sequence[Found]) -> list[Found]:
    if len(found) < 2:
        return list(found)
    joined: list[Found] = []
    filled = [line.first for line in lines if line.text]
    filled.append(lines[-1].end + 1)
    start, end, label, by, score = found[0]
    for item in found[1:]:
        if (
            item.label == label
            and label != "widget"
            # No line begins between the two.
            and filled[bisect_left(filled, end)] >= item.start
        ):
            end = item.end
            if item.by not in by:
                by = f"{by}; {item.by}"
            score = min(score, item.score)
        else:
            joined.append(Found(start, end, label, by, score))
            start, end, label, by, score = item
    joined.append(Found(start, end, label, by, score))
    return joined
