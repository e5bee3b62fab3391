"""Words looked for before the conversion: names with one of their own, and words of a region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.errors import ResourceError
from pipeline.resources import Resources, read_table

FOLDER = "conversion"
COLUMNS = ("source", "text")
HONG_KONG, TAIWAN = "hong_kong_words", "taiwan_words"


class Name(NamedTuple):
    """A word with a conversion of its own, at a place of a text.

    Attributes:
        start, end: its span.
        source: the word as the source writes it.
        text: what it becomes.
        table: the table that says so.
    """

    start: int
    end: int
    source: str
    text: str
    table: str


class FoundWords(NamedTuple):
    """The names of a text, in order, and how many words of each region it has."""

    names: list[Name]
    hong_kong: int
    taiwan: int


class Words:
    """The words of the regions, and the names of the tables in `conversion/`.

    The packaged tables are read first, then the user's, whose row for the same word outranks. An
    empty second column leaves the word as it is.

    Args:
        rules: `normalize/script.toml`, with the words of the regions.
        folding: the ASCII forms of wide characters, which stand in the text that is searched.

    Raises:
        ResourceError: naming file and line, if a row has no word or a word stands twice.
    """

    def __init__(
        self, resources: Resources, rules: dict[str, Any], folding: Mapping[str, str]
    ) -> None:
        import daachorse

        names: dict[str, Name] = {}
        for path in resources.tables(FOLDER):
            lines: dict[str, int] = {}
            for number, row in read_table(path, COLUMNS):
                source = row["source"]
                if not source.strip():
                    raise ResourceError(f"{path}, line {number}: the column 'source' is empty")
                if source in lines:
                    raise ResourceError(
                        f"{path}, line {number}: {source!r} stands in line {lines[source]} already"
                    )
                lines[source] = number
                folded = "".join(folding.get(char, char) for char in source)
                names[folded] = Name(0, 0, source, row["text"] or source, path.stem)
        hong_kong, taiwan = rules["hong_kong_words"], rules["taiwan_words"]
        words = list(dict.fromkeys([*hong_kong, *taiwan, *names]))
        self._names = [names.get(word) for word in words]
        self._region = [1 if w in hong_kong else 2 if w in taiwan else 0 for w in words]
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(words)

    def find(self, text: str) -> FoundWords:
        """The words in `text`; of names that overlap the first, then the longest."""
        regions = [0, 0, 0]
        found = []
        for start, end, index in self._automaton.find_overlapping(text):
            regions[self._region[index]] += 1
            name = self._names[index]
            if name is not None:
                found.append(name._replace(start=start, end=end))
        names: list[Name] = []
        for name in sorted(found, key=lambda n: (n.start, -n.end)):
            if not names or name.start >= names[-1].end:
                names.append(name)
        return FoundWords(names, *regions[1:])
