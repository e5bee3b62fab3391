"""One case of a set, and how a number of ours is compared with what the case expects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.document import Document, Number

Extract = Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class Case:
    """One judged case.

    Attributes:
        set: the row of the summary that it counts in.
        text: what was read.
        left_out: the convention for which it does not count, or None.
        problem: what is wrong with it, or None where it is right.
    """

    set: str
    text: str
    left_out: str | None = None
    problem: str | None = None


def figure(number: Number) -> Decimal | None:
    """The figure of a number of ours: its value, the length of a duration (P3M: 3), or else the
    lower bound (of 几亿, 3至5).
    """
    value = number.value
    if isinstance(value, str):
        digits = value.strip("PTYMWDQHS")
        if not digits.replace(".", "", 1).isdigit():
            return None
        return Decimal(digits) * (1000 if number.text.endswith("毫秒") else 1)
    if value is None:
        value = number.min
    return None if value is None else Decimal(value)


def equal(ours: Decimal | None, theirs: Decimal) -> bool:
    """Whether two figures agree to the tenth decimal, to which our fractions are rounded."""
    if ours is None:
        return False
    return abs(ours - theirs) <= Decimal("1e-10") + abs(theirs) * Decimal("1e-12")


def shown(numbers: Sequence[Number]) -> str:
    """Numbers of ours for a list of misses."""
    return "; ".join(
        f"{n.text} {n.label} {n.value if n.value is not None else (n.min, n.max)} {n.unit or ''}"
        for n in numbers
    )
