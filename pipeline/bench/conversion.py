"""How many characters of traditional text are converted as a gold text has them.

    python -m pipeline.bench.conversion PAIRS.jsonl [--conversion NAME]

Each line is `{"trad": TEXT, "simp": GOLD}`. Every text is a document of its own. Quotation marks
are left out of the count, for simplified text may have either kind.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
import orjson

from pipeline.config import NormalizeSettings
from pipeline.stages.normalize import Normalizer

_QUOTATION_MARKS = frozenset("「」『』“”‘’\"'")


@click.command()
@click.argument("pairs", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--conversion", default="auto", show_default=True)
@click.option("--differences", default=10, show_default=True, help="How many to list.")
def main(pairs: Path, conversion: str, differences: int) -> None:
    """Print the share of equal characters and the most frequent differences."""
    normalizer = Normalizer(
        NormalizeSettings.model_validate({"conversion": conversion, "fold_width": False})
    )
    characters = equal = skipped = 0
    different: Counter[tuple[str, str, str]] = Counter()
    for line in pairs.read_bytes().splitlines():
        pair = orjson.loads(line)
        source, gold = pair["trad"], pair["simp"]
        document = normalizer(source)
        if len(source) != len(gold):
            skipped += 1
            continue
        for position, (before, wanted) in enumerate(zip(source, gold, strict=True)):
            _, _, found = document.text_span(position, position + 1)
            if found and wanted not in _QUOTATION_MARKS:
                characters += 1
                equal += found == wanted
                if found != wanted:
                    different[before, found, wanted] += 1
    print(f"{characters} characters, {equal / characters:.5f} equal, {skipped} pairs left out")
    for (before, found, wanted), count in different.most_common(differences):
        print(f"{count:>5}  {before} became {found}, gold {wanted}")


if __name__ == "__main__":
    main()
