"""The JSON contract as pydantic models: JSON Schema out, documents checked and read back.

`pipeline.serialize` writes them.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema, model_validator

from pipeline import document as layers
from pipeline.alignment import Alignment, Block
from pipeline.document import SCHEMA_VERSION, Document
from pipeline.errors import AlignmentError, ContractError
from pipeline.labels import BoilerplateLabel, EntityLabel, Modifier, NumberLabel, Script
from pipeline.tokens import Token, Tokens

# A number in JSON, where pydantic by itself would write a string.
JsonDecimal = Annotated[Decimal, WithJsonSchema({"type": "number"})]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpanModel(_Model):
    """A half-open span of code points of `text`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class SourceSpanModel(SpanModel):
    """A span of `text` with the same span in `source_text`."""

    text: str
    source_start: int = Field(ge=0)
    source_end: int = Field(ge=0)


class AnnotationModel(SourceSpanModel):
    """What every annotation carries."""

    source_text: str
    by: str = Field(description="why it is there: the rule, the lexicon's entry or the model")


class TokenModel(SpanModel):
    """A word; `pos` is jieba's part of speech."""

    text: str
    pos: str


class EntityModel(AnnotationModel):
    """A mention of a named entity."""

    label: EntityLabel
    id: str | None = Field(description="stable id, where the lexicon knows the entity")
    name: str | None = Field(description="canonical name, simplified")
    tickers: list[str]
    score: float = Field(ge=0, le=1)


class ChangeModel(_Model):
    """That a figure is a change and not a level."""

    direction: Literal["up", "down"]
    basis: Literal["yoy", "qoq", "mom", "wow", "dod", "sequential", "ytd"] | None
    cue: str = Field(description="the words that say so")


class NumberModel(AnnotationModel):
    """A number with its value.

    `date_begin` and `date_end` (half-open) stand on dates, and on durations that are counted from
    the day of publication (过去三年).
    """

    label: NumberLabel
    value: int | JsonDecimal | str | None = Field(description="number, or TIMEX3 for dates")
    unit: str | None = Field(description="ISO 4217 code, %, pp, x, unit or classifier")
    min: int | JsonDecimal | None
    max: int | JsonDecimal | None
    modifier: Modifier | None
    cue: str | None = Field(description="the word that gave the modifier")
    date_begin: str | None = None
    date_end: str | None = None
    change: ChangeModel | None = Field(description="null: a level, or the text does not say")


class BoilerplateModel(AnnotationModel):
    """A stretch that is not part of the article."""

    label: BoilerplateLabel
    score: float = Field(ge=0, le=1)


class PublishedModel(SourceSpanModel):
    """The date line, with its ISO date and how that was established."""

    value: str | None
    basis: str


class MetadataModel(_Model):
    """What the page's header says; `byline` lists every header line outside `clean_text`."""

    title: SourceSpanModel | None
    publisher: SourceSpanModel | None
    author: SourceSpanModel | None
    published: PublishedModel | None
    column: SourceSpanModel | None = None
    source: SourceSpanModel | None = None
    byline: list[SourceSpanModel]


class ScriptRunModel(SpanModel):
    """Lines in a row that are written in one script."""

    source_start: int = Field(ge=0)
    source_end: int = Field(ge=0)
    script: Script
    conversion: str
    by: str = Field(description="the characters that tell")


class SourceModel(_Model):
    """Where the source came from and how it was read."""

    path: str | None
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    encoding: str
    encoding_by: str = Field(description="why this encoding was taken")
    length: int = Field(ge=0, description="code points of source_text")
    record: int | None = Field(description="line or row in a file with many records")
    extracted_by: str | None = Field(description="what took the text out of a page")
    script: Script | None
    conversion: str | None = Field(description="OpenCC configuration, or none")
    script_runs: list[ScriptRunModel]


class BlockModel(SpanModel):
    """A stretch of text and source that is not one-to-one."""

    source_start: int = Field(ge=0)
    source_end: int = Field(ge=0)


class PipelineModel(_Model):
    """What produced the annotations."""

    version: str
    stages: list[str]
    fingerprint: str


def _no_metadata() -> MetadataModel:
    return MetadataModel(title=None, publisher=None, author=None, published=None, byline=[])


