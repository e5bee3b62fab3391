from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import BoilerplateStripper, Pipeline
from pipeline.errors import ResourceError
from pipeline.resources import Resources

TITLE = "晨星科技上半年扭亏为盈"
HEADER = f"{TITLE}\n财经观察网\n2025-08-20"
BODY = (
    "受原材料价格回落带动，公司毛利率明显改善，管理层在电话会上说，将继续扩建位于苏州的第二条产线，"
    "并视订单情况决定是否在海外设厂。"
)
MORE_BODY = (
    "分析人士注意到，行业竞争仍然激烈，几家主要对手都在降价，公司能否守住份额，要看新产品在下一季度的"
    "交付进度，以及渠道库存消化的速度。"
)
LIST = "热门股票\n排名 名称 代号 涨跌幅\n 1\n    \n    \n 2\n    \n    \n 3"
DISCLAIMER = "免责声明：本文内容仅供参考，不构成任何投资建议，据此操作风险自担。"


@pytest.fixture(scope="module")
def stripper() -> BoilerplateStripper:
    return BoilerplateStripper()


def found(stripper: BoilerplateStripper, text: str) -> list[tuple[str, str]]:
    return [(b.label, b.text) for b in stripper(text).boilerplate]


def page(*parts: str) -> str:
    return "\n\n".join([HEADER, *parts])


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("disclaimer", DISCLAIMER),
        ("disclaimer", "风险提示：股市有风险，投资需谨慎。"),
        ("disclaimer", "本文不构成投资建议，投资者应独立判断，风险自负。"),
        ("copyright", "版权所有，未经授权不得转载。"),
        ("copyright", "本文来源：财经观察网"),
        ("copyright", "未经本站书面许可，不得转载或摘编。"),
        ("editor", "责任编辑：何晓"),
        ("editor", "(记者 王海洋)"),
        ("editor", "校对：李小平"),
        ("promotion", "扫码关注我们的公众号"),
        ("promotion", "点击查看更多"),
        ("promotion", "下载财经观察APP"),
        ("promotion", "往期推荐\n晨星科技的三年\n芯片还会涨价吗？"),
        ("promotion", "延伸阅读：\n晨星科技的三年\n产线为什么建在苏州"),
        ("navigation", "字号：大 中 小"),
        ("navigation", "分享到：微信 微博"),
        ("navigation", "评论 12"),
        ("hot_stocks", LIST),
        ("hot_stocks", "热议股票\n1 腾讯控股 0700.HK +1.2%\n2 美团 3690.HK -0.8%"),
        ("hot_stocks", "相关股票：\n腾讯控股 0700.HK"),
    ],
)
def test_labels(stripper: BoilerplateStripper, label: str, line: str) -> None:
    document = stripper(page(BODY, MORE_BODY, line))

    assert [(b.label, b.source_text) for b in document.boilerplate] == [(label, line)]
    assert document.clean_text == f"{TITLE}\n\n{BODY}\n\n{MORE_BODY}"


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("disclaimer", "免責聲明：本文僅供參考，不構成投資建議。"),
        ("copyright", "版權所有，未經授權不得轉載。"),
        ("editor", "責任編輯：何曉"),
        ("promotion", "點擊查看更多"),
        ("hot_stocks", "熱議股票\n1 騰訊控股 0700.HK +1.2%\n2 美團 3690.HK -0.8%"),
    ],
)
def test_traditional_pages(stripper: BoilerplateStripper, label: str, line: str) -> None:
    body = "受原材料價格回落帶動，公司毛利率明顯改善，管理層說，將繼續擴建第二條產線。"
    (block,) = stripper(f"{body}\n\n{line}").boilerplate

    assert (block.label, block.source_text) == (label, line)


@pytest.mark.parametrize(
    "sentence",
    [
        "公司在公告中说，市场有风险，投资者应保持谨慎。",
        "报告末尾的风险提示往往没有人细读，可是风险一旦兑现，谁也逃不掉。",
        "这份免责声明写着“本文不构成投资建议”，却没有拦住散户。",
        "他认为，投资有风险是一句空话。",
        "最大的风险在于需求不足，分析师建议减持。",
        "法院裁定，未披露的责任由公司承担。",
        "热门股票昨日普遍回落，成交量也创下年内新低。",
        "公司的编辑部共有三十人，记者只有十人。",
    ],
)
def test_sentences_of_the_article_stay(stripper: BoilerplateStripper, sentence: str) -> None:
    for text in (page(BODY, sentence, MORE_BODY), page(BODY, sentence)):
        document = stripper(text)

        assert document.boilerplate == []
        assert sentence in document.clean_text


@pytest.mark.parametrize("line", [LIST, DISCLAIMER], ids=["list", "disclaimer"])
def test_the_article_goes_on_behind_it(stripper: BoilerplateStripper, line: str) -> None:
    document = stripper(page(BODY, line, MORE_BODY))

    assert [b.text for b in document.boilerplate] == [line]
    assert document.clean_text == f"{TITLE}\n\n{BODY}\n\n{MORE_BODY}"


