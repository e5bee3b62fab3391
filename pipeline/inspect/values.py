"""Values of numbers as people read them."""

from __future__ import annotations

from decimal import Decimal

from pipeline.document import Change, Number

_SIGNS = {"about": "≈ ", "nearly": "< ", "over": "> ", "at_least": "≥ ", "at_most": "≤ "}


def shown_value(number: Number) -> str:
    """The value with its unit: `> 26,549,000,000 CNY`, `3–5 %`, `2024-Q2`; empty if unknown."""
    if isinstance(number.value, str):
        return number.value
    unit = f" {number.unit}" if number.unit else ""
    if number.value is None:
        if number.min is None and number.max is None:
            return ""
        low = "" if number.min is None else _grouped(number.min)
        high = "" if number.max is None else _grouped(number.max)
        return f"{low}–{high}{unit}"
    return f"{_SIGNS.get(number.modifier or '', '')}{_grouped(number.value)}{unit}"


def shown_bounds(number: Number) -> str:
    """The modifier with its cue and the interval: `over (逾) 7000..`; empty if it is exact."""
    if number.modifier is None:
        return ""
    cue = f" ({number.cue})" if number.cue else ""
    if number.min is None and number.max is None:
        return number.modifier + cue
    low = "" if number.min is None else number.min
    high = "" if number.max is None else number.max
    return f"{number.modifier}{cue} {low}..{high}"


def shown_change(change: Change | None) -> str:
    """Direction, basis and cue of a change: `up yoy (同比增长)`; empty if there is none."""
    if change is None:
        return ""
    return " ".join(filter(None, (change.direction, change.basis, f"({change.cue})")))


def _grouped(value: int | Decimal) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,f}"
