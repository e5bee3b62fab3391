"""CoNLL-U (https://universaldependencies.org/format.html): tokens, tags, names and numbers.

XPOS is jieba's part of speech; lemma and syntax are left empty. MISC has `start_char` and
`end_char` (code points of the document's text), `NER` and `Num` (B-, I- and the label), and on the
first token of a span what is known of it. In values, \\p stands for a vertical bar, \\s for white
space and \\\\ for a backslash.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.adapters.exporter import (
    ALIGNMENT,
    BOILERPLATE,
    METADATA,
    SCRIPT,
    SOURCE,
    WARNINGS,
    Exporter,
    OutputFile,
)
from pipeline.adapters.layers import Annotation, as_text, details
from pipeline.document import Document, Sentence
from pipeline.tokens import Tokens

_ESCAPES = {"\\": "\\\\", "|": "\\p", "\n": "\\n", "\t": "\\t", " ": "\\s"}
_ESCAPED = re.compile(r"[\\|\s]")
_WHITE = re.compile(r"\s")


class ConlluExporter(Exporter):
    """`target` is a `.conllu` file."""

    leaves = (SOURCE, METADATA, ALIGNMENT, SCRIPT, WARNINGS, BOILERPLATE)

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._file = OutputFile(target)

    def put(self, document: Document) -> None:
        """See `Exporter.put`."""
        marks: list[list[str]] = [[] for _ in document.tokens]
        for key, layer in (("NER", document.entities), ("Num", document.numbers)):
            self._mark(key, layer, document.tokens, marks)
        self.lose("documents without tokens, left out", int(not document.tokens))
        name = _WHITE.sub("_", document.id)
        first = f"# newdoc id = {name}\n"
        for number, (sentence, within) in enumerate(self._sentences(document), 1):
            self._file.write(f"{first}# sent_id = {name}-{number}\n")
            self._file.write("".join(_rows(document, sentence, within, marks)) + "\n")
            first = ""

    def _mark(
        self,
        key: str,
        layer: Sequence[Annotation],
        tokens: Tokens,
        marks: list[list[str]],
    ) -> None:
        starts, ends = tokens.starts, tokens.ends
        taken = 0
        for annotation in layer:
            begin = bisect_left(starts, annotation.start)
            end = bisect_left(ends, annotation.end)
            if not (
                end < len(tokens)
                and starts[begin] == annotation.start
                and ends[end] == annotation.end
            ):
                self.lose(f"{key} spans that begin or end inside a token, left out")
                continue
            if begin < taken:
                self.lose(f"{key} spans that overlap an earlier one, left out")
                continue
            taken = end + 1
            marks[begin] += [f"{key}=B-{annotation.label}", *_values(key, annotation)]
            for position in range(begin + 1, end + 1):
                marks[position].append(f"{key}=I-{annotation.label}")

    def _sentences(self, document: Document) -> Iterator[tuple[Sentence, range]]:
        """Each sentence with its tokens, which are those that begin in it."""
        tokens = document.tokens
        done = 0
        for sentence in document.sentences:
            begin, end = tokens.between(sentence.start, sentence.end)
            self.lose("tokens outside sentences, left out", begin - done)
            if begin < end:
                yield sentence, range(begin, end)
            done = end
        self.lose("tokens outside sentences, left out", len(tokens) - done)

    def finish(self) -> None:
        """See `Exporter.finish`."""
        self._file.finish()

    def close(self) -> None:
        """See `Exporter.close`."""
        self._file.close()


def _rows(
    document: Document, sentence: Sentence, within: range, marks: Sequence[list[str]]
) -> Iterator[str]:
    tokens = document.tokens
    text = document.text[tokens[within[0]].start : tokens[within[-1]].end]
    yield f"# text = {_WHITE.sub(' ', text)}\n"
    for number, position in enumerate(within, 1):
        token = tokens[position]
        misc = [f"start_char={token.start}", f"end_char={token.end}", *marks[position]]
        last = position == within[-1]
        if not last and tokens[position + 1].start == token.end:
            misc.append("SpaceAfter=No")
        form = _WHITE.sub(" ", token.text)
        yield f"{number}\t{form}\t_\t_\t{token.pos or '_'}\t_\t_\t_\t_\t{'|'.join(misc)}\n"


def _values(key: str, annotation: Annotation) -> Iterator[str]:
    for name, value in details(annotation).items():
        title = "".join(part.capitalize() for part in name.split("_"))
        yield f"{key}{title}={_escape(value)}"


def _escape(value: Any) -> str:
    if isinstance(value, list):
        text = ",".join(value)
    elif isinstance(value, dict):
        text = ",".join(f"{name}:{part}" for name, part in value.items() if part is not None)
    else:
        text = as_text(value)
    return _ESCAPED.sub(lambda m: _ESCAPES.get(m[0], "\\s"), text)
