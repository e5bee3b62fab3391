"""The JSON contract: written, validated, read back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from pipeline import Document, Pipeline
from pipeline.errors import ContractError
from pipeline.schema import json_schema
from pipeline.serialize import LAYERS


@pytest.fixture(scope="module")
def doc(pipeline: Pipeline) -> Document:
    return pipeline("台積電（2330-TW）第三季營收約7,596.9億元，年增39%，佔比6.5成。\r\n　責任編輯：林小姐")


def test_fields_stand_in_the_order_of_the_contract(doc: Document) -> None:
    data = json.loads(doc.to_json())
    assert list(data) == [
        "schema_version", "offset_unit", "id", "source", "metadata", "source_text", "text",
        "alignment", "clean_text", "sentences", "tokens", "entities", "numbers", "boilerplate",
        "warnings", "pipeline",
    ]
    assert list(data["entities"][0]) == [
        "start", "end", "text", "label", "id", "name", "tickers", "source_start", "source_end",
        "source_text", "by", "score",
    ]
    money = next(n for n in data["numbers"] if n["label"] == "MONEY")
    assert list(money) == [
        "start", "end", "text", "label", "value", "unit", "min", "max", "modifier", "cue",
        "source_start", "source_end", "source_text", "by", "change",
    ]
    date = next(n for n in data["numbers"] if n["label"] == "DATE")
    assert {"date_begin", "date_end"} <= set(date)


def test_read_back_without_loss(doc: Document) -> None:
    again = Document.from_json(doc.to_json())
    assert again.to_json() == doc.to_json()
    assert again.to_dict() == doc.to_dict()
    assert again.alignment.blocks == doc.alignment.blocks != ()


@pytest.mark.parametrize(("text", "digits"), [
    ("0.1億元", b'"value":10000000,'),
    ("3.14159265358979323846%", b'"value":3.14159265358979323846,'),
    ("99999999999999999999元", b'"value":99999999999999999999,'),
    ("12.50%", b'"value":12.5,'),
])
def test_values_are_exact_json_numbers(pipeline: Pipeline, text: str, digits: bytes) -> None:
    data = pipeline(text).to_json()
    assert digits in data
    value = Document.from_json(data).numbers[0].value
    assert isinstance(value, int | Decimal)


def test_the_schema_describes_what_is_written(doc: Document) -> None:
    schema = json_schema()
    data = json.loads(doc.to_json())
    assert set(schema["properties"]) == set(data)
    numbers = schema["$defs"]["NumberModel"]["properties"]
    assert {"type": "number"} in numbers["value"]["anyOf"]
    assert set(schema["required"]) == set(data) - set(LAYERS)


def _broken(doc: Document, change: dict[str, Any]) -> str:
    return json.dumps({**json.loads(doc.to_json()), **change}, ensure_ascii=False)


@pytest.mark.parametrize(("change", "message"), [
    ({"schema_version": "9.9"}, "schema_version"),
    ({"text": "別的"}, r"text\[0:3\] is not"),
    ({"colour": "red"}, "colour"),
    ({"tokens": [{"start": 0}]}, r"tokens.0"),
])
def test_what_breaks_the_contract_is_named(
    doc: Document, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ContractError, match=message):
        Document.from_json(_broken(doc, change))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"text"', b"null", b"\xff"])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(ContractError, match="not a zhpipe document"):
        Document.from_json(data)
