"""From annotated sentences to the tagger's weights and their card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.document import Document, Sentence
from pipeline.resources import Resources
from pipeline.stages.entities.tagger.decode import encode
from pipeline.stages.entities.tagger.features import Row, View, lay_out
from pipeline.stages.segment import Segmenter
from pipeline.train import card, data, export, linear, network
from pipeline.train.crf import Sentences
from pipeline.train.data import LABELS, Example
from pipeline.train.generate import Generator
from pipeline.train.silver import with_lexicon

WEIGHTS = "weights.npz"
# Sentences made from each template.
GENERATED = 60
# How often a sentence counts: the labels that people made are few, and better.
WEIGHTS_OF = {"uner": 2.0}
Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the training data lie; see `pipeline.train.data` for the formats.

    Attributes:
        uner: folder with `zh_gsd-ud-train.iob2` and `zh_gsdsimp-ud-train.iob2`.
        finre: folder with `valid.txt`: its sentences are left out of the training.
        weibo: folder with `weiboNER_2nd_conll.train`.
        silver: sentences with machine-made labels.
        own: folder of `.gold` files to learn from too.
    """

    uner: Path
    finre: Path
    weibo: Path
    silver: Path
    own: Path | None = None


def make(inputs: Inputs, output: Path, seed: int, evaluation: Path | None, log: Log) -> None:
    """Train on the inputs and write weights and card to the folder `output`.

    Args:
        inputs: the data.
        output: made if it is not there.
        seed: of the sentences that are made and of all random choices.
        evaluation: folder of data whose scores the card shall state.
        log: told how far the work is.
    """
    parts = read(inputs, Resources(), seed)
    train(parts, output / WEIGHTS, seed, log)
    card.write(output, WEIGHTS, {name: len(part) for name, part in parts.items()}, seed, evaluation)


def read(inputs: Inputs, resources: Resources, seed: int) -> dict[str, list[Example]]:
    """All sentences to learn from, by where they come from."""
    unseen = {example.text for example in data.finre(inputs.finre / "valid.txt")}
    silver = [e for e in data.silver(inputs.silver) if e.text not in unseen]
    return {
        "silver": list(with_lexicon(silver, resources)),
        "uner": [
            *data.uner(inputs.uner / "zh_gsd-ud-train.iob2"),
            *data.uner(inputs.uner / "zh_gsdsimp-ud-train.iob2"),
        ],
        "weibo": data.weibo(inputs.weibo / "weiboNER_2nd_conll.train"),
        "generated": Generator(resources, seed).sentences(GENERATED),
        "own": data.gold(inputs.own) if inputs.own else [],
    }


def train(parts: Mapping[str, Sequence[Example]], output: Path, seed: int, log: Log) -> None:
    """Train both models and write the weights to the file `output`."""
    row, sentences = training_row(parts)
    first = linear.train(row, sentences, seed, log)
    second = network.train(row, sentences, seed, log)
    export.write(output, export.arrays(first, second))


def training_row(parts: Mapping[str, Sequence[Example]]) -> tuple[Row, Sentences]:
    """All examples as one document: its row, and its sentences with labels and weights."""
    examples = [example for part in parts.values() for example in part if example.text]
    weights = [
        WEIGHTS_OF.get(name, 1.0)
        for name, part in parts.items()
        for example in part
        if example.text
    ]
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
    row = lay_out([View.of(document)])
    labels = np.zeros(len(row.char), np.int8)
    labels[row.place] = np.concatenate(
        [
            encode(((s, e, LABELS.index(label)) for s, e, label in x.spans), len(x.text))
            for x in examples
        ]
    )
    first = row.place[np.cumsum(lengths) - lengths]
    return row, Sentences(first, lengths, labels, np.array(weights, np.float32))
