"""Documents as spaCy `Doc` objects over the simplified text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache

import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.adapters.layers import all_annotations
from pipeline.adapters.spacy_spans import attach
from pipeline.document import Document
from pipeline.stages.tokens import split_tokens
from pipeline.tokens import Token, Tokens

# Text that no token covers, such as boilerplate: words as a blank Chinese pipeline has them.
_WORDS = re.compile(r"\r\n|[\r\n]|[^\S\r\n]+|[0-9A-Za-z]+|.", re.DOTALL)


@lru_cache(maxsize=1)
def blank_vocab() -> Vocab:
    """The vocabulary of `spacy.blank("zh")`, one for all documents."""
    return spacy.blank("zh").vocab


def to_doc(document: Document, vocab: Vocab | None = None) -> Doc:
    """A document as a `Doc` with `doc.text == document.text`.

    Tokens are the document's, with further ones for white space and for text without tokens;
    `tag_` is jieba's part of speech. Entities are in `doc.ents`, and each layer in the span group
    of its name (`entities`, `numbers`, `boilerplate`). See `pipeline.adapters.spacy_spans` for the
    extensions.

    Args:
        vocab: the vocabulary to use; by default that of `spacy.blank("zh")`.
    """
    found = all_annotations(document)
    sentences = {s.start for s in document.sentences} | {b.start for b in document.boilerplate}
    spans = [(a.start, a.end) for a in found]
    doc = make_doc(document.text, document.tokens, spans, sentences, vocab or blank_vocab())
    attach(doc, document, [(a, a.start, a.end) for a in found], "strict")
    return doc


def make_doc(
    text: str,
    tokens: Sequence[Token],
    spans: Sequence[tuple[int, int]],
    sentences: Container[int] | None,
    vocab: Vocab,
) -> Doc:
    """A `Doc` over a text, of given tokens cut at the borders of spans.

    Args:
        sentences: where sentences start; None leaves that open.
    """
    starts, ends = {start for start, _ in spans}, {end for _, end in spans}
    words: list[str] = []
    spaces: list[bool] = []
    tags: list[str] = []
    sent_starts: list[bool | int | None] = []
    for token in split_tokens(Tokens.of(_cover(text, tokens)), starts | ends):
        if token.text == " " and token.start not in starts and token.end not in ends and words:
            # spaCy writes a single space as a property of the word before it.
            spaces[-1] = True
            continue
        words.append(token.text)
        spaces.append(False)
        tags.append(token.pos)
        sent_starts.append(None if sentences is None else token.start in sentences)
    return Doc(vocab, words=words, spaces=spaces, tags=tags, sent_starts=sent_starts)


def _cover(text: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens, and between them further ones for all other characters."""
    done = 0
    for token in [*tokens, Token(len(text), len(text), "", "")]:
        for match in _WORDS.finditer(text, done, token.start):
            yield Token(*match.span(), match[0], "")
        if token.text:
            yield token
        done = token.end
