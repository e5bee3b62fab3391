"""Stage `numbers`: amounts, quantities, counts, dates and durations with their values.

Dates are found first (they hold numerals), then every other numeral with its unit, then the cues
before and after it. What stands inside a name, an address or a list marker is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter

from pipeline.chain import BaseStage
from pipeline.config import NumberSettings
from pipeline.document import Document, Number
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives
from pipeline.stages.numbers import timex
from pipeline.stages.numbers.amount import Amount, Spans, plain
from pipeline.stages.numbers.amounts import Amounts
from pipeline.stages.numbers.anchors import Anchors
from pipeline.stages.numbers.changes import Changes
from pipeline.stages.numbers.clock import Clock
from pipeline.stages.numbers.dates import DateMention, Dates
from pipeline.stages.numbers.fiscal import FiscalYears, fiscal_days
from pipeline.stages.numbers.not_numbers import not_numbers
from pipeline.stages.numbers.parse import parse as parse
from pipeline.stages.numbers.published import publication_day
from pipeline.stages.numbers.spaced import Squeezed
from pipeline.stages.tokens import split_tokens

_MARKETS = {"tw2s": "TWD", "hk2s": "HKD"}
_CUE_REACH = 6
# What may stand between a cue and its number: 至少有一半, 超过了50%.
_FILLERS = ("有", "了", "为", "占", "达", "于", "达到")


class NumberExtractor(BaseStage):
    """Fills `numbers`, completes `metadata.published`, and splits tokens at their borders.

    Args:
        settings: see `NumberSettings`.
        resources: where `numbers/` is looked up.

    Raises:
        ResourceError: if a table has a bad row.
    """

    name = "numbers"
    requires: tuple[str, ...] = ("text", "tokens", "metadata", "entities")
    provides: tuple[str, ...] = ("numbers",)

    def __init__(
        self, settings: NumberSettings | None = None, resources: Resources | None = None
    ) -> None:
        self.settings = settings or NumberSettings()
        resources = resources or Resources()
        rules = resources.toml("numbers/rules.toml")
        self._amounts = Amounts(resources)
        self._anchors = Anchors(resources)
        self._dates = Dates(resources)
        self._fiscal = FiscalYears(resources)
        self._hong_kong = re.compile("|".join(rules["market"]["hong_kong"]))
        self._cues = _Cues(rules["cues"])
        self._changes = Changes(resources)

    def process(self, document: Document) -> None:
        """Fill the layers of `provides`."""
        text = document.text
        squeezed = Squeezed(text)
        clock = Clock(squeezed.text, publication_day(document, self.settings.published))
        names = [(e.start, e.end) for e in document.entities]
        names += not_numbers(text)
        published = document.metadata.published
        # A festival is an event, or says when something was: 去年春节.
        events = {(e.start, e.end) for e in document.entities if e.label == "EVENT"}
        no_date = Spans([span for span in names if span not in events], len(text))
        dates = [
            d
            for d in squeezed.placed(self._dates.find(squeezed.text, clock))
            if not no_date.overlap(d.start, d.end) and not (events and _cut(events, d.start, d.end))
        ]
        if published and not any(
            d.start < published.end and published.start < d.end for d in dates
        ):
            dates.append(
                DateMention(published.start, published.end, "DATE", published.value, "published")
            )
        in_dates = [(d.start, d.end) for d in dates]
        if in_dates:
            overlap = Spans(in_dates, len(text)).overlap
            document.entities = [e for e in document.entities if not overlap(e.start, e.end)]
        taken = Spans([*names, *in_dates], len(text))
        amounts = self._amounts.find(text, document.tokens, taken, self._market(document))
        numbers = [self._date(document, d) for d in dates]
        numbers += [self._number(document, a) for a in amounts]
        document.numbers = sorted(numbers, key=attrgetter("start"))
        self._changes.mark(text, document.numbers)
        document.numbers = self._anchors.resolve(document, document.numbers, clock.published)
        unresolved = dict.fromkeys(
            n.text for n in document.numbers if n.label == "DATE" and n.value is None
        )
        document.warnings += [
            f"date {text!r} cannot be resolved: there is no such day, or the article does not say "
            "when it was written"
            for text in unresolved
        ]
        borders = [b for n in document.numbers for b in (n.start, n.end)]
        document.tokens = split_tokens(document.tokens, borders)

    def _market(self, document: Document) -> str:
        """Currency of a bare 元: that of the region the article is from.

        Hong Kong's characters alone do not tell: text converted from simplified has them too.
        """
        if self.settings.market != "auto":
            return self.settings.market
        conversion = document.source.conversion or ""
        if conversion == "hk2s" and not self._hong_kong.search(document.text):
            return "CNY"
        return _MARKETS.get(conversion, "CNY")

    def _date(self, document: Document, mention: DateMention) -> Number:
        start, end, label, value, rule, cue = mention
        first = after = None
        by = f"{label.lower()}:{rule}"
        if label == "DATE" and value:
            if not value.startswith("FY"):
                first, after = timex.iso_bounds(value)
            elif year := self._fiscal.last_month(document, start):
                first, after = (day.isoformat() for day in fiscal_days(value, year[0]))
                by += f"+{year[1]}"
        source_start, source_end, source_text = document.source_span(start, end)
        return Number(
            start, end, document.text[start:end], label, value, None, None, None, None, cue,
            first, after, source_start, source_end, source_text, by,
        )  # fmt: skip

    def _number(self, document: Document, amount: Amount) -> Number:
        text = document.text
        start, end, label, numeral, unit, by, said, _, _, _ = amount
        value, low, high, modifier, cue = numeral
        around = self._cues.around(text, start, end)
        if around is not None and modifier is None:
            modifier, cue = around
            if value is not None:
                low = value if modifier in ("over", "at_least") else None
                high = value if modifier in ("nearly", "at_most") else None
        source_start, source_end, source_text = document.source_span(start, end)
        return Number(
            start,
            end,
            text[start:end],
            label,
            said if said is not None or value is None else plain(value),
            unit,
            None if low is None else plain(low),
            None if high is None else plain(high),
            modifier,
            cue if modifier else None,
            None,
            None,
            source_start,
            source_end,
            source_text,
            by,
        )


class _Cues:
    """The words before and after a number that say how exact it is."""

    def __init__(self, rules: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._modifier = {
            cue: modifier
            for side in rules.values()
            for modifier, cues in side.items()
            for cue in cues
        }
        before = [*chain.from_iterable(rules["before"].values())]
        after = [*chain.from_iterable(rules["after"].values())]
        # The last character of a cue or filler; white space may stand behind it.
        self._ends_before = frozenset(word[-1] for word in (*_FILLERS, *before))
        self._begins_after = frozenset("(（").union(cue[0] for cue in after)
        self._before = re.compile(
            f"(?P<cue>{alternatives(before)})(?:{alternatives(_FILLERS)})?\\s?$"
        )
        self._after = re.compile(
            # 50万元（含）以上
            rf"(?:[(（]含[^)）]{{0,4}}[)）])?(?P<cue>{alternatives(after)})"
        )

    def around(self, text: str, start: int, end: int) -> tuple[str, str] | None:
        """Modifier and cue of the number `text[start:end]`; None without a cue."""
        match = None
        if text[max(0, start - 3) : start].rstrip()[-1:] in self._ends_before:
            match = self._before.search(text, max(0, start - _CUE_REACH), start)
        if match is None and text[end : end + 1] in self._begins_after:
            match = self._after.match(text, end)
        if match is None:
            return None
        return self._modifier[match["cue"]], match["cue"]


def _cut(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of the spans overlaps `[start, end)` without lying inside it."""
    return any(s < end and start < e and not (start <= s and e <= end) for s, e in spans)
