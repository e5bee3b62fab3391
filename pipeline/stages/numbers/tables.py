"""The unit that the head of a table states for the bare figures below it: 单位：亿元."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
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
# What the second form begins with: `re` skims a text for one character.
_COUNTED_IN = re.compile("以(?:人民币|港币|新台币)?[十百千万亿]")
_RECKONED = re.compile("[^，。；\n]{0,4}?(?:计|列示|列报|呈列|为单位)")
# A sentence ends the table, and these say that a line has another unit.
_SENTENCE = re.compile("[。！？；]|(?<![^\\d\\s])[^\\d\\s]{30}")
_OTHER_UNIT = re.compile(
    # Plain words only: `re` skims a text for what they begin with.
    "每股|EPS|率|比重|占比|比例|%|％|‰|倍|人数|户数|家数|股数|元/|/元|单位|指数|本益比|ROA|ROE|PE|P/E"
)
_WORD = re.compile("[A-Za-z\u4e00-\u9fff]")
# Cells may stand one a line below the name of their row.
_MOST_CELLS = 12
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
    starts = [head.start for _, _, head in tables]
    # By the span of a row: whether it has no unit of its own.
    without_unit: dict[tuple[int, int], bool] = {}
    result = []
    for amount in amounts:
        at = bisect_right(starts, amount.end - 1) - 1
        if at >= 0:
            first, last, head = tables[at]
            # The head's own 百万元 is a unit and no amount.
            if amount.start < head.end:
                continue
            if first <= amount.start < last and _is_bare(text, amount):
                row = _row(text, amount.start)
                if row not in without_unit:
                    without_unit[row] = not _OTHER_UNIT.search(text, *row)
                if without_unit[row]:
                    amount = _in_unit(text, amount, head)
        result.append(amount)
    return result


def _in_unit(text: str, amount: Amount, head: Amount) -> Amount:
    """A cell of a table in the unit of its head; accounts write a loss in brackets: (300)."""
    start, end, factor = amount.start, amount.end, head.factor
    if end - start > _FOOTNOTE and text[start - 1] in "(（" and text[end : end + 1] in (")", "）"):
        start, end, factor = start - 1, end + 1, -factor
    return amount._replace(
        start=start,
        end=end,
        label=head.label,
        unit=head.unit,
        numeral=amount.numeral.scaled(factor),
        by=head.by,
    )


def _tables(text: str, units: Units, market: str) -> list[tuple[int, int, Amount]]:
    """Where the lines of each table begin and end, and what one of its figures is; in order."""
    if "单位" not in text and not _COUNTED_IN.search(text):
        return []
    heads = [h for m in _HEAD.finditer(text) if (h := _head(text, m, units, market)) is not None]
    tables = []
    limits = [head.start for head in heads[1:]]
    for head, limit in zip(heads, [*limits, len(text)], strict=False):
        first = text.find("\n", head.end, limit)
        if first >= 0:
            tables.append((first, _end(text, first + 1, limit), head))
    return tables


def _head(text: str, match: re.Match[str], units: Units, market: str) -> Amount | None:
    """What one of the figures below a head is, or None where it states no unit."""
    listed = match["listed"] is not None
    scale = match["scale"] if listed else match["counted"]
    unit = units.after(text, match.end("listed" if listed else "reckoned"))
    if unit is None or not (listed or _RECKONED.match(text, unit.end())):
        return None
    one = units.amount(match.start(), unit, parse_numeral("一"), market, Decimal(1))
    if one is None or one.label not in ("MONEY", "QUANTITY"):
        return None
    named = match["currency"] or match["counted_in"]
    if named and one.label == "MONEY":
        one = one._replace(unit=units.code(named))
    by = f"{one.label.lower()}:head={scale}{unit[0].strip()}"
    factor = (parse_numeral(f"一{scale}").value or Decimal(1)) * one.factor
    return one._replace(factor=factor, by=f"{by}:{one.unit}" if one.label == "MONEY" else by)


def _end(text: str, start: int, limit: int) -> int:
    """Where the first sentence after `start` begins, which ends the table; `limit` if none."""
    while start < limit:
        end = text.find("\n", start, limit)
        end = limit if end < 0 else end
        if _SENTENCE.search(text, start, end):
            return start
        start = end + 1
    return limit


def _is_bare(text: str, amount: Amount) -> bool:
    """Whether an amount is a bare figure and no year."""
    if amount.label != "CARDINAL" or amount.unit is not None or amount.scale > 1:
        return False
    return not _YEAR.fullmatch(text, amount.start, amount.end)


def _row(text: str, position: int) -> tuple[int, int]:
    """The line of a cell, from the name of the row on where each cell has its own line."""
    last = text.find("\n", position)
    last = len(text) if last < 0 else last
    first = position
    for _ in range(_MOST_CELLS):
        first = text.rfind("\n", 0, first) + 1
        if first == 0 or _WORD.search(text, first, last):
            break
        first -= 1
    return first, last
