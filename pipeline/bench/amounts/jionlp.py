"""JioNLP's money_parser (value, bounds, currency) and money_extractor (spans).

Their conventions, and ours:

- 元 without more is the yuan there; ours is the currency of the article's market. An amount
  without any currency (三百万) is the yuan there, a CARDINAL of the same figure ours.
- Their values have two decimals.
- 数十亿 begins at 10 there and at 20 here (two is the least that several are).
- `blur-` and `blur+` are our modifiers that bound a value above and below; `blur` any.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.bench.amounts.case import Case, Extract, shown
from pipeline.document import Number

_CODES = {"港元": "HKD", "新台币": "TWD", "泰铢": "THB", "欧元": "EUR", "美元": "USD",
          "澳元": "AUD", "日元": "JPY", "韩元": "KRW"}  # fmt: skip
_MODIFIERS = {"blur-": ("nearly", "at_most"), "blur+": ("over", "at_least")}
_CENT = Decimal("0.01")


def cases(folder: Path, extract: Extract) -> Iterator[Case]:
    """All cases, judged."""
    for line in (folder / "money_parser.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        numbers = extract(case["text"]).numbers
        problem = _parsed(case["expected"], numbers)
        yield Case("jionlp money_parser", case["text"], None, problem)
    for line in (folder / "money_extractor.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        numbers = extract(case["text"]).numbers
        yield Case("jionlp money_extractor", case["text"], None, _spans(case["expected"], numbers))


def _parsed(expected: dict[str, Any], numbers: list[Number]) -> str | None:
    if len(numbers) != 1:
        return f"not one number: {shown(numbers)}"
    [number] = numbers
    ours: list[Decimal]
    if isinstance(expected["num"], list):
        low, high = number.min, number.max
        if low is None or high is None:
            return f"no bounds: {shown(numbers)}"
        # Several are two or more; theirs are one or more.
        halved = number.modifier == "several" and (number.cue or "") in "几数" and high == 5 * low
        ours = [Decimal(low) / 2 if halved else Decimal(low), Decimal(high)]
        theirs = [Decimal(n) for n in expected["num"]]
    else:
        if number.value is None or isinstance(number.value, str):
            return f"no value: {shown(numbers)}"
        ours, theirs = [Decimal(number.value)], [Decimal(expected["num"])]
    if [n.quantize(_CENT) for n in ours] != theirs:
        return f"{expected['num']} is {shown(numbers)}"
    code = _CODES.get(expected["case"])
    if code is not None and number.unit != code:
        return f"{expected['case']} is {shown(numbers)}"
    modifiers = _MODIFIERS.get(expected["definition"])
    if modifiers is not None and number.modifier not in modifiers:
        return f"{expected['definition']} is {number.modifier}"
    return None


def _spans(expected: list[dict[str, Any]], numbers: list[Number]) -> str | None:
    spans = [tuple(e["offset"]) for e in expected]
    missing = [
        e["text"]
        for e in expected
        if not any(_span(n) == tuple(e["offset"]) and n.label in _LABELS for n in numbers)
    ]
    surplus = [n for n in numbers if n.label == "MONEY" and _span(n) not in spans]
    if missing or surplus:
        return f"missing {missing}, too many {shown(surplus)}"
    return None


# 10k~15k is no money where nothing says of what.
_LABELS = ("MONEY", "CARDINAL")


def _span(number: Number) -> tuple[int, int]:
    # Money in 人民币车费601元 begins with its figure in both.
    return number.source_start, number.source_end
