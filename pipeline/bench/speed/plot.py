"""The comparison as a picture: one bar for each row, on a logarithmic scale."""

from __future__ import annotations

from pathlib import Path

from pipeline.bench.speed.compare import Speed
from pipeline.errors import WriteError

_COLOURS = {"peer": "0.6", "whole": "tab:blue", "stage": "tab:cyan", "part": "lightblue"}


def plot(speed: Speed, path: Path) -> None:
    """Write the picture; the name's ending (.svg, .png) says the format.

    Raises:
        WriteError: if matplotlib is missing, or the file cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise WriteError(f"{path}: a plot needs the extra `bench`: {error}") from error
    rows = speed.rows[::-1]
    figure = Figure(figsize=(8, 0.5 + 0.3 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh(
        [row.name for row in rows],
        [row.x_lcut for row in rows],
        color=[_COLOURS[row.kind] for row in rows],
    )
    axes.bar_label(bars, [f"{row.x_lcut:.2f}" for row in rows], padding=3, fontsize=8)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.margins(x=0.1)
    axes.set_xlabel(
        f"speed as a multiple of jieba.lcut, one core, {speed.clock} time, "
        f"{speed.characters:,} characters"
    )
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise WriteError(f"{path}: the plot cannot be written: {error}") from error
