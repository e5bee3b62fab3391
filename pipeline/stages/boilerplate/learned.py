"""Rules that `zhpipe boilerplate learn` found in a corpus, as a stage uses them.

The file is TOML, written to be read and edited by a person. `[[line]]` is a line of a page, its
changing parts masked: `#` stands for any number, `*` for any name or, at the end, for anything.
`[[between]]` are lines that change from page to page between two learned lines that do not.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import ResourceError
from pipeline.stages.boilerplate.lines import Line
from pipeline.stages.boilerplate.rules import LABELS

LONGEST = 200
_NUMBER = re.compile(r"[0-9０-９]+(?:[,.][0-9０-９]+)*")
_RANK = re.compile(r"[0-9](?=[.、])")
_ADDRESS = re.compile(r"https?://[^\s)）\]>]+")
_LEAD = re.compile(r"^[^:：]{1,10}[:：](?!//)\s*(?=\S)")
# A name with nothing but figures behind it: 晨星科技203+0.5%.
_NAME = re.compile(r"^[^\d\s:：。，+%-][^\d:：。，+%]{0,11}?\s*(?=[\d+-][\d\s.,+%()-]*$)")
_FIELDS: dict[str, dict[str, tuple[type, bool]]] = {
    "line": {"template": (str, True), "label": (str, True)},
    "between": {
        "first": (str, True), "last": (str, True), "label": (str, True), "max_lines": (int, True),
    },
}  # fmt: skip


def template(text: str) -> str:
    """A line with numbers as `#` and addresses as `https://#`; white space runs as one space.

    A line of one or two characters stays: a lone 0 is a counter, any lone number is not.
    """
    if len(text) <= 2:
        return _RANK.sub("#", text)
    masked = _ADDRESS.sub("https://#", text) if "http" in text else text
    return " ".join(_NUMBER.sub("#", masked).split())


def keys(text: str) -> list[str]:
    """All templates that a line is known by, the most special first; none for a long line."""
    if len(text) > LONGEST:
        return []
    found = [template(text)]
    general = lead(text)
    if general is not None:
        found.append(general)
    name = _NAME.match(text)
    if name is not None:
        found.append("*" + template(text[name.end() :]))
    return found


def lead(text: str) -> str | None:
    """The template of all lines that begin like this one (`责任编辑：*`), if it has a label."""
    found = _LEAD.match(text)
    return template(found.group().rstrip()) + "*" if found and len(text) <= 60 else None


class Learned:
    """Learned rules, ready to be asked.

    Args:
        path: a file that `zhpipe boilerplate learn` wrote, edited or not.

    Raises:
        ResourceError: naming file, entry and key of what cannot be used.
    """

    def __init__(self, path: Path) -> None:
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ResourceError(
                f"cannot read the learned rules {path}: {error}; "
                "`zhpipe boilerplate learn` writes such a file"
            ) from error
        for kind, fields in _FIELDS.items():
            entries = table.get(kind, [])
            if not isinstance(entries, list):
                raise ResourceError(f"{path}: {kind!r} must be a list of tables, [[{kind}]]")
            for number, entry in enumerate(entries, 1):
                _check(path, kind, number, entry, fields)
        self._lines: dict[str, str] = {e["template"]: e["label"] for e in table.get("line", [])}
        self._between: dict[str, list[tuple[str, str, int]]] = {}
        for e in table.get("between", []):
            self._between.setdefault(e["first"], []).append((e["last"], e["label"], e["max_lines"]))

    def find(self, lines: Sequence[Line]) -> dict[int, tuple[str, str, float]]:
        """By number of the line: label, name of the evidence, weight."""
        known: dict[int, str] = {}
        found: dict[int, tuple[str, str, float]] = {}
        filled = [n for n, line in enumerate(lines) if line.text]
        for number in filled:
            line = lines[number]
            if line.fixed:
                continue
            for key in keys(line.text):
                label = self._lines.get(key)
                if label is not None:
                    known[number] = key
                    found[number] = (label, "learned_line", 1.0)
                    break
        if self._between:
            for at, number in enumerate(filled):
                for last, label, most in self._between.get(known.get(number, ""), ()):
                    for end in range(at + 1, min(at + most + 2, len(filled))):
                        if lines[filled[end]].fixed:
                            break
                        if known.get(filled[end]) == last:
                            for inner in filled[at + 1 : end]:
                                found.setdefault(inner, (label, "learned_between", 1.0))
                            break
        return found


def _check(
    path: Path, kind: str, number: int, entry: Any, fields: Mapping[str, tuple[type, bool]]
) -> None:
    where = f"{path}, [[{kind}]] number {number}"
    if not isinstance(entry, dict):
        raise ResourceError(f"{where}: it must be a table")
    for field, (type_, _) in fields.items():
        if field not in entry:
            raise ResourceError(f"{where}: the key {field!r} is missing")
        if not isinstance(entry[field], type_) or isinstance(entry[field], bool):
            raise ResourceError(
                f"{where}, {field}: {entry[field]!r} is not of the type {type_.__name__}"
            )
    if entry["label"] not in LABELS:
        raise ResourceError(
            f"{where}, label: there is no label {entry['label']!r}; known: {', '.join(LABELS)}"
        )
