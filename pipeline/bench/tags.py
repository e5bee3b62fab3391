"""How far the parts of speech agree with those of `jieba.posseg`.

    python -m pipeline.bench.tags [PATH...] [--documents 200]

Counts the tokens of the default engine, on simplified text and before entities become one token,
that `jieba.posseg` has too, and of these the ones with the same tag: words of jieba's dictionary,
other words with Chinese characters, and the rest (figures, Latin words, punctuation). Lists the
commonest differences.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import click

from pipeline.bench.speed.texts import read_texts
from pipeline.config import SegmentSettings
from pipeline.document import Document
from pipeline.stages.normalize import Normalizer
from pipeline.stages.segment import Segmenter
from pipeline.tokens import Token

_SHOWN = 12
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(slots=True)
class Agreement:
    """Counts of tokens, of those with the same span, and of those with the same tag as well.

    Attributes:
        differences: how often `(word, our tag, tag of jieba.posseg)` stands at one span.
    """

    tokens: int = 0
    same_span: int = 0
    same_tag: int = 0
    differences: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, token: Token, theirs: str | None) -> None:
        """Count a token; `theirs` is the tag of jieba's token there, None if it has none."""
        self.tokens += 1
        if theirs is None:
            return
        self.same_span += 1
        if theirs == token.pos:
            self.same_tag += 1
        else:
            self.differences[token.text, token.pos, theirs] += 1


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--documents", default=200, show_default=True, help="of each path")
def main(paths: tuple[Path, ...], documents: int) -> None:
    """Print a table."""
    for name, counts in compare(read_texts(paths, documents)).items():
        click.echo(
            f"{name}: {counts.tokens:,} tokens, "
            f"{counts.same_span / max(1, counts.tokens):.2%} also in jieba.posseg, "
            f"{counts.same_tag / max(1, counts.same_span):.2%} of these with the same tag"
        )
        for (word, ours, theirs), count in counts.differences.most_common(_SHOWN):
            click.echo(f"    {count:>5}  {word}  {ours}, jieba.posseg {theirs}")


def compare(texts: list[str]) -> dict[str, Agreement]:
    """The agreement on all tokens, and on each of their kinds."""
    import rjieba

    normalizer, ours = Normalizer(), Segmenter()
    exact = Segmenter(SegmentSettings(engine="jieba"))
    names = ("all", "words of the dictionary", "other Chinese words", "the rest")
    every, known, other, rest = counts = [Agreement() for _ in names]
    for text in texts:
        document = normalizer(text)
        judge = Document(document.text)
        ours.tokenize(document)
        exact.tokenize(judge)
        tags = {(token.start, token.end): token.pos for token in judge.tokens}
        for token in document.tokens:
            theirs = tags.get((token.start, token.end))
            every.add(token, theirs)
            kind = other if _HAN.search(token.text) else rest
            (known if rjieba.has_word(token.text) else kind).add(token, theirs)
    return dict(zip(names, counts, strict=True))


if __name__ == "__main__":
    main()
