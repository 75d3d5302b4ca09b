"""Seconds of learners come back from blocks as they were, to the nearest two-hundredth."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.classroom.store.packed_seconds import (
    FORMAT,
    STEPS,
    columns_of,
    pack,
    unpack,
    unpack_learners,
    without_learners,
)
from core.domain.classroom import MAX_LEARNERS, SHARE_COLUMNS, ClassSeconds, Shared
from tests.classes import pairs

SHARES = st.just(np.nan) | st.floats(0, 1, width=32)
KEPT = st.sets(st.sampled_from(Shared)).map(lambda some: columns_of({Shared.PRESENT, *some}))


@st.composite
def many_seconds(draw):
    """Rows of different learners and seconds, in any order, with 0 to 7 scores."""
    row = st.tuples(st.integers(0, 2**31 - 1), st.integers(1, MAX_LEARNERS))
    rows = draw(st.lists(row, unique=True, max_size=20))
    second, learner = np.array(rows, np.int64).reshape(-1, 2).T

    def shares(*shape):
        return draw(arrays.arrays(np.float32, (len(rows), *shape), elements=SHARES))

    return ClassSeconds(
        second,
        learner,
        **{name: shares() for name in SHARE_COLUMNS},
        scores=shares(draw(st.integers(0, 7))),
    )


def _same(read, given, kept, scores):
    """Whether rows are those that were given, in order, with the columns that are kept."""
    given = given.rows(np.lexsort((given.learner, given.second)))
    assert pairs(read) == pairs(given)
    for name in SHARE_COLUMNS:
        back, put = getattr(read, name), getattr(given, name)
        if name in kept:
            assert np.array_equal(np.isnan(back), np.isnan(put))
            most = 1 if name == "measured" else 0.5  # a row says that something was measured
            assert np.nanmax(np.abs(back - put), initial=0) <= most / STEPS + 1e-6
        else:
            assert np.isnan(back).all()
    assert read.scores.shape == (len(given), scores)
    if scores:
        assert np.nanmax(np.abs(read.scores - given.scores), initial=0) <= 0.5 / STEPS + 1e-6


@given(many_seconds(), KEPT, st.booleans())
def test_what_a_class_keeps_comes_back(given_seconds, kept, with_scores):
    scores = given_seconds.scores.shape[1] if with_scores else 0
    block = pack(given_seconds, kept, scores)
    _same(unpack([(block, FORMAT)], scores), given_seconds, kept, scores)


@given(many_seconds(), KEPT, st.integers(0, 20))
def test_blocks_come_back_as_one_however_they_were_cut(given_seconds, kept, cut):
    parts = [given_seconds.rows(np.arange(len(given_seconds)) < cut)]
    parts.append(given_seconds.rows(np.arange(len(given_seconds)) >= cut))
    scores = given_seconds.scores.shape[1]
    blocks = [(pack(one, kept, scores), FORMAT) for one in parts]
    _same(unpack(blocks, scores), given_seconds, kept, scores)
    again = unpack(blocks * 2, scores)
    assert pairs(again) == pairs(unpack(blocks, scores))


@given(many_seconds(), st.integers(1, MAX_LEARNERS), st.booleans())
def test_a_learner_is_taken_out_and_no_other(given_seconds, number, is_one_of_them):
    if is_one_of_them and len(given_seconds):
        number = int(given_seconds.learner[0])
    scores = given_seconds.scores.shape[1]
    block = pack(given_seconds, SHARE_COLUMNS, scores)
    (others,) = without_learners([(block, FORMAT)], [number])
    mine = given_seconds.learner == number
    assert (others is None) == (not mine.any())
    kept = unpack([(block if others is None else others, FORMAT)], scores)
    _same(kept, given_seconds.rows(~mine), SHARE_COLUMNS, scores)
    own = unpack_learners([(block, FORMAT)], scores, [number])
    _same(own, given_seconds.rows(mine), SHARE_COLUMNS, scores)


@given(st.binary(max_size=200), st.integers(-1, 3))
def test_bytes_that_are_no_block_are_left_out(content, form):
    assert len(unpack([(content, form)], 7)) == 0
