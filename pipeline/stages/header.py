"""The header of a page: title, publisher, author and date of publication.

The date line is the anchor. The publisher stands on it or beside it, the title above both. Text
without a date line has at most a title: a short first line that is not a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from pipeline.document import Document, Field, Metadata, PublishedField
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives

_DATE = (
    r"(?P<year>(?:19|20)\d\d|(?:民国|中华民国)\s?\d{2,3}|(?<!\d)1[01]\d(?=年))\s?[-/.年]\s?"
    r"(?P<month>1[0-2]|0?[1-9])\s?[-/.月]\s?(?P<day>3[01]|[12]\d|0?[1-9])(?:\s?日|(?!\d))"
)
_SHORT_DATE = (
    r"(?<![\d.-])(?P<short_month>1[0-2]|0?[1-9])(?:-|/|月)(?P<short_day>3[01]|[12]\d|0?[1-9])"
    r"(?:日|(?![\d%.-]))"
)
_CLOCK = (
    r"(?:[\s,，]*(?:[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?))?"
    r"(?:\s*(?:T|,|，|[|｜]|HKT|CST)?\s*(?:上午|下午|AM|PM)?\s*"
    r"[0-2]?\d[:：][0-5]\d(?:[:：][0-5]\d)?(?:\.\d+)?(?:\s*(?:AM|PM|HKT|CST|Z|[+-]\d\d:?\d\d))?)?"
)
_TIME_ALONE = re.compile(r"(?<!\d)[0-2]?\d[:：][0-5]\d(?:[:：][0-5]\d)?(?!\d)")
NO_YEAR = "the date line has no year"
_DIGIT = re.compile(r"\d")
_SENTENCE_MARKS = re.compile("[。！？；，]")
_SEPARATORS = " |｜/／·-—:：,，\u3000"
_NAME = (
    r"[\u4e00-\u9fff·○〇Ｏ]{2,8}(?:、[\u4e00-\u9fff·○]{2,4}){0,3}"
    r"|[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,2}"
)


# A line without the white space around it.
_LINE = re.compile(r"\S(?:[^\n]*\S)?")


class _Line(NamedTuple):
    """A line with text; the span leaves out the white space around it."""

    start: int
    end: int
    text: str


class HeaderReader:
    """Finds the header of a page by the rules of `header.toml`."""

    def __init__(self, resources: Resources) -> None:
        rules = resources.toml("header.toml")
        self._search_lines: int = rules["search_lines"]
        self._byline_length: int = rules["byline_length"]
        self._publisher_length: int = rules["publisher_length"]
        self._title_length: int = rules["title_length"]
        self._lone_title_length: int = rules["lone_title_length"]
        kinds = ("publisher", "author", "date", "update", "column")
        labels = {kind: alternatives(rules[f"{kind}_labels"]) for kind in kinds}
        self._date = re.compile(
            rf"(?:(?:(?P<update>{labels['update']})|{labels['date']})[:：]?\s*)?(?P<when>(?:{_DATE}|{_SHORT_DATE}){_CLOCK})"
        )
        self._publisher = re.compile(rf"(?:{labels['publisher']})[:：]\s*(?P<name>[^\s|｜:：]+)")
        self._column = re.compile(rf"(?:{labels['column']})\s?[:：|｜]\s?(?P<name>[^\s|｜:：]+)")
        self._author = re.compile(
            rf"(?:(?:{labels['author']})(?:\s?[:：/／|｜]\s?|\s)|(?:本报|特约)?记者\s?)(?P<name>{_NAME}?)"
            r"(?=\s|/|／|$|[|｜,，)）〕]|报[导道])"
            r"(?:\s?[/／]\s?[\u4e00-\u9fff]{2,6}?(?:综合)?报[导道])?"
        )
        self._publisher_end = re.compile(rf"(?:{alternatives(rules['publisher_suffixes'])})$")
        self._not_title = re.compile(alternatives(rules["not_titles"]))
        self._invitation = re.compile(alternatives(rules["not_title_words"]))
        self._menu_marks: str = rules["menu_marks"]
        surnames = "".join(resources.toml("entities.toml")["persons"]["surnames"].split())
        self._person = re.compile(f"[{surnames}][\u4e00-\u9fff]{{1,2}}")
        self._filler = re.compile(rf"(?:{alternatives(rules['fillers'])})|{rules['filler']}|[\W_]+")
        self._prose_lines: int = rules["prose_lines"]

    def read(self, document: Document) -> Metadata:
        """The header of a normalised document; fields that it does not have are None.

        A date without a year gets no value here: the stage `numbers` completes it.
        """
        lines = _lines(document.text, self._search_lines)
        metadata = Metadata()
        # A line alone is no header, be it a date.
        candidates = enumerate(lines) if len(lines) > 1 else ()
        index, when, prose = 0, None, 0
        for number, line in candidates:
            index, when = number, self._date_of(line)
            # Below paragraphs a date is a signature, not a header.
            prose += len(line.text) > self._byline_length and "。" in line.text
            if when is not None or prose > self._prose_lines:
                break
        if when is None:
            self._without_date(document, lines, metadata)
            return metadata
        metadata.published = _published(document, lines[index].start, when)
        first, last = self._byline_block(document, lines, index, when, metadata)
        title = self._title_above(lines, first)
        if title is not None:
            metadata.title = _title_field(document, title)
            first = lines.index(title) + 1
        metadata.byline = [document.field(ln.start, ln.end) for ln in lines[first : last + 1]]
        if title is not None:
            self._repetitions(document, lines, last + 1, title, metadata)
        return metadata

    def _date_of(self, line: _Line) -> re.Match[str] | None:
        """The date of a byline: beside it stand only publisher, author and the like."""
        if len(line.text) > self._byline_length or not _DIGIT.search(line.text):
            return None
        if _SENTENCE_MARKS.search(line.text):
            return None
        dates = list(self._date.finditer(line.text))
        if not dates:
            return None
        when = next((date for date in dates if not date["update"]), dates[0])
        rest = self._rest(line, when)
        # 2024年3月 業績 is no byline: beside a date without a year or a day stands nothing.
        if rest and (when["short_month"] or len(rest) > self._publisher_length):
            return None
        return None if re.search(r"\d", rest) else when

    def _rest(self, line: _Line, when: re.Match[str] | None) -> str:
        """What a line holds beside date, labelled publisher, author and fillers."""
        text = line.text
        if when is not None:
            text = f"{text[: when.start()]} {text[when.end() :]}"
            text = _TIME_ALONE.sub(" ", self._date.sub(" ", text))
        for known in (self._column, self._publisher, self._author):
            text = known.sub(" ", text)
        return self._filler.sub("", text)

    def _byline_block(
        self,
        document: Document,
        lines: Sequence[_Line],
        index: int,
        when: re.Match[str],
        metadata: Metadata,
    ) -> tuple[int, int]:
        """Read the names around the date line; return the block's first and last line."""
        self._names_in(document, lines[index], when, metadata)
        first = last = index
        while first > 0 and self._is_byline(lines, first - 1, above=True):
            first -= 1
            self._names_in(document, lines[first], None, metadata)
        while last + 1 < len(lines) and self._is_byline(lines, last + 1, above=False):
            last += 1
            self._names_in(document, lines[last], None, metadata)
        return first, last

    def _is_byline(self, lines: Sequence[_Line], index: int, *, above: bool) -> bool:
        """Whether a line beside the date line holds nothing but publisher or author."""
        line = lines[index]
        if len(line.text) > self._byline_length or _SENTENCE_MARKS.search(line.text):
            return False
        labelled = (
            self._author.search(line.text)
            or self._publisher.search(line.text)
            or self._column.search(line.text)
        )
        if labelled and len(self._rest(line, None)) <= self._publisher_length // 2:
            return True
        if len(line.text) > self._publisher_length:
            return False
        if not above:
            return self._publisher_end.search(line.text) is not None
        # A short line is no title where a longer one, the title, stands above it.
        return any(
            len(other.text) > len(line.text)
            and len(other.text) > self._title_length
            and self._can_be_title(other)
            for other in lines[max(0, index - 2) : index]
        )

    def _names_in(
        self, document: Document, line: _Line, when: re.Match[str] | None, metadata: Metadata
    ) -> None:
        author = self._author.search(line.text)
        if author is not None and author["name"] and metadata.author is None:
            metadata.author = document.field(*(line.start + p for p in author.span("name")))
        labelled = self._publisher.search(line.text)
        if labelled is not None and metadata.publisher is None:
            metadata.publisher = document.field(*(line.start + p for p in labelled.span("name")))
        if labelled is not None and metadata.source is None:
            metadata.source = document.field(*(line.start + p for p in labelled.span("name")))
        column = self._column.search(line.text)
        if column is not None and metadata.column is None:
            metadata.column = document.field(*(line.start + p for p in column.span("name")))
        taken = [m.span() for m in (author, labelled, column) if m is not None]
        if when is not None:
            taken += [m.span() for m in self._date.finditer(line.text)]
            rest = "".join(
                " " if any(a <= i < b for a, b in taken) else c for i, c in enumerate(line.text)
            )
            taken += [m.span() for m in _TIME_ALONE.finditer(rest)]
        for start, end in self._parts(line.text, taken):
            part = line.text[start:end]
            begin = line.start + start
            person = self._person.fullmatch(part) and not self._publisher_end.search(part)
            if author is None and metadata.author is None and person:
                metadata.author = document.field(begin, begin + len(part))
            elif metadata.publisher is None:
                metadata.publisher = document.field(begin, begin + len(part))

    def _parts(self, text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """What stands beside the taken stretches and may be a name; 林小满/海陆日报 are two."""
        parts: list[tuple[int, int]] = []
        for start, end in _gaps(text, taken):
            gap = text[start:end]
            pieces = [m.span() for m in re.finditer(r"[^/／|｜]+", gap)]
            if not any(self._person.fullmatch(gap[a:b].strip(_SEPARATORS)) for a, b in pieces):
                pieces = [(0, len(gap))]
            for a, b in pieces:
                part = gap[a:b].strip(_SEPARATORS)
                if len(part) >= 2 and self._filler.sub("", part):
                    begin = start + gap.index(part, a)
                    parts.append((begin, begin + len(part)))
        return parts

    def _title_above(self, lines: Sequence[_Line], first: int) -> _Line | None:
        short: _Line | None = None
        for line in reversed(lines[:first]):
            if len(line.text) >= self._title_length:
                if self._can_be_title(line):
                    return line
            elif short is None and self._can_be_title(line):
                short = line
        return short

    def _can_be_title(self, line: _Line) -> bool:
        return not (
            self._not_title.match(line.text)
            or self._invitation.search(line.text)
            or sum(line.text.count(mark) for mark in self._menu_marks) > 1
        )

    def _without_date(self, document: Document, lines: Sequence[_Line], metadata: Metadata) -> None:
        """A short first line that is not a sentence is the title; a byline may follow it."""
        if len(lines) < 2 or len(lines[0].text) > self._lone_title_length:
            return
        if (
            not self._can_be_title(lines[0])
            or lines[0].text[-1] in "。；：:，、"
            or len(lines[0].text) < self._title_length
        ):
            return
        metadata.title = _title_field(document, lines[0])
        for line in lines[1:3]:
            if not self._is_byline(lines, lines.index(line), above=False):
                break
            self._names_in(document, line, None, metadata)
            metadata.byline.append(document.field(line.start, line.end))

    def _repetitions(
        self,
        document: Document,
        lines: Sequence[_Line],
        begin: int,
        title: _Line,
        metadata: Metadata,
    ) -> None:
        """A header that stands a second time directly below the first."""
        seen = {title.text, *(field.text for field in metadata.byline)}
        for line in lines[begin:]:
            if line.text not in seen:
                break
            metadata.byline.append(document.field(line.start, line.end))


def _gaps(text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches between the taken ones."""
    borders = [0, *(border for span in sorted(taken) for border in span), len(text)]
    return [(a, b) for a, b in zip(borders[::2], borders[1::2], strict=True) if a < b]


def complete(month: int, day: int, year: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _title_field(document: Document, line: _Line) -> Field:
    """The title without the number signs that mark a heading in Markdown."""
    mark = re.match("#{1,6} +", line.text)
    return document.field(line.start + (mark.end() if mark else 0), line.end)


def _published(document: Document, offset: int, when: re.Match[str]) -> PublishedField | None:
    start, end = (offset + p for p in when.span("when"))
    span: Field = document.field(start, end)
    value: str | None = None
    basis = NO_YEAR
    if when["year"]:
        digits = int(when["year"][-4:].lstrip("中华民国 "))
        minguo = digits < 1000
        day = complete(int(when["month"]), int(when["day"]), digits + 1911 * minguo)
        value = day.isoformat() if day else None
        basis = "stated in the header" + (" as a Minguo year" if minguo else "")
        if value is None:
            basis = "the date line names a day that does not exist"
    return PublishedField(
        span.text, span.start, span.end, span.source_start, span.source_end, value, basis
    )


def _lines(text: str, most: int) -> list[_Line]:
    """The first `most` lines with text."""
    return [_Line(*match.span(), match[0]) for match in islice(_LINE.finditer(text), most)]
