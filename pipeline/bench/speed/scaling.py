"""How the time grows with the length of a document, and what hostile text costs.

The same text is given in pieces of each size, so that only the length differs: all pieces of one
size hold what the largest document holds.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pipeline.bench.speed.parts import through
from pipeline.bench.speed.texts import joined
from pipeline.bench.timing import CLOCKS, seconds
from pipeline.chain import Pipeline

SIZES = (5_000, 20_000, 100_000, 1_000_000)
LENGTH_BAR, HOSTILE_BAR = 1.3, 10.0
HOSTILE = {
    "digits": "8305719264",
    "一": "一",
    "opening brackets": "（《",
    "pairs of brackets": "（）",
    "tickers": "2330.TW ",
    "tickers in brackets": "(00700.HK)",
    "changes": "增长三成",
    "line breaks": "\n",
}
_HOSTILE_SIZE = 200_000
# One that is far over the bar is not measured again.
_LONG = 20.0


@dataclass(frozen=True, slots=True)
class Length:
    """A size in bytes of UTF-8, or a hostile text of 200 kB.

    Attributes:
        nanoseconds: per code point, by the median of the rounds.
        ratio: to the first size.
        bar: what the ratio is not to exceed.
        rounds: how many were measured.
    """

    name: str
    nanoseconds: float
    ratio: float
    bar: float
    rounds: int


def measure(
    texts: Sequence[str],
    *,
    rounds: int,
    clock: str = "wall",
    sizes: Sequence[int] = SIZES,
    hostile_size: int = _HOSTILE_SIZE,
    log: Callable[[str], None] = lambda message: None,
) -> list[Length]:
    """Measure all sizes and all hostile texts in turn, text in, JSON bytes out.

    Args:
        sizes: in bytes of UTF-8, the smallest first; each round reads as many bytes of each size
            as the largest has.
        hostile_size: bytes of each hostile text.
    """
    pipeline = Pipeline()
    whole = joined(texts, sizes[-1])
    documents = {f"{size:,} bytes": list(pieces(whole, size)) for size in sizes}
    normal = list(documents)
    for name, unit in HOSTILE.items():
        documents[name] = [unit * (hostile_size // len(unit.encode()))]
    pipeline(documents[normal[0]][0])
    times: dict[str, list[float]] = {name: [] for name in documents}
    for number in range(1, rounds + 1):
        for name, group in documents.items():
            if any(spent > _LONG for spent in times[name]):
                continue
            log(f"scaling: round {number} of {rounds}, {name}")
            times[name].append(seconds(partial(through, pipeline, group), CLOCKS[clock]))
    per_character = {
        name: 1e9 * statistics.median(times[name]) / sum(map(len, group))
        for name, group in documents.items()
    }
    base = per_character[normal[0]]
    return [
        Length(
            name,
            nanoseconds,
            nanoseconds / base,
            LENGTH_BAR if name in normal else HOSTILE_BAR,
            len(times[name]),
        )
        for name, nanoseconds in per_character.items()
    ]


def pieces(text: str, size: int) -> Iterator[str]:
    """The text in pieces of whole lines, each of about `size` bytes of UTF-8."""
    lines: list[str] = []
    length = 0
    for line in text.splitlines(keepends=True):
        if lines and length + len(line.encode()) > size:
            yield "".join(lines)
            lines, length = [], 0
        lines.append(line)
        length += len(line.encode())
    if lines:
        yield "".join(lines)
