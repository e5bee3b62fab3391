"""Where the article stands on a page that has menus, rankings and teasers around it.

Every line of a page speaks for the article or against it by its shape: a line of sentences for
it, by its length; headings of the page's furniture (人气排行, 看更多), ranks and runs of short
lines like links against it. The article is the stretch of lines with the highest sum that begins
at the header, or, where the page has none, anywhere. It then grows to its next line of furniture,
so that a list or table at its end stays. A page with little furniture is an article as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from pipeline.stages.boilerplate.lines import Line

# What lines of furniture take from the sum, names and a whole list of names; a paragraph of thirty
# characters gives 1.
_FURNITURE, _NAME, _NAMES = 1.0, 0.5, 3.0
_ENDS = "。！？；!?"
_QUOTES = "”」』）)】\"'…"
# No heading or button is longer.
_SHORT = 24
_MOST_SHAPES = 1 << 14
_DIGITS = frozenset("0123456789")
_MARKS = re.compile("[。！？；，、：:,;%％]")


class _Shape(NamedTuple):
    """What a short line is by its text alone.

    Attributes:
        section: the label of the section that it heads, or None.
        furniture: whether it heads a section, or is a button or a rank.
        link_like: whether it may be a link of a menu.
    """

    section: str | None
    furniture: bool
    link_like: bool


@dataclass(frozen=True, slots=True)
class Region:
    """The lines of the article, both included, and for the others what the page uses them for.

    Attributes:
        labels: by number of a line outside: its label and the evidence for it.
    """

    first: int
    last: int
    labels: Mapping[int, tuple[str, str]]


class ArticleFinder:
    """Finds the article's lines by the table `[page]` of `boilerplate.toml`."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._least: int = table["least_furniture"]
        self._menu_length: int = table["menu_length"]
        self._menu_run: int = table["menu_run"]
        self._sections: dict[str, str] = {
            heading: section["label"]
            for section in table["section"]
            for heading in section["headings"]
        }
        self._controls = frozenset(table["controls"])
        self._rank = re.compile(table["rank"])
        self._quote = re.compile(table["quote"])
        self._longest_shape = max(_SHORT, self._menu_length)
        # Short lines come back from page to page.
        self._shape = lru_cache(maxsize=_MOST_SHAPES)(self._shape_of)

    def find(self, lines: Sequence[Line], header_end: int | None) -> Region | None:
        """The article's lines; None where the page has not enough furniture to tell.

        Args:
            lines: all lines of the page.
            header_end: number of the last line of the header; None if the page has none.
        """
        short = (line for line in lines if 0 < len(line.text) <= _SHORT)
        if len(list(islice(short, self._least))) < self._least:
            return None
        furniture, sections, menus = self._furniture(lines)
        if len(furniture) < self._least:
            return None
        first, last = self._densest(lines, furniture, menus, header_end)
        if last < first:
            return None
        # A list or a table at the end: as far as the next furniture, or the next run of menus.
        while last + 1 < len(lines) and last + 1 not in furniture:
            last += 1
        if header_end is None:
            while first > 0 and first - 1 not in furniture:
                first -= 1
        else:
            first = next(i for i, line in enumerate(lines) if line.fixed)
        outside = sum(1 for i in furniture if not first <= i <= last)
        if outside < self._least:
            return None
        return Region(first, last, self._labels(lines, first, last, sections))

    def _furniture(self, lines: Sequence[Line]) -> tuple[set[int], dict[int, str], set[int]]:
        """Numbers of the lines that are furniture; of those that head a section: its label.

        The third are those that only their shape makes furniture: menus, or names in a list.
        """
        found: set[int] = set()
        menus: set[int] = set()
        sections: dict[int, str] = {}
        run: list[int] = []
        for number, line in enumerate(lines):
            text = line.text
            length = len(text)
            if not length:
                continue
            if length <= self._longest_shape and not line.fixed:
                shape = self._shape(text)
                if shape.furniture:
                    found.add(number)
                    if shape.section is not None:
                        sections[number] = shape.section
                if shape.link_like:
                    run.append(number)
                    continue
            if run:
                if len(run) >= self._menu_run:
                    menus.update(run)
                run = []
        if len(run) >= self._menu_run:
            menus.update(run)
        menus -= found
        return found | menus, sections, menus

    def _shape_of(self, text: str) -> _Shape:
        section, furniture = None, False
        if len(text) <= _SHORT:
            name = text.strip("#*·•>-[]【】:：▼■● ")
            section = self._sections.get(name)
            named = section is not None or name in self._controls
            furniture = named or self._rank.match(text) is not None
        link_like = len(text) <= self._menu_length and not _MARKS.search(text)
        return _Shape(section, furniture, link_like and _DIGITS.isdisjoint(text))

    def _densest(
        self,
        lines: Sequence[Line],
        furniture: set[int],
        menus: set[int],
        header_end: int | None,
    ) -> tuple[int, int]:
        """The stretch of lines with the highest sum of weights."""
        start = 0 if header_end is None else header_end + 1
        best, best_first, best_last = 0.0, start, start - 1
        total, first = 0.0, start
        against = 0.0
        for number in range(start, len(lines)):
            text = lines[number].text
            if not text:
                continue
            if number in furniture:
                # A list of names in an article does not outweigh the paragraphs behind it.
                weight = _FURNITURE if number not in menus else min(_NAME, _NAMES - against)
                against += weight if number in menus else 0.0
                total -= weight
            else:
                weight = _sentence_weight(text)
                if weight:
                    against = 0.0
                total += weight
            if header_end is None and total < 0:
                total, first = 0.0, number + 1
            elif total > best:
                best, best_first, best_last = total, first, number
        return best_first, best_last

    def _labels(
        self, lines: Sequence[Line], first: int, last: int, sections: Mapping[int, str]
    ) -> dict[int, tuple[str, str]]:
        labels: dict[int, tuple[str, str]] = {}
        # A section ends where the article begins.
        for numbers in (range(first), range(last + 1, len(lines))):
            current = ("navigation", "outside+section")
            for number in numbers:
                line = lines[number]
                if not line.text or line.fixed:
                    continue
                if number in sections:
                    labels[number] = (sections[number], "outside+heading")
                    current = (sections[number], "outside+section")
                elif self._quote.search(line.text):
                    labels[number] = ("hot_stocks", "outside+quote")
                else:
                    labels[number] = current
        return labels


def _sentence_weight(text: str) -> float:
    """How much a line looks like sentences; 0 for a title, a link, a row of a table."""
    length = len(text)
    if length < 12:
        return 0.0
    ends = text.rstrip(_QUOTES)[-1:] in _ENDS or "。" in text
    if ends:
        return min(length, 160) / 30
    return length / 60 if length > 60 and "，" in text else 0.0
