from __future__ import annotations

import pytest

from pipeline import EntityRecognizer
from pipeline.config import EntitySettings


@pytest.fixture(scope="module")
def recognizer() -> EntityRecognizer:
    # The rules alone: the tagger would find some of the names, too.
    return EntityRecognizer(EntitySettings(tagger=False))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("股价(9988.HK)上涨", ["9988.HK"]),
        ("股价(02330.TW)上涨", ["02330.TW"]),
        ("股价（688256.SH）上涨", ["688256.SH"]),
        ("股价(AAPL.US)上涨", ["AAPL.US"]),
        ("股价(300750.SZ)、(2308.TW)上涨", ["300750.SZ", "2308.TW"]),
        ("股价(600519)上涨", ["600519"]),
        ("股价（股票代码：300750）上涨", ["300750"]),
        ("股份代号:9988，今日上涨", ["9988"]),
        ("股价(NASDAQ: BIDU)上涨", ["BIDU"]),
        ("百度(BIDU)上涨", ["BIDU"]),
        ("买入$TSLA，卖出$AAPL$", ["TSLA", "AAPL"]),
        ("股价(行情600519,诊股)上涨", ["600519"]),
        ("股價（２３３０.ＴＷ）上漲", ["2330.TW"]),
    ],
)
def test_tickers(recognizer: EntityRecognizer, text: str, codes: list[str]) -> None:
    entities = [e for e in recognizer(text).entities if e.label == "TICKER"]

    assert [e.text for e in entities] == codes
    assert all(e.by.startswith("pattern:ticker:") for e in entities)


@pytest.mark.parametrize(
    ("text", "span", "ticker", "name"),
    [
        ("贵州茅台(600519.SH)", "600519.SH", "600519.SH", "贵州茅台"),
        ("涨幅居前：600519.SS", "600519.SS", "600519.SH", "贵州茅台"),
        ("看好SH600519", "SH600519", "600519.SH", "贵州茅台"),
        ("看好sz000001", "sz000001", "000001.SZ", "平安银行"),
        ("看好2330-TW", "2330-TW", "2330.TW", "台积电"),
        ("台积电(2330)", "2330", "2330.TW", "台积电"),
        ("看好6488-TW", "6488-TW", "6488.TWO", "环球晶"),
        ("看好HK:00700", "00700", "0700.HK", "腾讯"),
        ("看好00700.HK", "00700.HK", "0700.HK", "腾讯"),
        ("看好0700-HK", "0700-HK", "0700.HK", "腾讯"),
        ("腾讯控股(00700)", "00700", "0700.HK", "腾讯"),
        ("看好$BABA$", "BABA", "BABA", "阿里巴巴"),
        ("看好$BABA.US$", "BABA.US", "BABA", "阿里巴巴"),
        ("看好$00700.HK$", "00700.HK", "0700.HK", "腾讯"),
        ("看好NASDAQ:AAPL", "AAPL", "AAPL", "苹果"),
        ("看好(NYSE: BABA)", "BABA", "BABA", "阿里巴巴"),
        ("看好(BABA-US)", "BABA-US", "BABA", "阿里巴巴"),
        ("看好AAPL.O", "AAPL.O", "AAPL", "苹果"),
        ("贵州茅台(行情600519,诊股)", "600519", "600519.SH", "贵州茅台"),
        ("中芯国际(688981，股吧)", "688981", "688981.SH", "中芯国际"),
        ("股票代码300750", "300750", "300750.SZ", "宁德时代"),
        ("看好999999.SH", "999999.SH", "999999.SH", "999999.SH"),
    ],
)  # fmt: skip
def test_codes_are_linked(
    recognizer: EntityRecognizer, text: str, span: str, ticker: str, name: str
) -> None:
    (entity,) = [e for e in recognizer(text).entities if e.label == "TICKER"]

    assert (entity.text, entity.tickers, entity.name) == (span, [ticker], name)
    assert (entity.id is None) == (name == ticker)


