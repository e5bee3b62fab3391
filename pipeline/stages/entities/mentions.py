"""What the sources of entities propose, and how one proposal wins over another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One entity of the lexicon; see `resources/lexicon/README.md` for the columns."""

    name: str
    label: str
    id: str | None
    tickers: tuple[str, ...]


@dataclass(slots=True, unsafe_hash=True)
class Mention:
    """A proposed entity: a span of the text with a label and the reason for it.

    `rank` orders the sources where spans overlap and are equally long; the lower one wins.
    """

    start: int
    end: int
    label: str
    by: str
    rank: int = 1
    score: float = 1.0
    entry: Entry | None = None


def resolve(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions without overlap, in order: the longest wins, then the source's rank."""
    chosen: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.rank, m.start)):
        span = range(mention.start, mention.end)
        if taken.isdisjoint(span):
            taken.update(span)
            chosen.append(mention)
    return sorted(chosen, key=lambda m: m.start)
