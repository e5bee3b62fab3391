"""Training of the tagger, on a handful of sentences written here."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from pipeline.document import Document
from pipeline.resources import Resources
from pipeline.stages.entities.tagger import Tagger
from pipeline.stages.entities.tagger.decode import LABELS, allowed
from pipeline.stages.segment import Segmenter
from pipeline.train import data
from pipeline.train.crf import Sentences, gradient
from pipeline.train.data import Example
from pipeline.train.generate import Generator
from pipeline.train.silver import with_lexicon

pytest.importorskip("scipy", reason="training needs the extra train")


def _sentences(count: int) -> list[Example]:
    names = ["张勇", "李娜", "王强", "赵敏"]
    firms = ["天海集团", "鼎信公司", "瑞丰银行"]
    made = []
    for at in range(count):
        name, firm = names[at % len(names)], firms[at % len(firms)]
        text = f"{firm}董事长{name}表示满意。"
        end = len(firm) + 3
        spans = ((0, len(firm), "ORG"), (end, end + len(name), "PER"))
        made.append(Example(text, spans))
    return made


def test_training_gives_weights_that_tag_and_the_same_ones_again(tmp_path: Path) -> None:
    from pipeline.train.entities import train

    for name in ("first", "second"):
        train({"own": _sentences(300)}, tmp_path / name / "weights.npz", 1, lambda _: None)
    first = (tmp_path / "first" / "weights.npz").read_bytes()
    assert first == (tmp_path / "second" / "weights.npz").read_bytes()
    text = "鼎信公司董事长赵敏表示满意。"
    document = Document(text)
    document.text = text
    Segmenter().process(document)
    tagger = Tagger(weights=tmp_path / "first" / "weights.npz")
    found = [(text[m.start : m.end], m.label) for m in tagger.find(document)]
    assert found == [("鼎信公司", "ORG"), ("赵敏", "PERSON")]


def test_the_gradient_is_that_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    lengths, labels = np.array([3, 2]), np.array([1, 2, 3, 0, 4], np.int8)
    sentences = Sentences(np.array([0, 3]), lengths, labels, np.ones(2, np.float32))
    (batch,) = sentences.batches(100, rng)
    scores = rng.normal(size=(5, LABELS)).astype(np.float32)
    transitions = rng.normal(size=(LABELS, LABELS)).astype(np.float32)
    by_score, by_transition = gradient(batch, scores, transitions)

    def loss(scores: np.ndarray, transitions: np.ndarray) -> float:
        total, at = 0.0, 0
        masked = np.where(allowed(), transitions, -np.inf)
        for row in batch.inside:
            size = int(row.sum())
            gold = batch.labels[at : at + size].tolist()
            paths = itertools.product(range(LABELS), repeat=size)
            values = [_value(scores[at : at + size], masked, path) for path in paths]
            total += np.logaddexp.reduce(values) - _value(scores[at : at + size], masked, gold)
            at += size
        return float(total)

    for index in [(0, 1), (2, 3), (4, 0)]:
        step = np.zeros_like(scores)
        step[index] = 1e-2
        slope = (loss(scores + step, transitions) - loss(scores - step, transitions)) / 2e-2
        assert by_score[index] == pytest.approx(slope, abs=2e-3)
    for pair in [(0, 1), (1, 2), (3, 0)]:
        step = np.zeros_like(transitions)
        step[pair] = 1e-2
        slope = (loss(scores, transitions + step) - loss(scores, transitions - step)) / 2e-2
        assert by_transition[pair] == pytest.approx(slope, abs=2e-3)


def _value(scores: np.ndarray, transitions: np.ndarray, path: tuple[int, ...] | list[int]) -> float:
    around = [0, *path, 0]
    total = sum(transitions[a, b] for a, b in itertools.pairwise(around))
    return float(total + sum(scores[i, y] for i, y in enumerate(path)))


def test_made_sentences_have_their_names_where_they_say() -> None:
    made = Generator(Resources(), 1).sentences(1)
    assert made == Generator(Resources(), 1).sentences(1)
    assert made != Generator(Resources(), 2).sentences(1)
    for example in made:
        assert "{" not in example.text
        for start, end, label in example.spans:
            assert label in data.LABELS
            assert 0 <= start < end <= len(example.text)


def test_the_lexicon_is_laid_over_other_labels() -> None:
    text = "英伟达与阿里巴巴集团控股的人见面"
    given = [Example(text, ((0, 3, "PER"), (4, 12, "ORG")))]
    ((example,)) = with_lexicon(given, Resources())
    assert (0, 3, "ORG") in example.spans
    assert (4, 12, "ORG") in example.spans
    assert len(example.spans) == 2


def test_readers(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("# text = 張勇在北京 OK\n1\t張勇\tB-PER\t-\t-\n2\t在\tO\t-\t-\n"
                    "3\t北京\tB-LOC\t-\t-\n4\tOK\tO\t-\t-\n", encoding="utf-8")
    assert data.uner(path) == [Example("张勇在北京 OK", ((0, 2, "PER"), (3, 5, "LOC")))]
    path.write_text("张0\tB-PER.NAM\n勇1\tI-PER.NAM\n美0\tB-GPE.NAM\n人0\tB-PER.NOM\n",
                    encoding="utf-8")
    assert data.weibo(path) == [Example("张勇美人", ((0, 2, "PER"), (2, 3, "LOC")))]
    path.write_text("高 B-NAME\n勇 E-NAME\n汉 B-RACE\n", encoding="utf-8")
    assert data.resume(path) == [Example("高勇汉", ((0, 2, "PER"),))]
    path.write_text("甲公司\t甲\t持股\t甲公司是甲的\n\n", encoding="utf-8")
    assert data.finre(path) == [Example("甲公司是甲的", ((0, 3, "ORG"), (4, 5, "ORG")))]
    path.write_text('{"text": "张勇", "label": {"name": {"张勇": [[0, 1]]}, "game": {"x": [[0, 0]]}}}\n',
                    encoding="utf-8")
    assert data.cluener(path) == [Example("张勇", ((0, 2, "PER"),))]
    path.write_text('{"text": "甲\\u2028乙", "entities": [[0, 1, "ORG"]]}\n', encoding="utf-8")
    assert data.silver(path) == [Example("甲\u2028乙", ((0, 1, "ORG"),))]


def test_own_gold_files(tmp_path: Path) -> None:
    (tmp_path / "a.gold").write_text(
        "<title><ORG>騰訊</ORG>漲</title>\n<GPE>香港</GPE>的<PERSON>張勇</PERSON>\n", encoding="utf-8"
    )
    assert data.gold(tmp_path) == [
        Example("腾讯涨", ((0, 2, "ORG"),)),
        Example("香港的张勇", ((0, 2, "LOC"), (3, 5, "PER"))),
    ]
