"""Products outside the lexicon: model numbers (EFM-1 模型, 小米SU7), quoted names (大模型“万智”).

Each needs evidence once, a word for a kind of product beside it or the like; then it counts
wherever the article has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import rjieba

from pipeline.stages.alternatives import alternatives
from pipeline.stages.entities.lexicon import Lexicon, inside_latin_word
from pipeline.stages.entities.mentions import Mention

_OPEN, _CLOSE = "“「『‘", "”」』’"
_QUOTED = re.compile(f"[{_OPEN}](?P<name>[\u4e00-\u9fffA-Za-z0-9.+ -]{{2,10}})[{_CLOSE}]")
# How far before a quoted name the word for its kind may begin.
_REACH = 16


class Products:
    """The rules, with the word lists under `products` of `entities.toml`.

    Args:
        rules: the content of `entities.toml`.
        lexicon: what it knows is left to it.
    """

    def __init__(self, rules: Mapping[str, Any], lexicon: Lexicon) -> None:
        words = rules["products"]
        self._lexicon = lexicon
        self._not_models = re.compile(f"(?:{'|'.join(words['not_models'])})")
        # Letters, then a number, with little behind it: R1, EFM-1, GB300, SU7 Ultra.
        versions = alternatives(rules["version"]["words"])
        self._model = re.compile(
            "[A-Z](?<![0-9A-Za-z%./_=+-].)[A-Za-z]{0,11}-?[0-9]{1,5}[A-Za-z]{0,3}"
            f"(?:-[0-9A-Z][0-9A-Za-z]*)?(?:[- ](?:{versions}))*(?![0-9A-Za-z%/_=])"
        )
        kinds = alternatives(words["kinds"])
        self._before = re.compile(f"(?:{kinds}|{alternatives(words['before'])})\\s?$")
        self._after = re.compile(f"\\s?(?:{kinds})")
        called, kinds = alternatives(words["called"]), alternatives(words["quoted_kinds"])
        self._kind_before = re.compile(f"(?P<kind>{kinds})(?:[^，。；\\n]{{0,4}}(?:{called}))?$")
        self._kind_after = re.compile(kinds)

    def find(self, text: str, known: Sequence[Mention]) -> Iterator[Mention]:
        """Mentions of products; `known` are the names of the lexicon."""
        names = dict(self._models(text, known))
        names.update(self._in_quotes(text))
        if not names:
            return
        for match in re.finditer(alternatives(names), text):
            if not inside_latin_word(text, *match.span()):
                yield Mention(*match.span(), "PRODUCT", names[match[0]], rank=3, score=0.7)

    def _models(self, text: str, known: Sequence[Mention]) -> Iterator[tuple[str, str]]:
        companies = {m.end: m for m in known if m.label == "ORG" and not m.by.isascii()}
        covered = [(m.start, m.end) for m in known]
        for match in self._model.finditer(text):
            model, start, end = match[0], match.start(), match.end()
            if self._not_models.fullmatch(model) or self._lexicon.entry(model) is not None:
                continue
            if any(s < end and start < e for s, e in covered):
                continue
            company = companies.get(start)
            if company is not None and not text[start - 1].isascii():
                yield text[company.start : end], "pattern:product:model_of_company"
            elif before := self._before.search(text, max(0, start - 8), start):
                yield model, f"pattern:product:model:{before[0].strip()}"
            elif after := self._after.match(text, end):
                yield model, f"pattern:product:model:{after[0].strip()}"

    def _in_quotes(self, text: str) -> Iterator[tuple[str, str]]:
        for match in _QUOTED.finditer(text):
            before = self._kind_before.search(text, max(0, match.start() - _REACH), match.start())
            after = self._kind_after.match(text, match.end())
            if before is None and after is None:
                continue
            name = match["name"]
            # 平台“出海” quotes an ordinary word.
            if rjieba.has_word(name) or self._lexicon.entry(name) is not None:
                continue
            if name.isdigit() or name != name.strip():
                continue
            kind = before["kind"] if before else after[0] if after else ""
            yield name, f"pattern:product:quoted:{kind}"
