"""Worker processes: tasks in, outcomes out, in the order of the tasks.

    tasks --> jobs (bounded) --> one pipe a worker --> outcomes, held back until it is their turn

The parent is one loop without threads. A worker holds at most two groups of jobs: the one that it
works on and, if that is small, the next. Groups grow with what a worker has done, so that few
documents are dealt out evenly. The jobs of a worker that died go to others, those of the group that
it worked on each alone: so the one that kills its worker is known, and recorded.
"""

from __future__ import annotations

import gc
import math
import multiprocessing
import os
import pickle
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from ctypes import c_byte
from dataclasses import dataclass, field, replace
from itertools import chain
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any

from pipeline.batch.annotate import Recipe
from pipeline.batch.task import READ, WRITE, Done, Failed, Outcome, Task
from pipeline.chain import BATCH_SIZE
from pipeline.errors import WorkerError
from pipeline.garbage import heap_at_rest

# Tasks and outcomes in the parent that wait for an earlier one: as many, and about as many bytes.
_WINDOW = 256
_WINDOW_BYTES = 16 << 20
# A pipe takes this much without its other end being read, so that sending never waits.
_PIPE_BYTES = 32 << 10
# A group holds so much, or one job.
_GROUP_BYTES = 160 << 10
# So many workers in a row that end before they are ready cannot be a coincidence.
_FAILED_STARTS = 3


@dataclass(slots=True)
class _Job:
    task: Task
    outcome: Outcome | None = None
    # Whether it is a group by itself.
    alone: bool = False


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    # The stage that it is in, as an index; shared memory, so that it can be read when it died.
    stage: Any
    ready: bool = False
    # The groups that it has, each without the jobs that it has answered.
    groups: deque[deque[_Job]] = field(default_factory=deque)
    sent: int = 0
    # When it began with its first job, or at the earliest became able to.
    since: float = 0.0

    def jobs(self) -> list[_Job]:
        """All jobs without an answer, in order."""
        return list(chain.from_iterable(self.groups))


