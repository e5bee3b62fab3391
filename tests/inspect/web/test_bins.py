"""What the bits of bins say of numbers is true, for all numbers."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from pipeline.inspect.web.bins import bin_of, bin_start, bits, bits_between

values = st.floats(allow_nan=False) | st.sampled_from([0.0, 1e-3, 1.0, 10.0, 1e12, -5.0])
pairs = st.tuples(values, values).map(sorted)


@given(pairs, pairs)
def test_bits_tell_whether_two_intervals_overlap(number: list[float], asked: list[float]) -> None:
    overlap = number[0] <= asked[1] and number[1] >= asked[0]
    if bits(*number) & bits_between(*asked):
        assert overlap
    if not bits(*number) & bits(*asked):
        assert not overlap
    assert 0 < bits(*number) < 1 << 62, "it fits into SQLite's integers"


def test_bins_are_quarters_of_a_power_of_ten() -> None:
    assert [bin_of(value) for value in (0, -1, math.inf, 1, 1.7, 5, 10)] == [
        None, None, None, 0, 0, 2, 4,
    ]  # fmt: skip
    assert [bin_start(number) for number in (0, 4, -8)] == [1, 10, 0.01]


def test_a_number_between_the_limits_of_a_filter_shows_by_its_bit() -> None:
    assert bits_between(5, 10) & bits(7, 7)
    assert not bits_between(5, 10) & bits(5.1, 5.1), "its bin begins below 5"
    assert not bits_between(5, 5.5)
