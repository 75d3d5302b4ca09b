from __future__ import annotations

from dataclasses import fields

import cv2
import numpy as np
import pytest

from core.datasets.audit import picture_quality
from core.datasets.audit.picture_quality import QualityMeasures, measure_pictures
from core.vision.faces.quality import sharpness
from tests.make import make_photo

PHOTOS = np.stack([make_photo(seed) for seed in range(12)])


def _even(grey, size_px=48):
    return np.full((1, size_px, size_px), grey, dtype=np.uint8)


def test_brightness_contrast_and_highlights_are_what_they_are_called():
    halves = np.zeros((1, 48, 48), dtype=np.uint8)
    halves[:, :, 24:] = 204
    found = measure_pictures(halves)
    assert found.brightness[0] == pytest.approx(0.4)
    assert found.highlights[0] == pytest.approx(0.8)
    assert found.contrast[0] == pytest.approx(0.8)


def test_sharpness_is_the_sharpness_of_camera_frames():
    blurred = np.stack([cv2.GaussianBlur(one, (0, 0), 1.5) for one in PHOTOS])
    pictures = np.concatenate([PHOTOS, blurred, _even(90)])
    theirs = [sharpness(one.astype(np.float32) / 255) for one in pictures]
    assert measure_pictures(pictures).sharpness == pytest.approx(theirs, rel=1e-4, abs=1e-6)


def test_blur_lowers_fineness_and_a_white_background_hardly():
    glow = np.clip(np.linspace(600, -1000, 48), 0, 255)  # from white to nothing in eight pixels
    behind = np.maximum(PHOTOS * 0.4, glow).astype(np.uint8)
    blurred = np.stack([cv2.GaussianBlur(one, (0, 0), 1.5) for one in PHOTOS])
    clear, before_white, soft = map(measure_pictures, (PHOTOS, behind, blurred))
    assert (soft.fineness < 0.5 * clear.fineness).all()
    falls = clear.sharpness / before_white.sharpness
    assert (falls > 4 * clear.fineness / before_white.fineness).all()


@pytest.mark.parametrize(("grey", "burnt"), [(0, 1), (2, 1), (3, 0), (252, 0), (253, 1), (255, 1)])
def test_both_ends_of_the_scale_are_burnt_out(grey, burnt):
    assert measure_pictures(_even(grey)).burnt_out[0] == burnt


def test_a_white_background_is_not_burnt_out():
    picture = _even(100)
    picture[:, :9], picture[:, -9:], picture[:, :, :9] = 255, 255, 0
    assert measure_pictures(picture).burnt_out[0] == 0


def test_ink_has_hard_edges_and_flat_areas():
    ink = _even(255)
    cv2.putText(ink[0], "NO", (2, 34), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    found, photos = measure_pictures(ink), measure_pictures(PHOTOS)
    assert found.flat[0] > 0.3 > photos.flat.max()
    assert found.hard_edges[0] > 0.7
    assert photos.hard_edges.max() < 0.1


def test_larger_pictures_are_measured_at_48_pixels():
    large = np.stack([cv2.resize(one, (192, 192), interpolation=cv2.INTER_AREA) for one in PHOTOS])
    small, reduced = measure_pictures(PHOTOS), measure_pictures(large)
    assert reduced.fineness == pytest.approx(small.fineness, rel=0.02)
    assert reduced.brightness == pytest.approx(small.brightness, rel=0.01)


def test_the_size_of_blocks_changes_nothing(monkeypatch):
    whole = measure_pictures(PHOTOS)
    monkeypatch.setattr(picture_quality, "PICTURES_AT_ONCE", 5)
    parts = measure_pictures(PHOTOS)
    for column in fields(QualityMeasures):
        assert np.array_equal(getattr(whole, column.name), getattr(parts, column.name))


def test_pictures_on_disk_are_measured_like_those_in_memory(tmp_path):
    np.save(tmp_path / "pixels.npy", PHOTOS)
    mapped = np.load(tmp_path / "pixels.npy", mmap_mode="r")
    assert np.array_equal(measure_pictures(mapped).fineness, measure_pictures(PHOTOS).fineness)


@pytest.mark.parametrize("count", [0, 1])
def test_every_measure_has_one_float32_a_picture(count):
    found = measure_pictures(PHOTOS[:count])
    assert len(found) == count
    for column in fields(QualityMeasures):
        values = getattr(found, column.name)
        assert values.shape == (count,)
        assert values.dtype == np.float32


@pytest.mark.parametrize("size_px", [4, 47, 300])
def test_uniform_pictures_of_any_size_give_finite_measures(size_px):
    found = measure_pictures(_even(255, size_px))
    assert all(np.isfinite(getattr(found, column.name)).all() for column in fields(found))


def test_progress_is_reported(monkeypatch):
    monkeypatch.setattr(picture_quality, "PICTURES_AT_ONCE", 8)
    calls = []
    measure_pictures(PHOTOS, on_progress=lambda *progress: calls.append(progress))
    assert calls == [(8, 12), (12, 12)]
