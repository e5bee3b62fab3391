"""Full names of companies: 宁波东方电缆股份有限公司, with the place and the short name inside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.stages.alternatives import alternatives
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.mentions import Entry, Mention
from pipeline.tokens import Token, Tokens

_ENDING = re.compile("有限(?:责任)?公司")
_LONGEST = 24
# The shortest core that is safe to look for elsewhere in the article.
_SAFE = 4
# Characters that are words of their own between names; others of one character are part of one.
_FUNCTION = "与和及向由被把将从对在是为的了等或以于给让就也都又并称该其持获至、："
_NAME_CHARACTERS = re.compile("[\u4e00-\u9fffA-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class FullName:
    """A company's full name in an article, and the short ones that it has inside."""

    mention: Mention
    cores: tuple[str, ...]


class FullNames:
    """Finds full names by their legal ending.

    Args:
        rules: the section `full_names` of `entities.toml`.
        lexicon: to link the names to the entities that it has.
    """

    def __init__(self, rules: Mapping[str, Any], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._kinds = frozenset(rules["kinds"])
        self._roles = frozenset(rules["roles"])
        self._role_endings = tuple(role for role in rules["roles"] if len(role) > 1)
        kinds = alternatives(rules["kinds"])
        self._kind = re.compile(f"(?:{kinds})+$")
        self._legal = re.compile("(?:股份|控股|集团)*有限(?:责任)?公司$")
        self._tail = re.compile(f"(?:{kinds})*(?:股份|控股|集团)*有限(?:责任)?公司")

    def find(
        self,
        text: str,
        tokens: Tokens,
        known: Sequence[Mention],
        starts: Mapping[int, int],
    ) -> list[FullName]:
        """All full names in a text; `known` are the names of the lexicon.

        Args:
            starts: where the names begin, by their ends, if that is known.
        """
        found = []
        for match in _ENDING.finditer(text):
            end = match.end()
            start = starts.get(end, end)
            if start >= match.start():
                start = self._start(tokens, match.start())
            if self._has_own_name(text[start:end]):
                found.append(self._full_name(text, start, end, known))
        return found

    def _has_own_name(self, name: str) -> bool:
        """Whether a name is more than its kind of business: not 资产管理有限公司."""
        return name[0] not in "(（" and len(self._kind.sub("", self._legal.sub("", name))) > 1

    def _start(self, tokens: Tokens, end: int) -> int:
        """Where a name begins that ends at `end`: behind a function word, a verb, a role."""
        at = tokens.at(end)
        start = min(end, tokens[at].start) if at >= 0 else end
        at -= 1
        while at >= 0 and end - tokens[at].start <= _LONGEST:
            token = tokens[at]
            if (
                token.text in ")）"
                and at > 1
                and tokens[at - 2].text in "(（"
                and not tokens[at - 1].text.isascii()
            ):
                # 上海海立(集团)股份有限公司
                start, at = tokens[at - 2].start, at - 3
                continue
            if token.end < start or not self._may_be_part(token):
                break
            start = min(start, token.start)
            at -= 1
        return start

    def _may_be_part(self, token: Token) -> bool:
        if token.text in self._kinds:
            return True
        if len(token.text) == 1 and token.text not in _FUNCTION:
            return _NAME_CHARACTERS.fullmatch(token.text) is not None
        return (
            token.pos[:1] not in "pcurdyetv"
            and _NAME_CHARACTERS.fullmatch(token.text) is not None
            and token.text not in self._roles
            and not token.text.endswith(self._role_endings)
        )

    def _full_name(self, text: str, start: int, end: int, known: Sequence[Mention]) -> FullName:
        name = text[start:end]
        inside = [m for m in known if start <= m.start and m.end <= end]
        place = next((m.end for m in inside if m.start == start and m.label == "GPE"), start)
        core = self._legal.sub("", text[place:end])
        entry = self._lexicon.entry(core)
        if entry is None or entry.label != "ORG":
            entry = next(
                (
                    m.entry
                    for m in sorted(inside, key=lambda m: m.start - m.end)
                    if m.label == "ORG"
                    and m.start in (start, place)
                    and self._tail.fullmatch(text, m.end, end)
                ),
                None,
            )
        linked = entry or Entry(name, "ORG", None, ())
        mention = Mention(start, end, "ORG", "pattern:full_name", 0, 0.9, linked)
        whole = self._legal.sub("", name)
        cores = {form for form in (core, whole) if len(form) >= _SAFE and form != name}
        return FullName(mention, tuple(sorted(cores)))
