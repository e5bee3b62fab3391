"""Runs the command as a user does, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def zhpipe(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *map(str, arguments)],
        input=stdin, capture_output=True, cwd=cwd, check=False, timeout=120,
    )


def err(result: subprocess.CompletedProcess[bytes]) -> str:
    return result.stderr.decode()
