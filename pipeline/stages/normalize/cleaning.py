"""Takes out what carries no meaning, and folds wide characters to ASCII."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pipeline.alignment import Alignment, Block
from pipeline.stages.normalize.characters import ZERO_WIDTH

# The patterns begin with the characters that are looked for: that is what makes them quick.
_DELETED = re.compile(f"[\r{ZERO_WIDTH}](?:(?<=\r)\n|(?<!\r)[{ZERO_WIDTH}]*)?")
# A full-width comma between full-width digits separates thousands.
_SEPARATOR = re.compile("，(?<=[０-９]，)(?=[０-９]{3}(?![０-９]))")
_DECIMAL_POINT = re.compile("．(?<=[0-9]．)(?=[0-9])")


def delete(source: str) -> tuple[str, Alignment]:
    """The source without zero-width characters and with line feeds only, and its alignment."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    for char in ZERO_WIDTH:
        text = text.replace(char, "")
    blocks: list[Block] = []
    shift = 0
    for match in _DELETED.finditer(source):
        start, end = match.span()
        length = 1 if source[start] == "\r" else 0
        if length != end - start:
            blocks.append(Block(start - shift, start - shift + length, start, end))
            shift += end - start - length
    return text, Alignment(len(text), len(source), blocks)


def fold(text: str, found: Iterable[str], folding: Mapping[str, str]) -> str:
    """The text with the characters `found` in their ASCII form, one for one."""
    wide_digits = any(char in "０１２３４５６７８９" for char in found)
    if wide_digits:
        text = _SEPARATOR.sub(",", text)
    for char in found:
        text = text.replace(char, folding[char])
    return _DECIMAL_POINT.sub(".", text) if "．" in found else text
