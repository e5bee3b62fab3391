"""The agreement of tags with jieba.posseg, as it is counted."""

from __future__ import annotations

from pipeline.bench.tags import compare


def test_agreement_is_counted_by_span_and_tag() -> None:
    every, known, other, rest = compare(["我们在北京吃饭。", "營收增長"]).values()
    assert (every.tokens, known.tokens, other.tokens, rest.tokens) == (7, 5, 1, 1)
    assert every.same_span == 7
    assert every.same_tag == 7 - every.differences.total()
    # A word that only the hidden Markov model finds.
    assert other.differences["营收", "v", "n"] == 1


def test_the_default_tags_are_those_of_jiebas_dictionary() -> None:
    known = compare(["我们在北京吃饭，银行增加投资，经济发展很快。"])["words of the dictionary"]
    assert known.tokens == known.same_span == known.same_tag > 8
