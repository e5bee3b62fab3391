"""How far a run is: one line on a terminal, or a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from pipeline.batch.manifest import Failure
from pipeline.batch.run import Summary, Watcher
from pipeline.files.inputs import Input, find_inputs

_TERMINAL_SECONDS = 0.2
_LOG_SECONDS = 10.0


class Progress(Watcher):
    """Writes to `stream` what a run does.

    Args:
        arguments: the inputs, to find out how much there is to read.
        own: see `find_inputs`.
        quiet: only failures, and what must be known.
        verbose: also notes, and on no terminal lines of progress.
    """

    def __init__(
        self,
        stream: TextIO,
        arguments: Sequence[str],
        own: Sequence[Path],
        *,
        quiet: bool,
        verbose: bool,
    ) -> None:
        self._stream = stream
        self._verbose = verbose
        self._terminal = stream.isatty() and not quiet
        self._shown = self._terminal or verbose
        self._every = _TERMINAL_SECONDS if self._terminal else _LOG_SECONDS
        self._started = self._last = time.monotonic()
        self._line = ""
        self._total = 0
        self._read = 0
        self._size = 0
        self._position: Callable[[], int] = lambda: 0
        if self._shown:
            self._total = sum(_size(item) for item in find_inputs(arguments, own))

    def say(self, line: str) -> None:
        """See `Watcher`."""
        self._erase()
        self._stream.write(f"zhpipe: {line}\n")
        self._stream.flush()

    def note(self, line: str) -> None:
        """See `Watcher`."""
        if self._verbose:
            self.say(line)

    def input(self, item: Input) -> None:
        """See `Watcher`."""
        self._read += self._size
        self._size = _size(item) if self._shown else 0
        self._position = lambda: 0

    def opened(self, position: Callable[[], int]) -> None:
        """See `Watcher`."""
        self._position = position

    def outcome(self, summary: Summary, failure: Failure | None) -> None:
        """See `Watcher`."""
        if failure is not None:
            self.say(f"{failure.location}: {failure.message}")
        now = time.monotonic()
        if not self._shown or now - self._last < self._every:
            return
        self._last = now
        line = self._describe(summary, now - self._started)
        if self._terminal:
            self._erase()
            self._stream.write(line)
            self._stream.flush()
            self._line = line
        else:
            self.say(line)

    def _describe(self, summary: Summary, seconds: float) -> str:
        done = summary.documents + summary.unchanged
        parts = [
            f"{done:,} documents",
            f"{summary.characters_per_second:,.0f} chars/s",
            f"{summary.failures:,} failures",
        ]
        try:
            read = self._read + self._position()
        except ValueError:
            # A file that is closed has no position any more: it is read.
            read = self._read + self._size
        if 0 < read <= self._total:
            left = round(seconds * (self._total - read) / read)
            parts.append(f"{read / self._total:.0%}")
            parts.append(f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02} left")
        return "  ".join(parts)

    def _erase(self) -> None:
        if self._line:
            self._stream.write("\r" + " " * len(self._line) + "\r")
            self._line = ""

    def close(self) -> None:
        """Leave the terminal clean."""
        self._erase()
        self._stream.flush()


def _size(item: Input) -> int:
    try:
        return Path(item.location).stat().st_size
    except OSError:
        return 0
