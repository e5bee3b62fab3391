"""The columns behind `Document.tokens`."""

from __future__ import annotations

import pytest

from pipeline import Pipeline, Token, Tokens

DAY, FELL = Token(0, 2, "今天", "t"), Token(3, 5, "下跌", "v")


@pytest.fixture
def tokens() -> Tokens:
    return Tokens.of([DAY, FELL])


def test_tokens_are_a_sequence_of_tokens(tokens: Tokens) -> None:
    assert list(tokens) == [DAY, FELL]
    assert (len(tokens), tokens[0], tokens[-1]) == (2, DAY, FELL)
    assert tokens[1].text == "下跌"
    assert list(tokens[1:]) == [FELL]
    assert FELL in tokens
    assert not Tokens()
    with pytest.raises(IndexError):
        tokens[2]


def test_columns_hold_what_the_tokens_say(pipeline: Pipeline) -> None:
    document = pipeline("阿里巴巴集團 2024年收入265.49億元。")
    tokens = document.tokens

    assert [document.text[s:e] for s, e in zip(tokens.starts, tokens.ends, strict=True)] == [
        token.text for token in tokens
    ]
    assert tokens.texts == [token.text for token in tokens]
    assert tokens.tags == [token.pos for token in tokens]


def test_equal_tokens_are_equal(tokens: Tokens) -> None:
    assert tokens == Tokens.of([DAY, FELL])
    assert tokens != Tokens.of([DAY])
    assert "今天" in repr(tokens)


@pytest.mark.parametrize(
    ("position", "number", "begins", "ends", "inside"),
    [
        (0, 0, True, False, False),
        (1, 0, False, False, True),
        (2, 0, False, True, False),
        (3, 1, True, False, False),
        (5, 1, False, True, False),
    ],
)
def test_what_stands_at_a_position(
    tokens: Tokens, position: int, number: int, begins: bool, ends: bool, inside: bool
) -> None:
    assert tokens.at(position) == number
    assert (tokens.beginning(position) is not None) is begins
    assert tokens.ends_at(position) is ends
    assert tokens.is_inside(position) is inside


def test_tokens_that_begin_inside_a_span(tokens: Tokens) -> None:
    assert list(tokens.within(0, 3)) == [DAY]
    assert list(tokens.within(1, 4)) == [FELL]
    assert not tokens.within(1, 3)
    assert Tokens().at(0) == -1
