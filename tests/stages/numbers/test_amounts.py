"""Money, percentages, quantities, counts and durations: label, value and unit."""

import math
import time
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import NumberExtractor
from pipeline.config import NumberSettings
from tests.stages.numbers.one import only

Value = int | Decimal


@pytest.mark.parametrize(
    ("text", "span", "value", "currency"),
    [
        ("公司营收为265.49亿元。", "265.49亿元", 26_549_000_000, "CNY"),
        ("公司营收为265.49亿元人民币。", "265.49亿元人民币", 26_549_000_000, "CNY"),
        ("注册资本为人民币5,000万元。", "人民币5,000万元", 50_000_000, "CNY"),
        ("回购耗资3亿港元。", "3亿港元", 300_000_000, "HKD"),
        ("回购耗资3亿港币。", "3亿港币", 300_000_000, "HKD"),
        ("配售价为HK$12.5。", "HK$12.5", Decimal("12.5"), "HKD"),
        ("末期股息为25港仙。", "25港仙", Decimal("0.25"), "HKD"),
        ("售价为NT$1,200。", "NT$1,200", 1200, "TWD"),
        ("补贴为新台币三千万元。", "新台币三千万元", 30_000_000, "TWD"),
        ("补贴为50亿台币。", "50亿台币", 5_000_000_000, "TWD"),
        ("估值为US$3.5 billion。", "US$3.5 billion", 3_500_000_000, "USD"),
        ("油价涨到每桶70.5美元。", "70.5美元", Decimal("70.5"), "USD"),
        ("罚款为1.1亿欧元。", "1.1亿欧元", 110_000_000, "EUR"),
        ("月租为8万日元。", "8万日元", 80_000, "JPY"),
        ("违约金为六百万英镑。", "六百万英镑", 6_000_000, "GBP"),
    ],
)
def test_money(
    numbers: NumberExtractor, text: str, span: str, value: Value, currency: str
) -> None:
    number = only(numbers, text)
    assert (number.label, number.text) == ("MONEY", span)
    assert (number.value, number.unit) == (value, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("这家企业的营收为3亿元。", "CNY"),
        ("行政院表示，臺灣這項計畫編列3億元。", "TWD"),
        ("港股造好，本港這項計劃撥款3億元。", "HKD"),
    ],
    ids=["mainland", "taiwan", "hong-kong"],
)
def test_a_bare_yuan_is_the_currency_of_the_market(
    numbers: NumberExtractor, text: str, currency: str
) -> None:
    number = only(numbers, text)
    assert (number.label, number.value, number.unit) == ("MONEY", 300_000_000, currency)
    assert currency in number.by


def test_the_market_can_be_set() -> None:
    taiwan = NumberExtractor(NumberSettings(market="TWD"))
    assert only(taiwan, "营收为3亿元。").unit == "TWD"
    assert only(taiwan, "营收为3亿美元。").unit == "USD"


