"""Names from the lexicon, matched on characters.

A form of the lexicon is taken where it stands, the longest first. Three things hold it back: a
Latin form must not stand inside a longer Latin word; a form of two characters must not cut a
word of the dictionary (中国 in 发展中国家); an ambiguous form (苹果) needs evidence in the article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import daachorse

from pipeline.document import Document
from pipeline.errors import ResourceError
from pipeline.resources import Resources, read_table
from pipeline.stages.entities.mentions import Entry, Mention
from pipeline.stages.tokens import DictionaryWords

COLUMNS = ("name", "label", "id", "tickers", "aliases", "ambiguous")
LABELS = frozenset(
    {"PERSON", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "INDEX"}
)
# Latin forms of this length are also matched in all upper and all lower case.
_ANY_CASE_LENGTH = 5
# Forms up to this length must not cut words of the dictionary; longer ones are names wherever.
_SHORT = 3
_JOINTS = ("、", "和", "与", "及", "/")
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
        self._cue_before = re.compile(
            f"(?:{'|'.join(map(re.escape, rules['context']['before']))})$"
        )
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
        self._codes = {
            ticker.split(".")[0] for form in self._forms.values() for ticker in form.entry.tickers
        }
        self._codes |= {code.zfill(5) for code in self._codes if code.isdigit()}
        self._names = [*self._forms, *rules["not_names"]["words"]]
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(self._names)

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
        cuts = DictionaryWords(document.tokens)
        clear: list[Mention] = []
        doubtful: list[tuple[int, int, _Form]] = []
        done = 0
        matches = self._automaton.find_overlapping(text)
        for start, end, index in sorted(matches, key=lambda m: (m[0], -m[1])):
            if start < done or _inside_latin_word(text, start, end):
                continue
            form = self._forms.get(self._names[index])
            if form is None:
                done = end
                continue
            if end - start <= _SHORT and form.entry.label != "PERSON" and cuts.cut_by(start, end):
                continue
            done = end
            if form.ambiguous:
                doubtful.append((start, end, form))
            else:
                clear.append(_mention(start, end, form, ""))
        if doubtful:
            clear += self._with_evidence(text, doubtful, clear)
        return clear

    def _with_evidence(
        self, text: str, doubtful: list[tuple[int, int, _Form]], clear: list[Mention]
    ) -> list[Mention]:
        """Ambiguous forms that the article confirms; one that is confirmed once counts always."""
        named = {m.entry.id: text[m.start : m.end] for m in reversed(clear) if m.entry}
        ends = {m.end: m for m in clear}
        starts = {m.start: m for m in clear}
        confirmed: dict[_Form, str] = {}
        for start, end, form in doubtful:
            after = self._cue_after.match(text, end)
            before = self._cue_before.search(text, max(0, start - self._cue_window), start)
            ticker = _ticker_after(text, end, form.entry)
            if form.entry.id in named:
                confirmed.setdefault(form, f"+name:{named[form.entry.id]}")
            elif ticker:
                confirmed.setdefault(form, f"+ticker:{ticker}")
            elif neighbour := _in_list(text, start, end, form, ends, starts):
                confirmed.setdefault(form, f"+list:{neighbour}")
            elif after:
                confirmed.setdefault(form, f"+context:{after[0]}")
            elif before:
                confirmed.setdefault(form, f"+context:{before[0]}")
        return [
            _mention(start, end, form, confirmed[form])
            for start, end, form in doubtful
            if form in confirmed
        ]


def _mention(start: int, end: int, form: _Form, evidence: str) -> Mention:
    by = f"lexicon:{form.table}:{form.entry.name}{evidence}"
    return Mention(
        start, end, form.entry.label, by, rank=0, score=0.9 if evidence else 1.0, entry=form.entry
    )


def _inside_latin_word(text: str, start: int, end: int) -> bool:
    """Whether a Latin letter or digit of the span runs on outside it."""
    return bool(
        (start and _LATIN.match(text[start]) and _LATIN.match(text[start - 1]))
        or (end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end]))
    )


def _in_list(
    text: str,
    start: int,
    end: int,
    form: _Form,
    ends: dict[int, Mention],
    starts: dict[int, Mention],
) -> str | None:
    """A certain name of the same label that 、 or 和 joins to the form: 兆丰金、第一金."""
    for position, mentions, joint in ((start - 1, ends, start - 1), (end + 1, starts, end)):
        neighbour = mentions.get(position)
        if (
            neighbour is not None
            and neighbour.label == form.entry.label
            and text[joint : joint + 1] in _JOINTS
        ):
            return text[neighbour.start : neighbour.end]
    return None


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
            raise ResourceError(
                f"{path}, line {line}: the label {label!r} is none of {', '.join(sorted(LABELS))}"
            )
        forms = [simplify(form) for form in [name, *_split(aliases)]]
        doubtful = {simplify(form) for form in _split(ambiguous)}
        if not name or any(len(form) < 2 for form in forms):
            raise ResourceError(
                f"{path}, line {line}: a name or alias has less than two characters"
            )
        if unknown := doubtful.difference(forms):
            raise ResourceError(
                f"{path}, line {line}: ambiguous form {sorted(unknown)[0]!r} is "
                "neither the name nor an alias"
            )
        entry = Entry(forms[0], label, identity or None, tuple(_split(tickers)))
        for form in dict.fromkeys(forms):
            yield form, _Form(entry, table, form in doubtful)


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]
