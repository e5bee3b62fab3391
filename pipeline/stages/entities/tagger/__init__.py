"""The statistical tagger: names of people, organisations and places from the characters.

`Tagger.find` proposes mentions for a document with sentences and tokens. Its weights are in
`resources/entities/tagger`, with a card that says what they were trained on.
"""

from __future__ import annotations

from collections.abc import Iterator
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

    def find(self, document: Document) -> Iterator[Mention]:
        """Mentions labelled PERSON, ORG or LOC, in order and without overlap."""
        if not document.sentences:
            return
        row = lay_out(document.text, document.sentences, document.tokens)
        at, scores = self._model.scores(row)
        lengths = decode.runs(at)
        labels = decode.viterbi(scores, lengths, self._model.transitions)
        starts, ends, kinds = decode.spans(labels)
        offsets = np.zeros(len(row.char), np.int64)
        offsets[row.place] = row.offset
        offsets = offsets[at]
        spans = zip(
            offsets[starts].tolist(),
            (offsets[ends - 1] + 1).tolist(),
            kinds.tolist(),
            _certainty(scores, labels, starts, ends),
            strict=True,
        )
        for start, end, number, score in spans:
            kind = decode.KINDS[number]
            yield Mention(start, end, kind, f"tagger:{kind}", _RANK, score)


def _certainty(scores: Floats, labels: Labels, starts: Ints, ends: Ints) -> list[float]:
    """How sure each span is, between 0 and 1: by the mean lead of its labels over "no name"."""
    lead = scores[np.arange(len(labels)), labels] - scores[:, decode.OUTSIDE]
    total = np.concatenate([[0.0], np.cumsum(lead, dtype=np.float64)])
    mean = (total[ends] - total[starts]) / (ends - starts)
    rounded: list[float] = np.round(1 / (1 + np.exp(-mean / 2)), 2).tolist()
    return rounded
