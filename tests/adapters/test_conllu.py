"""CoNLL-U is read back, by a reader of its own, to the same tokens, names and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import conllu
from hypothesis import HealthCheck, given, settings

from pipeline import Document, Pipeline
from pipeline.adapters.conllu import ConlluExporter
from tests.adapters.corpus import corpus, hard
from tests.adapters.exported import export
from tests.test_laws import RANDOM_PIPELINE, TEXTS


def read(path: Path) -> dict[str, list[conllu.TokenList]]:
    """The sentences of each document."""
    found: dict[str, list[conllu.TokenList]] = {}
    name = ""
    with path.open(encoding="utf-8", newline="\n") as file:
        for sentence in conllu.parse_incr(file):
            name = sentence.metadata.get("newdoc id", name)
            found.setdefault(name, []).append(sentence)
    return found


def mentions(sentences: list[conllu.TokenList], key: str) -> Iterator[tuple[int, int, str]]:
    """Spans from the B- and I- marks."""
    span: tuple[int, int, str] | None = None
    for token in (token for sentence in sentences for token in sentence):
        mark = token["misc"].get(key, "O")
        if span is not None and not mark.startswith("I-"):
            yield span
            span = None
        if mark.startswith("B-"):
            span = (int(token["misc"]["start_char"]), int(token["misc"]["end_char"]), mark[2:])
        elif mark.startswith("I-"):
            assert span is not None and span[2] == mark[2:]
            span = (span[0], int(token["misc"]["end_char"]), span[2])
    if span is not None:
        yield span


def check(document: Document, sentences: list[conllu.TokenList]) -> None:
    tokens = [token for sentence in sentences for token in sentence]
    assert [
        (int(t["misc"]["start_char"]), int(t["misc"]["end_char"]), t["xpos"] or "_") for t in tokens
    ] == [(t.start, t.end, t.pos or "_") for t in document.tokens]
    assert ["".join(t["form"].split()) for t in tokens] == [
        "".join(t.text.split()) for t in document.tokens
    ]
    for key, layer in (("NER", document.entities), ("Num", document.numbers)):
        assert list(mentions(sentences, key)) == [(a.start, a.end, a.label) for a in layer]


def test_the_corpus_comes_back(tmp_path: Path) -> None:
    documents = corpus()[:-1]
    losses = export(ConlluExporter(tmp_path / "all.conllu"), documents)
    found = read(tmp_path / "all.conllu")
    for document in documents:
        check(document, found[document.id])
    assert losses["boilerplate spans"] == sum(len(d.boilerplate) for d in documents)
    assert not any("left out" in what for what in losses)


def test_values_stand_on_the_first_token(tmp_path: Path) -> None:
    document = Pipeline()("阿里巴巴按22港仙派息,增長5%。", id="文 1")
    export(ConlluExporter(tmp_path / "a.conllu"), [document])
    ((name, (sentence,)),) = read(tmp_path / "a.conllu").items()
    assert name == "文_1" and sentence.metadata["sent_id"] == "文_1-1"
    assert sentence.metadata["text"] == document.text
    company = sentence[0]["misc"]
    assert (company["NERTickers"], company["SpaceAfter"]) == ("BABA,9988.HK", "No")
    money = next(t["misc"] for t in sentence if t["misc"].get("Num") == "B-MONEY")
    assert (Decimal(money["NumValue"]), money["NumUnit"]) == (Decimal("0.22"), "HKD")
    percent = next(t["misc"] for t in sentence if t["misc"].get("Num") == "B-PERCENT")
    assert percent["NumChange"].startswith("direction:up")


def test_what_cannot_be_held_is_counted(tmp_path: Path) -> None:
    document = hard()
    document.entities.insert(1, document.entities[0])
    losses = export(ConlluExporter(tmp_path / "a.conllu"), [document, Document("")])
    assert losses["NER spans that begin or end inside a token, left out"] == 1
    assert losses["NER spans that overlap an earlier one, left out"] == 1
    assert losses["documents without tokens, left out"] == 1


def test_bars_and_white_space_in_values_are_escaped(tmp_path: Path) -> None:
    document = Pipeline()("阿里巴巴漲。", id="a")
    document.entities[0].by = "a|b\\c d"
    export(ConlluExporter(tmp_path / "a.conllu"), [document])
    (sentences,) = read(tmp_path / "a.conllu").values()
    assert sentences[0][0]["misc"]["NERBy"] == "a\\pb\\\\c\\sd"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_random_text(tmp_path: Path, text: str) -> None:
    document = RANDOM_PIPELINE(text, id="random")
    export(ConlluExporter(tmp_path / "a.conllu"), [document])
    check(document, read(tmp_path / "a.conllu").get("random", []))
