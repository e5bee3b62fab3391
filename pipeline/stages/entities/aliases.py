"""Names that an article itself explains.

- A short form is said to be one: 阿里巴巴集团(下称阿里), 以下简称“阿里”, (简称:阿里).
- A Latin form stands in brackets behind its name: 英伟达(NVIDIA), 张勇(Daniel Zhang).
- A name stands directly before a code in brackets: 天利科技(300399).
- A company's full name has its short one inside: 宁波东方电缆股份有限公司, later 东方电缆.

Such a form stands for the same entity wherever the article has it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipeline.stages.alternatives import alternatives
from pipeline.stages.entities.full_names import FullNames
from pipeline.stages.entities.lexicon import Lexicon, inside_latin_word
from pipeline.stages.entities.mentions import Entry, Mention
from pipeline.stages.tokens import cuts_word
from pipeline.tokens import Tokens

_SAID = re.compile(
    '[简下统]称(?:为|作)?[:：]?\\s?[“"「『]?'
    '(?P<alias>[\u4e00-\u9fffA-Za-z0-9]{2,12}?)(?:[”"」』)）,，。;；]|$)'
)
_SAID_BEFORE = re.compile(
    "[(（,，]\\s?(?:[^()（）,，。\\n]{0,16}[,，;；]\\s?)?(?:以下|下文|后文)?(?:证券|股票|公司|英文|中文)?\\Z"
)
_LATIN = re.compile(
    "[(（](?:英文名?[:：]?\\s?)?(?P<alias>[A-Z][A-Za-z]+(?:[ .&'-]{1,2}[A-Z0-9][A-Za-z0-9]*){0,3})"
    "[)）,，;；、]"
)
_CODE_BEFORE = re.compile("[(（](?:行情|[^()（）\\n]{0,12}[:：]\\s?)?\\Z")
_CLOSING = ("”", '"', "」", "』", "》")
# How far a clause that explains a form reaches back to the name, and a code to its bracket.
_BACK = 24
# Without 丨, which stands between columns.
_NAME_CHARACTERS = re.compile("[\u4e00-\u4e27\u4e29-\u9fffA-Za-z0-9*&]+\\Z")
# Names before a code are hardly longer than this, and listings of the mainland than that.
_LONGEST, _LISTING = 12, 6
_NO_BEGINNING = "cdprtu"
_SHORT = 3
_WARNED = "pattern:risk_warning"
_LINKED = frozenset({"ORG", "PRODUCT", "PERSON", "EVENT"})


class Aliases:
    """Finds the forms that an article explains, and all their places.

    Args:
        rules: the content of `entities.toml`.
        lexicon: to link names to the entities that it has.
    """

    def __init__(self, rules: Mapping[str, Any], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._full_names = FullNames(rules["full_names"], lexicon)
        self._common = frozenset(rules["aliases"]["common"])

    def find(
        self,
        text: str,
        tokens: Tokens,
        proposed: Iterable[Mention],
        company_starts: Mapping[int, int] | None = None,
    ) -> Iterator[Mention]:
        """Mentions of explained forms; `proposed` are the names found so far.

        Args:
            company_starts: where the full names of companies begin, by their ends, if that is
                known.
        """
        mentions = list(proposed)
        ends: dict[int, Mention] = {}
        for mention in mentions:
            held = ends.get(mention.end)
            if held is None or mention.start < held.start:
                ends[mention.end] = mention
        forms: dict[str, Mention] = {}
        full_names = self._full_names.find(text, tokens, mentions, company_starts or {})
        for full in full_names:
            ends[full.mention.end] = full.mention
            for core in full.cores:
                forms.setdefault(core, full.mention)
        for mention in self._before_codes(text, tokens, mentions, ends):
            yield mention
            ends[mention.end] = mention
            forms[text[mention.start : mention.end]] = mention
        codes = {m.start for m in mentions if m.label == "TICKER"}
        said = dict(self._said(text, ends, codes))
        linked = {m.start: m for m in said.values()}
        yield from (linked.get(full.mention.start, full.mention) for full in full_names)
        forms.update(said)
        yield from self._everywhere(text, tokens, forms)

    def _before_codes(
        self,
        text: str,
        tokens: Tokens,
        mentions: Iterable[Mention],
        ends: Mapping[int, Mention],
    ) -> Iterator[Mention]:
        """Names directly before a code in brackets that the lexicon does not know as its own."""
        for code in mentions:
            if code.label != "TICKER" or code.entry is None:
                continue
            bracket = _CODE_BEFORE.search(text, max(0, code.start - _BACK), code.start)
            if bracket is None:
                continue
            end = bracket.start()
            held = ends.get(end)
            if held is not None and (held.entry is not None or held.label != "ORG"):
                continue
            company = self._listed(code.entry)
            start = self._name_start(text, tokens, end, held, company)
            name = text[start:end]
            if start == end:
                continue
            # *ST宏盛 before its code is a former name, whatever the company is called now.
            warned = held is not None and held.by.startswith(_WARNED)
            if company is not None and not warned and not self._resembles(name, company):
                continue
            # 台积电ADR(TSM): the name is there already.
            if any(m.label == "ORG" and m.entry and start <= m.start < end for m in mentions):
                continue
            entry = company or Entry(name, "ORG", None, code.entry.tickers)
            by = f"pattern:before_ticker:{text[code.start : code.end]}"
            yield Mention(start, end, "ORG", by, 0, 0.9, entry)

    def _resembles(self, name: str, company: Entry) -> bool:
        """Whether a name can be the company's: another translation, or a former one."""
        known = self._lexicon.entry(name)
        if known is not None and known is not company:
            return False
        return not set(name).isdisjoint(company.name)

    def _listed(self, code: Entry) -> Entry | None:
        """The company that the entry of a code stands for."""
        plain = code.tickers[0].partition(".")[0]
        return next((e for e in self._lexicon.listed(plain) if e.id and e.id == code.id), None)

    def _name_start(
        self, text: str, tokens: Tokens, end: int, held: Mention | None, company: Entry | None
    ) -> int:
        """Where the name begins that ends before a code; `end` if there is none."""
        run = _NAME_CHARACTERS.search(text, max(0, end - _BACK), end)
        if run is None:
            return end
        for start in range(max(run.start(), end - _LONGEST), end - 1):
            # 对联发科(2454), which jieba reads as 对联 | 发科.
            if company is not None and self._lexicon.entry(text[start:end]) is company:
                return start
        start = run.start()
        at = max(0, tokens.at(start))
        longest = _LISTING if held is None else _LONGEST
        # What cannot begin a name is taken away, as long as two characters are left.
        while (
            at < len(tokens)
            and end - tokens[at].end >= 2
            and (end - start > longest or tokens[at].pos[:1] in _NO_BEGINNING)
        ):
            start = tokens[at].end
            at += 1
        if held is not None:
            start = min(start, held.start)
        name = text[start:end]
        too_short = len(name) < (3 if name.isascii() else 2)
        return end if too_short or name in self._common or text[start - 1 : start] == "-" else start

    def _said(
        self, text: str, ends: Mapping[int, Mention], codes: Container[int]
    ) -> Iterator[tuple[str, Mention]]:
        """Forms that a clause behind a name declares."""
        for match in _SAID.finditer(text):
            before = _SAID_BEFORE.search(text, max(0, match.start() - _BACK), match.start())
            if before is None:
                continue
            # “小牛科技”(下称“小牛”)
            end = before.start() - (text[before.start() - 1 : before.start()] in _CLOSING)
            if end in ends:
                yield from self._alias(match["alias"], ends[end])
        for match in _LATIN.finditer(text):
            if match.start() in ends and match.start("alias") not in codes:
                yield from self._alias(match["alias"], ends[match.start()])

    def _alias(self, alias: str, mention: Mention) -> Iterator[tuple[str, Mention]]:
        if mention.label not in _LINKED or alias in self._common:
            return
        known = self._lexicon.certain(alias)
        if known is None or (known is not mention.entry and known.label != mention.label):
            yield alias, mention
        elif mention.entry is None or mention.entry.id is None:
            # The lexicon knows the short form, and so what the full name stands for.
            yield alias, replace(mention, entry=known)

    def _everywhere(
        self, text: str, tokens: Tokens, forms: Mapping[str, Mention]
    ) -> Iterator[Mention]:
        """All places of the forms, for the same entity."""
        if not forms:
            return
        for match in re.finditer(alternatives(forms), text):
            start, end = match.span()
            origin = forms[match[0]]
            if (start, end) == (origin.start, origin.end) or inside_latin_word(text, start, end):
                continue
            if end - start <= _SHORT and cuts_word(tokens, start, end):
                continue
            full = text[origin.start : origin.end]
            entry = origin.entry or Entry(full, origin.label, None, ())
            yield Mention(start, end, origin.label, f"alias:{full}", -1, 0.9, entry)
