"""The pipeline: an ordered list of stages, checked when it is built."""

from __future__ import annotations

import hashlib
import importlib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import entry_points, version
from typing import Any, Protocol, TypeVar, runtime_checkable

from pipeline import __version__
from pipeline.config import STAGES, Settings
from pipeline.document import Document, PipelineInfo
from pipeline.errors import DocumentError, PipelineError, ResourceError, SettingsError
from pipeline.garbage import no_collections
from pipeline.resources import Resources
from pipeline.tokens import Tokens

_BUILTIN = {
    "normalize": ("pipeline.stages.normalize", "Normalizer"),
    "segment": ("pipeline.stages.segment", "Segmenter"),
    "entities": ("pipeline.stages.entities", "EntityRecognizer"),
    "numbers": ("pipeline.stages.numbers", "NumberExtractor"),
    "boilerplate": ("pipeline.stages.boilerplate", "BoilerplateStripper"),
}
T = TypeVar("T")
ENTRY_POINTS = "zhpipe.stages"
# Documents that are worked on together: so many, or until they have as many code points.
BATCH_SIZE, BATCH_CHARACTERS = 16, 40_000
# Libraries whose version can change what comes out.
_LIBRARIES = ("jieba", "lunar-python", "opencc", "rjieba")


@runtime_checkable
class Stage(Protocol):
    """One step of the pipeline: built once from its settings, then called for every document.

    Attributes:
        name: the name under which settings and `PipelineInfo.stages` list it.
        requires: the layers it reads; an earlier stage must provide each of them.
        provides: the layers it fills.
    """

    name: str
    requires: tuple[str, ...]
    provides: tuple[str, ...]

    def __call__(self, document: Document | str) -> Document:
        """Annotate the document in place and return it."""
        ...


@runtime_checkable
class PreparingStage(Stage, Protocol):
    """A stage that can do a part of its work faster for several documents at once."""

    def prepare(self, documents: Sequence[Document]) -> None:
        """Leave in `Document.prepared` what the stage will need when it comes to each of them."""
        ...


@dataclass(slots=True)
class Attempt:
    """What has become of one document of a batch.

    Attributes:
        document: annotated, if there is no error.
        stage: the name of the last stage that it came to.
        seconds: time of the stages, its share of what was done for all documents included.
    """

    document: Document
    stage: str = ""
    error: Exception | None = None
    seconds: float = 0.0

    def run(self, stages: Iterable[Stage], seconds: float, on_stage: Callable[[str], None]) -> None:
        """Let stages work on the document, for which `seconds` were spent already."""
        started = time.perf_counter()
        try:
            for stage in stages if self.error is None else ():
                self.stage = stage.name
                on_stage(stage.name)
                self.document = _checked(stage, stage(self.document))
        # A fault of the program in one document must not end the others.
        except Exception as error:
            self.error = error
        self.seconds += seconds + time.perf_counter() - started

    def result(self) -> Document:
        """The document; what went wrong is raised."""
        if self.error is not None:
            raise self.error
        return self.document


def _checked(stage: Stage, returned: object) -> Document:
    if not isinstance(returned, Document):
        raise PipelineError(f"stage {stage.name!r} returned {returned!r}, not the document")
    if not isinstance(returned.tokens, Tokens):
        kind = type(returned.tokens).__name__
        raise PipelineError(
            f"stage {stage.name!r} set the document's tokens to a {kind}; set Tokens.of(...) of it"
        )
    return returned


class BaseStage:
    """What the stages share: they can be called on a document or on a plain string.

    Called on a string, a stage first runs the default stages that provide what it requires:
    `NumberExtractor()("營收3億元")` normalises and segments by itself.
    """

    name: str
    requires: tuple[str, ...]
    provides: tuple[str, ...]
    _before: list[Stage] | None = None

    def __call__(self, document: Document | str) -> Document:
        """Annotate the document in place and return it."""
        if isinstance(document, str):
            if self._before is None:
                self._before = _providers(self.requires)
            document = Document(document)
            for stage in self._before:
                document = stage(document)
        self.process(document)
        return document

    def process(self, document: Document) -> None:
        """Fill the layers of `provides`."""
        raise NotImplementedError


