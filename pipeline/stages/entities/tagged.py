"""The tagger's mentions, made to fit the annotation contract and what else is known.

The tagger learnt from texts with other rules: its places are of one kind, and it marks some common
nouns and pronouns. The lexicon and the patterns outrank it: a longer span that only adds common
words to one of their names (阿里云AI) is dropped, one that completes a name is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.document import Document, Token
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives
from pipeline.stages.entities.mentions import Mention
from pipeline.stages.entities.tagger import Tagger

_PROPER = ("nr", "ns", "nt", "nz")
_FAMILY = 2


class Tagged:
    """The tagger with the rules under `tagger` of `entities.toml`.

    Raises:
        ResourceError: if the weights cannot be used.
    """

    def __init__(self, resources: Resources) -> None:
        rules = resources.toml("entities.toml")["tagger"]
        self._tagger = Tagger(resources)
        self._features = tuple(rules["features"])
        self._generic = frozenset(rules["generic"])
        self._org_ends = tuple(rules["org_ends"])
        self._least: float = rules["least_score"]
        self._descriptive = re.compile(f".*(?:{alternatives(rules['descriptive_ends'])})")
        self._relatives = re.compile(f"[^\\s、，。]{{{_FAMILY},8}}?(?:集团|公司)")

    def find(self, document: Document, known: Sequence[Mention]) -> Iterator[Mention]:
        """Mentions that do not contradict `known`, those of the other sources."""
        tokens = _Tokens(document.tokens)
        taken = {position: m for m in known for position in range(m.start, m.end)}
        families = self._families(document.text)
        for mention in self._tagger.find(document):
            name = document.text[mention.start : mention.end]
            if mention.score < self._least or not self._is_name(name, mention, tokens):
                continue
            rivals = {id(m): m for p in range(mention.start, mention.end) if (m := taken.get(p))}
            if all(self._completes(document.text, mention, m, tokens) for m in rivals.values()):
                yield self._in_contract(name, mention, families)

    def _families(self, text: str) -> frozenset[str]:
        """The first characters of all X集团 and X公司."""
        return frozenset(m[0][:_FAMILY] for m in self._relatives.finditer(text))

    def _is_name(self, name: str, mention: Mention, tokens: _Tokens) -> bool:
        """Whether a span is no pronoun, common noun or number."""
        if len(name) < 2 or name in self._generic or not any(map(str.isalpha, name)):
            return False
        if mention.label == "ORG" and self._descriptive.fullmatch(name):
            # 美国SaaS公司 describes, 杭州深度求索公司 names.
            return any(_is_proper(t) and t.pos != "ns" for t in tokens.within(mention))
        return True

    def _completes(self, text: str, mention: Mention, known: Mention, tokens: _Tokens) -> bool:
        """Whether a span contains a known name and more than common words beside it."""
        if known.start < mention.start or known.end > mention.end:
            return False
        if mention.end - mention.start == known.end - known.start:
            return True
        if known.end < mention.end and text.endswith(self._org_ends, known.end, mention.end):
            return mention.label == "ORG"
        beside = [t for t in tokens.within(mention) if t.end <= known.start or t.start >= known.end]
        return any(map(_is_proper, beside))

    def _in_contract(self, name: str, mention: Mention, families: frozenset[str]) -> Mention:
        if mention.label in ("PERSON", "LOC") and name[:_FAMILY] in families:
            return replace(mention, label="ORG", by=f"{mention.by}+family:{name[:_FAMILY]}")
        if mention.label == "LOC" and not name.endswith(self._features):
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
