"""The run: every input becomes a document or an error record.

inputs -> tasks -> manifest -> workers -> output and manifest
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import orjson

from pipeline.batch.annotate import Annotator, Recipe
from pipeline.batch.manifest import Failure, Manifest
from pipeline.batch.options import RunOptions
from pipeline.batch.sink import Sink
from pipeline.batch.task import Done, Outcome, Task, Unchanged, find_tasks
from pipeline.chain import Pipeline
from pipeline.errors import StorageError, WriteError
from pipeline.files.durable import partial, publish
from pipeline.files.inputs import Input
from pipeline.files.lock import Lock
from pipeline.files.write import STDOUT, errors_path, make_folder, open_writer, output_folder
from pipeline.garbage import heap_at_rest

# So few documents are done before processes for them are up.
_FEW = 8


@dataclass(slots=True)
class Summary:
    """What a run did.

    Attributes:
        documents: how many were annotated and written; the following figures are theirs.
        unchanged: how many an earlier run had done.
        errors: failures by stage and kind of error.
        stopped: why the run ended before its inputs did; None if it did not.
    """

    documents: int = 0
    unchanged: int = 0
    characters: int = 0
    entities: int = 0
    numbers: int = 0
    boilerplate: int = 0
    warnings: int = 0
    seconds: float = 0.0
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: str | None = None

    @property
    def failures(self) -> int:
        """How many documents failed."""
        return self.errors.total()

    @property
    def characters_per_second(self) -> float:
        """Code points of source text a second."""
        return self.characters / self.seconds if self.seconds else 0.0

    def add(self, outcome: Outcome, failure: Failure | None) -> None:
        """Count one outcome."""
        if failure is not None:
            self.errors[failure.stage, failure.error] += 1
        elif isinstance(outcome, Unchanged):
            self.unchanged += 1
        elif isinstance(outcome, Done):
            self.documents += 1
            self.characters += outcome.characters
            self.entities += outcome.entities
            self.numbers += outcome.numbers
            self.boilerplate += outcome.boilerplate
            self.warnings += outcome.warnings


class Watcher:
    """Hears what a run does while it goes on; by itself it does nothing with that."""

    def say(self, line: str) -> None:
        """Something that whoever started the run must know."""

    def note(self, line: str) -> None:
        """Something that they may want to know."""

    def input(self, item: Input) -> None:
        """The run comes to an input."""

    def opened(self, position: Callable[[], int]) -> None:
        """A file with many documents is open; the function says how many bytes of it are read."""

    def outcome(self, summary: Summary, failure: Failure | None) -> None:
        """One more document is done or has failed."""


def run(
    inputs: Iterable[Input],
    pipeline: Pipeline,
    output: str,
    options: RunOptions | None = None,
    watcher: Watcher | None = None,
) -> Summary:
    """Process all inputs in order; what is bad becomes an error record and the run goes on.

    Args:
        output: a folder, a file ending in .jsonl or .parquet, or `-`; see `open_writer`.

    Raises:
        WriteError: if another run is writing there, or one has written in another format.
        StorageError: if no output can be written any more, as on a full disk.
        OutputClosedError: if nobody reads the output any more.
    """
    options, watcher = options or RunOptions(), watcher or Watcher()
    fingerprint = options.fingerprint(pipeline)
    summary = Summary()
    with ExitStack() as stack:
        if output != STDOUT:
            make_folder(output_folder(output))
            lock = Lock(options.lock_path(output), output)
            stack.callback(lock.release)
        writer = open_writer(output, options.format, options.shard_size, options.prefix)
        manifest = Manifest(options.manifest_path(output))
        stack.callback(manifest.close)
        _begin(manifest, fingerprint, output, options, watcher)
        sink = Sink(
            writer,
            manifest,
            fingerprint,
            resume=options.resume,
            max_chars=options.read.max_chars,
        )
        started = time.perf_counter()
        try:
            tasks = find_tasks(inputs, options.read, options.share, watcher)
            with _executing(map(sink.prepare, tasks), pipeline, options, watcher) as outcomes:
                _take(outcomes, sink, summary, options.max_errors, watcher)
            sink.finish(complete=summary.stopped is None)
        except KeyboardInterrupt:
            # What is done so far is kept.
            sink.finish(complete=False)
            raise
        except BaseException:
            sink.abort()
            raise
        summary.seconds = time.perf_counter() - started
        _write_failures(manifest.failures(), errors_path(output, options.prefix))
    return summary


def _begin(
    manifest: Manifest, fingerprint: str, output: str, options: RunOptions, watcher: Watcher
) -> None:
    """Begin the run in the manifest, and say what will be overwritten before it is."""
    other = manifest.begin(fingerprint, options.layout)
    if other is not None:
        raise WriteError(
            f"{output} holds the results of a run with {other}: choose another folder, or the "
            "same options"
        )
    count, before = manifest.made_otherwise(fingerprint)
    if count and options.resume:
        watcher.say(
            f"the pipeline has changed since {output} was written (its fingerprint was {before}, "
            f"now it is {fingerprint}): {count:,} documents are made again"
        )
    elif not options.resume and (count := manifest.done()):
        watcher.say(
            f"{output} holds {count:,} documents of earlier runs; those among the inputs are made "
            "again (--resume keeps what has not changed)"
        )


@contextmanager
def _executing(
    tasks: Iterator[Task], pipeline: Pipeline, options: RunOptions, watcher: Watcher
) -> Iterator[Iterator[tuple[Task, Outcome]]]:
    """The tasks with their outcomes, done here, in processes or on a cluster."""
    recipe = Recipe.of(pipeline, options.read, options.layers)
    if options.engine == "ray":
        from pipeline.batch.ray_engine import on_ray

        with on_ray(tasks, recipe, options, watcher.note) as outcomes:
            yield outcomes
        return
    workers = options.workers or os.cpu_count() or 1
    first = list(islice(tasks, _FEW + 1)) if workers > 1 and options.timeout is None else []
    tasks = chain(first, tasks)
    if options.timeout is None and (workers == 1 or len(first) <= _FEW):
        with heap_at_rest():
            yield Annotator(pipeline, options.read, options.layers).imap(tasks)
        return
    from pipeline.batch.pool import Pool

    with Pool(
        recipe,
        workers,
        method=options.method,
        timeout=options.timeout,
        recycle_after=options.recycle_after,
        say=watcher.note,
    ) as pool:
        yield pool.imap(tasks)


def _take(
    outcomes: Iterator[tuple[Task, Outcome]],
    sink: Sink,
    summary: Summary,
    max_errors: int | None,
    watcher: Watcher,
) -> None:
    started = time.perf_counter()
    for task, outcome in outcomes:
        failure = sink.put(task, outcome)
        summary.add(outcome, failure)
        summary.seconds = time.perf_counter() - started
        watcher.outcome(summary, failure)
        if max_errors is not None and summary.failures > max_errors:
            summary.stopped = f"more than {max_errors:,} documents failed"
            return


def _write_failures(failures: Iterator[Failure], path: Path | None) -> None:
    if path is None:
        return
    first = next(failures, None)
    try:
        if first is None:
            path.unlink(missing_ok=True)
            return
        with partial(path).open("wb") as file:
            for failure in chain([first], failures):
                file.write(orjson.dumps(failure) + b"\n")
        publish([path])
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from error
