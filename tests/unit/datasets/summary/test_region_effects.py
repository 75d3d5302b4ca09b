from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.datasets.summary.face_regions import MOUTH, WHOLE, Statistic, measure_regions
from core.datasets.summary.region_effects import (
    Effect,
    Interpretation,
    RegionEffect,
    RegionSums,
)

NAMES = ("one", "two", "three")


def _effects(labels, pixels, names=NAMES):
    sums = RegionSums(names)
    sums.add(np.asarray(labels), measure_regions(pixels.astype(np.uint8)))
    return {(one.region, one.statistic): one for one in sums.effects()}


def _noise(count, seed=0, *, high=100):
    return np.random.default_rng(seed).integers(0, high, (count, 12, 12))


def _effect(eta_squared, p=0.0):
    return Effect(eta_squared, p, None)


def _interpretation(raw, normalised):
    return RegionEffect(
        MOUTH, Statistic.EDGES, raw, normalised, {"a": 1.0}, {"a": 1.0}
    ).interpretation


def test_eta_squared_by_hand():
    # Flat pictures: 0 and 0.4 in one class, 0.2 and 0.6 in the other; means 0.2 and 0.4.
    greys = np.array([0, 102, 51, 153])[:, None, None] * np.ones((1, 6, 6))
    effect = _effects([0, 0, 1, 1], greys, NAMES[:2])[WHOLE, Statistic.BRIGHTNESS]
    between, total = 4 * 0.1**2, 0.3**2 + 0.1**2 + 0.1**2 + 0.3**2
    assert effect.raw.eta_squared == pytest.approx(between / total)
    # Pooled variance: 0.08 in each class, over one degree of freedom each.
    assert effect.raw.cohens_d == pytest.approx(0.2 / np.sqrt(0.08))
    assert effect.means == pytest.approx({"one": 0.2, "two": 0.4})


def test_p_is_scipys_corrected_over_all_tests():
    labels, pixels = np.arange(60) % 3, _noise(60)
    found = _effects(labels, pixels)
    measures = measure_regions(pixels.astype(np.uint8))
    groups = [measures[:, labels == number] for number in range(3)]
    # Brightness of the whole normalised picture is 0 in each: scipy knows no p for it.
    with np.errstate(invalid="ignore"):
        raw = stats.f_oneway(*(group[0] for group in groups), axis=0).pvalue
        normalised = np.ones_like(raw)
        for at in np.ndindex(raw.shape):
            if at not in ((0, 0), (0, 1)):
                normalised[at] = stats.f_oneway(*(group[1][:, *at] for group in groups)).pvalue
    expected = stats.false_discovery_control(np.stack([raw, normalised]), axis=None).reshape(
        2, 7, 3
    )
    ours = np.array([[one.raw.p, one.normalised.p] for one in found.values()]).reshape(7, 3, 2)
    assert ours[..., 0] == pytest.approx(expected[0], rel=1e-6)
    assert ours[..., 1] == pytest.approx(expected[1], rel=1e-6)


def test_classes_that_differ_in_lighting_alone_are_called_so():
    noise = _noise(300)
    effects = _effects([0] * 300 + [1] * 300, np.concatenate([noise, noise * 2 + 20]), NAMES[:2])
    interpretations = {one.interpretation for one in effects.values()}
    assert interpretations == {Interpretation.LIGHTING}
    sentence = effects[WHOLE, Statistic.BRIGHTNESS].sentence
    assert "probably how pictures were lit and collected, not expression" in sentence


def test_a_mouth_that_differs_does_so_beyond_lighting_and_no_other_region_does():
    pixels = _noise(600) + 50
    pixels[300:, MOUTH.mask(12)] += 60
    effects = _effects([0] * 300 + [1] * 300, pixels, NAMES[:2])
    brightness = effects[MOUTH, Statistic.BRIGHTNESS]
    assert brightness.interpretation == Interpretation.BEYOND
    assert (brightness.highest, brightness.lowest) == ("two", "one")
    assert brightness.normalised.cohens_d > 2
    assert max(effects.values(), key=lambda one: one.normalised.eta_squared).region == MOUTH


@pytest.mark.parametrize(
    ("raw", "normalised", "interpretation"),
    [
        (_effect(0.009), _effect(0.0), Interpretation.NEGLIGIBLE),
        (_effect(0.012), _effect(0.009), Interpretation.NEGLIGIBLE),
        (_effect(0.05), _effect(0.009), Interpretation.LIGHTING),
        (_effect(0.05), _effect(0.02), Interpretation.PARTLY),
        (_effect(0.05), _effect(0.04), Interpretation.BEYOND),
        (_effect(0.005), _effect(0.04), Interpretation.HIDDEN),
        (_effect(0.3, p=0.4), _effect(0.2, p=0.4), Interpretation.CHANCE),
        (_effect(0.3, p=0.01), _effect(0.2, p=0.06), Interpretation.CHANCE),
    ],
)
def test_what_a_difference_probably_is(raw, normalised, interpretation):
    assert _interpretation(raw, normalised) == interpretation


@pytest.mark.parametrize("labels", [[], [0], [0, 0, 0], [0, 1, 2]])
def test_with_nothing_to_compare_no_effect_is_claimed(labels):
    effects = _effects(np.array(labels, np.int64), _noise(len(labels)))
    assert len(effects) == 21
    for one in effects.values():
        assert one.raw == Effect(0.0, 1.0, None)
        assert one.interpretation == Interpretation.NEGLIGIBLE
        assert one.sentence


def test_two_classes_that_never_vary_give_finite_numbers():
    greys = np.repeat([10, 200], 5)[:, None, None] * np.ones((1, 6, 6))
    effect = _effects(np.repeat([0, 1], 5), greys, NAMES[:2])[WHOLE, Statistic.BRIGHTNESS]
    assert effect.raw.eta_squared == pytest.approx(1.0)
    assert np.isfinite(effect.raw.cohens_d)
    assert effect.raw.p < 1e-6
