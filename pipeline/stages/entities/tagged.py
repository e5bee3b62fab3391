"""The tagger's mentions, made to fit the annotation contract and what else is known.

The tagger learnt from texts with other rules: its places are of one kind, and it marks some common
nouns and pronouns. The lexicon and the patterns outrank it: a longer span that only adds common
words to one of their names (阿里云AI) is dropped, one that completes a name is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives
from pipeline.stages.entities.mentions import Mention, Places
from pipeline.stages.entities.tagger import Tagger
from pipeline.stages.tokens import is_word
from pipeline.tokens import Token, Tokens

_SEEN = "tagger"
_PROPER = ("nr", "ns", "nt", "nz")
_PLACES = ("GPE", "LOC")
_FAMILY, _SHORTEST = 2, 2
_GROUPS = ("集团", "公司")
# Sources that guess as the tagger does, but see less.
_WEAK = ("pattern:person:", "agreement:pattern:", "pattern:org_suffix:", "pattern:full_name")
_SURE = 0.6
_TITLED = "pattern:person:title:"

# 凤凰财经讯 韶钢松山 is not one name.
_BROKEN = re.compile(r"[\u4e00-\u9fff]\s+[\u4e00-\u9fff]")
_HOLDING, _HOLDERS = "控股", "股东"
# 陆拾 has the form of a name.
_NUMBER = re.compile("[零〇一二两三四五六七八九十百千万亿兆壹贰叁肆伍陆柒捌玖拾佰仟]+$")
# 民国113年 is a date, and so is 上周二.
_YEAR = re.compile(r"(?:中华)?民国\s?[\d一二三四五六七八九十百元]")
_WEEKDAY = re.compile("[上下本这]+(?:周|星期|礼拜)[一二三四五六日天]$")


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tagger sees in a document.

    Attributes:
        seen: all its mentions, the unsure ones too.
        mentions: those that fit the contract and contradict no better source.
    """

    seen: Sequence[Mention]
    mentions: Sequence[Mention]

    def kept(self, known: Sequence[Mention], text: str) -> list[Mention]:
        """Mentions of the other sources without the guesses that the tagger contradicts.

        A guess is a name by its form, such as 张勇表 or 曾任海康威视有限公司. It is dropped where
        the tagger is sure of another span or label; a person also where the tagger sees none,
        unless it sees the same name elsewhere, or a title stands before it.
        """
        sure = {p: m for m in self.mentions if m.score >= _SURE for p in range(m.start, m.end)}
        names = {text[m.start : m.end] for m in self.seen if m.label == "PERSON"}
        kept = []
        for mention in known:
            span = (mention.start, mention.end)
            if not _is_weak(mention):
                kept.append(mention)
            elif (
                mention.label == "PERSON"
                and _TITLED not in mention.by
                and text[slice(*span)] not in names
            ):
                continue
            elif all(
                (rival.start, rival.end, rival.label) == (*span, mention.label)
                for p in (mention.start, mention.end - 1)
                if (rival := sure.get(p))
            ):
                kept.append(mention)
        return kept

    def company_starts(self) -> dict[int, int]:
        """Where the organisations begin, by where they end."""
        return {m.end: m.start for m in self.seen if m.label == "ORG"}


