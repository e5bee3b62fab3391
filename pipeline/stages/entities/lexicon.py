"""Names from the lexicon, matched on characters.

A form of the lexicon is taken where it stands, the longest first. Three things hold it back: a
Latin form must not stand inside a longer Latin word; a form of two characters must not cut a
word of the dictionary (中国 in 发展中国家); an ambiguous form (苹果) needs evidence in the article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import daachorse

from pipeline.document import Document, Token
from pipeline.errors import ResourceError
from pipeline.resources import Resources, read_table
from pipeline.stages.entities.mentions import Entry, Mention

COLUMNS = ("name", "label", "id", "tickers", "aliases", "ambiguous")
LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW",
                    "INDEX"})
# Latin forms of this length are also matched in all upper and all lower case.
_ANY_CASE_LENGTH = 5
_LATIN = re.compile("[0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class _Form:
    """A surface form with the entity it names and where it was listed."""

    entry: Entry
    table: str
    ambiguous: bool


class Lexicon:
    """All rows of `lexicon/*.tsv`.

    Raises:
        ResourceError: naming file and line of a row that cannot be used.
    """

    def __init__(self, resources: Resources) -> None:
        rules = resources.toml("entities.toml")
        self._cue_after = re.compile("|".join(map(re.escape, rules["context"]["after"])))
        self._cue_before = re.compile(f"(?:{'|'.join(map(re.escape, rules['context']['before']))})$")
        self._cue_window: int = rules["context"]["window"]
        self._forms: dict[str, _Form] = {}
        packaged = resources.roots[0]
        for path in resources.tables("lexicon"):
            own = packaged in path.parents
            for form, value in _read(path, _same if own else _to_simplified()):
                if own and form in self._forms:
                    raise ResourceError(f"{path}: {form!r} stands in two rows")
                self._forms[form] = value
        for form in list(self._forms):
            if len(form) >= _ANY_CASE_LENGTH and form.isascii() and form.isalpha():
                for cased in (form.upper(), form.lower()):
                    self._forms.setdefault(cased, self._forms[form])
        self._codes = {ticker.split(".")[0] for form in self._forms.values()
                       for ticker in form.entry.tickers}
        self._codes |= {code.zfill(5) for code in self._codes if code.isdigit()}
        self._names = list(self._forms)
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(
            self._names, daachorse.MATCH_KIND_LEFTMOST_LONGEST
        )

    def __contains__(self, form: str) -> bool:
        return form in self._forms

    def has_ticker(self, code: str) -> bool:
        """Whether a code, without its market, is one of the lexicon's tickers."""
        return code in self._codes

    def entry(self, form: str) -> Entry | None:
        """The entity that a form names, if the lexicon has it."""
        value = self._forms.get(form)
        return value.entry if value else None

    def find(self, document: Document) -> list[Mention]:
        """All names of the lexicon in the document's text."""
        text = document.text
        cuts = _DictionaryWords(document.tokens)
        clear: list[Mention] = []
        doubtful: list[tuple[int, int, _Form]] = []
        for start, end, index in self._automaton.find(text):
            form = self._forms[self._names[index]]
            if _inside_latin_word(text, start, end):
                continue
            if form.entry.label != "PERSON" and cuts.cut_by(start, end):
                continue
            if form.ambiguous:
                doubtful.append((start, end, form))
            else:
                clear.append(_mention(start, end, form, ""))
        if doubtful:
            named = {m.entry.id: text[m.start : m.end] for m in reversed(clear) if m.entry}
            clear += self._with_evidence(text, doubtful, named)
        return clear

    def _with_evidence(
        self, text: str, doubtful: list[tuple[int, int, _Form]], named: dict[str | None, str]
    ) -> Iterator[Mention]:
        """Ambiguous forms that the article confirms; one that is confirmed once counts always."""
        confirmed: dict[_Form, str] = {}
        for start, end, form in doubtful:
            after = self._cue_after.match(text, end)
            before = self._cue_before.search(text, max(0, start - self._cue_window), start)
            ticker = _ticker_after(text, end, form.entry)
            if form.entry.id in named:
                confirmed.setdefault(form, f"+name:{named[form.entry.id]}")
            elif ticker:
                confirmed.setdefault(form, f"+ticker:{ticker}")
            elif after:
                confirmed.setdefault(form, f"+context:{after[0]}")
            elif before:
                confirmed.setdefault(form, f"+context:{before[0]}")
        for start, end, form in doubtful:
            if form in confirmed:
                yield _mention(start, end, form, confirmed[form])


class _DictionaryWords:
    """Where words of more than one character run, to tell whether a span cuts one of them.

    Words that the hidden Markov model made up carry the tag x and do not count.
    """

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._covers: dict[int, tuple[int, int]] = {}
        for token in tokens:
            if token.end - token.start > 1 and token.pos != "x":
                for position in range(token.start, token.end):
                    self._covers[position] = (token.start, token.end)

    def cut_by(self, start: int, end: int) -> bool:
        """Whether the span cuts a word; a long name may stand inside one (中国银行 has 国银)."""
        left = self._covers.get(start, (start, end))
        right = self._covers.get(end - 1, (start, end))
        if end - start > 2:
            return left[0] < start < left[1] < end or start < right[0] < end < right[1]
        return left[0] < start or right[1] > end


def _mention(start: int, end: int, form: _Form, evidence: str) -> Mention:
    by = f"lexicon:{form.table}:{form.entry.name}{evidence}"
    return Mention(start, end, form.entry.label, by, rank=0, score=0.9 if evidence else 1.0,
                   entry=form.entry)


def _inside_latin_word(text: str, start: int, end: int) -> bool:
    """Whether a Latin letter or digit of the span runs on outside it."""
    return bool(
        (start and _LATIN.match(text[start]) and _LATIN.match(text[start - 1]))
        or (end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end]))
    )


def _ticker_after(text: str, end: int, entry: Entry) -> str | None:
    """A code of the entity in brackets directly after its name."""
    if text[end : end + 1] not in ("(", "（"):
        return None
    bracket = text[end : end + 20]
    return next((t for t in entry.tickers if t.split(".")[0].lstrip("0") in bracket), None)


def _same(text: str) -> str:
    return text


def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def _read(path: Path, simplify: Callable[[str], str]) -> Iterator[tuple[str, _Form]]:
    table = path.stem
    for line, row in read_table(path, COLUMNS):
        name, label, identity, tickers, aliases, ambiguous = (row[c].strip() for c in COLUMNS)
        if label not in LABELS:
            raise ResourceError(f"{path}, line {line}: the label {label!r} is none of "
                                f"{', '.join(sorted(LABELS))}")
        forms = [simplify(form) for form in [name, *_split(aliases)]]
        doubtful = {simplify(form) for form in _split(ambiguous)}
        if not name or any(len(form) < 2 for form in forms):
            raise ResourceError(f"{path}, line {line}: a name or alias has less than two characters")
        if unknown := doubtful.difference(forms):
            raise ResourceError(f"{path}, line {line}: ambiguous form {sorted(unknown)[0]!r} is "
                                "neither the name nor an alias")
        entry = Entry(forms[0], label, identity or None, tuple(_split(tickers)))
        for form in dict.fromkeys(forms):
            yield form, _Form(entry, table, form in doubtful)


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]
