"""Codes of securities as the markets write them, and the companies that they stand for.

A code of digits alone needs its market, or brackets behind a name; six digits that the lexicon has
are one anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from pipeline.stages.alternatives import alternatives
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.mentions import Entry, Mention

# Markets as they are written behind or before a code, and as `tickers` names them.
_MARKETS = {
    "SH": "SH", "SS": "SH", "SSE": "SH", "上交所": "SH", "沪": "SH", "沪市": "SH",
    "SZ": "SZ", "SZSE": "SZ", "深交所": "SZ", "深": "SZ", "深市": "SZ",
    "BJ": "BJ", "BSE": "BJ", "北交所": "BJ", "A股": "",
    "HK": "HK", "HKG": "HK", "HKEX": "HK", "SEHK": "HK", "港交所": "HK", "联交所": "HK",
    "港股": "HK",
    "TW": "TW", "TWSE": "TW", "TPE": "TW", "TWO": "TWO", "TPEX": "TWO", "台股": "TW",
    "T": "T", "TYO": "T", "TSE": "T", "JP": "T", "KS": "KS", "KRX": "KS", "KQ": "KQ",
    "NYSE": "US", "NASDAQ": "US", "AMEX": "US", "OTC": "US", "US": "US", "O": "US", "N": "US",
    "OQ": "US", "UW": "US", "UN": "US", "纳斯达克": "US", "纽交所": "US", "纽约证券交易所": "US",
    "美股": "US", "NYSE AMERICAN": "US", "NASDAQGS": "US", "NASDAQGM": "US",
}  # fmt: skip
_MARKET_BEFORE = re.compile(
    "(?:(?<![0-9A-Za-z])(?P<market>"
    + alternatives([*_MARKETS, "Nasdaq", "NasdaqGS", "NasdaqGM", "NYSE American"])
    + r")|股票代[码号]|证券代[码号]|股份代[码号]|公司代号|交易代码|代[码号]|股号|编号)\s?$"
)
# How far a market can reach before its colon.
_MARKET_LENGTH = 14
# What must not stand before a code. Patterns begin with the characters that a code begins with,
# which keeps the scan quick, so this looks back over the first of them.
_BEFORE = "(?<![0-9A-Za-z.].)"
_END = "(?![0-9A-Za-z])"
_PATTERNS = {
    "market_suffix": re.compile(
        rf"(?P<code>[0-9]{_BEFORE}[0-9]{{2,5}}[A-Z]?)\s?"
        rf"(?:[.\-]\s?(?P<market>SH|SZ|BJ|SS|HK|TWO|TW|KS|KQ|sh|sz|bj|hk|tw)|\.(?P<far>T|JP)){_END}"
    ),
    "us_suffix": re.compile(
        rf"(?P<code>[A-Z]{_BEFORE}[A-Z]{{0,4}})[.\-](?P<market>US|OQ|UW|UN|O|N){_END}"
    ),
    # HK:00700, NASDAQ: AAPL, 股票代码：300750. The colon is sought, for it is rare.
    "market_prefix": re.compile(rf"[:：]\s?(?P<code>[0-9]{{3,6}}|[A-Z]{{1,5}}){_END}"),
    "label": re.compile(rf"代[码号](?:为|是)?\s?(?P<code>[0-9]{{4,6}}|[A-Z]{{1,5}}){_END}"),
    "market_glued": re.compile(
        rf"(?P<market>[HSBhsb]{_BEFORE}[HZKJhzkj])(?P<code>[0-9]{{5,6}}){_END}"
    ),
    "cashtag": re.compile(
        r"\$(?<![A-Za-z].)(?P<code>[A-Z]{1,5}(?:\.US)?(?=\$|(?![0-9A-Za-z.]))"
        r"|(?:[A-Z]{2})?[0-9]{5,6}(?:\.[A-Z]{2})?(?=\$))"
    ),
    "brackets": re.compile(
        r"[(（](?<=[\u4e00-\u9fffA-Za-z”》*].)(?:行情)?"
        r"(?P<code>[0-9]{6}|0[0-9]{4}|[0-9]{4}|[A-Z]{1,5})"
        r"(?:\s?[,，;；、][^()（）\n]{0,16})?[)）]"
    ),
}
# Six digits without a market are a code only if the lexicon has it.
_BARE_CODE = re.compile(
    r"[036](?<![0-9A-Za-z.,，/$¥€£-].)\d{5}(?![0-9A-Za-z%,，/-]|\.\d"
    # Before a unit it is a number.
    r"|\s?(?:[年月日元圆股点家人个名位户笔套张万亿吨辆台桶]|[美港欧日韩英澳加][元圆镑币]|人民币|新?台币))"
)
_MAINLAND = {"6": "SH", "9": "SH", "0": "SZ", "2": "SZ", "3": "SZ", "4": "BJ", "8": "BJ"}
# Patterns whose whole match is the code: 600519.SH, SH600519.
_WHOLE = ("market_suffix", "us_suffix", "market_glued")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
# Letters in brackets are a code where the article names its company (百度(BIDU)) or any company
# stands before them, or if they are so many and listed.
_LETTERS = 4


class Tickers:
    """Finds codes, and gives each the entity of the lexicon that it is listed for."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def find(self, text: str, known: Sequence[Mention]) -> Iterator[Mention]:
        """Codes in a text; `known` are the names of the lexicon, of which some stand before one."""
        for match in _BARE_CODE.finditer(text):
            if self._lexicon.listed(match[0]):
                entry = self._entry(match[0], "", None)
                yield Mention(*match.span(), "TICKER", "lexicon:ticker", 2, 1.0, entry)
        owners: dict[int, Mention] | None = None
        # By the entry's identity, for hashing one takes long.
        named: set[int] = set()
        for name, pattern in _PATTERNS.items():
            for match in pattern.finditer(text):
                owner = None
                code, market = match["code"], _market(match)
                if name == "market_prefix":
                    start = max(0, match.start() - _MARKET_LENGTH)
                    before = _MARKET_BEFORE.search(text[start : match.start()])
                    if before is None:
                        continue
                    market = before["market"] or ""
                elif name == "brackets":
                    if owners is None:
                        owners = {m.end: m for m in known}
                        named = {id(m.entry) for m in known}
                    owner = owners.get(match.start())
                    if not self._stands_alone(code, owner, named):
                        continue
                span = match.span() if name in _WHOLE else match.span("code")
                entry = self._entry(code, market, owner)
                yield Mention(*span, "TICKER", f"pattern:ticker:{name}", 1, 1.0, entry)

    def _stands_alone(self, code: str, owner: Mention | None, named: AbstractSet[int]) -> bool:
        """Whether a code in brackets, without its market, is one."""
        if len(code) == 6:
            return True
        entries = self._lexicon.listed(_plain(code))
        if any(id(entry) in named for entry in entries):
            return True
        if not entries or _YEAR.fullmatch(code):
            return False
        if code.isdigit():
            return True
        return len(code) >= _LETTERS or (owner is not None and owner.label == "ORG")

    def _entry(self, code: str, market: str, owner: Mention | None) -> Entry:
        """The canonical ticker of a code, with the entity that it stands for."""
        ticker = canonical(code, market)
        plain, _, market = ticker.partition(".")
        listed = [
            (entry, candidate)
            for entry in self._lexicon.listed(plain)
            for candidate in entry.tickers
            if candidate.partition(".")[0] == plain
            and _same_market(candidate.partition(".")[2], market)
        ]
        if not listed:
            return Entry(ticker, "TICKER", None, (ticker,))
        entry, candidate = next(
            (pair for pair in listed if owner is not None and pair[0] is owner.entry), listed[0]
        )
        return Entry(entry.name, "TICKER", entry.id, (candidate,))


