from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import Boilerplate, Pipeline
from pipeline.bench.boilerplate_cases import removed_by
from pipeline.document import Field
from tests.laws import check_laws
from tests.stages.boilerplate.pages import AFTER, BYLINE, MENU, PARAGRAPHS, TABLE, TITLE

LINES = [
    *MENU, TITLE, BYLINE, *PARAGRAPHS, *TABLE, *AFTER, "", "    ", "\u200c", " 1", "  2. 2",
    "熱門股票", "免責聲明：本文不構成投資建議。", "免責聲明", "責任編輯：何曉", "原标题：晨星科技扭亏 来源：晨星网",
    "晨星科技(600519)(行情600519,诊股)走高。【点击看详情】", "点击领取福利【立即开户】", "---", "2025-08-20",
]


@pytest.fixture(scope="module")
def whole() -> Pipeline:
    return Pipeline()


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.sampled_from(LINES), max_size=30), end=st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_the_laws_hold_for_any_mixture_of_lines(whole: Pipeline, lines: list[str], end: str) -> None:
    document = whole(end.join(lines))
    check_laws(document)

    fields: list[Field | Boilerplate] = [*document.metadata.byline, *document.boilerplate]
    marked = {p for f in fields for p in range(f.source_start, f.source_end)}
    rest = "".join(c for p, c in enumerate(document.source_text) if p not in marked)
    assert len("".join(rest.replace("\u200c", "").split())) == len("".join(document.clean_text.split()))
    assert len(removed_by(document)) == len(document.source_text)


@settings(max_examples=30, deadline=None)
@given(lines=st.lists(st.text(alphabet="股票風險责任 1.|【】()点击看记者：/>-+%\u3000\n", max_size=20), max_size=20))
def test_the_laws_hold_for_odd_lines(whole: Pipeline, lines: list[str]) -> None:
    check_laws(whole("\n".join(lines)))


STAGES = ("normalize", "segment", "boilerplate")
USED = Pipeline(stages=STAGES)


@settings(max_examples=30, deadline=None)
@given(lines=st.lists(st.sampled_from(LINES), max_size=25))
def test_what_was_read_before_changes_nothing(lines: list[str]) -> None:
    text = "\n".join(lines)

    assert USED(text).boilerplate == Pipeline(stages=STAGES)(text).boilerplate
