"""The statistical tagger: features, decoding, weights, training; see also `test_tagged`."""

from __future__ import annotations

import itertools
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document, Sentence
from pipeline.errors import ResourceError
from pipeline.resources import Resources
from pipeline.stages.entities.tagger import Tagger, decode
from pipeline.stages.entities.tagger.features import GAP, SLOTS, View, lay_out, slots
from pipeline.stages.entities.tagger.model import NAME, Model
from pipeline.stages.entities.tagger.vocabulary import NOTHING, UNKNOWN, Vocabulary
from pipeline.stages.segment import Segmenter
from pipeline.tokens import Token, Tokens

TEXT = "阿里巴巴集團董事長蔡崇信昨日在杭州表示，公司將投資3800億元。\n据路透社报道，马斯克访问了中国。"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger()


def _document(text: str) -> Document:
    document = Document(text)
    document.text = text
    Segmenter().process(document)
    return document


def _slots(text: str) -> dict[int, list[int]]:
    row = lay_out([View.of(_document(text))])
    by_template = np.concatenate([slot for _, slot in slots(row)], axis=1)[:, row.place]
    return {int(o): [int(s[i]) for s in by_template] for i, o in enumerate(row.offset)}


def test_features_are_slots_of_every_character_in_a_sentence() -> None:
    found = _slots(TEXT)
    assert set(found) == {i for i, c in enumerate(TEXT) if c != "\n"}
    assert all(0 <= slot < SLOTS for slots_ in found.values() for slot in slots_)
    assert len({len(s) for s in found.values()}) == 1


def test_features_do_not_see_other_sentences() -> None:
    alone, joined = _slots("他说。"), _slots("张勇来了。他说。阿里云涨。")
    assert alone[0] == joined[5]
    assert alone[2] == joined[7]


def test_width_case_and_digits_make_no_difference_but_the_class_does() -> None:
    narrow, wide = _slots("iPhone15手机"), _slots("ｉＰｈｏｎｅ１5手机")
    same = [a == b for a, b in zip(narrow[8], wide[8], strict=True)]
    assert sum(same) > len(same) / 2
    assert _slots("买3个")[1] == _slots("买7个")[1]


def test_layout() -> None:
    document = Document("甲乙。丙")
    document.sentences = [Sentence(0, 3), Sentence(3, 4)]
    document.tokens = Tokens([0], [2], ["甲乙"], ["n"])
    row = lay_out([View.of(document)])
    assert row.place.tolist() == [GAP, GAP + 1, GAP + 2, 2 * GAP + 3]
    assert row.offset.tolist() == [0, 1, 2, 3]
    assert row.part[row.place].tolist() == [1, 3, 0, 0]
    assert len(set(row.covering[row.place[:2]].tolist())) == 1
    assert row.covering[row.place[2:]].tolist() == [0, 0]
    assert not row.char[[0, GAP - 1, GAP + 3, -1]].any()


def test_parts_of_a_row_see_what_the_whole_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _slots(20 * TEXT)
    monkeypatch.setattr("pipeline.stages.entities.tagger.features._PART", 7)
    row = lay_out([View.of(_document(20 * TEXT))])
    parts = [part for part, _ in slots(row)]
    assert len(parts) > 20 and parts[0].start == 0 and parts[-1].stop == len(row.char)
    assert all(a.stop == b.start for a, b in pairwise(parts))
    assert _slots(20 * TEXT) == whole


def test_addresses_are_no_characters() -> None:
    text = "见www.example.com/articles/2025/今天"
    row = lay_out([View.of(_document(text))])
    seen = [text[offset] for offset, char in zip(row.offset, row.char[row.place], strict=True) if char]
    assert seen == ["见", "今", "天"]


def test_documents_together_are_seen_as_each_alone(tagger: Tagger) -> None:
    texts = ["马斯克访问了中国。", "", "据路透社报道，", "\n", "张勇和马斯克会谈。\n新华社"]
    documents = [_document(text) for text in texts]
    assert tagger.find_all(documents) == [tagger.find(document) for document in documents]
    assert [bool(found) for found in tagger.find_all(documents)] == [True, False, True, False, True]
    assert tagger.find_all([]) == []


def test_a_sentence_that_comes_back_has_the_same_names(tagger: Tagger) -> None:
    once, twice = tagger.find_all([_document(TEXT), _document(f"{TEXT}\n{TEXT}")])
    shift = len(TEXT) + 1
    assert once
    assert [(m.start, m.end, m.label, m.score) for m in twice] == [
        (m.start + by, m.end + by, m.label, m.score) for by in (0, shift) for m in once
    ]


def test_a_sentence_of_which_a_part_is_an_address_is_another_one(tagger: Tagger) -> None:
    # The question mark ends a sentence, but not the address.
    sentence = "Kellner总裁昨日在北京表示。"
    documents = [_document(f"见 https://abcdef.com/pages/x?{sentence}"), _document(sentence)]
    assert tagger.find_all(documents) == [tagger.find(document) for document in documents]
    assert [len(found) for found in tagger.find_all(documents)] == [1, 2]


def test_a_sentence_with_other_tokens_is_another_one(tagger: Tagger) -> None:
    documents = [_document(TEXT), _document(TEXT)]
    documents[0].tokens = Tokens.of(Token(at, at + 1, TEXT[at], "x") for at in range(len(TEXT)))
    assert tagger.find_all(documents) == [tagger.find(document) for document in documents]
    assert tagger.find(documents[0]) != tagger.find(documents[1])


