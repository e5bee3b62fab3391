from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.build.lexicon import main
from pipeline.build.listings import mainland_name

HEADER = "name\tlabel\tid\ttickers\taliases\tambiguous"
RULES = """
[phrase]
heads = "新"
tails = "港"
[ambiguous]
names = ["云海港湾"]
[stop]
names = ["北区"]
"""
COMPANIES = f"""# Own names.
{HEADER}
晨星云\tORG\torg/chenxing\t9901.HK\t晨星云计算\t
海岳\tORG\torg/haiyue\t600901.SH\t\t海岳
潮城港\tLOC\tloc/chaocheng\t\t\t
"""
A_SHARES = """stock_code,short_name,list_date2
600901,海岳实业,2001-01-01
600902,晨星云,2002-01-01
000903,云  岭Ａ,2003-01-01
200903,云  岭Ｂ,
000904,*ST潮声,2004-01-01
300905,新产业,2005-01-01
600906,潮城港  ,2006-01-01
600907,云海港湾,2007-01-01
688908,玄圃智能-U,2020-01-01
000909,旧岳退,
"""
TAIWAN = """type,code,name,ISIN,start,market,group,CFI
股票,9911,雲嶺電子-KY,TW1,2001/01/01,上市,,E
創新板,9914,微岳電子-創,TW6,2001/01/01,上市,,E
股票,9915,雲創,TW7,2001/01/01,上市,,E
股票,9912,大量,TW2,2001/01/01,上市,,E
ETF,00913,元大晨星50,TW3,2001/01/01,上市,,E
上市認購(售)權證,099999,雲嶺購01,TW4,2001/01/01,上市,,E
"""
COUNTER = "type,code,name,ISIN,start,market,group,CFI\n股票,9921,玄圃光,TW5,2001/01/01,上櫃,,E\n"
AREAS = '''code,name,cityCode,provinceCode
110101,"云岭县",1101,11
110102,"北区",1101,11
110103,"双泉区",1101,11
110104,"双泉区",1102,11
'''


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    tickers, places = tmp_path / "sources" / "tickers", tmp_path / "sources" / "places"
    tickers.mkdir(parents=True)
    places.mkdir()
    (tickers / "a_share_adata.csv").write_text(A_SHARES, encoding="utf-8")
    (tickers / "tw_twse_equities.csv").write_text(TAIWAN, encoding="utf-8")
    (tickers / "tw_tpex_equities.csv").write_text(COUNTER, encoding="utf-8")
    (places / "provinces.json").write_text('[{"code": "11", "name": "云州省"}]', encoding="utf-8")
    (places / "cities.csv").write_text(
        'code,name,provinceCode\n1101,"市辖区",11\n1102,"玄州市",11\n', encoding="utf-8"
    )
    (places / "areas.csv").write_text(AREAS, encoding="utf-8")
    (places / "HK-MO-TW.json").write_text(
        '{"云州特别行政区": {"云岛": ["嘉云堂区（云仔）"]}}', encoding="utf-8"
    )
    (places / "world_location.txt").write_text(
        "亚洲:\n云岭国\t云岭共和国\t云都\t南云/北云城\n", encoding="utf-8"
    )
    return tmp_path / "sources"


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    folder = tmp_path / "resources"
    (folder / "lexicon").mkdir(parents=True)
    (folder / "build").mkdir()
    (folder / "build" / "lexicon.toml").write_text(RULES, encoding="utf-8")
    (folder / "build" / "former_names.tsv").write_text(
        "# Former names.\n600907\t旧港股份\n", encoding="utf-8"
    )
    (folder / "lexicon" / "companies.tsv").write_text(COMPANIES, encoding="utf-8")
    return folder


def build(sources: Path, resources: Path) -> dict[str, list[str]]:
    result = CliRunner().invoke(main, [str(sources), "--resources", str(resources)])
    assert result.exit_code == 0, result.output
    tables = (resources / "lexicon").glob("*.tsv")
    return {path.stem: path.read_text(encoding="utf-8").splitlines() for path in tables}


def rows(lines: list[str]) -> list[str]:
    return lines[lines.index(HEADER) + 1 :]


