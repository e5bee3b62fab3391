"""Puts outcomes into the output and the manifest, so that the two agree at any moment."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

from pipeline.batch.manifest import Earlier, Failure, Manifest
from pipeline.batch.task import WRITE, Done, Failed, Outcome, Task, Unchanged, input_hash
from pipeline.errors import StorageError, WriteError
from pipeline.files.inputs import printable
from pipeline.files.write import Place, Writer


@dataclass(frozen=True, slots=True)
class _Row:
    """A document that is written but not yet durable; `done` is None if it only moved."""

    id: str
    place: Place
    done: Done | None


class Sink:
    """Takes every task before it is done, and its outcome after that, both in order.

    What is written is made durable in a thread, while the next documents are written; only then
    the manifest says that they are done.

    Args:
        pipeline: the fingerprint of what makes the documents.
        resume: whether results of earlier runs are kept where nothing changed.
        max_chars: longest document accepted, in code points.
    """

    def __init__(
        self,
        writer: Writer,
        manifest: Manifest,
        pipeline: str,
        *,
        resume: bool = False,
        max_chars: int | None = None,
    ) -> None:
        self._writer = writer
        self._manifest = manifest
        self._pipeline = pipeline
        self._resume = resume
        self._max_chars = max_chars
        self._thread = ThreadPoolExecutor(1)
        self._rows: list[_Row] = []
        self._publishing: tuple[Future[None], list[_Row], str | None] | None = None
        # The file with many documents whose tasks are being prepared: whether it is as the
        # manifest says, and the last row that may stay.
        self._file: tuple[str, bool, int] = ("", False, -1)

    def prepare(self, task: Task) -> Task:
        """Enter the task into the manifest; it gets its outcome if nothing is to be done."""
        id = task.place.id
        found = self._manifest.enter(task)
        if isinstance(found, str):
            task.duplicate_of = found
            return task
        task.earlier = None if found is None or not found.place.file else found.place
        place = self._writer.place(id, task.position)
        if (key := self._writer.key(place)) is not None:
            holder = self._manifest.claim(id, key)
            if holder is not None and task.outcome is None:
                task.outcome = _refused(f"its file {place.file} is that of the id {holder!r}")
        if task.outcome is None and found is not None and self._may_stay(found, place):
            task.known = found.input
            if task.document is not None and input_hash(task.document) == task.known:
                task.outcome = Unchanged()
        else:
            self._manifest.expect(id)
        return task

    def _may_stay(self, earlier: Earlier, place: Place) -> bool:
        """Whether an earlier result can be kept if its input is unchanged."""
        if not self._resume or earlier.status != "done" or earlier.pipeline != self._pipeline:
            return False
        if earlier.place.file != place.file:
            return False
        if self._max_chars is not None and (earlier.characters or 0) > self._max_chars:
            return False
        if earlier.place.row is None:
            return self._writer.size(place) == earlier.file_size
        name, intact, last = self._file
        if name != place.file:
            size = self._manifest.file_size(place.file)
            intact, last = size is not None and size == self._writer.size(place), -1
        if intact and earlier.place.row > last:
            self._file = (place.file, intact, earlier.place.row)
            return True
        self._file = (place.file, intact, last)
        return False

    def put(self, task: Task, outcome: Outcome) -> Failure | None:
        """Write what came of a task.

        Raises:
            StorageError: if no output can be written any more.
            OutputClosedError: if nobody reads the output any more.
        """
        id, earlier = task.place.id, task.earlier
        place = self._writer.place(id, task.position)
        if self._writer.due(place):
            self._seal()
        if isinstance(outcome, Done) and task.duplicate_of is not None:
            # The other input had the id first, but perhaps nothing came of it.
            if self._manifest.take_over(task):
                task.earlier = None
            else:
                outcome = _refused(f"{task.duplicate_of} has the same id {id!r}")
        if isinstance(outcome, Done):
            if task.known is not None:
                self._manifest.expect(id)
            try:
                written = self._writer.write(place, id, outcome.data)
                # A manifest that is forgotten after the run needs no rows.
                if self._writer.resumable:
                    self._rows.append(_Row(id, written, replace(outcome, data=b"")))
                return None
            except WriteError as error:
                outcome = _refused(str(error))
        if isinstance(outcome, Unchanged):
            assert earlier is not None
            kept = self._writer.keep(earlier)
            if kept != earlier:
                self._rows.append(_Row(id, kept, None))
            return None
        if earlier is not None and earlier.row is None:
            self._writer.remove(earlier.file)
        self._manifest.failed(task, outcome)
        location = printable(task.place.location)
        return Failure(id, location, outcome.stage, outcome.error, outcome.message)

    def _seal(self) -> None:
        """Begin to make durable what is written."""
        self._settle()
        file = self._writer.pending()
        if file is not None:
            self._manifest.file(file, None)
        # Before anything is replaced, the manifest must not vouch for it any more.
        self._manifest.commit()
        rows, self._rows = self._rows, []
        self._publishing = (self._thread.submit(self._writer.seal()), rows, file)

    def _settle(self) -> None:
        """Wait until that is done, and note it."""
        if self._publishing is None:
            return
        future, rows, file = self._publishing
        future.result()
        self._publishing = None
        for row in rows:
            if row.done is None:
                self._manifest.moved(row.id, row.place)
            else:
                size = None if row.place.row is not None else self._writer.size(row.place)
                self._manifest.done_with(row.id, row.done, self._pipeline, row.place, size)
        if file is not None:
            self._manifest.file(file, self._writer.size(Place(file)))

    def finish(self, complete: bool) -> None:
        """Make everything durable; `complete` says that all inputs were done.

        Raises:
            StorageError: if that fails.
        """
        if not complete and not self._writer.resumable:
            self.abort()
            return
        self._seal()
        self._settle()
        gone = self._manifest.complete() if complete else []
        self._manifest.commit()
        for file in gone:
            self._writer.remove(file)
        self._thread.shutdown()

    def abort(self) -> None:
        """End after an error: keep what is durable, drop the rest."""
        with suppress(StorageError):
            self._settle()
            self._manifest.commit()
        self._thread.shutdown()
        self._writer.abort()


def _refused(message: str) -> Failed:
    return Failed(WRITE, WriteError.__name__, message)
