"""What the tests share: one pipeline, the corpus, and the development data where it is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline import Pipeline

# A machine that does other work at the same time is no fault of the code.
settings.register_profile("zhpipe", deadline=None)
settings.load_profile("zhpipe")

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Path of a development file; the test is skipped where the data is absent."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"development data {name} is not there")
        return path

    return find
