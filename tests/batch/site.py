"""Makes the stage that goes wrong an installed one, as other packages publish theirs."""

from __future__ import annotations

from pathlib import Path


def install(site: Path) -> Path:
    """A folder to be put on the path, with the entry point `fault`."""
    info = site / "faults-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: faults\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[zhpipe.stages]\nfault = tests.batch.faults:make_stage\n"
    )
    return site
