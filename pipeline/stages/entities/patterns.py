"""Names by their form: codes (`tickers`), titles in 《》, versions, corporate suffixes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.mentions import Entry, Mention
from pipeline.stages.entities.tickers import Tickers
from pipeline.tokens import Token, Tokens

_TITLE_MARKS = re.compile("《([^《》\n]{1,40})》")
# ST, *ST or S*ST before a name; that begins with what is rare.
_WARNED = re.compile(r"ST([\u4e00-\u9fff]{2,3})")
_WARNING = re.compile(r"(?<![0-9A-Za-z*])(?:S?\*)?\Z")
_PROPER = ("nr", "nz", "nt", "nrt", "nrfg")


class Patterns:
    """The patterns, with their word lists from `entities.toml`."""

    def __init__(self, resources: Resources, lexicon: Lexicon) -> None:
        rules = resources.toml("entities.toml")
        self._lexicon = lexicon
        self._tickers = Tickers(lexicon)
        self._title_org = tuple(rules["title_marks"]["org"])
        self._title_law = tuple(rules["title_marks"]["law"])
        # 阿里控股 is a name, 阿里控股股东 is none.
        self._extension = re.compile(
            f"(?:{'|'.join(map(re.escape, rules['extension']['org']))})(?!股东)"
        )
        words = "|".join(rules["version"]["words"])
        # A version after a space must not be a quantity: iPhone 16 is a product, Kimi 3月 is not.
        end = "(?![0-9A-Za-z])"
        self._version = re.compile(
            rf"(?:(?:[- ]?[A-Z]{{0,2}}|\.)\d+(?:\.\d+)*[A-Za-z]{{0,2}}{end}"
            rf"(?!\s?[年月日个款亿万%]|[.,]\d)|[- ](?:{words}){end})"
            rf"(?:[- ]?(?:{words}){end}|-\d+[BbKk]?{end})*"
        )
        self._suffixes = {
            word: word not in rules["org_suffix"]["needs_more_than_place"]
            for word in rules["org_suffix"]["words"]
        }
        self._suffix = re.compile(alternatives(self._suffixes))

    def find(self, text: str, tokens: Tokens, known: Sequence[Mention]) -> Iterator[Mention]:
        """Mentions by form; `known` are those of the lexicon, which some patterns extend."""
        yield from self._tickers.find(text, known)
        yield from self._warned(text)
        yield from self._titles(text)
        yield from self._extended(text, known)
        yield from self._suffixed(text, tokens, known)

    def _warned(self, text: str) -> Iterator[Mention]:
        """Mainland listings under a risk warning, of which the name is cut to two characters."""
        for match in _WARNED.finditer(text):
            warning = _WARNING.search(text, max(0, match.start() - 2), match.start())
            if warning is None:
                continue
            start = warning.start()
            end, entry = match.end(), self._lexicon.listing_that_begins(match[1])
            if entry is None:
                end = match.start(1) + 2
                entry = self._lexicon.listing_that_begins(match[1][:2])
            by = f"pattern:risk_warning:{text[start : match.start(1)]}"
            yield Mention(start, end, "ORG", by, 1, 0.9, entry)

    def _titles(self, text: str) -> Iterator[Mention]:
        for match in _TITLE_MARKS.finditer(text):
            title = match[1]
            entry = self._lexicon.entry(title)
            if entry is not None:
                label, by = entry.label, f"lexicon:《》:{entry.name}"
            elif title.endswith(self._title_law):
                label, by = "LAW", "pattern:title_marks:law"
            elif title.endswith(self._title_org):
                label, by = "ORG", "pattern:title_marks:medium"
            else:
                label, by = "WORK_OF_ART", "pattern:title_marks"
            yield Mention(*match.span(1), label, by, rank=-1, entry=entry)

    def _extended(self, text: str, known: Sequence[Mention]) -> Iterator[Mention]:
        for mention in known:
            if mention.label == "ORG" and not text[mention.end - 1].isascii():
                match = self._extension.match(text, mention.end)
                if match:
                    yield _grown(mention, match.end(), f"+suffix:{match[0]}")
            elif mention.label in ("PRODUCT", "ORG") and text[mention.end - 1].isascii():
                match = self._version.match(text, mention.end)
                if match and (mention.label == "PRODUCT" or match[0][0] == "-"):
                    grown = _grown(mention, match.end(), f"+version:{match[0].strip()}")
                    yield grown if mention.label == "PRODUCT" else _as_product(grown, text)

    def _suffixed(self, text: str, tokens: Tokens, known: Sequence[Mention]) -> Iterator[Mention]:
        """Proper words that end in a corporate suffix: 南京大学, 华泰柏瑞基金."""
        places = {m.end: m for m in known if m.label == "GPE"}
        organisations = {m.end: m for m in known if m.label == "ORG"}
        for match in self._suffix.finditer(text):
            index = bisect_left(tokens.starts, match.start())
            if index == len(tokens):
                continue
            token = tokens[index]
            # 摩根士丹利 | 半导体 is not one name; those that are stand under `extension`.
            if token.text != match[0] or match.start() != token.start:
                continue
            if token.start in organisations:
                continue
            first, proper, place = index, False, False
            while first and index - first < 3 and tokens[first - 1].end == tokens[first].start:
                before = tokens[first - 1]
                is_place = before.end in places and before.pos in ("ns", "nrt", "nr", "nz")
                is_proper = not is_place and _is_proper(before)
                if not is_place and not is_proper:
                    break
                place, proper = place or is_place, proper or is_proper
                first -= 1
                if is_place:
                    break
            country = place and _is_country(places, tokens[first])
            inner = organisations.get(token.end)
            if proper or (place and self._suffixes[token.text] and not country):
                yield Mention(
                    tokens[first].start,
                    token.end,
                    "ORG",
                    f"pattern:org_suffix:{token.text}",
                    rank=2,
                    score=0.7,
                    entry=inner.entry if inner is not None else None,
                )


def _is_proper(token: Token) -> bool:
    return token.pos in _PROPER and len(token.text) > 1


def _is_country(places: dict[int, Mention], token: Token) -> bool:
    place = places.get(token.end)
    return place is not None and place.entry is not None and (place.entry.id or "").count("/") < 2


def _grown(mention: Mention, end: int, evidence: str) -> Mention:
    return Mention(
        mention.start,
        end,
        mention.label,
        mention.by + evidence,
        rank=0,
        score=mention.score,
        entry=mention.entry,
    )


def _as_product(mention: Mention, text: str) -> Mention:
    """The versioned name of a company is its product: DeepSeek-R1."""
    name = text[mention.start : mention.end]
    entry = Entry(name, "PRODUCT", None, ())
    return Mention(
        mention.start, mention.end, "PRODUCT", mention.by, rank=0, score=mention.score, entry=entry
    )