def test_a_large_number_without_currency_is_no_money(numbers: NumberExtractor) -> None:
    number = only(numbers, "市值蒸发3800亿。")
    assert (number.label, number.value, number.unit) == ("CARDINAL", 380_000_000_000, None)


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("市占率升到80%。", "80%", 80),
        ("市占率升到８０％。", "80%", 80),
        ("毛利率为12.75%。", "12.75%", Decimal("12.75")),
        ("成本下降百分之三十。", "百分之三十", 30),
        ("成本下降百分之三点五。", "百分之三点五", Decimal("3.5")),
        ("不良率为千分之五。", "千分之五", Decimal("0.5")),
        ("销量下滑两成。", "两成", 20),
        ("销量下滑三成五。", "三成五", 35),
        ("存款利息为三厘。", "三厘", 3),
    ],
)
def test_percent(numbers: NumberExtractor, text: str, span: str, value: Value) -> None:
    number = only(numbers, text)
    assert (number.label, number.unit) == ("PERCENT", "%")
    assert (number.text, number.value) == (span, value)


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("毛利率提升2个百分点。", "2个百分点", 2),
        ("毛利率提升1.5个百分点。", "1.5个百分点", Decimal("1.5")),
        ("央行降息25个基点。", "25个基点", Decimal("0.25")),
        ("央行降息100个基点。", "100个基点", 1),
    ],
)
def test_percentage_point(numbers: NumberExtractor, text: str, span: str, value: Value) -> None:
    number = only(numbers, text)
    assert (number.label, number.unit) == ("PERCENTAGE_POINT", "pp")
    assert (number.text, number.value) == (span, value)


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("销量是对手的6.5倍。", "6.5倍", Decimal("6.5")),
        ("股价上涨一倍。", "一倍", 1),
        ("产能翻一番。", "翻一番", 2),
        ("产能翻了两番。", "翻了两番", 4),
        ("产能翻了三番。", "翻了三番", 8),
    ],
)
def test_multiple(numbers: NumberExtractor, text: str, span: str, value: Value) -> None:
    number = only(numbers, text)
    assert (number.label, number.unit) == ("MULTIPLE", "x")
    assert (number.text, number.value) == (span, value)


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("三分之一的门店关闭。", "三分之一", "0.3333333333"),
        ("五分之二的门店关闭。", "五分之二", "0.4"),
        ("一半的门店关闭。", "一半", "0.5"),
    ],
)
def test_fraction(numbers: NumberExtractor, text: str, span: str, value: str) -> None:
    number = only(numbers, text)
    assert (number.label, number.text, number.unit) == ("FRACTION", span, None)
    assert number.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "span", "value", "unit"),
    [
        ("续航为30公里。", "30公里", 30, "公里"),
        ("董事增持5,000股。", "5,000股", 5000, "股"),
        ("产量为3.2吨。", "3.2吨", Decimal("3.2"), "吨"),
        ("产量为三萬公噸。", "三万公吨", 30_000, "公吨"),
        ("上下文为100万Token。", "100万Token", 1_000_000, "Token"),
        ("大盘收于3,245.6点。", "3,245.6点", Decimal("3245.6"), "点"),
        ("码头吞吐20万TEU。", "20万TEU", 200_000, "TEU"),
        ("装机为150 GWh。", "150 GWh", 150, "GWh"),
    ],
)
def test_quantity(
    numbers: NumberExtractor, text: str, span: str, value: Value, unit: str
) -> None:
    number = only(numbers, text)
    assert (number.label, number.text) == ("QUANTITY", span)
    assert (number.value, number.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "span", "value", "unit"),
    [
        ("公司有3个工厂。", "3个", 3, "个"),
        ("受访的有六家。", "六家", 6, "家"),
        ("覆盖1亿人。", "1亿人", 100_000_000, "人"),
        ("卖出12张机票。", "12张", 12, "张"),
        ("召回8,400辆电动车。", "8,400辆", 8400, "辆"),
    ],
)
def test_cardinal(
    numbers: NumberExtractor, text: str, span: str, value: int, unit: str
) -> None:
    number = only(numbers, text)
    assert (number.label, number.text) == ("CARDINAL", span)
    assert (number.value, number.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("销量位居第一。", "第一", 1),
        ("市场迎来第七波降价。", "第七", 7),
        ("他排名第12位。", "第12", 12),
    ],
)
def test_ordinal_is_without_its_classifier(
    numbers: NumberExtractor, text: str, span: str, value: int
) -> None:
    number = only(numbers, text)
    assert (number.label, number.text) == ("ORDINAL", span)
    assert (number.value, number.unit) == (value, None)


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("合同为期2年。", "2年", "P2Y"),
        ("试点持续三个月。", "三个月", "P3M"),
        ("利润连续六个季度下滑。", "六个季度", "P6Q"),
        ("利润连续5个季度下滑。", "5个季度", "P5Q"),
        ("试点持续半年。", "半年", "P6M"),
        ("试点持续两周。", "两周", "P2W"),
        ("停产45天。", "45天", "P45D"),
        ("停牌90分钟。", "90分钟", "PT90M"),
        ("充电需要8小时。", "8小时", "PT8H"),
    ],
)
def test_duration(numbers: NumberExtractor, text: str, span: str, value: str) -> None:
    number = only(numbers, text)
    assert (number.label, number.text, number.value) == ("DURATION", span, value)


@pytest.mark.parametrize("text", ["试点持续两到三年。", "试点持续2至3年。", "试点持续2-3年。"])
def test_a_range_of_durations_has_no_value(numbers: NumberExtractor, text: str) -> None:
    number = only(numbers, text)
    assert (number.label, number.value, number.modifier) == ("DURATION", None, "range")
    assert number.text == text.removeprefix("试点持续").removesuffix("。")


