"""Label Studio's JSON: one task a document, its annotations as a prediction.

Label Studio counts code points: its editor converts the browser's offsets before it stores them
(`charsToCodePoints` in web/libs/editor/src/utils/selection-tools.js), and its own test
web/libs/editor/tests/integration/e2e/ner/emoji.cy.ts says "Should calculate offsets by code points
in text". Versions before that change (label-studio-frontend pull request 308), and versions with
the bug that pull request 6135 of July 2024 mended, count UTF-16 code units where a text has
characters beyond U+FFFF; `utf16=True` writes these.
"""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from typing import Any

import orjson

from pipeline.adapters.exporter import BESIDE_MARKS, Exporter, OutputFile
from pipeline.adapters.layers import (
    ASTRAL,
    LABELS,
    Annotation,
    all_annotations,
    details,
    to_json,
)
from pipeline.document import Document


class LabelStudioExporter(Exporter):
    """`target` is a `.json` file; the labelling configuration goes beside it, as `.xml`.

    Each result has all that is known of a span as JSON in `meta.text`, which the page shows.

    Args:
        utf16: count UTF-16 code units instead of code points.
    """

    leaves = BESIDE_MARKS

    def __init__(self, target: Path, utf16: bool = False) -> None:
        super().__init__(target)
        self._utf16 = utf16
        self._file = OutputFile(target)
        self._tasks = self._results = 0

    def put(self, document: Document) -> None:
        """See `Exporter.put`."""
        astral = [match.start() for match in ASTRAL.finditer(document.text)]
        unit = "UTF-16 units" if self._utf16 else "code points"
        self.lose(f"texts with characters beyond U+FFFF (offsets are {unit})", int(bool(astral)))
        results = [
            self._result(a, astral if self._utf16 else []) for a in all_annotations(document)
        ]
        made = document.pipeline
        task = {
            "data": {"id": document.id, "text": document.text},
            "predictions": [
                {"model_version": f"zhpipe {made.version} {made.fingerprint}", "result": results}
            ],
        }
        self._file.write(",\n" if self._tasks else "[\n")
        self._file.stream.write(orjson.dumps(task))
        self._tasks += 1

    def _result(self, annotation: Annotation, astral: list[int]) -> dict[str, Any]:
        self._results += 1
        return {
            "id": f"zhpipe-{self._results}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": annotation.start + bisect_left(astral, annotation.start),
                "end": annotation.end + bisect_left(astral, annotation.end),
                "text": annotation.text,
                "labels": [annotation.label],
            },
            "meta": {"text": [to_json(details(annotation))]},
        }

    def finish(self) -> None:
        """See `Exporter.finish`."""
        self._file.write("\n]\n" if self._tasks else "[]\n")
        self._file.finish()
        file = OutputFile(self.target.with_suffix(".xml"))
        file.write(configuration())
        file.finish()

    def close(self) -> None:
        """See `Exporter.close`."""
        self._file.close()


def configuration() -> str:
    """The labels as a labelling configuration."""
    return "\n".join([
        "<View>",
        # Without it the page trims white space, and the offsets no longer fit.
        "  <Style>.htx-text { white-space: pre-wrap; }</Style>",
        '  <Labels name="label" toName="text">',
        *(f'    <Label value="{label}"/>' for label in LABELS),
        "  </Labels>",
        '  <Text name="text" value="$text" granularity="symbol"/>',
        "</View>", "",
    ])  # fmt: skip
