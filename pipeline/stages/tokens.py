"""Tokens made to agree with annotations that stand on characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import rjieba

from pipeline.tokens import Token, Tokens


def split_tokens(tokens: Tokens, borders: Iterable[int]) -> Tokens:
    """Tokens cut wherever a border falls inside one; the parts keep the part of speech."""
    result = Tokens()
    done = 0
    for border in sorted(set(borders)):
        if not tokens.is_inside(border):
            continue
        at = tokens.at(border)
        if at >= done:
            result.extend(tokens, done, at + 1)
            done = at + 1
        _cut_last(result, border)
    if not done:
        return tokens
    result.extend(tokens, done, len(tokens))
    return result


def _cut_last(tokens: Tokens, border: int) -> None:
    start, end, text = tokens.starts[-1], tokens.ends[-1], tokens.texts[-1]
    tokens.ends[-1], tokens.texts[-1] = border, text[: border - start]
    tokens.append(border, end, text[border - start :], tokens.tags[-1])


def merge_tokens(text: str, tokens: Tokens, spans: Sequence[tuple[int, int, str]]) -> Tokens:
    """Tokens in which every span `(start, end, pos)` is exactly one; spans are in order."""
    tokens = split_tokens(tokens, [border for start, end, _ in spans for border in (start, end)])
    result = Tokens()
    done = 0
    for start, end, pos in spans:
        first, after = tokens.between(start, end)
        result.extend(tokens, done, first)
        if first < after:
            result.append(start, end, text[start:end], pos)
        done = after
    result.extend(tokens, done, len(tokens))
    return result


def word_over(tokens: Tokens, position: int) -> Token | None:
    """The word of jieba's dictionary that covers a position; None for single characters."""
    at = tokens.at(position)
    if at < 0 or position >= tokens.ends[at] or not is_word(tokens.texts[at]):
        return None
    return tokens[at]


def cuts_word(tokens: Tokens, start: int, end: int) -> bool:
    """Whether a span begins or ends inside a word of jieba's dictionary.

    It may stand inside one as a whole if it is longer than two characters, or if what the word
    has beside it are words too: 中国 in 中国香港, but not in 发展中国家.
    """
    first, last = tokens.at(start), tokens.at(end - 1)
    if first < 0:
        return False
    begin, stop, text = tokens.starts[first], tokens.ends[first], tokens.texts[first]
    if first != last:
        return (begin < start < stop and is_word(text)) or (
            end < tokens.ends[last] and is_word(tokens.texts[last])
        )
    if (begin == start and end >= stop) or start >= stop or not is_word(text):
        return False
    beside = text[: start - begin], text[end - begin :]
    words = all(not rest or (len(rest) > 1 and rjieba.has_word(rest)) for rest in beside)
    return end - start <= 2 and not words


def is_word(text: str) -> bool:
    """Whether a token is a word of jieba's dictionary of at least two characters.

    Those that the hidden Markov model put together (将 | 近九成) are none.
    """
    return len(text) > 1 and bool(rjieba.has_word(text))
