from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import EntityRecognizer
from pipeline.config import EntitySettings
from pipeline.errors import ResourceError
from pipeline.resources import Resources

HEADER = "name\tlabel\tid\ttickers\taliases\tambiguous"
OWN_ROWS = (
    "# Own names.",
    HEADER,
    "晨星雲\tORG\town/chenxing\t999001.SZ|9901.HK\t晨星雲計算|Chenxing\t",
    "云岭\tORG\town/yunling\t999002.SZ\t云岭集团|云岭茶业\t云岭",
    "腾讯\tORG\town/tencent\t\t\t",
)


@pytest.fixture(scope="module")
def recognizer() -> EntityRecognizer:
    # The lexicon alone: the tagger would take 苹果 for a name without evidence.
    return EntityRecognizer(EntitySettings(tagger=False))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> EntityRecognizer:
    overlay = tmp_path_factory.mktemp("overlay")
    write_table(overlay, *OWN_ROWS)
    # The lexicon's evidence alone: the tagger would take some of the forms for names.
    return EntityRecognizer(EntitySettings(tagger=False), Resources(overlay))


def write_table(overlay: Path, *lines: str) -> Path:
    path = overlay / "lexicon" / "own.tsv"
    path.parent.mkdir()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def names(recognizer: EntityRecognizer, text: str) -> list[tuple[str, str]]:
    return [(e.text, e.label) for e in recognizer(text).entities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("蔡崇信与马斯克见面", [("蔡崇信", "PERSON"), ("马斯克", "PERSON")]),
        ("阿里巴巴集团增持", [("阿里巴巴集团", "ORG")]),
        ("美联储与摩根大通看法一致", [("美联储", "ORG"), ("摩根大通", "ORG")]),
        ("达摩院开源模型", [("达摩院", "ORG")]),
        ("工厂从杭州迁往香港", [("杭州", "GPE"), ("香港", "GPE")]),
        ("这家中国企业在越南设厂", [("中国", "GPE"), ("越南", "GPE")]),
        ("亚太、长三角与中东", [("亚太", "LOC"), ("长三角", "LOC"), ("中东", "LOC")]),
        ("通义千问更新", [("通义千问", "PRODUCT")]),
        ("小米YU7上市", [("小米YU7", "PRODUCT")]),
        ("双十一和云栖大会", [("双十一", "EVENT"), ("云栖大会", "EVENT")]),
        ("反垄断法修订", [("反垄断法", "LAW")]),
        ("纳指跌，恒生指数涨", [("纳指", "INDEX"), ("恒生指数", "INDEX")]),
        ("标普500创新高", [("标普500", "INDEX")]),
        ("360集团与零一万物合作", [("360集团", "ORG"), ("零一万物", "ORG")]),
    ],
)
def test_labels(
    recognizer: EntityRecognizer, text: str, expected: list[tuple[str, str]]
) -> None:
    assert names(recognizer, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "该公司董事会表示，集团业绩平稳，该行维持评级。",
        "外国资本回流，海外市场回暖，大盘走高。",
        "美股大跌，港股反弹，台股收平。",
        "大模型和手机都在降价，会议没有结果。",
        "发展中国家的需求上升。",
        "新加坡元走强，北京时间下午公布。",
        "一位员工说，董事长先生没有回应。",
    ],
)
def test_common_words_are_no_names(recognizer: EntityRecognizer, text: str) -> None:
    assert names(recognizer, text) == []


