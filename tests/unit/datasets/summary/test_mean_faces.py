from __future__ import annotations

import numpy as np
import pytest

from core.datasets.summary.mean_faces import FaceSums, normalise


def _faces(labels, pixels, names=("one", "two")):
    sums = FaceSums(names, pixels.shape[1])
    sums.add(np.array(labels), pixels.astype(np.uint8))
    return sums.faces()


def _flat(*greys):
    return np.array(greys)[:, None, None] * np.ones((1, 2, 2))


def test_mean_variance_and_difference_by_hand():
    one, two = _faces([0, 0, 1], _flat(0, 255, 51))
    assert one.mean == pytest.approx(np.full((2, 2), 0.5))
    assert one.variance == pytest.approx(np.full((2, 2), 0.25))
    assert one.difference == pytest.approx(np.full((2, 2), 0.3))
    assert two.difference == pytest.approx(np.full((2, 2), -0.3))
    assert (one.pictures, two.pictures) == (2, 1)
    assert one.mean.dtype == np.float32


def test_the_effect_is_cohens_d_of_each_pixel():
    rng = np.random.default_rng(3)
    pixels = rng.integers(0, 256, (50, 4, 4))
    labels = np.arange(50) % 2
    one, two = _faces(labels, pixels)
    own, other = pixels[labels == 0] / 255, pixels[labels == 1] / 255
    pooled = np.sqrt((own.var(0, ddof=1) + other.var(0, ddof=1)) / 2)
    assert one.effect == pytest.approx((own.mean(0) - other.mean(0)) / pooled, rel=1e-5)
    assert two.effect == pytest.approx(-one.effect)


def test_the_others_are_all_pictures_of_all_other_classes():
    one, *_ = _faces([0, 1, 1, 1, 2], _flat(0, 51, 51, 51, 255), ("one", "two", "three"))
    assert one.difference[0, 0] == pytest.approx(-(3 * 0.2 + 1.0) / 4)


def test_the_histogram_holds_every_pixel_once():
    (one, _) = _faces([0, 0, 1], _flat(0, 255, 8))
    assert one.histogram[0] == one.histogram[31] == 0.5
    assert one.histogram.sum() == pytest.approx(1.0)


def test_normalising_removes_brightness_and_contrast_but_not_what_is_shown():
    shown = np.random.default_rng(1).integers(0, 100, (1, 9)).astype(float)
    assert normalise(shown * 2.0 + 30.0) == pytest.approx(normalise(shown))
    assert normalise(np.full((1, 9), 77.0)) == pytest.approx(np.zeros((1, 9)))


def test_classes_that_differ_in_lighting_alone_do_not_differ_when_normalised():
    rng = np.random.default_rng(2)
    dark = rng.integers(0, 120, (40, 4, 4))
    one, _ = _faces([0] * 40 + [1] * 40, np.concatenate([dark, dark * 2 + 10]))
    assert np.abs(one.effect).min() > 0.5
    assert np.abs(one.normalised_effect).max() < 1e-5


def test_a_class_alone_differs_from_nobody_and_an_empty_one_is_not_there():
    (only,) = _faces([1, 1], _flat(10, 20))
    assert only.label == "two"
    assert not only.difference.any()
    assert not only.effect.any()


def test_without_pictures_there_are_no_faces():
    assert FaceSums(("one", "two"), 4).faces() == ()
