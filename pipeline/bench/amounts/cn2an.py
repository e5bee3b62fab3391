"""cn2an: Chinese numerals to values by `parse` and by the extractor, refusals by `parse`.

Their conventions, and ours:

- Three modes read one text differently (一一 is refused in strict mode, 11 in normal mode); we
  have one: what another mode reads is not expected to be refused, nor is 点一 (.1).
- Direct mode keeps leading zeros (012); ours are values.
- an2cn writes a value in four ways, that of money rounded down to cents: each is read back.
- The transform cases write the numbers of a sentence in the other way: both sentences must have
  the same numbers, and none where there is nothing to write. In direct mode the digits are names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

from pipeline.bench.amounts.case import Case, Extract, equal, figure, shown
from pipeline.document import Number
from pipeline.stages.numbers import parse

_WRITTEN = ("小写", "大写", "money", "direct")
_CENT = Decimal("0.01")


def cases(folder: Path, extract: Extract) -> Iterator[Case]:
    """All cases, judged."""
    lines = (folder / "cn2an.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line, parse_float=Decimal) for line in lines]
    accepted = {r["input"] for r in rows if r["file"] == "cn2an_test" and r["expected"] != "ERROR"}
    for row in rows:
        text, expected = row["input"], row["expected"]
        if row["file"] == "transform_test":
            yield _transformed(text, expected, row["group"], extract)
        elif expected == "ERROR":
            yield _refused(str(text), accepted)
        elif row["file"] == "cn2an_test":
            yield _read("cn2an parse", text, Decimal(expected))
            yield _extracted(text, Decimal(expected), extract)
        else:
            value = Decimal(text)
            written = expected if isinstance(expected, list) else [expected]
            for way, form in zip(_WRITTEN, written, strict=False):
                cents = value.quantize(_CENT, ROUND_DOWN)
                yield _read("cn2an parse", form, cents if way == "money" else value)


def _read(name: str, text: str, value: Decimal) -> Case:
    try:
        ours = parse(text)
    except ValueError as error:
        return Case(name, text, None, str(error))
    return Case(name, text, None, None if ours == value else f"{value} is {ours}")


def _extracted(text: str, value: Decimal, extract: Extract) -> Case:
    numbers = extract(text).numbers
    reason = "a row of digits read out is a name in a text" if "幺" in text else None
    right = len(numbers) == 1 and _whole(numbers[0], text) and equal(figure(numbers[0]), value)
    return Case("cn2an extractor", text, reason, None if right else f"{value}: {shown(numbers)}")


def _whole(number: Number, text: str) -> bool:
    """整 and 正 after an amount may stand outside."""
    return number.source_start == 0 and text[number.source_end :] in ("", "整", "正")


def _refused(text: str, accepted: set[Any]) -> Case:
    reason = None
    if text in accepted:
        reason = "another mode of cn2an reads it, and we have one mode"
    elif text == "1.23E+16":
        reason = "a value too large to be written, not a text"
    try:
        value = parse(text)
    except ValueError:
        return Case("cn2an refused", text, reason, None)
    return Case("cn2an refused", text, reason, f"is read as {value}")


def _transformed(text: str, other: str, group: str, extract: Extract) -> Case:
    ours, theirs = extract(text).numbers, extract(other).numbers
    reason = None
    if group.startswith("direct"):
        reason = "digits read out one by one are names, not values"
    elif any(n.label in ("DATE", "TIME") for n in (*ours, *theirs)) or "月" in text:
        reason = "dates have their own benchmark"
    elif "半" in text and "切" in text:
        reason = "切两半 counts no unit"
    same = [figure(n) for n in ours] == [figure(n) for n in theirs] and bool(ours) == (
        text != other
    )
    problem = None if same else f"{shown(ours)} | {shown(theirs)}"
    return Case("cn2an transform", text, reason, problem)