def test_what_the_lexicon_knows_is_filled_in(recognizer: EntityRecognizer) -> None:
    (entity,) = recognizer("阿里巴巴集團公布業績").entities

    assert (entity.text, entity.source_text) == ("阿里巴巴集团", "阿里巴巴集團")
    assert entity.name == "阿里巴巴"
    assert entity.id == "org/alibaba"
    assert entity.tickers == ["BABA", "9988.HK"]
    assert entity.by == "lexicon:companies:阿里巴巴"
    assert entity.score == 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("OpenAI融资", ["OpenAI"], id="as listed"),
        pytest.param("OPENAI与openai融资", ["OPENAI", "openai"], id="all upper or lower case"),
        pytest.param("OpenAIs融资", [], id="not inside a longer Latin word"),
        pytest.param("他用xiPhone拍照", [], id="not behind a Latin letter"),
    ],
)
def test_latin_names(recognizer: EntityRecognizer, text: str, expected: list[str]) -> None:
    assert [e.text for e in recognizer(text).entities] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("他爱吃苹果，也爱喝小米粥。", [], id="no evidence"),
        pytest.param("苹果发布新手机。", ["苹果"], id="a word behind it"),
        pytest.param("他们起诉苹果。", ["苹果"], id="a word before it"),
        pytest.param("苹果(AAPL)走高。", ["苹果", "AAPL"], id="its own code in brackets"),
        pytest.param("苹果(TSLA)走高。", ["TSLA"], id="another company's code proves nothing"),
        pytest.param("腾讯、小米走高。", ["腾讯", "小米"], id="in a list with a certain name"),
        pytest.param("小米集团走高，小米降价。", ["小米集团", "小米"], id="its full name"),
        pytest.param("小米降价，小米集团走高。", ["小米", "小米集团"], id="its full name later"),
        pytest.param("商业城：终止重组", ["商业城"], id="a listing that a headline is about"),
        pytest.param("原标题：商业城：终止重组", ["商业城"], id="the same, quoted"),
        pytest.param("他说，商业城：关门了", [], id="a colon inside a line"),
    ],
)
def test_ambiguous_names_need_evidence(
    recognizer: EntityRecognizer, text: str, expected: list[str]
) -> None:
    entities = recognizer(text).entities

    assert [e.text for e in entities] == expected
    for entity in entities:
        if entity.text in ("苹果", "小米"):
            assert "+" in entity.by
            assert entity.score < 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("晨星云开业", ("晨星云", "晨星云", "own/chenxing"), id="simplified"),
        pytest.param("晨星雲計算開業", ("晨星云计算", "晨星云", "own/chenxing"), id="an alias"),
        pytest.param("Chenxing开业", ("Chenxing", "晨星云", "own/chenxing"), id="a Latin alias"),
        pytest.param("云岭公司开业", ("云岭", "云岭", "own/yunling"), id="ambiguous with evidence"),
        pytest.param("腾讯开业", ("腾讯", "腾讯", "own/tencent"), id="replaces a packaged name"),
        pytest.param("百度开业", ("百度", "百度", "org/baidu"), id="packaged names stay"),
    ],
)
def test_own_names(own: EntityRecognizer, text: str, expected: tuple[str, str, str]) -> None:
    (entity,) = own(text).entities

    assert (entity.text, entity.name, entity.id) == expected


def test_own_names_have_their_tickers_and_their_reason(own: EntityRecognizer) -> None:
    (entity,) = own("晨星云开业").entities

    assert entity.tickers == ["999001.SZ", "9901.HK"]
    assert entity.by == "lexicon:own:晨星云"


def test_own_ambiguous_names_need_evidence(own: EntityRecognizer) -> None:
    assert own("云岭的春天很美").entities == []


def test_own_names_are_nobody_elses(recognizer: EntityRecognizer) -> None:
    assert [e.id for e in recognizer("腾讯与晨星云计算").entities if e.id] == ["org/tencent"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        pytest.param("晨星\tCOMPANY\t\t\t\t", "'COMPANY'", id="unknown label"),
        pytest.param("晨星\tTICKER\t\t\t\t", "'TICKER'", id="a label that is no name's"),
        pytest.param("晨\tORG\t\t\t\t", "two characters", id="a name of one character"),
        pytest.param("晨星\tORG\t\t\t星\t", "two characters", id="an alias of one character"),
        pytest.param("\tORG\t\t\t晨星\t", "two characters", id="no name"),
        pytest.param("晨星\tORG\t\t\t晨星云\t星云", "'星云'", id="ambiguous but not listed"),
        pytest.param("晨星\tORG\t", "3 columns instead of 6", id="too few columns"),
        pytest.param("云岭集团\tORG\t\t\t\t", "line 3", id="a form of an earlier row"),
        pytest.param("晨星\tORG\t\t\t雲嶺集團\t", "'云岭集团'", id="the same, traditional"),
        pytest.param("晨星\tORG\tperson/jack-ma\t\t\t", "PERSON", id="an id of another label"),
        pytest.param("晨星\tGPE\town/yunling\t\t\t", "label ORG", id="an own id of another label"),
        pytest.param("晨星\tORG\tOwn Id\t\t\t", "'Own Id'", id="an id of other characters"),
        pytest.param("晨星\tORG\t\t600519\t\t", "'600519'", id="a ticker without its market"),
        pytest.param("晨星\tORG\t\tBABA|9988-HK\t\t", "'9988-HK'", id="a ticker of bad form"),
        pytest.param("晨星\tORG\t\t\t\t\t", "7 columns instead of 6", id="too many columns"),
    ],
)
def test_bad_rows_are_reported_with_file_and_line(
    tmp_path: Path, row: str, problem: str
) -> None:
    path = write_table(tmp_path, "# A note.", HEADER, "云岭集团\tORG\town/yunling\t\t\t", "", row)

    with pytest.raises(ResourceError) as caught:
        EntityRecognizer(resources=Resources(tmp_path))
    assert str(caught.value).startswith(f"{path}, line 5: ")
    assert problem in str(caught.value)