def test_a_former_name_before_its_code(recognizer: EntityRecognizer) -> None:
    name, code = recognizer("*ST宏盛(600817)复牌").entities

    assert (name.text, name.name, name.tickers) == ("*ST宏盛", "宇通重工", ["600817.SH"])
    assert code.text == "600817"


@pytest.mark.parametrize(
    ("text", "name", "company"),
    [
        ("*ST正邦复牌", "*ST正邦", "正邦科技"),
        ("*ST盛运复牌", "*ST盛运", "盛运"),
        ("ST云晨复牌", "ST云晨", "ST云晨"),
        # 宏盛 alone is a company in Taiwan.
        ("*ST宏盛复牌", "*ST宏盛", "*ST宏盛"),
    ],
)
def test_names_under_a_risk_warning(
    recognizer: EntityRecognizer, text: str, name: str, company: str
) -> None:
    (entity,) = recognizer(text).entities

    assert (entity.text, entity.label, entity.name) == (name, "ORG", company)


@pytest.mark.parametrize(
    "text",
    [
        "人工智能(AI)发展",
        "公司成立于(2024)年",
        "员工共有600519人",
        "增长率为(12.5)，上年为(10.3)",
        "版本号为1.2345.HKX",
        "售价为$35美元",
        "营收(亿元)和(CFO)的说明",
    ],
)
def test_no_tickers(recognizer: EntityRecognizer, text: str) -> None:
    assert [e.text for e in recognizer(text).entities if e.label == "TICKER"] == []


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("据《金融时报》报道", "金融时报", "ORG"),
        ("据《晨星晚报》报道", "晨星晚报", "ORG"),
        ("重读《红楼梦》", "红楼梦", "WORK_OF_ART"),
        ("电影《夜航记》上映", "夜航记", "WORK_OF_ART"),
        ("违反《反垄断法》", "反垄断法", "LAW"),
        ("发布《外商投资准则》", "外商投资准则", "LAW"),
        ("發布《外商投資條例》", "外商投资条例", "LAW"),
    ],
)
def test_title_marks(recognizer: EntityRecognizer, text: str, name: str, label: str) -> None:
    (entity,) = recognizer(text).entities

    assert (entity.text, entity.label) == (name, label)


def test_nothing_inside_title_marks_is_a_name_of_its_own(recognizer: EntityRecognizer) -> None:
    assert [e.text for e in recognizer("新书《腾讯与它的时代》上市").entities] == ["腾讯与它的时代"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("模型Qwen2.5-Max上线", ["Qwen2.5-Max"]),
        ("模型DeepSeek-R1上线", ["DeepSeek-R1"]),
        ("手机iPhone 16 Pro上线", ["iPhone 16 Pro"]),
        ("模型Gemini 2.5 Pro上线", ["Gemini 2.5 Pro"]),
        ("模型Kimi 3月上线", ["Kimi"]),
        ("模型Kimi 20万用户", ["Kimi"]),
    ],
)
def test_a_version_belongs_to_its_product(
    recognizer: EntityRecognizer, text: str, expected: list[str]
) -> None:
    entities = recognizer(text).entities

    assert [e.text for e in entities] == expected
    assert all(e.label == "PRODUCT" for e in entities)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("腾讯控股有限公司回购", "腾讯控股有限公司"),
        ("海澜证券看好后市", "海澜证券"),
        ("海澜基金看好后市", "海澜基金"),
        ("清华大学公布名单", "清华大学"),
    ],
)
def test_corporate_words_belong_to_the_name(
    recognizer: EntityRecognizer, text: str, name: str
) -> None:
    (entity,) = recognizer(text).entities

    assert (entity.text, entity.label) == (name, "ORG")


@pytest.mark.parametrize("text", ["多家银行降息", "这家基金亏损", "美国大学扩招", "国有银行降息"])
def test_corporate_words_alone_are_no_names(recognizer: EntityRecognizer, text: str) -> None:
    assert [e.text for e in recognizer(text).entities if e.label == "ORG"] == []