@pytest.mark.parametrize(
    ("text", "span", "label", "low", "high"),
    [
        ("预算为3亿至5亿元。", "3亿至5亿元", "MONEY", 300_000_000, 500_000_000),
        ("预算为3至5亿元。", "3至5亿元", "MONEY", 300_000_000, 500_000_000),
        ("预算为3亿元至5亿元。", "3亿元至5亿元", "MONEY", 300_000_000, 500_000_000),
        ("增速为5%至10%。", "5%至10%", "PERCENT", 5, 10),
        ("增速为5%-10%。", "5%-10%", "PERCENT", 5, 10),
        ("降价两到三成。", "两到三成", "PERCENT", 20, 30),
        ("续航为300至500公里。", "300至500公里", "QUANTITY", 300, 500),
        ("拟招聘20到30名司机。", "20到30名", "CARDINAL", 20, 30),
    ],
)
def test_a_range_is_one_number(
    numbers: NumberExtractor, text: str, span: str, label: str, low: int, high: int
) -> None:
    number = only(numbers, text)
    assert (number.label, number.text) == (label, span)
    assert (number.value, number.min, number.max) == (None, low, high)
    assert number.modifier == "range"


def test_the_numbers_of_a_sentence_stand_in_order(numbers: NumberExtractor) -> None:
    document = numbers("新厂投资12亿元，占地30公顷，聘用600名工人，产能提升20%，居全国第三。")
    assert [(n.label, n.text) for n in document.numbers] == [
        ("MONEY", "12亿元"),
        ("QUANTITY", "30公顷"),
        ("CARDINAL", "600名"),
        ("PERCENT", "20%"),
        ("ORDINAL", "第三"),
    ]


AMOUNTS = ["3.5亿元", "３．５億元", "人民幣5,000萬元", "80％", "两成", "三分之一", "30公里",
           "六家", "第七", "半年", "US$3.5 billion", "3亿\u200b至5亿元", "2023年6月", "下午3点半"]


@given(amounts=st.lists(st.sampled_from(AMOUNTS), min_size=1, max_size=8),
       separator=st.sampled_from(["；", "。\r\n", "，😀；", "。\u3000\u3000"]))
def test_spans_point_into_text_and_source(
    numbers: NumberExtractor, amounts: list[str], separator: str
) -> None:
    source = "\ufeff" + "".join(f"其為{amount}{separator}" for amount in amounts)
    document = numbers(source)
    assert [n.source_text for n in document.numbers] == amounts
    borders = {border for token in document.tokens for border in (token.start, token.end)}
    end = 0
    for number in document.numbers:
        assert document.text[number.start : number.end] == number.text
        assert source[number.source_start : number.source_end] == number.source_text
        assert number.start >= end
        assert {number.start, number.end} <= borders
        end = number.end


@example(text="0周前年")
@given(text=st.text("零一二两三十百千万亿兆廿多余几数半第倍厘元美港年季周天个名%"
                    "0123456789.,至到近逾约左右以上去今前初底同期 \n", max_size=30))
def test_no_text_breaks_the_laws_of_numbers(numbers: NumberExtractor, text: str) -> None:
    document = numbers(text)
    end = 0
    for number in document.numbers:
        assert document.text[number.start : number.end] == number.text != ""
        assert text[number.source_start : number.source_end] == number.source_text
        assert number.start >= end
        end = number.end
        if number.min is not None and number.max is not None:
            assert number.min <= number.max
        if isinstance(number.value, int | Decimal):
            assert number.min is None or number.min <= number.value
            assert number.max is None or number.value <= number.max
        if number.label == "MONEY":
            assert number.unit
            assert (number.value, number.min, number.max) != (None, None, None)
        if number.date_begin is not None and number.date_end is not None:
            assert number.date_begin < number.date_end


@pytest.mark.parametrize("unit", ["1", "一", "亿", "万", "三百二十万", "第", "3至", "1,", "2025年3月"])
def test_time_grows_with_length_only(unit: str) -> None:
    """A long row of the same characters takes about as long per character as a short one."""
    extractor = NumberExtractor()
    extractor(unit)

    def microseconds(length: int) -> float:
        text = unit * (length // len(unit))
        best = math.inf
        for _ in range(3):
            started = time.perf_counter()
            extractor(text)
            best = min(best, time.perf_counter() - started)
        return best / length * 1e6

    # Work that grew with the square of the length would make it thirty times as long.
    assert microseconds(30_000) < 8 * microseconds(1_000)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("收入1,928.7億元（人民幣，下同），按年升8%。", "CNY"),
        ("收入1,928.7亿元(美元)。", "USD"),
        ("收入1,928.7亿元(增长8%)。", "CNY"),
    ],
)
def test_brackets_name_the_currency(numbers: NumberExtractor, text: str, currency: str) -> None:
    money = numbers(text).numbers[0]
    assert (money.text[-2:], money.value, money.unit) == ("亿元", 192_870_000_000, currency)
