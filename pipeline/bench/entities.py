"""How well persons, organisations and places are found on public sets; `zhpipe bench`: how fast.

    python -m pipeline.bench.entities --data FOLDER

Exact spans and labels count; GPE and LOC are one label there. CLUENER, Resume and CFSC are never
trained on, of UNER and FinRE other parts. FinRE and CFSC mark only some of the names: their
recall of organisations is what can be measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from pipeline.config import EntitySettings
from pipeline.document import Document
from pipeline.stages.entities import EntityRecognizer
from pipeline.stages.entities.mentions import Mention
from pipeline.stages.entities.tagger import Tagger
from pipeline.stages.segment import Segmenter
from pipeline.train import data
from pipeline.train.data import Example, Span

_LABELS = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC"}
_SETS: dict[str, tuple[str, Callable[[Path], list[Example]]]] = {
    "UNER traditional dev": ("uner/zh_gsd-ud-dev.iob2", data.uner),
    "UNER simplified dev": ("uner/zh_gsdsimp-ud-dev.iob2", data.uner),
    "CLUENER train": ("cluener/train.json", data.cluener),
    "Resume dev": ("resume/dev.char.bmes", data.resume),
    "Weibo dev": ("weibo/weiboNER_2nd_conll.dev", data.weibo),
    "FinRE valid": ("finre/valid.txt", data.finre),
    "CFSC val": ("cfsc/val.json", data.cfsc),
}
_RECALL_ONLY = frozenset({"FinRE valid", "CFSC val"})
Finder = Callable[[Document], Iterable[Mention]]


@click.command()
@click.option("--data", "folder", type=click.Path(path_type=Path, exists=True), required=True)
def main(folder: Path) -> None:
    """Print a table for the tagger alone, for the stage without it, and for the whole stage."""
    systems = {
        "tagger": Tagger().find,
        "rules": _stage(EntitySettings(tagger=False)),
        "stage": _stage(EntitySettings()),
    }
    print(f"{'set':<22}{'system':<8}{'P':>7}{'R':>7}{'F1':>7}")
    for name, system, figures in evaluate(folder, systems):
        shown = "".join(f"{'-':>7}" if figure is None else f"{figure:7.3f}" for figure in figures)
        print(f"{name:<22}{system:<8}{shown}", flush=True)


def evaluate(
    folder: Path, systems: Mapping[str, Finder]
) -> Iterator[tuple[str, str, tuple[float | None, float, float | None]]]:
    """For each set and system precision, recall and F1; only recall where not all is marked."""
    segmenter = Segmenter()
    for name, (file, read) in _SETS.items():
        examples = read(folder / file)
        documents = [_document(example.text, segmenter) for example in examples]
        partial = name in _RECALL_ONLY
        labels = ("ORG",) if partial else data.LABELS
        for system, find in systems.items():
            found = [_spans(find(document)) for document in documents]
            precision, recall, f1 = score(examples, found, labels)
            yield name, system, (None, recall, None) if partial else (precision, recall, f1)


def score(
    examples: Sequence[Example], found: Sequence[set[Span]], labels: Sequence[str]
) -> tuple[float, float, float]:
    """Precision, recall and F1 of exact spans with one of the labels."""
    right = false = missed = 0
    for example, spans in zip(examples, found, strict=True):
        gold = {span for span in example.spans if span[2] in labels}
        ours = {span for span in spans if span[2] in labels}
        right += len(gold & ours)
        false += len(ours - gold)
        missed += len(gold - ours)
    return (
        right / max(1, right + false),
        right / max(1, right + missed),
        2 * right / max(1, 2 * right + false + missed),
    )


def _stage(settings: EntitySettings) -> Finder:
    recognizer = EntityRecognizer(settings)
    return recognizer.find


def _document(text: str, segmenter: Segmenter) -> Document:
    document = Document(text)
    document.text = text
    segmenter.process(document)
    return document


def _spans(mentions: Iterable[Mention]) -> set[Span]:
    return {(m.start, m.end, _LABELS[m.label]) for m in mentions if m.label in _LABELS}


if __name__ == "__main__":
    main()
