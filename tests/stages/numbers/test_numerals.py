"""What a numeral is worth, however it is written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import NumberExtractor
from tests.stages.numbers.one import only
from tests.stages.numbers.written import FULL_WIDTH, TRADITIONAL, in_chinese


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (7, "七"),
        (320, "三百二十"),
        (115, "一百一十五"),
        (2008, "二千零八"),
        (10005, "一万零五"),
        (30_400_000, "三千零四十万"),
        (100_020_000, "一亿零二万"),
        (2_000_000_000_000, "二万亿"),
    ],
)
def test_the_writer_of_these_tests_writes_chinese(number: int, written: str) -> None:
    assert in_chinese(number) == written


@pytest.mark.parametrize(
    ("text", "numeral", "value"),
    [
        # Arabic digits, with and without separators and scales.
        ("工厂现有12345名工人。", "12345", 12345),
        ("工厂现有12,345名工人。", "12,345", 12345),
        ("平台新增2万名用户。", "2万", 20_000),
        ("平台新增2万5千名用户。", "2万5千", 25_000),
        ("平台新增3.5亿名用户。", "3.5亿", 350_000_000),
        ("平台新增1亿3000万名用户。", "1亿3000万", 130_000_000),
        ("平台新增1.2万亿名用户。", "1.2万亿", 1_200_000_000_000),
        ("平台新增3百万名用户。", "3百万", 3_000_000),
        # Chinese numerals.
        ("车间里有八名工人。", "八", 8),
        ("车间里有十名工人。", "十", 10),
        ("车间里有十二名工人。", "十二", 12),
        ("车间里有两百名工人。", "两百", 200),
        ("车间里有三百零五名工人。", "三百零五", 305),
        ("车间里有一千二百名工人。", "一千二百", 1200),
        ("全国有三亿五千万名用户。", "三亿五千万", 350_000_000),
        ("全国有十二亿名用户。", "十二亿", 1_200_000_000),
        # The last digit counts in the next lower place.
        ("车间里有一百二十名工人。", "一百二十", 120),
        ("全城有三万五千名工人。", "三万五千", 35_000),
    ],
)
def test_an_exact_numeral(numbers: NumberExtractor, text: str, numeral: str, value: int) -> None:
    number = only(numbers, text)
    assert number.text == numeral + "名"
    assert number.value == value
    assert (number.min, number.max, number.modifier) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("营收3亿元。", 300_000_000),
        ("营收三亿元。", 300_000_000),
        ("营收3.50亿元。", 350_000_000),
        ("营收265.49亿元。", 26_549_000_000),
        ("营收三点五亿元。", 350_000_000),
        ("营收1.2兆元。", 1_200_000_000_000),
        ("实收人民币伍佰万元。", 5_000_000),
        ("实收人民币叁拾贰万元。", 320_000),
        ("估值US$3.5 billion。", 3_500_000_000),
        ("估值US$750 million。", 750_000_000),
    ],
)
def test_a_whole_amount_is_an_integer(numbers: NumberExtractor, text: str, value: int) -> None:
    number = only(numbers, text)
    assert number.value == value
    assert type(number.value) is int


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("股价跌0.1%。", "0.1"),
        ("股价跌0.30%。", "0.3"),
        ("股价报12.07港元。", "12.07"),
        ("费率为0.0005%。", "0.0005"),
    ],
)
def test_a_fraction_keeps_its_decimal_digits(
    numbers: NumberExtractor, text: str, digits: str
) -> None:
    number = only(numbers, text)
    assert isinstance(number.value, Decimal)
    assert str(number.value) == digits


@pytest.mark.parametrize(
    ("text", "span", "value", "low", "high"),
    [
        ("筹得400多亿美元。", "400多亿美元", 40_000_000_000, 40_000_000_000, 50_000_000_000),
        ("推出200多款游戏。", "200多款", 200, 200, 300),
        ("签下三百多家客户。", "三百多家", 300, 300, 400),
        ("签下三百余家客户。", "三百余家", 300, 300, 400),
        ("雇有3000多名司机。", "3000多名", 3000, 3000, 4000),
        ("雇有20多万名司机。", "20多万名", 200_000, 200_000, 300_000),
    ],
)
def test_more_than_a_round_number(
    numbers: NumberExtractor, text: str, span: str, value: int, low: int, high: int
) -> None:
    number = only(numbers, text)
    assert number.text == span
    assert (number.value, number.min, number.max) == (value, low, high)
    assert number.modifier == "over"


@pytest.mark.parametrize(
    ("text", "span", "low", "high"),
    [
        ("耗资数十亿美元。", "数十亿美元", 2_000_000_000, 10_000_000_000),
        ("裁掉数千名员工。", "数千名", 2000, 10_000),
        ("裁掉几百名员工。", "几百名", 200, 1000),
        ("又有几家银行降息。", "几家", 2, 10),
    ],
)
def test_several(
    numbers: NumberExtractor, text: str, span: str, low: int, high: int
) -> None:
    number = only(numbers, text)
    assert number.text == span
    assert (number.value, number.min, number.max) == (None, low, high)
    assert number.modifier == "several"


@pytest.mark.parametrize(
    ("text", "span", "low", "high"),
    [
        ("裁掉两三千名员工。", "两三千名", 2000, 3000),
        ("又有七八家银行降息。", "七八家", 7, 8),
    ],
)
def test_two_neighbouring_digits_are_a_range(
    numbers: NumberExtractor, text: str, span: str, low: int, high: int
) -> None:
    number = only(numbers, text)
    assert number.text == span
    assert (number.value, number.min, number.max) == (None, low, high)
    assert number.modifier == "range"


@pytest.mark.parametrize(
    "text",
    [
        # Digits inside names.
        "开发者试用了Qwen2.5-Max和DeepSeek-R1。",
        "360集团更换了标志。",
        "零一万物发布新模型。",
        "标普500再度走低。",
        # Idioms and words.
        "个中滋味一言难尽。",
        "一方面成本上升，另一方面需求下滑。",
        "一些投资者一直观望，以防万一。",
        "做研发不能三心二意。",
        "这是同一批货。",
        "三大运营商进一步降价。",
        "公司实现了三位数的同比增长。",
        # List markers.
        "1. 市场回顾\n2. 市场展望",
        "1、市场回顾\n2、市场展望",
        "01 市场回顾\n随后谈谈展望。",
        "一、市场回顾\n二、市场展望",
        "（一）市场回顾\n（二）市场展望",
        # Addresses and telephone numbers.
        "详情见https://example.com/2024/a15.html。",
        "联系电话：010-55512345。",
    ],
)
def test_what_is_no_number(numbers: NumberExtractor, text: str) -> None:
    assert [n.text for n in numbers(text).numbers] == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("一位投资人离场。", "一位"),
        ("他提出一个问题。", "一个"),
        ("一家工厂停产。", "一家"),
    ],
)
def test_one_with_a_classifier_counts(numbers: NumberExtractor, text: str, span: str) -> None:
    number = only(numbers, text)
    assert (number.text, number.label, number.value) == (span, "CARDINAL", 1)


@given(value=st.integers(0, 10**15))
def test_arabic_digits_read_back(numbers: NumberExtractor, value: int) -> None:
    assert only(numbers, f"账上有{value}美元。").value == value


@given(value=st.integers(0, 10**15))
def test_thousands_separators_read_back(numbers: NumberExtractor, value: int) -> None:
    number = only(numbers, f"账上有{value:,}美元。")
    assert (number.text, number.value) == (f"{value:,}美元", value)


@given(value=st.integers(1, 10**15))
def test_chinese_numerals_read_back(numbers: NumberExtractor, value: int) -> None:
    written = in_chinese(value)
    number = only(numbers, f"账上有{written}美元。")
    assert (number.text, number.value) == (f"{written}美元", value)


@given(value=st.decimals(min_value=0, max_value=10**9, places=3))
def test_decimals_read_back_exactly(numbers: NumberExtractor, value: Decimal) -> None:
    assert only(numbers, f"账上有{value}美元。").value == value


@given(value=st.decimals(min_value="0.01", max_value=9999, places=2),
       scale=st.sampled_from([("万", 10**4), ("亿", 10**8), ("万亿", 10**12)]))
def test_scales_multiply_exactly(
    numbers: NumberExtractor, value: Decimal, scale: tuple[str, int]
) -> None:
    sign, factor = scale
    assert only(numbers, f"账上有{value}{sign}美元。").value == value * factor


@given(value=st.integers(1, 10**15))
def test_traditional_chinese_numerals_are_worth_the_same(
    numbers: NumberExtractor, value: int
) -> None:
    written = in_chinese(value).translate(TRADITIONAL)
    number = only(numbers, f"帳上還剩{written}美元。")
    assert (number.value, number.source_text) == (value, f"{written}美元")


@given(value=st.integers(0, 10**15))
def test_full_width_digits_are_worth_the_same(numbers: NumberExtractor, value: int) -> None:
    written = str(value).translate(FULL_WIDTH)
    number = only(numbers, f"账上有{written}美元。")
    assert (number.value, number.source_text) == (value, f"{written}美元")


@pytest.mark.parametrize(
    "text",
    ["账上有3.5亿元。", "帳上還剩3億5000萬元。", "账上有350,000,000元。", "账上有３．５亿元。"],
)
def test_three_and_a_half_hundred_millions(numbers: NumberExtractor, text: str) -> None:
    assert only(numbers, text).value == 350_000_000


@given(hundred_millions=st.integers(1, 9999), ten_thousands=st.integers(1000, 9999))
def test_one_amount_has_many_spellings(
    numbers: NumberExtractor, hundred_millions: int, ten_thousands: int
) -> None:
    value = hundred_millions * 10**8 + ten_thousands * 10**4
    spellings = [
        f"账上有{hundred_millions}.{ten_thousands}亿元。",
        f"帳上還剩{hundred_millions}億{ten_thousands}萬元。",
        f"帳上還剩{hundred_millions}億{ten_thousands}萬元。".translate(FULL_WIDTH),
        f"账上有{value}元。",
        f"账上有{value:,}元。",
        f"账上有{in_chinese(value)}元。",
    ]
    assert {only(numbers, text).value for text in spellings} == {value}
