"""The tagger's mentions, made to fit the annotation contract and what else is known.

The tagger learnt from texts with other rules: its places are of one kind, and it marks some common
nouns and pronouns. The lexicon and the patterns outrank it: a longer span that only adds common
words to one of their names (阿里云AI) is dropped, one that completes a name is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.document import Document, Token
from pipeline.resources import Resources
from pipeline.stages.entities.mentions import Mention
from pipeline.stages.entities.tagger import Tagger

_PROPER = ("nr", "ns", "nt", "nz")
_PLACES = ("GPE", "LOC")
_FAMILY, _SHORTEST = 2, 2
# Parts of speech of words that make no name: nouns, verbs, adjectives, places, foreign words.
_COMMON = ("n", "v", "a", "b", "ns", "eng", "vn", "an", "j", "m", "f", "s", "d", "l", "q", "t")
# Sources that guess as the tagger does, but see less.
_WEAK = ("pattern:person:", "agreement:pattern:", "pattern:org_suffix:", "pattern:full_name")
_SURE = 0.6

# 陆拾 has the form of a name.
_NUMBER = re.compile("[零〇一二两三四五六七八九十百千万亿兆壹贰叁肆伍陆柒捌玖拾佰仟]+$")
# 民国113年 is a date.
_YEAR = re.compile(r"(?:中华)?民国\s?[\d一二三四五六七八九十百元]")


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
        self._relatives = re.compile(f"[^\\s、，。]{{{_FAMILY},8}}?(?:集团|公司)")

    def find(self, document: Document, known: Sequence[Mention]) -> list[Mention]:
        """Mentions that do not contradict `known`, those of the other sources."""
        tokens = _Tokens(document.tokens)
        taken: dict[int, list[Mention]] = {}
        for mention in known:
            if not _is_weak(mention):
                for position in range(mention.start, mention.end):
                    taken.setdefault(position, []).append(mention)
        families: frozenset[str] | None = None
        found = []
        for mention in self._tagger.find(document):
            name = document.text[mention.start : mention.end]
            rivals = {id(m): m for p in range(mention.start, mention.end) for m in taken.get(p, ())}
            if (
                mention.score >= self._least
                and not document.text.startswith(self._not_names, mention.start)
                and not _NUMBER.match(document.text, mention.start, mention.end)
                and not _YEAR.match(document.text, mention.start)
                and self._is_name(name, mention, tokens, rivals.values())
                and all(self._completes(document.text, mention, m, tokens) for m in rivals.values())
            ):
                if families is None:
                    families = self._families(document.text)
                found.append(self._in_contract(name, mention, families))
        return found

    @staticmethod
    def kept(known: Iterable[Mention], tagged: Iterable[Mention]) -> list[Mention]:
        """Mentions of the other sources without the guesses that the tagger contradicts.

        A guess is a name by its form, such as 张勇表 or 曾任海康威视有限公司: where the tagger is
        sure of another span or label, it is dropped.
        """
        sure = {p: m for m in tagged if m.score >= _SURE for p in range(m.start, m.end)}
        return [
            m
            for m in known
            if not _is_weak(m)
            or all(
                (rival.start, rival.end, rival.label) == (m.start, m.end, m.label)
                for p in (m.start, m.end - 1)
                if (rival := sure.get(p))
            )
        ]

    def refused(self, document: Document, start: int, end: int) -> str:
        """What the tagger itself sees at a span, of which `find` takes nothing there."""
        seen = [m for m in self._tagger.find(document) if m.start < end and start < m.end]
        if not seen:
            return "it sees no name there"
        shown = ", ".join(
            f"{document.text[m.start : m.end]!r} as {m.label}, score {m.score:.2f}" for m in seen
        )
        if all(mention.score < self._least for mention in seen):
            return f"it sees {shown}: below the least score, {self._least}"
        return f"it sees {shown}: a common noun, a number, or at odds with what is known for sure"

    def _families(self, text: str) -> frozenset[str]:
        """The first characters of all X集团 and X公司."""
        return frozenset(m[0][:_FAMILY] for m in self._relatives.finditer(text))

    def _is_name(
        self, name: str, mention: Mention, tokens: _Tokens, rivals: Iterable[Mention]
    ) -> bool:
        """Whether a span is no pronoun, common noun or number."""
        if len(name) < _SHORTEST or name in self._generic or not any(map(str.isalpha, name)):
            return False
        if mention.label != "ORG" or name.endswith(self._legal_ends):
            return True
        if all(token.pos == "ns" for token in tokens.within(mention)):
            return False
        first = next(iter(tokens.within(mention)), None)
        if name.endswith(self._descriptive_ends) and not (
            first is not None and first.text.endswith(self._offices_of)
        ):
            # 美国SaaS公司 and 人工智能公司 describe, 深度求索公司 names.
            return any(m.label == "ORG" for m in rivals) or not all(
                map(_is_common, tokens.within(mention))
            )
        return True

    def _completes(self, text: str, mention: Mention, known: Mention, tokens: _Tokens) -> bool:
        """Whether a span contains a known name and more than common words beside it."""
        if known.start < mention.start or known.end > mention.end:
            return False
        if mention.end - mention.start == known.end - known.start:
            return True
        if known.label in _PLACES:
            # 美国陆军 and 姚长清 are other names; 山西代县 are two.
            return mention.label not in _PLACES
        after = text[known.end : mention.end]
        if after and after != "公司" and after.endswith(self._org_ends):
            return mention.label == "ORG"
        beside = [t for t in tokens.within(mention) if t.end <= known.start or t.start >= known.end]
        return any(map(_is_proper, beside))

    def _in_contract(self, name: str, mention: Mention, families: frozenset[str]) -> Mention:
        if mention.label in ("PERSON", "LOC") and name[:_FAMILY] in families:
            return replace(mention, label="ORG", by=f"{mention.by}+family:{name[:_FAMILY]}")
        if mention.label == "LOC" and (
            name.endswith(self._gpe_ends) or not name.endswith(self._features)
        ):
            return replace(mention, label="GPE")
        return mention


class _Tokens:
    """Tokens by their place in the text."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._starts = [token.start for token in tokens]

    def within(self, mention: Mention) -> Iterable[Token]:
        """The tokens that begin inside a mention."""
        first = bisect_left(self._starts, mention.start)
        return self._tokens[first : bisect_left(self._starts, mention.end)]


def _is_proper(token: Token) -> bool:
    """Whether a word is a proper noun, or one that the dictionary does not know."""
    return token.pos.startswith(_PROPER) or (token.pos == "x" and token.text.isalpha())


def _is_common(token: Token) -> bool:
    """Whether a word of two characters or more, or a Latin one, says what something is."""
    return token.pos in _COMMON and (len(token.text) > 1 or token.pos in ("eng", "n"))


def _is_weak(mention: Mention) -> bool:
    return mention.by.startswith(_WEAK)
