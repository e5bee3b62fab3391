"""From annotated sentences to the tagger's weights."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.entities.tagger.decode import encode
from pipeline.stages.entities.tagger.features import Row, lay_out
from pipeline.stages.segment import Segmenter
from pipeline.train import data, export, linear, network
from pipeline.train.crf import Sentences
from pipeline.train.data import LABELS, Example
from pipeline.train.generate import Generator
from pipeline.train.silver import with_lexicon

SEED = 1
# Sentences made from each template.
GENERATED = 60
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the training data lie; see `pipeline.train.data` for the formats.

    Attributes:
        uner: folder with `zh_gsd-ud-train.iob2` and `zh_gsdsimp-ud-train.iob2`.
        finre: folder with `valid.txt`: its sentences are left out of the training.
        weibo: folder with `weiboNER_2nd_conll.train`.
        silver: sentences with machine-made labels.
    """

    uner: Path
    finre: Path
    weibo: Path
    silver: Path


def read(inputs: Inputs, resources: Resources) -> list[Example]:
    """All sentences to learn from."""
    unseen = {example.text for example in data.finre(inputs.finre / "valid.txt")}
    silver = [e for e in data.silver(inputs.silver) if e.text not in unseen]
    return [
        *with_lexicon(silver, resources),
        *data.uner(inputs.uner / "zh_gsd-ud-train.iob2"),
        *data.uner(inputs.uner / "zh_gsdsimp-ud-train.iob2"),
        *data.weibo(inputs.weibo / "weiboNER_2nd_conll.train"),
        *Generator(resources, SEED).sentences(GENERATED),
    ]


def training_row(examples: Sequence[Example]) -> tuple[Row, Sentences]:
    """The examples as one document: its row, and its sentences with their labels."""
    from pipeline.document import Sentence

    text = "\n".join(example.text for example in examples)
    document = Document(text)
    document.text = text
    Segmenter().tokenize(document)
    lengths = np.array([len(example.text) for example in examples], np.int64)
    starts = np.cumsum(lengths + 1) - lengths - 1
    document.sentences = [
        Sentence(int(start), int(start + length))
        for start, length in zip(starts, lengths, strict=True)
    ]
    row = lay_out(text, document.sentences, document.tokens)
    labels = np.zeros(len(row.char), np.int8)
    labels[row.place] = np.concatenate(
        [
            encode(((s, e, LABELS.index(label)) for s, e, label in x.spans), len(x.text))
            for x in examples
        ]
    )
    first = row.place[np.cumsum(lengths) - lengths]
    return row, Sentences(first, lengths, labels, np.ones(len(lengths), np.float32))


def train(
    examples: Sequence[Example], output: Path, seed: int = SEED, log: Callable[[str], None] = print
) -> None:
    """Train both models and write the weights to `output`, a folder."""
    examples = [example for example in examples if example.text]
    row, sentences = training_row(examples)
    first = linear.train(row, sentences, seed, log)
    second = network.train(row, sentences, seed, log)
    export.write(output / "weights.npz", export.arrays(first, second))
