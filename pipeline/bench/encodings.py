"""How often the encoding of files, and of pieces of them, is found.

    python -m pipeline.bench.encodings [--manifest MANIFEST.jsonl] [FILE=ENCODING ...]

A manifest has a line a file: `{"file": PATH, "label": ENCODING}`, paths beside the manifest; those
with `"decode"` other than `"ok"` are left out. Each file is also cut at character borders into
pieces of 200 bytes to 2 kB. chardet and charset-normalizer, where they are installed, do the same
beside it.
"""

from __future__ import annotations

import importlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import orjson

from pipeline.errors import ReadError
from pipeline.files.encodings import decode

_PIECES_A_FILE = 40
# The codecs of one family disagree on these characters.
_SAME = str.maketrans("―・•､∼", "—·‧﹑～")
_Detector = Callable[[bytes], str | None]


def _zhpipe(data: bytes) -> str | None:
    try:
        return decode(data).encoding
    except ReadError:
        return None


def _chardet(data: bytes) -> str | None:
    found: str | None = importlib.import_module("chardet").detect(data)["encoding"]
    return found


def _charset_normalizer(data: bytes) -> str | None:
    best = importlib.import_module("charset_normalizer").from_bytes(data).best()
    return None if best is None else str(best.encoding)


_DETECTORS: dict[str, _Detector] = {
    "zhpipe": _zhpipe,
    "chardet": _chardet,
    "charset-normalizer": _charset_normalizer,
}


@click.command()
@click.option("--manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("files", nargs=-1)
def main(manifest: Path | None, files: tuple[str, ...]) -> None:
    """Print a table: files and pieces right, wrong and refused, by detector."""
    labelled = list(_labelled(manifest, files))
    if not labelled:
        raise click.UsageError("name a manifest or files")
    print(f"{'detector':<20}{'files right':>14}{'pieces right':>14}{'wrong':>8}{'none':>8}")
    for name, detect in _DETECTORS.items():
        try:
            whole = Counter(_verdict(detect, data, label) for data, label in labelled)
        except ImportError:
            print(f"{name:<20}{'not installed':>14}")
            continue
        parts = Counter(
            _verdict(detect, piece, label)
            for data, label in labelled
            for piece in _pieces(data, label)
        )
        print(
            f"{name:<20}{whole['right']:>7} of {len(labelled):>3}"
            f"{parts['right'] / parts.total():>14.1%}{parts['wrong']:>8}{parts['none']:>8}"
        )


def _labelled(manifest: Path | None, files: tuple[str, ...]) -> Iterator[tuple[bytes, str]]:
    if manifest is not None:
        for line in manifest.read_bytes().splitlines():
            entry = orjson.loads(line)
            if entry.get("decode", "ok") == "ok":
                yield (manifest.parent / entry["file"]).read_bytes(), entry["label"]
    for argument in files:
        path, _, label = argument.rpartition("=")
        yield Path(path).read_bytes(), label


def _pieces(data: bytes, label: str) -> Iterator[bytes]:
    """Pieces of a file, each beyond ASCII; the same ones in every run."""
    if label.replace("-", "_") in ("utf_16", "utf_32"):
        return  # Only the file's first piece has the mark that gives these their name.
    sizes = random.Random(1)
    text, start = data.decode(label), 0
    for _ in range(_PIECES_A_FILE):
        end, length, size = start, 0, sizes.randint(200, 2000)
        while end < len(text) and length < size:
            length += len(text[end].encode(label))
            end += 1
        piece, start = text[start:end], end
        if not piece.isascii():
            yield piece.encode(label)


def _verdict(detect: _Detector, data: bytes, label: str) -> str:
    found = detect(data)
    if found is None:
        return "none"
    try:
        text, gold = (data.decode(name).removeprefix("\ufeff") for name in (found, label))
    except (UnicodeDecodeError, LookupError):
        return "wrong"
    same = text.translate(_SAME) == gold.translate(_SAME)
    return "right" if same else "wrong"


if __name__ == "__main__":
    main()
