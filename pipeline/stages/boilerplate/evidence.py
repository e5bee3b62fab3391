"""Evidence for a label, how it is added up, and what it says in `by`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_EPSILON = 1e-9


class Evidence(NamedTuple):
    """What speaks for a label, and how much; a negative weight speaks for the article."""

    label: str
    name: str
    weight: float


class Found(NamedTuple):
    """A stretch of boilerplate with its evidence."""

    start: int
    end: int
    label: str
    by: str
    score: float


class Verdict(NamedTuple):
    """The label with the highest sum of evidence.

    Attributes:
        total: the sum.
        score: the sum, 1 at most.
        by: names and weights, as `line:LABEL:NAME+NAME=WEIGHT+WEIGHT`.
    """

    label: str
    total: float
    score: float
    by: str

    def reaches(self, threshold: float) -> bool:
        """Whether that is enough for boilerplate."""
        return self.total >= threshold - _EPSILON


def add_up(evidence: Sequence[Evidence]) -> Verdict | None:
    """The label with the highest sum, the first one of equal ones; None without evidence."""
    if not evidence:
        return None
    sums: dict[str, float] = {}
    for item in evidence:
        sums[item.label] = sums.get(item.label, 0.0) + item.weight
    label = max(sums, key=sums.__getitem__)
    own = [item for item in evidence if item.label == label]
    names = "+".join([item.name for item in own])
    weights = "+".join([f"{item.weight:g}" for item in own])
    total = sums[label]
    return Verdict(label, total, min(1.0, round(total, 2)), f"line:{label}:{names}={weights}")