def test_mainland_listings(sources: Path, resources: Path) -> None:
    assert rows(build(sources, resources)["listings_cn"]) == [
        "云岭A\tORG\torg/sz000903\t000903.SZ|200903.SZ\t云岭|云岭B\t云岭",
        "*ST潮声\tORG\torg/sz000904\t000904.SZ\t潮声\t潮声",
        "新产业\tORG\torg/sz300905\t300905.SZ\t\t新产业",
        "潮城港\tORG\torg/sh600906\t600906.SH\t\t潮城港",
        "云海港湾\tORG\torg/sh600907\t600907.SH\t旧港股份\t云海港湾",
        "玄圃智能\tORG\torg/sh688908\t688908.SH\t玄圃智能-U\t",
        "旧岳\tORG\torg/sz000909\t000909.SZ\t\t旧岳",
    ]


def test_taiwan_listings(sources: Path, resources: Path) -> None:
    assert rows(build(sources, resources)["listings_tw"]) == [
        "元大晨星50\tPRODUCT\tproduct/tw00913\t00913.TW\t\t",
        "云岭电子\tORG\torg/tw9911\t9911.TW\t云岭电子-KY\t",
        "大量\tORG\torg/tw9912\t9912.TW\t\t大量",
        "微岳电子\tORG\torg/tw9914\t9914.TW\t微岳电子-创\t",
        "云创\tORG\torg/tw9915\t9915.TW\t\t云创",
        "玄圃光\tORG\torg/two9921\t9921.TWO\t\t",
    ]


def test_curated_rows_take_in_their_listings(sources: Path, resources: Path) -> None:
    companies = rows(build(sources, resources)["companies"])

    assert companies == [
        "晨星云\tORG\torg/chenxing\t9901.HK|600902.SH\t晨星云计算\t",
        "海岳\tORG\torg/haiyue\t600901.SH\t海岳实业\t海岳",
        "潮城港\tLOC\tloc/chaocheng\t\t\t",
    ]


def test_divisions(sources: Path, resources: Path) -> None:
    table = rows(build(sources, resources)["divisions"])

    assert "云州省\tGPE\tgpe/cn/11\t\t\t" in table
    assert "玄州市\tGPE\tgpe/cn/1102\t\t玄州\t" in table
    assert "云岭县\tGPE\tgpe/cn/110101\t\t\t" in table, "云岭 is the company"
    assert "双泉区\tGPE\t\t\t\t" in table, "two districts, so no id"
    assert "嘉云堂区\tGPE\t\t\t云仔\t" in table
    assert "云岭国\tGPE\t\t\t云岭共和国\t" in table
    assert not any(row.startswith(("北区\t", "市辖区\t")) for row in table)


def test_generated_tables_say_where_they_come_from(sources: Path, resources: Path) -> None:
    tables = build(sources, resources)

    assert set(tables) == {"companies", "listings_cn", "listings_tw", "divisions"}
    for name in ("listings_cn", "listings_tw", "divisions"):
        notes = "\n".join(line for line in tables[name] if line.startswith("#"))
        assert "Generated" in notes and "python -m pipeline.build.lexicon" in notes
        assert any(licence in notes for licence in ("Apache-2.0", "MIT", "WTFPL"))


def test_a_second_run_changes_nothing(sources: Path, resources: Path, tmp_path: Path) -> None:
    first = build(sources, resources)
    shutil.copytree(resources, tmp_path / "again")

    assert build(sources, tmp_path / "again") == first


def test_a_curated_row_that_is_no_row(sources: Path, resources: Path) -> None:
    path = resources / "lexicon" / "companies.tsv"
    path.write_text(f"{HEADER}\n晨星云\tORG\n", encoding="utf-8")

    result = CliRunner().invoke(main, [str(sources), "--resources", str(resources)])
    assert result.exit_code != 0
    assert str(path) in str(result.exception)


@pytest.mark.parametrize(
    ("listed", "name", "variants"),
    [
        ("同仁堂  ", "同仁堂", ()),
        ("五 粮 液", "五粮液", ()),
        ("深康佳Ａ", "深康佳", ("深康佳A",)),
        ("万  科Ａ", "万科A", ("万科",)),
        ("*ST泛海", "*ST泛海", ("泛海",)),
        ("ST红太阳", "红太阳", ("ST红太阳",)),
        ("XD中衡设", "中衡设", ("XD中衡设",)),
        ("百济神州-U", "百济神州", ("百济神州-U",)),
        ("TCL科技", "TCL科技", ()),
        ("绿景退", "绿景", ()),
        ("退市吉恩", "吉恩", ()),
    ],
)
def test_names_as_news_write_them(listed: str, name: str, variants: tuple[str, ...]) -> None:
    assert mainland_name(listed) == (name, variants)
