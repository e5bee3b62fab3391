"""The statistical tagger: names of people, organisations and places from the characters.

`Tagger.find` proposes mentions for a document with sentences and tokens. Its weights are in
`resources/entities/tagger`, with a card that says what they were trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.entities.mentions import Mention
from pipeline.stages.entities.tagger import decode
from pipeline.stages.entities.tagger.decode import Floats, Ints, Labels
from pipeline.stages.entities.tagger.features import lay_out
from pipeline.stages.entities.tagger.model import NAME, Model

_RANK = 4


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
        """The mentions of each document, found for all at once."""
        mentions: list[list[Mention]] = [[] for _ in documents]
        if not any(document.sentences for document in documents):
            return mentions
        row = lay_out(documents)
        at, scores = self._model.scores(row)
        lengths = decode.runs(at)
        labels = decode.viterbi(scores, lengths, self._model.transitions)
        first, last, kinds = decode.spans(labels)
        offsets = np.zeros(len(row.char), np.int64)
        offsets[row.place] = row.offset
        starts, ends = offsets[at[first]], offsets[at[last - 1]] + 1
        begins = np.cumsum([0, *(len(document.text) for document in documents)])
        number = np.searchsorted(begins, starts, side="right") - 1
        spans = zip(
            number.tolist(),
            (starts - begins[number]).tolist(),
            (ends - begins[number]).tolist(),
            kinds.tolist(),
            _certainty(scores, labels, first, last),
            strict=True,
        )
        for document, start, end, kind, score in spans:
            label = decode.KINDS[kind]
            mentions[document].append(Mention(start, end, label, f"tagger:{label}", _RANK, score))
        return mentions


def _certainty(scores: Floats, labels: Labels, starts: Ints, ends: Ints) -> list[float]:
    """How sure each span is, between 0 and 1: by the mean lead of its labels over "no name"."""
    lead = scores[np.arange(len(labels)), labels] - scores[:, decode.OUTSIDE]
    total = np.concatenate([[0.0], np.cumsum(lead, dtype=np.float64)])
    mean = (total[ends] - total[starts]) / (ends - starts)
    rounded: list[float] = np.round(1 / (1 + np.exp(-mean / 2)), 2).tolist()
    return rounded