def test_empty_rows_and_ranks_at_the_end_of_a_list(stripper: BoilerplateStripper) -> None:
    (block,) = stripper(page(BODY, f"{LIST}\n    \n    ")).boilerplate

    assert block.text.startswith(LIST)
    assert block.label == "hot_stocks"


def test_list_with_windows_line_ends_in_traditional_characters(
    stripper: BoilerplateStripper,
) -> None:
    rows = "熱門股票\r\n排名 名稱 代號\r\n 1\r\n    \r\n 2"
    source = f"{BODY}\r\n\r\n{rows}\r\n\r\n{MORE_BODY}"
    document = stripper(source)

    (block,) = document.boilerplate
    assert block.source_text == rows == source[block.source_start : block.source_end]
    assert document.clean_text == f"{BODY}\n\n{MORE_BODY}"


@pytest.mark.parametrize(
    ("line", "removed", "left"),
    [
        (
            "贵州茅台(600519)(行情600519,诊股)走高。",
            [("widget", "(行情600519,诊股)")],
            "贵州茅台(600519)走高。",
        ),
        (
            f"{BODY}[点击看详情]订单仍在增加。",
            [("widget", "[点击看详情]")],
            f"{BODY}订单仍在增加。",
        ),
        (
            "甲股(行情600519,诊股)与乙股(行情300750,诊股)走高。",
            [("widget", "(行情600519,诊股)"), ("widget", "(行情300750,诊股)")],
            "甲股与乙股走高。",
        ),
        (
            "〔记者林小满/台北报道〕晨星科技今日公布业绩。",
            [("editor", "〔记者林小满/台北报道〕")],
            "晨星科技今日公布业绩。",
        ),
        (
            "(记者 王海洋)晨星科技今日公布业绩。",
            [("editor", "(记者 王海洋)")],
            "晨星科技今日公布业绩。",
        ),
        (
            "晨星科技今日公布业绩。(责任编辑：何晓)",
            [("editor", "(责任编辑：何晓)")],
            "晨星科技今日公布业绩。",
        ),
    ],
)
def test_inside_a_line(
    stripper: BoilerplateStripper, line: str, removed: list[tuple[str, str]], left: str
) -> None:
    document = stripper(page(line, BODY))

    assert [(b.label, b.text) for b in document.boilerplate] == removed
    assert document.clean_text == f"{TITLE}\n\n{left}\n\n{BODY}"


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        pytest.param(
            ["风险提示：股市有风险，投资需谨慎。", "", DISCLAIMER], ["disclaimer"], id="one kind"
        ),
        pytest.param(
            ["责任编辑：何晓", "版权所有，未经授权不得转载。", "扫码关注我们的公众号"],
            ["editor", "copyright", "promotion"], id="three kinds",
        ),
        pytest.param([LIST, "", DISCLAIMER], ["hot_stocks", "disclaimer"], id="below a list"),
    ],
)
def test_adjacent_paragraphs_of_one_kind_are_one_span(
    stripper: BoilerplateStripper, lines: list[str], labels: list[str]
) -> None:
    document = stripper(page(BODY, MORE_BODY, "\n".join(lines)))

    assert [b.label for b in document.boilerplate] == labels
    assert document.boilerplate[0].text.startswith(lines[0])
    assert document.boilerplate[-1].text.endswith(lines[-1])


def test_title_and_byline_are_no_boilerplate(stripper: BoilerplateStripper) -> None:
    document = stripper(page(BODY))

    assert document.boilerplate == []
    assert document.clean_text == f"{TITLE}\n\n{BODY}"


@pytest.mark.parametrize("line", [DISCLAIMER, "热门股票\n1 腾讯控股 0700.HK 升3.5%"])
def test_no_annotation_stands_inside_boilerplate(pipeline: Pipeline, line: str) -> None:
    text = page("腾讯上涨3.5%。", line, "百度下跌2.5%，成交12亿元。")
    document = pipeline(text)
    (block,) = document.boilerplate
    layers = (document.tokens, document.sentences, document.entities, document.numbers)

    for layer in layers:
        assert [i for i in layer if i.start < block.end and block.start < i.end] == []
        assert [i for i in layer if i.start >= block.end], "what stands behind it is kept"
    assert (block.text, block.source_text) == (line, line)


def test_annotations_inside_boilerplate_can_be_kept() -> None:
    pipeline = Pipeline(boilerplate={"keep_annotations": True})
    document = pipeline(page(BODY, "热门股票\n1 腾讯控股 0700.HK 升3.5%"))
    (block,) = document.boilerplate

    assert "腾讯控股" in [e.text for e in document.entities if e.start >= block.start]
    assert "腾讯控股" not in document.clean_text


def test_the_evidence_is_named(stripper: BoilerplateStripper) -> None:
    disclaimer, stocks = stripper(page(BODY, MORE_BODY, DISCLAIMER, LIST)).boilerplate

    assert disclaimer.by.startswith("line:disclaimer:label")
    assert stocks.by.startswith("block:stock_list:")
    assert 0 < disclaimer.score <= 1


