"""The texts that are measured: the project's corpus, or what the user gives."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import orjson

from pipeline.errors import ReadError

FIELDS = ("raw", "text", "body")

_HAN = re.compile("[\u4e00-\u9fff]")
# The digits behind the first of a number that is no part of a date.
_NUMBER = re.compile(r"(?<![\d/:.-])\d(\d+)(?![\d年月日时時分/:-])")
_ONE_CHARACTER_IN = 50


def read_texts(paths: Sequence[Path], documents: int) -> list[str]:
    """The first texts of each path, by default of the corpus beside the checkout.

    Args:
        paths: `.jsonl` files with their text in one of `FIELDS`, text files, folders of both.
        documents: how many of each path at most.

    Raises:
        ReadError: if a file cannot be read or has no text, or no path is given and there is no
            corpus.
    """
    texts = [text for path in paths or [_corpus()] for text in islice(_texts(path), documents)]
    if not "".join(texts).strip():
        raise ReadError("there is no text to measure with in the paths that are given")
    return texts


def _corpus() -> Path:
    corpus = Path(__file__).parents[3] / "corpus"
    if not corpus.is_dir():
        raise ReadError(f"there is no corpus in {corpus.parent}: name files or folders of texts")
    return corpus


def _texts(path: Path) -> Iterator[str]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix in (".txt", ".jsonl"):
                yield from _texts(file)
    elif path.suffix == ".jsonl":
        yield from _records(path)
    else:
        try:
            yield path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ReadError(f"{path}: {error}") from error


def _records(path: Path) -> Iterator[str]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = orjson.loads(line)
                yield next(text for name in FIELDS if isinstance(text := record.get(name), str))
            except (ValueError, AttributeError, StopIteration) as error:
                message = f"{path}, line {number}: no JSON object with a text as {FIELDS}"
                raise ReadError(message) from error


def sample(texts: Sequence[str], characters: int | None) -> Sequence[str]:
    """Texts evenly from the whole, about as many code points as asked for; None for all."""
    total = sum(map(len, texts))
    if characters is None or total <= characters:
        return texts
    return texts[:: -(-total // characters)]


def varied(text: str, seed: int) -> str:
    """The text with other numbers and, now and then, another character.

    Numbers and words then differ from one copy to the next, as in articles: a cache that is
    filled by one copy does not serve the next.
    """
    chance = random.Random(seed)
    digits = partial(chance.choices, "0123456789")
    other = _NUMBER.sub(lambda m: m[0][0] + "".join(digits(k=len(m[1]))), text)
    characters = list(other)
    han = [m.start() for m in _HAN.finditer(other)]
    for place in chance.sample(han, len(han) // _ONE_CHARACTER_IN):
        characters[place] = other[chance.choice(han)]
    return "".join(characters)


def cycled(texts: Sequence[str], documents: int) -> Iterator[str]:
    """As many documents as asked for: the texts, then varied copies of them."""
    for number in range(documents):
        text = texts[number % len(texts)]
        yield text if number < len(texts) else varied(text, number)


def joined(texts: Sequence[str], size: int) -> str:
    """Articles one after the other, to exactly `size` bytes of UTF-8 or a few less."""
    parts, length = [], 0
    number = 0
    while length < size:
        text = texts[number % len(texts)]
        parts.append(text if number < len(texts) else varied(text, number))
        length += len(parts[-1].encode()) + 1
        number += 1
    return "\n".join(parts).encode()[:size].decode(errors="ignore")
