"""How fast normalisation is, with script detection and alignment, against plain OpenCC.

    python -m pipeline.bench.normalize FILE... [--text-field NAME] [--conversion NAME]

The two take turns over all texts in one process; the medians are printed. With `auto`, OpenCC
gets for each text the configuration that the detection chose (t2s where it chose none).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import click
from opencc import OpenCC

from pipeline.config import NormalizeSettings
from pipeline.document import Document
from pipeline.files.inputs import find_inputs
from pipeline.files.read import ReadOptions, read_input
from pipeline.stages.normalize import Normalizer


@click.command()
@click.argument("inputs", nargs=-1, required=True)
@click.option("--text-field", "text_fields", multiple=True, default=["text"])
@click.option("--conversion", default="auto", show_default=True)
@click.option("--rounds", default=9, show_default=True)
def main(
    inputs: tuple[str, ...], text_fields: tuple[str, ...], conversion: str, rounds: int
) -> None:
    """Print characters a second of both, and their ratio."""
    options = ReadOptions(text_fields=text_fields)
    found = (d for item in find_inputs(inputs) for _, d in read_input(item, options))
    texts = [d.source_text for d in found if isinstance(d, Document)]
    normalizer = Normalizer(NormalizeSettings.model_validate({"conversion": conversion}))
    chosen = [normalizer(text).source.conversion or "none" for text in texts]
    converters: dict[str, Callable[[str], str]] = {
        name: OpenCC("t2s" if name == "none" else name).convert for name in set(chosen)
    }
    pairs = [(converters[name], text) for name, text in zip(chosen, texts, strict=True)]
    documents = [Document(text) for text in texts]
    ours, plain = [], []
    for _ in range(rounds):
        started = time.perf_counter()
        for document in documents:
            normalizer.process(document)
        between = time.perf_counter()
        for convert, text in pairs:
            convert(text)
        plain.append(time.perf_counter() - between)
        ours.append(between - started)
    characters = sum(map(len, texts))
    fast, slow = statistics.median(plain), statistics.median(ours)
    print(f"{len(texts)} texts, {characters} characters, medians of {rounds} rounds")
    print(f"normalize {characters / slow / 1e6:.1f} M characters/s")
    print(f"opencc    {characters / fast / 1e6:.1f} M characters/s")
    print(f"ratio     {fast / slow:.2f}")


if __name__ == "__main__":
    main()
