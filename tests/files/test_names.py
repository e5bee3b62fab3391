"""Names of output files: what an id becomes, and that no two ids become one."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.files.names import file_name


@pytest.mark.parametrize("id", [
    "2025/alibaba", "第一篇", "營收增5%", "a b.c", "...", "bad\N{SNOWMAN}", "A", "x.json", "-",
])  # fmt: skip
def test_usual_ids_stay(id: str) -> None:
    assert file_name(id) == id


@pytest.mark.parametrize(("id", "name"), [
    ("..", "%2E%2E"),
    ("../x", "%2E%2E/x"),
    ("/etc/x", "%2F/etc/x"),
    ("a/./b", "a/%2E/b"),
    ("", "%2F"),
    ("a\0b", "a%00b"),
    ("a\\b", "a%5Cb"),
    ("a%2Fb", "a%252Fb"),
    ("x.json/y", "x%2Ejson/y"),
])  # fmt: skip
def test_others_are_escaped(id: str, name: str) -> None:
    assert file_name(id) == name


def test_what_is_too_long_ends_in_a_hash() -> None:
    name = file_name("長" * 300)
    assert name.startswith("長長長")
    assert len(name.encode()) < 240
    assert name != file_name("長" * 301)


odd = st.text(st.sampled_from(list("ab./%\\2EF\0~長")), max_size=12)


@given(odd, odd)
@settings(deadline=None)
def test_different_ids_have_different_names_that_stay_within(one: str, other: str) -> None:
    assert (file_name(one) == file_name(other)) == (one == other)
    parts = PurePosixPath(file_name(one)).parts
    assert "/".join(parts) == file_name(one)
    assert not {"..", ".", "/"} & set(parts)
    assert "\0" not in file_name(one)