class DocumentModel(_Model):
    """One annotated document. Layers that were not to be written are absent, not empty."""

    schema_version: Literal["1.4"]
    offset_unit: Literal["codepoint"]
    id: str
    source: SourceModel
    metadata: MetadataModel = Field(default_factory=_no_metadata)
    source_text: str
    text: str
    alignment: list[BlockModel] = Field(description="[] means that offsets are equal")
    clean_text: str = ""
    sentences: list[SpanModel] = []
    tokens: list[TokenModel] = []
    entities: list[EntityModel] = []
    numbers: list[NumberModel] = []
    boilerplate: list[BoilerplateModel] = []
    warnings: list[str]
    pipeline: PipelineModel

    @model_validator(mode="after")
    def _offsets_fit(self) -> Self:
        header = self.metadata
        named = (header.title, header.publisher, header.author, header.column, header.source)
        fields = [f for f in (*named, header.published) if f]
        annotations = [*self.entities, *self.numbers, *self.boilerplate]
        spans: list[TokenModel | SourceSpanModel] = [
            *self.tokens,
            *fields,
            *header.byline,
            *annotations,
        ]
        for span in spans:
            if self.text[span.start : span.end] != span.text:
                raise ValueError(f"text[{span.start}:{span.end}] is not {span.text!r}")
        for a in annotations:
            if self.source_text[a.source_start : a.source_end] != a.source_text:
                raise ValueError(
                    f"source_text[{a.source_start}:{a.source_end}] is not {a.source_text!r}"
                )
        if self.source.length != len(self.source_text):
            raise ValueError("source.length is not the length of source_text")
        return self


def json_schema() -> dict[str, Any]:
    """The contract as JSON Schema (draft 2020-12)."""
    schema = DocumentModel.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def document_from_json(data: bytes | str) -> Document:
    """Read a document back without loss.

    Raises:
        ContractError: if `data` is not JSON, breaks the schema, or has offsets that do not fit.
    """
    try:
        model = DocumentModel.model_validate(json.loads(data, parse_float=Decimal))
        return _document_from_model(model)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "document"
        raise ContractError(
            f"not a zhpipe document of schema {SCHEMA_VERSION}: {place}: {first['msg']}"
            + (f" ({error.error_count() - 1} more)" if error.error_count() > 1 else "")
        ) from error
    except (ValueError, RecursionError, AlignmentError) as error:
        raise ContractError(f"not a zhpipe document: {error}") from error


def _field(model: SourceSpanModel | None) -> layers.Field | None:
    return layers.Field(**model.model_dump()) if model else None


def _number(model: NumberModel) -> layers.Number:
    change = layers.Change(**model.change.model_dump()) if model.change else None
    return layers.Number(**model.model_dump(exclude={"change"}), change=change)


def _document_from_model(model: DocumentModel) -> Document:
    doc = Document(model.source_text, id=model.id)
    runs = [layers.ScriptRun(**run.model_dump()) for run in model.source.script_runs]
    source = model.source.model_dump(exclude={"script_runs"})
    doc.source = layers.Source(**source, script_runs=runs)
    doc.text = model.text
    doc.alignment = Alignment(
        len(model.text),
        len(model.source_text),
        (Block(**block.model_dump()) for block in model.alignment),
    )
    header = model.metadata
    doc.metadata = layers.Metadata(
        title=_field(header.title),
        publisher=_field(header.publisher),
        author=_field(header.author),
        published=(
            layers.PublishedField(**header.published.model_dump()) if header.published else None
        ),
        column=_field(header.column),
        source=_field(header.source),
        byline=[layers.Field(**f.model_dump()) for f in header.byline],
    )
    doc.clean_text = model.clean_text
    doc.sentences = [layers.Sentence(s.start, s.end) for s in model.sentences]
    doc.tokens = Tokens.of(Token(t.start, t.end, t.text, t.pos) for t in model.tokens)
    doc.entities = [layers.Entity(**e.model_dump()) for e in model.entities]
    doc.numbers = [_number(number) for number in model.numbers]
    doc.boilerplate = [layers.Boilerplate(**b.model_dump()) for b in model.boilerplate]
    doc.warnings = model.warnings
    doc.pipeline = layers.PipelineInfo(**model.pipeline.model_dump())
    return doc
