"""Imports libraries that are optional."""

from __future__ import annotations

import importlib
from typing import Any

from pipeline.errors import SettingsError


def require(module: str, extra: str) -> Any:
    """The module, which the extra `extra` installs.

    Raises:
        SettingsError: if it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SettingsError(
            f"the package {module} is missing; install it with: pip install 'zhpipe[{extra}]'"
        ) from error
