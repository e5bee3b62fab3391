"""The pipeline whole, each stage alone, and the parts of `entities` alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from pipeline.bench.timing import Clock, seconds
from pipeline.chain import Pipeline, PreparingStage, Stage, batches
from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.entities.aliases import Aliases
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.patterns import Patterns
from pipeline.stages.entities.tagger import Tagger

WHOLE, WITHOUT_TAGGER = "zhpipe", "zhpipe without tagger"
ENTITIES_WITHOUT_TAGGER = "entities without tagger"
Texts = Sequence[str]
Measure = Callable[[Texts, Clock], dict[str, float]]


class Parts:
    """The default pipeline, one without the tagger, and what `entities` is made of.

    Each method returns seconds by name. Documents are worked on some at a time, as in a run.
    """

    def __init__(self) -> None:
        self._pipeline = Pipeline()
        self._plain = Pipeline(entities={"tagger": False})
        resources = Resources()
        self._tagger = Tagger(resources)
        self._lexicon = Lexicon(resources)
        self._patterns = Patterns(resources, self._lexicon)
        self._aliases = Aliases(resources.toml("entities.toml"), self._lexicon)

    def whole(self, texts: Texts, clock: Clock) -> dict[str, float]:
        """Text in, JSON bytes out."""
        return {WHOLE: seconds(partial(through, self._pipeline, texts), clock)}

    def without_tagger(self, texts: Texts, clock: Clock) -> dict[str, float]:
        """The same without the tagger."""
        return {WITHOUT_TAGGER: seconds(partial(through, self._plain, texts), clock)}

    def stages(self, texts: Texts, clock: Clock) -> dict[str, float]:
        """Each stage and the writing of JSON."""
        return _stages(self._pipeline, texts, clock)

    def entities_without_tagger(self, texts: Texts, clock: Clock) -> dict[str, float]:
        """The stage `entities` without the tagger."""
        return {ENTITIES_WITHOUT_TAGGER: _stages(self._plain, texts, clock)["entities"]}

    def parts_of_entities(self, texts: Texts, clock: Clock) -> dict[str, float]:
        """The tagger given tokens; lexicon, patterns and short forms."""
        spent: dict[str, float] = defaultdict(float)
        normalize, segment = self._pipeline.stages[:2]
        for given in _batches(texts):
            documents = [segment(normalize(document)) for document in given]
            spent["tagger"] += seconds(partial(self._tagger.find_all, documents), clock)
            for document in documents:
                begin = clock()
                text, tokens = document.text, document.tokens
                known = self._lexicon.find(text, tokens)
                lexicon = clock()
                found = [*known, *self._patterns.find(text, tokens, known)]
                patterns = clock()
                list(self._aliases.find(text, tokens, found))
                end = clock()
                spent["lexicon"] += lexicon - begin
                spent["patterns"] += patterns - lexicon
                spent["short forms"] += end - patterns
        return dict(spent)

    def measures(self) -> Sequence[tuple[str, Measure]]:
        """All of them with their kind (whole, stage, part), in the order of the table."""
        return (
            ("whole", self.whole),
            ("whole", self.without_tagger),
            ("stage", self.stages),
            ("part", self.entities_without_tagger),
            ("part", self.parts_of_entities),
        )


def through(pipeline: Pipeline, texts: Texts) -> None:
    """Text in, JSON bytes out."""
    for document in pipeline.pipe(texts):
        document.to_json()


def _stages(pipeline: Pipeline, texts: Texts, clock: Clock) -> dict[str, float]:
    spent: dict[str, float] = defaultdict(float)
    for documents in _batches(texts):
        for stage in pipeline.stages:
            spent[stage.name] += seconds(partial(_one_stage, stage, documents), clock)
        spent["to_json"] += seconds(partial(_to_json, documents), clock)
    return dict(spent)


def _one_stage(stage: Stage, documents: Sequence[Document]) -> None:
    if isinstance(stage, PreparingStage):
        stage.prepare(documents)
    for document in documents:
        stage(document)


def _to_json(documents: Sequence[Document]) -> None:
    for document in documents:
        document.to_json()


def _batches(texts: Texts) -> Iterator[list[Document]]:
    """The documents that are worked on together."""
    return batches(map(Document, texts), lambda document: len(document.source_text))