def canonical(code: str, market: str = "") -> str:
    """A code with its market as the lexicon writes it: 600519.SS is 600519.SH, HK:00700 0700.HK.

    A code of digits whose market is not said gets that of its length and first digit, if there is
    only one; American codes have no market.
    """
    code, _, behind = code.partition(".")
    if not code.isdigit() and code[:2].isalpha() and code[2:].isdigit():
        code, market = code[2:], code[:2]
    market = _MARKETS.get((behind or market).upper(), "")
    if not code[0].isdigit():
        return code
    if not market and len(code) == 6:
        market = _MAINLAND.get(code[0], "")
    elif not market and len(code) == 5:
        market = "HK"
    if market == "HK":
        code = _plain(code)
    return f"{code}.{market}" if market and market != "US" else code


def _market(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return groups.get("market") or groups.get("far") or ""


def _plain(code: str) -> str:
    """Hong Kong's codes have four digits in the lexicon: 00700 is 0700."""
    if not code.isdigit():
        return code
    return code[1:] if len(code) == 5 and code[0] == "0" else code.zfill(4)


def _same_market(listed: str, written: str) -> bool:
    """Whether a ticker's market is the written one; Taiwan's two exchanges are written alike."""
    return not written or listed == written or (listed, written) == ("TWO", "TW")
