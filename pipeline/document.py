"""The document that the stages read and fill: a source, its normalised text, annotation layers.

All offsets are half-open spans counted in code points. `start`/`end` refer to `Document.text`,
`source_start`/`source_end` to `Document.source_text`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline.alignment import Alignment
from pipeline.errors import DocumentError
from pipeline.tokens import Tokens

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

SCHEMA_VERSION = "1.4"
OFFSET_UNIT = "codepoint"


@dataclass(slots=True)
class Sentence:
    """A sentence, or a heading: a span of the text."""

    start: int
    end: int


@dataclass(slots=True)
class Entity:
    """A mention of a named entity; `label` is one of `pipeline.labels.EntityLabel`.

    `by` says what decided; `name`, `id` and `tickers` are filled where the lexicon knows the
    entity.
    """

    start: int
    end: int
    text: str
    label: str
    id: str | None
    name: str | None
    tickers: list[str]
    source_start: int
    source_end: int
    source_text: str
    by: str
    score: float


@dataclass(frozen=True, slots=True)
class Change:
    """That a figure is a change and not a level.

    Attributes:
        direction: up or down.
        basis: what it is compared with: yoy, qoq, mom, wow, dod (day on day), sequential (the
            period before), ytd (the beginning of the year); None where the text does not say.
        cue: the words that say so.
    """

    direction: str
    basis: str | None
    cue: str


@dataclass(slots=True)
class Number:
    """A number, amount, date or duration; `label` is one of `pipeline.labels.NumberLabel`.

    `value`, `min` and `max` are whole numbers or exact decimals in the base unit (`unit`), or
    TIMEX3 strings for dates, times and durations (`value` only).
    """

    start: int
    end: int
    text: str
    label: str
    value: int | Decimal | str | None
    unit: str | None
    min: int | Decimal | None
    max: int | Decimal | None
    modifier: str | None
    cue: str | None
    date_begin: str | None
    date_end: str | None
    source_start: int
    source_end: int
    source_text: str
    by: str
    change: Change | None = None


@dataclass(slots=True)
class Boilerplate:
    """A stretch that is not part of the article; `by` lists the evidence."""

    start: int
    end: int
    text: str
    label: str
    source_start: int
    source_end: int
    source_text: str
    by: str
    score: float


@dataclass(slots=True)
class Field:
    """One metadata field as it stands in the text."""

    text: str
    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(slots=True)
class PublishedField(Field):
    """The date line; `value` is an ISO date, `basis` says how it was completed."""

    value: str | None
    basis: str


@dataclass(slots=True)
class Metadata:
    """What the page says about the article.

    `byline` lists the spans of all header lines that are no part of the article: publisher,
    author and date lines, and the repetition of a header. `column` is the column or section the
    article appeared in, `source` the name behind 来源.
    """

    title: Field | None = None
    publisher: Field | None = None
    author: Field | None = None
    published: PublishedField | None = None
    column: Field | None = None
    source: Field | None = None
    byline: list[Field] = field(default_factory=list)

    def named(self) -> dict[str, Field]:
        """The fields that the page has, by name; without the byline."""
        names = ("title", "publisher", "author", "published", "column", "source")
        return {name: found for name in names if (found := getattr(self, name)) is not None}


@dataclass(slots=True)
class ScriptRun:
    """Lines in a row that are written in one script; `by` lists the characters that tell.

    `script` is traditional, simplified, mixed or none; `conversion` is the OpenCC configuration
    that was used for them, or "none".
    """

    start: int
    end: int
    source_start: int
    source_end: int
    script: str
    conversion: str
    by: str


@dataclass(slots=True)
class Source:
    """Where the source text came from and how it was read.

    `record` is the line or row of a file with many records; `extracted_by` names what took the
    text out of a page. `sha256` is that of the whole file's bytes, of a record's text in UTF-8.
    `script` and `conversion` are those of the text as a whole; `script_runs` covers it in order.
    """

    path: str | None
    sha256: str
    encoding: str
    encoding_by: str
    length: int
    record: int | None = None
    extracted_by: str | None = None
    script: str | None = None
    conversion: str | None = None
    script_runs: list[ScriptRun] = field(default_factory=list)


@dataclass(slots=True)
class PipelineInfo:
    """What produced the annotations."""

    version: str
    stages: list[str]
    fingerprint: str


class Document:
    """One article on its way through the stages.

    Args:
        source_text: the decoded source, unchanged.
        id: the document's id; by default the first 16 hex digits of the text's SHA-256.
        path, record, encoding, encoding_by, extracted_by, sha256: where the text came from, and
            why its encoding was taken ("text" if it came decoded): see `Source`; `sha256` is by
            default that of the text in UTF-8.

    Raises:
        DocumentError: if the text holds a lone surrogate, which no encoding can write.
    """

    __slots__ = (
        "alignment",
        "boilerplate",
        "clean_text",
        "entities",
        "id",
        "metadata",
        "numbers",
        "pipeline",
        "prepared",
        "sentences",
        "source",
        "source_text",
        "text",
        "tokens",
        "warnings",
    )

    def __init__(
        self,
        source_text: str,
        *,
        id: str | None = None,
        path: str | None = None,
        encoding: str = "utf-8",
        encoding_by: str = "text",
        record: int | None = None,
        extracted_by: str | None = None,
        sha256: str | None = None,
    ) -> None:
        if sha256 is None:
            try:
                sha256 = hashlib.sha256(source_text.encode()).hexdigest()
            except UnicodeEncodeError as error:
                raise DocumentError(
                    f"the text holds a lone surrogate at code point {error.start}: it was "
                    "decoded wrongly, and cannot be written as JSON; decode it again"
                ) from error
        self.id = sha256[:16] if id is None else id
        self.source = Source(
            path, sha256, encoding, encoding_by, len(source_text), record, extracted_by
        )
        self.source_text = source_text
        self.text = source_text
        self.alignment = Alignment(len(source_text), len(source_text))
        self.metadata = Metadata()
        self.clean_text = ""
        self.sentences: list[Sentence] = []
        self.tokens = Tokens()
        self.entities: list[Entity] = []
        self.numbers: list[Number] = []
        self.boilerplate: list[Boilerplate] = []
        self.warnings: list[str] = []
        self.pipeline = PipelineInfo("", [], "")
        # What a stage has worked out ahead of its turn, by its name for that; no part of the JSON.
        self.prepared: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"Document({self.id!r}, {len(self.text)} code points)"

    def source_span(self, start: int, end: int) -> tuple[int, int, str]:
        """Source offsets and source text of the text span `[start, end)`."""
        source_start, source_end = self.alignment.to_source(start, end)
        return source_start, source_end, self.source_text[source_start:source_end]

    def text_span(self, source_start: int, source_end: int) -> tuple[int, int, str]:
        """Offsets in `text`, and that text, of the source span `[source_start, source_end)`."""
        start, end = self.alignment.to_text(source_start, source_end)
        return start, end, self.text[start:end]

    def field(self, start: int, end: int) -> Field:
        """The text span `[start, end)` as a metadata field."""
        return Field(self.text[start:end], start, end, *self.alignment.to_source(start, end))

    def to_dict(self) -> dict[str, Any]:
        """The document as plain dicts and lists, decimals included."""
        from pipeline.serialize import document_to_dict

        return document_to_dict(self)

    def to_json(self) -> bytes:
        """The document as UTF-8 JSON; the same document gives the same bytes."""
        from pipeline.serialize import document_to_json

        return document_to_json(self)

    def to_spacy(self, vocab: Vocab | None = None) -> Doc:
        """The document as a spaCy `Doc` over `text`; see `pipeline.adapters.spacy`.

        Args:
            vocab: the vocabulary of the `Doc`; by default that of `spacy.blank("zh")`.

        Raises:
            SettingsError: if spaCy (extra `spacy`) is not installed.
        """
        from pipeline.extras import require

        require("spacy", "spacy")
        from pipeline.adapters.spacy import to_doc

        return to_doc(self, vocab)

    @classmethod
    def from_json(cls, data: bytes | str) -> Document:
        """Read back what `to_json` wrote.

        Raises:
            ContractError: if `data` is not JSON, breaks the schema, or has offsets that do not
                fit its texts.
        """
        from pipeline.schema import document_from_json

        return document_from_json(data)
