"""The unit behind a numeral: a pattern for each character that one begins with."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any

from pipeline.stages.alternatives import alternatives

COIN_DIGITS = "一二两三四五六七八九壹贰叁肆伍陆柒捌玖1-9"
# 一吨半, 三倍半: the half of a unit, where no other word begins with it.
_HALF = "(?P<half_more>半(?=[^\u4e00-\u9fff]|$|[的左以重高长厚和与及]))?"
# What a unit may begin with beside the words of the tables.
_HEADS = "%‰ 个百pbB折倍成厘元块"
_NEVER = "(?!)"
# What is no word of the tables: the characters that it begins with, or stands behind, and its
# pattern.
_FIXED = {
    # Set with spaces, too: 一百 个 百 分 点.
    "point": (
        " 个百p",
        "[ ]{0,4}(?:个[ ]{0,4})?百[ ]{0,2}分[ ]{0,2}点|[ ]?(?:pct|pp|ppts?)(?![A-Za-z])",
    ),
    "percent": ("%", "%(?![A-Za-z])"),
    "basis": ("个基bB", "个?基点|bps?(?![A-Za-z])|个?BP(?![A-Za-z])"),
    "permille": ("‰", "‰"),
    "discount": ("折", "折(?!合|算|扣|让(?!利)|价|旧|现|腾|磨|叠|射)"),
    # The second digit of 三成五 ends the number: in 三成一年内 it begins another one.
    "tenths": (
        "成",
        "[一二三四五六七八九半](?=[^\u4e00-\u9fff]|$|[的至到以左上下和与及])",
    ),
    "rate": ("厘", "厘(?!米|清|定|革)"),
    # 块 is money before its tenths (十块三毛), else it may count tiles.
    "coins": ("块", rf"块(?=[{COIN_DIGITS}](?:[毛角]|$|[^\u4e00-\u9fff\w.]))"),
}
_SPACE = frozenset(" \t")


class UnitPatterns:
    """The units of `numbers/units.toml` and the currencies behind a figure.

    A match's groups are the kinds of units, of which the first that matches decides, and the
    words behind a unit that belong to it.

    Args:
        units: the table `numbers/units.toml`.
        currencies: the names that stand behind a figure.
        named: those of them that name one currency; 元 does not.
    """

    def __init__(
        self, units: Mapping[str, Any], currencies: Collection[str], named: Iterable[str]
    ) -> None:
        self._units = units
        self._currencies = currencies
        self._bare_before_name = f"(?:元(?=(?:{alternatives(named)})))?"
        groups = (["倍", "成"], units["duration"], currencies, units["quantity"])
        forms = (form for group in (*groups, units["classifiers"]) for form in group)
        self._heads = frozenset(_HEADS).union(form[0] for form in forms)
        # Most articles need few of the patterns, and each takes time to compile.
        self._pattern: Callable[[str], re.Pattern[str]] = cache(self._compiled)

    def match(self, text: str, position: int) -> re.Match[str] | None:
        """The unit that stands at a position, one space before it allowed."""
        head = text[position : position + 1]
        if head in _SPACE:
            head = text[position + 1 : position + 2]
        return self._pattern(head).match(text, position) if head in self._heads else None

    def _compiled(self, head: str) -> re.Pattern[str]:
        """The pattern of the units that begin with a character."""

        def words(forms: Iterable[str]) -> str:
            return self._alternatives(form for form in forms if form[0] == head) or _NEVER

        # Every pattern has all groups; those that cannot match here take no time to compile.
        fixed = {
            name: pattern if head in heads else _NEVER for name, (heads, pattern) in _FIXED.items()
        }
        currencies = words(self._currencies)
        bare = ""
        if head == "元":
            # 元港币, 元人民币: the name alone is the currency.
            currencies, bare = self._alternatives(self._currencies), self._bare_before_name
        return re.compile(
            rf"(?P<point>{fixed['point']})|[ \t]?(?:(?P<percent>{fixed['percent']})"
            rf"|(?P<basis>{fixed['basis']})|(?P<permille>{fixed['permille']})"
            rf"|(?P<discount>{fixed['discount']})|(?P<multiple>{words(['倍'])})"
            rf"|(?P<tenth>{words(['成'])}(?: ?(?P<tenths>{fixed['tenths']}))?)"
            rf"|(?P<rate>{fixed['rate']}(?P<half>半)?)"
            rf"|(?P<duration>{words(self._units['duration'])})"
            rf"|{bare}(?P<currency>{currencies}|{fixed['coins']})"
            r"(?P<exactly>(?<=[元圆])[整正](?![体个合理年天改治顿数在式是常]))?"
            rf"|(?P<quantity>{words(self._units['quantity'])}){_HALF}"
            rf"|(?P<classifier>{words(self._units['classifiers'])}))"
            # 三倍多, 两年多; after a classifier it begins another word (三家多元化企业).
            r"(?P<more>(?<=[倍成年月周天时钟秒])多(?!元|样|次|数))?"
        )

    def _alternatives(self, forms: Iterable[str]) -> str:
        """The forms, the longest first, each with what may or may not stand behind it."""
        return "|".join(map(self._form, sorted(set(forms), key=lambda f: (-len(f), f))))

    def _form(self, form: str) -> str:
        pattern = re.escape(form)
        if not_before := self._units["not_before"].get(form):
            pattern += f"(?![{not_before}])"
        if only_before := self._units["only_before"].get(form):
            pattern += f"(?:(?![\u4e00-\u9fff])|(?=[{only_before}]))"
        if form[-1].isascii() and form[-1].isalpha():
            pattern += "(?![A-Za-z])"
        return pattern
