"""The run: every input becomes a document or an error record."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import orjson

from pipeline.chain import Pipeline
from pipeline.document import Document
from pipeline.errors import DocumentError, OutputClosedError, WriteError, ZhpipeError
from pipeline.files.inputs import Input, printable
from pipeline.files.read import ReadOptions, read_input
from pipeline.files.write import Writer


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one input became no document."""

    id: str
    location: str
    error: str
    message: str


@dataclass(slots=True)
class Summary:
    """What a run did; `characters` and `seconds` are those of the documents that succeeded."""

    documents: int = 0
    characters: int = 0
    entities: int = 0
    numbers: int = 0
    boilerplate: int = 0
    warnings: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)

    @property
    def characters_per_second(self) -> float:
        """Code points of source text a second."""
        return self.characters / self.seconds if self.seconds else 0.0

    def add(self, document: Document) -> None:
        """Count one document."""
        self.documents += 1
        self.characters += len(document.source_text)
        self.entities += len(document.entities)
        self.numbers += len(document.numbers)
        self.boilerplate += len(document.boilerplate)
        self.warnings += len(document.warnings)


def run(
    inputs: Iterable[Input],
    pipeline: Pipeline,
    writer: Writer,
    *,
    options: ReadOptions | None = None,
    on_failure: Callable[[Failure], None] = lambda failure: None,
    on_input: Callable[[Input], None] = lambda item: None,
) -> Summary:
    """Process all inputs in order; what is bad becomes an error record and the run goes on.

    Args:
        options: how the inputs are read.
        on_failure: called for every document that failed.
        on_input: called after every input.

    Raises:
        WriteError: if the error records cannot be written.
        OutputClosedError: if nobody reads the output any more.
    """
    summary = Summary()
    seen: dict[str, str] = {}
    started = time.perf_counter()
    for item in inputs:
        for place, found in read_input(item, options):
            failure = _process(place, found, pipeline, writer, seen, summary)
            if failure is not None:
                summary.failures.append(failure)
                on_failure(failure)
        on_input(item)
    summary.seconds = time.perf_counter() - started
    _write_failures(summary.failures, writer)
    return summary


def _process(
    place: Input,
    found: Document | DocumentError,
    pipeline: Pipeline,
    writer: Writer,
    seen: dict[str, str],
    summary: Summary,
) -> Failure | None:
    """Annotate and write one document; None if that went well."""
    location = printable(place.location)
    try:
        if isinstance(found, DocumentError):
            raise found
        if place.id in seen:
            raise WriteError(f"{seen[place.id]} has the same id {place.id!r}")
        writer.write(pipeline(found))
    except OutputClosedError:
        raise
    except ZhpipeError as error:
        return Failure(place.id, location, type(error).__name__, str(error))
    # A fault of the program in one document must not end a run over a million.
    except Exception as error:
        message = f"an error of zhpipe itself, please report it: {error}"
        return Failure(place.id, location, type(error).__name__, message)
    seen[place.id] = location
    summary.add(found)
    return None


def _write_failures(failures: list[Failure], writer: Writer) -> None:
    path = writer.errors_path
    if path is None:
        return
    try:
        if failures:
            path.write_bytes(b"".join(orjson.dumps(f) + b"\n" for f in failures))
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(f"{path}: {error.strerror or error}") from error
