"""OpenCC's configurations and dictionaries, read from the installed `opencc` package.

The Python binding offers `convert()` only. Which words a conversion knows, and in which order it
looks them up, stands in the package's data: one JSON file a configuration, and dictionaries in
its own format `ocd2` (a marisa trie of the keys, then the values).
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.errors import ResourceError

_MAGIC = b"OPENCC_MARISA_0.2.5"


@dataclass(frozen=True)
class Dictionary:
    """Words and what they become.

    Attributes:
        name: the dictionary's file name without suffix.
        entries: the candidates of each word, the one that OpenCC takes first.
    """

    name: str
    entries: dict[str, list[str]]

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """For each first character the lengths of the words that begin with it, longest first."""
        found: dict[str, set[int]] = {}
        for word in self.entries:
            found.setdefault(word[0], set()).add(len(word))
        return {char: sorted(lengths, reverse=True) for char, lengths in found.items()}

    def longest_prefix(self, text: str, start: int) -> str | None:
        """The longest word of the dictionary that stands at `start`, or None."""
        for length in self._lengths.get(text[start], ()):
            word = text[start : start + length]
            if word in self.entries:
                return word
        return None


@dataclass(frozen=True)
class Configuration:
    """What one OpenCC configuration does, in its order.

    Attributes:
        name: `t2s`, `tw2sp`, ...
        normalization: variants of single characters, replaced before all else.
        segmentation: the dictionaries that cut the text first; empty if it is not cut.
        steps: for each step of the chain its dictionaries; the first that knows a word at a
            place decides.
    """

    name: str
    normalization: tuple[Dictionary, ...]
    segmentation: tuple[Dictionary, ...]
    steps: tuple[tuple[Dictionary, ...], ...]

    @property
    def dictionaries(self) -> tuple[Dictionary, ...]:
        """All dictionaries that the configuration uses."""
        steps = (d for step in self.steps for d in step)
        return (*self.normalization, *self.segmentation, *steps)


def _folder() -> Path:
    import opencc

    return Path(opencc.__file__).parent / "clib" / "share" / "opencc"


def load_configuration(name: str) -> Configuration:
    """The configuration `name` with its dictionaries.

    Raises:
        ResourceError: if the installed OpenCC has no such configuration, or keeps its data in a
            format that is not known here.
    """
    path = _folder() / f"{name}.json"
    loaded: dict[str, Dictionary] = {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        normalization = data.get("normalization", [])
        segmentation = data.get("segmentation")
        return Configuration(
            name,
            tuple(d for step in normalization for d in _group(step["dict"], loaded)),
            _group(segmentation["dict"], loaded) if segmentation else (),
            tuple(_group(step["dict"], loaded) for step in data["conversion_chain"]),
        )
    except (OSError, ValueError, LookupError, RuntimeError, struct.error) as error:
        raise ResourceError(
            f"{path}: the OpenCC configuration cannot be read ({type(error).__name__}: {error}); "
            "this version of the opencc package is not supported"
        ) from error


def _group(node: dict[str, Any], loaded: dict[str, Dictionary]) -> tuple[Dictionary, ...]:
    """The dictionaries of a node of the configuration, in the order in which they decide."""
    if node["type"] != "group":
        file = node["file"]
        if file not in loaded:
            loaded[file] = Dictionary(Path(file).stem, _read(_folder() / file))
        return (loaded[file],)
    members = [d for child in node["dicts"] for d in _group(child, loaded)]
    if node.get("match_policy") == "union":
        # The longest word of all members decides; of equal ones the first member's.
        merged: dict[str, list[str]] = {}
        for member in members:
            for word, candidates in member.entries.items():
                merged.setdefault(word, candidates)
        return (Dictionary("+".join(m.name for m in members), merged),)
    return tuple(members)


def _read(path: Path) -> dict[str, list[str]]:
    """The entries of an `ocd2` file.

    After the trie stand the number of words, the size of the values' text, that text, and for
    each word the number of its candidates and the size of each (OpenCC, SerializedValues.cpp).
    """
    import marisa_trie

    data = path.read_bytes()
    if not data.startswith(_MAGIC):
        raise ValueError(f"{path.name} does not begin with {_MAGIC.decode()}")
    trie = marisa_trie.Trie().frombytes(data[len(_MAGIC) :])
    position = len(_MAGIC) + len(trie.tobytes())
    words, size = struct.unpack_from("<II", data, position)
    text = position + 8
    position = text + size
    entries = {}
    for index in range(words):
        (count,) = struct.unpack_from("<H", data, position)
        sizes = struct.unpack_from(f"<{count}H", data, position + 2)
        position += 2 + 2 * count
        candidates = []
        for length in sizes:
            candidates.append(data[text : text + length].rstrip(b"\0").decode("utf-8"))
            text += length
        entries[trie.restore_key(index)] = candidates
    return entries
