"""The statistical tagger: names of people, organisations and places from the characters.

`Tagger.find` proposes mentions for a document with sentences and tokens. Its weights are in
`resources/entities/tagger`, with a card that says what they were trained on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.document import Document, Sentence
from pipeline.resources import Resources
from pipeline.stages.entities.mentions import Mention
from pipeline.stages.entities.tagger import decode
from pipeline.stages.entities.tagger.decode import Floats, Ints, Labels
from pipeline.stages.entities.tagger.features import ADDRESS, Row, lay_out
from pipeline.stages.entities.tagger.model import NAME, Model

# A name in a sentence: start, end, label, score; offsets count from the sentence's beginning.
_Found = tuple[int, int, str, float]
_RANK = 4
_LETTER, _FAR_LETTER = re.compile(r"[^\W\d_]"), re.compile(r"[^\W\d\x00-\x7f]")


class Tagger:
    """The weights and how they are put to use.

    Args:
        resources: where the weights are looked up.
        weights: a file to use instead.

    Raises:
        ResourceError: naming the file of weights, if it cannot be used.
    """

    def __init__(self, resources: Resources | None = None, weights: Path | None = None) -> None:
        self._model = Model.load(weights or (resources or Resources()).file(NAME))

    def find(self, document: Document) -> list[Mention]:
        """Mentions labelled PERSON, ORG or LOC, in order and without overlap."""
        (mentions,) = self.find_all([document])
        return mentions

    def find_all(self, documents: Sequence[Document]) -> list[list[Mention]]:
        """The mentions of each document, found for all at once.

        A sentence that comes back, as menus do on the pages of one site, is looked at once: what
        is found depends on nothing outside it. One without letters, or only with those of
        addresses, has no names.
        """
        texts = [
            [document.text[s.start : s.end] for s in document.sentences] for document in documents
        ]
        found: dict[str, list[_Found]] = {}
        chosen: list[list[Sentence]] = []
        # Of the chosen ones, in their order.
        seen: list[list[_Found]] = []
        for document, own in zip(documents, texts, strict=True):
            chosen.append([])
            for sentence, text in zip(document.sentences, own, strict=True):
                if text not in found:
                    found[text] = []
                    if _has_letters(text):
                        chosen[-1].append(sentence)
                        seen.append(found[text])
        if seen:
            self._look(lay_out(documents, chosen), seen)
        return [
            [
                Mention(s.start + start, s.start + end, label, f"tagger:{label}", _RANK, score)
                for s, text in zip(document.sentences, own, strict=True)
                for start, end, label, score in found[text]
            ]
            for document, own in zip(documents, texts, strict=True)
        ]

    def _look(self, row: Row, found: Sequence[list[_Found]]) -> None:
        """Put what is seen in each sentence of a row into the lists, which are in their order."""
        at, scores = self._model.scores(row)
        lengths = decode.runs(at)
        labels = decode.viterbi(scores, lengths, self._model.transitions)
        first, last, kinds = decode.spans(labels)
        starts, ends = at[first], at[last - 1] + 1
        number = np.searchsorted(row.begins, starts, side="right") - 1
        spans = zip(
            number.tolist(),
            (starts - row.begins[number]).tolist(),
            (ends - row.begins[number]).tolist(),
            kinds.tolist(),
            _certainty(scores, labels, first, last),
            strict=True,
        )
        for sentence, start, end, kind, score in spans:
            found[sentence].append((start, end, decode.KINDS[kind], score))


def _has_letters(sentence: str) -> bool:
    """Whether there is a letter outside addresses, which have none beyond ASCII."""
    return bool(_FAR_LETTER.search(sentence) or _LETTER.search(ADDRESS.sub("", sentence)))


def _certainty(scores: Floats, labels: Labels, starts: Ints, ends: Ints) -> list[float]:
    """How sure each span is, between 0 and 1: by the mean lead of its labels over "no name"."""
    lead = scores[np.arange(len(labels)), labels] - scores[:, decode.OUTSIDE]
    total = np.concatenate([[0.0], np.cumsum(lead, dtype=np.float64)])
    mean = (total[ends] - total[starts]) / (ends - starts)
    rounded: list[float] = np.round(1 / (1 + np.exp(-mean / 2)), 2).tolist()
    return rounded
