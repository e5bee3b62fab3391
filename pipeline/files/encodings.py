"""Which encoding a file is in.

A byte order mark tells; text that is valid UTF-8 is UTF-8; else every other encoding that decodes
the bytes without error is judged by how common the characters are that come out. A wrong guess is
worse than an error: where no decoding is plausible, or two are, none is taken.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cache

from pipeline.errors import ReadError
from pipeline.resources import Resources

# Longest first: the mark of UTF-32-LE begins with that of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In each family the first one that decodes the bytes speaks for all: the later ones hold it.
_FAMILIES = (
    ("gb18030",),
    ("big5", "cp950", "big5hkscs"),
    ("utf-32-le",),
    ("utf-32-be",),
    ("utf-16-le",),
    ("utf-16-be",),
)
_JUDGED_CHARACTERS = 20_000
_CJK_MARKS = frozenset("，。、；：？！「」『』“”‘’（）《》〈〉【】〔〕…—～·‧﹐﹑　％")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file, its encoding, and why that one was taken."""

    text: str
    encoding: str
    by: str


@dataclass(frozen=True, slots=True)
class _Judge:
    common: frozenset[str]
    accept: float
    margin: float

    def plausibility(self, text: str) -> float:
        """Share of common characters among those beyond ASCII and the control characters."""
        strange = [c for c in text[:_JUDGED_CHARACTERS] if c >= "\x7f" or c < "\t"]
        if not strange:
            return 1.0
        good = sum(c in self.common or c in _CJK_MARKS for c in strange)
        return good / len(strange)


@cache
def _judge() -> _Judge:
    table = Resources().toml("encodings/common.toml")
    return _Judge(frozenset("".join(table["common"].split())), table["accept"], table["margin"])


def encoding_by_mark(data: bytes) -> str | None:
    """The encoding that a byte order mark names."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Decode a file's bytes.

    Args:
        encoding: the encoding, if the user names it.

    Raises:
        ReadError: naming the byte offset where decoding fails or binary data stands, or the
            encodings that are equally plausible.
    """
    if encoding is not None:
        return _strict(data, encoding, "given")
    marked = encoding_by_mark(data)
    if marked is not None:
        return _strict(data, marked, "byte order mark")
    try:
        return _checked(data.decode("utf-8"), "utf-8", "valid UTF-8")
    except UnicodeDecodeError as error:
        return _guess(data, error)


def _strict(data: bytes, encoding: str, by: str) -> Decoded:
    try:
        return _checked(data.decode(encoding), encoding, by)
    except LookupError as error:
        raise ReadError(f"there is no encoding called {encoding!r}") from error
    except UnicodeDecodeError as error:
        raise ReadError(_invalid(data, encoding, error)) from error
    except UnicodeError as error:
        raise ReadError(f"the encoding {encoding!r} cannot be read: {error}") from error


def _checked(text: str, encoding: str, by: str) -> Decoded:
    nul = text.find("\0")
    if nul >= 0:
        raise ReadError(f"it looks binary: there is a NUL character at code point {nul}")
    return Decoded(text, encoding, by)


def _guess(data: bytes, not_utf8: UnicodeDecodeError) -> Decoded:
    judge = _judge()
    ranked = sorted(
        ((judge.plausibility(text), name, text) for name, text in _readings(data)), reverse=True
    )
    if not ranked or ranked[0][0] < judge.accept:
        raise ReadError(_invalid(data, "utf-8", not_utf8) + _hint(data, ranked))
    best, name, text = ranked[0]
    following = f", next {ranked[1][1]} {ranked[1][0]:.2f}" if len(ranked) > 1 else ""
    by = f"common characters {best:.2f}{following}"
    if len(ranked) > 1 and best - ranked[1][0] < judge.margin and ranked[1][2] != text:
        raise ReadError(
            f"its encoding cannot be told: {name} or {ranked[1][1]} ({by}); name it with --encoding"
        )
    return _checked(text, name, by)


def _readings(data: bytes) -> list[tuple[str, str]]:
    readings = []
    for family in _FAMILIES:
        for name in family:
            try:
                readings.append((name, data.decode(name)))
            except UnicodeDecodeError:
                continue
            break
    return readings


def _invalid(data: bytes, encoding: str, error: UnicodeDecodeError) -> str:
    return (
        f"it is not valid {encoding}: byte 0x{data[error.start]:02x} at offset {error.start} "
        f"({error.reason})"
    )


def _hint(data: bytes, ranked: list[tuple[float, str, str]]) -> str:
    nul = data.find(b"\0")
    if nul >= 0:
        return f"; it looks binary: there is a NUL byte at offset {nul}"
    guesses = ", ".join(f"{name} {share:.2f}" for share, name, _ in ranked) or "none decodes it"
    return (
        f", and no other encoding is plausible ({guesses}); name it with --encoding, for "
        "example gb18030 or big5"
    )
