"""An installed spaCy pipeline as a further source of names (setting `entities.spacy_model`).

Its labels, those of OntoNotes, CoNLL or the contract itself, become those of the contract; kinds
that the contract has no label for (NORP, LANGUAGE) and numbers, which have a stage of their own,
are left. Lexicon and patterns outrank it, and it outranks the tagger.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pipeline.document import Document
from pipeline.errors import SettingsError
from pipeline.extras import require
from pipeline.labels import EntityLabel
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.mentions import Mention, Places

if TYPE_CHECKING:
    from spacy.language import Language

_LABELS = {
    **{label: label for label in get_args(EntityLabel)},
    "PER": "PERSON", "FAC": "LOC", "WORK": "WORK_OF_ART",
}  # fmt: skip
_PLACES = ("GPE", "LOC")
# Between the patterns and the tagger; mentions of a lower rank than _GUESS are certain.
_RANK, _GUESS = 3, 2
# spaCy says nothing of how sure it is.
_SCORE = 0.7
# The contract leaves these outside a name.
_AROUND = "《》〈〉“”\"'「」『』 \t\u3000"


class SpacyModel:
    """The pipeline and how its entities become mentions.

    Args:
        name: an installed pipeline (zh_core_web_sm), or a folder with a saved one.
        lexicon: where ids and tickers come from.

    Raises:
        SettingsError: if there is no such pipeline, or it has no label that the contract knows.
    """

    def __init__(self, name: str, lexicon: Lexicon) -> None:
        self._nlp = _load(name)
        self._lexicon = lexicon
        # The name it has in its own description: a path says nothing on another machine.
        meta = self._nlp.meta
        self._by = f"spacy:{meta['lang']}_{meta['name']}"
        labels = {label for labels in self._nlp.pipe_labels.values() for label in labels}
        if not labels & set(_LABELS):
            raise SettingsError(
                f"the spaCy pipeline {name} has no entity label that zhpipe knows; "
                f"it has: {', '.join(sorted(labels)) or 'none'}; known: {', '.join(_LABELS)}"
            )

    def find(self, document: Document, known: Sequence[Mention]) -> list[Mention]:
        """Mentions that do not contradict the certain ones of the other sources."""
        taken = Places(mention for mention in known if mention.rank < _GUESS)
        return [
            mention
            for mention in self._mentions(document)
            if all(
                _is_part(rival, mention) for rival in taken.overlapping(mention.start, mention.end)
            )
        ]

    def _mentions(self, document: Document) -> Iterator[Mention]:
        """The entities of each line: a whole document could be more than a model takes."""
        lines = [(line, start) for line, start in _lines(document.text) if not line.isspace()]
        for doc, start in self._nlp.pipe(lines, as_tuples=True):
            for entity in doc.ents:
                label = _LABELS.get(entity.label_)
                name = entity.text.strip(_AROUND)
                if label is None or not name:
                    continue
                begin = start + entity.start_char + entity.text.index(name)
                entry = self._lexicon.entry(name)
                if entry is not None and entry.label != label:
                    entry = None
                end = begin + len(name)
                yield Mention(begin, end, label, self._by, _RANK, _SCORE, entry)


def fingerprint(name: str) -> str:
    """SHA-256 over spaCy's version and all files of a pipeline, in hex.

    Raises:
        SettingsError: if there is no such pipeline.
    """
    spacy = require("spacy", "spacy")
    path = Path(name)
    if not path.exists():
        if not spacy.util.is_package(name):
            raise _unknown(name)
        path = spacy.util.get_package_path(name)
    digest = hashlib.sha256(spacy.__version__.encode())
    for file in sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest.update(file.relative_to(path).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _load(name: str) -> Language:
    spacy = require("spacy", "spacy")
    if not Path(name).exists() and not spacy.util.is_package(name):
        raise _unknown(name)
    try:
        nlp: Language = spacy.load(name)
    except (ImportError, LookupError, OSError, ValueError) as error:
        raise SettingsError(f"the spaCy pipeline {name} cannot be loaded: {error}") from error
    nlp.max_length = sys.maxsize
    return nlp


def _unknown(name: str) -> SettingsError:
    return SettingsError(
        f"there is no spaCy pipeline {name!r}, neither installed nor as a folder; "
        f"install one, for example: python -m spacy download zh_core_web_sm"
    )


def _is_part(known: Mention, mention: Mention) -> bool:
    """Whether a known place is only part of another name: 美国 in 美国陆军."""
    inside = mention.start <= known.start and known.end <= mention.end
    longer = mention.end - mention.start > known.end - known.start
    return inside and longer and known.label in _PLACES and mention.label not in _PLACES


def _lines(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for line in text.split("\n"):
        if line:
            yield line, start
        start += len(line) + 1
