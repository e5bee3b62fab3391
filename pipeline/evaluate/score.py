"""Precision, recall and F1 by layer and label; accuracy of values; boilerplate by characters.

Entities and numbers count where span and label are equal, in source offsets. Values are compared
for the numbers that match. Inside byline and boilerplate nothing is scored: the gold files do not
mark names there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pipeline.document import Document, Entity, Number
from pipeline.errors import ContractError
from pipeline.evaluate.gold import SUFFIX, GoldAnnotation, GoldDocument, read_gold
from pipeline.files.documents import document_files, read_documents
from pipeline.stages.numbers import timex

_FIELDS = ("title", "publisher", "author", "published")


@dataclass(slots=True)
class Count:
    """True positives, false positives and false negatives, and how many values were right."""

    right: int = 0
    false: int = 0
    missed: int = 0
    values_right: int = 0

    @property
    def precision(self) -> float:
        """Share of the predictions that are right; 1.0 where nothing was predicted."""
        predicted = self.right + self.false
        return self.right / predicted if predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found; 1.0 where there is none."""
        gold = self.right + self.missed
        return self.right / gold if gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = 2 * self.right + self.false + self.missed
        return 2 * self.right / total if total else 1.0

    @property
    def full_f1(self) -> float:
        """F1 where a number counts as right only if its value is right too."""
        total = 2 * self.right + self.false + self.missed
        return 2 * self.values_right / total if total else 1.0

    def add(self, other: Count) -> None:
        """Add another count to this one."""
        self.right += other.right
        self.false += other.false
        self.missed += other.missed
        self.values_right += other.values_right


@dataclass(frozen=True, slots=True)
class Miss:
    """One difference between gold and prediction.

    `kind` is missed, false or value; `expected` and `got` describe both sides.
    """

    document: str
    kind: str
    layer: str
    start: int
    text: str
    expected: str
    got: str


@dataclass(slots=True)
class Report:
    """Counts by layer and label, and all misses."""

    documents: int = 0
    counts: dict[str, dict[str, Count]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Count))
    )
    misses: list[Miss] = field(default_factory=list)

    def total(self, layer: str) -> Count:
        """The sum over all labels of a layer."""
        total = Count()
        for count in self.counts[layer].values():
            total.add(count)
        return total


def evaluate_folders(gold: Path, predicted: Path) -> Report:
    """Score the documents of a folder (or one file) against gold files of the same names.

    Raises:
        ContractError: if there are no gold files, a prediction is missing, or the texts differ.
        ReadError: if a prediction cannot be read.
    """
    golds = [gold] if gold.is_file() else sorted(gold.rglob(f"*{SUFFIX}"))
    if not golds:
        raise ContractError(f"{gold} holds no {SUFFIX} files")
    documents = _predictions(predicted)
    report = Report()
    for path in golds:
        name = path.stem if gold.is_file() else path.relative_to(gold).with_suffix("").as_posix()
        if name not in documents:
            raise ContractError(f"{path} has no prediction: {predicted} holds no document {name!r}")
        score_document(read_gold(path), documents[name], report)
    return report


def _predictions(place: Path) -> dict[str, Document]:
    """Documents by the place of their file in the folder, or by id where a file holds many."""
    documents = {}
    for path in document_files(place):
        own_file = path.suffix == ".json" and not place.is_file()
        for document in read_documents(path):
            name = path.relative_to(place).with_suffix("").as_posix() if own_file else document.id
            documents[name] = document
    return documents


def score_document(gold: GoldDocument, document: Document, report: Report) -> None:
    """Add one document to a report.

    Raises:
        ContractError: if gold and prediction are not of the same source text.
    """
    if gold.source_text != document.source_text:
        raise ContractError(f"{document.id}: gold file and document have different source texts")
    report.documents += 1
    silent = _silent(gold)
    for layer, predicted in (("entities", document.entities), ("numbers", document.numbers)):
        _score_spans(layer, gold, document, predicted, silent, report)
    _score_boilerplate(gold, document, report)
    _score_metadata(gold, document, report)


def _silent(gold: GoldDocument) -> set[int]:
    """Positions where nothing is scored: boilerplate, and the lines of the byline."""
    silent = {
        p for a in gold.annotations if a.layer == "boilerplate" for p in range(a.start, a.end)
    }
    for a in gold.annotations:
        if a.label in ("publisher", "author", "published"):
            start = gold.source_text.rfind("\n", 0, a.start) + 1
            end = gold.source_text.find("\n", a.end)
            silent.update(range(start, end if end >= 0 else len(gold.source_text)))
    return silent


