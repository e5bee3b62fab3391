"""Files that appear whole or not at all, and are on the disk when that is said."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

PART = ".part"


def partial(path: Path) -> Path:
    """The temporary name under which a file is written."""
    return path.with_name(path.name + PART)


def publish(paths: Iterable[Path]) -> None:
    """Give files that are written under their temporary names their own, durably.

    Raises:
        OSError: if that fails; files that have not got their name keep the temporary one.
    """
    paths = list(paths)
    for path in paths:
        _sync(partial(path))
    for path in paths:
        partial(path).replace(path)
    for folder in dict.fromkeys(path.parent for path in paths):
        # Some systems cannot open folders; their renames are as durable as they are.
        with contextlib.suppress(PermissionError):
            _sync(folder)


def _sync(path: Path) -> None:
    # Windows syncs only what is open for writing, and no folders.
    file = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)
