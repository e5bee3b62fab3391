"""spaCy's DocBin: one `.spacy` file, or a folder of them for many documents."""

from __future__ import annotations

from pathlib import Path

from spacy.tokens import DocBin

from pipeline.adapters.exporter import ALIGNMENT, SCRIPT, WARNINGS, Exporter, OutputFile
from pipeline.adapters.spacy import to_doc
from pipeline.document import Document

# A DocBin is made in memory; spaCy reads a folder of them as one corpus.
_DOCUMENTS = 1000


class DocBinExporter(Exporter):
    """`target` is a file ending in `.spacy`, or a folder that gets files of 1,000 documents."""

    leaves = (ALIGNMENT, SCRIPT, WARNINGS)

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._bin = DocBin(store_user_data=True)
        self._files = 0

    def put(self, document: Document) -> None:
        """See `Exporter.put`."""
        doc = to_doc(document)
        missing = len(document.entities) - len(doc.ents)
        self.lose("overlapping entities, in the span group alone and not in doc.ents", missing)
        self._bin.add(doc)
        if self.target.suffix != ".spacy" and len(self._bin) == _DOCUMENTS:
            self._flush()

    def finish(self) -> None:
        """See `Exporter.finish`."""
        if len(self._bin) or not self._files:
            self._flush()

    def _flush(self) -> None:
        whole = self.target.suffix == ".spacy"
        path = self.target if whole else self.target / f"documents-{self._files:05}.spacy"
        file = OutputFile(path)
        file.stream.write(self._bin.to_bytes())
        file.finish()
        self._files += 1
        self._bin = DocBin(store_user_data=True)
