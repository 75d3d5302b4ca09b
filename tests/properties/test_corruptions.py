"""Laws of applied conditions, groups and natural bins, on whatever pictures and answers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import recall_score

from core.evaluation.robustness.accuracy_by_quality import binned
from core.evaluation.robustness.corruptions import CORRUPTIONS, corrupted
from core.evaluation.subgroups.report import balanced_accuracy
from tests.examples import examples

pictures = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 4), st.just(16), st.just(16)), elements=st.integers(0, 255)
)
names = st.sampled_from(sorted(CORRUPTIONS))


@given(pictures, names, st.integers(0, 2**31 - 1))
@examples(60)
def test_level_0_is_the_identity_on_any_picture(given_pictures, name, seed):
    assert np.array_equal(
        corrupted(given_pictures, CORRUPTIONS[name], 0, seed=seed), given_pictures
    )


@given(pictures, names, st.integers(1, 5), st.integers(0, 2**31 - 1))
@examples(120)
def test_bytes_go_in_and_bytes_of_the_same_shape_come_out_the_same_each_time(
    given_pictures, name, level, seed
):
    before = given_pictures.copy()
    found = corrupted(given_pictures, CORRUPTIONS[name], level, seed=seed)
    assert found.dtype == np.uint8
    assert found.shape == given_pictures.shape
    assert np.array_equal(found, corrupted(given_pictures, CORRUPTIONS[name], level, seed=seed))
    assert np.array_equal(given_pictures, before)


@given(st.integers(0, 255), names.filter(lambda name: name not in {"darker", "brighter", "noise"}))
@examples(60)
def test_an_even_grey_picture_stays_even_under_what_only_moves_or_covers(level, name):
    grey = np.full((1, 24, 24), level, dtype=np.uint8)
    found = corrupted(grey, CORRUPTIONS[name], 2, seed=1).astype(np.int64)
    assert np.abs(found - level).max() <= 1


@given(pictures, st.integers(1, 4))
@examples(40)
def test_less_light_never_brightens_and_more_never_darkens(given_pictures, level):
    dark = corrupted(given_pictures, CORRUPTIONS["darker"], level, seed=1)
    bright = corrupted(given_pictures, CORRUPTIONS["brighter"], level, seed=1)
    assert (dark <= given_pictures).all()
    assert (bright >= given_pictures).all()


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=80))
def test_balanced_accuracy_equals_scikit_learns_recall_of_the_classes_present(pairs):
    truth, said = (np.array(column) for column in zip(*pairs, strict=True))
    hits = np.bincount(truth[truth == said], minlength=5)
    found = balanced_accuracy(hits, np.bincount(truth, minlength=5))
    present = np.unique(truth)
    expected = recall_score(truth, said, labels=present, average="macro", zero_division=0.0)
    assert np.isclose(found.value, expected)
    assert 0 <= found.low <= found.value <= found.high <= 1


@given(
    hnp.arrays(
        np.float64, st.integers(1, 60), elements=st.one_of(st.just(np.nan), st.floats(0, 1))
    ),
    st.sampled_from(["brightness", "yaw"]),
)
def test_every_picture_is_in_one_bin_or_was_not_measured(values, name):
    right = np.arange(len(values)) % 2 == 0
    found = binned(name, values, right)
    assert sum(one.pictures for one in found.bins) + found.not_measured == len(values)
    hits = sum(round(one.accuracy.value * one.pictures) for one in found.bins)
    if found.accuracy_elsewhere is not None:
        hits += round(found.accuracy_elsewhere.value * found.not_measured)
    assert hits == right.sum()
    assert 0 <= found.p <= 1
