from __future__ import annotations

import pytest

from pipeline import Document, Segmenter
from pipeline.document import Field

TITLE = "晨星科技上半年扭亏为盈"
BODY = (
    "受原材料价格回落带动，公司毛利率明显改善，管理层在电话会上说，将继续扩建位于苏州的第二条产线，"
    "并视订单情况决定是否在海外设厂。"
)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


def text_of(field: Field | None) -> str | None:
    return None if field is None else field.text


def published(document: Document) -> str | None:
    field = document.metadata.published
    return None if field is None else field.value


LAYOUTS = [
    pytest.param(
        [TITLE, "财经观察网", "2025-08-20"], "财经观察网", None, "2025-08-20",
        id="one field on a line",
    ),
    pytest.param(
        [TITLE, "", "财经观察网", "", "2025-08-20", ""], "财经观察网", None, "2025-08-20",
        id="empty lines between",
    ),
    pytest.param(
        [TITLE, "2025-08-20 18:05 财经观察网"], "财经观察网", None, "2025-08-20",
        id="date and publisher on a line",
    ),
    pytest.param(
        [TITLE, "财经观察网 | 2025年8月20日"], "财经观察网", None, "2025-08-20",
        id="publisher and date on a line",
    ),
    pytest.param(
        [TITLE, "2025年8月20日 18:05 来源:财经观察网 作者:林小满"],
        "财经观察网", "林小满", "2025-08-20", id="with labels",
    ),
    pytest.param(
        [TITLE, "发布时间：2025/08/20 18:05", "来源：财经观察网", "作者：林小满"],
        "财经观察网", "林小满", "2025-08-20", id="labels on lines of their own",
    ),
    pytest.param(
        [TITLE, "林小满", "2025/08/20 18:05"], None, "林小满", "2025-08-20",
        id="a person's name alone is the author",
    ),
    pytest.param(
        [TITLE, "文/林小满", "财经观察网 2025.8.20"], "财经观察网", "林小满", "2025-08-20",
        id="文/ before the author",
    ),
    pytest.param(
        [TITLE, "民国114年8月20日"], None, None, "2025-08-20", id="a Minguo year",
    ),
    pytest.param(
        [TITLE, "財經觀察網", "2025-08-20"], "财经观察网", None, "2025-08-20", id="traditional",
    ),
]


@pytest.mark.parametrize(("header", "publisher", "author", "date"), LAYOUTS)
def test_layouts(
    segmenter: Segmenter, header: list[str], publisher: str | None, author: str | None, date: str
) -> None:
    document = segmenter("\n".join([*header, BODY]))
    metadata = document.metadata

    assert text_of(metadata.title) == TITLE
    assert text_of(metadata.publisher) == publisher
    assert text_of(metadata.author) == author
    assert published(document) == date
    assert [f.text for f in metadata.byline] == [
        line for line in document.text.split("\n")[1:-1] if line
    ]


def test_a_date_without_a_year_has_no_value_yet(segmenter: Segmenter) -> None:
    document = segmenter("\n".join([TITLE, "财经观察网", "08-20", BODY]))

    assert text_of(document.metadata.published) == "08-20"
    assert published(document) is None


def test_a_day_that_does_not_exist(segmenter: Segmenter) -> None:
    document = segmenter("\n".join([TITLE, "2025-02-30", BODY]))

    assert document.metadata.published is not None
    assert document.metadata.published.value is None
    assert "does not exist" in document.metadata.published.basis


