"""brat's standoff format: `ID.txt` with `ID.ann`, and `annotation.conf` for its page.

The format is described at https://brat.nlplab.org/standoff.html. Offsets count code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import get_args

from pipeline.adapters.exporter import BESIDE_MARKS, Exporter, OutputFile
from pipeline.adapters.layers import (
    ASTRAL,
    LABELS,
    Annotation,
    all_annotations,
    details,
    to_json,
)
from pipeline.document import Document, Number
from pipeline.errors import WriteError
from pipeline.labels import Modifier
from pipeline.schema import ChangeModel

# What ends a line for brat, which reads files by Python's rules.
_BREAKS = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


class BratExporter(Exporter):
    """`target` is a folder; ids with slashes make folders in it.

    Modifiers and changes are attributes; all else that is known of a span is JSON in its note.
    """

    leaves = BESIDE_MARKS

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._written: set[str] = set()
        _write(target / "annotation.conf", configuration())

    def put(self, document: Document) -> None:
        """See `Exporter.put`."""
        name = document.id
        if name in self._written:
            raise WriteError(f"{self.target}: two documents have the id {name!r}")
        self._written.add(name)
        path = self.target / f"{name}.ann"
        if not path.resolve().is_relative_to(self.target.resolve()):
            raise WriteError(f"the id {name!r} leads out of the output folder")
        _write(path.with_name(f"{path.name[:-4]}.txt"), document.text)
        _write(path, "".join(f"{line}\n" for line in self._lines(document)))
        self.lose(
            "texts with characters beyond U+FFFF, whose marks brat's page shifts",
            int(ASTRAL.search(document.text) is not None),
        )

    def _lines(self, document: Document) -> Iterator[str]:
        numbers = count(1)
        for number, annotation in enumerate(all_annotations(document), 1):
            pieces = list(_pieces(document.text, annotation))
            if not pieces:
                self.lose("spans of line breaks alone, left out")
                continue
            if len(pieces) > 1:
                self.lose("spans over several lines, written as fragments")
            offsets = ";".join(f"{start} {end}" for start, end in pieces)
            text = " ".join(document.text[start:end] for start, end in pieces)
            yield f"T{number}\t{annotation.label} {offsets}\t{text}"
            for name, value in _attributes(annotation):
                yield f"A{next(numbers)}\t{name} T{number} {value}"
            note = _BREAKS.sub(lambda m: m[0].encode("unicode_escape").decode(), _note(annotation))
            yield f"#{number}\tAnnotatorNotes T{number}\t{note}"


def configuration() -> str:
    """The labels and attributes as brat's `annotation.conf`."""
    changes = {n: f.annotation for n, f in ChangeModel.model_fields.items()}
    bases = get_args(get_args(changes["basis"])[0])
    values = {
        "Modifier": get_args(Modifier),
        "Change": get_args(changes["direction"]),
        "Basis": bases,
    }
    return "\n".join([
        "[entities]", *LABELS, "[relations]",
        "<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "[events]", "[attributes]",
        *(f"{name} Arg:<ENTITY>, Value:{'|'.join(v)}" for name, v in values.items()), "",
    ])  # fmt: skip


def _pieces(text: str, annotation: Annotation) -> Iterator[tuple[int, int]]:
    """The parts of a span that stand on one line each."""
    start = annotation.start
    for match in _BREAKS.finditer(text, annotation.start, annotation.end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < annotation.end:
        yield start, annotation.end


def _attributes(annotation: Annotation) -> Iterator[tuple[str, str]]:
    if not isinstance(annotation, Number):
        return
    if annotation.modifier is not None:
        yield "Modifier", annotation.modifier
    if annotation.change is not None:
        yield "Change", annotation.change.direction
        if annotation.change.basis is not None:
            yield "Basis", annotation.change.basis


def _note(annotation: Annotation) -> str:
    return to_json(details(annotation))


def _write(path: Path, text: str) -> None:
    file = OutputFile(path)
    file.write(text)
    file.finish()
