"""The memory of this process."""

from __future__ import annotations

from pathlib import Path

_STATUS = Path("/proc/self/status")


def memory() -> tuple[int | None, int]:
    """Bytes resident now (None where only Linux would tell), and at most so far."""
    if _STATUS.is_file():
        # Not getrusage: there, a new process begins with the peak of the one that started it.
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        kilobytes = {name: value for name, _, value in (line.partition(":") for line in lines)}
        now, peak = (1024 * int(kilobytes[name].split()[0]) for name in ("VmRSS", "VmHWM"))
        return now, peak
    import resource
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return None, peak * (1 if sys.platform == "darwin" else 1024)
