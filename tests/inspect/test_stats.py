"""Figures over a run."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pipeline import Pipeline
from tests.cli import err, zhpipe

TEXT = "阿里雲收入{}億元\n\n每日財訊 2025年{}月3日\n\n阿里雲（BABA）收入{}億元人民幣，騰訊亦然。\n\n免責聲明：本文不構成投資建議。\n"


@pytest.fixture
def run(tmp_path: Path, pipeline: Pipeline) -> Path:
    for number in (1, 2, 3):
        text = TEXT.format(number, number % 2 + 1, number)
        (tmp_path / f"{number}.json").write_bytes(pipeline(text, id=str(number)).to_json())
    error = {"id": "x", "location": "x.txt", "error": "ReadError", "message": "no encoding"}
    (tmp_path / "errors.jsonl").write_text(json.dumps(error) + "\nnot json\n")
    return tmp_path


def test_figures_as_json(run: Path) -> None:
    result = zhpipe("stats", run, "--json")
    assert result.returncode == 0, err(result)
    found = json.loads(result.stdout)
    assert found["documents"] == 3
    assert found["documents_by_month"] == {"2025-01": 1, "2025-02": 2}
    assert found["documents_by_script"] == {"traditional": 3}
    assert found["errors"] == {"ReadError": 1, "unreadable": 1}
    assert {"name": "腾讯", "label": "ORG", "documents": 3, "mentions": 3} in found["top_entities"]
    assert found["top_tickers"][0]["documents"] == 3
    money = [a for a in found["amounts_by_month"] if a["unit"] == "CNY"]
    assert [(a["month"], a["greatest"]) for a in money] == [("2025-01", 2e8), ("2025-02", 3e8)]
    assert money[1]["median"] == 2e8
    assert 0.1 < found["boilerplate_share"] < 0.4
    assert result.stdout == zhpipe("stats", run, "--json").stdout


def test_figures_as_tables_and_as_a_plot(run: Path, tmp_path: Path) -> None:
    plot = tmp_path / "plot.svg"
    shown = zhpipe("stats", run, "--plot", plot).stdout.decode()
    assert "documents     3" in shown and "top tickers" in shown and "disclaimer" in shown
    assert "\x1b[" not in shown and max(map(len, shown.splitlines())) <= 80
    text = "".join(ElementTree.fromstring(plot.read_text(encoding="utf-8")).itertext())
    for said in ("Amounts in CNY by month", "腾讯", "traditional", "2025-02"):
        assert said in text


def test_what_is_no_run(tmp_path: Path) -> None:
    result = zhpipe("stats", tmp_path)
    assert result.returncode == 3 and "holds no document" in err(result)
    (tmp_path / "a.json").write_text('{"id": 1}')
    result = zhpipe("stats", tmp_path)
    assert result.returncode == 3 and "a.json, line 1: not a zhpipe document" in err(result)
