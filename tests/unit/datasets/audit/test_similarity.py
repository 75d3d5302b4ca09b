from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.datasets.audit.similarity import agreement, describe, mirrored, similar_pairs
from tests.make import make_photo

PHOTOS = np.stack([make_photo(seed) for seed in range(12)])


def test_a_mirrored_description_describes_the_mirrored_picture():
    seen = describe(np.ascontiguousarray(PHOTOS[:, :, ::-1]))
    assert mirrored(describe(PHOTOS)) == pytest.approx(seen, abs=1e-5)


def test_descriptions_have_length_one_and_ignore_light():
    plain, darker = describe(PHOTOS), describe((PHOTOS // 2).astype(np.uint8))
    assert np.linalg.norm(plain, axis=1) == pytest.approx(1, abs=1e-5)
    assert ((plain * darker).sum(axis=1) > 0.98).all()


def test_only_the_most_similar_pairs_are_kept():
    pixels = np.concatenate([PHOTOS[:1], np.repeat(PHOTOS[:1], 5, axis=0), PHOTOS[1:3]])
    pairs = similar_pairs(describe(pixels), min_similarity=0.9, max_pairs=2)
    assert (pairs.earlier < pairs.later).all()
    assert np.bincount(pairs.later, minlength=8).tolist() == [0, 1, 2, 2, 2, 2, 0, 0]


def test_a_part_agrees_with_the_whole_it_was_cut_from():
    cut = cv2.resize(PHOTOS[0][4:45, 2:43], (48, 48), interpolation=cv2.INTER_LINEAR)
    assert agreement(PHOTOS[0], cut) > 0.9
    assert agreement(cut, PHOTOS[0]) > 0.9
    assert max(agreement(PHOTOS[0], other) for other in PHOTOS[1:]) < 0.8


def test_a_uniform_picture_agrees_with_nothing():
    even = np.full((48, 48), 70, dtype=np.uint8)
    assert agreement(even, even) == 0
    assert agreement(PHOTOS[0], even) == 0
