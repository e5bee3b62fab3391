"""The unit that the head of a table states for the bare figures below it: 单位：亿元."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.stages.numbers.amount import Amount
from pipeline.stages.numbers.numerals import parse_numeral
from pipeline.stages.numbers.units import Units

# 单位：人民币百万元, 金额单位为亿元, (以千港元计)
_HEAD = re.compile(
    r"单位\s?(?:均?[为是]|[:：])\s?(?P<currency>人民币|港币|新台币|台币|美元)?"
    r"(?P<listed>(?P<scale>[十百千万亿]{0,2})(?=[^\s十百千万亿]))"
    r"|以(?P<counted_in>人民币|港币|新台币)?(?P<reckoned>(?P<counted>[十百千万亿]{1,2})(?=[元美港欧日]))"
)
_RECKONED = re.compile("[^，。；\n]{0,4}?(?:计|列示|列报|呈列|为单位)")
# A sentence ends the table, and these say that a line has another unit.
_SENTENCE = re.compile("[。！？；]|[^\\d\\s]{30}")
_OTHER_UNIT = re.compile("每股|率|比重|占比|比例|[%％‰]|倍数|[人户家]数|元/|/元|单位")
# 产量 (1) points to a note.
_FOOTNOTE = 2
_YEAR = re.compile(r"(?:19|20)\d\d")


def with_units_of_heads(
    text: str, amounts: Sequence[Amount], units: Units, market: str
) -> list[Amount]:
    """The amounts, where bare figures of a table have the unit of its head, and `by` says so."""
    tables = _tables(text, units, market)
    if not tables:
        return list(amounts)
    result = []
    for amount in amounts:
        # The head's own 百万元 is a unit and no amount.
        if any(head.start < amount.end and amount.start < head.end for _, _, head in tables):
            continue
        head = next((h for first, last, h in tables if first <= amount.start < last), None)
        if head is not None and _is_cell(text, amount):
            amount = _in_unit(text, amount, head)
        result.append(amount)
    return result


def _in_unit(text: str, amount: Amount, head: Amount) -> Amount:
    """A cell of a table in the unit of its head; accounts write a loss in brackets: (300)."""
    start, end, factor = amount.start, amount.end, head.factor
    if end - start > _FOOTNOTE and text[start - 1] in "(（" and text[end : end + 1] in (")", "）"):
        start, end, factor = start - 1, end + 1, -factor
    return replace(
        amount,
        start=start,
        end=end,
        label=head.label,
        unit=head.unit,
        numeral=amount.numeral.scaled(factor),
        by=head.by,
    )


def _tables(text: str, units: Units, market: str) -> list[tuple[int, int, Amount]]:
    """Where the lines of each table begin and end, and what one of its figures is."""
    found: list[tuple[int, int, Amount]] = []
    for match in _HEAD.finditer(text):
        group, scale = (
            ("listed", match["scale"])
            if match["listed"] is not None
            else ("reckoned", match["counted"])
        )
        unit = units.after(text, match.end(group))
        if unit is None or (group == "reckoned" and not _RECKONED.match(text, unit.end())):
            continue
        one = parse_numeral("一")
        model = units.amount(match.start(group), unit, one, market, Decimal(1))
        if model is None or model.label not in ("MONEY", "QUANTITY"):
            continue
        named = match["currency"] or match["counted_in"]
        if named and model.label == "MONEY":
            model = replace(model, unit=units.code(named))
        factor = (parse_numeral("一" + scale).value or Decimal(1)) if scale else Decimal(1)
        by = f"{model.label.lower()}:head={scale}{unit[0].strip()}"
        if model.label == "MONEY":
            by += f":{model.unit}"
        if found and found[-1][1] > match.start():
            found[-1] = (found[-1][0], match.start(), found[-1][2])
        first = text.find("\n", match.end())
        if first >= 0:
            model = replace(model, factor=factor * model.factor, by=by)
            found.append((first, _end(text, first + 1), model))
    return found


def _end(text: str, start: int) -> int:
    """Where the first sentence after `start` begins, which ends the table."""
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if _SENTENCE.search(text, start, end):
            return start
        start = end + 1
    return len(text)


def _is_cell(text: str, amount: Amount) -> bool:
    """Whether an amount is a bare figure, and neither a year nor in a line of another unit."""
    if amount.label != "CARDINAL" or amount.unit is not None or amount.scale > 1:
        return False
    if _YEAR.fullmatch(text, amount.start, amount.end):
        return False
    first = text.rfind("\n", 0, amount.start) + 1
    last = text.find("\n", amount.end)
    return not _OTHER_UNIT.search(text, first, len(text) if last < 0 else last)
