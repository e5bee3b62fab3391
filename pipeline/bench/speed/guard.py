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


def check(ratios: Mapping[str, float], floors: Path = FLOORS) -> list[Check]:
    """Compare what was measured with the table `floors` of a TOML file.

    Raises:
        SettingsError: if the file cannot be read, or names what is not measured.
    """
    try:
        table = tomllib.loads(floors.read_text(encoding="utf-8"))["floors"]
        wanted = {str(name): float(floor) for name, floor in table.items()}
    except (OSError, UnicodeDecodeError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise SettingsError(f"cannot read the floors in {floors}: {error!r}") from error
    unknown = [name for name in wanted if name not in ratios]
    if unknown or not wanted:
        named = ", ".join(unknown) or "nothing"
        raise SettingsError(f"{floors} names {named}; measured are {', '.join(ratios)}")
    return [Check(name, floor, ratios[name]) for name, floor in wanted.items()]