def test_tokens_of_other_sentences_are_not_seen() -> None:
    view = View.of(_document("马云来了。阿里巴巴涨了。马化腾走了。"))
    alone = lay_out([View.of(_document("阿里巴巴涨了。"))])
    chosen = lay_out([view._replace(sentences=view.sentences[1:2])])
    for name in ("char", "kind", "covering", "part", "word", "tag", "last", "length"):
        assert getattr(chosen, name).tolist() == getattr(alone, name).tolist(), name


def test_a_token_over_the_end_of_its_sentence_is_seen_up_to_there(tagger: Tagger) -> None:
    text = "据路透社报道。123456789。马斯克访问了中国。"
    document = _document(text)
    document.tokens = Tokens.of([Token(0, len(text), text, "n")])
    row = lay_out([View.of(document)])
    first = len("据路透社报道。")
    assert row.covering.astype(bool).tolist() == [
        GAP <= position < GAP + first for position in range(len(row.char))
    ]
    assert tagger.find_all([document]) == [tagger.find(document)]


def test_vocabulary() -> None:
    vocabulary = Vocabulary(np.array([7, 9, 2**31], np.uint32))
    assert len(vocabulary) == 5
    assert vocabulary.numbers(np.array([0, 7, 8, 2**31, 9], np.uint32)).tolist() == [
        NOTHING, 2, UNKNOWN, 4, 3,
    ]


def test_labels_to_spans_and_back() -> None:
    spans = [(0, 1, 0), (1, 4, 2), (6, 8, 1)]
    starts, ends, kinds = decode.spans(decode.encode(spans, 9))
    assert list(zip(starts.tolist(), ends.tolist(), kinds.tolist(), strict=True)) == spans


def _value(path: tuple[int, ...], scores: np.ndarray, transitions: np.ndarray) -> float:
    around = (0, *path, 0)
    total = sum(transitions[a, b] for a, b in itertools.pairwise(around))
    return float(total + sum(scores[i, y] for i, y in enumerate(path)))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 3), min_size=1, max_size=3))
def test_viterbi_finds_the_best_path_of_every_stretch(seed: int, lengths: list[int]) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(sum(lengths), decode.LABELS)).astype(np.float32)
    transitions = np.where(
        decode.allowed(), rng.normal(size=(decode.LABELS,) * 2), decode.IMPOSSIBLE
    ).astype(np.float32)
    labels = decode.viterbi(scores, np.array(lengths), transitions)
    start = 0
    for length in lengths:
        inside = scores[start : start + length]
        paths = itertools.product(range(decode.LABELS), repeat=length)
        best = max(_value(path, inside, transitions) for path in paths)
        found = tuple(labels[start : start + length].tolist())
        assert _value(found, inside, transitions) == pytest.approx(best, abs=1e-3)
        start += length


def test_runs() -> None:
    assert decode.runs(np.array([0, 3, 4, 5, 9])).tolist() == [1, 3, 1]
    assert decode.runs(np.array([], np.int64)).tolist() == []


def test_names_are_found(tagger: Tagger) -> None:
    text = "据路透社报道，马斯克访问了中国。"
    found = {(text[m.start : m.end], m.label) for m in tagger.find(_document(text))}
    assert {("路透社", "ORG"), ("马斯克", "PERSON"), ("中国", "LOC")} <= found


def test_scores_and_reasons(tagger: Tagger) -> None:
    for mention in tagger.find(_document(TEXT)):
        assert 0 <= mention.score <= 1
        assert mention.by == f"tagger:{mention.label}"


@pytest.mark.parametrize("text", ["", "\n", "。", "A", "中", "😀", "\x00", "𠮷野家在東京", "·" * 50])
def test_odd_text(tagger: Tagger, text: str) -> None:
    for mention in tagger.find(_document(text)):
        assert 0 <= mention.start < mention.end <= len(text)


def test_astral_characters_move_nothing(tagger: Tagger) -> None:
    plain = [(m.start, m.end) for m in tagger.find(_document("据路透社报道，马斯克访问了中国。"))]
    text = "😀😀\n据路透社报道，马斯克访问了中国。"
    moved = [(m.start - 3, m.end - 3) for m in tagger.find(_document(text))]
    assert moved == plain


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_mentions_are_in_order_and_within_a_sentence(text: str) -> None:
    document = _document(text)
    done = 0
    for mention in TAGGER.find(document):
        assert done <= mention.start < mention.end
        assert any(s.start <= mention.start and mention.end <= s.end for s in document.sentences)
        done = mention.end


TAGGER = Tagger()


def test_the_same_whatever_else_is_in_the_document(tagger: Tagger) -> None:
    sentences = ["据路透社报道，马斯克访问了中国。", "上海复星高科技有限公司昨日公告。", "他没有说什么。"]
    alone = [[(m.start, m.end, m.label) for m in tagger.find(_document(s))] for s in sentences]
    text = "".join(sentences * 3)
    expected, at = [], 0
    for sentence, found in zip(sentences * 3, alone * 3, strict=True):
        expected += [(at + start, at + end, label) for start, end, label in found]
        at += len(sentence)
    together = [(m.start, m.end, m.label) for m in tagger.find(_document(text))]
    assert together == expected
    assert list(tagger.find(_document(text))) == list(Tagger().find(_document(text)))


@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\x03\x04broken"])
def test_bad_weights_are_reported_with_their_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(ResourceError, match=r"weights\.npz"):
        Tagger(Resources(tmp_path))


def test_weights_without_an_array_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    np.savez(path, slots=np.zeros(1, np.uint32))
    with pytest.raises(ResourceError, match=r"weights\.npz.*linear"):
        Model.load(path)


def test_weights_are_small() -> None:
    assert Resources().file(NAME).stat().st_size <= 10_000_000
