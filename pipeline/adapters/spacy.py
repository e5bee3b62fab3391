"""Documents as spaCy `Doc` objects over the simplified text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.adapters.layers import all_annotations
from pipeline.adapters.spacy_spans import attach
from pipeline.document import Document, Token
from pipeline.stages.tokens import split_tokens

# Text that no token covers, such as boilerplate: words as a blank Chinese pipeline has them.
_WORDS = re.compile(r"\s+|[0-9A-Za-z]+|.", re.DOTALL)


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
    starts, ends = {a.start for a in found}, {a.end for a in found}
    sentences = {s.start for s in document.sentences} | {b.start for b in document.boilerplate}
    words: list[str] = []
    spaces: list[bool] = []
    tags: list[str] = []
    sent_starts: list[bool | int | None] = []
    for token in split_tokens(list(_cover(document)), starts | ends | sentences):
        if token.text == " " and token.start not in starts and token.end not in ends and words:
            # spaCy writes a single space as a property of the word before it.
            spaces[-1] = True
            continue
        words.append(token.text)
        spaces.append(False)
        tags.append(token.pos)
        sent_starts.append(token.start in sentences)
    doc = Doc(
        vocab or blank_vocab(), words=words, spaces=spaces, tags=tags, sent_starts=sent_starts
    )
    attach(doc, document, [(a, a.start, a.end) for a in found], "strict")
    return doc


def _cover(document: Document) -> Iterator[Token]:
    """The document's tokens, and between them tokens for all other characters."""
    done = 0
    for token in [*document.tokens, Token(len(document.text), len(document.text), "", "")]:
        for match in _WORDS.finditer(document.text, done, token.start):
            yield Token(*match.span(), match[0], "")
        if token.text:
            yield token
        done = token.end
