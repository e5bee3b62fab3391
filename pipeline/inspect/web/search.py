"""What is asked of the index, and what it answers."""

from __future__ import annotations

import re
from array import array
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

import orjson
from markupsafe import Markup, escape

from pipeline.errors import ZhpipeError
from pipeline.inspect.web.filters import answer
from pipeline.inspect.web.index import Index, without_tokens
from pipeline.inspect.web.terms import folded, terms

PAGE_SIZE = 20
_BEFORE, _AFTER = 30, 110


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked; an empty part filters nothing. The values are as people type them.

    Attributes:
        q: words that must all stand in the text, in either script.
        entity: the id or the name of an entity.
        ticker: with or without its market.
        label: of an annotation that the document must have.
        unit, least, most: the value of a number with that label.
        begin, end: of the dates of publication, both included: 2025, 2025-08 or 2025-08-06.
    """

    q: str = ""
    entity: str = ""
    ticker: str = ""
    label: str = ""
    unit: str = ""
    least: str = ""
    most: str = ""
    begin: str = ""
    end: str = ""
    publisher: str = ""
    script: str = ""

    def url(self, **changes: str) -> str:
        """The address of this search, with some parts changed."""
        changed = replace(self, **changes)
        values = {f.name: v for f in fields(self) if (v := getattr(changed, f.name))}
        return "/?" + urlencode(values) if values else "/"

    def parts(self) -> list[tuple[str, str, str]]:
        """Name and value of each filter beside the words, and the address without it."""
        names = [f.name for f in fields(self) if f.name != "q" and getattr(self, f.name)]
        return [(name, getattr(self, name), self.url(**{name: ""})) for name in names]


@dataclass(frozen=True, slots=True)
class Hit:
    """One document of the answer."""

    name: str
    title: Markup
    publisher: str
    published: str
    script: str
    entities: int
    numbers: int
    snippet: Markup


class Search:
    """Asks an index; the last answers are kept for turning pages."""

    _KEPT = 16

    def __init__(self, index: Index) -> None:
        self._index = index
        self._answers: OrderedDict[Query, array[int]] = OrderedDict()

    def forget(self) -> None:
        """After a refresh: the answers may be others."""
        self._answers.clear()

    def find(self, query: Query) -> array[int]:
        """The numbers of all documents that answer a query, the newest first.

        Raises:
            QueryError: if a date or a value cannot be read.
        """
        found = self._answers.get(query)
        if found is None:
            found = array("q", answer(self._index.connection(), query).tobytes())
            self._answers[query] = found
            while len(self._answers) > self._KEPT:
                self._answers.popitem(last=False)
        return found

    def hits(self, query: Query, documents: Iterable[int]) -> list[Hit]:
        """What the page of answers shows of some documents."""
        return [self._hit(query, document) for document in documents]

    def _hit(self, query: Query, document: int) -> Hit:
        row = self._index.connection().execute(
            "SELECT name, title, publisher, published, script, entities, numbers "
            "FROM documents WHERE id = ?",
            (document,),
        )
        name, title, publisher, published, script, entities, numbers = row.fetchone()
        wanted = terms(query.q)
        try:
            values = orjson.loads(without_tokens(self._index.data(document)))
            body = _body(values)
            # What stands in boilerplate or the title alone is shown from the whole text.
            inside = any(word in folded(body) for word in wanted)
            snippet = _snippet(body if inside or not wanted else values["text"], wanted)
        except (ZhpipeError, orjson.JSONDecodeError, LookupError, TypeError) as error:
            snippet = escape(f"{error}; refresh the index")
        shown = _marked(title or name, wanted)
        return Hit(name, shown, publisher, published, script, entities, numbers, snippet)


def _body(values: dict[str, Any]) -> str:
    """The article without its title."""
    text: str = values.get("clean_text") or values["text"]
    title = (values.get("metadata") or {}).get("title")
    return text.removeprefix(title["text"]).strip() if title else text.strip()


def _snippet(text: str, wanted: list[str]) -> Markup:
    """Where a text holds the first of the words, else its beginning."""
    plain = folded(text)
    places = [at for word in wanted if (at := plain.find(word)) >= 0]
    start = max(0, min(places) - _BEFORE) if places else 0
    shown = text[start : start + _BEFORE + _AFTER]
    before = "…" if start else ""
    after = "…" if start + len(shown) < len(text) else ""
    return Markup("{}{}{}").format(before, _marked(" ".join(shown.split()), wanted), after)


def _marked(text: str, wanted: list[str]) -> Markup:
    """The text as HTML, the words in it marked."""
    if not wanted:
        return escape(text)
    plain = folded(text)
    pattern = "|".join(map(re.escape, sorted(set(wanted), key=len, reverse=True)))
    html, done = [], 0
    for found in re.finditer(pattern, plain):
        html.append(escape(text[done : found.start()]))
        html.append(Markup("<mark>{}</mark>").format(text[found.start() : found.end()]))
        done = found.end()
    return Markup("").join([*html, escape(text[done:])])
