from __future__ import annotations

import pytest

from pipeline import BoilerplateStripper
from pipeline.stages.boilerplate.evidence import Evidence, add_up
from pipeline.stages.boilerplate.explain import explain
from tests.stages.boilerplate.pages import BYLINE, PARAGRAPHS, TITLE, page

DISCLAIMER = "本文內容僅供參考，不構成任何投資建議。"


@pytest.fixture(scope="module")
def stripper() -> BoilerplateStripper:
    return BoilerplateStripper()


def article(*lines: str) -> str:
    return "\n".join([TITLE, "2025-08-20", *PARAGRAPHS, *lines])


def test_weights_are_added_up_label_by_label() -> None:
    verdict = add_up([
        Evidence("promotion", "a", 0.6), Evidence("editor", "b", 0.9), Evidence("promotion", "c", 0.5),
    ])
    assert verdict is not None
    assert (verdict.label, verdict.by, verdict.score) == ("promotion", "line:promotion:a+c=0.6+0.5", 1.0)
    assert verdict.reaches(1.1) and not verdict.reaches(1.2)
    assert add_up([]) is None


def test_names_and_weights_stand_in_by(stripper: BoilerplateStripper) -> None:
    (block,) = stripper(article(DISCLAIMER)).boilerplate

    assert block.by == "line:disclaimer:no_advice+reference_only+after_body=0.6+0.5+0.4"


def test_a_neighbour_is_evidence(stripper: BoilerplateStripper) -> None:
    weak = "閣下應按自身情況審慎評估，並自行承擔一切風險。"
    beside = stripper(article(DISCLAIMER, weak, PARAGRAPHS[0])).boilerplate
    alone = stripper(article(PARAGRAPHS[0], weak, PARAGRAPHS[0])).boilerplate

    assert [b.source_text for b in beside] == [f"{DISCLAIMER}\n{weak}"]
    assert "neighbour" in beside[0].by
    assert alone == []


def test_a_copy_on_the_page_is_evidence(stripper: BoilerplateStripper) -> None:
    line = "安裝晨星 App"
    once = stripper("\n".join([TITLE, "2025-08-20", PARAGRAPHS[0], line, *PARAGRAPHS])).boilerplate
    twice = stripper("\n".join([TITLE, "2025-08-20", PARAGRAPHS[0], line, PARAGRAPHS[1], line])).boilerplate

    assert once == []
    assert [b.label for b in twice] == ["promotion", "promotion"]
    assert "repeated" in twice[0].by


def test_another_script_is_evidence(stripper: BoilerplateStripper) -> None:
    weak = "本文资料只供参考。"
    same = stripper(article("本文資料只供參考。", PARAGRAPHS[0])).boilerplate
    other = stripper(article(weak, PARAGRAPHS[0])).boilerplate

    assert same == []
    assert [b.source_text for b in other] in ([], [weak])


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("promotion", "2025“晨星杯”理财师大赛火热报名中，即日起报名参赛将免费领取精品课程礼包。【点击领取】"),
        ("promotion", "大资金调仓正当时？点击立即开户，极速响应，专属通道福利多多！"),
        ("promotion", "从这里可通过Google News追踪晨星财经"),
        ("promotion", "延伸阅读：晨星科技的三年"),
        ("promotion", "海量资讯、精准解读，尽在晨星财经APP"),
        ("editor", "编辑 王海亮 校对 李世辉"),
        ("editor", "晨星日报记者 张小满"),
        ("copyright", "封面图片来源：图虫网"),
        ("copyright", "原文網址：\nhttps://news.example.hk/a/1.htm"),
        ("navigation", "#晨星科技 #半导体 #财报"),
        ("navigation", "当前位置：首页 > 财经 > 正文"),
        ("navigation", "打开晨星新闻，阅读全文"),
        ("navigation", "分享 收藏 打印 字号：大 中 小"),
        ("navigation", "讚好 12　分享　留言 3"),
        ("navigation", "![晨星科技總部](https://img.example.hk/1.jpg)"),
        ("navigation", "[首頁](https://example.hk/) | [財經](https://example.hk/f)"),
    ],
)
def test_labels(stripper: BoilerplateStripper, label: str, line: str) -> None:
    document = stripper(article(line))

    assert [(b.label, b.source_text) for b in document.boilerplate] == [(label, line)]


@pytest.mark.parametrize(
    "line",
    [
        "公司宣布与LINE合作，用户可加入官方账号领取优惠，首日新增会员12万人。",
        "平台推出免费开户活动，专属福利吸引了30万名新用户。",
        "微信视频号的下载量同比增长两成，广告收入随之上升。",
        "https://www.example.com/report/2025",
        "该行的直播间昨日有20万人在线参与，带货金额创下新高。",
        "记者 调查发现，多家门店已经停业，货款仍未结清。",
        "第二季营收12.3亿元\n第三季营收13.1亿元\n第四季营收15.0亿元",
        "1. 晨星科技 +3.2%\n2. 海陆电子 -1.1%\n3. 长河股份 +0.4%",
        "大 中 小企业的融资成本都在下降，小微企业降幅最大。",
    ],
)
def test_lines_of_the_article_stay(stripper: BoilerplateStripper, line: str) -> None:
    assert stripper(article(line, PARAGRAPHS[0])).boilerplate == []


def test_explain_says_what_each_line_is_and_why(stripper: BoilerplateStripper) -> None:
    rows = [str(line) for line in explain(stripper(page(body=[*PARAGRAPHS, DISCLAIMER])), stripper)]

    assert len(rows) == len(page(body=[*PARAGRAPHS, DISCLAIMER]).split("\n"))
    assert any("title" in row and "轉虧為盈" not in row and "转亏为盈" in row for row in rows)
    assert any("byline" in row and "林小满" in row for row in rows)
    assert any("disclaimer no_advice +0.6" in row for row in rows)
    assert any("promotion outside+heading +1" in row for row in rows)
    assert BYLINE not in rows
