"""Boilerplate on real pages: lines and characters right, learned rules alone, speed.

    python -m pipeline.bench.boilerplate --anue FILE [--pages FILE] [--rthk FILE] [--finqa FILE]
        [--articles FOLDER] [--misses] [--speed]

- `--anue`: pages with a known body (`anue_gold_body.jsonl`), without the Factset flashes, in two
  halves by the hash of their ids. The packaged rules were tuned on half A only; while the learning
  was written, the misses of both halves were looked at. How lines are counted says
  `bench/boilerplate_cases.py`.
- `--pages` (with `--anue`): rules are learned from one half of both files and then used alone,
  without any packaged rule, on the Anue pages of the other half; flashes apart.
- `--rthk`: characters of `raw` that are right: kept in the body, outside it removed or title; white
  space does not count. The body is the last copy of `body` in `raw`.
- `--finqa`: 100 lines with 原标题, 来源 or a promotion's words, chosen with a fixed seed, each with
  what became of it and an empty column for a person's verdict.
- `--speed`: the stage against `jieba.lcut` on the texts of the files given, and of the folder
  `--articles`, in one process; in each round the stage begins with an empty memory.
"""

from __future__ import annotations

import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import click

from pipeline.bench.boilerplate_cases import (
    LineCount,
    Page,
    anue_pages,
    count_lines,
    half,
    removed_by,
    rows,
)
from pipeline.bench.timing import seconds
from pipeline.chain import Pipeline
from pipeline.config import BoilerplateSettings, Settings
from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.boilerplate import BoilerplateStripper
from pipeline.stages.boilerplate.learn import learn
from pipeline.stages.boilerplate.rules_file import to_toml
from pipeline.stages.header import HeaderReader
from pipeline.stages.normalize import Normalizer

_STAGES = ("normalize", "segment", "boilerplate")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_CANDIDATE = re.compile(
    "原标题|来源|点击|开户|关注|扫码|下载|报名|投票|福利|大赛|APP|公众号|直播间"
)
_ROUNDS, _SPEED_DOCUMENTS = 5, 150