def _score_spans(
    layer: str,
    gold: GoldDocument,
    document: Document,
    predicted: Sequence[Entity | Number],
    silent: set[int],
    report: Report,
) -> None:
    expected = {(a.start, a.end, a.label): a for a in gold.annotations if a.layer == layer}
    found = {
        (p.source_start, p.source_end, p.label): p
        for p in predicted
        if p.source_start not in silent
    }
    for key in sorted(expected.keys() | found.keys()):
        count = report.counts[layer][key[2]]
        want, got = expected.get(key), found.get(key)
        if want is None:
            assert got is not None, "the key is from one of the two"
            count.false += 1
            _miss(report, document, "false", layer, key[0], got.source_text, "", _describe(got))
        elif got is None:
            count.missed += 1
            _miss(report, document, "missed", layer, key[0], want.text, _stated(want), "")
        else:
            count.right += 1
            if not isinstance(got, Number) or _value_right(want, got):
                count.values_right += 1
            else:
                _miss(
                    report,
                    document,
                    "value",
                    layer,
                    key[0],
                    want.text,
                    _stated(want),
                    _describe(got),
                )


def _value_right(want: GoldAnnotation, got: Number) -> bool:
    """Value, unit, bounds and modifier as the mark states them; what it leaves out must be None.

    Dates are equal where they cover the same days.
    """
    stated = want.attributes
    if got.label == "DATE":
        return _same_days(stated.get("value"), got.value)
    pairs = [
        (stated.get("value"), got.value),
        (stated.get("min"), got.min),
        (stated.get("max"), got.max),
        (stated.get("unit"), got.unit),
        (stated.get("modifier"), got.modifier),
    ]
    return all(_same(expected, value) for expected, value in pairs)


def _same(expected: str | None, value: int | Decimal | str | None) -> bool:
    if expected is None or value is None:
        return expected is None and value is None
    if isinstance(value, str):
        return expected == value
    try:
        return Decimal(expected) == value
    except ArithmeticError:
        return False


def _same_days(expected: str | None, value: int | Decimal | str | None) -> bool:
    if expected is None or value is None:
        return expected is None and value is None
    if expected == value:
        return True
    try:
        return timex.bounds(expected) == timex.bounds(str(value))
    except ValueError:
        return False


def _score_boilerplate(gold: GoldDocument, document: Document, report: Report) -> None:
    """By characters that are not white space, label by label."""
    expected = {
        p: a.label
        for a in gold.annotations
        if a.layer == "boilerplate"
        for p in range(a.start, a.end)
    }
    found = {p: b.label for b in document.boilerplate for p in range(b.source_start, b.source_end)}
    runs: list[tuple[str, int, int, str, str]] = []
    for position in sorted(expected.keys() | found.keys()):
        if document.source_text[position].isspace():
            continue
        want, got = expected.get(position), found.get(position)
        if want == got and want is not None:
            report.counts["boilerplate"][want].right += 1
            report.counts["boilerplate"][want].values_right += 1
            continue
        if want is not None:
            report.counts["boilerplate"][want].missed += 1
        if got is not None:
            report.counts["boilerplate"][got].false += 1
        kind = "false" if want is None else "missed"
        last = runs[-1] if runs else None
        if (
            last is not None
            and (last[0], last[3], last[4]) == (kind, want or "", got or "")
            and (not document.source_text[last[2] : position].strip())
        ):
            runs[-1] = (kind, last[1], position + 1, want or "", got or "")
        else:
            runs.append((kind, position, position + 1, want or "", got or ""))
    for kind, start, end, want_label, got_label in runs:
        _miss(
            report,
            document,
            kind,
            "boilerplate",
            start,
            document.source_text[start:end],
            want_label,
            got_label,
        )


def _score_metadata(gold: GoldDocument, document: Document, report: Report) -> None:
    """The first mark of each field against the field's source text and, for dates, its value."""
    for name in _FIELDS:
        want = next((a for a in gold.annotations if a.label == name), None)
        got = getattr(document.metadata, name)
        if want is None and got is None:
            continue
        count = report.counts["metadata"][name]
        got_text = got and document.source_text[got.source_start : got.source_end]
        value = got.value if name == "published" and got else None
        if (
            want is not None
            and got is not None
            and want.text.strip() == got_text
            and (name != "published" or value == want.attributes.get("value", "")[:10])
        ):
            count.right += 1
            count.values_right += 1
            continue
        count.missed += want is not None
        count.false += got is not None
        _miss(
            report,
            document,
            "missed" if want else "false",
            "metadata",
            want.start if want else got.source_start,
            want.text if want else got_text,
            f"{name} {_stated(want)}" if want else "",
            f"{name}={got_text!r} {value or ''}" if got else "",
        )


def _stated(want: GoldAnnotation) -> str:
    return " ".join([want.label, *(f"{k}={v}" for k, v in want.attributes.items())])


def _describe(got: Entity | Number) -> str:
    if isinstance(got, Entity):
        return f"{got.label} by {got.by}"
    parts = [(name, getattr(got, name)) for name in ("value", "unit", "min", "max", "modifier")]
    return " ".join([got.label, *(f"{n}={v}" for n, v in parts if v is not None), f"by {got.by}"])


def _miss(
    report: Report,
    document: Document,
    kind: str,
    layer: str,
    start: int,
    text: str,
    expected: str,
    got: str,
) -> None:
    report.misses.append(Miss(document.id, kind, layer, start, text, expected, got))


def labels_in_order(report: Report, layer: str) -> Iterator[tuple[str, Count]]:
    """Labels of a layer with their counts, by name."""
    yield from sorted(report.counts[layer].items())
