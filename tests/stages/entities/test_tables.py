"""The packaged tables are trusted when they are read, so they are checked here."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from opencc import OpenCC

from pipeline.resources import Resources, read_table
from pipeline.stages.entities.tables import COLUMNS, LABELS

GENERATED = ("divisions", "listings_cn", "listings_tw")
PATHS = Resources().tables("lexicon")
TICKER = re.compile(
    r"[0-9]{6}\.(?:SH|SZ|BJ|CSI)|[0-9]{4,5}\.HK|[0-9]{4,6}[A-Z]?\.TWO?|[0-9]{6}\.K[SQ]"
    r"|[0-9]{3}[0-9A]\.T|[A-Z]{1,5}(?:\.[A-Z])?"
)
# Indices are known by other signs, too: N225, SX5E.
INDEX = re.compile("[A-Z0-9]{2,6}")


def cells(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for line, row in read_table(path, COLUMNS):
        yield f"{path.name}:{line}", row


def split(cell: str) -> list[str]:
    return cell.split("|") if cell else []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_rows(path: Path) -> None:
    for where, row in cells(path):
        forms = [row["name"], *split(row["aliases"])]
        assert row["label"] in LABELS, where
        assert all(len(form) > 1 and form == form.strip() for form in forms), where
        assert len(set(forms)) == len(forms), where
        assert set(split(row["ambiguous"])) <= set(forms), where
        assert re.fullmatch("[a-z0-9./_-]*", row["id"]), where
        for ticker in split(row["tickers"]):
            pattern = INDEX if row["label"] == "INDEX" and "." not in ticker else TICKER
            assert pattern.fullmatch(ticker), f"{where}: {ticker}"


def test_an_id_is_one_entity() -> None:
    ids = Counter(row["id"] for path in PATHS for _, row in cells(path) if row["id"])
    assert [identity for identity, count in ids.items() if count > 1] == []


def test_a_ticker_is_one_company() -> None:
    tickers = Counter(
        ticker for path in PATHS for _, row in cells(path) for ticker in split(row["tickers"])
    )
    assert [ticker for ticker, count in tickers.items() if count > 1] == []


def test_a_form_is_one_entity_or_needs_evidence() -> None:
    places = defaultdict(list)
    for path in PATHS:
        for where, row in cells(path):
            for form in (row["name"], *split(row["aliases"])):
                places[form].append((where, form in split(row["ambiguous"])))
    for form, rows in places.items():
        certain = [where for where, ambiguous in rows if not ambiguous]
        assert len(certain) < 2, f"{form} stands in {certain}"


def test_forms_are_found_in_converted_text() -> None:
    convert = OpenCC("t2s").convert
    for path in PATHS:
        for where, row in cells(path):
            forms = [row["name"], *split(row["aliases"])]
            # Some names keep these characters, which the normalisation knows: 乾县, 昇腾.
            converted = {convert(form) for form in forms if not {"乾", "昇"} & set(form)}
            assert converted <= set(forms), where


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_sources_and_licences_are_named(path: Path) -> None:
    notes = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] == "#"]

    assert any(re.search("Apache-2.0|MIT|WTFPL", note) for note in notes)
    assert any("Generated" in note for note in notes) == (path.stem in GENERATED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("川普", "特朗普"), ("马克宏", "马克龙"), ("蒲亭", "普京"), ("普丁", "普京"),
        ("泽连斯基", "泽伦斯基"), ("鲍尔", "鲍威尔"), ("贝森特", "贝森"), ("矽谷", "硅谷"),
        ("雪梨", "悉尼"), ("纽西兰", "新西兰"), ("寮国", "老挝"), ("杜拜", "迪拜"),
        ("沙乌地阿拉伯", "沙特阿拉伯"), ("义大利", "意大利"), ("辉达", "英伟达"), ("超威", "AMD"),
        ("开市客", "好市多"), ("波克夏", "伯克希尔"), ("宾士", "奔驰"), ("福斯汽车", "大众汽车"),
        ("艾司摩尔", "阿斯麦"), ("赛富时", "Salesforce"), ("甲骨文", "Oracle"), ("美光", "Micron"),
        ("智谱", "智谱AI"), ("DeepSeek", "深度求索"), ("联准会", "美联储"), ("英伦银行", "英国央行"),
    ],
)  # fmt: skip
def test_regional_forms_are_one_entity(one: str, other: str) -> None:
    found = {}
    for path in PATHS:
        for _, row in cells(path):
            for form in (row["name"], *split(row["aliases"])):
                if form in (one, other):
                    found[form] = row["id"]
    assert len(found) == 2 and len(set(found.values())) == 1, found
