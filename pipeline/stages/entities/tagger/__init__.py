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
        scores, possible = self._model.scores(row)
        labels = decode.viterbi(scores, *decode.stretches(possible), self._model.transitions)
        offsets = np.zeros(len(labels), np.int64)
        offsets[row.place] = row.offset
        for start, end, kind in decode.spans(labels):
            span = scores[start:end]
            chosen = span[np.arange(end - start), labels[start:end]]
            lead = float((chosen - span[:, decode.OUTSIDE]).mean())
            yield Mention(
                int(offsets[start]),
                int(offsets[end - 1]) + 1,
                decode.KINDS[kind],
                f"tagger:{decode.KINDS[kind]}",
                _RANK,
                round(1 / (1 + float(np.exp(-lead / 2))), 2),
            )
