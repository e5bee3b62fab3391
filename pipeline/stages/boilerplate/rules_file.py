"""Writes learned rules as TOML that a person can read and edit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from pipeline.stages.boilerplate.learn import LearnedBetween, LearnedLine

_HEAD = """\
# Learned by `zhpipe boilerplate learn`. Look through it, correct labels, delete what is no
# boilerplate, and use it with `zhpipe run --boilerplate FILE`.
#
# [[line]]     a line of a page. # is any number, * any name, at the end anything that follows.
# [[between]]  lines that change from page to page, at most max_lines, between two such lines.
# label        disclaimer, hot_stocks, copyright, editor, promotion, navigation or widget.
# support      in how many documents of the source it was seen.
# outside      how many of its occurrences the rules place outside the article.
# support, source, outside and examples are for the reader: the program does not use them.
"""


def to_toml(lines: Sequence[LearnedLine], between: Sequence[LearnedBetween]) -> str:
    """The whole file."""
    parts = [_HEAD]
    for line in lines:
        parts.append(
            _table(
                "line",
                template=line.template, label=line.label, support=line.support,
                source=line.source, outside=round(line.outside, 3), examples=line.examples,
            )
        )  # fmt: skip
    for gap in between:
        parts.append(
            _table(
                "between",
                first=gap.first, last=gap.last, label=gap.label, max_lines=gap.max_lines,
                support=gap.support, source=gap.source, examples=gap.examples,
            )
        )  # fmt: skip
    return "\n".join(parts)


def _table(name: str, **values: str | float | Iterable[str]) -> str:
    rows = [f"[[{name}]]"]
    for key, value in values.items():
        if isinstance(value, (int, float)):
            rows.append(f"{key} = {value}")
        elif isinstance(value, str):
            rows.append(f"{key} = {_quoted(value)}")
        else:
            rows.append(f"{key} = [{', '.join(map(_quoted, value))}]")
    return "\n".join(rows) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, but for the character DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
