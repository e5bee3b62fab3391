"""What makes an ambiguous form of the lexicon (苹果, 大量, 太平洋) a name in an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import rjieba

from pipeline.stages.alternatives import alternatives
from pipeline.stages.entities.mentions import Entry, Mention
from pipeline.stages.entities.tables import Tables

_JOINTS = "、和与及/"
# What may stand between a name and its code: (行情600519,诊股), (股票代码:300750), (NYSE:BABA).
_BRACKET = re.compile(r"[(（\[][^()（）\n]{0,24}")
_CODE = re.compile("[0-9A-Z]{1,6}")
# Behind the company that a headline is about; the words that may stand before it.
_HEADLINE = re.compile("[:：]")
_ORIGINAL = "原标题："
# Short names of listings, of which most are words too (大量).
_SHORT = 2

Found = tuple[int, int, str]


class Evidence:
    """Looks for a reason to take ambiguous forms.

    Args:
        rules: the content of `entities.toml`.
        tables: the rows of the lexicon.
    """

    def __init__(self, rules: Mapping[str, Any], tables: Tables) -> None:
        context = rules["context"]
        self._after = re.compile(alternatives(context["after"]))
        self._before = re.compile(f"(?:{alternatives(context['before'])})$")
        self._window: int = context["window"]
        self._kind = re.compile(alternatives(rules["full_names"]["kinds"]))
        self._tables = tables
        self._doubtful: dict[str, list[int]] = {}

    def confirm(
        self, text: str, doubtful: Iterable[Found], clear: Iterable[Mention]
    ) -> list[Mention]:
        """Mentions of the forms that the article confirms.

        A form that is confirmed once counts wherever it stands. If it names several things, each
        reading needs its own evidence, and the one that needs none counts where there is none.
        """
        # By the entry's identity, for hashing one takes long; a row has one entry.
        known: dict[int, str] = {}
        ends: dict[int, Mention] = {}
        starts: dict[int, Mention] = {}
        for mention in clear:
            ends[mention.end] = starts[mention.start] = mention
            if mention.entry:
                known.setdefault(id(mention.entry), text[mention.start : mention.end])
        waiting = list(doubtful)
        confirmed: dict[str, tuple[int, str]] = {}
        mentions: list[Mention] = []
        for start, end, form in waiting:
            if form not in confirmed:
                reason = self._reason(text, start, end, form, known)
                if reason is not None:
                    confirmed[form] = reason
        # In a list, one certain name confirms the next: 兆丰金、第一金、大量.
        grown = True
        while grown:
            grown = False
            rest = []
            for start, end, form in waiting:
                if form not in confirmed:
                    reason = self._listed(text, start, end, form, ends, starts)
                    if reason is None:
                        rest.append((start, end, form))
                        continue
                    confirmed[form] = reason
                mention = self._mention(text, start, end, form, *confirmed[form])
                end = mention.end
                ends[end] = starts[start] = mention
                mentions.append(mention)
                grown = True
            waiting = rest
        for start, end, form in waiting:
            row = self._tables.forms[form]
            if (form, row) not in self._tables.ambiguous:
                mentions.append(self._mention(text, start, end, form, row, ""))
        return mentions

    def _reason(
        self, text: str, start: int, end: int, form: str, known: Mapping[int, str]
    ) -> tuple[int, str] | None:
        """The reading that the form's surroundings or the article speak for, and why."""
        rows = self._ambiguous_readings(form)
        for row in rows:
            ticker = _ticker_after(text, end, self._tables.entry(row))
            if ticker:
                return row, f"+ticker:{ticker}"
        for row in rows:
            name = known.get(id(self._tables.entry(row)))
            if name is not None and name != form:
                return row, f"+name:{name}"
        only = self._only_reading(form)
        if only is None:
            return None
        full = self._full_name_end(text, end, form, only)
        if full > end:
            return only, f"+kind:{text[end:full]}"
        # Words like 公司 do not make so short a form a name.
        if len(form) <= _SHORT and self._tables.is_listing(only):
            return None
        if after := self._after.match(text, end):
            return only, f"+context:{after[0]}"
        if self._tables.is_listing(only) and _HEADLINE.match(text, end):
            # 商业城：终止重大资产重组
            line = text.rfind("\n", 0, start) + 1
            if text[line:start] in ("", _ORIGINAL):
                return only, "+headline"
        if before := self._before.search(text, max(0, start - self._window), start):
            return only, f"+context:{before[0]}"
        return None

    def _listed(
        self,
        text: str,
        start: int,
        end: int,
        form: str,
        ends: Mapping[int, Mention],
        starts: Mapping[int, Mention],
    ) -> tuple[int, str] | None:
        """The reading whose kind a neighbour in a list has: 兆丰金、第一金."""
        for mention, joint in ((ends.get(start - 1), start - 1), (starts.get(end + 1), end)):
            if mention is None or text[joint] not in _JOINTS:
                continue
            only = self._only_reading(form)
            if only is not None and mention.label == self._tables.entry(only).label:
                return only, f"+list:{text[mention.start : mention.end]}"
        return None

    def _only_reading(self, form: str) -> int | None:
        """The reading of a form that names one thing, if it is a name at all."""
        return None if form in self._tables.readings else self._tables.forms[form]

    def _ambiguous_readings(self, form: str) -> list[int]:
        rows = self._doubtful.get(form)
        if rows is None:
            rows = [self._tables.forms[form], *self._tables.readings.get(form, ())]
            rows = [row for row in rows if (form, row) in self._tables.ambiguous]
            self._doubtful[form] = rows
        return rows

    def _full_name_end(self, text: str, end: int, form: str, row: int) -> int:
        """Where the name ends that a short listing's name begins: 欣兴 in 欣兴电子."""
        if len(form) > _SHORT or not self._tables.is_listing(row) or rjieba.has_word(form):
            return end
        kind = self._kind.match(text, end)
        return kind.end() if kind else end

    def _mention(
        self, text: str, start: int, end: int, form: str, row: int, evidence: str
    ) -> Mention:
        entry = self._tables.entry(row)
        end = self._full_name_end(text, end, form, row)
        by = f"{self._tables.reason(row)}{evidence}"
        return Mention(start, end, entry.label, by, 0, 0.9 if evidence else 1.0, entry)


def _ticker_after(text: str, end: int, entry: Entry) -> str | None:
    """A code of the entity in brackets directly after its name."""
    if text[end : end + 1] not in ("(", "（", "["):
        return None
    bracket = _BRACKET.match(text, end)
    codes = {code.lstrip("0") for code in _CODE.findall(bracket[0])} if bracket else set()
    return next((t for t in entry.tickers if t.split(".")[0].lstrip("0") in codes), None)
