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
from pipeline.stages.entities.tagger.features import Row, View, lay_out
from pipeline.stages.entities.tagger.model import NAME, Model
from pipeline.tokens import Tokens

# A name in a sentence: start, end, label, score; offsets count from the sentence's beginning.
_Found = tuple[int, int, str, float]
_RANK = 4
_LETTER = re.compile(r"[^\W\d_]")


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

        A sentence that comes back with the same tokens, as menus do on the pages of one site, is
        looked at once: what is found depends on nothing else. One without letters, or only with
        those of addresses, has no names.
        """
        views = list(map(View.of, documents))
        alike = _Alike()
        added = [[alike.add(view, sentence) for sentence in view.sentences] for view in views]
        chosen = [
            view._replace(
                sentences=[s for s, (_, new) in zip(view.sentences, own, strict=True) if new]
            )
            for view, own in zip(views, added, strict=True)
        ]
        seen = [names for own in added for names, new in own if new]
        if seen:
            self._look(lay_out(chosen), seen)
        return [
            [
                Mention(s.start + start, s.start + end, label, f"tagger:{label}", _RANK, score)
                for s, (names, _) in zip(view.sentences, own, strict=True)
                for start, end, label, score in names
            ]
            for view, own in zip(views, added, strict=True)
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


class _Alike:
    """The lists for the names in sentences: one list for all that the tagger sees alike."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[Tokens, int, list[_Found]]] = {}

    def add(self, view: View, sentence: Sentence) -> tuple[list[_Found], bool]:
        """The list of a sentence, and whether the sentence is to be looked at for it."""
        names: list[_Found] = []
        text = view.text[sentence.start : sentence.end]
        if _LETTER.search(text) is None:
            return names, False
        tokens, start, first = self._first.setdefault(text, (view.tokens, sentence.start, names))
        if first is names:
            return names, True
        same = _same_tokens(view.tokens, sentence, tokens, start)
        return (first, False) if same else (names, True)


def _same_tokens(tokens: Tokens, sentence: Sentence, others: Tokens, start: int) -> bool:
    """Whether a sentence has the tokens of an equally long one that begins at `start`."""
    shift = start - sentence.start
    first, after = tokens.between(sentence.start, sentence.end)
    other, other_after = others.between(start, sentence.end + shift)
    return (
        tokens.texts[first:after] == others.texts[other:other_after]
        and tokens.tags[first:after] == others.tags[other:other_after]
        and [at + shift for at in tokens.starts[first:after]] == others.starts[other:other_after]
    )


def _certainty(scores: Floats, labels: Labels, starts: Ints, ends: Ints) -> list[float]:
    """How sure each span is, between 0 and 1: by the mean lead of its labels over "no name"."""
    lead = scores[np.arange(len(labels)), labels] - scores[:, decode.OUTSIDE]
    total = np.concatenate([[0.0], np.cumsum(lead, dtype=np.float64)])
    mean = (total[ends] - total[starts]) / (ends - starts)
    rounded: list[float] = np.round(1 / (1 + np.exp(-mean / 2)), 2).tolist()
    return rounded
