"""The lines of a text, as the rules look at them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its span, line end left out, and its place in the page.

    Attributes:
        places: which of head, first and tail it stands in; see `boilerplate.toml`.
        fixed: whether it is title or byline and not to be judged.
    """

    start: int
    end: int
    text: str
    places: frozenset[str]
    fixed: bool

    @property
    def blank(self) -> bool:
        """Whether the line holds nothing but white space."""
        return not self.text.strip()


def split_lines(
    text: str,
    header: tuple[int, int] | None,
    fixed: list[tuple[int, int]],
    body_length: int,
    first_lines: int = 3,
) -> list[Line]:
    """All lines of a text.

    Args:
        header: span from the title to the last line of the byline, or None.
        fixed: spans of title and byline.
        body_length: a line longer than this is surely body; the tail begins with the last one.
    """
    spans: list[tuple[int, int]] = []
    position = 0
    while position <= len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        spans.append((position, end))
        position = end + 1
    fixed_starts = {start for start, _ in fixed}
    tail = next((start for start, end in reversed(spans) if end - start > body_length), 0)
    lines: list[Line] = []
    seen_body = 0
    for start, end in spans:
        content = text[start:end]
        first = start + len(content) - len(content.lstrip())
        places = set()
        is_fixed = first in fixed_starts and bool(content.strip())
        if header is not None and end <= header[0]:
            places.add("head")
        elif content.strip() and not is_fixed:
            if seen_body < first_lines:
                places.add("first")
            seen_body += 1
        if start >= tail:
            places.add("tail")
        lines.append(Line(start, end, content, frozenset(places), is_fixed))
    return lines
