"""The work on one document: read it, annotate it, make its JSON."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
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
from pipeline.chain import Pipeline
from pipeline.config import Settings
from pipeline.document import Document
from pipeline.errors import DocumentError, PipelineError
from pipeline.files.read import ReadOptions, read_input, source_hash
from pipeline.schema import document_to_json


class Annotator:
    """Does tasks, one at a time; what goes wrong becomes a `Failed`.

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
        self._stage = READ

    def __call__(self, task: Task) -> Outcome:
        """The outcome of a task."""
        if task.outcome is not None:
            return task.outcome
        started = time.perf_counter()
        try:
            self._enter(READ)
            document = task.document
            if document is None:
                if task.known is not None and self._known(task) == task.known:
                    return Unchanged()
                document = self._read(task)
            input = input_hash(document)
            document = self._pipeline(document, on_stage=self._enter)
            self._enter(WRITE)
            data = document_to_json(document, self._layers)
        # A fault of the program in one document must not end a run over a million.
        except Exception as error:
            return failed(error, self._stage)
        return Done(
            data,
            input,
            hashlib.sha256(data).hexdigest(),
            len(data),
            len(document.source_text),
            len(document.entities),
            len(document.numbers),
            len(document.boilerplate),
            len(document.warnings),
            time.perf_counter() - started,
        )

    def _enter(self, stage: str) -> None:
        self._stage = stage
        self._on_stage(stage)

    def _read(self, task: Task) -> Document:
        for _, found in read_input(task.place, self._options):
            if isinstance(found, DocumentError):
                raise found
            return found
        raise AssertionError("an input without a document has an error")

    def _known(self, task: Task) -> str:
        return whole_hash(task.place.path, source_hash(task.place, self._options))


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
