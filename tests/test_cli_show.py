"""`zhpipe inspect`, `evaluate`, `schema`, `settings`."""

from __future__ import annotations

import io
import json
import tomllib
from pathlib import Path

import pytest
from rich.console import Console

from pipeline import Pipeline
from pipeline.inspect.selection import Selection
from pipeline.inspect.terminal import show
from tests.cli import err, zhpipe
from tests.conftest import CORPUS

ARTICLE = (
    "台積電法說會\n\n台積電（2330-TW）董事長魏哲家表示，第三季營收逾7,000億元，年增39%。\n\n"
    "免責聲明：本文不構成投資建議。\n"
)


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspect")
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    zhpipe("run", folder, "-o", folder / "out")
    zhpipe("run", folder, "-o", folder / "all.jsonl")
    return folder


def test_the_article_and_a_table_for_each_layer(annotated: Path) -> None:
    shown = zhpipe("inspect", annotated / "out" / "a.json").stdout.decode()
    assert "台积电法说会" in shown
    for expected in ("entities (", "numbers (", "boilerplate (", "魏哲家", "PERSON",
                     "700000000000", "TWD", "over", "disclaimer"):
        assert expected in shown
    assert "\x1b[" not in shown, "no colour codes in a pipe"


def test_a_change_stands_beside_its_figure() -> None:
    printed = io.StringIO()
    show(
        Pipeline()("台積電營收同比增長12.5%。"),
        Selection(layers=("numbers",)),
        console=Console(file=printed, width=120),
    )
    assert "up yoy (同比增长)" in printed.getvalue()


def test_filters_by_layer_and_label(annotated: Path) -> None:
    file = annotated / "out" / "a.json"
    shown = zhpipe("inspect", file, "--layer", "entities", "--label", "PERSON").stdout.decode()
    assert "entities (1)" in shown
    assert "numbers (" not in shown and "TICKER" not in shown
    tokens = zhpipe("inspect", file, "--layer", "tokens").stdout.decode()
    assert "tokens (" in tokens


def test_the_source_text_with_its_offsets(annotated: Path) -> None:
    shown = zhpipe("inspect", annotated / "out" / "a.json", "--source").stdout.decode()
    assert "[台積電 ORG]法說會" in shown


def test_one_document_of_a_jsonl_file(annotated: Path) -> None:
    assert zhpipe("inspect", annotated / "all.jsonl", "--id", "a").returncode == 0
    result = zhpipe("inspect", annotated / "all.jsonl", "--id", "b")
    assert result.returncode == 3
    assert "holds no document 'b'" in err(result)


def test_inspect_of_what_is_no_document(annotated: Path) -> None:
    result = zhpipe("inspect", annotated / "a.txt")
    assert result.returncode == 3
    assert "a.txt, line 1: not a zhpipe document" in err(result)
    result = zhpipe("inspect", annotated / "nowhere.json")
    assert result.returncode == 3
    assert "nowhere.json: there is no such file" in err(result)


def test_schema_is_json_schema() -> None:
    schema = json.loads(zhpipe("schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["properties"]["schema_version"]["const"] == "1.4"


def test_settings_are_toml() -> None:
    assert tomllib.loads(zhpipe("settings").stdout.decode())["numbers"]["market"] == "auto"


def test_evaluate_on_the_corpus(tmp_path: Path) -> None:
    zhpipe("run", CORPUS, "-o", tmp_path, "-q")
    # Floors of each folder: an update may raise them, not lower them.
    for folder in ("cn", "hk", "tw", "pages"):
        result = zhpipe("evaluate", CORPUS / folder, tmp_path / folder, "--json")
        assert result.returncode == 0, err(result)
        scores = json.loads(result.stdout)["scores"]
        assert scores["entities"]["all"]["f1"] >= 0.94
        assert scores["numbers"]["all"]["f1"] >= 0.985
        assert scores["numbers"]["all"]["full_f1"] >= 0.975
        assert scores["boilerplate"]["all"]["f1"] >= 0.99
        assert scores["metadata"]["all"]["f1"] >= 0.88
    # Sixteen articles that no rule was mended on.
    held_out = zhpipe("evaluate", CORPUS / "held_out", tmp_path / "held_out", "--json")
    scores = json.loads(held_out.stdout)["scores"]
    assert scores["entities"]["all"]["f1"] >= 0.87
    assert scores["numbers"]["all"]["full_f1"] >= 0.94
    table = zhpipe("evaluate", CORPUS, tmp_path, "--misses", "3").stdout.decode()
    assert "PERSON" in table
    assert "3 of " in table


def test_evaluate_names_a_missing_prediction(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = zhpipe("evaluate", CORPUS, tmp_path / "empty")
    assert result.returncode == 3
    assert "has no prediction" in err(result)