def test_a_repeated_header_is_byline(segmenter: Segmenter) -> None:
    header = [TITLE, "财经观察网", "08-20"]
    document = segmenter("\n".join([*header, *header, BODY]))

    assert document.metadata.title is not None
    assert document.metadata.title.start == 0
    assert [f.text for f in document.metadata.byline] == [
        "财经观察网", "08-20", TITLE, "财经观察网", "08-20"
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(f"{TITLE}\n{BODY}", TITLE, id="a short first line"),
        pytest.param(f"{BODY}\n{BODY}", None, id="a first line that is a paragraph"),
        pytest.param("公司发布业绩。\n股价走高。", None, id="a first line that is a sentence"),
        pytest.param(TITLE, None, id="a text of one line"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_without_a_date_line(segmenter: Segmenter, text: str, title: str | None) -> None:
    metadata = segmenter(text).metadata

    assert text_of(metadata.title) == title
    assert metadata.published is None
    assert metadata.author is None
    assert metadata.byline == []


@pytest.mark.parametrize(
    "line",
    [
        "公司在2025年8月20日公布了业绩。",
        "截至2025年8月20日，公司共有员工三千人。",
        "产品名为8-20",
        "毛利率升至8.20%",
    ],
)
def test_a_date_in_the_body_is_no_date_line(segmenter: Segmenter, line: str) -> None:
    assert segmenter(f"{TITLE}\n{BODY}\n{line}").metadata.published is None


def test_fields_map_back_to_the_source(segmenter: Segmenter) -> None:
    header = "\ufeff晨星科技上半年扭虧為盈\r\n\r\n財經觀察網\r\n２０２５-08-20"
    source = f"{header}\r\n公司的毛利率明顯改善。"
    metadata = segmenter(source).metadata
    fields = [metadata.title, metadata.publisher, metadata.published]

    assert [f and source[f.source_start : f.source_end] for f in fields] == [
        "晨星科技上半年扭虧為盈", "財經觀察網", "２０２５-08-20"
    ]


@pytest.mark.parametrize(
    ("line", "value", "publisher", "author"),
    [
        ("海陸財經網記者林小滿 台北2025-08-20 11:19", "2025-08-20", "海陆财经网", "林小满"),
        ("114年8月20日", "2025-08-20", None, None),
        ("2025-08-20T17:13:00+08:00", "2025-08-20", None, None),
        ("2025.08.20 | 17:13", "2025-08-20", None, None),
        ("17:13, 2025年8月20日", "2025-08-20", None, None),
        ("2025年8月20日 星期三", "2025-08-20", None, None),
        ("發布時間 2025-08-20 08:00 更新時間 2025-08-21 09:00", "2025-08-20", None, None),
        ("更新於 2025/08/21發佈於 2025/08/20閱讀時間約 7 分鐘", "2025-08-20", None, None),
        ("海陆时报 2025-08-20 第A03版", "2025-08-20", "海陆时报", None),
        ("林小满/海陆日报 2025-08-20", "2025-08-20", "海陆日报", "林小满"),
        ("By 林小满 2025-08-20", "2025-08-20", None, "林小满"),
        ("雷鸣网 2025-08-20", "2025-08-20", "雷鸣网", None),
    ],
)
def test_date_lines(
    segmenter: Segmenter, line: str, value: str, publisher: str | None, author: str | None
) -> None:
    metadata = segmenter("\n".join([TITLE, line, BODY])).metadata

    assert (text_of(metadata.title), len(metadata.byline)) == (TITLE, 1)
    assert metadata.published is not None and metadata.published.value == value
    assert (text_of(metadata.publisher), text_of(metadata.author)) == (publisher, author)


def test_column_and_source(segmenter: Segmenter) -> None:
    header = [TITLE, "专栏：半杯咖啡", "来源：海陆网  作者：林小满", "2025-08-20"]
    document = segmenter("\n".join([*header, BODY]))
    metadata = document.metadata

    assert (text_of(metadata.column), text_of(metadata.source)) == ("半杯咖啡", "海陆网")
    assert (text_of(metadata.publisher), text_of(metadata.author)) == ("海陆网", "林小满")
    again = Document.from_json(document.to_json()).metadata
    assert (again.column, again.source) == (metadata.column, metadata.source)


def test_a_date_below_the_text_is_a_signature(segmenter: Segmenter) -> None:
    text = "\n".join([*([BODY * 2] * 5), "晨星科技董事会", "2025年8月20日"])

    assert segmenter(text).metadata.published is None


@pytest.mark.parametrize("line", ["责编：何晓", "趋势在哪里？【立即开户，领取福利】", "(原标题：晨星科技扭亏)"])
def test_boilerplate_is_no_title(segmenter: Segmenter, line: str) -> None:
    assert segmenter(f"{line}\n{BODY}").metadata.title is None