class Tagged:
    """The tagger with the rules under `tagger` of `entities.toml`.

    Raises:
        ResourceError: if the weights cannot be used.
    """

    def __init__(self, resources: Resources) -> None:
        entities = resources.toml("entities.toml")
        rules = entities["tagger"]
        # 北京时间 begins with a name and is none.
        self._not_names = tuple(entities["not_names"]["words"])
        self._tagger = Tagger(resources)
        self._features = tuple(rules["features"])
        self._gpe_ends = tuple(rules["gpe_ends"])
        self._generic = frozenset(rules["generic"])
        self._org_ends = tuple(rules["org_ends"])
        self._descriptive_ends = tuple(rules["descriptive_ends"])
        self._offices_of = tuple(rules["offices_of"])
        self._legal_ends = tuple(rules["legal_ends"])
        self._least: float = rules["least_score"]
        self._least_institution: float = rules["least_score_of_institution"]
        self._institution_ends = tuple(rules["institution_ends"])
        self._least_longer: float = rules["least_score_of_longer"]
        self._terms = frozenset(rules["terms"])
        self._in_no_name = frozenset(rules["in_no_name"])
        self._honorific = re.compile(f"(?:{alternatives(rules['honorifics'])})$")

    def prepare(self, documents: Sequence[Document]) -> None:
        """Let the tagger see all documents before `find` comes to each of them."""
        for document, mentions in zip(documents, self._tagger.find_all(documents), strict=True):
            document.prepared[_SEEN] = mentions

    def find(self, document: Document, known: Sequence[Mention]) -> Tags:
        """What the tagger sees; `known` are the mentions of the other sources."""
        taken = Places(mention for mention in known if not _is_weak(mention))
        mentions = document.prepared.pop(_SEEN, None)
        if mentions is None:
            mentions = self._tagger.find(document)
        seen = [self._without_honorific(m, document.text) for m in mentions]
        found = []
        for mention in seen:
            name = document.text[mention.start : mention.end]
            rivals = taken.overlapping(mention.start, mention.end)
            if (
                mention.score >= self._least_score(name, mention)
                and not document.text.startswith(self._not_names, mention.start)
                and not _NUMBER.match(document.text, mention.start, mention.end)
                and not _YEAR.match(document.text, mention.start)
                and not _WEEKDAY.match(document.text, mention.start, mention.end)
                and self._is_name(name, mention, document.tokens, rivals)
                and all(self._completes(document, mention, m) for m in rivals)
            ):
                found.append(self._linked(mention, rivals, document.text))
        families = {
            document.text[m.start : m.start + _FAMILY]
            for m in (*known, *found)
            if m.label == "ORG" and document.text.endswith(_GROUPS, m.start, m.end)
        }
        return Tags(seen, [self._in_contract(m, document.text, families) for m in found])

    def refused(self, document: Document, start: int, end: int) -> str:
        """What the tagger itself sees at a span, of which `find` takes nothing there."""
        seen = [m for m in self._tagger.find(document) if m.start < end and start < m.end]
        if not seen:
            return "it sees no name there"
        shown = ", ".join(
            f"{document.text[m.start : m.end]!r} as {m.label}, score {m.score:.2f}" for m in seen
        )
        least = [self._least_score(document.text[m.start : m.end], m) for m in seen]
        if all(mention.score < score for mention, score in zip(seen, least, strict=True)):
            return f"it sees {shown}: below the least score, {min(least)}"
        return f"it sees {shown}: a common noun, a number, or at odds with what is known for sure"

    def _least_score(self, name: str, mention: Mention) -> float:
        """How sure the tagger must be: less where the name's end says what it is."""
        if mention.label == "ORG" and name.endswith(self._institution_ends):
            return self._least_institution
        return self._least

    def _without_honorific(self, mention: Mention, text: str) -> Mention:
        """A person without what is said behind the name: 顾 of 顾先生."""
        if mention.label != "PERSON":
            return mention
        honorific = self._honorific.search(text, mention.start + 1, mention.end)
        return mention if honorific is None else replace(mention, end=honorific.start())

    def _is_name(
        self, name: str, mention: Mention, tokens: Tokens, rivals: Collection[Mention]
    ) -> bool:
        """Whether a span is no pronoun, common noun or number."""
        if name in self._generic or not any(map(str.isalpha, name)):
            return False
        if len(name) < _SHORTEST:
            return mention.label == "PERSON"
        if _BROKEN.search(name):
            return False
        if mention.label != "ORG" or name.endswith(self._legal_ends):
            return True
        inside = tokens.within(mention.start, mention.end)
        if any(m.label == "ORG" for m in rivals) and any(
            text in self._in_no_name for text in inside.texts
        ):
            return False
        if sum(m.end - m.start for m in rivals if m.label in _PLACES) >= len(name):
            # 日本熊本
            return False
        if not name.endswith(self._descriptive_ends):
            return True
        # 美国SaaS公司, 北京公司 and 多家银行 describe, 深度求索公司 and 湘潭钢铁公司 name.
        return (
            any(m.label == "ORG" for m in rivals)
            or any(t.text.endswith(self._offices_of) for t in inside[:1])
            or not (
                all(t.pos == "ns" or t.text in self._descriptive_ends for t in inside)
                or any(t.pos == "m" or t.text in self._terms for t in inside)
            )
        )

    def _completes(self, document: Document, mention: Mention, known: Mention) -> bool:
        """Whether a span contains a known name and more than common words beside it."""
        if known.start < mention.start or known.end > mention.end:
            return False
        if mention.end - mention.start == known.end - known.start:
            return True
        text, inside = document.text, document.tokens.within(mention.start, mention.end)
        if known.label in _PLACES:
            # 美国陆军 and 姚长清 are other names, 福州火车站 is a feature; 山西代县 are two places.
            after = text[known.end : mention.end]
            return (
                mention.label not in _PLACES
                or known.label == "LOC"
                or (
                    len(after) > 1
                    and after.endswith(self._features)
                    and not after.endswith(self._gpe_ends)
                )
            )
        whole = (inside.starts, inside.ends) == ([mention.start], [mention.end])
        if whole and is_word(inside.texts[0]):
            # 印度国防部, but not 辉达下, which jieba's hidden Markov model made of two words.
            return True
        after = text[known.end : mention.end]
        if after == _HOLDING and text.startswith(_HOLDERS, mention.end):
            # 汤臣倍健控股股东
            return False
        if after and after.endswith(self._org_ends):
            return mention.label == "ORG"
        beside = [t for t in inside if t.end <= known.start or t.start >= known.end]
        if any(map(_is_proper, beside)):
            return True
        # 华润创业 is another company, 阿里云AI is not.
        return (
            not whole
            and mention.label == known.label == "ORG"
            and mention.score >= self._least_longer
            and all(len(t.text) > 1 and not t.text.isascii() for t in beside)
        )

    def _linked(self, mention: Mention, rivals: Collection[Mention], text: str) -> Mention:
        """A known company with 公司 or the like behind its name is still that company."""
        for known in rivals:
            if known.label != "ORG" or known.start != mention.start or known.entry is None:
                continue
            rest = text[known.end : mention.end]
            if rest == "公司" or rest in self._legal_ends:
                return replace(mention, by=f"{known.by}+tagger:{rest}", entry=known.entry)
        return mention

    def _in_contract(self, mention: Mention, text: str, families: Container[str]) -> Mention:
        name = text[mention.start : mention.end]
        if mention.label in ("PERSON", "LOC") and name[:_FAMILY] in families:
            return replace(mention, label="ORG", by=f"{mention.by}+family:{name[:_FAMILY]}")
        if mention.label == "LOC" and (
            name.endswith(self._gpe_ends) or not name.endswith(self._features)
        ):
            return replace(mention, label="GPE")
        return mention


def _is_proper(token: Token) -> bool:
    """Whether a word is a proper noun, or one that the dictionary does not know."""
    return token.pos.startswith(_PROPER) or (token.pos == "x" and token.text.isalpha())


def _is_weak(mention: Mention) -> bool:
    return mention.by.startswith(_WEAK)
