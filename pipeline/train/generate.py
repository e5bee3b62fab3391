"""Training sentences made from this project's own templates and lexicons.

For kinds of text in which open data is weak. See `resources/entities/tagger/templates.toml`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.resources import Resources, read_table
from pipeline.stages.entities.tables import COLUMNS
from pipeline.train.data import Example, Span

TEMPLATES = "entities/tagger/templates.toml"
_SLOT = re.compile(r"\{(\w+)\}")
_COMPANIES = ("companies", "listings_cn", "listings_hk", "listings_tw", "listings_us")
_SCHOOLS = ["大学", "师范大学", "理工大学", "财经大学", "工业大学", "医科大学", "学院", "师范学院"]
_BANK_ENDS = ("银行", "证券", "投行", "保险", "信托")
_MEDIUM_ENDS = ("报", "社", "网", "台", "周刊", "财经", "新闻")
# Shares: of full-width commas, of given names with two characters, of names from the lexicon, of
# brands with three characters.
_WIDE, _TWO_GIVEN, _KNOWN, _THREE = 0.8, 0.75, 0.5, 0.2
# Lengths of the first half of a short name, and of what is no short name any more.
_SHORT, _LONG = 2, 7
_HAN = re.compile("[\u4e00-\u9fff]+")


class Generator:
    """Draws names and fills them into sentences; the same seed gives the same sentences."""

    def __init__(self, resources: Resources, seed: int) -> None:
        rules = resources.toml(TEMPLATES)
        self._random = random.Random(seed)
        self._sentences = [s for group in rules["sentences"].values() for s in group]
        self._parts: dict[str, list[str]] = {
            name: value if isinstance(value, list) else list("".join(value.split()))
            for name, value in rules["parts"].items()
        }
        persons = resources.toml("entities.toml")["persons"]
        self._surnames = list("".join(persons["sure_surnames"].split()))
        transliterated = set("".join(persons["transliteration"].split()))
        rows = [row for path in resources.tables("lexicon") for row in _rows(path)]
        companies = [r for r in rows if r.label == "ORG" and r.table in _COMPANIES]
        institutions = [f for r in rows if r.table == "institutions" for f in r.forms]
        persons_known = [f for r in rows if r.label == "PERSON" for f in r.forms]
        self._companies = [f for r in companies for f in r.forms]
        self._listed_abroad = [
            f for r in companies if r.tickers and "." not in r.tickers for f in r.forms
        ]
        self._listed = [f for r in companies if "." in r.tickers for f in r.forms if len(f) < _LONG]
        self._banks = [n for n in institutions + self._companies if n.endswith(_BANK_ENDS)]
        self._media = [n for n in institutions if n.endswith(_MEDIUM_ENDS)]
        places = [r for r in rows if r.label == "GPE"]
        self._places = [f for r in places for f in r.forms]
        self._countries = [f for r in places if r.id.count("/") == 1 for f in r.forms]
        self._short_places = [name for name in self._places if len(name) == _SHORT]
        self._short_industries = [n for n in self._parts["industry"] if len(n) == _SHORT]
        self._foreign = [
            name
            for name in persons_known
            if _HAN.fullmatch(name) and set(name) <= transliterated and 1 < len(name) < 6
        ]
        draw, parts = self._draw, self._parts
        self._slots: dict[str, tuple[str, Callable[[], str]]] = {
            "per": ("PER", self._person),
            "foreigner": ("PER", self._foreigner),
            "company": ("ORG", self._company),
            "company_in": ("ORG", self._company_in),
            # A company by its short name, with what it adds for a subsidiary, a fund, a branch.
            "brand": ("ORG", self._short_company),
            "affiliate": ("ORG", lambda: self._brand() + draw(parts["affix"])),
            "fund": ("ORG", lambda: self._brand() + draw(parts["fund"])),
            "group": ("ORG", lambda: self._short_company() + "集团"),
            "branch": ("ORG", lambda: f"{self._brand()}证券{draw(self._places)}营业部"),
            "foreign": ("ORG", lambda: draw(self._listed_abroad)),
            "stock": ("ORG", self._stock),
            "fund_manager": ("ORG", lambda: self._brand() + draw(parts["fund_manager_end"])),
            "central_bank": ("ORG", lambda: draw(self._countries) + "央行"),
            "bank": ("ORG", lambda: draw(self._banks)),
            "medium": ("ORG", lambda: draw(self._media)),
            "exchange": ("ORG", lambda: draw(["上交所", "深交所", "北交所", "港交所", "纽交所"])),
            "office": ("ORG", lambda: draw(self._places) + draw(parts["office"])),
            "national": ("ORG", lambda: draw(self._countries) + draw(parts["national"])),
            "school": ("ORG", lambda: draw(self._places) + draw(_SCHOOLS)),
            "society": ("ORG", self._society),
            "club": ("ORG", lambda: draw(parts["club"])),
            "team": ("ORG", lambda: draw(parts["club"]).removesuffix("队") + "队"),
            "league": ("ORG", lambda: draw(parts["league"])),
            "army": ("ORG", lambda: draw(parts["army"])),
            "game_maker": ("ORG", lambda: draw(parts["game_maker"])),
            "place": ("LOC", lambda: draw(self._places)),
            "country": ("LOC", lambda: draw(self._countries)),
            "site": ("LOC", lambda: self._brand() + draw(parts["site_end"])),
            "road": ("LOC", lambda: self._brand() + draw(parts["road"])),
            "unit": ("", lambda: draw(parts["unit"])),
            "post": ("", lambda: draw(parts["post"])),
            "major": ("", lambda: draw(parts["major"])),
            "year": ("", lambda: str(self._random.randint(1960, 2025))),
            "m": ("", lambda: str(self._random.randint(1, 12))),
            "n": ("", lambda: str(self._random.randint(1, 99))),
            "code": ("", lambda: f"{self._random.randint(0, 3999):06}"),
        }

    def sentences(self, each: int) -> list[Example]:
        """`each` sentences of every template."""
        return [self._fill(template) for template in self._sentences for _ in range(each)]

    def _draw(self, values: list[str]) -> str:
        return self._random.choice(values)

    def _fill(self, template: str) -> Example:
        mark = "，" if self._random.random() < _WIDE else ","
        text, at = "", 0
        spans: list[Span] = []
        for match in _SLOT.finditer(template):
            text += template[at : match.start()].replace(",", mark)
            at = match.end()
            label, draw = self._slots[match[1]]
            name = draw()
            if label:
                spans.append((len(text), len(text) + len(name), label))
            text += name
        return Example(text + template[at:].replace(",", mark), tuple(spans))

    def _person(self) -> str:
        given = self._draw(self._parts["given"])
        if self._random.random() < _TWO_GIVEN:
            given += self._draw(self._parts["given"])
        return self._draw(self._surnames) + given

    def _foreigner(self) -> str:
        """A transliterated name: one of the lexicon, or the halves of two."""
        first, second = self._draw(self._foreign), self._draw(self._foreign)
        half = first[: len(first) // 2 + 1] + second[len(second) // 2 :]
        return first if self._random.random() < _KNOWN else half

    def _brand(self) -> str:
        count = 3 if self._random.random() < _THREE else 2
        return "".join(self._draw(self._parts["brand"]) for _ in range(count))

    def _short_company(self) -> str:
        if self._random.random() < _KNOWN:
            return self._draw(self._companies)
        name = self._brand()
        # 鼎信 and 鼎信科技, but rarely: three in four companies go by their brand.
        return name + self._draw(self._parts["industry"]) if self._random.random() < 0.25 else name

    def _stock(self) -> str:
        """A listed company by its short name: 宁德时代, 鼎信通信, 合肥百货."""
        if self._random.random() < _KNOWN:
            return self._draw(self._listed)
        place = self._random.random() < _THREE
        short = self._draw(self._short_places) if place else self._brand()[:2]
        return short + self._draw(self._short_industries)

    def _company(self) -> str:
        place = self._draw(self._places) if self._random.random() < 0.6 else ""
        return (
            place
            + self._brand()
            + self._draw(self._parts["industry"])
            + self._draw(self._parts["company_end"])
        )

    def _company_in(self) -> str:
        """瑞达科技(上海)有限公司."""
        industry, place = self._draw(self._parts["industry"]), self._draw(self._places)
        bracket = self._draw(["（{}）", "({})"])
        return f"{self._brand()}{industry}{bracket.format(place)}有限公司"

    def _society(self) -> str:
        parts = self._parts
        return (
            self._draw(self._places) + self._draw(parts["industry"]) + self._draw(parts["society"])
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the lexicon, with the forms in Han that need no evidence."""

    table: str
    label: str
    id: str
    tickers: str
    forms: tuple[str, ...]


def _rows(path: Path) -> Iterator[_Row]:
    for _, row in read_table(path, COLUMNS):
        doubtful = row["ambiguous"].split("|")
        names = (row["name"], *row["aliases"].split("|"))
        forms = tuple(n for n in names if _HAN.fullmatch(n) and n not in doubtful)
        yield _Row(path.stem, row["label"], row["id"], row["tickers"], forms)
