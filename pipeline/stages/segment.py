"""Stage `segment`: the page's header, sentences, tokens and parts of speech.

Tokens are those of jieba. By default rjieba finds them, at many times jieba's speed; what it does
differently is repaired here. Its tags come from jieba's dictionary; for words that only the
hidden Markov model found they differ from `jieba.posseg`, which the engine `jieba` runs exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, compress

from pipeline.chain import BaseStage
from pipeline.config import SegmentSettings
from pipeline.document import Document, Sentence
from pipeline.resources import Resources
from pipeline.stages.header import HeaderReader
from pipeline.tokens import Tokens

# A sentence ends with a full stop and the quotes and brackets that close on it, or with its line;
# the white space around it is not part of it.
_SENTENCE = re.compile(
    r"(?:[^\s。！？!?][^\n。！？!?]*)?[。！？!?]+[”’」』）)】》\"']*"
    r"|[^\s。！？!?](?:[^\n。！？!?]*[^\s。！？!?])?"
)
# jieba splits ASCII words at these characters unless its dictionary has the whole.
_JOINER = re.compile(r"[-.+#&_%]")
_ASCII_WORD = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
# Han that rjieba treats as word text but jieba 0.42.1 (U+4E00 to U+9FD5) does not.
_OUTSIDE = re.compile("[\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PRIVATE_USE = "\ue000"

Cutter = Callable[[str], list[tuple[str, str]]]


class Segmenter(BaseStage):
    """Fills `metadata`, `sentences` and `tokens`; white space is in no token.

    Args:
        settings: see `SegmentSettings`.
        resources: where `header.toml` is looked up.
    """

    name = "segment"
    requires: tuple[str, ...] = ("text",)
    provides: tuple[str, ...] = ("metadata", "sentences", "tokens")

    def __init__(
        self, settings: SegmentSettings | None = None, resources: Resources | None = None
    ) -> None:
        self.settings = settings or SegmentSettings()
        self._header = HeaderReader(resources or Resources())
        engine = _rjieba_cutter if self.settings.engine == "rjieba" else _jieba_cutter
        self._cut: Cutter = engine(hmm=self.settings.hmm)

    def process(self, document: Document) -> None:
        """Fill the layers of `provides`."""
        document.metadata = self._header.read(document)
        document.sentences = list(split_sentences(document.text))
        self.tokenize(document)

    def tokenize(self, document: Document) -> None:
        """Fill `tokens` alone."""
        pairs = self._cut(document.text)
        texts, tags = [text for text, _ in pairs], [pos for _, pos in pairs]
        ends = list(accumulate(map(len, texts)))
        starts = [0, *ends[:-1]] if ends else []
        kept = [not text.isspace() for text in texts]
        document.tokens = Tokens(
            list(compress(starts, kept)),
            list(compress(ends, kept)),
            list(compress(texts, kept)),
            list(compress(tags, kept)),
        )

    def cut(self, text: str) -> list[str]:
        """The words of a text, white space included: equal to `jieba.lcut(text)`."""
        return [word for word, _ in self._cut(text)]


def split_sentences(text: str) -> Iterator[Sentence]:
    """Spans of the sentences, without the white space around them, in order."""
    for match in _SENTENCE.finditer(text):
        yield Sentence(*match.span())


def _rjieba_cutter(*, hmm: bool) -> Cutter:
    import rjieba

    tag = rjieba.tag

    def cut(text: str) -> list[tuple[str, str]]:
        outside = None if text.isascii() else _OUTSIDE.search(text)
        tagged = tag(text if outside is None else _OUTSIDE.sub(_PRIVATE_USE, text), hmm)
        if _JOINER.search(text) is not None:
            tagged = _split_joined(tagged, rjieba.has_word)
        return tagged if outside is None else list(_restore(text, tagged))

    return cut


def _split_joined(
    tagged: list[tuple[str, str]], has_word: Callable[[str], bool]
) -> list[tuple[str, str]]:
    """The words, those of ASCII characters with a joiner in them split as jieba splits them."""
    split: list[tuple[str, str]] = []
    done = 0
    for at in [i for i, (word, _) in enumerate(tagged) if len(word) > 1 and word.isascii()]:
        word = tagged[at][0]
        if word.isalnum() or has_word(word):
            continue
        split += tagged[done:at]
        split += _ascii_parts(word)
        done = at + 1
    return split + tagged[done:]


@lru_cache(maxsize=4096)
def _ascii_parts(word: str) -> list[tuple[str, str]]:
    """What jieba makes of a row of ASCII characters that is no word of its dictionary."""
    parts = [word] if _ASCII_WORD.fullmatch(word) else _ASCII_WORD.split(word)
    return [(part, _ascii_tag(part)) for part in parts if part]


def _ascii_tag(word: str) -> str:
    """jieba's tag of a word of ASCII characters: m for numbers, eng for words, x for the rest."""
    if word[0].isdigit() and not word.strip("0123456789.%"):
        return "m"
    return "eng" if word[0].isalnum() else "x"


def _restore(text: str, tagged: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    start = 0
    for word, pos in tagged:
        yield text[start : start + len(word)], pos
        start += len(word)


def _jieba_cutter(*, hmm: bool) -> Cutter:
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.posseg.POSTokenizer(jieba.Tokenizer())

    def cut(text: str) -> list[tuple[str, str]]:
        return [(pair.word, pair.flag) for pair in tokenizer.cut(text, HMM=hmm)]

    return cut