class Pool:
    """Runs tasks in `workers` processes; a context manager that ends them.

    Args:
        method: fork, forkserver or spawn; by default fork on Linux, elsewhere Python's default.
        timeout: seconds after which a document is given up and its worker ended.
        recycle_after: documents after which a worker is replaced; None for never.
        say: called with a line about every worker that is replaced.
    """

    def __init__(
        self,
        recipe: Recipe,
        workers: int,
        *,
        method: str | None = None,
        timeout: float | None = None,
        recycle_after: int | None = None,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        if method is None and sys.platform == "linux":
            method = "fork"
        self._context = multiprocessing.get_context(method)
        if self._context.get_start_method() != "fork":
            recipe = replace(recipe, ready=None)
        self._recipe = recipe
        self._stages = (READ, *recipe.stages, WRITE)
        self._count = workers
        self._timeout = timeout
        self._recycle_after = math.inf if recycle_after is None else recycle_after
        self._say = say
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        # Jobs that must be sent before any new one.
        self._again: deque[_Job] = deque()
        # Jobs whose outcome has not been handed out, in order.
        self._order: deque[_Job] = deque()
        self._bytes = 0

    def __enter__(self) -> Pool:
        # What is there now is never garbage: collecting it would copy shared pages.
        gc.collect()
        gc.freeze()
        try:
            self._workers = [self._start() for _ in range(self._count)]
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        gc.unfreeze()

    def imap(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Outcome]]:
        """The tasks with their outcomes, in order.

        Raises:
            WorkerError: if workers cannot be started.
        """
        while True:
            self._fill(tasks)
            if not self._order:
                return
            while self._order and (outcome := self._order[0].outcome) is not None:
                job = self._order.popleft()
                self._bytes -= job.task.size + _size(outcome)
                yield job.task, outcome
                # Workers must not wait for what the caller does with a row of outcomes.
                self._fill(tasks)
            if self._order:
                self._receive()

    def _fill(self, tasks: Iterator[Task]) -> None:
        """Give jobs to idle workers, then small ones in advance to those at work."""
        for depth in (0, 1):
            for worker in self._workers:
                if len(worker.groups) == depth and worker.sent < self._recycle_after:
                    group = self._gather(tasks, worker)
                    if not group:
                        return
                    self._send(worker, group)

    def _gather(self, tasks: Iterator[Task], worker: _Worker) -> deque[_Job]:
        """The jobs that a worker can be given together."""
        most = min(BATCH_SIZE, worker.sent + 1, self._recycle_after - worker.sent)
        room = _PIPE_BYTES if worker.groups else _GROUP_BYTES
        group: deque[_Job] = deque()
        while len(group) < most and (job := self._next(tasks)) is not None:
            if job.outcome is not None:
                continue
            room -= job.task.size
            apart = group and (job.alone or group[0].alone)
            if apart or (room < 0 and (group or worker.groups)):
                self._again.appendleft(job)
                break
            group.append(job)
        return group

    def _next(self, tasks: Iterator[Task]) -> _Job | None:
        if self._again:
            return self._again.popleft()
        if len(self._order) >= _WINDOW * self._count or self._bytes > _WINDOW_BYTES:
            return None
        task = next(tasks, None)
        if task is None:
            return None
        job = _Job(task, task.outcome)
        self._order.append(job)
        self._bytes += task.size + (0 if job.outcome is None else _size(job.outcome))
        return job

    def _send(self, worker: _Worker, group: deque[_Job]) -> None:
        if not worker.groups:
            worker.since = time.monotonic()
        if len(group) == 1:
            group[0].alone = True
        worker.groups.append(group)
        worker.sent += len(group)
        # Of one that died, the end of its pipe tells.
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.pipe.send([job.task for job in group])

    def _receive(self) -> None:
        """Wait for an answer, a death or a deadline, and deal with it."""
        ready = set(wait([worker.pipe for worker in self._workers], self._patience()))
        for index, worker in enumerate(self._workers):
            if worker.pipe in ready:
                try:
                    self._answer(worker, worker.pipe.recv())
                except (EOFError, OSError, pickle.UnpicklingError):
                    self._bury(worker, "")
                    self._workers[index] = self._start()
                    continue
            elif self._is_late(worker):
                self._bury(worker, f"took longer than {self._timeout:g} s (--timeout)")
                self._workers[index] = self._start()
                continue
            if worker.sent >= self._recycle_after and not worker.groups:
                _stop(worker)
                worker.pipe.close()
                self._workers[index] = self._start()

    def _answer(self, worker: _Worker, answer: Outcome | None) -> None:
        worker.since = time.monotonic()
        if answer is None:
            worker.ready = True
            self._failed_starts = 0
            return
        group = worker.groups[0]
        group.popleft().outcome = answer
        if not group:
            worker.groups.popleft()
        self._bytes += _size(answer)

    def _patience(self) -> float | None:
        """Seconds until the first deadline."""
        if self._timeout is None:
            return None
        begun = [worker.since for worker in self._workers if worker.groups and worker.ready]
        return max(0.0, min(begun) + self._timeout - time.monotonic()) if begun else None

    def _is_late(self, worker: _Worker) -> bool:
        return (
            self._timeout is not None
            and worker.ready
            and bool(worker.groups)
            and time.monotonic() >= worker.since + self._timeout
            and not worker.pipe.poll()
        )

    def _bury(self, worker: _Worker, why: str) -> None:
        """End a worker for good.

        The job that it worked on has failed, if it was alone; all others are done again, those
        that it may have worked on each alone.
        """
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        why = why or f"the process that worked on it died: {_cause(worker.process.exitcode)}"
        jobs = worker.jobs()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= _FAILED_STARTS:
                raise WorkerError(f"{self._failed_starts} workers ended before they began: {why}")
        elif jobs and jobs[0].alone:
            stage = self._stages[worker.stage.value]
            jobs.pop(0).outcome = Failed(stage, WorkerError.__name__, why)
        elif jobs:
            why += f"; {len(worker.groups[0])} documents are done again, each alone"
            for job in worker.groups[0]:
                job.alone = True
        self._again.extendleft(reversed(jobs))
        if worker.ready:
            self._say(f"worker {worker.process.pid} is replaced: {why}")

    def _start(self) -> _Worker:
        parent, child = self._context.Pipe()
        stage = self._context.RawValue(c_byte, 0)
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_work, args=(child, stage, self._stages, self._recipe), daemon=True
        )
        process.start()
        child.close()
        return _Worker(process, parent, stage)

    def _end(self) -> None:
        for worker in self._workers:
            if worker.groups:
                worker.process.kill()
            else:
                _stop(worker)
        for worker in self._workers:
            worker.process.join(5)
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()
        self._workers.clear()


def _stop(worker: _Worker) -> None:
    """Let a worker without jobs end by itself."""
    with suppress(OSError):
        worker.pipe.send(None)


def _size(outcome: Outcome) -> int:
    return len(outcome.data) if isinstance(outcome, Done) else 0


def _cause(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        name = signal.Signals(-exitcode).name
        return f"{name}, perhaps for lack of memory" if name == "SIGKILL" else name
    return f"exit code {exitcode}"


def _work(pipe: Connection, stage: Any, stages: tuple[str, ...], recipe: Recipe) -> None:
    """What a worker does: answer tasks until there is None."""
    # Ctrl-C reaches all processes of a terminal; the parent decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()

    def on_stage(name: str) -> None:
        stage.value = stages.index(name)

    annotator = recipe.make(on_stage)
    # The parent may end at any time; then so does the worker.
    with heap_at_rest(), suppress(EOFError, BrokenPipeError, ConnectionResetError):
        pipe.send(None)
        while (tasks := pipe.recv()) is not None:
            for _, outcome in annotator.imap(tasks):
                pipe.send(outcome)


def _end_with_parent() -> None:
    """End the process when its parent is gone, whatever it is doing."""
    parent = multiprocessing.parent_process()
    pid = os.getppid()
    # A process forked later may keep the other end of the sentinel open.
    while parent is not None and not wait([parent.sentinel], 1) and os.getppid() == pid:
        pass
    os._exit(1)
