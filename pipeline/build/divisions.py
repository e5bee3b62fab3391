"""Places that the curated tables do not have, from open lists of divisions, countries, cities."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.build.tables import Curated, Row
from pipeline.build.words import OrdinaryWords

# Rows of the sources that group divisions and are no places.
_NO_PLACE = re.compile("市辖区|^县$|直辖县级行政区划")
_COUNTY = re.compile("(?<=..)(?:自治县|[县市旗])$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its name, its other names, and its number in GB/T 2260 or an empty string."""

    name: str
    aliases: tuple[str, ...] = ()
    code: str = ""


def mainland(folder: Path) -> Iterator[Place]:
    """Provinces, cities and counties from modood/Administrative-divisions-of-China (WTFPL).

    Raises:
        OSError, KeyError, ValueError: if a file cannot be read or has another form.
    """
    for province in json.loads((folder / "provinces.json").read_text(encoding="utf-8")):
        yield Place(province["name"], code=province["code"])
    for file in ("cities.csv", "areas.csv"):
        with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                name = row["name"]
                if not _NO_PLACE.search(name):
                    short = _COUNTY.sub("", name)
                    yield Place(name, (short,) if short != name else (), row["code"])


def hong_kong_macau_taiwan(path: Path) -> Iterator[Place]:
    """Districts from the same source; 嘉模堂区（氹仔） has its other name in brackets.

    Raises:
        OSError, ValueError: if the file cannot be read or has another form.
    """
    for cities in json.loads(path.read_text(encoding="utf-8")).values():
        for city, districts in cities.items():
            for name in (city, *districts):
                first, *others = re.findall("[^（）]+", name)
                yield Place(first, tuple(others))


def world(path: Path) -> Iterator[Place]:
    """Countries and cities from JioNLP's `world_location.txt` (Apache-2.0).

    Raises:
        OSError: if the file cannot be read.
    """
    for line in path.read_text(encoding="utf-8").splitlines():
        country, *more = line.split("\t")
        if more:
            yield Place(country, tuple(name for name in more[:1] if name != country))
            for name in "/".join(more[1:]).split("/"):
                if name:
                    yield Place(name)


def rows(
    places: Iterable[Place], curated: Curated, words: OrdinaryWords, stop: Collection[str]
) -> list[Row]:
    """Rows for the places whose names no curated table has.

    A name that is also a word is ambiguous; one that several places have gets no id.
    """
    made: dict[str, Row] = {}
    for place in places:
        forms = [
            form for form in (place.name, *place.aliases) if len(form) > 1 and form not in stop
        ]
        if place.name in curated.by_form or place.name not in forms:
            continue
        if place.name in made:
            made[place.name].id = ""
            continue
        free = [form for form in forms if form not in curated.by_form and form not in made]
        doubtful = [form for form in free if _is_word(form, words)]
        identity = f"gpe/cn/{place.code}" if place.code else ""
        row = Row(place.name, "GPE", identity, [], free[1:], doubtful)
        made.update(dict.fromkeys(free, row))
    return [row for form, row in made.items() if form == row.name]


def _is_word(form: str, words: OrdinaryWords) -> bool:
    return form in words.names or (words.knows(form) and not words.is_place(form))
