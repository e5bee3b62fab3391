from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pipeline import BoilerplateStripper
from pipeline.errors import ResourceError
from pipeline.resources import Resources
from pipeline.stages.boilerplate.rules import Rules
from tests.stages.boilerplate.pages import page

TOP = "threshold = 1.0\nbody_length = 60\n"
RULE = "[[rule]]\nname = 'own'\nlabel = 'promotion'\npattern = '^晨星会员'\nweight = 1.0\n"


def rules(folder: Path, text: str) -> Rules:
    (folder / "boilerplate.toml").write_text(text, encoding="utf-8")
    return Rules(Resources(folder))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("body_length = 60\n", "threshold.*missing"),
        (TOP.replace("60", "'long'"), "body_length.*'long'"),
        (TOP + RULE.replace("weight = 1.0\n", ""), "rule 'own'.*weight.*missing"),
        (TOP + RULE.replace("1.0", "'much'"), "rule 'own', weight.*'much'"),
        (TOP + RULE.replace("promotion", "advert"), "rule 'own'.*no label 'advert'.*promotion"),
        (TOP + RULE + "where = 'middle'\n", "rule 'own'.*no place 'middle'.*tail"),
        (TOP + RULE + "colour = 'red'\n", "rule 'own'.*no field 'colour'"),
        (TOP + RULE.replace("^晨星会员", "(晨星"), "'own'.*pattern"),
        (TOP + RULE.replace("[[rule]]", "[[block]]"), "block 'own'.*heading.*missing"),
        (TOP + RULE + "cues = '晨星'\n", "rule 'own', cues.*list"),
        ("threshold = \n", "boilerplate.toml"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ResourceError, match=r"boilerplate\.toml") as caught:
        rules(tmp_path, text)
    with pytest.raises(ResourceError, match=message):
        raise caught.value


def test_cues_only_spare_work(tmp_path: Path) -> None:
    """Without its cues every packaged rule finds the same."""
    packaged = Resources().toml("boilerplate.toml")
    source = (Resources().roots[0] / "boilerplate.toml").read_text(encoding="utf-8")
    without = "\n".join(line for line in source.split("\n") if not line.startswith("cues = "))
    (tmp_path / "boilerplate.toml").write_text(without, encoding="utf-8")
    assert tomllib.loads(without)["rule"][0]["name"] == packaged["rule"][0]["name"]
    plain, quick = BoilerplateStripper(resources=Resources(tmp_path)), BoilerplateStripper()
    corpus = Path(__file__).parents[3] / "corpus"
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.glob("*/*.txt"))]
    for text in [*texts, page()]:
        found, expected = quick(text).boilerplate, plain(text).boilerplate
        assert [(b.start, b.end, b.label) for b in found] == [(b.start, b.end, b.label) for b in expected]


def test_the_patterns_of_all_packaged_rules_compile() -> None:
    packaged = Rules(Resources())
    assert packaged.rules and packaged.inline
    assert [rule.pattern.pattern for rule in packaged.rules] == [r.source for r in packaged.rules]
    assert [part.pattern.pattern for part in packaged.inline] == [
        part.source for part in packaged.inline
    ]
