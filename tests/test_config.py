"""Settings: from TOML, from the command line, with errors that name what is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pipeline import Settings
from pipeline.config import describe
from pipeline.errors import SettingsError


def test_a_file_then_overrides_on_top(tmp_path: Path) -> None:
    file = tmp_path / "zhpipe.toml"
    file.write_text('[normalize]\nconversion = "t2s"\nfold_width = false\n', encoding="utf-8")
    settings = Settings.load(file, ["normalize.fold_width=true", "numbers.market=TWD"])
    assert settings.normalize.conversion == "t2s"
    assert settings.normalize.fold_width
    assert settings.numbers.market == "TWD"


@pytest.mark.parametrize(("override", "message"), [
    ("normalize.conversion=t3s", "normalize.conversion.*got 't3s'"),
    ("normalise.conversion=t2s", "normalise: Extra inputs"),
    ("numbers.published=yesterday", "numbers.published"),
    ("numbers.market", "not of the form"),
    ("stages.first=1", "stages"),
])
def test_wrong_settings_are_named(override: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings.load(None, [override])


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        Settings.load(tmp_path / "nowhere.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("stages = [", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"broken\.toml"):
        Settings.load(broken)


def test_the_description_is_itself_a_settings_file() -> None:
    values = tomllib.loads(describe())
    assert Settings.make(values) == Settings()
    for section in ("normalize", "segment", "entities", "numbers", "boilerplate"):
        assert section in values
