"""The pages of `zhpipe view`."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import ZhpipeError
from pipeline.files.documents import error_files
from pipeline.inspect.charts import Bar, columns, months_between, short_number
from pipeline.inspect.page import GROUPS, make_page
from pipeline.inspect.report import STATIC, environment
from pipeline.inspect.stats import error_records
from pipeline.inspect.web.bins import BINS, bin_start
from pipeline.inspect.web.filters import QueryError
from pipeline.inspect.web.guard import App, Guard
from pipeline.inspect.web.index import Index
from pipeline.inspect.web.search import PAGE_SIZE, Query, Search
from pipeline.inspect.web.terms import folded

_STATIC = {"page.css": "text/css", "view.css": "text/css", "page.js": "text/javascript",
           "icon.svg": "image/svg+xml"}  # fmt: skip
_TOP = 100
_HISTOGRAMS = 12
_ERRORS_SHOWN = 200


def make_app(index: Index, port: int) -> App:
    """The application over an index, for the address 127.0.0.1 with this port."""
    return Guard(_Pages(index).app, port)


class _Pages:
    """Reads what is asked, and fills the templates."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._search = Search(index)
        routes = [
            Route("/", self._page(self.search)),
            Route("/document", self._page(self.document)),
            Route("/top", self._page(self.top)),
            Route("/numbers", self._page(self.numbers)),
            Route("/errors", self._page(self.errors)),
            Route("/refresh", self._page(self.refresh), methods=["POST"]),
            Route("/static/{name}", self._page(self.static)),
        ]
        handlers: dict[Any, Any] = {404: self._page(self.not_found)}
        self.app = Starlette(routes=routes, exception_handlers=handlers)

    def _page(self, make: Callable[..., Response]) -> Callable[..., Response]:
        """A page whose errors are told, and not as a trace."""

        def page(request: Request, _: Exception | None = None) -> Response:
            try:
                return make(request)
            except QueryError as error:
                return self._message("That filter cannot be read", str(error), 400)
            except (ZhpipeError, sqlite3.Error) as error:
                return self._message("That did not work", str(error), 500)

        return page

    def _render(self, template: str, status: int = 200, **values: Any) -> Response:
        facts = dict(self._rows("SELECT name, value FROM facts"))
        page = environment().get_template(template).render(
            run=self._index.run.name, facts=facts, **values
        )  # fmt: skip
        return HTMLResponse(page, status)

    def _message(self, title: str, message: str, status: int) -> Response:
        return self._render("message.html", status, title=title, message=message)

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        return self._index.connection().execute(statement, values).fetchall()

    def not_found(self, request: Request) -> Response:
        """The page for every other address."""
        return self._message("There is no such page", request.url.path, 404)

    def static(self, request: Request) -> Response:
        """The style and the script; nothing else can be asked for."""
        name = request.path_params["name"]
        if name not in _STATIC:
            return self.not_found(request)
        return Response((STATIC / name).read_bytes(), media_type=_STATIC[name])

    def search(self, request: Request) -> Response:
        """Documents that answer a query."""
        given = request.query_params
        names = [field.name for field in fields(Query)]
        query = Query(**{name: given.get(name, "").strip()[:200] for name in names})
        number = _number(given.get("page", ""), 1)
        started = time.perf_counter()
        found = self._search.find(query)
        pages = max(1, -(-len(found) // PAGE_SIZE))
        number = min(number, pages)
        hits = self._search.hits(query, found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
        elapsed = time.perf_counter() - started
        months = []
        if query == Query():
            counts = dict(self._rows("SELECT month, documents FROM months"))
            months = [
                Bar(m, counts.get(m, 0), f"{m}: {counts.get(m, 0):,} documents",
                    query.url(begin=m, end=m))
                for m in months_between(list(counts))
            ]  # fmt: skip
        units = self._rows(
            "SELECT unit, SUM(count) FROM histogram WHERE label = ? AND unit != '' "
            "GROUP BY unit ORDER BY 2 DESC LIMIT 30",
            query.label or "MONEY",
        )  # fmt: skip
        return self._render(
            "search.html",
            query=query,
            hits=hits,
            total=len(found),
            page=number,
            pages=pages,
            elapsed=elapsed,
            labels=[*GROUPS],
            units=[unit for unit, _ in units],
            months=columns(months, 960, 120),
            document_url=_document_url,
        )

    def document(self, request: Request) -> Response:
        """One document."""
        name = request.query_params.get("id", "")
        rows = self._rows("SELECT id FROM documents WHERE name = ? ORDER BY id LIMIT 1", name)
        if not rows:
            return self._message("There is no such document", name, 404)
        page = make_page(self._index.document(rows[0][0]))
        back = request.query_params.get("from", "")
        # Only an address of the search itself.
        back = back if back.startswith("/?") else "/"
        return self._render("document.html", page=page, back=back)

    def top(self, request: Request) -> Response:
        """The entities that stand in most documents."""
        label = request.query_params.get("label", "")
        wanted = folded(request.query_params.get("name", "").strip()[:100])
        conditions, values = ["1"], []
        if label:
            conditions.append("top.label = ?")
            values.append(label)
        if wanted:
            conditions.append("(instr(folded, ?) OR instr(lower(tickers), ?))")
            values += [wanted, wanted]
        rows = self._rows(
            "SELECT key, names.name, names.label, tickers, documents, mentions "
            "FROM top JOIN names ON names.id = top.name "
            f"WHERE {' AND '.join(conditions)} ORDER BY documents DESC, mentions DESC, key "
            f"LIMIT {_TOP}",
            *values,
        )
        most = max((row[4] for row in rows), default=1)
        names = [
            {
                "name": name,
                "label": kind,
                "group": GROUPS.get(kind, ""),
                "tickers": [(t, Query(ticker=t).url()) for t in tickers.split()],
                "documents": documents,
                "mentions": mentions,
                "share": round(100 * documents / most, 1),
                "url": Query(entity=key).url(),
            }
            for key, name, kind, tickers, documents, mentions in rows
        ]
        labels = self._rows(
            "SELECT label, SUM(documents) FROM top GROUP BY label ORDER BY 2 DESC, 1"
        )
        return self._render(
            "top.html",
            names=names,
            label=label,
            wanted=request.query_params.get("name", ""),
            labels=[kind for kind, _ in labels],
            groups=GROUPS,
        )

    def numbers(self, request: Request) -> Response:
        """How the values of each label and unit are spread."""
        kinds = self._rows(
            "SELECT label, unit, SUM(count) FROM histogram GROUP BY label, unit "
            f"ORDER BY 3 DESC, 1, 2 LIMIT {_HISTOGRAMS}"
        )
        charts = []
        for label, unit, total in kinds:
            rows = self._rows(
                "SELECT bin, count FROM histogram WHERE label = ? AND unit = ?", label, unit
            )
            bins = {number: count for number, count in rows if number is not None}
            charts.append(
                {
                    "label": label,
                    "unit": unit,
                    "group": GROUPS.get(label, ""),
                    "total": total,
                    "zero": dict(rows).get(None, 0),
                    "plot": columns(_histogram(label, unit, bins), 400, 140, edges=True),
                    "url": Query(label=label, unit=unit).url(),
                }
            )
        return self._render("numbers.html", charts=charts)

    def errors(self, request: Request) -> Response:
        """What failed in the run, and what the index could not read."""
        records: list[dict[str, str]] = []
        total = 0
        for file in error_files(self._index.run):
            for record in error_records(file):
                total += 1
                if len(records) < _ERRORS_SHOWN:
                    records.append(record)
        problems = self._rows(
            "SELECT path, number, message FROM problems JOIN files ON files.id = file "
            f"ORDER BY path, number LIMIT {_ERRORS_SHOWN}"
        )
        return self._render("errors.html", records=records, total=total, problems=problems)

    def refresh(self, request: Request) -> Response:
        """Take in what the run has written since."""
        self._index.refresh()
        self._search.forget()
        return RedirectResponse("/", 303)


def _document_url(name: str, query: Query) -> str:
    return "/document?" + urlencode({"id": name, "from": query.url()})


def _number(text: str, least: int) -> int:
    return max(least, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else least


def _histogram(label: str, unit: str, bins: dict[int, int]) -> list[Bar]:
    """A bar for each bin between the first and the last."""
    bars = []
    for number in range(min(bins), max(bins) + 1) if bins else ():
        low, high = bin_start(number), bin_start(number + 1)
        count = bins.get(number, 0)
        ends = f"{short_number(low)}–{short_number(high)} {unit}".strip()
        query = Query(label=label, unit=unit, least=f"{low:.4g}", most=f"{high:.4g}")
        # The powers of ten are the scale.
        name = short_number(low) if number % BINS == 0 else ""
        bars.append(Bar(name, count, f"{ends}: {count:,}", query.url() if count else ""))
    return bars
