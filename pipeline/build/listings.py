"""Listed companies from the tables of the exchanges."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC

_HALF_WIDTH = str.maketrans("ＡＢ＊－", "AB*-")
# Prefixes of the mainland exchanges: risk warning, rights taken off, first days of trading, and the
# reform of 2006 (S, which no name of Han characters begins with).
_STATE = re.compile(r"^(?:S?\*?ST|PT|XD|XR|DR|[NCS](?=[\u4e00-\u9fff]))")
_CLASS = re.compile(r"(?:-?U?W|-?U|-SW|-D|B股|[AB])$")
_DELISTED = re.compile(r"^退市(?=.{2,}$)|退市?$|\(.*\)$")
_TAIWAN_SUFFIX = re.compile(r"(?:\*|-KY创?|-DR|-创)+$")
_LONG_ENOUGH = 3
_MARKETS = {"6": "SH", "9": "SH", "0": "SZ", "3": "SZ", "2": "SZ", "4": "BJ", "8": "BJ"}


@dataclass(frozen=True, slots=True)
class Listing:
    """One security: its ticker, the company's name as news write it, and other ways to write it.

    `former` names do not tell whose listing it is, for a shell changes hands with its name.
    """

    ticker: str
    name: str
    variants: tuple[str, ...]
    label: str = "ORG"
    active: bool = True
    former: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """The name and its variants."""
        return (self.name, *self.variants)

    @property
    def second_class(self) -> bool:
        """Whether this is a B share."""
        return self.ticker[0] in "29" and self.ticker.endswith((".SZ", ".SH"))

    @property
    def first_class(self) -> str:
        """The A share of a B share of Shenzhen (200725.SZ is 000725.SZ), else the ticker itself."""
        is_b = self.ticker.startswith("20") and self.ticker.endswith(".SZ")
        return f"00{self.ticker[2:]}" if is_b else self.ticker


def former_names(path: Path) -> dict[str, tuple[str, ...]]:
    """Earlier names by code, from our own list.

    Raises:
        OSError, ValueError: if the file cannot be read or a line has another form.
    """
    simplify = OpenCC("t2s").convert
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {
        code: tuple(dict.fromkeys([*names.split("|"), *simplify(names).split("|")]))
        for code, names in rows
    }


def mainland(path: Path, former: Mapping[str, tuple[str, ...]]) -> Iterator[Listing]:
    """Shares of Shanghai, Shenzhen and Beijing from adata's `code.csv` (Apache-2.0).

    Args:
        path: the table.
        former: earlier names by code.

    Raises:
        OSError, KeyError: if the file cannot be read or misses a column.
    """
    simplify = OpenCC("t2s").convert
    for row in _rows(path):
        code, listed = row["stock_code"], row["short_name"]
        market = "BJ" if code.startswith("92") else _MARKETS[code[0]]
        name, variants = mainland_name(listed)
        # 昇兴股份 is 升兴股份 where a traditional text was converted.
        if simplify(name) != name:
            variants = (*variants, simplify(name))
        yield Listing(
            f"{code}.{market}",
            name,
            variants,
            active=bool(row["list_date2"]),
            former=former.get(code, ()),
        )


def mainland_name(listed: str) -> tuple[str, tuple[str, ...]]:
    """The name in news and its variants: *ST花王, also 花王; 深康佳Ａ is 深康佳."""
    full = "".join(listed.translate(_HALF_WIDTH).split())
    full = _DELISTED.sub("", full)
    base = _STATE.sub("", full)
    short = _CLASS.sub("", base)
    variants = [full, base, short]
    # 泛海 alone is too short to stand for the company: *ST泛海 is its name.
    name = short if len(short) >= _LONG_ENOUGH else full
    return name, tuple(dict.fromkeys(v for v in variants if v != name and len(v) > 1))


def taiwan(path: Path, market: str) -> Iterator[Listing]:
    """Shares and exchange traded funds from twstock's tables (MIT), names made simplified.

    Args:
        path: the table.
        market: TW or TWO, as tickers end.

    Raises:
        OSError, KeyError: if the file cannot be read or misses a column.
    """
    simplify = OpenCC("t2s").convert
    for row in _rows(path):
        kind, listed = row["type"], simplify(row["name"].strip())
        ticker = f"{row['code']}.{market}"
        if kind == "ETF":
            yield Listing(ticker, listed, (), "PRODUCT")
        elif kind in ("股票", "創新板", "臺灣存託憑證(TDR)"):
            name = _TAIWAN_SUFFIX.sub("", listed)
            yield Listing(ticker, name, tuple(v for v in (listed,) if v != name))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
