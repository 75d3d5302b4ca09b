"""Conditions applied on purpose: what each does, in its own unit."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.errors import PlanError
from core.evaluation.robustness import corruption_functions
from core.evaluation.robustness.corruption_functions import FaceRegion, whole_picture
from core.evaluation.robustness.corruptions import CORRUPTIONS, corrupted, corruption_named
from tests.make import make_photo

PHOTOS = np.stack([make_photo(seed) for seed in range(20)])
RNG = np.random.default_rng
EVERY = list(CORRUPTIONS.values())
by_name = pytest.mark.parametrize("corruption", EVERY, ids=list(CORRUPTIONS))


def _damage(pictures, like):
    return float(((pictures.astype(np.float64) - like) ** 2).mean())


@by_name
def test_level_0_leaves_pictures_as_they_are(corruption):
    found = corrupted(PHOTOS, corruption, 0, seed=1)
    assert np.array_equal(found, PHOTOS)
    assert found is not PHOTOS


@pytest.mark.parametrize("name", [one.name for one in EVERY if one.unchanged is not None])
def test_the_amount_that_changes_nothing_changes_nothing(name):
    corruption = CORRUPTIONS[name]
    found = corruption.change(PHOTOS, corruption.unchanged, whole_picture(PHOTOS), RNG(1))
    assert np.array_equal(found, PHOTOS)


@by_name
def test_each_level_harms_more_than_the_one_before(corruption):
    harm = [
        _damage(corrupted(PHOTOS, corruption, level, seed=1), PHOTOS)
        for level in range(len(corruption.amounts) + 1)
    ]
    assert harm == sorted(harm)
    assert len(set(harm)) == len(harm)


@by_name
def test_the_pictures_given_stay_and_the_seed_decides(corruption):
    before = PHOTOS.copy()
    one = corrupted(PHOTOS, corruption, 2, seed=3)
    again = corrupted(PHOTOS, corruption, 2, seed=3)
    assert np.array_equal(PHOTOS, before)
    assert np.array_equal(one, again)


@by_name
def test_colours_and_no_pictures_at_all_are_taken_too(corruption):
    frames = np.repeat(PHOTOS[:2, ..., None], 3, axis=3)
    face = FaceRegion(8.0, 8.0, 32.0)
    found = corrupted(frames, corruption, 1, seed=1, face=face)
    assert found.shape == frames.shape
    assert found.dtype == np.uint8
    assert corrupted(PHOTOS[:0], corruption, 1, seed=1).shape == (0, 48, 48)


def test_a_stop_halves_the_light_that_srgb_stands_for():
    grey = np.full((1, 4, 4), 188, dtype=np.uint8)  # 188 is half of the light of white, nearly
    darker = corruption_functions.darken(grey, 1.0, whole_picture(grey), RNG(1))
    assert abs(int(darker[0, 0, 0]) - 137) <= 1  # a quarter of white's light
    brighter = corruption_functions.brighten(grey, 1.0, whole_picture(grey), RNG(1))
    assert int(brighter[0, 0, 0]) >= 254


def test_contrast_keeps_the_mean_and_scales_the_spread():
    half = corruption_functions.scale_contrast(PHOTOS, 0.5, whole_picture(PHOTOS), RNG(1))
    assert np.allclose(half.mean(axis=(1, 2)), PHOTOS.mean(axis=(1, 2)), atol=0.6)
    assert np.allclose(half.std(axis=(1, 2)), PHOTOS.std(axis=(1, 2)) / 2, atol=0.6)


def test_a_blur_is_as_wide_as_it_says_and_grows_with_the_face():
    edge = np.zeros((1, 60, 60), dtype=np.uint8)
    edge[:, :, 30:] = 255
    for size, unit in ((48.0, 1.0), (96.0, 2.0)):
        found = corruption_functions.blur(edge, 1.5, FaceRegion(0, 0, size), RNG(1))[0].astype(
            np.float64
        )
        steps = np.diff(found[30])
        spread = np.sqrt((steps * (np.arange(59) - 29) ** 2).sum() / steps.sum())
        assert spread == pytest.approx(1.5 * unit, rel=0.05)


def test_a_motion_spreads_light_along_its_length_and_keeps_it():
    dot = np.zeros((1, 49, 49), dtype=np.uint8)
    dot[0, 24, 24] = 255
    found = corruption_functions.motion_blur(dot, 9.0, FaceRegion(0, 0, 48.0), RNG(5))[0]
    rows, columns = np.nonzero(found)
    reach = np.hypot(rows - 24, columns - 24).max()
    assert 3.5 <= reach <= 6.0
    assert found.sum() == pytest.approx(255, abs=len(rows))


def test_a_small_face_has_no_detail_finer_than_its_pixels():
    checked = np.indices((48, 48)).sum(axis=0) % 2 * 255
    found = corruption_functions.shrink(
        checked[None].astype(np.uint8), 24.0, FaceRegion(0, 0, 48.0), RNG(1)
    )
    assert np.ptp(found) <= 1
    large = corruption_functions.shrink(PHOTOS, 60.0, whole_picture(PHOTOS), RNG(1))
    assert np.array_equal(large, PHOTOS)


def test_noise_has_the_spread_it_says():
    grey = np.full((4, 48, 48), 128, dtype=np.uint8)
    found = corruption_functions.add_noise(grey, 16.0, whole_picture(grey), RNG(1))
    assert found.std() == pytest.approx(16.0, rel=0.05)


def test_a_face_is_turned_about_its_middle_to_both_sides():
    picture = np.zeros((40, 48, 48), dtype=np.uint8)
    picture[:, 22:26, 40:44] = 255
    found = corruption_functions.rotate(picture, 90.0, whole_picture(picture), RNG(1))
    above, below = found[:, 4:8, 22:26].mean(axis=(1, 2)), found[:, 40:44, 22:26].mean(axis=(1, 2))
    assert set(np.where(above > 200, 1, 0) + np.where(below > 200, 2, 0)) == {1, 2}


def test_a_misplaced_cut_moves_by_its_share_of_the_side():
    dot = np.zeros((8, 48, 48), dtype=np.uint8)
    dot[:, 22:26, 22:26] = 255
    found = corruption_functions.shift_crop(dot, 0.125, whole_picture(dot), RNG(1)).astype(
        np.float64
    )
    rows, columns = np.indices((48, 48))
    total = found.sum(axis=(1, 2))
    moved = np.hypot(
        (found * rows).sum(axis=(1, 2)) / total - 23.5,
        (found * columns).sum(axis=(1, 2)) / total - 23.5,
    )
    assert np.allclose(moved, 6.0, atol=0.3)


@pytest.mark.parametrize("name", ["eyes", "mouth", "lower", "patch"])
def test_a_cover_hides_the_share_it_says_with_the_mean_of_the_face(name):
    pictures = np.where(np.indices((48, 48)).sum(axis=0) % 2, 255, 1)[None].astype(np.uint8)
    for amount in CORRUPTIONS[name].amounts:
        found = CORRUPTIONS[name].change(pictures, amount, whole_picture(pictures), RNG(1))
        covered = found == 128
        assert covered.mean() == pytest.approx(amount, abs=0.025)


def test_covers_lie_where_they_are_named():
    black = np.zeros((1, 48, 48), dtype=np.uint8)
    black[0, 0, 0] = 255  # so that the mean is not black
    black[0, -8:, -8:] = 255
    eyes = np.nonzero(
        corruption_functions.cover_eyes(black, 0.08, whole_picture(black), RNG(1))[0] == 7
    )
    mouth = np.nonzero(
        corruption_functions.cover_mouth(black, 0.08, whole_picture(black), RNG(1))[0] == 7
    )
    assert 15 < eyes[0].mean() < 22
    assert 33 < mouth[0].mean() < 41
    lower = corruption_functions.cover_lower(black, 0.5, whole_picture(black), RNG(1))[0]
    assert (lower[24:] == 7).all()
    assert (lower[1:24] == 0).all()


def test_a_face_within_a_frame_is_covered_there_and_nowhere_else():
    frame = np.zeros((1, 100, 200, 3), dtype=np.uint8)
    frame[..., 60:90, 120:160, :] = 200
    face = FaceRegion(110.0, 50.0, 48.0)
    changed = corrupted(frame, CORRUPTIONS["lower"], 3, seed=1, face=face) != frame
    rows, columns = np.nonzero(changed.any(axis=(0, 3)))
    assert rows.min() >= 50 + 48 * 0.6
    assert columns.min() >= 110
    assert columns.max() < 158


def test_levels_and_names_that_are_not_there_are_refused():
    with pytest.raises(ValueError, match="levels 0 to"):
        corrupted(PHOTOS, CORRUPTIONS["blur"], 9, seed=1)
    with pytest.raises(PlanError, match="no corruption 'fog'") as error:
        corruption_named("fog")
    assert "blur" in error.value.advice


@pytest.mark.parametrize(
    ("name", "level", "written"),
    [
        ("face_size", 4, "24 px or less"),
        ("contrast", 1, "60 % or less"),
        ("jpeg", 1, "95 or less"),
        ("darker", 2, "2 stops or more"),
        ("blur", 1, "0.5 px of 48 or more"),
        ("lower", 1, "15 % or more"),
    ],
)
def test_levels_are_written_as_people_read_them(name, level, written):
    assert CORRUPTIONS[name].from_here(level) == written
    assert CORRUPTIONS[name].written(0) == "original"
