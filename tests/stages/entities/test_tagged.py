"""What becomes of the tagger's mentions, whatever the weights say: here the tests say it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline import EntityRecognizer
from pipeline.document import Document
from pipeline.stages.entities.mentions import Mention
from pipeline.stages.segment import Segmenter

Seen = list[tuple[str, str, float]]


class _Tagger:
    """Sees what it is told to see."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def find(self, document: Document) -> Iterator[Mention]:
        for name, label, score in self._seen:
            start = document.text.index(name)
            yield Mention(start, start + len(name), label, f"tagger:{label}", 4, score)


RECOGNIZER = EntityRecognizer()


def names(monkeypatch: pytest.MonkeyPatch, text: str, seen: Seen) -> list[tuple[str, str]]:
    assert RECOGNIZER._tagged is not None
    monkeypatch.setattr(RECOGNIZER._tagged, "_tagger", _Tagger(seen))
    document = Document(text)
    document.text = text
    Segmenter().process(document)
    return [(text[m.start : m.end], m.label) for m in RECOGNIZER.find(document)]


@pytest.mark.parametrize(
    ("text", "seen", "expected"),
    [
        pytest.param(
            "他在青岚里咖啡店等人。", ("青岚里", "LOC", 0.9), ("青岚里", "GPE"), id="taken as it is"
        ),
        pytest.param("据顾先生介绍。", ("顾先生", "PERSON", 0.9), ("顾", "PERSON"), id="no honorific"),
        pytest.param(
            "湘潭钢铁公司昨日复产。", ("湘潭钢铁公司", "ORG", 0.7), ("湘潭钢铁公司", "ORG"),
            id="common words with a place name a company",
        ),
        pytest.param(
            "他加入了华纳兄弟公司。", ("华纳兄弟公司", "ORG", 0.8), ("华纳兄弟公司", "ORG"),
            id="公司 behind a known name, where the tagger sees it",
        ),
        pytest.param(
            "游客挤满了福州火车站。", ("福州火车站", "LOC", 0.9), ("福州火车站", "LOC"),
            id="a feature that begins with a place",
        ),
        pytest.param(
            "青岚里学院很小。", ("青岚里学院", "ORG", 0.4), ("青岚里学院", "ORG"),
            id="unsure, but its end says what it is",
        ),
        pytest.param(
            "印度国防部没有回应。", ("印度国防部", "ORG", 0.7), ("印度国防部", "ORG"),
            id="another country's ministry",
        ),
    ],
)  # fmt: skip
def test_taken(
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    seen: tuple[str, str, float],
    expected: tuple[str, str],
) -> None:
    assert names(monkeypatch, text, [seen]) == [expected]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("一家SaaS公司上市。", ("SaaS公司", "ORG", 0.9), id="says what it does"),
        pytest.param("多家银行下调利率。", ("多家银行", "ORG", 0.9), id="a count"),
        pytest.param("公司没有回应。", ("公司", "ORG", 0.9), id="generic"),
        pytest.param("青岚里的人不多。", ("青岚里", "LOC", 0.3), id="unsure"),
        pytest.param("青岚里学派很多。", ("青岚里学派", "ORG", 0.4), id="unsure of an organisation"),
        pytest.param("上周二，他来过。", ("上周二", "PERSON", 0.6), id="a weekday"),
        pytest.param("民国113年，他来过。", ("民国", "LOC", 0.9), id="a year"),
    ],
)
def test_not_taken(monkeypatch: pytest.MonkeyPatch, text: str, seen: tuple[str, str, float]) -> None:
    assert names(monkeypatch, text, [seen]) == []


def test_a_known_name_and_a_word_that_jieba_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """jieba's hidden Markov model reads 辉达下 as one word; the dictionary has none such."""
    found = names(monkeypatch, "他看好辉达下一季表现。", [("辉达下", "PERSON", 0.8)])
    assert found == [("辉达", "ORG")]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("辉达业绩快报出炉。", "辉达业绩快报", id="a report"),
        pytest.param("辉达控股股东减持。", "辉达控股", id="its shareholders"),
        pytest.param("财经讯 辉达走高。", "财经讯 辉达", id="a space between Chinese words"),
    ],
)
def test_what_is_beside_a_known_name(
    monkeypatch: pytest.MonkeyPatch, text: str, seen: str
) -> None:
    assert names(monkeypatch, text, [(seen, "ORG", 0.95)]) == [("辉达", "ORG")]


def test_two_known_places_are_no_organisation(monkeypatch: pytest.MonkeyPatch) -> None:
    found = names(monkeypatch, "工厂设在日本东京。", [("日本东京", "ORG", 0.9)])
    assert found == [("日本", "GPE"), ("东京", "GPE")]


def test_a_person_by_form_needs_the_tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    """周立诚 stands before a verb of speaking; the tagger decides, here or elsewhere."""
    text = "周立诚指出，需求在恢复。市场相信周立诚。"
    assert names(monkeypatch, text, []) == []
    assert names(monkeypatch, text, [("周立诚", "PERSON", 0.5)]) == [("周立诚", "PERSON")] * 2


def test_a_full_name_begins_where_the_tagger_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise it may begin too early; and so may the short form of it."""
    name = "宏川远海工程股份有限公司"
    text = f"他历任{name}董事。宏川远海工程随后停牌。"
    found = names(monkeypatch, text, [(name, "ORG", 0.57)])
    assert found == [(name, "ORG"), ("宏川远海工程", "ORG")]


def test_a_bracket_alone_begins_no_full_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(monkeypatch, "某某(北京)股份有限公司", [("北京", "LOC", 0.9)]) == [("北京", "GPE")]


def test_a_surname_is_no_family(monkeypatch: pytest.MonkeyPatch) -> None:
    """吕建明的公司 does not make 吕建明 a company."""
    found = names(monkeypatch, "吕建明的公司亏损，吕建明离职。", [("吕建明", "PERSON", 0.9)])
    assert found == [("吕建明", "PERSON")] * len(found)


def test_a_known_company_with_its_legal_form_is_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert RECOGNIZER._tagged is not None
    seen = [("华特迪士尼公司", "ORG", 0.8)]
    monkeypatch.setattr(RECOGNIZER._tagged, "_tagger", _Tagger(seen))
    (entity,) = RECOGNIZER("华特迪士尼公司没有回应。").entities
    assert (entity.text, entity.id) == ("华特迪士尼公司", "org/disney")
    assert entity.by == "lexicon:companies:迪士尼+tagger:公司"
