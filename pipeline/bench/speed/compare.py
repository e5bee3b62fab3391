"""Speed side by side: all take turns over the same text in one process; medians count."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pipeline.bench.speed.parts import WHOLE, WITHOUT_TAGGER, Measure, Parts
from pipeline.bench.speed.peers import LCUT, PEERS, Peer
from pipeline.bench.speed.texts import sample
from pipeline.bench.timing import CLOCKS, Clock, seconds
from pipeline.garbage import heap_at_rest
from pipeline.stages.normalize import Normalizer

BARS = {WHOLE: 1.0, WITHOUT_TAGGER: 4.0}


@dataclass(frozen=True, slots=True)
class Row:
    """One that was measured.

    Attributes:
        kind: peer, whole (text in, JSON bytes out), stage, or part (of a stage).
        characters: code points that it was given in each round.
        seconds: of each round.
        chars_per_second: by the median.
        x_lcut: as a multiple of `jieba.lcut`.
        share: of the time of all stages; for stages only.
        bar: what `x_lcut` is to reach.
    """

    name: str
    kind: str
    characters: int
    seconds: list[float]
    chars_per_second: float
    x_lcut: float
    share: float | None
    bar: float | None


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured on how much text, and the peers that are not installed, with the reason."""

    documents: int
    characters: int
    rounds: int
    clock: str
    rows: list[Row]
    missing: dict[str, str]

    def ratios(self) -> dict[str, float]:
        """Speed by name, as a multiple of `jieba.lcut`."""
        return {row.name: row.x_lcut for row in self.rows}


def measure(
    texts: Sequence[str],
    *,
    rounds: int,
    clock: str = "wall",
    peers: bool = True,
    log: Callable[[str], None] = lambda message: None,
) -> Speed:
    """Measure `jieba.lcut`, the pipeline and its stages, and all peers that are installed.

    Args:
        clock: a name of `CLOCKS`.
        peers: False leaves out all peers but `jieba.lcut`.
        log: told how far the work is.
    """
    log("loading")
    missing: dict[str, str] = {}
    turns = [_Turn("peer", texts, _of_peer(LCUT))]
    turns += [_Turn(kind, texts, work) for kind, work in Parts().measures()]
    simplified = [document.text for document in map(Normalizer(), texts)] if peers else []
    for peer in PEERS if peers else ():
        try:
            given = sample(simplified if peer.simplified else texts, peer.characters)
            turns.append(_Turn("peer", given, _of_peer(peer)))
        except ImportError as error:
            missing[peer.name] = f"not installed ({error}): pip install {peer.packages}"
    for turn in turns:
        # What is made at the first use is no part of the speed.
        turn.work(turn.texts[:1], CLOCKS[clock])
    # None pays for what the others have loaded.
    with heap_at_rest():
        for number in range(1, rounds + 1):
            log(f"round {number} of {rounds}")
            for turn in turns:
                for name, spent in turn.work(turn.texts, CLOCKS[clock]).items():
                    turn.times.setdefault(name, []).append(spent)
    return Speed(len(texts), sum(map(len, texts)), rounds, clock, _rows(turns), missing)


@dataclass(frozen=True, slots=True)
class _Turn:
    kind: str
    texts: Sequence[str]
    work: Measure
    times: dict[str, list[float]] = field(default_factory=dict)


def _of_peer(peer: Peer) -> Measure:
    read = peer.load()

    def work(texts: Sequence[str], clock: Clock) -> dict[str, float]:
        return {peer.name: seconds(lambda: [read(text) for text in texts], clock)}

    return work


def _rows(turns: Sequence[_Turn]) -> list[Row]:
    medians = {n: statistics.median(t) for turn in turns for n, t in turn.times.items()}
    stages = sum(medians[n] for turn in turns if turn.kind == "stage" for n in turn.times)
    rows, lcut = [], 0.0
    for turn in turns:
        characters = sum(map(len, turn.texts))
        for name, times in turn.times.items():
            speed = characters / medians[name]
            lcut = lcut or speed
            share = medians[name] / stages if turn.kind == "stage" else None
            rows.append(
                Row(name, turn.kind, characters, times, speed, speed / lcut, share, BARS.get(name))
            )
    return rows
