"""The pipeline over Arrow record batches, for engines that work on those: Spark, Ray."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.batch.annotate import Annotator, Recipe
from pipeline.batch.task import READ, Done, Failed, Outcome, Task, Unchanged, failed
from pipeline.config import Settings
from pipeline.document import Document
from pipeline.errors import DocumentError
from pipeline.files.inputs import Input
from pipeline.files.read import ReadOptions, record_text

if TYPE_CHECKING:
    import pyarrow

_TEXTS = ("id", "document", "stage", "error", "message", "input", "hash")
_COUNTS = ("size", "characters", "entities", "numbers", "boilerplate", "warnings")
# The columns that come out, as Spark writes a schema: a document's JSON with figures about it, or
# stage, error and message of what went wrong.
_TYPES = {**dict.fromkeys(_TEXTS, "string"), **dict.fromkeys(_COUNTS, "long"), "seconds": "double"}
ANNOTATED = ", ".join(f"{name} {type}" for name, type in _TYPES.items())


def annotate_batches(
    batches: Iterator[pyarrow.RecordBatch],
    *,
    settings: Settings | None = None,
    options: ReadOptions | None = None,
    layers: tuple[str, ...] | None = None,
    timeout: float | None = None,
    isolate: bool = False,
) -> Iterator[pyarrow.RecordBatch]:
    """Annotate the rows of record batches, one batch at a time, in order.

    The columns of what comes in: the text (`options.text_fields`, by default `text`) and, if there
    is one, the id (`options.id_field`, by default `id`; else the id is made from the text). `path`,
    `record`, `encoding`, `encoding_by`, `extracted_by` and `sha256` go into the documents'
    `source`. A row without a text but with a `location` is the file of that name, which is read
    here. A row that has an `error` keeps it. Other columns pass through.

    What comes out has those and the columns of `ANNOTATED`: `document` is the JSON, null where
    `stage`, `error` and `message` say what went wrong.

    Args:
        layers: the layers that are written, by default all.
        timeout: seconds after which a row is given up.
        isolate: work in a process apart, so that a row that kills it is one error.
    """
    settings = settings or Settings()
    recipe = Recipe(settings, settings.stages, options or ReadOptions(), layers)
    return annotate_as(recipe, batches, timeout, isolate)


def annotate_as(
    recipe: Recipe,
    batches: Iterator[pyarrow.RecordBatch],
    timeout: float | None = None,
    isolate: bool = False,
) -> Iterator[pyarrow.RecordBatch]:
    """`annotate_batches` for a recipe."""
    options = recipe.options
    with _annotating(recipe, timeout, isolate) as annotate:
        for batch in batches:
            tasks = [_task(row, number, options) for number, row in enumerate(batch.to_pylist())]
            yield _with_outcomes(batch, annotate(iter(tasks)), options)


@contextmanager
def _annotating(
    recipe: Recipe, timeout: float | None, isolate: bool
) -> Iterator[Callable[[Iterator[Task]], Iterator[tuple[Task, Outcome]]]]:
    if isolate or timeout is not None:
        from pipeline.batch.pool import Pool

        # What hosts this may have threads, which a fork would not survive.
        with Pool(recipe, 1, method="spawn", timeout=timeout) as pool:
            yield pool.imap
    else:
        yield _annotator(recipe).imap


@lru_cache(1)
def _annotator(recipe: Recipe) -> Annotator:
    """Built once a process, however often an engine calls."""
    return recipe.make(lambda stage: None)


def _task(row: Mapping[str, Any], number: int, options: ReadOptions) -> Task:
    id = row.get(options.id_field or "id")
    place = Input("" if id is None else str(id), row.get("location") or "", row.get("path"))
    if row.get("error") is not None:
        return Task(number, place, outcome=_failure(row))
    if row.get("location") is not None and all(row.get(f) is None for f in options.text_fields):
        return Task(number, place, known=row.get("known"))
    try:
        document = Document(
            record_text(row, options),
            id=None if id is None else str(id),
            path=row.get("path"),
            record=row.get("record"),
            encoding=row.get("encoding") or "utf-8",
            encoding_by=row.get("encoding_by") or "text",
            extracted_by=row.get("extracted_by"),
            sha256=row.get("sha256"),
        )
    except DocumentError as error:
        return Task(number, place, outcome=failed(error, READ))
    return Task(number, Input(document.id, place.location, place.path), document)


def _failure(row: Mapping[str, Any]) -> Failed:
    return Failed(row.get("stage") or "", row["error"], row.get("message") or "")


def _with_outcomes(
    batch: pyarrow.RecordBatch, outcomes: Iterator[tuple[Task, Outcome]], options: ReadOptions
) -> pyarrow.RecordBatch:
    import pyarrow

    rows = [_row(task, outcome) for task, outcome in outcomes]
    types = {"string": pyarrow.string(), "long": pyarrow.int64(), "double": pyarrow.float64()}
    columns = [
        pyarrow.array([row.get(name) for row in rows], types[type]) for name, type in _TYPES.items()
    ]
    replaced = {*_TYPES, *options.text_fields}
    kept = [name for name in batch.schema.names if name not in replaced]
    return pyarrow.RecordBatch.from_arrays(
        [*(batch.column(name) for name in kept), *columns], [*kept, *_TYPES]
    )


def _row(task: Task, outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = {"id": task.place.id}
    if isinstance(outcome, Failed):
        row |= {"stage": outcome.stage, "error": outcome.error, "message": outcome.message}
    elif isinstance(outcome, Done):
        row |= {name: getattr(outcome, name) for name in ("input", "hash", *_COUNTS, "seconds")}
        row["document"] = outcome.data.decode()
    return row


def outcome_of(row: Mapping[str, Any]) -> Outcome:
    """What a row that came out says."""
    if row["error"] is not None:
        return _failure(row)
    if row["document"] is None:
        return Unchanged()
    figures = {name: row[name] for name in ("input", "hash", *_COUNTS, "seconds")}
    return Done(row["document"].encode(), **figures)
