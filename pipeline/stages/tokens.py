"""Tokens made to agree with annotations that stand on characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.document import Token


def split_tokens(tokens: Sequence[Token], borders: Iterable[int]) -> list[Token]:
    """Tokens cut wherever a border falls inside one; the parts keep the part of speech."""
    cuts = sorted(set(borders))
    result: list[Token] = []
    at = 0
    for token in tokens:
        while at < len(cuts) and cuts[at] <= token.start:
            at += 1
        start = token.start
        while at < len(cuts) and cuts[at] < token.end:
            result.append(_part(token, start, cuts[at]))
            start = cuts[at]
            at += 1
        result.append(token if start == token.start else _part(token, start, token.end))
    return result


def merge_tokens(
    text: str, tokens: Sequence[Token], spans: Sequence[tuple[int, int, str]]
) -> list[Token]:
    """Tokens in which every span `(start, end, pos)` is exactly one; spans are in order."""
    borders = [border for start, end, _ in spans for border in (start, end)]
    result: list[Token] = []
    at = 0
    for token in split_tokens(tokens, borders):
        while at < len(spans) and spans[at][1] <= token.start:
            at += 1
        if at == len(spans) or token.start < spans[at][0]:
            result.append(token)
        elif not result or result[-1].start != spans[at][0]:
            start, end, pos = spans[at]
            result.append(Token(start, end, text[start:end], pos))
    return result


def _part(token: Token, start: int, end: int) -> Token:
    return Token(start, end, token.text[start - token.start : end - token.start], token.pos)
