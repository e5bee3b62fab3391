"""Chinese personal names by surname and context.

A surname with one or two characters is a name where a title stands directly before it (董事长张勇),
or a verb of speaking or of office directly after it (张勇表示) and the dictionary does not know it
as another word. Three characters that jieba tags nr are one, if their surname begins hardly any
other word. A name that is found once is found wherever it stands in the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.alternatives import alternatives, beginnings, matches_at
from pipeline.stages.entities.mentions import Mention
from pipeline.tokens import Token, Tokens

_HAN = "\u4e00-\u9fff"
# Function words that never end a given name: 主席鲍尔把.
_NO_GIVEN = "女先小太士把被在的对于从是了着过等及和与将向让给则也就还又都先后"
_GIVEN = f"(?![{_NO_GIVEN}])[{_HAN}]"
# 陆佰叁 and 陆万伍 are amounts in financial digits, though 陆 and 伍 are surnames.
_AMOUNT = re.compile("[拾佰仟]|^[零一二三四五六七八九壹贰叁肆伍陆柒捌玖百千万亿兆]{3}$")
# What can stand before a name that opens a clause or continues a list.
_OPENERS = set("\n 。，,、；;：:“”「」\"'（）()《》!！?？—-和与及由对向是让被/")
_DOT = re.compile("[·•・]")


class Persons:
    """The rules, with surnames, titles and verbs from `entities.toml`."""

    def __init__(self, resources: Resources) -> None:
        rules = resources.toml("entities.toml")["persons"]
        single = "".join(rules["surnames"].split())
        self._sure_surnames = frozenset("".join(rules["sure_surnames"].split()))
        compound = "|".join(rules["compound_surnames"])
        self._function_words = frozenset(rules["function_words"])
        surname = f"(?:{compound}|[{single}])"
        self._name = re.compile(f"{surname}[{_HAN}](?:{_GIVEN})?")
        titles = alternatives(rules["titles"])
        self._title_heads = beginnings(rules["titles"])
        self._titled = re.compile(f"(?:{titles})(?={surname}[{_HAN}])")
        after = f"(?:{alternatives(rules['adverbs'])})?(?:{alternatives(rules['verbs'])})"
        self._after = re.compile(after)
        # In 张勇也强调 the third character is no part of the name.
        adverbs = "".join(_single(rules["adverbs"]))
        # A name before a verb opens a clause or stands in a list.
        heads = "".join(sorted({*single, *(name[0] for name in rules["compound_surnames"])}))
        openers = re.escape("".join(sorted(_OPENERS)))
        self._spoken_heads = re.compile(f"[{heads}](?<![^{openers}].)")
        self._spoken = re.compile(
            f"(?P<three>{surname}[{_HAN}](?![{adverbs}]){_GIVEN})(?={after})"
            f"|(?P<two>{surname}[{_HAN}])(?={after})"
        )
        transliterated = "".join(rules["transliteration"].split())
        self._foreign = re.compile(f"(?:{titles})(?P<name>[{transliterated}]{{2,5}})(?={after})")
        self._dotted = re.compile(f"[{transliterated}]{{1,6}}(?:[·•・][{transliterated}]{{1,7}})+")

    def find(self, text: str, tokens: Tokens) -> Iterator[Mention]:
        """Names with evidence, and all other places where the same names stand."""
        found: dict[tuple[int, int], str] = {}
        for match in matches_at(self._title_heads, self._titled, text):
            span = self._after_title(text, match.end(), tokens)
            if span is not None:
                found[span] = f"pattern:person:title:{match[0]}"
        for match in matches_at(self._title_heads, self._foreign, text):
            span = match.span("name")
            if span not in found and not _is_other_word(tokens.beginning(span[0])):
                found[span] = f"pattern:person:title:{match[0][: span[0] - match.start()]}"
        for match in matches_at(self._spoken_heads, self._spoken, text):
            group = "three" if match["three"] else "two"
            start, end = match.span(group)
            if (start, end) not in found and _is_own_word(tokens.beginning(start), end):
                verb = self._after.match(text, end)
                found[start, end] = f"pattern:person:verb:{verb[0] if verb else ''}"
        for number in [number for number, pos in enumerate(tokens.tags) if pos == "nr"]:
            if self._has_form(tokens.texts[number]):
                span = tokens.starts[number], tokens.ends[number]
                found.setdefault(span, "pattern:person:tag:nr")
        for (start, end), by in found.items():
            yield Mention(start, end, "PERSON", by, rank=2, score=0.8)
        yield from _agreement(text, found)
        for match in self._dotted.finditer(text) if _DOT.search(text) else ():
            yield Mention(*match.span(), "PERSON", "pattern:person:middle_dot", rank=1, score=0.8)

    def _after_title(self, text: str, start: int, tokens: Tokens) -> tuple[int, int] | None:
        """The name after a title: the length that the words and what follows speak for."""
        match = self._name.match(text, start)
        token = tokens.beginning(start)
        if match is None or (token is not None and _is_other_word(token)):
            return None
        # 董事长和专家: 和 is hardly a surname.
        if match[0][0] in self._function_words and not (token and token.pos.startswith("nr")):
            return None
        best: tuple[int, int] | None = None
        for end in (start + 2, start + 3):
            if end > match.end():
                continue
            boundary = end == len(text) or text[end] in _OPENERS
            spoken_of = boundary or self._after.match(text, end) is not None
            evidence = 2 * spoken_of + tokens.ends_at(end)
            if evidence and (best is None or (evidence, end) > best):
                best = (evidence, end)
        return None if best is None else (start, best[1])

    def _has_form(self, word: str) -> bool:
        return (
            len(word) == 3
            and word[0] in self._sure_surnames
            and not _AMOUNT.search(word)
            and self._name.fullmatch(word) is not None
        )

    def lacks(self, document: Document, start: int, end: int) -> str:
        """What the span would need to be a person's name."""
        text, form = document.text, document.text[start:end]
        if not self._name.fullmatch(form):
            return f"{form!r} is no surname of the list with one or two characters behind it"
        token = document.tokens.beginning(start)
        missing = ["no title stands directly before it"]
        after = self._after.match(text, end)
        if after is None:
            missing.append("no verb of speaking or of office directly after it")
        elif start and text[start - 1] not in _OPENERS:
            missing.append(f"{after[0]!r} follows, but no clause opens before it")
        if token is None:
            missing.append("no word begins there")
        elif token.end != end or token.pos != "nr" or not self._has_form(token.text):
            missing.append(f"the dictionary reads {token.text}/{token.pos}, not a name (nr)")
        return f"{form!r} could be a name, but " + "; ".join(missing)


def _is_other_word(token: Token | None) -> bool:
    """Whether no word begins here, or one that the dictionary knows as no name: 高度, 白宫."""
    if token is None:
        return True
    return len(token.text) > 1 and token.pos != "x" and not token.pos.startswith("nr")


def _is_own_word(token: Token | None, end: int) -> bool:
    """Whether the word that begins a name is no other one of the dictionary, and ends with it."""
    return token is not None and not _is_other_word(token) and token.end <= end


def _agreement(text: str, found: dict[tuple[int, int], str]) -> Iterator[Mention]:
    """All other mentions of the names that were found."""
    names = {text[start:end]: (start, end) for start, end in reversed(found)}
    if not names:
        return
    for match in re.finditer(alternatives(names), text):
        if match.span() not in found:
            by = f"agreement:{found[names[match[0]]]}"
            yield Mention(*match.span(), "PERSON", by, rank=3, score=0.7)


def _single(words: Iterable[str]) -> list[str]:
    """The words of one character."""
    return [word for word in words if len(word) == 1]
