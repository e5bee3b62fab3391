"""Listings and curated rows become one row an entity."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from pipeline.build.listings import Listing
from pipeline.build.tables import Curated, Row
from pipeline.build.words import OrdinaryWords

# Groups of exchanges in which one company has one listing; a second one is another company.
_MAINLAND = frozenset({"SH", "SZ", "BJ"})
_TAIWAN = frozenset({"TW", "TWO"})
# Two companies share a shorter name easily.
_SAFE_LENGTH = 3


@dataclass(slots=True)
class Merged:
    """The rows that no curated table has, and the listings whose name means something else."""

    rows: list[Row] = field(default_factory=list)
    clashes: list[tuple[Listing, Row]] = field(default_factory=list)


def merge_listings(
    listings: Iterable[Listing], curated: Curated, words: OrdinaryWords, stop: Collection[str]
) -> Merged:
    """Rows for the listings that the curated tables do not have.

    A listing belongs to the curated row that has its ticker, or that has its name as a company
    without a listing in this market. A B share, or a listing that is over, belongs to the row of
    the same name. Where the name stands for something else (连云港 the city), the listing keeps
    it as a second reading, which needs evidence.
    """
    merged = Merged()
    by_form: dict[str, Row] = {}
    by_ticker: dict[str, Row] = {}
    # B shares and those that are over come last, so that they join their namesakes.
    for listing in sorted(listings, key=lambda one: (not one.active, one.second_class, one.ticker)):
        row = (
            curated.by_ticker.get(listing.first_class)
            or by_ticker.get(listing.first_class)
            or _same_company(listing, curated, by_form)
        )
        if row is not None and row.id in curated.ids:
            # What is in doubt about a curated row is for its author to say.
            forms = (*listing.forms, *listing.former)
            safe = [f for f in forms if f not in by_form and not words.has(f)]
            curated.complete(row, [listing.ticker], safe)
            continue
        if row is None:
            row = _new_row(listing)
            merged.rows.append(row)
            if holder := curated.by_form.get(listing.name) or by_form.get(listing.name):
                merged.clashes.append((listing, holder))
        elif listing.ticker not in row.tickers:
            row.tickers.append(listing.ticker)
        by_ticker[listing.ticker] = row
        for form in (*listing.forms, *listing.former):
            taken = form in curated.by_form or by_form.setdefault(form, row) is not row
            if taken and form != row.name:
                continue
            if form not in row.forms:
                row.aliases.append(form)
            if (taken or form in stop or words.has(form)) and form not in row.ambiguous:
                row.ambiguous.append(form)
    return merged


def _new_row(listing: Listing) -> Row:
    code, market = listing.ticker.lower().split(".")
    kind = "org" if listing.label == "ORG" else "product"
    return Row(listing.name, listing.label, f"{kind}/{market}{code}", [listing.ticker])


def _same_company(listing: Listing, curated: Curated, made: dict[str, Row]) -> Row | None:
    market = listing.ticker.rsplit(".", 1)[1]
    home = _MAINLAND if market in _MAINLAND else _TAIWAN
    for form in listing.forms:
        row = curated.by_form.get(form) or made.get(form)
        if row is None or row.label != listing.label or len(form) < _SAFE_LENGTH:
            continue
        if listing.second_class or not listing.active:
            return row
        known = {ticker.rsplit(".", 1)[-1] for ticker in row.tickers}
        if row.id in curated.ids and known.isdisjoint(home) and (home is _MAINLAND or not known):
            return row
    return None
