"""Amounts that belong together: 3至5亿元 is one, and in 3亿、5亿元 the unit holds for both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.stages.numbers.amount import Amount
from pipeline.stages.numbers.numerals import Numeral

_CONNECTOR = re.compile(r"\s?(?:至|到|[-—–~～－]{1,2})\s?$")
_CONNECTOR_LENGTH = 4
# 1 至 6 月
_DATE = re.compile(r"\s?[年月日号时点]")
_LIST = re.compile(r"\s?[、和及与]\s?")
_SCALES = (Decimal(10**12), Decimal(10**8), Decimal(10**4))


def joined(text: str, amounts: Sequence[Amount]) -> Iterator[Amount]:
    """Join 3至5亿元, 5%-10%, 两到三年 into one amount each."""
    waiting: Amount | None = None
    for amount in amounts:
        if waiting is not None:
            beside = 0 < amount.start - waiting.end <= _CONNECTOR_LENGTH
            both = _join(text, waiting, amount) if beside else None
            if both is not None:
                waiting = both
                continue
            yield waiting
        waiting = amount
    if waiting is not None:
        yield waiting


def with_shared_units(text: str, amounts: Sequence[Amount]) -> list[Amount]:
    """3亿、5亿元: a figure of a list without a unit has that of the next one."""
    result: list[Amount] = []
    for amount in reversed(amounts):
        after = result[-1] if result else None
        if (
            after is not None
            and amount.label == "CARDINAL"
            and amount.unit is None
            and not amount.bare
            and after.label in ("MONEY", "QUANTITY")
            and "+currency" not in after.by
            and "currency+" not in after.by
            and (amount.scale > 1) == (after.scale > 1)
            and _LIST.fullmatch(text, amount.end, after.start)
        ):
            by = after.by if after.by.endswith("+list") else f"{after.by}+list"
            numeral = amount.numeral.scaled(after.factor)
            amount = amount._replace(
                label=after.label, unit=after.unit, numeral=numeral, by=by,
                factor=after.factor,
            )  # fmt: skip
        result.append(amount)
    return result[::-1]


def _scaled_like(numeral: Numeral, own: Decimal, last: Amount) -> Numeral:
    """The first part of a range with the scale that only the last part states.

    3至5千亿 shares 千亿, 七千到九千亿 only 亿.
    """
    assert numeral.value is not None and last.numeral.value is not None, "the caller checks"
    scales = [last.scale] if own == 1 else []
    scales += [s for s in _SCALES if s > own and s < last.scale and last.scale % s == 0]
    for scale in scales:
        if numeral.value * scale < last.numeral.value:
            return numeral.scaled(scale)
    return numeral


def _join(text: str, first: Amount, last: Amount) -> Amount | None:
    """One amount from two beside each other with a connector between them, or None."""
    if not _CONNECTOR.fullmatch(text, first.end, last.start):
        return None
    if last.bare or last.label in ("ORDINAL", "FRACTION"):
        return None
    if last.numeral.modifier not in (None, "several"):
        return None
    same = first.label == last.label and first.unit == last.unit
    if first.label == "CARDINAL" and first.unit is None:
        # 10k~15k, 100至200; but 3-5 may be a score, a date or a model.
        plain = last.label == "CARDINAL" and last.unit is None
        said = text[first.end : last.start].strip() in ("至", "到")
        if plain and (first.bare or not (said or last.scale > 1) or _DATE.match(text, last.end)):
            return None
    elif not same:
        return None
    numeral = first.numeral
    if last.label == "DURATION":
        return last._replace(
            start=first.start,
            value=None,
            numeral=Numeral(None, None, None, "range"),
            by=f"{last.by}+range",
        )
    if numeral.modifier == last.numeral.modifier == "several" and numeral.min is not None:
        return last._replace(
            start=first.start,
            by=f"{last.by}+range",
            numeral=last.numeral._replace(min=numeral.min, cue=None, modifier="range"),
        )
    if numeral.value is None or last.numeral.value is None:
        return None
    if first.label == "CARDINAL" and first.unit is None:
        numeral = numeral.scaled(last.factor)
    if first.label == "CARDINAL" and last.scale > first.scale:
        numeral = _scaled_like(numeral, first.scale, last)
    assert numeral.value is not None, "scaling keeps a value"
    if numeral.value > last.numeral.value:
        return None
    return last._replace(
        start=first.start,
        bare=False,
        by=f"{last.by}+range",
        numeral=Numeral(None, numeral.value, last.numeral.value, "range"),
    )
