"""The lines of a text, as the rules look at them."""

from __future__ import annotations

from dataclasses import dataclass

# Where on the page a line stands; a line may stand in several places.
HEAD, FIRST, TAIL, OUTSIDE = 1, 2, 4, 8
PLACES = {"head": HEAD, "first": FIRST, "tail": TAIL, "outside": OUTSIDE}


@dataclass(slots=True)
class Line:
    """A line without its line end, and its place in the page.

    Attributes:
        start: of the line, with the white space before its text.
        end: of the line, with the white space after its text.
        text: what stands between, white space at both ends left out.
        first: where `text` begins; `last` where it ends.
        fixed: whether it is title or byline and not to be judged.
        places: sum of HEAD, FIRST, TAIL and OUTSIDE.
    """

    start: int
    end: int
    text: str
    first: int
    fixed: bool = False
    places: int = 0

    @property
    def last(self) -> int:
        """Where the text ends."""
        return self.first + len(self.text)


def split_lines(
    text: str,
    header: tuple[int, int] | None,
    fixed: list[tuple[int, int]],
    body_length: int,
    first_lines: int = 3,
) -> list[Line]:
    """All lines of a text.

    Args:
        text: the normalised text, with line feeds.
        header: span from the title to the last line of the byline, or None.
        fixed: spans of title and byline.
        body_length: a line longer than this is surely body; the tail begins with the last one.
        first_lines: how many lines with text after the header are `first`.
    """
    starts = sorted({start for start, _ in fixed}, reverse=True)
    next_fixed = starts.pop() if starts else len(text) + 1
    head_end = -1 if header is None else header[0]
    lines: list[Line] = []
    position = tail = seen = 0
    for raw in text.split("\n"):
        end = position + len(raw)
        content = raw.strip()
        if not content:
            lines.append(Line(position, end, "", end))
            position = end + 1
            continue
        first = position if content == raw else end - len(raw.lstrip())
        if end - position > body_length:
            tail = len(lines)
        is_fixed = next_fixed < end
        while next_fixed < end:
            next_fixed = starts.pop() if starts else len(text) + 1
        places = 0
        if end <= head_end:
            places = HEAD
        elif seen < first_lines and not is_fixed:
            places = FIRST
            seen += 1
        lines.append(Line(position, end, content, first, is_fixed, places))
        position = end + 1
    for line in lines[tail:]:
        line.places |= TAIL
    return lines
