"""Script and conversion of each passage, names with a conversion of their own, and choices."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import Document, Normalizer, Pipeline
from pipeline.config import NormalizeSettings
from pipeline.document import ScriptRun
from pipeline.errors import ResourceError
from pipeline.resources import Resources
from pipeline.stages.normalize import Choice


@pytest.fixture(scope="module")
def normalizer() -> Normalizer:
    return Normalizer()


@cache
def forced(conversion: str) -> Normalizer:
    return Normalizer(NormalizeSettings.model_validate({"conversion": conversion}))


def passages(document: Document) -> list[tuple[str, str, str]]:
    """Text, script and conversion of each run."""
    return [
        (document.text[run.start : run.end], run.script, run.conversion)
        for run in document.source.script_runs
    ]


def check_runs(document: Document) -> None:
    """The runs cover the text in order, each with the span of the source that it came from."""
    runs = document.source.script_runs
    assert (runs[0].start, runs[-1].end) == (0, len(document.text))
    for run in runs:
        source_span = document.alignment.to_source(run.start, run.end)
        assert source_span == (run.source_start, run.source_end)
    for run, following in pairwise(runs):
        assert run.start < run.end == following.start
        assert run.source_end <= following.source_start
        assert document.text[run.end - 1] == "\n", "a run ends with its line"
        assert (run.script, run.conversion) != (following.script, following.conversion)


# Pages of one kind, but for a passage.

# Converted by machine from simplified text (OpenCC's s2t: 爲, 僞, 衆, 裏, 着).
MACHINE_BODY = (
    "本公司宣佈，爲擴大產能，將在廠房裏增設產線，並着手招聘。\n"
    "公衆對這項計劃反應不一，僞造的消息也在流傳。\n"
)
TAIWAN_DISCLAIMER = "免責聲明：本網站內容為公開資訊，著作權為本站所有，請勿放在別的網頁裡。\n"

SIMPLIFIED_BODY = (
    "央行今天公布利率决议，汇率保持稳定，银行间市场资金充裕。\n"
    "专家认为，这对实体经济来说是一个积极信号，企业贷款成本会继续下降，经营环境将得到改善。\n"
    "记者从有关部门了解到，新规将于下个月实施，对债券价格影响不大，投资者应当注意风险。\n"
    "业内人士说，银行业绩增长平稳，资产质量总体良好，后续仍须观察房地产贷款的变动。\n"
    "报告显示，制造业订单连续两个季度回升，库存压力减轻，产业链恢复补货，厂商对明年营收态度乐观。\n"
    "有关负责人强调，监管部门将严厉查处违规销售，维护投资者权益，压实机构责任，确保市场运转顺畅。\n"
)
TRADITIONAL_PARAGRAPH = "聲明：轉載本網須經書面許可。\n"

TRADITIONAL_BODY = (
    "面板廠宣布漲價，業者說訂單能見度達三個月，營運團隊看好後市。\n"
    "法人認為，記憶體報價還會上揚，庫存壓力減輕，產業鏈陸續補貨。\n"
    "分析師預測，廠商樂觀看待來年營收與獲利，資本支出將創新高，設備業同樣受惠。\n"
    "主管機關強調，將嚴查違規銷售，維護投資權益，並要求業者壓實責任，確保市場運轉順暢。\n"
)
SIMPLIFIED_PARAGRAPH = "声明：转载须经书面许可。\n"


def test_a_native_disclaimer_below_a_machine_converted_body(normalizer: Normalizer) -> None:
    document = normalizer(MACHINE_BODY + TAIWAN_DISCLAIMER)

    body = (
        "本公司宣布，为扩大产能，将在厂房里增设产线，并着手招聘。\n"
        "公众对这项计划反应不一，伪造的消息也在流传。\n"
    )
    disclaimer = "免责声明：本网站内容为公开资讯，著作权为本站所有，请勿放在别的网页里。\n"
    assert passages(document) == [
        (body, "traditional", "t2s"),
        (disclaimer, "traditional", "tw2s"),
    ]
    assert (document.source.script, document.source.conversion) == ("traditional", "t2s")


def test_each_passage_gets_the_conversion_that_it_needs(normalizer: Normalizer) -> None:
    # Only the standard of Taiwan writes 看著; in a machine's text 著 is never 着.
    document = normalizer("爲了公衆看着，僞造著作\n為了民眾看著，裡面的著作\n")

    assert document.text == "为了公众看着，伪造著作\n为了民众看着，里面的著作\n"
    assert [run.conversion for run in document.source.script_runs] == ["t2s", "tw2s"]


def test_a_traditional_paragraph_on_a_simplified_page_is_converted(
    normalizer: Normalizer,
) -> None:
    document = normalizer(SIMPLIFIED_BODY + TRADITIONAL_PARAGRAPH + "编辑：陈晓\n")

    assert passages(document) == [
        (SIMPLIFIED_BODY, "simplified", "none"),
        ("声明：转载本网须经书面许可。\n", "traditional", "tw2s"),
        ("编辑：陈晓\n", "simplified", "none"),
    ]
    assert (document.source.script, document.source.conversion) == ("simplified", "none")


def test_a_simplified_paragraph_on_a_traditional_page_stays(normalizer: Normalizer) -> None:
    document = normalizer(TRADITIONAL_BODY + SIMPLIFIED_PARAGRAPH + "記者陳小華攝\n")

    assert [run.script for run in document.source.script_runs] == [
        "traditional", "simplified", "traditional"
    ]  # fmt: skip
    assert passages(document)[1:] == [
        (SIMPLIFIED_PARAGRAPH, "simplified", "none"),
        ("记者陈小华摄\n", "traditional", "tw2s"),
    ]
    assert document.source.script == "traditional"


def test_a_simplified_paragraph_is_spared_what_a_conversion_would_spoil(
    normalizer: Normalizer,
) -> None:
    line = "他的译著由两家出版社发行，读者评价很高。\n"

    assert forced("tw2s")(line).text == "他的译着由两家出版社发行，读者评价很高。\n"
    assert normalizer(TRADITIONAL_BODY + line).text.endswith(line)


def test_half_and_half_is_mixed_and_each_line_goes_its_way(normalizer: Normalizer) -> None:
    document = normalizer("汇率保持稳定。\n\n匯率保持穩定。\n\n2025\n银行业绩增长。")

    assert document.source.script == "mixed"
    assert passages(document) == [
        ("汇率保持稳定。\n\n", "simplified", "none"),
        ("汇率保持稳定。\n\n2025\n", "traditional", "tw2s"),
        ("银行业绩增长。", "simplified", "none"),
    ], "a line that tells nothing follows the line before"


@pytest.mark.parametrize(
    "text",
    [
        "毕昇发明了活字印刷术，他是宋代人，这项技术后来传到欧洲，对书籍的传播产生了很大影响。",
        "记者采访了於某，他说公司业绩显著增长，员工们对这个结果表示满意。",
        "乾隆年间制造的瓷器，在这场拍卖会上卖出了创纪录的价钱，买家来自东亚。",
        SIMPLIFIED_BODY + "毕昇\n" + "於某\n" + "乾隆皇帝\n",
    ],
)
def test_single_traditional_looking_characters_in_simplified_text_stay(
    normalizer: Normalizer, text: str
) -> None:
    document = normalizer(text)

    assert document.text == text
    assert passages(document) == [(text, "simplified", "none")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("毕昇发明了活字印刷术", id="a headline alone"),
        pytest.param("於某说他没有买这只股票", id="a name and a short sentence"),
    ],
)
def test_nor_in_a_short_text(normalizer: Normalizer, text: str) -> None:
    assert normalizer(text).text == text


def test_nor_on_a_mixed_page(normalizer: Normalizer) -> None:
    line = "毕昇发明了活字印刷术\n"
    document = normalizer(TRADITIONAL_BODY + SIMPLIFIED_BODY + line)

    assert document.text.endswith(line)


def test_a_hong_kong_paragraph_on_a_simplified_page(normalizer: Normalizer) -> None:
    document = normalizer(SIMPLIFIED_BODY + "衞生署發言人説，本港情況穩定。\n")

    assert document.source.script_runs[-1].conversion == "hk2s"
    assert document.text.endswith("卫生署发言人说，本港情况稳定。\n")


def test_a_hong_kong_paragraph_below_a_machine_converted_body(normalizer: Normalizer) -> None:
    document = normalizer(MACHINE_BODY + "衞生署發言人説，此舉是為民眾着想。\n")

    assert passages(document)[1:] == [
        ("卫生署发言人说，此举是为民众着想。\n", "traditional", "hk2s")
    ]


# What tells nothing.


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Fed holds rates, S&P 500 +0.3%\n",
        "2025-04-14",
        "\n\n\n",
        "，。！",
        "😀𠮷",
        "公司\n人民",
    ],
)
def test_a_text_that_does_not_tell_its_script(normalizer: Normalizer, text: str) -> None:
    document = normalizer(text)

    assert document.text == text
    assert passages(document) == [(text, "none", "none")]
    assert (document.source.script, document.source.conversion) == ("none", "none")
    check_runs(document)


def test_empty_lines_belong_to_the_passage_around(normalizer: Normalizer) -> None:
    document = normalizer("\n\n這間廠房\n\n\n招聘說明\n\n")

    assert passages(document) == [("\n\n这间厂房\n\n\n招聘说明\n\n", "traditional", "tw2s")]


# The evidence.


def test_the_evidence_counts_characters_and_forms(normalizer: Normalizer) -> None:
    document = normalizer("看着爲了公衆\n在牆裡看著為了民眾\n")
    machine, taiwan = document.source.script_runs

    # 爲 and 衆 are the machine's, 着 is written in Hong Kong.
    assert machine.by.startswith("2 traditional, 0 simplified characters")
    assert "forms of s2t 2, of s2tw and s2hk 0, of Taiwan 0, of Hong Kong 1" in machine.by
    # 為 and 眾 are written in both, 裡 and 著 in Taiwan.
    assert "forms of s2t 0, of s2tw and s2hk 2, of Taiwan 2, of Hong Kong 0" in taiwan.by


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("今天公司", "no character of either script"),
        ("这间厂房", "simplified characters, no traditional one"),
        ("這間廠房", "traditional characters, no simplified one"),
        (
            "新臺幣升值，行政院院會",
            "of Taiwan 1, of Hong Kong 0; words of Taiwan 2, of Hong Kong 0",
        ),
        ("本港樓市，金管局表態", "words of Taiwan 0, of Hong Kong 2"),
        ("这间厂房與這間廠房", "4 traditional, 2 simplified characters"),
    ],
)
def test_evidence_of_a_text_of_one_passage(
    normalizer: Normalizer, text: str, evidence: str
) -> None:
    (run,) = normalizer(text).source.script_runs

    assert evidence in run.by


def test_the_evidence_of_a_passage_is_its_own(normalizer: Normalizer) -> None:
    document = normalizer(SIMPLIFIED_BODY + TRADITIONAL_PARAGRAPH)
    body, paragraph = document.source.script_runs

    assert body.by.startswith("0 traditional, ")
    # 聲 轉 載 網 須 經 書 許
    assert paragraph.by.startswith("8 traditional, 0 simplified characters")


# Runs and offsets.


def test_the_runs_of_a_page_with_carriage_returns(normalizer: Normalizer) -> None:
    source = "\ufeff这间厂房\r\n這間廠\u200b房\r\n\u200b"
    document = normalizer(source)

    assert document.text == "这间厂房\n这间厂房\n"
    assert document.source.script_runs == [
        ScriptRun(0, 5, 1, 7, "simplified", "none", document.source.script_runs[0].by),
        ScriptRun(5, 10, 7, 14, "traditional", "tw2s", document.source.script_runs[1].by),
    ]


_LINES = (
    "这间厂房\n", "這間廠房\n", "看着爲了公衆\n", "在牆裡看著為了民眾\n", "為了本港市民\n", "\n",
    "2025\r\n", "毕昇发明了活字印刷术\r\n", "\ufeff", "\u200b\n", "乾隆\r", "這", "与", "12.5%", "昇騰",
    "网\u200b络", "網\u00ad絡",
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(_LINES), max_size=10).map("".join))
def test_the_runs_cover_any_text(normalizer: Normalizer, source: str) -> None:
    document = normalizer(source)

    check_runs(document)
    for run in document.source.script_runs:
        if run.conversion == "none":
            before = source[run.source_start : run.source_end].replace("\r\n", "\n")
            kept = before.replace("\r", "\n").translate(dict.fromkeys([0x200B, 0xFEFF, 0xAD]))
            assert document.text[run.start : run.end] == kept, "it stays as it is"


# Forced.


@pytest.mark.parametrize(
    ("conversion", "text"),
    [
        ("none", "这间厂房\n這間廠房看著\n"),
        ("t2s", "这间厂房\n这间厂房看著\n"),
        ("tw2s", "这间厂房\n这间厂房看着\n"),
        ("s2t", "這間廠房\n這間廠房看著\n"),
    ],
)
def test_a_forced_conversion_holds_for_every_passage(conversion: str, text: str) -> None:
    document = forced(conversion)("这间厂房\n這間廠房看著\n")

    assert document.text == text
    assert document.source.conversion == conversion
    assert [run.script for run in document.source.script_runs] == ["simplified", "traditional"]
    assert {run.conversion for run in document.source.script_runs} == {conversion}


# Tables of one's own.

Table = Callable[..., Normalizer]


@pytest.fixture
def with_table(tmp_path: Path) -> Table:
    """A normalizer with rows laid over the packaged tables."""
    (tmp_path / "conversion").mkdir()

    def make(*rows: str, header: str = "source\ttext", conversion: str = "auto") -> Normalizer:
        content = "\n".join([header, *rows, ""])
        (tmp_path / "conversion" / "names.tsv").write_text(content, encoding="utf-8")
        return Normalizer(
            NormalizeSettings.model_validate({"conversion": conversion}), Resources(tmp_path)
        )

    return make


def test_a_packaged_name_stays_as_its_owner_writes_it(normalizer: Normalizer) -> None:
    assert normalizer("昇騰處理器").text == "昇腾处理器"


def test_a_name_gets_the_text_of_its_row(with_table: Table) -> None:
    normalizer = with_table("王乾坤\t王干坤", "# a note", "", "林於菟\t林於菟")

    assert normalizer("王乾坤與乾坤，林於菟與於是").text == "王干坤与乾坤，林於菟与于是"


def test_an_empty_second_column_leaves_a_name_as_it_is(with_table: Table) -> None:
    document = with_table("東華樓\t")("東華樓旁的東華樓市")

    assert document.text == "東華樓旁的東華樓市"
    assert document.alignment.blocks == ()


@pytest.mark.parametrize(
    ("row", "source", "text"),
    [
        ("青松電\t青松电子", "買進青松電後又賣出", "买进青松电子后又卖出"),
        ("長青樓控股公司\t长青楼", "買進長青樓控股公司後又賣出", "买进长青楼后又卖出"),
    ],
)
def test_a_row_may_change_the_length(with_table: Table, row: str, source: str, text: str) -> None:
    name, name_text = row.split("\t")
    document = with_table(row)(source)

    assert document.text == text
    start, source_start = text.index(name_text), source.index(name)
    assert document.source_span(start, start + len(name_text))[2] == name
    assert document.source_span(start + 1, start + 2)[2] == name, "it maps as a whole"
    assert document.text_span(source_start, source_start + len(name))[2] == name_text
    assert document.source_span(len(text) - 2, len(text))[2] == "賣出"


def test_a_name_is_found_through_width_and_zero_width_characters(with_table: Table) -> None:
    document = with_table("LINE樓\t连线楼")("買進ＬＩ\u200bＮＥ樓後")

    assert document.text == "买进连线楼后"
    assert document.source_span(2, 5)[2] == "ＬＩ\u200bＮＥ樓"


def test_a_row_may_be_as_wide_as_the_source(with_table: Table) -> None:
    assert with_table("ＬＩＮＥ樓\t连线楼")("買進ＬＩＮＥ樓後").text == "买进连线楼后"


def test_the_longest_name_wins(with_table: Table) -> None:
    normalizer = with_table("東華\t東華", "東華樓\t东华大楼")

    assert normalizer("東華與東華樓").text == "東華与东华大楼"


def test_a_word_of_a_region_does_not_hide_a_name(with_table: Table) -> None:
    # 港元 is a word of Hong Kong.
    assert with_table("元朗\t元朗区")("他在香港元朗買樓").text == "他在香港元朗区买楼"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["昇騰\t升腾"], "升腾、郭明錤"),
        (["昇騰\t", "郭明錤\t郭明琪"], "昇騰、郭明琪"),
    ],
)
def test_a_row_outranks_the_packaged_one(with_table: Table, rows: list[str], text: str) -> None:
    assert with_table(*rows)("昇騰、郭明錤").text == text


def test_a_row_outranks_the_words_of_a_configuration_with_phrases(with_table: Table) -> None:
    normalizer = with_table("網際網路報\t网际网路报", conversion="tw2sp")
    document = normalizer("部落格引用網際網路報，網際網路")

    assert document.text == "博客引用网际网路报，互联网"
    start = document.text.index("互联网")
    assert document.source_span(start, start + 3)[2] == "網際網路"


def test_rows_hold_only_where_something_is_converted(with_table: Table) -> None:
    source = "东华与這間東華\n这间厂房与东华\n這間廠房與東華"
    document = with_table("東華\t东华堂", "东华\t东华堂")(source)

    assert document.text.split("\n")[1:] == ["这间厂房与东华", "这间厂房与东华堂"]
    assert with_table("東華\t东华堂", conversion="none")(source).text == source


@pytest.mark.parametrize(
    ("rows", "header", "message"),
    [
        pytest.param(["\t甲"], "source\ttext", r"line 2: .*'source' is empty", id="no word"),
        pytest.param(["  \t甲"], "source\ttext", r"line 2: .*'source' is empty", id="blanks"),
        pytest.param(
            ["甲樓\t甲", "# note", "", "甲樓\t乙"], "source\ttext",
            r"line 5: '甲樓' stands in line 2", id="a word stands twice",
        ),
        pytest.param(["甲樓"], "source\ttext", "line 2: 1 columns", id="one column"),
        pytest.param(["乙樓\t", "甲樓\t甲\t乙"], "source\ttext", "line 3: 3 columns", id="three"),
        pytest.param(["甲樓\t甲"], "text\tsource", "header must be 'source text'", id="header"),
        pytest.param(["甲樓\t甲"], "", "header must be 'source text'", id="no header"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_file_and_line(
    with_table: Table, rows: list[str], header: str, message: str
) -> None:
    with pytest.raises(ResourceError, match=rf"conversion.names\.tsv.*{message}"):
        with_table(*rows, header=header)


def test_an_overlay_for_a_whole_pipeline(with_table: Table, tmp_path: Path) -> None:
    with_table("青松電\t青松电子")
    pipeline = Pipeline(stages=("normalize", "segment"), resources=tmp_path)
    document = pipeline("買進青松電。昇騰也漲了。")

    assert document.text == "买进青松电子。昇腾也涨了。"
    assert [document.text[s.start : s.end] for s in document.sentences] == [
        "买进青松电子。", "昇腾也涨了。"
    ]  # fmt: skip


# Choices.


def summary(choices: list[Choice]) -> list[tuple[str, str, str]]:
    return [(c.source_text, c.text, c.by.split(":")[0]) for c in choices]


def check_choices(choices: list[Choice], document: Document) -> None:
    for choice in choices:
        span = choice.source_start, choice.source_end
        assert document.source_text[slice(*span)] == choice.source_text
        assert document.text_span(*span) == (choice.start, choice.end, choice.text)
        assert len(choice.candidates) == len(set(choice.candidates)) > 1
        assert len(choice.source_text) == 1
    places = [(c.source_start, c.source_end) for c in choices]
    assert places == sorted(set(places))


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        (
            "機器太乾燥，乾隆的瓷器擦得很乾淨。",
            [("乾", "干", "default"), ("乾", "乾", "phrase"), ("乾", "干", "default")],
        ),
        ("著名學者看著窗外", [("著", "著", "phrase"), ("著", "着", "default")]),
        ("董事會委託律師", [("託", "托", "default")]),
        ("昇騰與王昇", [("昇", "昇", "table"), ("昇", "升", "default")]),
        ("銀行漲價", []),
        ("", []),
    ],
)
def test_the_choices_of_a_text(
    normalizer: Normalizer, text: str, choices: list[tuple[str, str, str]]
) -> None:
    found = normalizer.explain(text)

    assert summary(found) == choices
    check_choices(found, normalizer(text))


def test_what_a_choice_says(normalizer: Normalizer) -> None:
    named, looking = normalizer.explain("著名學者看著窗外")

    assert named == Choice(0, 1, "著", 0, 1, "著", ["着", "著"], "phrase:TWVariantsRevPhrases 著名")
    assert looking == Choice(5, 6, "着", 5, 6, "著", ["着", "著"], "default:TWVariantsRev")


def test_the_word_that_decided_is_named(normalizer: Normalizer) -> None:
    (reign,) = normalizer.explain("乾隆說")
    (chip,) = normalizer.explain("這是昇騰")

    assert (reign.candidates, reign.by) == (["干", "乾"], "phrase:TSPhrases 乾隆")
    assert (chip.candidates, chip.by) == (["升", "昇"], "table:names 昇騰")


def test_choices_behind_what_was_deleted(normalizer: Normalizer) -> None:
    source = "\ufeff他\u200b看著\r\n很乾\u200b淨"
    looking, clean = normalizer.explain(source)

    assert (looking.start, looking.source_start) == (2, 4)
    assert (clean.start, clean.source_start) == (5, 8)
    assert (looking.source_text, clean.source_text) == ("著", "乾")
    check_choices([looking, clean], normalizer(source))


def test_choices_behind_a_change_of_length() -> None:
    normalizer = forced("tw2sp")
    source = "他在網際網路看著部落格，很乾淨"
    looking, clean = normalizer.explain(source)

    # 他在互联网看着博客，很干净
    assert (looking.start, looking.end, looking.text) == (6, 7, "着")
    assert (looking.source_start, looking.source_end) == (7, 8)
    assert (clean.start, clean.end, clean.text) == (11, 12, "干")
    assert (clean.source_start, clean.source_end) == (13, 14)
    check_choices([looking, clean], normalizer(source))


def test_a_choice_inside_a_row_that_changes_the_length(with_table: Table) -> None:
    normalizer = with_table("乾記\t干记商行")
    row, behind = normalizer.explain("乾記很乾淨")

    assert (row.start, row.end, row.text) == (0, 4, "干记商行"), "the row as a whole"
    assert (row.source_text, row.by) == ("乾", "table:names 乾記")
    assert (behind.start, behind.source_start) == (5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "这家公司很干净，著名学者看着",
        "乾隆年间的厂房与这间发廊，对后来的书籍影响很大，买家都来自东亚",
        "abc",
    ],
)
def test_simplified_text_has_no_choices(normalizer: Normalizer, text: str) -> None:
    assert normalizer.explain(text) == []


def test_only_the_passages_that_are_converted_have_choices(normalizer: Normalizer) -> None:
    source = SIMPLIFIED_BODY + "他看著这间干净的厂房。\n" + "這間廠房看著很乾淨。\n"
    choices = normalizer.explain(source)

    line = source.index("這間")
    assert [c.source_start - line for c in choices] == [5, 7]
    check_choices(choices, normalizer(source))


def test_nothing_is_chosen_where_nothing_is_converted() -> None:
    assert forced("none").explain("乾燥的乾隆瓷器") == []


def test_a_document_has_the_choices_of_its_source(normalizer: Normalizer) -> None:
    source = "這間廠房\u200b看著很乾淨。\r\n这间厂房\r\n乾隆著書"
    document = Pipeline(stages=("normalize", "segment"))(source)

    assert normalizer.explain(document) == normalizer.explain(source) != []
    assert normalizer.explain(Document.from_json(document.to_json())) == normalizer.explain(source)


_CHOOSABLE = (
    "乾", "著", "託", "發", "後", "裡", "乾隆", "著名", "看著", "委託", "昇騰", "鐘錶", "徵信", "瀋陽",
    "\u200b", "\r\n", "，", "😀", "a", "這間廠房", "這",
)  # fmt: skip


@pytest.mark.parametrize("conversion", ["auto", "t2s", "tw2s", "hk2s", "s2t", "jp2t"])
@settings(deadline=None, max_examples=40)
@given(source=st.lists(st.sampled_from(_CHOOSABLE), max_size=12).map("".join))
def test_the_text_is_one_of_the_candidates(conversion: str, source: str) -> None:
    normalizer = forced(conversion)
    choices = normalizer.explain(source)

    check_choices(choices, normalizer(source))
    for choice in choices:
        assert choice.text in choice.candidates
        kind, _, decided = choice.by.partition(":")
        if kind == "default":
            assert choice.text == choice.candidates[0]
        else:
            assert kind in ("phrase", "table")
            assert choice.source_text in decided.partition(" ")[2]


def test_the_text_is_one_of_the_candidates_in_an_exchanged_word() -> None:
    for choice in forced("tw2sp").explain("坐計程車"):
        assert choice.text in choice.candidates
