"""The agreement of tags with jieba.posseg, as it is counted."""

from __future__ import annotations

from pipeline.bench.tags import compare


def test_agreement_is_counted_by_span_and_tag() -> None:
    found = compare(["我们在北京吃饭。", "營收增長"])
    every, known, unknown = found.values()
    assert every.tokens == known.tokens + unknown.tokens == 7
    assert every.same_span == 7
    assert every.same_tag == 7 - every.differences.total()
    # A word that only the hidden Markov model finds.
    assert every.differences["营收", "v", "n"] == 1


def test_the_default_tags_are_those_of_jiebas_dictionary() -> None:
    known = compare(["我们在北京吃饭，银行增加投资，经济发展很快。"])["in the dictionary"]
    assert known.tokens == known.same_span == known.same_tag > 8
