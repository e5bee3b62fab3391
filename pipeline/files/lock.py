"""Keeps a place for one process at a time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipeline.errors import WriteError


class Lock:
    """A lock on the file `path`, which is made for it; it ends with the process that holds it.

    Args:
        what: the place that it keeps, for the message.

    Raises:
        WriteError: if another process has it, or the file cannot be made.
    """

    def __init__(self, path: Path, what: str) -> None:
        self._path = path
        while True:
            try:
                self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            except OSError as error:
                raise WriteError(f"{path}: {error.strerror or error}") from error
            if not _lock(self._file):
                holder = os.read(self._file, 100).decode(errors="replace").strip()
                os.close(self._file)
                raise WriteError(
                    f"another run ({holder or 'of unknown process'}) is writing to {what}: wait "
                    "until it has ended, or choose another output"
                )
            if self._is_in_place():
                break
            # The holder before has removed the file since it was opened.
            os.close(self._file)
        os.truncate(self._file, 0)
        os.write(self._file, f"process {os.getpid()}".encode())

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._file))  # noqa: PTH116
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Remove the file, and the lock with it."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


if sys.platform == "win32":
    import msvcrt

    # Far behind the text, which others must be able to read.
    _PLACE = 1 << 20

    def _lock(file: int) -> bool:
        os.lseek(file, _PLACE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        # Not flock: forked workers would inherit it and outlive the run with it.
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
