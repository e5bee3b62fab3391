"""The work on documents: read them, annotate them, make their JSON."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.batch.task import (
    READ,
    WRITE,
    Done,
    Outcome,
    Task,
    Unchanged,
    failed,
    input_hash,
    whole_hash,
)
from pipeline.chain import Attempt, Pipeline, batches
from pipeline.config import Settings
from pipeline.document import Document
from pipeline.errors import DocumentError, PipelineError
from pipeline.files.read import ReadOptions, read_input, source_hash
from pipeline.serialize import document_to_json


@dataclass(slots=True)
class _Begun:
    """A task that is begun: a document that is read, or an outcome already."""

    task: Task
    outcome: Outcome | None = None
    document: Document | None = None
    input: str = ""
    seconds: float = 0.0


class Annotator:
    """Does tasks, some at a time; what goes wrong becomes a `Failed`.

    Args:
        layers: the layers that are written, by default all.
        on_stage: called with the name of every stage before it runs.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        options: ReadOptions,
        layers: tuple[str, ...] | None = None,
        on_stage: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._pipeline = pipeline
        self._options = options
        self._layers = layers
        self._on_stage = on_stage

    def imap(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Outcome]]:
        """The tasks with their outcomes, in order."""
        for batch in batches(map(self._begin, tasks), _characters):
            yield from self._finish(batch)

    def _begin(self, task: Task) -> _Begun:
        """Read the document of a task."""
        if task.outcome is not None:
            return _Begun(task, task.outcome)
        started = time.perf_counter()
        self._on_stage(READ)
        try:
            document = task.document
            if document is None:
                if task.known is not None and self._known(task) == task.known:
                    return _Begun(task, Unchanged())
                document = self._read(task)
            input = input_hash(document)
        # A fault of the program in one document must not end a run over a million.
        except Exception as error:
            return _Begun(task, failed(error, READ))
        return _Begun(task, None, document, input, time.perf_counter() - started)

    def _finish(self, batch: Iterable[_Begun]) -> Iterator[tuple[Task, Outcome]]:
        """Annotate the documents of tasks that are begun."""
        documents = [begun.document for begun in batch if begun.document is not None]
        attempts = self._pipeline.batch(documents, on_stage=self._on_stage)
        for begun in batch:
            outcome = begun.outcome
            yield begun.task, outcome or self._outcome(begun, next(attempts))

    def _outcome(self, begun: _Begun, attempt: Attempt) -> Outcome:
        if attempt.error is not None:
            return failed(attempt.error, attempt.stage)
        started = time.perf_counter()
        self._on_stage(WRITE)
        document = attempt.document
        try:
            data = document_to_json(document, self._layers)
        except Exception as error:
            return failed(error, WRITE)
        return Done(
            data,
            begun.input,
            hashlib.sha256(data).hexdigest(),
            len(data),
            len(document.source_text),
            len(document.entities),
            len(document.numbers),
            len(document.boilerplate),
            len(document.warnings),
            begun.seconds + attempt.seconds + time.perf_counter() - started,
        )

    def _read(self, task: Task) -> Document:
        for _, found in read_input(task.place, self._options):
            if isinstance(found, DocumentError):
                raise found
            return found
        raise AssertionError("an input without a document has an error")

    def _known(self, task: Task) -> str:
        return whole_hash(task.place.path, source_hash(task.place, self._options))


def _characters(begun: _Begun) -> int:
    return 0 if begun.document is None else len(begun.document.source_text)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What another process needs to make its own `Annotator`.

    Attributes:
        stages: the names of the stages.
        fingerprint: that of the pipeline, which another machine must build, too.
        ready: a built pipeline, for processes that inherit it by fork; never sent.
    """

    settings: Settings
    stages: tuple[str, ...]
    options: ReadOptions
    layers: tuple[str, ...] | None = None
    fingerprint: str | None = None
    ready: Pipeline | None = None

    @classmethod
    def of(
        cls, pipeline: Pipeline, options: ReadOptions, layers: tuple[str, ...] | None = None
    ) -> Recipe:
        """The recipe of a pipeline that is built."""
        stages = tuple(pipeline.info.stages)
        return cls(pipeline.settings, stages, options, layers, pipeline.info.fingerprint, pipeline)

    def make(self, on_stage: Callable[[str], None]) -> Annotator:
        """The annotator; builds the pipeline where none is inherited.

        Raises:
            PipelineError: if it is not the same pipeline.
        """
        pipeline = self.ready
        if pipeline is None:
            pipeline = Pipeline(self.settings, stages=self.stages)
            found = pipeline.info.fingerprint
            if self.fingerprint not in (None, found):
                raise PipelineError(
                    f"the pipeline that is built here ({found}) is not that of the run "
                    f"({self.fingerprint}): zhpipe, its libraries or resources are others"
                )
        return Annotator(pipeline, self.options, self.layers, on_stage)
