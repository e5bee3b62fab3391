"""Stage `normalize`: simplified text of one width, with offsets back to the source.

The way of a text: characters that carry no meaning are deleted and line ends become line feeds,
full-width digits and letters and odd spaces become ASCII, then each passage is converted to
simplified characters as its script demands. Every step has its alignment; they are composed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.alignment import Alignment, Block
from pipeline.chain import BaseStage
from pipeline.config import NormalizeSettings
from pipeline.document import Document, ScriptRun
from pipeline.resources import Resources
from pipeline.stages.normalize import cleaning
from pipeline.stages.normalize.characters import CharacterClasses
from pipeline.stages.normalize.converter import Converter
from pipeline.stages.normalize.explain import Choice
from pipeline.stages.normalize.script import NO_CONVERSION, Passage, ScriptDetector
from pipeline.stages.normalize.words import Name, Words

__all__ = ["Choice", "Normalizer"]

_TO_SIMPLIFIED = ("t2s", "tw2s", "hk2s", "tw2sp", "hk2sp")


class _Reading(NamedTuple):
    """A source before its conversion.

    Attributes:
        text: the source cleaned and folded.
        alignment: from that text to the source.
        whole, passages: what it is written in.
        names: its words with a conversion of their own.
    """

    text: str
    alignment: Alignment
    whole: Passage
    passages: list[Passage]
    names: list[Name]


class Normalizer(BaseStage):
    """Fills `text`, `alignment`, `source.script`, `source.conversion` and `source.script_runs`.

    Args:
        settings: see `NormalizeSettings`.
        resources: where `normalize/script.toml` and the tables in `conversion/` are looked up.
    """

    name = "normalize"
    requires: tuple[str, ...] = ()
    provides: tuple[str, ...] = ("text", "alignment")

    def __init__(
        self, settings: NormalizeSettings | None = None, resources: Resources | None = None
    ) -> None:
        self.settings = settings or NormalizeSettings()
        resources = resources or Resources()
        rules = resources.toml("normalize/script.toml")
        self._classes = CharacterClasses(rules, self.settings.fold_width)
        self._detector = ScriptDetector(
            self._classes, Words(resources, rules, self._classes.folding), rules,
            self.settings.conversion,
        )  # fmt: skip
        self._converters: dict[str, Converter] = {}

    def process(self, document: Document) -> None:
        """Fill the layers of `provides`.

        Raises:
            AlignmentError: if offsets could only be guessed.
        """
        reading = self._read(document.source_text)
        source = document.source
        source.script, source.conversion = reading.whole.script, reading.whole.conversion
        if len(reading.passages) == 1:
            document.text, alignment = self._convert(reading, reading.whole)
            ends = [len(document.text)]
        else:
            document.text, alignment, ends = self._convert_passages(reading)
        document.alignment = alignment.after(reading.alignment)
        source.script_runs = []
        start = 0
        for end, passage in zip(ends, reading.passages, strict=True):
            source_span = document.alignment.to_source(start, end)
            source.script_runs.append(
                ScriptRun(start, end, *source_span, passage.script, passage.conversion, passage.by)
            )
            start = end

    def _convert_passages(self, reading: _Reading) -> tuple[str, Alignment, list[int]]:
        """The converted text, its alignment with the reading's, and where its passages end."""
        pieces: list[str] = []
        blocks: list[Block] = []
        ends: list[int] = []
        length = 0
        for passage in reading.passages:
            piece, alignment = self._convert(reading, passage)
            blocks += alignment.moved(length, passage.start)
            pieces.append(piece)
            length += len(piece)
            ends.append(length)
        return "".join(pieces), Alignment(length, len(reading.text), blocks), ends

    def _convert(self, reading: _Reading, passage: Passage) -> tuple[str, Alignment]:
        """One passage converted, and the alignment of the two."""
        text = reading.text[passage.start : passage.end]
        if passage.conversion == NO_CONVERSION:
            return text, Alignment(len(text), len(text))
        return self._converter(passage.conversion)(text, _within(reading.names, passage))

    def _converter(self, name: str) -> Converter:
        if name not in self._converters:
            self._converters[name] = Converter(name)
        return self._converters[name]

    def explain(self, text: Document | str) -> list[Choice]:
        """The characters that could have become something else, and what decided.

        Args:
            text: a text, or a document that went through this stage.
        """
        document = self(text) if isinstance(text, str) else text
        return list(self._choices(document, self._read(document.source_text)))

    def _choices(self, document: Document, reading: _Reading) -> Iterator[Choice]:
        for run in document.source.script_runs:
            if run.conversion == NO_CONVERSION:
                continue
            start, end = reading.alignment.to_text(run.source_start, run.source_end)
            passage = Passage(start, end, run.script, run.conversion, run.by)
            choices = self._converter(run.conversion).choices(
                reading.text[start:end], _within(reading.names, passage)
            )
            for position, candidates, by in choices:
                place = start + position
                source_start, source_end = reading.alignment.to_source(place, place + 1)
                yield Choice(
                    *document.text_span(source_start, source_end),
                    source_start,
                    source_end,
                    document.source_text[source_start:source_end],
                    candidates,
                    by,
                )

    def _read(self, source: str) -> _Reading:
        """The source cleaned and folded, and what it is written in."""
        text, alignment = source, Alignment(len(source), len(source))
        marks = self._classes.marks(source)
        if marks.deleted:
            text, alignment = cleaning.delete(source)
        if marks.folded:
            text = cleaning.fold(text, marks.folded, self._classes.folding)
        whole, passages, words = self._detector.detect(text, marks)
        return _Reading(text, alignment, whole, passages, words.names)


def _within(names: Sequence[Name], passage: Passage) -> list[Name]:
    """The names in a passage, with their spans in it; what they become is simplified."""
    if not names or passage.conversion not in _TO_SIMPLIFIED:
        return []
    shift = passage.start
    return [
        name._replace(start=name.start - shift, end=name.end - shift)
        for name in names
        if shift <= name.start and name.end <= passage.end
    ]
