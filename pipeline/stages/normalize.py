"""Stage `normalize`: simplified text of one width, with offsets back to the source.

The way of a text: characters that carry no meaning are deleted and line ends become line feeds
(blocks of the alignment), full-width digits and letters and odd spaces become ASCII (one for
one), then OpenCC converts to simplified characters (one for one).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from operator import ne

from pipeline.alignment import Alignment, Block
from pipeline.chain import BaseStage
from pipeline.config import NormalizeSettings
from pipeline.document import Document
from pipeline.errors import AlignmentError
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives

# Zero-width space and joiners, word joiner, byte order mark, soft hyphen; CR LF is one line end.
_DELETED = re.compile("[\u200b\u200c\u2060\ufeff\u00ad]+|\r\n?")
_SPACES = "\u00a0\u3000\u2002\u2003\u2009\u202f"
_FOLDED = {
    **{code: code - 0xFEE0 for code in range(ord("０"), ord("９") + 1)},
    **{code: code - 0xFEE0 for code in range(ord("Ａ"), ord("Ｚ") + 1)},
    **{code: code - 0xFEE0 for code in range(ord("ａ"), ord("ｚ") + 1)},
    **{ord(char): ord(char) - 0xFEE0 for char in "％＄＋－／"},
    ord("￥"): ord("¥"),
}
_PRIVATE_USE = "\ue000"
# A full-width comma between full-width digits separates thousands.
_SEPARATOR = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_DECIMAL_POINT = re.compile("(?<=[0-9])．(?=[0-9])")


@dataclass(frozen=True, slots=True)
class ScriptEvidence:
    """How much of a text is written in which script.

    Attributes:
        script: traditional, simplified, mixed or none (no character tells).
        traditional: number of characters that conversion changes.
        simplified: number of characters that only simplified text uses.
    """

    script: str
    traditional: int
    simplified: int


class Normalizer(BaseStage):
    """Fills `text`, `alignment`, `source.script` and `source.conversion`.

    Args:
        settings: see `NormalizeSettings`.
        resources: where `normalize/script.toml` is looked up.
    """

    name = "normalize"
    requires: tuple[str, ...] = ()
    provides: tuple[str, ...] = ("text", "alignment")

    def __init__(
        self, settings: NormalizeSettings | None = None, resources: Resources | None = None
    ) -> None:
        self.settings = settings or NormalizeSettings()
        rules = (resources or Resources()).toml("normalize/script.toml")
        self._clear_share: float = rules["clear_share"]
        self._simplified = re.compile("[" + "".join(rules["simplified"].split()) + "]")
        self._machine = re.compile(f"[{rules['machine']}]")
        self._hong_kong = _any_of(rules["hong_kong"], rules["hong_kong_words"])
        self._taiwan = _any_of(rules["taiwan"], rules["taiwan_words"])
        self._converters: dict[str, Callable[[str], str]] = {}

    @cached_property
    def _folding(self) -> dict[int, int]:
        table = dict.fromkeys(map(ord, _SPACES), ord(" "))
        return table | _FOLDED if self.settings.fold_width else table

    def process(self, document: Document) -> None:
        """Fill the layers of `provides`.

        Raises:
            AlignmentError: if the conversion changed the text's length.
        """
        text, document.alignment = _clean(document.source_text)
        if self.settings.fold_width:
            text = _SEPARATOR.sub(",", text)
        text = text.translate(self._folding)
        if self.settings.fold_width:
            text = _DECIMAL_POINT.sub(".", text)
        # Only t2s tells traditional characters apart, and it is what most text needs.
        converted = self._convert("t2s", text)
        evidence = self._script(text, converted)
        conversion = self._conversion(text, evidence)
        if conversion == "none":
            converted = text
        elif conversion != "t2s":
            converted = self._convert(conversion, text)
        document.text = converted
        document.source.script = evidence.script
        document.source.conversion = conversion

    def _convert(self, configuration: str, text: str) -> str:
        if configuration not in self._converters:
            from opencc import OpenCC

            self._converters[configuration] = OpenCC(configuration).convert
        converted = self._converters[configuration](text.replace("\0", _PRIVATE_USE))
        if "\0" in text:
            # OpenCC takes a NUL for the end of the text.
            converted = "".join(map(_keep_nul, text, converted))
        if len(converted) != len(text):
            raise AlignmentError(
                f"the conversion {configuration} changed the length of the text from {len(text)} "
                f"to {len(converted)} code points; choose t2s, tw2s or hk2s"
            )
        return converted

    def _script(self, text: str, converted: str) -> ScriptEvidence:
        traditional = sum(map(ne, text, converted))
        simplified = len(self._simplified.findall(text))
        known = traditional + simplified
        if known == 0:
            script = "none"
        elif traditional >= self._clear_share * known:
            script = "traditional"
        elif simplified >= self._clear_share * known:
            script = "simplified"
        else:
            script = "mixed"
        return ScriptEvidence(script, traditional, simplified)

    def _conversion(self, text: str, evidence: ScriptEvidence) -> str:
        if self.settings.conversion != "auto":
            return self.settings.conversion
        if evidence.script in ("simplified", "none"):
            return "none"
        if self._machine.search(text):
            return "t2s"
        hong_kong = len(self._hong_kong.findall(text))
        return "hk2s" if hong_kong > len(self._taiwan.findall(text)) else "tw2s"


def _keep_nul(char: str, converted: str) -> str:
    return char if char == "\0" else converted


def _any_of(characters: str, words: list[str]) -> re.Pattern[str]:
    return re.compile(f"{alternatives(words)}|[{characters}]")


def _clean(source: str) -> tuple[str, Alignment]:
    """The source without zero-width characters and with line feeds only, and its alignment."""
    pieces: list[str] = []
    blocks: list[Block] = []
    done = length = 0
    for match in _DELETED.finditer(source):
        new = "\n" if match[0][0] == "\r" else ""
        kept = source[done : match.start()]
        length += len(kept)
        if len(new) != len(match[0]):
            blocks.append(Block(length, length + len(new), match.start(), match.end()))
        pieces += kept, new
        length += len(new)
        done = match.end()
    if not done:
        return source, Alignment(len(source), len(source))
    pieces.append(source[done:])
    text = "".join(pieces)
    return text, Alignment(len(text), len(source), blocks)
