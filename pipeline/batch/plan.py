"""What a run would do, without doing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

from pipeline.batch.manifest import Manifest
from pipeline.batch.options import RunOptions
from pipeline.batch.sink import Sink
from pipeline.batch.task import Failed, Task, Unchanged, find_tasks, whole_hash
from pipeline.chain import Pipeline
from pipeline.errors import DocumentError
from pipeline.files.inputs import Input
from pipeline.files.read import source_hash
from pipeline.files.write import open_writer

ANNOTATE, UNCHANGED, FAILED = "annotate", "unchanged", "failed"


def plan(
    inputs: Iterable[Input], pipeline: Pipeline, output: str, options: RunOptions
) -> Iterator[tuple[Task, str]]:
    """All tasks of a run with what would become of each: annotate, unchanged or failed.

    Files that are one document are not opened, but to see whether they have changed.
    """
    tasks = find_tasks(inputs, options.read, options.share)
    path = options.manifest_path(output)
    if path is None or not path.exists():
        for task in tasks:
            yield task, FAILED if isinstance(task.outcome, Failed) else ANNOTATE
        return
    fingerprint = options.fingerprint(pipeline)
    writer = open_writer(output, options.format, options.shard_size, options.prefix)
    with closing(Manifest.copy_of(path)) as manifest:
        manifest.begin(fingerprint, options.layout)
        limit = options.read.max_chars
        sink = Sink(writer, manifest, fingerprint, resume=options.resume, max_chars=limit)
        for task in map(sink.prepare, tasks):
            if isinstance(task.outcome, Failed):
                yield task, FAILED
            elif isinstance(task.outcome, Unchanged) or _is_unchanged(task, options):
                yield task, UNCHANGED
            else:
                yield task, ANNOTATE


def _is_unchanged(task: Task, options: RunOptions) -> bool:
    if task.known is None or task.document is not None:
        return False
    try:
        now = whole_hash(task.place.path, source_hash(task.place, options.read))
    except DocumentError:
        return False
    return now == task.known
