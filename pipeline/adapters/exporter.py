"""What the export formats share: a target, and an account of what a format cannot hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from pipeline.document import Document
from pipeline.errors import WriteError
from pipeline.files.durable import partial

# Parts of a document that some formats have no place for, and how many of them there are.
_PARTS: dict[str, Callable[[Document], int]] = {
    "source texts that differ from the text": lambda d: int(d.text != d.source_text),
    "metadata fields": lambda d: len(d.metadata.named()),
    "alignment blocks": lambda d: len(d.alignment.blocks),
    "script runs": lambda d: len(d.source.script_runs),
    "warnings": lambda d: len(d.warnings),
    "sentences": lambda d: len(d.sentences),
    "tokens": lambda d: len(d.tokens),
    "boilerplate spans": lambda d: len(d.boilerplate),
}
SOURCE, METADATA, ALIGNMENT, SCRIPT, WARNINGS, SENTENCES, TOKENS, BOILERPLATE = _PARTS
# What formats of marks on a text have no place for.
BESIDE_MARKS = (SOURCE, METADATA, ALIGNMENT, SCRIPT, WARNINGS, SENTENCES, TOKENS)


class Exporter(AbstractContextManager["Exporter"]):
    """Writes documents in another tool's format; leaving the context finishes what is open.

    Attributes:
        losses: what the format could not hold, or only in another form, with counts.
        leaves: the parts of a document that the format has no place for.
    """

    leaves: tuple[str, ...] = ()

    def __init__(self, target: Path) -> None:
        self.target = target
        self.losses: Counter[str] = Counter()

    def write(self, document: Document) -> None:
        """Write one document.

        Raises:
            WriteError: if it cannot be written.
        """
        for part in self.leaves:
            self.lose(part, _PARTS[part](document))
        try:
            self.put(document)
        except OSError as error:
            raise WriteError(f"{self.target}: {error.strerror or error}") from error

    def put(self, document: Document) -> None:
        """Write the document in the format."""
        raise NotImplementedError

    def lose(self, what: str, count: int = 1) -> None:
        """Note what the format cannot hold."""
        if count:
            self.losses[what] += count

    def finish(self) -> None:
        """Write what is left; called where all documents went well."""

    def close(self) -> None:
        """Close what is open; called always, last."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish, where no error came, and close."""
        try:
            if kind is None:
                self.finish()
        except OSError as problem:
            raise WriteError(f"{self.target}: {problem.strerror or problem}") from problem
        finally:
            self.close()


class OutputFile:
    """A file that appears only when `finish` is called; its folder is made.

    Raises:
        WriteError: if it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = partial(path)
        try:
            if path.is_dir():
                raise IsADirectoryError(None, "is a folder; name a file")
            path.parent.mkdir(parents=True, exist_ok=True)
            self.stream: BinaryIO = self._partial.open("wb")
        except OSError as error:
            raise WriteError(f"{path}: {error.strerror or error}") from error

    def write(self, text: str) -> None:
        """Add text, in UTF-8."""
        self.stream.write(text.encode())

    def finish(self) -> None:
        """Close the file and give it its name."""
        self.stream.close()
        self._partial.replace(self._path)

    def close(self) -> None:
        """Remove what was not finished."""
        self.stream.close()
        self._partial.unlink(missing_ok=True)