def test_two_own_tables_with_the_same_form(tmp_path: Path) -> None:
    first = write_table(tmp_path, HEADER, "云岭集团\tORG\t\t\t\t")
    second = first.with_name("zz.tsv")
    second.write_text(f"{HEADER}\n晨星\tORG\t\t\t云岭集团\t\n", encoding="utf-8")

    with pytest.raises(ResourceError) as caught:
        EntityRecognizer(resources=Resources(tmp_path))
    assert str(caught.value).startswith(f"{second}, line 2: ")
    assert f"{first}, line 2" in str(caught.value)


def test_an_own_row_may_extend_a_packaged_entity(tmp_path: Path) -> None:
    write_table(tmp_path, HEADER, "小马哥的公司\tORG\torg/tencent\t0700.HK\t\t")

    (entity,) = EntityRecognizer(resources=Resources(tmp_path))("小马哥的公司开业").entities
    assert (entity.id, entity.tickers) == ("org/tencent", ["0700.HK"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("连云港投资增长", ("连云港", "GPE"), id="the place without evidence"),
        pytest.param("连云港(601008)涨停", ("连云港", "ORG"), id="the company with its code"),
        pytest.param("他在太平洋航行", ("太平洋", "LOC"), id="the ocean"),
        pytest.param("太平洋(601099)涨停", ("太平洋", "ORG"), id="the company"),
        pytest.param("大量(3167)涨停", ("大量", "ORG"), id="a common word with its code"),
        pytest.param("欣兴电子扩产", ("欣兴电子", "ORG"), id="a short name with its business"),
    ],
)
def test_names_with_several_readings(
    recognizer: EntityRecognizer, text: str, expected: tuple[str, str]
) -> None:
    entity = recognizer(text).entities[0]

    assert (entity.text, entity.label) == expected


@pytest.mark.parametrize(
    "text", ["他买了大量股票", "数字公司很多", "统一集团内的标准", "机器人公司融资"]
)
def test_common_words_of_listings_are_no_names(recognizer: EntityRecognizer, text: str) -> None:
    assert [e.text for e in recognizer(text).entities if "listings" in e.by] == []


def test_a_list_carries_evidence_on(recognizer: EntityRecognizer) -> None:
    found = [e.text for e in recognizer("台积电、大量、欣兴走高").entities]

    assert found == ["台积电", "大量", "欣兴"]


@pytest.mark.parametrize("lines", [[], ["# Only a note."], ["name\tlabel"], ["晨星\tORG\t\t\t\t"]])
def test_a_table_without_its_header(tmp_path: Path, lines: list[str]) -> None:
    path = write_table(tmp_path, *lines)

    with pytest.raises(ResourceError, match="header") as caught:
        EntityRecognizer(resources=Resources(tmp_path))
    assert str(path) in str(caught.value)


def test_a_table_that_is_not_utf_8(tmp_path: Path) -> None:
    path = write_table(tmp_path, HEADER)
    path.write_bytes("晨星\tORG".encode("gbk"))

    with pytest.raises(ResourceError) as caught:
        EntityRecognizer(resources=Resources(tmp_path))
    assert str(path) in str(caught.value)


def test_an_overlay_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="nowhere"):
        Resources(tmp_path / "nowhere")
