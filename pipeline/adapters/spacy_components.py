"""The pipeline as a spaCy component, and its tokens as a spaCy tokenizer.

Both work on the text that spaCy was given, which stays as it is: the annotations stand at their
source offsets, whatever the normalisation did to lengths, and `span._.simplified` is what they
read like. spaCy finds both by entry points.
"""

# spaCy reads the types of a factory's arguments when it runs: no `from __future__` here.
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from pipeline.adapters.layers import all_annotations
from pipeline.adapters.spacy import make_doc
from pipeline.adapters.spacy_spans import attach
from pipeline.chain import Pipeline
from pipeline.config import Settings
from pipeline.document import Document
from pipeline.tokens import Token


class Annotator:
    """Runs the stages over `doc.text` and puts what they find on the `Doc`.

    Span groups `entities`, `numbers` and `boilerplate` hold everything; `doc.ents` gets the
    entities, and keeps those of other components elsewhere. A span whose border falls inside a
    token is widened to the token; `span._.source_start` and `span._.source_end` stay exact.
    Sentences are set where no component before has set them.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pipeline = Pipeline(settings)

    def __reduce__(self) -> tuple[type["Annotator"], tuple[Settings]]:
        # spaCy sends components to its worker processes; the stages are built anew there.
        return Annotator, (self.settings,)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the `Doc` in place and return it.

        Raises:
            DocumentError: if the text cannot be processed.
        """
        document = self.pipeline(doc.text)
        if not doc.has_annotation("SENT_START"):
            _set_sentences(doc, document)
        found = all_annotations(document)
        attach(doc, document, [(a, a.source_start, a.source_end) for a in found], "expand")
        return doc


@Language.factory(
    "zhpipe",
    default_config={"settings": {}},
    assigns=["doc.ents", "doc.spans", "token.is_sent_start"],
)
def make_annotator(nlp: Language, name: str, settings: dict[str, Any]) -> Annotator:
    """The component `zhpipe`.

    Args:
        settings: zhpipe's settings, such as `{"stages": ["normalize", "segment", "numbers"]}`.

    Raises:
        SettingsError: if a setting is unknown or wrong.
    """
    return Annotator(Settings.make(settings))


class Tokenizer(DummyTokenizer):
    """Makes a `Doc` of zhpipe's tokens; no entity or number begins or ends inside one.

    `tag_` is jieba's part of speech. The text is that of the source, in its own script.
    """

    def __init__(self, vocab: Vocab, settings: Settings) -> None:
        self.vocab = vocab
        self.settings = settings
        stages = [stage for stage in settings.stages if stage != "boilerplate"]
        self.pipeline = Pipeline(settings, stages=stages)

    def __reduce__(self) -> tuple[type["Tokenizer"], tuple[Vocab, Settings]]:
        return Tokenizer, (self.vocab, self.settings)

    def __call__(self, text: str) -> Doc:
        """Tokenize a text."""
        document = self.pipeline(text)
        spans = [(a.source_start, a.source_end) for a in all_annotations(document)]
        return make_doc(text, list(_source_tokens(document)), spans, None, self.vocab)


@registry.tokenizers("zhpipe.Tokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer(settings: dict[str, Any] | None = None) -> Callable[[Language], Tokenizer]:
    """The tokenizer `zhpipe.Tokenizer.v1`.

    Args:
        settings: zhpipe's settings; the stage `boilerplate` is left out.
    """

    def create(nlp: Language) -> Tokenizer:
        return Tokenizer(nlp.vocab, Settings.make(settings or {}))

    return create


def _source_tokens(document: Document) -> Iterator[Token]:
    """The tokens at their source offsets; those of one block of the alignment are one."""
    done = 0
    for token in document.tokens:
        start, end, _ = document.source_span(token.start, token.end)
        start = max(start, done)
        if start < end:
            yield Token(start, end, document.source_text[start:end], token.pos)
            done = end


def _set_sentences(doc: Doc, document: Document) -> None:
    starts = [document.source_span(s.start, s.end)[0] for s in document.sentences]
    for token in doc:
        at = bisect_left(starts, token.idx)
        token.is_sent_start = at < len(starts) and starts[at] < token.idx + len(token)
