"""Plots as SVG, made without a browser or a plotting library.

Their colours come from the page's style, or from `standalone`: the classes `column` and `axis`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_LABEL_WIDTH = 48
_ROW = 22
_MARGIN, _GAP = 24, 34
_STYLE = """
text { font: 12px -apple-system, "Segoe UI", "PingFang SC", "Noto Sans CJK SC", sans-serif; }
.paper { fill: #fbfaf7 } .name { fill: #22262b } .title { fill: #22262b; font-weight: 650 }
.axis { fill: #5d646d; font-size: 11px } .line { stroke: #e4e1d9 } .hit-area { fill: none }
.column { fill: #0e6168; opacity: 0.75 }
@media (prefers-color-scheme: dark) {
  .paper { fill: #16191d } .name, .title { fill: #dfe2e6 } .axis { fill: #a3abb5 }
  .line { stroke: #31363d } .column { fill: #6cc3c4 }
}
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, how long it is, what hovering says, where a click leads."""

    label: str
    value: float
    says: str = ""
    href: str = ""


def columns(
    bars: Sequence[Bar], width: int = 640, height: int = 150, edges: bool = False
) -> Markup:
    """A column chart with its greatest value as the scale; labels below, as many as fit.

    Args:
        edges: a label stands where its column begins, as on a scale; else in its middle.
    """
    if not bars:
        return Markup("")
    top, base = 18, height - 20
    most = max(bar.value for bar in bars) or 1
    step = width / len(bars)
    parts = [
        Markup('<path class="line" d="M0 {0}H{1}"/>').format(base, width),
        Markup('<text class="axis" x="0" y="11">{}</text>').format(f"{most:,.0f}"),
    ]
    free = 0.0
    for number, bar in enumerate(bars):
        left = number * step
        tall = max((base - top) * bar.value / most, 1) if bar.value else 0
        column = Markup(
            '<rect class="hit-area" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>'
            '<rect class="column" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
            "<title>{}</title>"
        ).format(
            left, top, step, base - top, left + step * 0.1, base - tall, step * 0.8, tall,
            bar.says or f"{bar.label}: {bar.value:,.0f}",
        )  # fmt: skip
        if bar.href:
            column = Markup('<a href="{}">{}</a>').format(bar.href, column)
        parts.append(Markup("<g>{}</g>").format(column))
        place = min(max(left + (0 if edges else step / 2), 18), width - 18)
        if bar.label and place >= free:
            free = place + _LABEL_WIDTH
            parts.append(
                Markup(
                    '<text class="axis" x="{:.1f}" y="{}" text-anchor="middle">{}</text>'
                ).format(place, height - 5, bar.label)
            )
    return _drawing(parts, width, height)


def rows(bars: Sequence[Bar], width: int = 640) -> Markup:
    """A chart of horizontal bars, each with its label before and its value behind it."""
    most = max((bar.value for bar in bars), default=1) or 1
    room, behind = 0.34 * width, 70
    parts = []
    for number, bar in enumerate(bars):
        y = number * _ROW
        long = max((width - room - behind) * bar.value / most, 1)
        parts.append(
            Markup(
                '<text class="name" x="{:.0f}" y="{}" text-anchor="end">{}</text>'
                '<rect class="column" x="{:.0f}" y="{}" width="{:.1f}" height="10"/>'
                '<text class="axis" x="{:.1f}" y="{}">{}</text>'
            ).format(
                room - 10,
                y + 14,
                _cut(bar.label),
                room,
                y + 5,
                long,
                room + long + 6,
                y + 14,
                bar.says or f"{bar.value:,.0f}",
            )
        )
    return _drawing(parts, width, len(bars) * _ROW)


def standalone(charts: Sequence[tuple[str, Markup]], width: int = 640, across: int = 2) -> Markup:
    """Charts of one width under their titles as one SVG file with its own style."""
    parts: list[Markup] = []
    bottoms = [_MARGIN] * across
    for title, chart in charts:
        if not chart:
            continue
        at = bottoms.index(min(bottoms))
        x, y = _MARGIN + at * (width + _MARGIN), bottoms[at]
        tall = int(chart.partition('height="')[2].partition('"')[0])
        parts.append(
            Markup('<text class="title" x="{}" y="{}">{}</text>').format(x, y + 12, title)
            + Markup('<g transform="translate({} {})">{}</g>').format(x, y + 24, chart)
        )
        bottoms[at] = y + 24 + tall + _GAP
    whole, height = across * (width + _MARGIN) + _MARGIN, max(bottoms)
    background = Markup('<style>{}</style><rect class="paper" width="{}" height="{}"/>').format(
        Markup(_STYLE), whole, height
    )
    return _drawing([background, *parts], whole, height)


def short_number(value: float) -> str:
    """A value in few characters: 0.01, 5.6, 320, 1.8K, 56M, 3.2B, 1e+15."""
    for scale, sign in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if scale <= abs(value) < scale * 1000:
            return f"{value / scale:.3g}{sign}"
    return f"{value:.3g}"


def months_between(months: Sequence[str]) -> list[str]:
    """All months from the first to the last, as 2025-08; at most 1,200 of them."""
    if not months:
        return []
    first, last = (int(m[:4]) * 12 + int(m[5:7]) - 1 for m in (min(months), max(months)))
    return [f"{m // 12:04}-{m % 12 + 1:02}" for m in range(max(first, last - 1199), last + 1)]


def _cut(label: str) -> str:
    return label if len(label) <= 24 else label[:23] + "…"


def _drawing(parts: Sequence[Markup], width: int, height: int) -> Markup:
    return Markup(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" '
        'width="{0}" height="{1}" role="img">{2}</svg>'
    ).format(width, height, Markup("").join(parts))
