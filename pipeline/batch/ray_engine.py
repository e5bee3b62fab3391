"""A run on a Ray cluster: tasks as Arrow tables, actors that load the pipeline once.

    tasks (read here) -> tables in Ray's store -> map_batches(annotate_as) -> output (here)

The documents come back in order and are written here, so that output, manifest and error records
are those of a local run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipeline.batch.annotate import Recipe
from pipeline.batch.arrow import annotate_as, outcome_of
from pipeline.batch.options import RunOptions
from pipeline.batch.task import READ, Failed, Outcome, Task, Unchanged, failed
from pipeline.document import Document
from pipeline.errors import PipelineError, SettingsError
from pipeline.extras import require
from pipeline.files.inputs import Input, printable
from pipeline.files.read import ReadOptions, read_input
from pipeline.files.write import Place

if TYPE_CHECKING:
    import pyarrow

# Tasks a table, and rows that an actor gets at once.
_TABLE, _BATCH = 512, 32
# In the place of an error: nothing is to be done.
_UNCHANGED = "unchanged"


@contextmanager
def on_ray(
    tasks: Iterator[Task],
    recipe: Recipe,
    options: RunOptions,
    note: Callable[[str], None] = lambda line: None,
) -> Iterator[Iterator[tuple[Task, Outcome]]]:
    """The tasks with their outcomes, in order, done by actors of the cluster.

    Raises:
        SettingsError: if Ray is missing or the cluster cannot be reached.
        PipelineError: if the cluster lost the work for good.
    """
    require("ray.data", "ray")
    import ray

    own = not ray.is_initialized()
    try:
        if own:
            ray.init(address=options.address, logging_level=logging.ERROR, log_to_driver=False)
    except (ConnectionError, ValueError) as error:
        raise SettingsError(f"the Ray cluster {options.address} cannot be used: {error}") from error
    try:
        tables = [ray.put(table) for table in _tables(tasks, recipe.options)]
        actors = options.workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        note(f"{len(tables):,} tables of documents, up to {actors} actors")
        yield _outcomes(tables, recipe, actors, options.timeout) if tables else iter(())
    finally:
        if own:
            ray.shutdown()


def _outcomes(
    tables: list[Any], recipe: Recipe, actors: int, timeout: float | None
) -> Iterator[tuple[Task, Outcome]]:
    import ray
    import ray.data

    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    for name in ("ray.data", "ray.data._internal.progress"):
        logging.getLogger(name).setLevel(logging.ERROR)
    annotated = ray.data.from_arrow_refs(tables).map_batches(
        _Actor,
        # Without what only a fork can hand on.
        fn_constructor_args=(replace(recipe, ready=None), timeout),
        batch_format="pyarrow",
        batch_size=_BATCH,
        # Actors and tasks of a lost node begin anew elsewhere, however often: Ray Data's default.
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=actors),
        num_cpus=1,
    )
    try:
        for table in annotated.iter_batches(batch_format="pyarrow", batch_size=None):
            for row in table.to_pylist():
                yield _answer(row)
    except ray.exceptions.RayError as error:
        raise PipelineError(f"the Ray cluster could not do the work: {error}") from error


class _Actor:
    """Annotates tables in a process apart, so that no document can end the actor."""

    def __init__(self, recipe: Recipe, timeout: float | None) -> None:
        self._waiting: list[pyarrow.RecordBatch] = []
        # The tables have the text in one column, whatever fields it was read from.
        options = replace(recipe.options, text_fields=("text",), id_field="id")
        recipe = replace(recipe, options=options)
        self._annotated = annotate_as(recipe, self._next(), timeout, isolate=True)

    def _next(self) -> Iterator[pyarrow.RecordBatch]:
        while True:
            yield self._waiting.pop()

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        import pyarrow

        done = []
        for batch in table.combine_chunks().to_batches():
            self._waiting.append(batch)
            done.append(next(self._annotated))
        return pyarrow.Table.from_batches(done)


def _tables(tasks: Iterator[Task], options: ReadOptions) -> Iterator[pyarrow.Table]:
    import pyarrow

    text, whole = pyarrow.string(), pyarrow.int64()
    schema = pyarrow.schema(
        [
            *((name, text) for name in ("id", "location", "path", "text", "encoding")),
            *((name, text) for name in ("encoding_by", "extracted_by", "sha256", "known")),
            *((name, text) for name in ("duplicate_of", "earlier_file")),
            *((name, text) for name in ("stage", "error", "message")),
            *((name, whole) for name in ("position", "record", "earlier_row")),
        ]
    )
    while rows := [_row(task, options) for task in islice(tasks, _TABLE)]:
        yield pyarrow.Table.from_pylist(rows, schema)


def _row(task: Task, options: ReadOptions) -> dict[str, Any]:
    place, document, outcome = task.place, task.document, task.outcome
    row: dict[str, Any] = {
        "position": task.position,
        "id": place.id,
        "location": place.location,
        "path": place.path,
        "known": task.known,
        "duplicate_of": task.duplicate_of,
    }
    if printable(place.location) != place.location:
        # Names that are no UTF-8 cannot be sent: such files are read here.
        row["location"] = printable(place.location)
        if document is None and outcome is None:
            found = next(read_input(place, options))[1]
            document = found if isinstance(found, Document) else None
            outcome = None if isinstance(found, Document) else failed(found, READ)
    if task.earlier is not None:
        row |= {"earlier_file": task.earlier.file, "earlier_row": task.earlier.row}
    if isinstance(outcome, Failed):
        row |= {"stage": outcome.stage, "error": outcome.error, "message": outcome.message}
    elif isinstance(outcome, Unchanged):
        row["error"] = _UNCHANGED
    elif document is not None:
        source = document.source
        names = ("record", "encoding", "encoding_by", "extracted_by", "sha256")
        row |= {name: getattr(source, name) for name in names}
        row["text"] = document.source_text
    return row


def _answer(row: dict[str, Any]) -> tuple[Task, Outcome]:
    """Task and outcome of a row that came back."""
    place = Input(row["id"], row["location"], row["path"])
    task = Task(row["position"], place, known=row["known"], duplicate_of=row["duplicate_of"])
    if row["earlier_file"] is not None:
        task.earlier = Place(row["earlier_file"], row["earlier_row"])
    return task, Unchanged() if row["error"] == _UNCHANGED else outcome_of(row)
