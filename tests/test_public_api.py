"""The public face of the package."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pipeline


def test_every_public_name_is_there() -> None:
    for name in pipeline.__all__:
        assert getattr(pipeline, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Pipelin'"):
        pipeline.Pipelin  # noqa: B018


@pytest.mark.parametrize("statement", ["import pipeline", "import pipeline.cli"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    heavy = "{'pydantic', 'opencc', 'jieba', 'rjieba', 'rich', 'spacy', 'orjson', 'daachorse'}"
    code = f"{statement}; import sys; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
