"""How pipelines are put together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline import (
    BoilerplateStripper,
    Document,
    EntityRecognizer,
    Normalizer,
    NumberExtractor,
    Pipeline,
    Segmenter,
    Settings,
    Stage,
)
from pipeline.errors import DocumentError, PipelineError, SettingsError


class Shouting:
    """A stage of a user: it needs no base class, only the protocol."""

    name = "shouting"
    requires: tuple[str, ...] = ("numbers",)
    provides: tuple[str, ...] = ("shouts",)

    def __call__(self, document: Document | str) -> Document:
        assert isinstance(document, Document)
        document.warnings.append(f"{len(document.numbers)} numbers!")
        return document


def test_default_order() -> None:
    assert [stage.name for stage in Pipeline().stages] == [
        "normalize", "segment", "entities", "numbers", "boilerplate",
    ]


def test_a_missing_layer_is_named_when_the_pipeline_is_built() -> None:
    with pytest.raises(PipelineError, match=r"'segment' requires text.*provided so far: nothing"):
        Pipeline(stages=["segment"])
    with pytest.raises(PipelineError, match="'numbers' requires entities"):
        Pipeline(stages=["normalize", "segment", "numbers"])


def test_an_unknown_stage_is_named_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="no stage 'sentiment'; known: boilerplate, entities"):
        Pipeline(stages=["sentiment"])


def test_a_stage_of_ones_own() -> None:
    assert isinstance(Shouting(), Stage)
    doc = Pipeline(stages=["normalize", "segment", "entities", "numbers", Shouting()])("3億元")
    assert doc.warnings == ["1 numbers!"]
    assert doc.pipeline.stages[-1] == "shouting"


def test_no_stages_leave_the_document_as_it_is() -> None:
    assert Pipeline(stages=[])("甲").text == "甲"


def test_each_stage_works_alone_on_a_string() -> None:
    assert Normalizer()("臺灣積體電路").text == "台湾积体电路"
    assert [t.text for t in Segmenter()("臺灣經濟").tokens] == ["台湾", "经济"]
    assert [e.name for e in EntityRecognizer()("台積電公布財報").entities] == ["台积电"]
    assert NumberExtractor()("營收3億美元").numbers[0].value == 300_000_000
    assert BoilerplateStripper()("正文。\n責任編輯：王小明").boilerplate[0].label == "editor"


def test_settings_as_keywords_or_object() -> None:
    assert Pipeline(normalize={"conversion": "none"})("臺灣").text == "臺灣"
    assert Pipeline(Settings.make({"normalize": {"conversion": "t2s"}}))("臺灣").text == "台湾"
    with pytest.raises(SettingsError, match="not both"):
        Pipeline(Settings(), normalize={})


def test_the_fingerprint_follows_the_settings() -> None:
    default = Pipeline().info.fingerprint
    assert Pipeline().info.fingerprint == default
    assert Pipeline(entities={"merge_tokens": False}).info.fingerprint != default


def test_a_lone_surrogate_is_refused_with_its_place() -> None:
    with pytest.raises(DocumentError, match="lone surrogate at code point 2"):
        Pipeline()("營收\ud800")


def test_an_empty_string_is_an_empty_document() -> None:
    doc = Pipeline()("")
    assert (doc.text, list(doc.tokens), doc.clean_text) == ("", [], "")


class Together:
    """A stage that prepares documents together, and cannot do some of them."""

    name = "together"
    requires: tuple[str, ...] = ("text",)
    provides: tuple[str, ...] = ()

    def prepare(self, documents: Sequence[Document]) -> None:
        for document in documents:
            document.prepared["together"] = len(documents)
            if "！" in document.text:
                raise RuntimeError("the whole batch")

    def __call__(self, document: Document | str) -> Document:
        assert isinstance(document, Document)
        if "？" in document.text:
            raise ValueError(document.text)
        document.warnings.append(f"with {document.prepared.pop('together', 'none')}")
        return document


def test_a_stage_may_prepare_documents_together() -> None:
    pipeline = Pipeline(stages=["normalize", Together()])
    assert [d.warnings for d in pipeline.pipe("甲乙丙", batch_size=2)] == [
        ["with 2"], ["with 2"], ["with none"],
    ]
    assert pipeline("甲").warnings == ["with none"]


def test_an_error_in_a_batch_ends_only_its_document() -> None:
    pipeline = Pipeline(stages=["normalize", Together()])
    attempts = list(pipeline.batch([Document(text) for text in ("甲", "乙？", "丙！", "丁")]))
    assert [attempt.stage for attempt in attempts] == ["together"] * 4
    assert [type(attempt.error) for attempt in attempts] == [
        type(None), ValueError, type(None), type(None),
    ]
    assert all(attempt.seconds > 0 for attempt in attempts)
    stream = pipeline.pipe(["甲", "\ud800"])
    assert next(stream).text == "甲"
    with pytest.raises(DocumentError, match="lone surrogate"):
        next(stream)
    stream = pipeline.pipe(["甲", "乙？", "丁"])
    assert next(stream).text == "甲"
    with pytest.raises(ValueError, match="乙？"):
        next(stream)


def test_tokens_that_are_a_list_are_refused_at_the_stage_that_set_them() -> None:
    class Lister:
        name = "lister"
        requires: tuple[str, ...] = ("tokens",)
        provides: tuple[str, ...] = ()

        def __call__(self, document: Document | str) -> Document:
            assert isinstance(document, Document)
            document.tokens = list(document.tokens)  # type: ignore[assignment]
            return document

    with pytest.raises(PipelineError, match=r"'lister' set the document's tokens to a list"):
        Pipeline(stages=["normalize", "segment", Lister(), "entities"])("甲公司")
