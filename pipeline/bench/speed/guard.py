"""The guard against lost speed: ratios to `jieba.lcut` of one run against generous floors."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SettingsError

FLOORS = Path(__file__).with_name("floors.toml")


@dataclass(frozen=True, slots=True)
class Check:
    """A floor and what was measured, both as multiples of `jieba.lcut`."""

    name: str
    floor: float
    x_lcut: float

    @property
    def passed(self) -> bool:
        """Whether the floor is held."""
        return self.x_lcut >= self.floor


def read_floors(path: Path = FLOORS) -> dict[str, float]:
    """The table `floors` of a TOML file.

    Raises:
        SettingsError: if the file cannot be read or has no floors.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["floors"]
        floors = {str(name): float(floor) for name, floor in table.items()}
    except (OSError, UnicodeDecodeError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise SettingsError(f"cannot read the floors in {path}: {error!r}") from error
    if not floors:
        raise SettingsError(f"{path}: the table `floors` is empty")
    return floors


def check(ratios: Mapping[str, float], floors: Mapping[str, float]) -> list[Check]:
    """Compare what was measured with the floors.

    Raises:
        SettingsError: if a floor is for what is not measured.
    """
    unknown = [name for name in floors if name not in ratios]
    if unknown:
        raise SettingsError(
            f"there are floors for {', '.join(unknown)}; measured are {', '.join(ratios)}"
        )
    return [Check(name, floor, ratios[name]) for name, floor in floors.items()]
