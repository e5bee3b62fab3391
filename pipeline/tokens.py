"""The tokens of a text, kept column by column."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload


class Token(NamedTuple):
    """A word with its part of speech (jieba's tag set)."""

    start: int
    end: int
    text: str
    pos: str


@dataclass(slots=True)
class Tokens(Sequence[Token]):
    """Tokens in order, without overlap; a `Token` is made where one is asked for.

    A text has a token for every second character. Four lists take half the memory of as many
    objects, and are made, searched and written in half the time.

    Attributes:
        starts, ends, texts, tags: the columns `start`, `end`, `text` and `pos`, of one length.
    """

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, tokens: Iterable[Token]) -> Tokens:
        """The given tokens."""
        new = cls()
        for token in tokens:
            new.append(*token)
        return new

    def append(self, start: int, end: int, text: str, pos: str) -> None:
        """Put a token behind the last one."""
        self.starts.append(start)
        self.ends.append(end)
        self.texts.append(text)
        self.tags.append(pos)

    def extend(self, tokens: Tokens, first: int, after: int) -> None:
        """Put the tokens number `first` to `after` (half-open) of others behind the last one."""
        self.starts += tokens.starts[first:after]
        self.ends += tokens.ends[first:after]
        self.texts += tokens.texts[first:after]
        self.tags += tokens.tags[first:after]

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> Tokens: ...
    def __getitem__(self, index: int | slice) -> Token | Tokens:
        if isinstance(index, slice):
            return Tokens(self.starts[index], self.ends[index], self.texts[index], self.tags[index])
        return Token(self.starts[index], self.ends[index], self.texts[index], self.tags[index])

    def __iter__(self) -> Iterator[Token]:
        return map(Token, self.starts, self.ends, self.texts, self.tags)

    def at(self, position: int) -> int:
        """The number of the last token that begins at a position or before it, -1 for none."""
        return bisect_right(self.starts, position) - 1

    def beginning(self, position: int) -> Token | None:
        """The token that begins at a position, or None."""
        at = self.at(position)
        return self[at] if at >= 0 and self.starts[at] == position else None

    def ends_at(self, position: int) -> bool:
        """Whether a token ends at a position."""
        at = self.at(position - 1)
        return at >= 0 and self.ends[at] == position

    def is_inside(self, position: int) -> bool:
        """Whether a token begins before a position and ends behind it."""
        at = self.at(position - 1)
        return at >= 0 and self.ends[at] > position

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The numbers of the tokens that begin inside a span: the first, and behind the last."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def within(self, start: int, end: int) -> Tokens:
        """The tokens that begin inside a span."""
        return self[slice(*self.between(start, end))]
