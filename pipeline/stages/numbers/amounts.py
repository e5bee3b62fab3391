"""Numerals with what stands around them: money, percentages, quantities, counts, durations.

For every numeral outside a fixed form (`fixed`, `parts`), the currency before it and the unit
after it decide (`units`). Two amounts with 至 between them become a range (`ranges`), the figures
of a table have the unit of its head (`tables`). A numeral with nothing after it is a CARDINAL if
it is written in Arabic digits or cannot be part of a word (`standing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from operator import attrgetter

from pipeline.errors import ResourceError
from pipeline.resources import Resources
from pipeline.stages.alternatives import beginnings, matches_at
from pipeline.stages.numbers.amount import Amount, Spans
from pipeline.stages.numbers.fixed import find_fixed
from pipeline.stages.numbers.numerals import (
    NOT_IN_NUMERAL,
    NUMERAL,
    NUMERAL_HEAD,
    Numeral,
    longest_numeral,
    parse_numeral,
    shared_scale,
)
from pipeline.stages.numbers.parts import find_parts
from pipeline.stages.numbers.ranges import joined, with_shared_units
from pipeline.stages.numbers.standing import stands
from pipeline.stages.numbers.tables import with_units_of_heads
from pipeline.stages.numbers.units import BY_MARKET, BY_STATED, Units, unit_kind
from pipeline.tokens import Tokens

# After a unit or numeral, the same character joins a range.
_SIGN = re.compile(
    r"(?<![0-9A-Za-z%)）年月日时点分秒元亿万千百十倍个家人次美港第—–~-])[-−–](?=[\d.])"
    # 欺负, 抱负, 肩负
    "|(?<![欺抱胜自肩辜背担身])负"
)
_SIGNS = "-−–负"
_IS_SIGN = frozenset(_SIGNS)
# 零下 5度
_BELOW_ZERO = "零下"
_THERMOMETER = re.compile("(?P<name>华氏|摄氏)(?:温度)?$")
_ARABIC = frozenset("0123456789.")
_LATIN = re.compile("[A-Za-z]")
_ONE = Decimal(1)
_MOST_DIGITS = 60
_PLAIN_BEGINNING = re.compile(r"(?:\(\?<[!=][^()]*\))?(?P<plain>\w(?:\w(?![?*{|]))?)")
_PREFIX_REACH = 6
_WORD = frozenset("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_LETTERS = _WORD - _DIGITS - {"_"}
# What stands before a numeral that may go on from there.
_GLUE = _WORD | {"-"}


class Amounts:
    """Reads the amounts of a text with the tables of units and words.

    Raises:
        ResourceError: if a table has a bad row.
    """

    def __init__(self, resources: Resources) -> None:
        self._units = Units(resources)
        not_numbers = resources.toml("numbers/rules.toml")["words"]["not_numbers"]
        self._words = re.compile("|".join(sorted(not_numbers, key=len, reverse=True)))
        self._word_heads = beginnings(map(_plain_beginning, not_numbers))

    def find(self, text: str, tokens: Tokens, taken: Spans, market: str) -> list[Amount]:
        """All amounts of a text, in order, without overlap.

        Args:
            tokens: the text's.
            taken: spans where no number is looked for (entities, dates, addresses).
            market: ISO code of the currency of a bare 元.
        """
        words = matches_at(self._word_heads, self._words, text)
        not_in = Spans((word.span() for word in words), len(text))
        parts = list(find_parts(text, taken))
        fixed = list(find_fixed(text, taken))
        if parts and fixed:
            covered = Spans([(a.start, a.end) for a in parts], len(text))
            fixed = [a for a in fixed if not covered.overlap(a.start, a.end)]
        reader = _Reader(text, self._units, tokens, taken, not_in, market)
        amounts = _merge_overlaps([*parts, *fixed], reader.amounts(), len(text))
        stated = self._units.stated_below(text)
        if stated is not None:
            amounts = [_in_currency(a, *stated) for a in amounts]
        amounts = with_shared_units(text, list(joined(text, amounts)))
        amounts = with_units_of_heads(text, amounts, self._units, market)
        return [a for a in amounts if not a.bare]


class _Reader:
    """The numerals of one text with their units."""

    def __init__(
        self,
        text: str,
        units: Units,
        tokens: Tokens,
        taken: Spans,
        words: Spans,
        market: str,
    ) -> None:
        self._text = text
        self._units = units
        self._tokens = tokens
        self._taken = taken.mask
        self._words = words.mask
        self._market = market
        self._prefix_ends = units.prefix_ends
        # Where the text begins and ends without the space around it.
        self._first = len(text) - len(text.lstrip())
        self._last = len(text.rstrip())

    def amounts(self) -> Iterator[Amount]:
        """All of them, in order."""
        text = self._text
        done = at = 0
        taken, words = self._taken, self._words
        while (head := NUMERAL_HEAD.search(text, at)) is not None:
            start = head.start()
            if taken[start]:
                free = taken.find(0, start)
                if free < 0:
                    break
                if NOT_IN_NUMERAL.match(text, free):
                    # No numeral reaches out of the taken span.
                    at = free
                    continue
            match = head if head.lastgroup else NUMERAL.match(text, start)
            if match is None:
                at = start + 1
                continue
            at = stop = match.end()
            # A longer row of digits is no number that anybody computes with.
            if start < done or at - start > _MOST_DIGITS:
                continue
            if taken[start] or words[start]:
                continue
            if taken.find(1, start, at) >= 0:
                stop = self._free(start, at)
                if stop == start or taken.find(1, start, stop) >= 0:
                    continue
            if start > 1 and text[start - 1] == "." and text[start - 2].isdigit():
                continue
            try:
                at, numeral = stop, parse_numeral(text[start:stop])
            except ValueError:
                longest = longest_numeral(text, start, stop, self._measured)
                if longest is None:
                    continue
                at, numeral = longest
            amount = self._amount(start, at, numeral, done)
            if amount is not None:
                done = amount.end
                yield amount

    def _free(self, start: int, end: int) -> int:
        """Where a taken span cuts `[start, end)`; `start` where it cuts a row of digits."""
        stop = end
        while stop > start and self._taken[stop - 1]:
            stop -= 1
        digits = start < stop < end and _DIGITS.issuperset(self._text[stop - 1 : stop + 1])
        return start if digits else stop

    def _measured(self, position: int) -> bool:
        """Whether a unit of measure begins at a position (千米 after 十)."""
        unit = self._units.after(self._text, position)
        return unit is not None and unit_kind(unit) == "quantity"

    def _amount(self, start: int, end: int, numeral: Numeral, done: int) -> Amount | None:
        """What the numeral `text[start:end]` is with what stands beside it, or None."""
        text, taken = self._text, self._taken
        arabic = text[start] in _ARABIC
        scale = _ONE if text[end - 1] in _DIGITS else shared_scale(text[start:end])
        unit = self._units.after(text, end)
        if unit is not None and taken.find(1, end, unit.end()) >= 0:
            unit = None
        prefix = None
        before = text[start - 1] if start else ""
        if before in self._prefix_ends:
            prefix = self._units.currency_before(text, max(done, start - _PREFIX_REACH), start)
            if prefix is not None and taken.find(1, prefix.start(), start) >= 0:
                prefix = None
        if prefix is None and arabic and before in _GLUE and _is_glued(text, start):
            return None
        # 美元一 in 港元兑美元一周: one Chinese digit after a currency is no amount.
        if prefix is not None and (arabic or end - start > 1):
            return self._units.money(prefix, end, numeral, unit, scale)
        if (
            arabic
            or self._alone(start, unit.end() if unit else end)
            or self._stands(start, end, numeral, unit)
        ):
            return self._plain(start, end, numeral, unit, scale)
        if unit is None or unit_kind(unit) != "classifier":
            return Amount(start, end, "CARDINAL", numeral, None, "number", bare=True, scale=scale)
        return None

    def _alone(self, start: int, end: int) -> bool:
        """Whether the text is nothing but this numeral and its unit."""
        if start and self._text[start - 1] in _SIGNS:
            start -= 1
        # 万 and 兆 alone are words.
        return start == self._first and end == self._last and self._text[start] not in "万亿兆数几"

    def _stands(self, start: int, end: int, numeral: Numeral, unit: re.Match[str] | None) -> bool:
        found = None
        if unit is not None:
            found = unit.end(), unit[0].strip() not in self._units.arabic_only
        return stands(self._text, start, end, numeral, found, self._tokens)

    def _plain(
        self, start: int, end: int, numeral: Numeral, unit: re.Match[str] | None, scale: Decimal
    ) -> Amount | None:
        """A numeral without a currency before it; None where it belongs to a Latin word."""
        text = self._text
        first = start
        before = text[start - 1] if start else ""
        if before in _IS_SIGN and _SIGN.match(text, start - 1):
            start, numeral = start - 1, numeral.scaled(Decimal(-1))
        elif unit is not None and before == "下" and text.endswith(_BELOW_ZERO, 0, start):
            start, numeral = start - len(_BELOW_ZERO), numeral.scaled(Decimal(-1))
        if unit is not None:
            amount = self._units.amount(start, unit, numeral, self._market, scale)
            if amount is not None and amount.unit == "度":
                named = _THERMOMETER.search(text, max(0, first - 4), first)
                if named is not None:
                    amount = amount._replace(start=named.start(), unit=f"{named['name']}度")
            return amount
        if text[first] in _ARABIC and text[end - 1].isdigit() and _LATIN.match(text, end):
            return None
        return Amount(start, end, "CARDINAL", numeral, None, "cardinal:numeral", scale=scale)


def _plain_beginning(word: str) -> str:
    """The first one or two characters of a word; a condition may stand before it, or a pattern
    behind them: (?<![到至])四周, 十[三四五]五.
    """
    found = _PLAIN_BEGINNING.match(word)
    if found is None:
        raise ResourceError(f"numbers/rules.toml, words.not_numbers: {word!r} begins with no word")
    return found["plain"]


def _is_glued(text: str, start: int) -> bool:
    """Whether a Latin word or a number goes on at `start`, above 0: Qwen2, GPT-4."""
    before = text[start - 1]
    return before in _WORD or (before == "-" and start > 1 and text[start - 2] in _LETTERS)


def _in_currency(amount: Amount, position: int, currency: str) -> Amount:
    """A bare 元 below the place where the text says whose it is."""
    if amount.start < position or not amount.by.startswith(BY_MARKET):
        return amount
    return amount._replace(unit=currency, by=f"{BY_STATED}{currency}")


def _merge_overlaps(
    fixed: Iterable[Amount], numerals: Iterable[Amount], length: int
) -> list[Amount]:
    """Fixed forms win over numerals; both are in order."""
    chosen = list(fixed)
    if not chosen:
        return list(numerals)
    covered = Spans([(a.start, a.end) for a in chosen], length)
    chosen += [a for a in numerals if not covered.overlap(a.start, a.end)]
    return sorted(chosen, key=attrgetter("start"))
