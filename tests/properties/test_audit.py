from __future__ import annotations

from dataclasses import fields

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.datasets.audit.duplicates import (
    duplicate_groups,
    find_exact_duplicates,
    find_near_duplicates,
    summarise_duplicates,
)
from core.datasets.audit.label_noise import find_disputed
from core.datasets.audit.picture_quality import find_quality_problems, measure_pictures
from tests.examples import examples
from tests.make import make_photo

PHOTOS = np.stack([make_photo(seed) for seed in range(6)])
COPIES = np.concatenate(
    [
        PHOTOS,
        PHOTOS[:2],
        PHOTOS[:2, :, ::-1],
        np.stack([cv2.resize(one[2:46, 2:46], (48, 48)) for one in PHOTOS[:3]]),
    ]
)
PIXELS = arrays.arrays(np.uint8, st.tuples(st.integers(0, 4), st.just(12), st.just(12)))
SEEDS = st.integers(0, 2**32 - 1)


def _partition(groups):
    return {frozenset(np.flatnonzero(groups == one).tolist()) for one in np.unique(groups)}


@given(SEEDS)
@examples(15)
def test_the_order_of_pictures_does_not_change_which_duplicates_are_found(seed):
    order = np.random.default_rng(seed).permutation(len(COPIES))
    pixels = COPIES[order]
    exact = find_exact_duplicates(pixels)
    groups = duplicate_groups(exact, find_near_duplicates(pixels, exact))
    back = np.empty_like(groups)
    back[order] = groups
    assert _partition(back) == {
        frozenset({0, 6, 8, 10}),
        frozenset({1, 7, 9, 11}),
        frozenset({2, 12}),
        *(frozenset({at}) for at in (3, 4, 5)),
    }


@given(PIXELS)
def test_any_pixels_give_scores_between_zero_and_one(pixels):
    for problem in find_quality_problems(measure_pictures(pixels)):
        assert problem.scores.shape == (len(pixels),)
        assert np.array_equal(problem.flagged, problem.scores > 0.5)


@given(PIXELS, SEEDS)
def test_each_picture_is_measured_by_itself(pixels, seed):
    order = np.random.default_rng(seed).permutation(len(pixels))
    found, moved = measure_pictures(pixels), measure_pictures(pixels[order])
    for column in fields(found):
        assert np.allclose(
            getattr(found, column.name)[order], getattr(moved, column.name), rtol=1e-5
        )


@given(st.integers(0, 5), st.integers(1, 60))
def test_more_light_makes_a_picture_brighter_and_never_darker(photo, light):
    before = PHOTOS[photo][None]
    after = np.clip(before.astype(np.int64) + light, 0, 255).astype(np.uint8)
    both = measure_pictures(np.concatenate([before, after]))
    assert both.brightness[1] > both.brightness[0]
    assert both.highlights[1] >= both.highlights[0]
    dark = find_quality_problems(both)[1]
    assert dark.scores[1] < dark.scores[0]


@given(st.integers(0, 5), st.floats(0.8, 3.0), st.floats(0.4, 2.0))
def test_more_blur_never_looks_sharper(photo, sigma, more):
    softer = [cv2.GaussianBlur(PHOTOS[photo], (0, 0), one) for one in (sigma, sigma + more)]
    blurred = find_quality_problems(measure_pictures(np.stack(softer)))[0]
    assert blurred.scores[1] > blurred.scores[0]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), min_size=0, max_size=20
    )
)
def test_every_duplicate_has_one_class_relation_and_leaks_at_most_once(rows):
    pictures, labels, split_of = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    exact = find_exact_duplicates(PHOTOS[pictures])
    near = find_near_duplicates(PHOTOS[:0], find_exact_duplicates(PHOTOS[:0]))
    counts = summarise_duplicates(
        exact,
        exact if len(rows) else near,
        labels=labels,
        split_of=split_of,
        split_names=("a", "b", "c"),
    ).exact
    assert counts.duplicates == len(rows) - len(set(pictures.tolist()))
    assert counts.within_class + counts.across_classes == counts.duplicates
    expected = sum(
        any(
            other == picture and before < split
            for other, before in zip(pictures, split_of, strict=True)
        )
        for picture, split in zip(pictures, split_of, strict=True)
    )
    assert counts.leaked == expected


@given(arrays.arrays(np.int64, (6, 4), elements=st.integers(0, 5)), st.integers(0, 3))
def test_whoever_is_disputed_was_mostly_voted_something_else(votes, label):
    labels = np.full(6, label)
    found = find_disputed(votes, np.zeros(6, np.int64), labels)
    assert (found.scores[found.flagged] > 0.5).all()
    assert (found.suggested[found.flagged] == votes.argmax(axis=1)[found.flagged]).all()