def _providers(requires: Iterable[str]) -> list[Stage]:
    """The built-in stages, in their order, that provide `requires` and what those require."""
    needed, chosen = set(requires), []
    for name in reversed(STAGES):
        if not needed:
            break
        module, class_name = _BUILTIN[name]
        stage_class = getattr(importlib.import_module(module), class_name)
        if needed & set(stage_class.provides):
            needed = needed.difference(stage_class.provides).union(stage_class.requires)
            chosen.append(stage_class())
    return chosen[::-1]


def _build_stage(name: str, settings: Settings, resources: Resources) -> Stage:
    """The stage called `name`: a built-in one, or one from the entry points `zhpipe.stages`.

    A stage of an entry point is a callable `(settings, resources) -> Stage`.
    """
    if name in _BUILTIN:
        module, class_name = _BUILTIN[name]
        stage_class = getattr(importlib.import_module(module), class_name)
        try:
            built: Stage = stage_class(getattr(settings, name), resources)
        except (LookupError, TypeError, ValueError, AttributeError, re.error) as error:
            places = ", ".join(map(str, resources.roots))
            raise ResourceError(
                f"stage {name!r}: a rule file in {places} lacks something or has a wrong value: "
                f"{type(error).__name__} {error}"
            ) from error
        return built
    found = [e for e in entry_points(group=ENTRY_POINTS) if e.name == name]
    if not found:
        known = sorted({*_BUILTIN, *(e.name for e in entry_points(group=ENTRY_POINTS))})
        raise SettingsError(f"there is no stage {name!r}; known: {', '.join(known)}")
    loaded: Stage = found[0].load()(settings, resources)
    return loaded