def test_own_rules_replace_the_packaged_ones(tmp_path: Path) -> None:
    rules = (
        "threshold = 1.0\nbody_length = 60\nblock = []\ninline = []\n"
        "[[rule]]\nname = 'own'\nlabel = 'promotion'\npattern = '^晨星会员'\nweight = 1.0\n"
    )
    (tmp_path / "boilerplate.toml").write_text(rules, encoding="utf-8")
    own = BoilerplateStripper(resources=Resources(tmp_path))

    assert found(own, page(BODY, "晨星会员专享", DISCLAIMER)) == [("promotion", "晨星会员专享")]


def test_a_rule_that_is_no_regular_expression_is_named(tmp_path: Path) -> None:
    rules = (
        "threshold = 1.0\nbody_length = 60\nblock = []\ninline = []\n"
        "[[rule]]\nname = 'broken'\nlabel = 'promotion'\npattern = '(晨星'\nweight = 1.0\n"
    )
    (tmp_path / "boilerplate.toml").write_text(rules, encoding="utf-8")

    with pytest.raises(ResourceError, match=r"boilerplate\.toml.*'broken'.*pattern"):
        BoilerplateStripper(resources=Resources(tmp_path))


@pytest.mark.parametrize(
    "line",
    [
        "起诉书称，该公司未经授权使用数百万篇文章训练模型，索赔数十亿美元。",
        "法院裁定，涉案图片的著作权归原告所有，被告需赔偿5万元。",
        "豆包App下载量突破1亿次，腾讯元宝紧随其后。",
        "有前员工爆料，公司将裁员三成，涉及200人。",
        "记者：裁员30%是真的吗？",
        "声明：公司目前生产经营正常，不存在应披露而未披露的事项。",
        "重要提示：公司2024年净利润亏损3.5亿元，股票将被实施风险警示。",
        "宁德时代/比亚迪/亿纬锂能",
        "他提醒，入市需谨慎，投资有风险，投资者应独立判断，不要据此操作风险自负。",
    ],
)
def test_body_lines_that_look_like_boilerplate_stay(pipeline: Pipeline, line: str) -> None:
    text = f"晨星科技公布中期业绩，收入按年增长一成，毛利率保持稳定。\n{line}\n公司预计下半年需求回升，订单已排到年底，产能利用率有望提高。"
    doc = pipeline(text)
    assert doc.boilerplate == []
    assert line in doc.clean_text


@pytest.mark.parametrize(
    ("rows", "rest"),
    [
        ("相關股票\n0700 騰訊控股\n9988 阿里巴巴", "去年騰訊回購規模超過1,000億元"),
        ("熱門股票\n1. 騰訊控股 00700 +1.2%\n2. 美團 03690 -0.8%", "02 雲業務爲什麼重要"),
        ("熱議股票\n  1. 1\n     \n     \n  2. 2", "分析：雲業務是關鍵"),
    ],
)
def test_what_follows_a_list_stays(pipeline: Pipeline, rows: str, rest: str) -> None:
    doc = pipeline(f"晨星科技公布中期業績，收入按年增長一成。\n\n{rows}\n\n{rest}\n公司預計下半年需求回升。")
    assert [b.source_text for b in doc.boilerplate] == [rows]
    assert doc.clean_text.count("\n") >= 2


LONG = (
    "晨星科技晚间公告，公司股东拟在六个月内通过大宗交易减持不超过百分之二的股份，减持的原因是自身的资金安排。"
    "本次减持不会改变控制权，也不影响日常经营，二级市场的价格将按届时的市价确定，进展会在季度末披露。"
    "截至上月底，该股东持有的股份占公司总股本的百分之七。"
)


@pytest.mark.parametrize(
    ("line", "removed"),
    [
        pytest.param(f"{LONG}本文内容仅供参考，不构成任何投资建议。", "本文内容仅供参考，不构成任何投资建议。", id="at the end"),
        pytest.param(f"免责声明：{LONG}本文内容仅供参考，不构成投资建议。", f"免责声明：{LONG}本文内容仅供参考，不构成投资建议。", id="labelled"),
        pytest.param(f"原标题：晨星科技股东拟减持  {LONG}", "原标题：晨星科技股东拟减持", id="title before a gap"),
        pytest.param(f"原标题：晨星科技股东拟减持中国证券网讯（记者 何晓）{LONG}", "原标题：晨星科技股东拟减持", id="title before an agency"),
        pytest.param("晨星股东拟减持 原标题：晨星科技股东拟减持 来源：晨星网", "原标题：晨星科技股东拟减持 来源：晨星网", id="title again"),
    ],
)
def test_a_paragraph_is_not_lost_for_a_sentence(
    stripper: BoilerplateStripper, line: str, removed: str
) -> None:
    document = stripper(page(BODY, line, MORE_BODY))

    assert [b.text for b in document.boilerplate] == [removed]
    assert "".join(line.replace(removed, "").split()) in "".join(document.clean_text.split())
