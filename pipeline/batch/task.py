"""What goes to a worker and what comes back."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pipeline.document import Document
from pipeline.errors import DocumentError
from pipeline.files.inputs import STDIN, Input
from pipeline.files.read import WHOLE, ReadOptions, read_input
from pipeline.files.write import Place

# Stages of a failure beside those of the pipeline.
READ, WRITE = "read", "write"


@dataclass(frozen=True, slots=True)
class Done:
    """A document is annotated.

    Attributes:
        data: its JSON, without a line end.
        input: hash of what was read, see `input_hash`.
        hash: SHA-256 of `data`, in hex.
        size: bytes of `data`.
        characters: code points of the source text.
        seconds: time of reading and annotating.
    """

    data: bytes
    input: str
    hash: str
    size: int
    characters: int
    entities: int
    numbers: int
    boilerplate: int
    warnings: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no document; `stage` is one of the pipeline's, read or write."""

    stage: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The earlier result still holds."""


Outcome = Done | Failed | Unchanged


@dataclass(slots=True)
class Task:
    """One document to be made.

    Attributes:
        position: its number in the order of the inputs, from 0.
        place: where it comes from, with the id that it gets.
        document: the document, if it is read already; else the worker reads the file.
        duplicate_of: location of an earlier input with the same id.
        earlier: where an earlier run has left its result.
        known: `input_hash` of that, if it may stay as it is.
        outcome: set where no worker is needed.
    """

    position: int
    place: Input
    document: Document | None = None
    duplicate_of: str | None = None
    earlier: Place | None = None
    known: str | None = None
    outcome: Outcome | None = None

    @property
    def size(self) -> int:
        """About the bytes that it holds in memory."""
        return 0 if self.document is None else 4 * len(self.document.source_text)


@dataclass(frozen=True, slots=True)
class Share:
    """The part of all documents that one of several runs does: `index` of `count`, from 1.

    Documents are dealt out by their id, so that two with one id meet in one run.
    """

    index: int
    count: int

    def holds(self, id: str) -> bool:
        """Whether the document belongs to this part."""
        return zlib.crc32(id.casefold().encode()) % self.count == self.index - 1


class InputWatcher(Protocol):
    """Hears which input is read."""

    def input(self, item: Input) -> None:
        """The next input."""

    def opened(self, position: Callable[[], int]) -> None:
        """A file with many documents is open; the function says how many bytes of it are read."""


def find_tasks(
    inputs: Iterable[Input],
    options: ReadOptions,
    share: Share | None = None,
    watcher: InputWatcher | None = None,
) -> Iterator[Task]:
    """The tasks of all inputs, in order.

    Files that are one document are left to the workers to read; the records of other files are
    read here, as a stream.
    """
    position = 0
    for item in inputs:
        if watcher is not None:
            watcher.input(item)
        opened = (lambda position: None) if watcher is None else watcher.opened
        for task in _tasks_of(item, options, opened):
            if share is None or share.holds(task.place.id):
                task.position = position
                position += 1
                yield task


def _tasks_of(
    item: Input, options: ReadOptions, on_open: Callable[[Callable[[], int]], None]
) -> Iterator[Task]:
    format = options.format or item.format
    if format in WHOLE and item.location != STDIN and item.problem is None:
        yield Task(0, item)
        return
    for place, found in read_input(item, options, on_open):
        if isinstance(found, Document):
            yield Task(0, place, found)
        else:
            yield Task(0, place, outcome=failed(found, READ))


def failed(error: Exception, stage: str) -> Failed:
    """What is recorded of an error."""
    message = str(error)
    if not isinstance(error, DocumentError):
        message = f"an error of zhpipe itself, please report it: {message}"
    return Failed(stage, type(error).__name__, message)


def input_hash(document: Document) -> str:
    """SHA-256 over all that makes a document beside the pipeline and its settings."""
    source = document.source
    if source.record is None:
        return whole_hash(source.path, source.sha256)
    parts = (source.path, source.record, source.encoding, source.encoding_by, source.sha256)
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def whole_hash(path: str | None, sha256: str) -> str:
    """`input_hash` of a file that is one document, from the hash of its bytes."""
    return hashlib.sha256(f"{path}\0{sha256}".encode()).hexdigest()
