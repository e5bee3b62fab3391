from __future__ import annotations

import json
import tomllib
from pathlib import Path

from click.testing import CliRunner

from pipeline.cli import cli
from tests.stages.boilerplate.pages import PARAGRAPHS, TITLE, page
from tests.stages.boilerplate.test_learn import pages


def _corpus(folder: Path) -> Path:
    (folder / "news" / "hailu").mkdir(parents=True)
    for number, text in enumerate(pages()):
        (folder / "news" / "hailu" / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder / "news"


def test_learn_then_run(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    result = CliRunner().invoke(cli, ["boilerplate", "learn", str(_corpus(tmp_path)), "-o", str(rules)])
    assert result.exit_code == 0, result.output
    assert "8 documents" in result.stderr
    table = tomllib.loads(rules.read_text(encoding="utf-8"))
    assert {line["source"] for line in table["line"]} == {"hailu"}

    # Edited by a person: one more line.
    own = '\n[[line]]\ntemplate = "晨星会员#号专享"\nlabel = "promotion"\n'
    rules.write_text(rules.read_text(encoding="utf-8") + own, encoding="utf-8")
    article = tmp_path / "a.txt"
    article.write_text("\n".join([TITLE, "2025-08-20", *PARAGRAPHS, "晨星會員7號專享"]), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    arguments = ["run", str(article), "-o", str(out), "--format", "jsonl", "-q", "--boilerplate", str(rules)]
    for options, kept in (([], False), (["--keep-boilerplate"], True)):
        result = CliRunner().invoke(cli, [*arguments, *options])
        assert result.exit_code == 0, result.output
        (block,) = json.loads(out.read_text(encoding="utf-8"))["boilerplate"]
        tokens = json.loads(out.read_text(encoding="utf-8"))["tokens"]
        assert (block["source_text"], block["label"]) == ("晨星會員7號專享", "promotion")
        assert block["by"] == "line:promotion:learned_line=1"
        assert any(t["start"] >= block["start"] for t in tokens) == kept


def test_a_bad_rules_file_ends_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(page(), encoding="utf-8")
    (tmp_path / "rules.toml").write_text("[[line]]\n", encoding="utf-8")
    result = CliRunner().invoke(
        cli,
        ["run", str(tmp_path / "a.txt"), "-o", str(tmp_path / "o"), "--boilerplate", str(tmp_path / "rules.toml")],
    )
    assert result.exit_code != 0
    assert "rules.toml" in str(result.exception) and "template" in str(result.exception)


def test_explain(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(page(), encoding="utf-8")
    result = CliRunner().invoke(cli, ["boilerplate", "explain", str(tmp_path / "a.txt")])
    assert result.exit_code == 0, result.output
    rows = result.output.splitlines()
    assert len(rows) == len(page().split("\n"))
    assert any("navigation    首页" in row and "outside+section +1" in row for row in rows)


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["boilerplate", "learn", str(tmp_path), "-o", str(tmp_path / "r.toml")])
    assert "no document to learn from" in str(result.exception)
