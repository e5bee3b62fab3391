"""Converts with OpenCC, and says exactly which characters became which."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from pipeline.alignment import Alignment, Block
from pipeline.errors import AlignmentError
from pipeline.stages.normalize.dictionaries import Configuration, load_configuration
from pipeline.stages.normalize.explain import Explainer
from pipeline.stages.normalize.matching import convert as convert_step_by_step
from pipeline.stages.normalize.stretches import Stretches
from pipeline.stages.normalize.words import Name

_PRIVATE_USE = "\ue000"


class Converter:
    """One OpenCC configuration, and the names that outrank it.

    Where no word of a text changes its length, text and source run in step. The words that do
    (only the phrase configurations have some: 網際網路 -> 互联网 in `tw2sp`) are looked for, and
    the stretch around each, up to the next punctuation, is converted again step by step.

    Args:
        name: `t2s`, `tw2s`, `tw2sp`, ...
    """

    def __init__(self, name: str) -> None:
        from opencc import OpenCC

        self.name = name
        self._convert: Callable[[str], str] = OpenCC(name).convert
        # OpenCC calls the configurations that exchange words "with phrases".
        self._has_phrases = name.endswith("p")

    def __call__(self, text: str, names: Sequence[Name] = ()) -> tuple[str, Alignment]:
        """The converted text, and its alignment with `text`.

        Args:
            names: words of the text that have a conversion of their own, in order.

        Raises:
            AlignmentError: if the way of a changed length cannot be followed.
        """
        if not names:
            return self._with_opencc(text)
        pieces: list[str] = []
        blocks: list[Block] = []
        length = 0
        for start, end, name in _parts(text, names):
            if name is None:
                piece, alignment = self._with_opencc(text[start:end])
                blocks += alignment.moved(length, start)
            else:
                piece = name.text
                if len(piece) != end - start:
                    blocks.append(Block(length, length + len(piece), start, end))
            pieces.append(piece)
            length += len(piece)
        return "".join(pieces), Alignment(length, len(text), blocks)

    def choices(
        self, text: str, names: Sequence[Name] = ()
    ) -> Iterator[tuple[int, list[str], str]]:
        """Characters of `text` that could have become something else: see `Explainer`."""
        for start, end, name in _parts(text, names):
            if name is None:
                for position, candidates, by in self._explainer.choices(text[start:end]):
                    yield start + position, candidates, by
            else:
                for position in range(start, end):
                    candidates = self._explainer.candidates(text[position])
                    if len(candidates) > 1:
                        yield position, candidates, f"table:{name.table} {name.source}"

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.configuration)

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration with its dictionaries."""
        return load_configuration(self.name)

    @cached_property
    def _stretches(self) -> Stretches:
        return Stretches(self.configuration)

    def _with_opencc(self, text: str) -> tuple[str, Alignment]:
        converted = self._convert(text)
        if len(converted) == len(text) and not self._has_phrases:
            return converted, Alignment(len(text), len(text))
        readable = text
        if "\0" in text:
            # OpenCC took the NUL for the end of the text.
            readable = text.replace("\0", _PRIVATE_USE)
            converted = self._convert(readable)
        alignment = self._align(readable, converted)
        return _with_nuls(text, converted, alignment), alignment

    def _align(self, text: str, converted: str) -> Alignment:
        blocks: list[Block] = []
        shift = 0
        for start, end in self._stretches.find(text):
            conversion = convert_step_by_step(self.configuration, text[start:end])
            to = start + shift
            found = converted[to : to + len(conversion.text)]
            if found != conversion.text:
                raise AlignmentError(
                    f"OpenCC's {self.name} turned {text[start:end]!r} (code point {start}) into "
                    f"{found!r}, its dictionaries give {conversion.text!r}; choose another "
                    "conversion"
                )
            blocks += conversion.alignment.moved(to, start)
            shift += len(conversion.text) - (end - start)
        return Alignment(len(converted), len(text), blocks)


def _parts(text: str, names: Sequence[Name]) -> Iterator[tuple[int, int, Name | None]]:
    """The whole text as spans: each name, and what stands between them (None)."""
    done = 0
    for name in names:
        if done < name.start:
            yield done, name.start, None
        yield name.start, name.end, name
        done = name.end
    if done < len(text):
        yield done, len(text), None


def _with_nuls(text: str, converted: str, alignment: Alignment) -> str:
    """`converted` with the NUL characters of `text` put back."""
    if "\0" not in text:
        return converted
    characters = list(converted)
    for match in re.finditer("\0", text):
        characters[alignment.point_to_text(match.start())] = "\0"
    return "".join(characters)
