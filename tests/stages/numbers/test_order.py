"""The order of paragraphs changes no value that does not depend on the article's clock."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import NumberExtractor

EXTRACTOR = NumberExtractor()
# Absolute in all they say: no 去年, no 下同, no unit in a heading.
PARAGRAPHS = (
    "公司全年营收265.49亿元人民币，同比增长18.2%。",
    "淨利潤為港幣三億五千萬元，跌幅收窄至不足一成。",
    "2025年3月31日，董事会批准以每股1.2美元回购200万股。",
    "产能由3万吨提高到5万吨，良率上升2.5个百分点。",
    "新工厂占地1,200亩，约三百多名员工将于2026年第二季度入驻。",
    "央行下调利率25个基点，失业率介于4%至5%。",
    "估值增长两倍，达到400多亿美元。",
)


def _values(paragraphs: list[str]) -> list[tuple[str, str, str, str | None]]:
    document = EXTRACTOR("\n".join(paragraphs))
    return sorted(
        (n.source_text, n.label, f"{n.value} {n.min} {n.max}", n.unit) for n in document.numbers
    )


@settings(max_examples=25, deadline=None)
@given(st.permutations(PARAGRAPHS))
def test_values_do_not_depend_on_the_order_of_paragraphs(paragraphs: list[str]) -> None:
    assert _values(paragraphs) == _values(list(PARAGRAPHS))


def test_every_paragraph_has_numbers() -> None:
    """Else the law above would hold for nothing."""
    assert all(len(_values([paragraph])) >= 2 for paragraph in PARAGRAPHS)
