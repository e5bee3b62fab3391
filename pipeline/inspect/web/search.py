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
from pipeline.inspect.web.index import Index
from pipeline.inspect.web.terms import folded, match, terms

PAGE_SIZE = 20
_BEFORE, _AFTER = 30, 110
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_AMOUNT = re.compile(r"([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)([千万亿兆]*)([KMBT]?)")
_SCALES = {"千": 1e3, "万": 1e4, "亿": 1e8, "兆": 1e12, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


class QueryError(ZhpipeError):
    """A filter cannot be read."""


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
            where, values = _where(query)
            rows = self._index.connection().execute(
                f"SELECT id FROM documents WHERE {' AND '.join(where) or 1} "
                "ORDER BY published DESC, id DESC",
                values,
            )
            found = array("q", (row[0] for row in rows))
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
            values = orjson.loads(self._index.data(document))
            body = _body(values)
            # What stands in boilerplate or the title alone is shown from the whole text.
            inside = any(word in folded(body) for word in wanted)
            snippet = _snippet(body if inside or not wanted else values["text"], wanted)
        except (ZhpipeError, orjson.JSONDecodeError, LookupError, TypeError) as error:
            snippet = escape(f"{error}; refresh the index")
        shown = _marked(title or name, wanted)
        return Hit(name, shown, publisher, published, script, entities, numbers, snippet)


def _where(query: Query) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    values: list[Any] = []

    def add(condition: str, *given: Any) -> None:
        where.append(condition)
        values.extend(given)

    if query.q.strip():
        expression = match(query.q)
        if expression:
            add("id IN (SELECT rowid FROM search WHERE search MATCH ?)", expression)
        else:
            add("0")
    if query.entity:
        add(
            "id IN (SELECT document FROM mentions WHERE name IN "
            "(SELECT id FROM names WHERE key = ? OR folded = ?))",
            query.entity, folded(query.entity.strip()),
        )  # fmt: skip
    if query.ticker:
        ticker = query.ticker.strip().upper()
        add(
            "id IN (SELECT document FROM mentions WHERE name IN "
            "(SELECT name FROM tickers WHERE ticker = ? OR (ticker > ? AND ticker < ?)))",
            ticker, f"{ticker}.", f"{ticker}/",
        )  # fmt: skip
    low, high = amount(query.least), amount(query.most)
    if low is not None or high is not None or query.unit:
        _add_range(add, query, low, high)
    elif query.label:
        add("id IN (SELECT document FROM labels WHERE label = ?)", query.label)
    if query.begin:
        add("published >= ?", _date(query.begin))
    if query.end:
        # After every day of the year or month.
        add("published != '' AND published < ?", _date(query.end) + "~")
    if query.publisher:
        add("publisher = ?", query.publisher)
    if query.script:
        add("script = ?", query.script)
    return where, values


def _add_range(add: Any, query: Query, low: float | None, high: float | None) -> None:
    conditions: list[str] = []
    given: list[str | float] = []
    for name, value in (("label", query.label), ("unit", query.unit)):
        if value:
            conditions.append(f"{name} = ?")
            given.append(value)
    if low is not None:
        conditions.append("high >= ?")
        given.append(low)
    if high is not None:
        conditions.append("low <= ?")
        given.append(high)
    if low is not None and high is not None:
        # Else the two may be true of different numbers: look at each.
        conditions.append("(low >= ? OR high <= ? OR overlaps(ends, ?, ?))")
        given += [low, high, low, high]
    inside = " AND ".join(conditions)
    add(f"id IN (SELECT document FROM amounts WHERE {inside})", *given)


def amount(text: str) -> float | None:
    """A value as people type it: 1e9, 10亿, 1,000万, 2.5B; None if there is none.

    Raises:
        QueryError: if it is no value.
    """
    plain = folded(text).replace(",", "").replace(" ", "").upper()
    if not plain:
        return None
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise QueryError(f"{text!r} is no value such as 5000000, 1e9, 10亿 or 2.5B")
    value = float(found[1])
    for scale in (*found[2], *found[3]):
        value *= _SCALES[scale]
    return value


def _date(text: str) -> str:
    if not _DATE.fullmatch(text.strip()):
        raise QueryError(f"{text!r} is no date such as 2025, 2025-08 or 2025-08-06")
    return text.strip()


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
