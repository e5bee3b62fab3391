"""Plots without a plotting library."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

from pipeline.inspect.charts import Bar, columns, months_between, rows, short_number, standalone

_SVG = "{http://www.w3.org/2000/svg}"


def _heights(svg: str) -> list[float]:
    root = ElementTree.fromstring(svg)
    found = [r for r in root.iter(f"{_SVG}rect") if r.get("class") == "column"]
    return [float(rect.get("height", "")) for rect in found]


def test_columns_are_as_tall_as_their_values() -> None:
    tall = _heights(columns([Bar("a", 10), Bar("b", 5), Bar("c", 0)]))
    assert tall[0] == 2 * tall[1] > 0 and tall[2] == 0
    assert columns([]) == ""


def test_labels_are_as_many_as_fit() -> None:
    root = ElementTree.fromstring(columns([Bar(f"2025-{n}", 1) for n in range(90)], width=400))
    labels = [t for t in root.iter(f"{_SVG}text") if t.get("text-anchor") == "middle"]
    places = [float(t.get("x", "")) for t in labels]
    assert 4 <= len(labels) <= 9
    assert all(b - a >= 40 for a, b in pairwise(places))


def test_what_stands_in_a_plot_is_escaped() -> None:
    attack = Bar("<script>", 1, "<script>", '"><script>')
    for svg in (columns([attack]), rows([attack]), standalone([("<script>", rows([attack]))])):
        assert "<script" not in svg
        ElementTree.fromstring(svg)


def test_months_and_short_numbers() -> None:
    assert months_between(["2025-02", "2024-11"]) == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert months_between([]) == []
    assert len(months_between(["0001-01", "2025-02"])) == 1200
    shown = [short_number(v) for v in (0.01, 5.62, 316, 1778, 1e6, 3.16e9, 1e12, -2e3)]
    assert shown == ["0.01", "5.62", "316", "1.78K", "1M", "3.16B", "1T", "-2K"]
