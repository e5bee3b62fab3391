from __future__ import annotations

import pytest

from pipeline import BoilerplateStripper, Pipeline
from tests.stages.boilerplate.pages import AFTER, MENU, PARAGRAPHS, TABLE, TITLE, page


@pytest.fixture(scope="module")
def stripper() -> BoilerplateStripper:
    return BoilerplateStripper()


def kept(stripper: BoilerplateStripper, text: str) -> list[str]:
    """The source lines of which nothing is boilerplate or header."""
    document = stripper(text)
    metadata = document.metadata
    spans = [(b.source_start, b.source_end) for b in document.boilerplate]
    spans += [(f.source_start, f.source_end) for f in (*metadata.byline, metadata.title) if f]
    lines, at = [], 0
    for line in text.split("\n"):
        if line.strip() and not any(s < at + len(line) and at < e for s, e in spans):
            lines.append(line)
        at += len(line) + 1
    return lines


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(PARAGRAPHS, id="paragraphs"),
        pytest.param([*PARAGRAPHS, *TABLE], id="a table at the end"),
        pytest.param([PARAGRAPHS[0], *TABLE, PARAGRAPHS[1]], id="a table inside"),
        pytest.param([PARAGRAPHS[0], "外資買超", "晨星", "海陸", "長河", "大港", "遠山", *PARAGRAPHS], id="a list of names"),
        pytest.param([PARAGRAPHS[0]], id="one paragraph"),
        pytest.param(["", PARAGRAPHS[0], "", "", PARAGRAPHS[1]], id="empty lines"),
    ],
)
def test_the_article_is_what_stays(stripper: BoilerplateStripper, body: list[str]) -> None:
    assert kept(stripper, page(body=body)) == [line for line in body if line]


def test_menus_below_the_header_of_a_page_whose_menu_comes_first(stripper: BoilerplateStripper) -> None:
    assert kept(stripper, page(menu=[*MENU, *AFTER])) == PARAGRAPHS


def test_sections_have_the_labels_of_their_headings(stripper: BoilerplateStripper) -> None:
    document = stripper(page())
    labels = {line: b.label for b in document.boilerplate for line in b.source_text.split("\n")}

    assert labels["首頁"] == "navigation"
    assert labels["晨星科技203+0.50%"] == "hot_stocks"
    assert labels["海陸電子第三季營收創同期新高"] == "promotion"
    assert labels["面板報價止跌 法人看好第四季"] == "promotion"
    assert document.boilerplate[0].source_text == "\n".join(MENU), "a menu is one span"


def test_names_and_figures_are_quotations(pipeline: Pipeline) -> None:
    after = [*AFTER, "4.", "騰訊控股 490.2港元"]
    document = pipeline(page(after=after))
    (block,) = [b for b in document.boilerplate if "騰訊控股" in b.source_text]

    assert (block.label, "outside+names" in block.by) == ("hot_stocks", True)


def test_without_menus_an_article_is_not_cut(stripper: BoilerplateStripper) -> None:
    text = "\n".join([TITLE, "2025-08-20", *PARAGRAPHS, *TABLE, "產業展望", *PARAGRAPHS, *TABLE])

    assert stripper(text).boilerplate == []


def test_a_disclaimer_and_more_text_on_a_page_with_menus(stripper: BoilerplateStripper) -> None:
    disclaimer = "免責聲明：本文內容僅供參考，不構成任何投資建議。"
    document = stripper(page(body=[PARAGRAPHS[0], disclaimer, PARAGRAPHS[1]]))

    assert disclaimer in [b.source_text for b in document.boilerplate]
    assert kept(stripper, page(body=[PARAGRAPHS[0], disclaimer, PARAGRAPHS[1]])) == PARAGRAPHS
