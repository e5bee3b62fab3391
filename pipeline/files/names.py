"""Names of output files, made from ids that may hold anything."""

from __future__ import annotations

import hashlib
import os
import re

# Bytes of a file's name; the suffixes that follow (.json.zst.part) fit into the file systems' 255.
_LONGEST_SEGMENT = 240
_KEPT_OF_LONG = 200
_LONGEST_NAME = 1000
# What no file name may hold; % where it could be taken for one of the escapes.
_FORBIDDEN = re.compile(
    r"[\x00-\x1f\x7f\\" + (':*?"<>|' if os.name == "nt" else "") + r"]|%(?=[0-9A-Fa-f]{2})"
)
# Folders must not take the name of a file that a run writes.
_SUFFIX_OF_FILE = re.compile(
    r"\.(?=(?:json|jsonl|parquet|gz|zst|part|sqlite|lock)$)", re.IGNORECASE
)


def file_name(id: str) -> str:
    """A relative path for an id, with `/`: different ids have different ones, and none leads out.

    A usual id stays as it is. `..`, empty parts and characters that names cannot hold are escaped
    as in a URL (`../x` becomes `%2E%2E/x`), of what is too long the end is replaced by a hash.
    """
    *folders, last = id.split("/")
    parts = [_SUFFIX_OF_FILE.sub("%2E", _segment(folder)) for folder in folders]
    name = "/".join([*parts, _segment(last)])
    if len(name.encode()) > _LONGEST_NAME:
        return f"~{hashlib.sha256(id.encode()).hexdigest()}"
    return name


def _segment(text: str) -> str:
    if text in (".", ".."):
        return "%2E" * len(text)
    if not text:
        return "%2F"
    name = _FORBIDDEN.sub(lambda match: f"%{ord(match[0]):02X}", text)
    data = name.encode()
    if len(data) > _LONGEST_SEGMENT:
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        name = f"{data[:_KEPT_OF_LONG].decode(errors='ignore')}~{digest}"
    return name
