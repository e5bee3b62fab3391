"""Microsoft Recognizers-Text, Chinese: the model specs for numbers and numbers with units.

Their conventions, and ours:

- A spec is about one kind of number, ours are all annotated: in each, only our labels of that
  kind count as too many, and a case of NumberModel is right where any number of ours begins or
  ends with the numeral and has its figure (一只 is 1 with its classifier, 百分之五 is 5 %).
- Their values are doubles in the unit of the spec: a percentage point is a percentage, 一打 is 12,
  a fraction out of a million is a percentage, 三千比特 are 3 kilobits. Ours are mapped to these.
- A bare 元 is theirs the yuan, ours the currency of the article's market: any is right.
- An open number (十余万, 几亿) is its lower bound there.
- An age includes 大, ours ends with the unit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.bench.amounts.case import Case, Extract, equal, figure, shown
from pipeline.document import Number
from pipeline.resources import Resources
from pipeline.stages.numbers.units import Units

_KILO = {"Kilobit", "Kilobyte", "Kilometer", "Kilogram", "Kilowatt", "Kilocalorie"}
_DIGITS = frozenset("零一二三四五六七八九十两叁壹兩")


@dataclass(frozen=True, slots=True)
class _Model:
    """A spec: its file, the labels of ours that it is about, and the figure in its own unit."""

    path: str
    labels: frozenset[str]
    figure: Callable[[Number, Mapping[str, Any]], Decimal | None]


def _number(number: Number, _: Mapping[str, Any]) -> Decimal | None:
    ours = figure(number)
    return ours * 12 if ours is not None and number.unit == "打" else ours


def _percent(number: Number, _: Mapping[str, Any]) -> Decimal | None:
    ours = figure(number)
    return ours * 100 if ours is not None and number.label == "FRACTION" else ours


def _unit(number: Number, resolution: Mapping[str, Any]) -> Decimal | None:
    ours = figure(number)
    kilo = resolution.get("unit") in _KILO and not (number.unit or "").startswith(
        ("千", "公", "k", "K")
    )
    return ours / 1000 if ours is not None and kilo else ours


_QUANTITIES = frozenset({"QUANTITY"})
_MODELS = {
    "number": _Model(
        "Number/Chinese/NumberModel.json", frozenset({"CARDINAL", "FRACTION", "QUANTITY"}), _number
    ),
    "ordinal": _Model("Number/Chinese/OrdinalModel.json", frozenset({"ORDINAL"}), _number),
    "percent": _Model(
        "Number/Chinese/PercentModel.json", frozenset({"PERCENT", "PERCENTAGE_POINT"}), _percent
    ),
    "currency": _Model("NumberWithUnit/Chinese/CurrencyModel.json", frozenset({"MONEY"}), _unit),
    "dimension": _Model("NumberWithUnit/Chinese/DimensionModel.json", _QUANTITIES, _unit),
    "temperature": _Model("NumberWithUnit/Chinese/TemperatureModel.json", _QUANTITIES, _unit),
    "age": _Model("NumberWithUnit/Chinese/AgeModel.json", frozenset(), _unit),
}


def cases(folder: Path, extract: Extract) -> Iterator[Case]:
    """All cases that the specs expect of Python, judged."""
    units = Units(Resources())
    for name, model in _MODELS.items():
        for spec in json.loads((folder / model.path).read_text(encoding="utf-8-sig")):
            unsupported = spec.get("NotSupported", "") + spec.get("NotSupportedByDesign", "")
            if "python" in unsupported:
                continue
            text, expected = spec["Input"], spec["Results"]
            reason = _other_convention(name, text, expected, units)
            numbers = extract(text).numbers
            problem = None if reason else _problem(name, model, text, expected, numbers)
            yield Case(f"recognizers {name}", text, reason, problem)


def _other_convention(
    name: str, text: str, expected: list[dict[str, Any]], units: Units
) -> str | None:
    """Why a case does not count, or None."""
    if "^" in text:
        return "mathematical notation is no number of a text"
    if text.count(".") > 2 and not text.startswith("."):
        return "a dotted row of digits is an address or a version"
    if "五台山" in text:
        return "a numeral inside a name is no number"
    if "比特币" in text:
        return "a currency has a code of ISO 4217: 20个 is a CARDINAL"
    if name == "percent" and "二三十" in text:
        return "an approximate range (二三十) is a number by our contract"
    if name == "percent" and text in ("对折", "對折"):
        return "对折 is 50 % wherever it stands"
    if name == "number" and not expected and "美" in text:
        return "an amount of money is a number by our contract"
    if expected and all("value" in r["Resolution"] and _no_figure(r) for r in expected):
        return "a unit or currency without a figure is no number"
    for result in expected:
        numeral, end = result["Text"], result["End"] + 1
        alone = len(numeral) == 1 and numeral in _DIGITS and len(text) > 1
        if name == "number" and alone and not units.after(text, end):
            return f"a single Chinese digit in running text is a word ({numeral})"
    return None


def _no_figure(result: Mapping[str, Any]) -> bool:
    return result["Resolution"]["value"] is None


def _problem(
    name: str, model: _Model, text: str, expected: list[dict[str, Any]], numbers: list[Number]
) -> str | None:
    found: list[Number] = []
    for result in expected:
        if _no_figure(result):
            continue
        start, end = result["Start"], result["End"] + 1
        at = [n for n in numbers if n.source_start < end and start < n.source_end]
        found += at
        if at and at[0].label in ("DATE", "TIME") and name == "number":
            continue
        if not any(_matches(name, model, n, result, text) for n in at):
            return f"{result['Text']} {result['Resolution']['value']} is {shown(at) or 'not found'}"
    surplus = [n for n in numbers if n.label in model.labels and n not in found]
    return f"too many: {shown(surplus)}" if surplus else None


def _matches(
    name: str, model: _Model, number: Number, result: Mapping[str, Any], text: str
) -> bool:
    resolution = result["Resolution"]
    theirs = Decimal(resolution["value"].rstrip("%"))
    start, end = result["Start"], result["End"] + 1
    if name == "age":
        end -= text[end - 1] == "大"
    if number.modifier == "range" and number.source_end == end:
        # 5-20% is one number of ours, 70-90天 too.
        return number.max is None or equal(Decimal(number.max), theirs)
    if name == "number":
        # An integral part of the figure: 一百分之五十五 is 55 %, 0.55 as a number.
        within = number.source_start <= start and end <= number.source_end
        beside = (
            start == number.source_start
            or end == number.source_end
            or (number.label in ("MONEY", "PERCENT", "ORDINAL"))
        )
        return within and beside and equal(model.figure(number, resolution), theirs)
    code = resolution.get("isoCurrency")
    currency = code is None or number.unit == code or "market=" in number.by or code == "Dollar"
    return (
        (number.source_start, number.source_end) == (start, end)
        and currency
        and equal(model.figure(number, resolution), theirs)
    )
