"""Tokens made to agree with annotations that stand on characters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter

import rjieba

from pipeline.document import Token

_START = attrgetter("start")


def split_tokens(
    tokens: Sequence[Token], borders: Iterable[int], starts: Sequence[int] | None = None
) -> list[Token]:
    """Tokens cut wherever a border falls inside one; the parts keep the part of speech.

    Args:
        starts: where the tokens begin, if that is known.
    """
    if starts is None:
        starts = list(map(_START, tokens))
    result: list[Token] = []
    done = 0
    for border in sorted(set(borders).difference(starts)):
        at = bisect_right(starts, border) - 1
        if at < 0 or border >= tokens[at].end:
            continue
        if at < done:
            # A second border in the token that was cut last.
            last = result.pop()
            result += [_part(last, last.start, border), _part(last, border, last.end)]
            continue
        token = tokens[at]
        result += tokens[done:at]
        result += [_part(token, token.start, border), _part(token, border, token.end)]
        done = at + 1
    result += tokens[done:]
    return result


def merge_tokens(
    text: str,
    tokens: Sequence[Token],
    spans: Sequence[tuple[int, int, str]],
    starts: Sequence[int] | None = None,
) -> list[Token]:
    """Tokens in which every span `(start, end, pos)` is exactly one; spans are in order.

    Args:
        starts: where the tokens begin, if that is known.
    """
    borders = [border for start, end, _ in spans for border in (start, end)]
    tokens = split_tokens(tokens, borders, starts)
    starts = list(map(_START, tokens))
    result: list[Token] = []
    done = 0
    for start, end, pos in spans:
        first, after = bisect_left(starts, start), bisect_left(starts, end)
        result += tokens[done:first]
        if first < after:
            result.append(Token(start, end, text[start:end], pos))
        done = after
    return result + tokens[done:]


def _part(token: Token, start: int, end: int) -> Token:
    return Token(start, end, token.text[start - token.start : end - token.start], token.pos)


class TokenIndex:
    """Tokens by their place in the text.

    Attributes:
        tokens: in order.
        starts: where each begins.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.starts = list(map(_START, tokens))

    def at(self, position: int) -> int:
        """The number of the last token that begins at a position or before it, -1 for none."""
        return bisect_right(self.starts, position) - 1

    def beginning(self, position: int) -> Token | None:
        """The token that begins at a position, or None."""
        at = self.at(position)
        token = self.tokens[at] if at >= 0 else None
        return token if token is not None and token.start == position else None

    def ends_at(self, position: int) -> bool:
        """Whether a token ends at a position."""
        at = self.at(position - 1)
        return at >= 0 and self.tokens[at].end == position

    def within(self, start: int, end: int) -> Sequence[Token]:
        """The tokens that begin inside a span."""
        return self.tokens[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


class DictionaryWords(TokenIndex):
    """Which tokens are words of jieba's dictionary, to tell where a span cuts one.

    Words that the hidden Markov model put together (将 | 近九成) do not count.
    """

    def covering(self, position: int) -> Token | None:
        """The word of at least two characters that covers a position, or None."""
        at = self.at(position)
        if at < 0:
            return None
        token = self.tokens[at]
        return token if position < token.end and is_word(token) else None

    def cut_by(self, start: int, end: int) -> bool:
        """Whether a span begins or ends inside a word.

        It may stand inside one as a whole if it is longer than two characters, or if what the
        word has beside it are words too: 中国 in 中国香港, but not in 发展中国家.
        """
        tokens = self.tokens
        first = last = self.at(start)
        while last + 1 < len(tokens) and tokens[last + 1].start < end:
            last += 1
        if first < 0:
            return False
        left, right = tokens[first], tokens[last]
        if left is not right:
            return (left.start < start < left.end and is_word(left)) or (
                end < right.end and is_word(right)
            )
        if (left.start == start and end >= left.end) or start >= left.end or not is_word(left):
            return False
        before, after = left.text[: start - left.start], left.text[end - left.start :]
        words = all(
            not rest or (len(rest) > 1 and rjieba.has_word(rest)) for rest in (before, after)
        )
        return end - start <= 2 and not words


def is_word(token: Token) -> bool:
    """Whether a token is a word of jieba's dictionary of at least two characters."""
    return len(token.text) > 1 and bool(rjieba.has_word(token.text))
