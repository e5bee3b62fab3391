"""Reads inputs: each becomes one document, or a document a record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any

from pipeline.document import Document
from pipeline.errors import DocumentError, ReadError
from pipeline.files.compression import open_input
from pipeline.files.encodings import Decoded, decode
from pipeline.files.inputs import Input
from pipeline.files.records import Records, read_csv, read_jsonl, read_parquet

# No encoding takes more than four bytes a code point; JSON may write one as twelve (\ud83d\ude00).
_BYTES_A_CHARACTER = 4
_JSON_BYTES_A_CHARACTER = 12
_OTHER_FIELDS = 1 << 20
# Formats of files that are one document.
WHOLE = ("txt", "md", "html")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How inputs are read.

    Attributes:
        encoding: a codec's name; by default it is found for each file.
        format: one of `inputs.FORMATS`' values; by default the file's name tells.
        max_chars: the longest text accepted, in code points; None for any.
        text_fields: the fields of a record that hold its text, joined by line feeds.
        id_field: the field that holds a record's id; by default the file's id and the record's
            number.
    """

    encoding: str | None = None
    format: str | None = None
    max_chars: int | None = None
    text_fields: tuple[str, ...] = ("text",)
    id_field: str | None = None


def read_input(
    item: Input,
    options: ReadOptions | None = None,
    on_open: Callable[[Callable[[], int]], None] = lambda position: None,
) -> Iterator[tuple[Input, Document | DocumentError]]:
    """The documents of one input, or in their place why there is none; files are streamed.

    Each comes with its own `Input`, whose id and location name the record.

    Args:
        on_open: see `open_input`.
    """
    options = options or ReadOptions()
    try:
        if item.problem is not None:
            raise ReadError(item.problem)
        with open_input(item, on_open) as stream:
            format = options.format or item.format
            if format in WHOLE:
                yield item, _whole(item, stream, format, options)
            else:
                yield from _records(item, _open_records(stream, format, options), options)
    except DocumentError as error:
        yield item, error


def source_hash(item: Input, options: ReadOptions) -> str:
    """SHA-256 of the bytes of a file that is one document: what its `Source.sha256` will be.

    Raises:
        ReadError: if the file cannot be read or is too long.
    """
    with open_input(item) as stream:
        return hashlib.sha256(_read(stream, options.max_chars)).hexdigest()


def _whole(item: Input, stream: IO[bytes], format: str, options: ReadOptions) -> Document:
    data = _read(stream, options.max_chars)
    extracted_by = None
    if format == "html":
        from pipeline.files.html import extract

        decoded = _decode_page(data, options.encoding)
        text, extracted_by = extract(decoded.text)
    else:
        decoded = decode(data, options.encoding)
        text = decoded.text
    _check(text, options.max_chars)
    return Document(
        text,
        id=item.id,
        path=item.path,
        encoding=decoded.encoding,
        encoding_by=decoded.by,
        extracted_by=extracted_by,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _decode_page(data: bytes, encoding: str | None) -> Decoded:
    """A page's encoding is found as any other's; where that fails, its own word is taken."""
    from pipeline.files.html import declared_encoding

    try:
        return decode(data, encoding)
    except ReadError:
        declared = declared_encoding(data)
        if encoding is not None or declared is None:
            raise
        return replace(decode(data, declared), by="declared in the page")


def _read(stream: IO[bytes], max_chars: int | None) -> bytes:
    if max_chars is None:
        data = stream.read()
    else:
        limit = _BYTES_A_CHARACTER * max_chars + 4
        data = stream.read(limit + 1)
        if len(data) > limit:
            raise ReadError(_too_long(f"more than {limit:,} bytes", max_chars))
    if not data:
        raise ReadError("the file is empty")
    return data


def _check(text: str, max_chars: int | None) -> None:
    if max_chars is not None and len(text) > max_chars:
        raise ReadError(_too_long(f"{len(text):,} code points", max_chars))
    if not text.strip():
        raise ReadError("there is nothing but white space")


def _too_long(size: str, max_chars: int) -> str:
    return (
        f"it is too long: {size}, and the limit is {max_chars:,} code points; split it, or "
        "raise the limit with --max-chars"
    )


def _open_records(stream: IO[bytes], format: str, options: ReadOptions) -> Records:
    longest = _JSON_BYTES_A_CHARACTER * (options.max_chars or (1 << 28)) + _OTHER_FIELDS
    if format == "jsonl":
        return read_jsonl(stream, options.encoding, longest)
    columns = [*options.text_fields, *([options.id_field] if options.id_field else [])]
    if format == "parquet":
        return read_parquet(stream, columns)
    return read_csv(stream, options.encoding, columns, longest, "\t" if format == "tsv" else ",")


def _records(
    item: Input, opened: Records, options: ReadOptions
) -> Iterator[tuple[Input, Document | DocumentError]]:
    found = False
    for number, fields in opened.records:
        found = True
        place = replace(
            item, id=f"{item.id}/{number}", location=f"{item.location}, {opened.unit} {number}"
        )
        try:
            if isinstance(fields, ReadError):
                raise fields
            id = place.id if options.id_field is None else _id(fields, options.id_field)
            place = replace(place, id=id)
            text = record_text(fields, options)
            yield (
                place,
                Document(
                    text,
                    id=id,
                    path=item.path,
                    record=number,
                    encoding=opened.encoding,
                    encoding_by=opened.encoding_by,
                ),
            )
        except DocumentError as error:
            yield place, error
    if not found:
        raise ReadError("the file holds no records")


def record_text(fields: Mapping[str, Any], options: ReadOptions) -> str:
    """The text of a record.

    Raises:
        ReadError: if a field is missing or no text, or the text is too long or blank.
    """
    parts = []
    for name in options.text_fields:
        if name not in fields:
            raise ReadError(
                f"the record has no field {name!r} but {', '.join(map(repr, fields)) or 'none'}; "
                "name the one with the text with --text-field"
            )
        value = fields[name]
        if value is None:
            continue
        if not isinstance(value, str):
            raise ReadError(f"the field {name!r} holds no text but {type(value).__name__}")
        parts.append(value)
    text = "\n".join(parts)
    _check(text, options.max_chars)
    return text


def _id(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise ReadError(f"the record has no id: its field {name!r} holds {value!r}")
    return str(value)
