"""The wheel, installed into a new virtual environment, works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from pipeline import Document, Pipeline
from tests.conftest import CORPUS, ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `zhpipe` of an environment that holds the built wheel."""
    base = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--outdir", base / "dist", ROOT, cwd=base)
    wheel = next((base / "dist").glob("zhpipe-*.whl"))
    venv.create(base / "env", with_pip=True)
    _run(base / "env" / "bin" / "python", "-m", "pip", "install", "-q", wheel, cwd=base)
    return base / "env" / "bin" / "zhpipe"


def _run(*command: str | Path, cwd: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    result = subprocess.run([str(c) for c in command], cwd=cwd, env=environment,
                            capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_it_writes_the_same_document_as_the_checkout(installed: Path, tmp_path: Path) -> None:
    article = sorted(CORPUS.rglob("*.txt"))[0]
    _run(installed, "run", article, "-o", tmp_path / "out.jsonl", cwd=tmp_path)
    written = Document.from_json((tmp_path / "out.jsonl").read_bytes())
    here = Pipeline()(article.read_bytes().decode(), id=article.stem)
    here.source = written.source
    assert written.to_json() == here.to_json()
    assert written.entities and written.numbers
