"""The sample article, end to end. Its text belongs to its publisher and is not in this project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import Document, Pipeline
from tests.laws import check_laws


@pytest.fixture(scope="module")
def doc(pipeline: Pipeline, shared: Callable[[str], Path]) -> Document:
    path = shared("seed/ofweek-alibaba-cloud.txt")
    return pipeline(path.read_bytes().decode())


def test_the_laws_hold(doc: Document) -> None:
    check_laws(doc)


def test_header(doc: Document) -> None:
    title, publisher, published = (
        doc.metadata.title, doc.metadata.publisher, doc.metadata.published
    )
    assert title is not None and title.start == 0 and title.text.startswith("阿里云")
    assert publisher is not None and publisher.text == "Ofweek光电信息网"
    assert published is not None and published.text == "04-14"
    assert published.value == "2025-04-14"
    assert "2025年" in published.basis


def test_boilerplate_is_the_disclaimer_and_the_list_and_nothing_else(doc: Document) -> None:
    assert [b.label for b in doc.boilerplate] == ["disclaimer", "hot_stocks"]
    disclaimer, stocks = doc.boilerplate
    assert disclaimer.text.startswith("免责声明") and disclaimer.text.endswith("专业建议。")
    assert stocks.text.startswith("热议股票") and stocks.text.endswith("10. 10")
    assert doc.text[stocks.end :].strip() == ""


def test_clean_text_is_title_and_body(doc: Document) -> None:
    title = doc.metadata.title
    assert title is not None and doc.clean_text.startswith(title.text)
    assert "Ofweek" not in doc.clean_text and "免责" not in doc.clean_text
    body_end = doc.boilerplate[0].start
    body = doc.text[doc.metadata.byline[-1].end : body_end]
    for line in body.split("\n"):
        assert line.strip() in doc.clean_text


@pytest.mark.parametrize(("label", "names"), [
    ("ORG", ["阿里云", "阿里巴巴", "摩根大通", "华为云", "腾讯云", "达摩院", "金融时报", "微软", "苹果",
             "百度", "AWS", "零一万物", "阶跃星辰", "菜鸟集团", "淘天集团", "阿里巴巴集团"]),
    ("PERSON", ["张勇", "吴泳铭", "马云", "蔡崇信", "张建锋", "周靖人"]),
    ("PRODUCT", ["通义千问", "Qwen2.5-Max", "DeepSeek-V3", "DeepSeek-R1", "ChatGPT", "腾讯元宝"]),
    ("GPE", ["中国", "美国", "杭州"]),
    ("EVENT", ["云栖大会", "春晚"]),
])
def test_names(doc: Document, label: str, names: list[str]) -> None:
    found = {e.text for e in doc.entities if e.label == label}
    assert set(names) <= found


def test_deepseek_is_company_or_product(doc: Document) -> None:
    assert {e.label for e in doc.entities if e.text == "DeepSeek"} <= {"ORG", "PRODUCT"}


@pytest.mark.parametrize("text", ["人工智能公司", "美国SaaS公司", "阿里云AI"])
def test_no_false_names(doc: Document, text: str) -> None:
    assert text not in {e.text for e in doc.entities}


def test_alibaba_is_linked(doc: Document) -> None:
    alibaba = next(e for e in doc.entities if e.text == "阿里巴巴集团")
    assert alibaba.id == "org/alibaba"
    assert {"BABA", "9988.HK"} <= set(alibaba.tickers)


@pytest.mark.parametrize(("text", "label", "value", "unit"), [
    ("265.49亿元人民币", "MONEY", 26549000000, "CNY"),
    ("23.37亿元人民币", "MONEY", 2337000000, "CNY"),
    ("31亿元", "MONEY", 3100000000, "CNY"),
    ("400多亿美元", "MONEY", 40000000000, "USD"),
    ("1150亿美元", "MONEY", 115000000000, "USD"),
    ("3200亿美元", "MONEY", 320000000000, "USD"),
    ("3141亿美元", "MONEY", 314100000000, "USD"),
    ("2500亿美元", "MONEY", 250000000000, "USD"),
    ("千亿美元", "MONEY", 100000000000, "USD"),
    ("3800亿", "CARDINAL", 380000000000, None),
    ("2个百分点", "PERCENTAGE_POINT", 2, "pp"),
    ("80%", "PERCENT", 80, "%"),
    ("1亿人", "CARDINAL", 100000000, "人"),
    ("200多款", "CARDINAL", 200, "款"),
    ("一半", "FRACTION", 0.5, None),
    ("2023年6月", "DATE", "2023-06", None),
    ("9月", "DATE", "2023-09", None),
    ("2024年的第二季度", "DATE", "2024-Q2", None),
    ("2024年最后一个季度", "DATE", "2024-Q4", None),
    ("年末", "DATE", "2024-12", None),
    ("今年1月", "DATE", "2025-01", None),
    ("3个月", "DURATION", "P3M", None),
    ("六个季度", "DURATION", "P6Q", None),
    ("3年", "DURATION", "P3Y", None),
])
def test_numbers(doc: Document, text: str, label: str, value: object, unit: str | None) -> None:
    found = [(n.label, n.value, n.unit) for n in doc.numbers if n.text == text]
    assert (label, value, unit) in found


def test_multiple(doc: Document) -> None:
    number = next(n for n in doc.numbers if n.label == "MULTIPLE")
    assert (number.text, str(number.value), number.unit) == ("6.5倍", "6.5", "x")


def test_how_sure_the_text_is(doc: Document) -> None:
    by_text = {n.text: n for n in reversed(doc.numbers)}
    rise, value = by_text["80%"], by_text["400多亿美元"]
    assert (rise.modifier, rise.cue, rise.max) == ("nearly", "近", 80)
    assert (value.min, value.max) == (40000000000, 50000000000)


@pytest.mark.parametrize("text", ["01", "02", "03", "一方面", "一言难尽", "一直", "三位数", "2.5"])
def test_not_numbers(doc: Document, text: str) -> None:
    assert text not in {n.text for n in doc.numbers}
