"""The stage, built once for all its tests."""

from __future__ import annotations

import pytest

from pipeline import NumberExtractor


@pytest.fixture(scope="session")
def numbers() -> NumberExtractor:
    """Knows nothing but the article."""
    return NumberExtractor()
