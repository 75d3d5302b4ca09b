"""What is packed is unpacked: exactly in one format, to the stated precision in the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.domain.errors import StoreError
from core.storage.frame_row_columns import COMPACT, EXACT, ROW_FORMATS
from core.storage.packed_rows import pack_rows, stored_time, unpack_rows

LARGEST = {"<u1": 1, "<u2": 6.0, "<i2": 300.0, "<i4": 1e5, "<u4": 1e6, "<i8": 1e9}
WORDS = st.sampled_from(["", "happy", "not sure", "中 «mixed»", "a\nb"])


@st.composite
def blocks(draw, form):
    rows, classes = draw(st.integers(1, 40)), draw(st.integers(2, 8))
    return {
        column.name: draw(_values(column, rows, column.width or classes))
        for column in ROW_FORMATS[form]
    }


def _values(column, rows, width):
    shape = rows if column.width == 1 else (rows, width)
    if column.kind == "text":
        return st.lists(WORDS, min_size=rows, max_size=rows).map(np.array)
    largest = LARGEST.get(column.kind, 1e6)
    if column.name == "usable":
        return arrays(np.bool_, shape)
    if not column.scale and "f" not in column.kind:
        return arrays(np.int64, shape, elements=st.integers(-(10**6), 10**6))
    signed = column.kind.startswith(("<i", "<f"))
    numbers = st.floats(-largest if signed else 0.0, largest, width=32)
    return arrays(np.float64, shape, elements=st.one_of(numbers, st.just(np.nan)))


@given(blocks(EXACT))
def test_rows_of_version_1_come_back_to_the_last_bit(columns):
    columns["blendshapes"] = np.rint(columns["blendshapes"] * 1000) / 1000
    found = unpack_rows(pack_rows(columns, EXACT), EXACT)
    assert set(found) == set(columns)
    for name, values in columns.items():
        assert np.array_equal(found[name], values, equal_nan=values.dtype.kind == "f"), name


@given(blocks(COMPACT))
def test_rows_come_back_to_half_a_step_and_what_is_missing_stays_missing(columns):
    found = unpack_rows(pack_rows(columns, COMPACT), COMPACT)
    for column in ROW_FORMATS[COMPACT]:
        one, other = found[column.name], columns[column.name]
        assert one.shape == other.shape, column.name
        if column.scale:
            assert np.array_equal(np.isnan(one), np.isnan(other)), column.name
            assert np.nanmax(np.abs(one - other), initial=0) <= 0.5001 / column.scale
        else:  # as it is: float32 numbers, whole ones and texts
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), column.name


@given(blocks(COMPACT))
def test_packing_what_was_unpacked_changes_nothing(columns):
    once = unpack_rows(pack_rows(columns, COMPACT), COMPACT)
    twice = unpack_rows(pack_rows(once, COMPACT), COMPACT)
    for name, values in once.items():
        assert np.array_equal(values, twice[name], equal_nan=values.dtype.kind == "f"), name


@given(st.floats(0, 1e6))
def test_a_time_is_kept_to_the_microsecond_and_no_further(time_s):
    assert abs(stored_time(time_s) - time_s) <= 0.51e-6
    assert stored_time(stored_time(time_s)) == stored_time(time_s)


@given(blocks(COMPACT), st.data())
def test_damaged_rows_are_refused_in_words(columns, data):
    content = pack_rows(columns, COMPACT)
    cut = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(StoreError, match="damaged"):
        unpack_rows(content[:cut], COMPACT)
