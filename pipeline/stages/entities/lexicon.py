"""Names from the lexicon, matched on characters.

A form of the lexicon is taken where it stands, the longest first. Three things hold it back: a
Latin form must not stand inside a longer Latin word; a short form must not cut a word of the
dictionary (中国 in 发展中国家); an ambiguous form (苹果) needs evidence in the article.
"""

from __future__ import annotations

import re

import daachorse

from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.entities.evidence import Evidence
from pipeline.stages.entities.mentions import Entry, Mention
from pipeline.stages.entities.tables import Tables
from pipeline.stages.tokens import cuts_word
from pipeline.tokens import Tokens

# Latin forms of this length are also matched in all upper and all lower case.
_ANY_CASE_LENGTH = 5
# Forms up to this length must not cut words of the dictionary; longer ones are names wherever.
_SHORT = 3
_LATIN = re.compile("[0-9A-Za-z]")
# Almost all names of mainland listings have four characters.
_LISTING = 4


class Lexicon:
    """All rows of `lexicon/*.tsv`.

    Raises:
        ResourceError: naming file and line of a row that cannot be used.
    """

    def __init__(self, resources: Resources) -> None:
        rules = resources.toml("entities.toml")
        self._tables = tables = Tables(resources)
        self._evidence = Evidence(rules, tables)
        self._forms = forms = tables.forms
        for form in [f for f in forms if f.isascii() and len(f) >= _ANY_CASE_LENGTH]:
            if form.isalpha():
                for cased in (form.upper(), form.lower()):
                    row = forms.setdefault(cased, forms[form])
                    if (form, row) in tables.ambiguous:
                        tables.ambiguous.add((cased, row))
        self._cut_names: dict[str, set[int]] | None = None
        self._doubtful = {form for form, _ in tables.ambiguous} | tables.readings.keys()
        self._names = [*forms, *rules["not_names"]["words"]]
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(self._names)

    def entry(self, form: str) -> Entry | None:
        """The entity that a form names, if the lexicon has it."""
        row = self._forms.get(form)
        return None if row is None else self._tables.entry(row)

    def certain(self, form: str) -> Entry | None:
        """The entity of a form that needs no evidence."""
        return None if form in self._doubtful else self.entry(form)

    def listed(self, code: str) -> list[Entry]:
        """The entities that have a ticker with this code, its market not counted."""
        return [self._tables.entry(row) for row in self._tables.listed(code)]

    def listing_that_begins(self, characters: str) -> Entry | None:
        """The one mainland listing of which a present or former name begins so, or ends so.

        It is what a risk warning leaves of the name: *ST围海.
        """
        whole = self._forms.get(characters)
        if whole is not None and self._tables.is_mainland(whole):
            return self._tables.entry(whole)
        if self._cut_names is None:
            self._cut_names = {}
            for form, row in self._forms.items():
                warned = form.partition("ST")[2]
                if warned or len(form) == _LISTING:
                    cuts = {warned or form[:2], warned or form[-2:]}
                    if self._tables.is_mainland(row):
                        for cut in cuts:
                            self._cut_names.setdefault(cut, set()).add(row)
        rows = self._cut_names.get(characters, set())
        return self._tables.entry(next(iter(rows))) if len(rows) == 1 else None

    def find(self, text: str, tokens: Tokens) -> list[Mention]:
        """All names of the lexicon in a text."""
        names, forms, doubtful = self._names, self._forms, self._doubtful
        reason, entry = self._tables.reason, self._tables.entry
        clear: list[Mention] = []
        open_: list[tuple[int, int, str]] = []
        done = 0
        matches = self._automaton.find_overlapping(text)
        matches.sort(key=_by_start)
        for start, end, index in matches:
            if start < done:
                continue
            form = names[index]
            if (form[0] < "\x80" or form[-1] < "\x80") and inside_latin_word(text, start, end):
                continue
            row = forms.get(form)
            if row is None:
                done = end
                continue
            short = end - start <= _SHORT and entry(row).label != "PERSON"
            if short and cuts_word(tokens, start, end):
                continue
            done = end
            if form in doubtful:
                open_.append((start, end, form))
            else:
                one = entry(row)
                clear.append(Mention(start, end, one.label, reason(row), 0, 1.0, one))
        if open_:
            clear += self._evidence.confirm(text, open_, clear)
        return clear

    def held_back(self, document: Document, start: int, end: int) -> str:
        """Why the lexicon does not take the span as a name."""
        text, form = document.text, document.text[start:end]
        if form not in self._forms:
            near = sorted(
                {
                    self._names[index]
                    for s, e, index in self._automaton.find_overlapping(text[:end])
                    if s < end and start < e
                },
                key=lambda name: (-len(name), name),
            )
            shown = f"; it has {', '.join(near[:4])} there" if near else ""
            return f"no file in lexicon/ has {form!r}{shown}"
        entry = self._tables.entry(self._forms[form])
        if inside_latin_word(text, start, end):
            return f"{entry.name} is known, but stands inside a longer Latin word here"
        short = end - start <= _SHORT and entry.label != "PERSON"
        if short and cuts_word(document.tokens, start, end):
            return f"{entry.name} is known, but so short a form would cut a word of the dictionary"
        if form in self._doubtful:
            return (
                f"{entry.name} is known, but the form is ambiguous, and the article holds no "
                "evidence for it: no ticker in brackets, other name or word beside it that tells"
            )
        return f"{entry.name} is known; a longer name stands there"


def _by_start(match: tuple[int, int, int]) -> tuple[int, int]:
    return match[0], -match[1]


def inside_latin_word(text: str, start: int, end: int) -> bool:
    """Whether a Latin letter or digit of the span runs on outside it."""
    return bool(
        (start and _LATIN.match(text[start]) and _LATIN.match(text[start - 1]))
        or (end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end]))
    )
