"""Units, currencies and measure words: the tables, and what a numeral beside one of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pipeline.errors import ResourceError
from pipeline.resources import Resources, read_table
from pipeline.stages.alternatives import alternatives
from pipeline.stages.numbers.amount import Amount, duration
from pipeline.stages.numbers.numerals import Numeral, and_more, parse_numeral
from pipeline.stages.numbers.unit_patterns import COIN_DIGITS, UnitPatterns

_COINS = re.compile(
    rf"零?(?:(?P<tenths>[{COIN_DIGITS}])[角毛](?:(?P<hundredths>[{COIN_DIGITS}])分?钱?)?"
    rf"|(?P<cents>[{COIN_DIGITS}])分(?!钟|之))"
)
# 三块 at the end of a clause is money where somebody pays.
_PAID = re.compile("[花付卖买售涨降赚亏掏省收赔][^，。；,;]{0,6}$")
_PAID_REACH = 8
_TENTHS = re.compile(rf"[{COIN_DIGITS}](?=[^\u4e00-\u9fff\w.,%]|$)")
# A bare 元, by the article's region and by the article's own word.
BY_MARKET = "money:amount+unit:market="
BY_STATED = "money:amount+unit:stated="
_CURRENCY_COLUMNS = ("form", "place", "currency", "factor")
# The groups of the unit pattern; the first that matches decides.
_KINDS = (
    "percent",
    "point",
    "basis",
    "permille",
    "discount",
    "multiple",
    "tenth",
    "rate",
    "duration",
    "currency",
    "quantity",
    "classifier",
)
_IS_KIND = frozenset(_KINDS)


@dataclass(frozen=True, slots=True)
class _Currency:
    code: str
    factor: Decimal


class Units:
    """The tables of `numbers/units.toml` and `numbers/currencies.tsv`.

    Attributes:
        after: the unit that stands at a position of a text, one space before it allowed.
        arabic_only: classifiers that a single Chinese digit does not take.
        prefix_ends: the characters that may stand between a currency's name and the figure, and
            the names' last ones.

    Raises:
        ResourceError: if a table has a bad row.
    """

    def __init__(self, resources: Resources) -> None:
        units = resources.toml("numbers/units.toml")
        self._before, self._after = _currencies(resources)
        self._duration: dict[str, str] = units["duration"]
        self.arabic_only = frozenset(units["arabic_only"])
        names = [form for form, currency in self._after.items() if currency.code != "market"]
        self.after = UnitPatterns(units, list(self._after), names).match
        named = alternatives(names)
        # 1,928.7亿元（人民币，下同）: brackets name the currency of a bare 元.
        self._stated = re.compile(rf"[(（]\s?(?P<currency>{named})(?:\s?[，,、]?\s?下同)?\s?[)）]")
        self._after.setdefault("块", self._after["元"])
        # 两美元又三美分: a currency's coins, by what one is worth.
        minor = {f: c for f, c in self._after.items() if c.factor < 1 and c.code != "market"}
        self._minor = minor
        self._coins = re.compile(
            rf"[又零]?(?P<count>[{COIN_DIGITS}]{{1,2}}|[{COIN_DIGITS}]?十[{COIN_DIGITS}]?)"
            rf"(?P<coin>{alternatives(minor)})"
        )
        # (人民币，下同); 单位：亿元人民币
        self._below = re.compile(rf"(?P<currency>{named})\s?[，,、]?\s?下同")
        self._table_below = re.compile(rf"单位\s?[:：]\s?[百千万亿]*(?P<currency>{named})")
        self.prefix_ends = frozenset({form[-1] for form in self._before} | {" ", "\u3000"})
        self._prefix = re.compile(rf"(?:{alternatives(self._before)})\s?$")

    def stated_below(self, text: str) -> tuple[int, str] | None:
        """Where a text says which currency its bare 元 are from there on, and its ISO code."""
        # Few texts do: every currency's name is looked for only where 下同 stands.
        below = self._below.search(text) if "下同" in text else None
        found = [match for match in (below, self._table_below.search(text)) if match is not None]
        if not found:
            return None
        match = min(found, key=lambda match: match.start())
        return match.start(), self._after[match["currency"]].code

    def code(self, currency: str) -> str:
        """ISO code of a currency's name."""
        return self._after[currency].code

    def currency_before(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """The currency that ends at `end`, searched from `start` on."""
        return self._prefix.search(text, start, end)

    def money(
        self,
        prefix: re.Match[str],
        end: int,
        numeral: Numeral,
        unit: re.Match[str] | None,
        scale: Decimal,
    ) -> Amount:
        """A currency before the numeral; the same currency or 元 after it is part of the span."""
        currency = self._before[prefix[0].strip()]
        if unit is not None and unit_kind(unit) == "currency":
            end = unit.end()
        return Amount(
            prefix.start(),
            end,
            "MONEY",
            numeral.scaled(currency.factor),
            currency.code,
            "money:currency+amount",
            scale=scale,
        )

    def amount(
        self,
        start: int,
        unit: re.Match[str],
        numeral: Numeral,
        market: str,
        scale: Decimal,
    ) -> Amount | None:
        """The amount of a numeral at `start` with its unit.

        None of 十折, which takes nothing off.
        """
        kind, end = unit_kind(unit), unit.end()
        if kind == "percent":
            return Amount(start, end, "PERCENT", numeral, "%", "percent:sign")
        word = unit[kind].strip()
        if unit["more"]:
            numeral = and_more(numeral)
        if kind == "currency":
            currency = self._after[word]
            code, by = currency.code, "money:amount+unit"
            if code == "market":
                stated = self._stated.match(unit.string, end)
                code = market if stated is None else self._after[stated["currency"]].code
                by = f"{BY_MARKET if stated is None else BY_STATED}{code}"
            if numeral.value is not None and currency.factor == 1:
                end, numeral = self._with_coins(unit.string, end, numeral, code, word)
            return Amount(
                start, end, "MONEY", numeral.scaled(currency.factor), code, by,
                scale=scale, factor=currency.factor,
            )  # fmt: skip
        if kind == "duration":
            word = unit["duration"]
            if word.startswith("个多"):
                numeral = and_more(numeral)
            return duration(start, end, numeral, self._duration[word], word)
        if kind == "classifier" and word == "块" and self._is_paid(unit, start):
            return Amount(start, end, "MONEY", numeral, market, f"{BY_MARKET}{market}")
        if unit["half_more"] and numeral.value is not None:
            numeral = Numeral(numeral.value + Decimal("0.5"))
        if kind == "permille":
            part = Decimal("0.1")
            return Amount(
                start, end, "PERCENT", numeral.scaled(part), "%", "percent:permille", factor=part
            )
        if kind == "discount":
            # 八折 leaves 80 %, 八五折 85 %.
            if numeral.value == 10:
                return None
            of_ten = numeral.value is None or numeral.value < 10
            factor = Decimal(10) if of_ten else Decimal(1)
            return Amount(
                start, end, "PERCENT", numeral.scaled(factor), "%", "percent:折", factor=factor
            )
        if kind == "tenth":
            ten = Decimal(10)
            numeral = numeral.scaled(ten)
            if unit["tenths"] and numeral.value is not None:
                tenths = 5 if unit["tenths"] == "半" else parse_numeral(unit["tenths"]).value or 0
                numeral = Numeral(numeral.value + tenths)
            return Amount(start, end, "PERCENT", numeral, "%", "percent:成", factor=ten)
        if kind == "rate":
            if unit["half"] and numeral.value is not None:
                numeral = Numeral(numeral.value + Decimal("0.5"))
            return Amount(start, end, "PERCENT", numeral, "%", "percent:厘")
        if kind == "point":
            return Amount(start, end, "PERCENTAGE_POINT", numeral, "pp", "percentage_point")
        if kind == "basis":
            part = Decimal("0.01")
            return Amount(
                start,
                end,
                "PERCENTAGE_POINT",
                numeral.scaled(part),
                "pp",
                "percentage_point:basis",
                factor=part,
            )
        if kind == "multiple":
            return Amount(start, end, "MULTIPLE", numeral, "x", "multiple:倍")
        label = "QUANTITY" if kind == "quantity" else "CARDINAL"
        return Amount(start, end, label, numeral, word, f"{label.lower()}:{kind}", scale=scale)

    def _with_coins(
        self, text: str, end: int, numeral: Numeral, code: str | None, word: str
    ) -> tuple[int, Numeral]:
        """End and value of whole units with the coins after them: 五元三毛, 两美元又三美分."""
        assert numeral.value is not None, "the caller checks"
        coins = _COINS.match(text, end)
        if coins is not None:
            after = end_of_exactly(text, coins.end())
            return after, numeral_and_coins(numeral.value, coins)
        # 十二块五 at the end of a clause
        tenths = _TENTHS.match(text, end) if word == "块" else None
        if tenths is not None:
            tenth = parse_numeral(tenths[0]).value or 0
            return tenths.end(), Numeral(numeral.value + tenth * Decimal("0.1"))
        minor = self._coins.match(text, end)
        if minor is None or self._minor[minor["coin"]].code != code:
            return end, numeral
        count = parse_numeral(minor["count"]).value or 0
        worth = self._minor[minor["coin"]].factor
        return minor.end(), Numeral(numeral.value + count * worth)

    def _is_paid(self, unit: re.Match[str], start: int) -> bool:
        text, end = unit.string, unit.end()
        ends = end == len(text) or text[end] in "，。；！？,;!?\n"
        return ends and _PAID.search(text, max(0, start - _PAID_REACH), start) is not None


def end_of_exactly(text: str, end: int) -> int:
    """Behind the 整 or 正 that ends an amount in words: 壹佰元柒角整."""
    return end + 1 if text[end : end + 1] in ("整", "正") else end


def numeral_and_coins(value: Decimal, coins: re.Match[str]) -> Numeral:
    """十块三毛, 123元1角1分: the coins are tenths and hundredths."""
    tenths, hundredths = coins["tenths"], coins["hundredths"] or coins["cents"]
    for digit, worth in ((tenths, Decimal("0.1")), (hundredths, Decimal("0.01"))):
        if digit:
            value += (parse_numeral(digit).value or 0) * worth
    return Numeral(value)


def unit_kind(unit: re.Match[str]) -> str:
    """Which kind of unit a match is: percent, currency, duration, classifier …"""
    last = unit.lastgroup or ""
    # The last group is the unit's, or that of something behind it.
    if last in _IS_KIND:
        return last
    return next(kind for kind in _KINDS if unit[kind] is not None)


def _currencies(resources: Resources) -> tuple[dict[str, _Currency], dict[str, _Currency]]:
    before: dict[str, _Currency] = {}
    after: dict[str, _Currency] = {}
    for path in resources.tables("numbers"):
        if path.name != "currencies.tsv":
            continue
        for line, row in read_table(path, _CURRENCY_COLUMNS):
            try:
                currency = _Currency(row["currency"], Decimal(row["factor"]))
                places = {"before": (before,), "after": (after,), "both": (before, after)}
                for table in places[row["place"]]:
                    table[row["form"]] = currency
            except (ArithmeticError, KeyError) as error:
                raise ResourceError(
                    f"{path}, line {line}: place must be before, after or both, and factor a "
                    "decimal number"
                ) from error
    return before, after
