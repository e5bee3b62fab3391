"""The card beside the weights: what they were trained on, under which licences, what they reach."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pipeline.resources import Resources
from pipeline.stages.entities.tagger import Tagger

NAME = "model-card.toml"
_SOURCES = {
    "silver": "Sentences of news and of FinRE (MIT, thunlp/Chinese_NRE), labelled by Baidu LAC 2.1 "
    "(Apache-2.0), this project's lexicon (Apache-2.0) laid over the labels. FinRE's valid part "
    "is left out. The texts are no part of this project.",
    "uner": "Universal NER Chinese GSD and GSDSIMP, train parts, CC BY-SA 4.0, by the "
    "Universal NER project, github.com/UniversalNER; text from Universal Dependencies "
    "Chinese GSD, CC BY-SA 4.0",
    "weibo": "Weibo NER, train part, annotations CC BY-SA 3.0, by Nanyun Peng and Mark Dredze, "
    "github.com/hltcoe/golden-horse",
    "generated": "Sentences that pipeline.train.generate makes from templates.toml and the "
    "lexicon, written for this project, Apache-2.0",
    "own": "Articles written and annotated for this project, Apache-2.0",
}


def write(
    folder: Path, weights: str, sentences: Mapping[str, int], seed: int, evaluation: Path | None
) -> None:
    """Write the card; with `evaluation`, a folder of data, measure the scores first."""
    path = folder / weights
    lines = [
        "# The entity tagger's weights: names of people, organisations and places.",
        f'weights = "{weights}"',
        f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"',
        f"bytes = {path.stat().st_size}",
        f"seed = {seed}",
        'licence = "CC BY-SA 4.0: adapted from annotations under it, with thanks to their authors"',
        'command = "zhpipe train-entities --uner DIR --finre DIR --weibo DIR --silver FILE -o DIR"',
    ]
    for name, count in sentences.items():
        if count:
            lines += ["", f"[data.{name}]", f"sentences = {count}", f'source = "{_SOURCES[name]}"']
    if evaluation is not None:
        lines += ["", *_scores(path, evaluation)]
    (folder / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _scores(weights: Path, evaluation: Path) -> list[str]:
    from pipeline.bench.entities import evaluate

    lines = [
        "# Exact spans and labels, the tagger alone, by `python -m pipeline.bench.entities`. No",
        "# set was trained on. FinRE and CFSC mark only some names: recall of organisations.",
    ]
    tagger = Tagger(Resources(), weights)
    for name, _, (precision, recall, f1) in evaluate(evaluation, {"tagger": tagger.find}):
        lines += [
            f'[scores."{name}"]',
            *([] if precision is None else [f"precision = {precision:.3f}"]),
            f"recall = {recall:.3f}",
            *([] if f1 is None else [f"f1 = {f1:.3f}"]),
        ]
    return lines
