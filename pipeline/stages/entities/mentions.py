"""What the sources of entities propose, and how one proposal wins over another."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

_START = attrgetter("start")


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


class Places:
    """Where mentions stand; they may overlap."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self._mentions = sorted(mentions, key=_START)
        self._starts = list(map(_START, self._mentions))
        self._longest = max((m.end - m.start for m in self._mentions), default=0)

    def overlapping(self, start: int, end: int) -> list[Mention]:
        """The mentions that share a character with a span, in the order of their starts."""
        first = bisect_right(self._starts, start - self._longest)
        after = bisect_left(self._starts, end, first)
        return [m for m in self._mentions[first:after] if m.end > start]


def resolve(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions without overlap, in order: the longest wins, then the source's rank."""
    chosen: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.rank, m.start)):
        span = range(mention.start, mention.end)
        if taken.isdisjoint(span):
            taken.update(span)
            chosen.append(mention)
    return sorted(chosen, key=_START)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mention that a source proposes, and why it was not taken; `reason` None: it was."""

    mention: Mention
    reason: str | None = None


def outcomes(mentions: Iterable[Mention], contradicted: Iterable[Mention]) -> list[Proposal]:
    """What `resolve` makes of the mentions, in order; `contradicted` never came so far."""
    proposed = list(mentions)
    chosen = resolve(proposed)
    taken = {id(mention) for mention in chosen}
    found = [Proposal(m, _lost_to(m, chosen)) for m in proposed if id(m) not in taken]
    found += [Proposal(mention) for mention in chosen]
    found += [Proposal(m, "the tagger does not see it so") for m in contradicted]
    return sorted(found, key=lambda p: (p.mention.start, p.mention.end, p.mention.rank))


def _lost_to(mention: Mention, chosen: Iterable[Mention]) -> str:
    rival = next(m for m in chosen if m.start < mention.end and mention.start < m.end)
    if (rival.start, rival.end, rival.label) == (mention.start, mention.end, mention.label):
        return f"the same is said by {rival.by}"
    if rival.end - rival.start > mention.end - mention.start:
        return f"shorter than {rival.label} {rival.start}–{rival.end} by {rival.by}"
    return f"as long as {rival.label} {rival.start}–{rival.end} by {rival.by}, which goes first"
