"""Text and queries as the full-text index sees them."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.inspect.web.terms import characters, folded, match, terms, tokens


def test_pairs_and_words() -> None:
    assert tokens("阿里雲Qwen2.5，雲") == "阿里 里云 云 qwen2 5 云"
    assert match("阿里雲") == match("阿里云") == 'text : "阿里 里云"'
    assert match("雲") == 'chars : "云"'
    assert match("Qwen 芯片") == 'text : "qwen"* AND text : "芯片"'
    assert characters("雲云，A雲阿") == "云 阿"
    assert match("，。！") == match(" ") == ""
    assert terms("台積電　ＡＩ") == ["台积电", "ai"]


_TABLE = "CREATE VIRTUAL TABLE s USING fts5 (text, chars, content='', tokenize='ascii')"


def _finds(text: str, query: str) -> bool:
    connection = sqlite3.connect(":memory:")
    connection.execute(_TABLE)
    row = (tokens(text), characters(text))
    connection.execute("INSERT INTO s (rowid, text, chars) VALUES (1, ?, ?)", row)
    rows = connection.execute("SELECT rowid FROM s WHERE s MATCH ?", (match(query),))
    return rows.fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("阿里云", True), ("阿里雲", True), ("里云", True), ("云", True), ("阿", True),
        ("阿云", False), ("云阿", False), ("营收265.49", True), ("265", True), ("65.49", False),
        ("qwen", True), ("QWEN2", True), ("模型qwen2.5", True), ("芯片ai", False),
        ("AI芯片", True), ("芯片公司", False), ("阿里云 芯片", True), ("阿里云 月亮", False),
        ('"阿里云" OR', False), ("𠮷", True), ("𠮷野", True),
    ],
)  # fmt: skip
def test_what_is_found(query: str, expected: bool) -> None:
    text = "阿里雲營收265.49億元，模型Qwen2.5用AI芯片。公司𠮷野家"
    assert _finds(text, query) is expected


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("阿里雲云台積aB1 ，.𠮷"), min_size=1, max_size=14), st.data())
def test_every_stretch_of_a_text_is_found(text: str, data: st.DataObject) -> None:
    """Every run of Chinese characters in it, at least, in either script."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    stretch = text[start:end]
    if any(char in " ，.aB1" for char in stretch):
        return
    assert _finds(text, stretch)
    assert _finds(folded(text), stretch)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_folding_keeps_the_length_and_any_query_is_an_expression(text: str) -> None:
    assert len(folded(text)) == len(text)
    expression = match(text)
    if expression:
        connection = sqlite3.connect(":memory:")
        connection.execute(_TABLE)
        connection.execute("SELECT rowid FROM s WHERE s MATCH ?", (expression,)).fetchall()
