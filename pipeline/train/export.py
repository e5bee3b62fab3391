"""Trained weights as whole numbers of 8 bits, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.stages.entities.tagger.decode import IMPOSSIBLE, OUTSIDE, allowed
from pipeline.stages.entities.tagger.features import SLOT_BITS
from pipeline.stages.entities.tagger.model import HIDDEN_TOP, INDEX_BITS
from pipeline.train.crf import Floats
from pipeline.train.linear import LinearWeights
from pipeline.train.network import NetworkWeights

# Features that are kept: those with the largest weights.
ROWS = 400_000
# Weights of the linear model beyond this are cut.
_LINEAR_TOP = 2.0
_TOP = 127
# Taken off the score of "no name": found names are worth more than the last false one.
OUTSIDE_BIAS = 0.5
# How far "no name" must lead in the linear score for the network not to be asked.
MARGIN = 1.0


def arrays(linear: LinearWeights, network: NetworkWeights) -> dict[str, NDArray[Any]]:
    """What `Model` reads."""
    return {
        **_linear(linear),
        **_network(network),
        "transitions": np.where(
            allowed(), linear.transitions + network.parameters["transitions"], IMPOSSIBLE
        ).astype(np.float32),
        "margin": np.array(MARGIN, np.float32),
    }


def write(path: Path, values: dict[str, NDArray[Any]]) -> None:
    """Write an uncompressed `.npz`: equal arrays give equal bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, allow_pickle=False, **values)


def _linear(trained: LinearWeights) -> dict[str, NDArray[Any]]:
    # A constant over all labels of a feature decides nothing.
    weights = trained.weights - trained.weights.mean(1, keepdims=True)
    size = np.square(weights).sum(1)
    order = np.argsort(-size, kind="stable")
    # Of features that share a place in the index the one with the largest weights stays.
    _, first = np.unique(trained.slots[order] >> (SLOT_BITS - INDEX_BITS), return_index=True)
    kept = np.sort(order[np.sort(first)[:ROWS]])
    scale = _LINEAR_TOP / _TOP
    whole = np.clip(np.rint(weights[kept] / scale), -_TOP, _TOP).astype(np.int8)
    return {"slots": trained.slots[kept], "linear": whole, "scale": np.array(scale, np.float32)}


def _network(trained: NetworkWeights) -> dict[str, NDArray[Any]]:
    """Vectors share one scale, so that the sums of the hidden layer are of whole numbers."""
    given = trained.parameters
    kinds = ("character", "word", "tag")
    vectors = {f"{kind}_vectors": given[f"{kind}_vectors"] for kind in kinds}
    vector_scale = _scale(np.concatenate([v.ravel() for v in vectors.values()]))
    hidden_scale, output_scale = _scale(given["hidden"]), _scale(given["output"])
    # A unit of the hidden layer as a whole number: 0 to HIDDEN_TOP for 0 to `top`.
    top = 8.0
    bias = given["output_bias"].copy()
    bias[OUTSIDE] -= OUTSIDE_BIAS
    return {
        **{name: _whole(value, vector_scale) for name, value in vectors.items()},
        "characters": trained.vocabularies.characters.values,
        "words": trained.vocabularies.words.values,
        "tags": trained.vocabularies.tags.values,
        "hidden": _whole(given["hidden"], hidden_scale),
        "hidden_bias": np.rint(given["hidden_bias"] / (vector_scale * hidden_scale)).astype(
            np.int32
        ),
        "hidden_scale": np.array(vector_scale * hidden_scale * HIDDEN_TOP / top, np.float32),
        "output": _whole(given["output"], output_scale),
        "output_bias": bias,
        "output_scale": np.array(output_scale * top / HIDDEN_TOP, np.float32),
    }


def _scale(values: Floats) -> float:
    """What one step of 8 bits is worth; the largest in ten thousand are cut."""
    return float(np.quantile(np.abs(values), 0.9999)) / _TOP


def _whole(values: Floats, scale: float) -> NDArray[np.int8]:
    whole: NDArray[np.int8] = np.clip(np.rint(values / scale), -_TOP, _TOP).astype(np.int8)
    return whole