@click.command()
@click.option("--anue", type=_FILE)
@click.option("--pages", type=_FILE)
@click.option("--rthk", type=_FILE)
@click.option("--finqa", type=_FILE)
@click.option("--articles", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--misses", is_flag=True, help="list the lines of half A that went wrong")
@click.option("--speed", is_flag=True, help="measure the speed, too")
def main(
    anue: Path | None,
    pages: Path | None,
    rthk: Path | None,
    finqa: Path | None,
    articles: Path | None,
    misses: bool,
    speed: bool,
) -> None:
    """Print what is right."""
    pipeline = Pipeline(Settings(stages=_STAGES))
    if anue is not None:
        _print_lines("packaged rules", anue_pages(anue), pipeline, misses)
        if pages is not None:
            _learned_alone(anue, pages)
    if rthk is not None:
        _print_characters(rthk, pipeline)
    if finqa is not None:
        _print_candidates(finqa, pipeline)
    if speed:
        for path in (anue, rthk, finqa, articles):
            if path is not None:
                _print_speed(path)


def _print_lines(
    name: str, pages: Iterable[Page], annotate: Callable[[str], Document], misses: bool = False
) -> None:
    counts = {"A": LineCount(), "B": LineCount()}
    for page in pages:
        count_lines(page, annotate(page.text), counts[page.half])
    for side, count in counts.items():
        if not count.other:
            continue
        click.echo(
            f"{name}, half {side}: body lines kept {count.kept} of "
            f"{count.body - count.disclaimers} ({count.body_kept:.4f}), "
            f"{count.disclaimers} more were removed as disclaimer, promotion, editor or source "
            f"({count.body_kept_strictly:.4f} with them); "
            f"other lines removed {count.removed} of {count.other} ({count.others_removed:.4f})"
        )
    if misses:
        for miss in counts["A"].misses:
            click.echo(f"  {miss}")


def _learned_alone(anue: Path, pages: Path) -> None:
    articles, flashes = anue_pages(anue), anue_pages(anue, flashes=True)
    texts = [(p.id, "news.cnyes.com", p.text) for p in (*articles, *flashes)]
    texts += [(str(row["id"]), row["site"], row["text"]) for row in rows(pages)]
    normalizer, header = Normalizer(), HeaderReader(Resources())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = "threshold = 1.0\nbody_length = 60\n"
        (folder / "boilerplate.toml").write_text(empty, encoding="utf-8")
        for side in "AB":

            def documents(side: str = side) -> Iterator[tuple[str, Document]]:
                for id, site, text in texts:
                    if half(id) == side:
                        document = normalizer(text)
                        document.metadata = header.read(document)
                        yield site, document

            begin = time.perf_counter()
            lines, between = learn(documents, BoilerplateStripper())
            rules = folder / f"{side}.toml"
            rules.write_text(to_toml(lines, between), encoding="utf-8")
            click.echo(
                f"learned on half {side} in {time.perf_counter() - begin:.1f} s: "
                f"{len(lines)} lines, {len(between)} stretches between them"
            )
            settings = BoilerplateSettings(rules=rules)
            alone = BoilerplateStripper(settings, Resources(folder))
            annotate = Pipeline(stages=("normalize", "segment", alone))
            for kind, found in (("articles", articles), ("flashes", flashes)):
                others = (page for page in found if page.half != side)
                _print_lines(f"  learned rules alone, {kind}", others, annotate)


def _print_characters(path: Path, pipeline: Pipeline) -> None:
    right = total = kept = body_total = 0
    for row in rows(path):
        raw, body = row["raw"], row["body"]
        first = raw.rfind(body)
        if first < 0:
            continue
        labels = removed_by(pipeline(raw))
        for position, char in enumerate(raw):
            if not char.isspace():
                inside = first <= position < first + len(body)
                good = (not labels[position]) == inside
                right, total = right + good, total + 1
                kept, body_total = kept + (good and inside), body_total + inside
    click.echo(
        f"RTHK: characters right {right / total:.4f}, of the body kept {kept / body_total:.4f}"
    )


def _print_candidates(path: Path, pipeline: Pipeline) -> None:
    found: list[tuple[str, str, str]] = []
    for row in rows(path):
        text = row["text"]
        labels = removed_by(pipeline(text))
        at = 0
        for line in text.split("\n"):
            start, at = at, at + len(line) + 1
            gone = [labels[start + i] for i, char in enumerate(line) if not char.isspace()]
            if gone and _CANDIDATE.search(line) and len(line) <= 160:
                names = "+".join(dict.fromkeys(label or "article" for label in gone))
                found.append((row["id"], names, line))
    click.echo(f"finqa: 100 of {len(found)} lines; write the verdict into the second column")
    for id, names, line in random.Random(6).sample(found, min(100, len(found))):
        click.echo(f"{id}\t\t{names}\t{line}")


def _print_speed(path: Path) -> None:
    import jieba

    jieba.initialize()
    texts = []
    for file in sorted(path.rglob("*.txt")) if path.is_dir() else ():
        texts.append(file.read_text(encoding="utf-8"))
    for row in rows(path) if path.is_file() else ():
        texts.append(row.get("raw") or row.get("text") or "\n".join(row["lines"]))
        if len(texts) == _SPEED_DOCUMENTS:
            break
    before = Pipeline(Settings(stages=("normalize", "segment", "entities", "numbers")))
    times: dict[str, list[float]] = {"jieba.lcut": [], "boilerplate": []}
    for _ in range(_ROUNDS):
        documents, stripper = [before(text) for text in texts], BoilerplateStripper()
        times["jieba.lcut"].append(seconds(lambda: [jieba.lcut(text) for text in texts]))
        times["boilerplate"].append(seconds(partial(_through, stripper, documents)))
    lcut, own = (statistics.median(found) for found in times.values())
    characters = sum(map(len, texts))
    click.echo(
        f"speed on {path.name}: jieba.lcut {characters / lcut:,.0f} chars/s, "
        f"boilerplate {characters / own:,.0f} chars/s, {lcut / own:.1f} x"
    )


def _through(stripper: BoilerplateStripper, documents: Iterable[Document]) -> None:
    for document in documents:
        stripper(document)


if __name__ == "__main__":
    main()
