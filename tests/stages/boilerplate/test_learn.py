from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import BoilerplateStripper, Document, Pipeline
from pipeline.config import BoilerplateSettings
from pipeline.errors import ResourceError
from pipeline.resources import Resources
from pipeline.stages.boilerplate.learn import CountMin, LearnOptions, learn
from pipeline.stages.boilerplate.learned import Learned, keys, template
from pipeline.stages.boilerplate.rules_file import to_toml
from pipeline.stages.header import HeaderReader
from pipeline.stages.normalize import Normalizer
from tests.stages.boilerplate.pages import AFTER, PARAGRAPHS, TABLE, page

PRODUCTS = ["面板", "記憶體", "電源", "散熱", "連接器", "被動元件", "載板", "機殼"]
SLOGAN = "晨星帶你看懂產業大趨勢"


def pages() -> list[str]:
    """Pages of one source: the same frame, other articles, figures, teasers."""
    found = []
    for number, product in enumerate(PRODUCTS):
        after = [line.replace("晨星科技", f"長河{product}").replace("203", str(100 + number)) for line in AFTER]
        after[6] = f"〈台股盤後〉{product}族群領軍 加權指數收紅"
        table = [line.replace("513", str(90 + number)).replace("0 張", f"{number} 張").replace("21", f"3{number}") for line in TABLE]
        body = [*(f"{p}{product}的報價也跟著走揚。" for p in PARAGRAPHS), *table, SLOGAN]
        found.append(page(f"長河{product}第{number + 1}季營收創新高 法人看好", body, after))
    return found


def learned(texts: list[str], options: LearnOptions | None = None) -> str:
    normalizer, header = Normalizer(), HeaderReader(Resources())

    def documents() -> Iterator[tuple[str, Document]]:
        for text in texts:
            document = normalizer(text)
            document.metadata = header.read(document)
            yield "海陸", document

    return to_toml(*learn(documents, BoilerplateStripper(), options))


@pytest.fixture(scope="module")
def rules() -> str:
    return learned(pages())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("晨星科技203+0.50%", ["晨星科技#+#%", "*#+#%"]),
        ("责任编辑：何晓", ["责任编辑：何晓", "责任编辑：*"]),
        ("第3页 共12页", ["第#页 共#页"]),
        ("1.", ["#."]),
        ("0", ["0"]),
        ("12", ["12"]),
        ("66.67%", ["#%"]),
        ("见 https://example.com/a?b=1 。", ["见 https://# 。"]),
        ("长" * 300, []),
    ],
)
def test_templates(line: str, expected: list[str]) -> None:
    assert keys(line) == expected
    assert keys(line)[:1] in ([], [template(line)])


def test_the_frame_is_learned_and_the_article_is_not(rules: str) -> None:
    table = tomllib.loads(rules)
    templates = {line["template"]: line for line in table["line"]}

    assert {"首页", "延伸阅读", "人气排行", "看更多", "*#+#%"} <= set(templates)
    assert templates["延伸阅读"]["support"] == len(PRODUCTS)
    assert templates["延伸阅读"]["source"] == "海陸"
    assert templates["延伸阅读"]["examples"] == ["延伸阅读"]
    assert not {"近5日筹码", "外资买卖超：#张", "外资买卖超：# 张", "外资买卖超：*"} & set(templates)


def test_the_last_line_of_every_article_is_learned(rules: str) -> None:
    assert "晨星带你看懂产业大趋势" in {line["template"] for line in tomllib.loads(rules)["line"]}


def test_learned_rules_alone(rules: str, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(rules, encoding="utf-8")
    (tmp_path / "boilerplate.toml").write_text("threshold = 1.0\nbody_length = 60\n", encoding="utf-8")
    settings = BoilerplateSettings(rules=tmp_path / "rules.toml")
    stripper = BoilerplateStripper(settings, Resources(tmp_path))
    after = [line.replace("晨星科技", "遠山光電") for line in AFTER]
    after[6] = "〈台股盤後〉沒有見過的標題 也在兩行之間"
    document = stripper(page(body=[*PARAGRAPHS, *TABLE, SLOGAN], after=after))

    assert document.clean_text.split("\n")[-len(TABLE) :] == [Normalizer()(line).text for line in TABLE]
    assert {b.by.split(":")[2].split("=")[0] for b in document.boilerplate} >= {"learned_line"}
    assert any("learned_between" in b.by for b in document.boilerplate)


def test_the_order_of_the_documents_does_not_matter(rules: str) -> None:
    for seed in range(3):
        texts = pages()
        random.Random(seed).shuffle(texts)
        assert learned(texts) == rules


def test_a_narrow_sketch_only_costs_time(rules: str) -> None:
    assert learned(pages(), LearnOptions(width=16)) == rules


def test_the_sketch_never_counts_too_few() -> None:
    sketch = CountMin(8)
    names = [bytes([n]) * 32 for n in range(40)]
    for n, name in enumerate(names):
        for _ in range(n):
            sketch.add(name)
    assert all(sketch.count(name) >= n for n, name in enumerate(names))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[line]]\nlabel = 'navigation'\n", r"\[\[line\]\] number 1.*'template' is missing"),
        ("[[line]]\ntemplate = 'a'\nlabel = 'advert'\n", r"number 1, label.*'advert'.*promotion"),
        ("[[line]]\ntemplate = 3\nlabel = 'editor'\n", r"number 1, template: 3 is not of the type str"),
        ("[[between]]\nfirst = 'a'\nlast = 'b'\nlabel = 'editor'\n", r"\[\[between\]\] number 1.*'max_lines'"),
        ("[line]\ntemplate = 'a'\n", r"'line' must be a list"),
        ("[[line]\n", r"cannot read the learned rules"),
    ],
)
def test_bad_files_name_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ResourceError, match=message) as caught:
        Learned(path)
    assert "rules.toml" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"none\.toml.*zhpipe boilerplate learn"):
        Pipeline(boilerplate={"rules": tmp_path / "none.toml"})


def test_the_fingerprint_tells_the_rules_and_not_their_path(rules: str, tmp_path: Path) -> None:
    paths = [tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "c.toml"]
    for path, text in zip(paths, (rules, rules, ""), strict=True):
        path.write_text(text, encoding="utf-8")
    first, second, third = (Pipeline(boilerplate={"rules": p}).info.fingerprint for p in paths)
    assert first == second != third