class Pipeline:
    """All stages in order.

    Args:
        settings: the settings; by default the built-in ones.
        stages: names of stages, or ready ones, to use instead of those that the settings name.
        **values: settings as keywords, e.g. `Pipeline(normalize={"conversion": "t2s"})`.

    Raises:
        SettingsError: if a setting or a stage's name is unknown.
        PipelineError: if a stage requires what no earlier stage provides.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        stages: Sequence[str | Stage] | None = None,
        **values: Any,
    ) -> None:
        if settings is not None and values:
            raise SettingsError("give either a Settings object or keywords, not both")
        self.settings = Settings.make(values) if settings is None else settings
        resources = Resources(self.settings.resources)
        with no_collections():
            self.stages: list[Stage] = [
                _build_stage(stage, self.settings, resources) if isinstance(stage, str) else stage
                for stage in (self.settings.stages if stages is None else stages)
            ]
        _check(self.stages)
        self.info = PipelineInfo(
            __version__, [s.name for s in self.stages], _fingerprint(self, resources)
        )

    def __call__(
        self,
        document: Document | str,
        *,
        id: str | None = None,
        on_stage: Callable[[str], None] = lambda name: None,
    ) -> Document:
        """Run all stages over one document or text.

        Args:
            on_stage: called with the name of every stage before it runs.

        Raises:
            DocumentError: if the document cannot be processed.
        """
        doc = Document(document, id=id) if isinstance(document, str) else document
        (attempt,) = self.batch([doc], on_stage=on_stage)
        return attempt.result()

    def pipe(
        self, documents: Iterable[Document | str], *, batch_size: int = BATCH_SIZE
    ) -> Iterator[Document]:
        """Run all stages over a stream of documents, in order, some of them at a time.

        The first bad document raises, after all before it have come out; `pipeline.batch.run`
        records it and goes on.

        Args:
            batch_size: how many documents are worked on together, if they have no more than some
                `BATCH_CHARACTERS`; many together are faster.
        """
        stream = (Document(d) if isinstance(d, str) else d for d in documents)
        for batch in batches(stream, lambda document: len(document.source_text), batch_size):
            for attempt in self.batch(batch):
                yield attempt.result()

    def batch(
        self,
        documents: Sequence[Document],
        *,
        on_stage: Callable[[str], None] = lambda name: None,
    ) -> Iterator[Attempt]:
        """Run all stages over some documents; an error ends only its document.

        All documents go as far as the next stage that prepares them together, then each goes on
        by itself and comes out. The result is the same as that of one after the other.
        """
        attempts = [Attempt(document) for document in documents]
        groups = _groups(self.stages)
        for group in groups:
            share = _prepare(group, attempts)
            for attempt in attempts:
                with no_collections():
                    attempt.run(group, share, on_stage)
                if group is groups[-1]:
                    attempt.document.pipeline = self.info
                    yield attempt


def batches(
    items: Iterable[T], characters: Callable[[T], int], most: int = BATCH_SIZE
) -> Iterator[list[T]]:
    """Items that are worked on together, in order: `most` of them or some `BATCH_CHARACTERS`.

    Args:
        characters: how many code points an item has.

    Raises:
        DocumentError: of an item that cannot be made, after all before it have come out.
    """
    batch: list[T] = []
    size = 0
    try:
        for item in items:
            batch.append(item)
            size += characters(item)
            if len(batch) >= most or size >= BATCH_CHARACTERS:
                yield batch
                batch, size = [], 0
    except DocumentError:
        yield batch
        raise
    yield batch


def _groups(stages: Iterable[Stage]) -> list[list[Stage]]:
    """The stages in groups, of which each but the first begins with one that prepares."""
    groups: list[list[Stage]] = [[]]
    for stage in stages:
        if groups[-1] and isinstance(stage, PreparingStage):
            groups.append([])
        groups[-1].append(stage)
    return groups


def _prepare(group: Sequence[Stage], attempts: Iterable[Attempt]) -> float:
    """Let the first stage prepare the documents without an error; seconds that it took for each."""
    documents = [attempt.document for attempt in attempts if attempt.error is None]
    if len(documents) < 2:
        return 0.0
    started = time.perf_counter()
    for stage in group[:1]:
        if isinstance(stage, PreparingStage):
            # What fails here fails again where the stage comes to the document that is at fault.
            with suppress(Exception), no_collections():
                stage.prepare(documents)
    return (time.perf_counter() - started) / len(documents)


def _check(stages: Sequence[Stage]) -> None:
    provided: dict[str, str] = {}
    for stage in stages:
        missing = [layer for layer in stage.requires if layer not in provided]
        if missing:
            have = ", ".join(f"{layer} (by {by})" for layer, by in provided.items()) or "nothing"
            raise PipelineError(
                f"stage {stage.name!r} requires {', '.join(missing)}, which no earlier stage "
                f"provides; provided so far: {have}"
            )
        provided.update(dict.fromkeys(stage.provides, stage.name))


def _fingerprint(pipeline: Pipeline, resources: Resources) -> str:
    """16 hex digits that change with the settings, resources, stages or library versions."""
    # Paths are not what counts, but what the files say.
    settings = pipeline.settings.model_dump_json(
        exclude={"resources": True, "boilerplate": {"rules"}, "entities": {"spacy_model"}}
    )
    rules = pipeline.settings.boilerplate.rules
    if rules is not None and rules.is_file():
        settings += hashlib.sha256(rules.read_bytes()).hexdigest()
    if pipeline.settings.entities.spacy_model is not None:
        from pipeline.stages.entities import spacy_model

        settings += spacy_model.fingerprint(pipeline.settings.entities.spacy_model)
    versions = [f"{name} {version(name)}" for name in _LIBRARIES]
    stages = [s.name for s in pipeline.stages]
    parts = [__version__, settings, resources.fingerprint(), *versions, *stages]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
