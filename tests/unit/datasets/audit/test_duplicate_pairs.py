from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.datasets.audit import duplicates, similarity
from core.datasets.audit.duplicates import NearLimits, find_exact_duplicates, find_near_duplicates
from core.datasets.audit.problem import NO_PARTNER
from tests.make import make_photo

PHOTOS = np.stack([make_photo(seed) for seed in range(30)])


def _cut(picture):
    return cv2.resize(picture[2:46, 3:47], (48, 48), interpolation=cv2.INTER_LINEAR)


def _compressed(picture):
    return cv2.imdecode(
        cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_GRAYSCALE
    )


CHANGES = {
    "mirrored": lambda picture: picture[:, ::-1],
    "cut": _cut,
    "enlarged border": lambda picture: cv2.resize(
        np.pad(picture, 3, mode="edge"), (48, 48), interpolation=cv2.INTER_AREA
    ),
    "compressed": _compressed,
    "brightened": lambda picture: np.clip(picture * 1.1 + 15, 0, 255).astype(np.uint8),
    "darkened": lambda picture: (picture * 0.5).astype(np.uint8),
    "mirrored and cut": lambda picture: _cut(picture)[:, ::-1],
}


def _both(pixels, **options):
    exact = find_exact_duplicates(pixels)
    return exact, find_near_duplicates(pixels, exact, **options)


def test_the_first_of_equal_pictures_is_the_partner_of_the_rest():
    found = find_exact_duplicates(PHOTOS[[0, 1, 0, 2, 1, 0]])
    assert found.flagged.tolist() == [False, False, True, False, True, True]
    assert found.partners.tolist() == [-1, -1, 0, -1, 1, 0]
    assert found.scores.tolist() == [0, 0, 1, 0, 1, 1]


def test_one_grey_level_makes_another_picture():
    other = PHOTOS[0].copy()
    other[5, 5] += 1
    assert find_exact_duplicates(np.stack([PHOTOS[0], other])).count == 0


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_changed_copy_is_found_with_its_original(change):
    copies = np.stack([change(PHOTOS[at]) for at in (4, 11)])
    exact, near = _both(np.concatenate([PHOTOS, copies]))
    assert exact.count == 0
    assert np.flatnonzero(near.flagged).tolist() == [30, 31]
    assert near.partners[30:].tolist() == [4, 11]
    assert near.scores[30:].min() >= 0.9


def test_different_photographs_are_not_called_duplicates():
    near = _both(PHOTOS)[1]
    assert near.count == 0
    assert (near.partners == NO_PARTNER).all()


def test_an_exact_duplicate_is_no_near_duplicate_as_well():
    pixels = np.concatenate([PHOTOS, PHOTOS[:3], _cut(PHOTOS[0])[None]])
    exact, near = _both(pixels)
    assert np.flatnonzero(exact.flagged).tolist() == [30, 31, 32]
    assert np.flatnonzero(near.flagged).tolist() == [33]


def test_the_partner_is_the_most_similar_earlier_picture():
    far = np.clip(_cut(PHOTOS[0]).astype(int) + np.random.default_rng(1).integers(-20, 21), 0, 255)
    pixels = np.stack([_compressed(_cut(PHOTOS[0])), PHOTOS[0], far.astype(np.uint8), PHOTOS[1]])
    near = _both(np.concatenate([pixels, _compressed(PHOTOS[0])[None]]))[1]
    assert near.partners[4] == 1


def test_uniform_pictures_are_similar_to_nothing():
    greys = np.stack([np.full((48, 48), grey, dtype=np.uint8) for grey in range(0, 250, 10)])
    assert _both(greys)[1].count == 0


def test_above_a_number_of_pictures_only_exact_duplicates_are_searched_and_that_is_reported():
    limits = NearLimits(max_pictures=29)
    exact, near = _both(np.concatenate([PHOTOS, PHOTOS[:1], _cut(PHOTOS[1])[None]]), limits=limits)
    assert exact.count == 1
    assert near.count == 0
    assert "Skipped: comparing more than 29" in near.sentence
    assert "Not searched" not in _both(PHOTOS)[1].sentence


def test_blocks_change_nothing(monkeypatch):
    pixels = np.concatenate([PHOTOS, np.stack([_cut(one)[:, ::-1] for one in PHOTOS[:9]])])
    whole = _both(pixels)[1]
    monkeypatch.setattr(similarity, "_DESCRIBED_AT_ONCE", 7)
    monkeypatch.setattr(similarity, "_LATER_AT_ONCE", 5)
    monkeypatch.setattr(similarity, "_EARLIER_AT_ONCE", 3)
    parts = _both(pixels)[1]
    assert whole.count == 9
    assert np.array_equal(whole.partners, parts.partners)


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_pictures_have_no_duplicates(count):
    exact, near = _both(PHOTOS[:count])
    assert (exact.count, near.count, len(near.scores)) == (0, 0, count)


@pytest.mark.parametrize("size_px", [24, 112])
def test_pictures_of_another_size_are_compared_too(size_px):
    pixels = np.stack([make_photo(seed, size_px=size_px) for seed in range(10)])
    pixels = np.concatenate([pixels, pixels[3:4, :, ::-1]])
    near = _both(pixels)[1]
    assert np.flatnonzero(near.flagged).tolist() == [10]


def test_progress_rises_to_the_end(monkeypatch):
    monkeypatch.setattr(similarity, "_LATER_AT_ONCE", 16)
    monkeypatch.setattr(duplicates, "_PAIRS_AT_ONCE", 1)
    calls = []
    pixels = np.concatenate([PHOTOS, PHOTOS[:3, :, ::-1]])
    find_near_duplicates(
        pixels,
        find_exact_duplicates(pixels),
        on_progress=lambda done, total: calls.append(done / total),
    )
    assert len(calls) > 4
    assert calls == sorted(calls)
    assert calls[-1] == 1
