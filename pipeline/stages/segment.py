"""Stage `segment`: the page's header, sentences, tokens and parts of speech.

Tokens are those of jieba. By default rjieba finds them, at many times jieba's speed; what it does
differently is repaired here. Its tags come from jieba's dictionary; for words that only the
hidden Markov model found they differ from `jieba.posseg`, which the engine `jieba` runs exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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

# With more words than this from the texts before, the next new one makes room.
_MOST_WORDS = 1 << 16

Cutter = Callable[[str], Tokens]


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
        document.sentences = split_sentences(document.text)
        self.tokenize(document)

    def tokenize(self, document: Document) -> None:
        """Fill `tokens` alone."""
        tokens = self._cut(document.text)
        # White space stripped is an empty text.
        kept = list(map(str.strip, tokens.texts))
        document.tokens = Tokens(
            list(compress(tokens.starts, kept)),
            list(compress(tokens.ends, kept)),
            list(compress(tokens.texts, kept)),
            list(compress(tokens.tags, kept)),
        )

    def cut(self, text: str) -> list[str]:
        """The words of a text, white space included: equal to `jieba.lcut(text)`."""
        return self._cut(text).texts


def split_sentences(text: str) -> list[Sentence]:
    """Spans of the sentences, without the white space around them, in order."""
    return [Sentence(*match.span()) for match in _SENTENCE.finditer(text)]


def _rjieba_cutter(*, hmm: bool) -> Cutter:
    import rjieba

    def tag(text: str) -> list[tuple[str, str]]:
        return rjieba.tag(text, hmm)

    known = _Tags(tag)

    def cut(text: str) -> Tokens:
        outside = None if text.isascii() else _OUTSIDE.search(text)
        given = text if outside is None else _OUTSIDE.sub(_PRIVATE_USE, text)
        words = rjieba.cut(given, hmm)
        try:
            tags = list(map(known.__getitem__, words))
        except KeyError:
            tagged = tag(given)
            known.learn(tagged)
            tags = [pos for _, pos in tagged]
        if _JOINER.search(text) is not None:
            words, tags = _split_joined(words, tags, rjieba.has_word)
        tokens = _one_behind_the_other(words, tags)
        if outside is not None:
            spans = zip(tokens.starts, tokens.ends, strict=True)
            tokens.texts = [text[start:end] for start, end in spans]
        return tokens

    return cut


class _Tags(dict[str, str]):
    """The tags of words that came up before: a word has the same one wherever it stands.

    Args:
        tag: gives the words of a text with their tags.

    Raises:
        KeyError: of a word that is several by itself, and one only beside others.
    """

    def __init__(self, tag: Callable[[str], list[tuple[str, str]]]) -> None:
        super().__init__()
        self._tag = tag

    def __missing__(self, word: str) -> str:
        tagged = self._tag(word)
        if len(tagged) != 1:
            raise KeyError(word)
        self.learn(tagged)
        return self[word]

    def learn(self, tagged: Sequence[tuple[str, str]]) -> None:
        """Add words with their tags; those of earlier texts go where there are too many."""
        if len(self) >= _MOST_WORDS:
            self.clear()
        self.update(tagged)


def _one_behind_the_other(words: list[str], tags: list[str]) -> Tokens:
    ends = list(accumulate(map(len, words)))
    return Tokens([0, *ends[:-1]] if ends else [], ends, words, tags)


def _split_joined(
    words: list[str], tags: list[str], has_word: Callable[[str], bool]
) -> tuple[list[str], list[str]]:
    """Words and tags, those of ASCII characters with a joiner split as jieba splits them."""
    split: list[str] = []
    split_tags: list[str] = []
    done = 0
    ascii_words = [i for i, word in enumerate(words) if len(word) > 1 and word.isascii()]
    for at in ascii_words:
        word = words[at]
        if word.isalnum() or has_word(word):
            continue
        parts, tags_of_parts = _ascii_parts(word)
        if len(parts) > 1:
            split += words[done:at]
            split += parts
            split_tags += tags[done:at]
            split_tags += tags_of_parts
            done = at + 1
    return split + words[done:], split_tags + tags[done:]


@lru_cache(maxsize=4096)
def _ascii_parts(word: str) -> tuple[list[str], list[str]]:
    """What jieba makes of a row of ASCII characters that is no word of its dictionary: words and
    tags.
    """
    parts = [word] if _ASCII_WORD.fullmatch(word) else _ASCII_WORD.split(word)
    parts = [part for part in parts if part]
    return parts, list(map(_ascii_tag, parts))


def _ascii_tag(word: str) -> str:
    """jieba's tag of a word of ASCII characters: m for numbers, eng for words, x for the rest."""
    if word[0].isdigit() and not word.strip("0123456789.%"):
        return "m"
    return "eng" if word[0].isalnum() else "x"


def _jieba_cutter(*, hmm: bool) -> Cutter:
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.posseg.POSTokenizer(jieba.Tokenizer())

    def cut(text: str) -> Tokens:
        pairs = list(tokenizer.cut(text, HMM=hmm))
        return _one_behind_the_other([pair.word for pair in pairs], [pair.flag for pair in pairs])

    return cut
