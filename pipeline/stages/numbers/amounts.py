"""Numerals with what stands around them: money, percentages, quantities, counts, durations.

For every numeral outside a fixed form (`fixed`), the currency before it and the unit after it
decide (`units`). Two amounts with 至 between them become a range. A numeral with nothing after it
is a CARDINAL if it is written in Arabic digits or large.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.document import Token
from pipeline.resources import Resources
from pipeline.stages.numbers.amount import Amount, Spans
from pipeline.stages.numbers.fixed import find_fixed
from pipeline.stages.numbers.numerals import NUMERAL, Numeral, parse_numeral
from pipeline.stages.numbers.units import BY_MARKET, BY_STATED, Units, unit_kind
from pipeline.stages.tokens import DictionaryWords

_CONNECTOR = re.compile(r"\s?(?:至|到|[-—–~～－]{1,2})\s?$")
# After a unit or numeral, the same character joins a range.
_SIGN = re.compile(
    r"(?<![0-9A-Za-z%)）年月日时点分秒元亿万千百十倍个家人次美港第—–~-])[-−–](?=\d)|负(?=\d)"
)
# 零下 5度
_BELOW_ZERO = "零下"
_LARGE_SCALE = re.compile("(?P<scale>[十百千]?[万亿兆]+)$")
# 两到三百: the scale of a round number is said once, too.
_HUNDREDS = re.compile("[1-9一二两三四五六七八九](?P<scale>[百千佰仟])")
_LONG_NUMERAL = re.compile("[一二三四五六七八九十两百千][万亿].*[千百十]")
_LATIN = re.compile("[A-Za-z]")
_SCALES = (Decimal(10**12), Decimal(10**8), Decimal(10**4))
_MOST_DIGITS = 40
_PREFIX_REACH = 6
_GLUED = re.compile("[0-9A-Za-z_]$|[A-Za-z]-$")
_CUES_IN_WORDS = ("近", "约", "超", "逾", "达", "满")


class Amounts:
    """Reads the amounts of a text with the tables of units and words.

    Raises:
        ResourceError: if a table has a bad row.
    """

    def __init__(self, resources: Resources) -> None:
        self._units = Units(resources)
        not_numbers = resources.toml("numbers/rules.toml")["words"]["not_numbers"]
        self._words = re.compile("|".join(sorted(not_numbers, key=len, reverse=True)))

    def find(self, text: str, tokens: Sequence[Token], taken: Spans, market: str) -> list[Amount]:
        """All amounts of a text, in order, without overlap.

        Args:
            taken: spans where no number is looked for (entities, dates, addresses).
            market: ISO code of the currency of a bare 元.
        """
        words = Spans(match.span() for match in self._words.finditer(text))
        dictionary = DictionaryWords(tokens)
        amounts = _merge_overlaps(
            find_fixed(text, taken),
            self._numerals(text, dictionary, taken, words, market),
        )
        stated = self._units.stated_below(text)
        if stated is not None:
            amounts = [_in_currency(a, *stated) for a in amounts]
        return [a for a in self._ranges(text, amounts) if not a.bare]

    def _numerals(
        self,
        text: str,
        dictionary: DictionaryWords,
        taken: Spans,
        words: Spans,
        market: str,
    ) -> Iterator[Amount]:
        done = 0
        for match in NUMERAL.finditer(text):
            start, end = match.span()
            # A longer row of digits is no number that anybody computes with.
            if end - start > _MOST_DIGITS or start < done:
                continue
            if taken.overlap(start, end) or words.covers(start):
                continue
            arabic = text[start].isdigit()
            if start and text[start - 1] == "." and start > 1 and text[start - 2].isdigit():
                continue
            try:
                numeral = parse_numeral(match[0])
            except ValueError:
                continue
            unit = self._units.after(text, end)
            if unit is not None and taken.overlap(end, unit.end()):
                unit = None
            prefix = self._units.currency_before(text, max(done, start - _PREFIX_REACH), start)
            if prefix is not None and taken.overlap(prefix.start(), start):
                prefix = None
            if prefix is None and arabic and _GLUED.search(text, max(0, start - 2), start):
                continue
            # 美元一 in 港元兑美元一周: one Chinese digit after a currency is no amount.
            if prefix is not None and (arabic or end - start > 1):
                amount: Amount | None = self._units.money(
                    prefix, end, numeral, unit, _scale(match[0])
                )
            elif arabic or _chinese_stands(
                text, start, end, unit, dictionary, self._units.arabic_only
            ):
                amount = self._plain(text, start, end, numeral, unit, market)
            elif unit is None or unit_kind(unit) != "classifier":
                amount = Amount(
                    start,
                    end,
                    "CARDINAL",
                    numeral,
                    None,
                    "number",
                    bare=True,
                    scale=_scale(match[0]),
                )
            else:
                continue
            if amount is not None:
                done = amount.end
                yield amount

    def _plain(
        self,
        text: str,
        start: int,
        end: int,
        numeral: Numeral,
        unit: re.Match[str] | None,
        market: str,
    ) -> Amount | None:
        """A numeral without a currency before it; None where it belongs to a Latin word."""
        arabic, scale = text[start].isdigit(), _scale(text[start:end])
        if start and _SIGN.match(text, start - 1):
            start, numeral = start - 1, numeral.scaled(Decimal(-1))
        elif text.endswith(_BELOW_ZERO, 0, start) and unit is not None:
            start, numeral = start - len(_BELOW_ZERO), numeral.scaled(Decimal(-1))
        if unit is not None:
            return self._units.amount(start, unit, numeral, market, scale)
        if arabic and text[end - 1].isdigit() and _LATIN.match(text, end):
            return None
        by = "cardinal:numeral" if arabic or scale > 1 else "number"
        return Amount(
            start, end, "CARDINAL", numeral, None, by, scale=scale, bare=not arabic and scale == 1
        )

    def _ranges(self, text: str, amounts: Sequence[Amount]) -> Iterator[Amount]:
        """Join 3至5亿元, 5%-10%, 两到三年 into one amount each."""
        waiting: Amount | None = None
        for amount in amounts:
            if waiting is not None:
                joined = _join(text, waiting, amount)
                if joined is not None:
                    waiting = joined
                    continue
                yield waiting
            waiting = amount
        if waiting is not None:
            yield waiting


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


def _scale(numeral: str) -> Decimal:
    match = _LARGE_SCALE.search(numeral) or _HUNDREDS.fullmatch(numeral)
    if match is None or match.start("scale") == 0:
        return Decimal(1)
    return parse_numeral("一" + match["scale"]).value or Decimal(1)


def _chinese_stands(
    text: str,
    start: int,
    end: int,
    unit: re.Match[str] | None,
    dictionary: DictionaryWords,
    arabic_only: frozenset[str],
) -> bool:
    """Whether a Chinese numeral is a number and not part of a word."""
    word = dictionary.covering(start)
    unit_end = end if unit is None else unit.end()
    if word is not None:
        # The dictionary has words such as 近百家, which are a cue and a number.
        if word.start < start and text[word.start : start] not in _CUES_IN_WORDS:
            return False
        if word.end > unit_end and word.pos not in ("m", "t"):
            return False
        if word.start == start and word.end == unit_end and word.pos == "m":
            return True
    if unit is None:
        numeral = text[start:end]
        # 两亿; 一千二百三十四万五千, which holds a scale and goes on.
        return end - start > 1 and (
            _LARGE_SCALE.search(numeral) is not None or _LONG_NUMERAL.search(numeral) is not None
        )
    return not (end - start == 1 and unit[0].strip() in arabic_only)


def _in_currency(amount: Amount, position: int, currency: str) -> Amount:
    """A bare 元 below the place where the text says whose it is."""
    if amount.start < position or not amount.by.startswith(BY_MARKET):
        return amount
    return replace(amount, unit=currency, by=f"{BY_STATED}{currency}")


def _merge_overlaps(fixed: Iterable[Amount], numerals: Iterable[Amount]) -> list[Amount]:
    """Fixed forms win over numerals; both are in order."""
    chosen = list(fixed)
    covered = Spans((a.start, a.end) for a in chosen)
    chosen += [a for a in numerals if not covered.overlap(a.start, a.end)]
    return sorted(chosen, key=lambda a: a.start)


def _join(text: str, first: Amount, last: Amount) -> Amount | None:
    """One amount from two with a connector between them, or None where they are two."""
    if not _CONNECTOR.fullmatch(text, first.end, last.start):
        return None
    if (
        last.bare
        or last.label in ("ORDINAL", "FRACTION")
        or last.numeral.modifier
        not in (
            None,
            "several",
        )
    ):
        return None
    same = first.label == last.label and first.unit == last.unit
    if first.label == "CARDINAL" and first.unit is None:
        if last.label == "CARDINAL" and last.unit is None:
            return None
    elif not same:
        return None
    numeral = first.numeral
    if last.label == "DURATION":
        return replace(
            last,
            start=first.start,
            value=None,
            numeral=Numeral(None, None, None, "range"),
            by=f"{last.by}+range",
        )
    if numeral.modifier == last.numeral.modifier == "several" and numeral.min is not None:
        return replace(
            last,
            start=first.start,
            by=f"{last.by}+range",
            numeral=replace(last.numeral, min=numeral.min, cue=None, modifier="range"),
        )
    if numeral.value is None or last.numeral.value is None:
        return None
    if first.label == "CARDINAL" and last.scale > first.scale:
        numeral = _scaled_like(numeral, first.scale, last)
    if not same and last.label == "PERCENT" and last.by == "percent:成":
        numeral = numeral.scaled(Decimal(10))
    if not same and last.label == "PERCENTAGE_POINT" and last.by == "percentage_point:basis":
        numeral = numeral.scaled(Decimal("0.01"))
    assert numeral.value is not None, "scaling keeps a value"
    if numeral.value > last.numeral.value:
        return None
    return replace(
        last,
        start=first.start,
        bare=False,
        by=f"{last.by}+range",
        numeral=Numeral(None, numeral.value, last.numeral.value, "range"),
    )
