"""The article and its tables in the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from pipeline import Document, Pipeline
from pipeline.inspect.selection import Selection
from pipeline.inspect.terminal import show
from tests.cli import err, zhpipe

ARTICLE = (
    "阿里雲發布新模型\n\n據《金融時報》報道，阿里雲收入265.49億元人民幣，同比增長近兩成，"
    "吳泳銘表示滿意。\n\n免責聲明：本文不構成投資建議。\n"
)


@pytest.fixture(scope="module")
def document(pipeline: Pipeline) -> Document:
    return pipeline(ARTICLE, id="a")


def _printed(
    document: Document, selection: Selection, source: bool = False, article: bool = True
) -> str:
    file = io.StringIO()
    console = Console(file=file, width=80)
    show(document, selection, source=source, article=article, console=console)
    return file.getvalue()


def test_without_colours_marks_stand_for_them(document: Document) -> None:
    shown = _printed(document, Selection())
    assert "[阿里云 ORG]收入[265.49亿元人民币 MONEY = 26,549,000,000 CNY]" in shown
    assert "近[两成 PERCENT = < 20 %]" in shown
    assert "~~免责声明：本文不构成投资建议。~~" in shown
    assert "\x1b[" not in shown


def test_with_colours_the_values_stand_beside_the_numbers(document: Document) -> None:
    file = io.StringIO()
    show(document, Selection(), console=Console(file=file, force_terminal=True, width=200))
    shown = file.getvalue()
    assert "\x1b[" in shown and "26,549,000,000 CNY" in shown
    assert "\x1b[2;9m免责声明" in shown, "boilerplate is struck through"


def test_the_source_keeps_its_characters(document: Document) -> None:
    assert "[阿里雲 ORG]收入[265.49億元人民幣 MONEY" in _printed(document, Selection(), source=True)


def test_tables_fit_eighty_columns(document: Document) -> None:
    every = Selection(("metadata", "script", "tokens", "entities", "numbers", "boilerplate"))
    shown = _printed(document, every, article=False)
    assert "numbers (2)" in shown
    assert max(map(cell_len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(labels=("ORG",)), ["阿里云", "金融时报", "阿里云"]),
        (Selection(text="阿里雲"), ["阿里云", "阿里云"]),
        (Selection(by="lexicon:persons"), ["吴泳铭"]),
        (Selection(labels=("MONEY",), text="265"), []),
    ],
)
def test_filters(document: Document, selection: Selection, expected: list[str]) -> None:
    assert [e.text for e in selection.items(document, "entities")] == expected


def test_a_folder_shows_the_documents_that_a_filter_takes(
    tmp_path: Path, pipeline: Pipeline
) -> None:
    for name, text in (("a", ARTICLE), ("b", "騰訊收入5億元。")):
        (tmp_path / f"{name}.json").write_bytes(pipeline(text, id=name).to_json())
    shown = zhpipe("inspect", tmp_path, "--text", "腾讯", "--tables").stdout.decode()
    assert "b  ·" in shown and "a  ·" not in shown
    assert "收入" not in shown, "only tables"
    both = zhpipe("inspect", tmp_path).stdout.decode()
    assert "a  ·" in both and "b  ·" in both
    result = zhpipe("inspect", tmp_path, "--why", "3")
    assert result.returncode == 2 and "--why needs --id" in err(result)
