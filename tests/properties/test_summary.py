"""Laws of describing a dataset."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.summary.class_counts import balanced_weights
from core.datasets.summary.summary import describe
from tests.examples import examples
from tests.make import make_dataset

COUNTS = st.lists(st.integers(0, 5000), min_size=2, max_size=9).filter(any)
LABELS = st.lists(st.integers(-1, 6), max_size=40)
SEEDS = st.integers(0, 2**32 - 1)


@given(COUNTS)
def test_weights_average_to_one_over_the_pictures_and_make_classes_weigh_alike(counts):
    counts = np.array(counts)
    weights = balanced_weights(counts)
    assert (counts * weights).sum() / counts.sum() == pytest.approx(1)
    assert np.ptp((counts * weights)[counts > 0]) == pytest.approx(0, abs=1e-6)


@examples(25)
@given(LABELS, SEEDS)
def test_the_order_of_the_pictures_changes_nothing(labels, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (len(labels), 6, 6), np.uint8)
    order = rng.permutation(len(labels))
    one = describe(make_dataset({"All": labels}, pixels=pixels))
    two = describe(make_dataset({"All": np.array(labels, int)[order]}, pixels=pixels[order]))
    assert one.counts == two.counts
    for a, b in zip(one.faces, two.faces, strict=True):
        assert np.array_equal(a.mean, b.mean)
        assert a.normalised_effect == pytest.approx(b.normalised_effect, abs=1e-4)
    for a, b in zip(one.regions, two.regions, strict=True):
        assert a.raw.eta_squared == pytest.approx(b.raw.eta_squared, abs=1e-6)
        assert a.normalised.eta_squared == pytest.approx(b.normalised.eta_squared, abs=1e-6)


@examples(25)
@given(LABELS, SEEDS)
def test_the_effect_of_a_constant_is_nothing(labels, seed):
    same = np.random.default_rng(seed).integers(0, 256, (1, 6, 6), np.uint8)
    pixels = np.repeat(same, len(labels), axis=0)
    summary = describe(make_dataset({"All": labels}, pixels=pixels))
    for effect in summary.regions:
        assert effect.raw.eta_squared == 0
        assert effect.normalised.eta_squared == 0
        assert effect.raw.p == 1
    for face in summary.faces:
        assert not face.effect.any()
        assert not face.variance.any()


@examples(25)
@given(LABELS, SEEDS)
def test_every_number_is_finite_and_in_its_range(labels, seed):
    pixels = np.random.default_rng(seed).integers(0, 256, (len(labels), 5, 5), np.uint8)
    summary = describe(make_dataset({"All": labels}, pixels=pixels))
    for effect in summary.regions:
        for one in (effect.raw, effect.normalised):
            assert 0 <= one.eta_squared <= 1
            assert 0 <= one.p <= 1
    for face in summary.faces:
        assert 0 <= face.mean.min() <= face.mean.max() <= 1
        assert 0 <= face.variance.min() <= face.variance.max() <= 0.25
        assert np.isfinite([face.effect, face.normalised_effect]).all()
        assert face.histogram.sum() == pytest.approx(1)
