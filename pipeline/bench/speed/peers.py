"""What people use today for parts of the same work: each reads one text at a time.

`jieba.lcut` and the naive pipeline read the source text, as zhpipe does. The others were made for
simplified text and get it, converted beforehand: `jieba.posseg` takes twenty times as long for
traditional text. The slow ones get a sample.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[str], object]
# What a pipeline of an afternoon finds: numbers with a unit behind them.
_NAIVE_NUMBER = re.compile(
    r"\d[\d,]*(?:\.\d+)?\s*(?:[%％]|[万亿千百]*(?:美元|港元|元|人民币|个百分点|年|月|日|股|点)?)"
)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another way to do a part of the work.

    Attributes:
        name: its row in the table.
        packages: what pip installs for it.
        load: makes it ready; raises ImportError where a package is missing.
        characters: how many code points of the text it is given about; None for all.
        simplified: whether the text is converted for it.
    """

    name: str
    packages: str
    load: Callable[[], Work]
    characters: int | None = None
    simplified: bool = True


def _lcut() -> Work:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    lcut: Work = jieba.lcut
    return lcut


def _posseg() -> Work:
    import jieba.posseg

    _lcut()
    lcut: Work = jieba.posseg.lcut
    return lcut


def _naive() -> Work:
    from opencc import OpenCC

    convert, tag = OpenCC("t2s").convert, _posseg()

    def work(source: str) -> bytes:
        text = convert(source)
        pairs = tag(text)
        assert isinstance(pairs, list)
        tokens, start = [], 0
        for pair in pairs:
            end = start + len(pair.word)
            tokens.append({"start": start, "end": end, "text": pair.word, "pos": pair.flag})
            start = end
        numbers = [
            {"start": m.start(), "end": m.end(), "text": m[0]} for m in _NAIVE_NUMBER.finditer(text)
        ]
        found = {"source_text": source, "text": text, "tokens": tokens, "numbers": numbers}
        return json.dumps(found, ensure_ascii=False).encode()

    return work


def _spacy() -> Work:
    import spacy

    _lcut()
    # By default the pipeline would cut characters; jieba is the nearest to ours.
    read: Work = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    return read


def _jionlp() -> Work:
    # It prints advertisements when it is imported.
    with contextlib.redirect_stdout(io.StringIO()):
        import jionlp

    # It writes what it cannot read to the root logger, with the trace.
    logging.getLogger().setLevel(logging.CRITICAL)
    money, times = jionlp.ner.extract_money, jionlp.ner.extract_time
    # Without a date it would take the computer's clock.
    base = {"year": 2025, "month": 8, "day": 6}

    def work(text: str) -> tuple[object, object]:
        return money(text, with_parsing=True), times(text, time_base=base)

    return work


def _recognizers() -> Work:
    from recognizers_date_time import DateTimeRecognizer
    from recognizers_number import NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer
    from recognizers_text import Culture

    numbers = NumberRecognizer(Culture.Chinese)
    models = [
        numbers.get_number_model(),
        numbers.get_percentage_model(),
        NumberWithUnitRecognizer(Culture.Chinese).get_currency_model(),
        DateTimeRecognizer(Culture.Chinese).get_datetime_model(),
    ]
    return lambda text: [model.parse(text) for model in models]


LCUT = Peer("jieba.lcut", "jieba", _lcut, simplified=False)
PEERS: Sequence[Peer] = (
    Peer("jieba.lcut, simplified", "jieba", _lcut),
    Peer("jieba.posseg.lcut, simplified", "jieba", _posseg, 100_000),
    Peer("opencc + posseg + re + json", "opencc jieba", _naive, 100_000, simplified=False),
    Peer("spaCy blank zh with jieba", "spacy", _spacy, 100_000),
    Peer("JioNLP money, time", "jionlp", _jionlp, 20_000),
    # Numbers, percentages, currencies, dates.
    Peer("MS Recognizers, four models", "recognizers-text-suite 'emoji<2'", _recognizers, 4_000),
)
