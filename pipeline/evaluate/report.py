"""Shows an evaluation report, as a table or as JSON."""

from __future__ import annotations

from dataclasses import asdict

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.evaluate.score import Count, Report, labels_in_order

_LAYERS = ("entities", "numbers", "boilerplate", "metadata")


def print_report(report: Report, misses: int) -> None:
    """Print the scores and the first misses."""
    console = Console()
    table = Table(title=f"{report.documents} documents")
    for name in ("layer", "label", "gold", "found", "precision", "recall", "F1", "values"):
        table.add_column(
            name, justify="left" if name in ("layer", "label") else "right", no_wrap=True
        )
    for layer in _LAYERS:
        for label, count in labels_in_order(report, layer):
            table.add_row(layer, label, *_cells(layer, count))
        table.add_row(
            layer, "all", *_cells(layer, report.total(layer)), style="bold", end_section=True
        )
    console.print(table)
    console.print(
        "Boilerplate is counted in characters. values: share of the matched numbers "
        "whose value, unit, bounds and modifier are right.",
        style="dim",
    )
    if misses and report.misses:
        console.print(f"\n{min(misses, len(report.misses))} of {len(report.misses)} misses:")
        for miss in report.misses[:misses]:
            console.print(
                Text(
                    f"{miss.kind:<7}{miss.layer:<12}{miss.document}:{miss.start} "
                    f"{_short(miss.text)!r} expected {miss.expected or 'nothing'}, "
                    f"got {miss.got or 'nothing'}"
                ),
                soft_wrap=True,
            )


def report_to_json(report: Report) -> str:
    """The scores and all misses as JSON."""
    scores = {
        layer: {
            label: _scores(count)
            for label, count in [*labels_in_order(report, layer), ("all", report.total(layer))]
        }
        for layer in _LAYERS
    }
    data = {
        "documents": report.documents,
        "scores": scores,
        "misses": [asdict(miss) for miss in report.misses],
    }
    return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()


def _scores(count: Count) -> dict[str, float]:
    return {
        "right": count.right,
        "false": count.false,
        "missed": count.missed,
        "precision": round(count.precision, 4),
        "recall": round(count.recall, 4),
        "f1": round(count.f1, 4),
        "full_f1": round(count.full_f1, 4),
    }


def _cells(layer: str, count: Count) -> list[str]:
    values = count.values_right / count.right if count.right else 1.0
    return [
        str(count.right + count.missed),
        str(count.right + count.false),
        f"{count.precision:.3f}",
        f"{count.recall:.3f}",
        f"{count.f1:.3f}",
        f"{values:.3f}" if layer == "numbers" else "",
    ]


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
