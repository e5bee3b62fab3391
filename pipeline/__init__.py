"""Chinese news in, JSON annotations with exact offsets into the original text out.

>>> from pipeline import Pipeline
>>> doc = Pipeline()("阿里雲收入265.49億元人民幣。")
>>> doc.numbers[0].value, doc.numbers[0].unit, doc.numbers[0].source_text
(26549000000, 'CNY', '265.49億元人民幣')

The public names are imported on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.alignment import Alignment as Alignment
    from pipeline.chain import Pipeline as Pipeline
    from pipeline.chain import Stage as Stage
    from pipeline.config import Settings as Settings
    from pipeline.document import Boilerplate as Boilerplate
    from pipeline.document import Document as Document
    from pipeline.document import Entity as Entity
    from pipeline.document import Number as Number
    from pipeline.document import Sentence as Sentence
    from pipeline.errors import ZhpipeError as ZhpipeError
    from pipeline.stages.boilerplate import BoilerplateStripper as BoilerplateStripper
    from pipeline.stages.entities import EntityRecognizer as EntityRecognizer
    from pipeline.stages.normalize import Normalizer as Normalizer
    from pipeline.stages.numbers import NumberExtractor as NumberExtractor
    from pipeline.stages.segment import Segmenter as Segmenter
    from pipeline.tokens import Token as Token
    from pipeline.tokens import Tokens as Tokens

__version__ = "0.1.0"

_HOMES = {
    "Alignment": "pipeline.alignment",
    "Boilerplate": "pipeline.document",
    "BoilerplateStripper": "pipeline.stages.boilerplate",
    "Document": "pipeline.document",
    "Entity": "pipeline.document",
    "EntityRecognizer": "pipeline.stages.entities",
    "Normalizer": "pipeline.stages.normalize",
    "Number": "pipeline.document",
    "NumberExtractor": "pipeline.stages.numbers",
    "Pipeline": "pipeline.chain",
    "Segmenter": "pipeline.stages.segment",
    "Sentence": "pipeline.document",
    "Settings": "pipeline.config",
    "Stage": "pipeline.chain",
    "Token": "pipeline.tokens",
    "Tokens": "pipeline.tokens",
    "ZhpipeError": "pipeline.errors",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - the names are strings


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
