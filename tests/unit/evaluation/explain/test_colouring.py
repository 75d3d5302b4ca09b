"""Maps lie over pictures so that the face can still be seen."""

from __future__ import annotations

import numpy as np

from core.evaluation.explain.heatmap import inferno, overlaid, signed_overlaid, without_map
from tests.make import make_photo

FACE = make_photo(1)


def test_a_map_of_nothing_leaves_the_picture_grey() -> None:
    shown = overlaid(FACE, np.zeros((6, 6)), size_px=96)
    assert shown.shape == (96, 96, 3)
    assert np.array_equal(shown, np.repeat(without_map(FACE, size_px=96)[..., None], 3, axis=2))
    assert np.array_equal(shown, signed_overlaid(FACE, np.zeros((6, 6)), size_px=96))


def test_only_where_the_map_is_high_there_is_colour() -> None:
    one = np.zeros((6, 6))
    one[4:, :] = 1.0
    shown = overlaid(FACE, one, size_px=96).astype(int)
    colour = np.ptp(shown, axis=2)
    assert colour[80:].min() > 40
    assert colour[:40].max() == 0


def test_the_face_shines_through_the_strongest_colour() -> None:
    shown = overlaid(FACE, np.ones((6, 6)), size_px=48).astype(float).mean(axis=2)
    assert np.corrcoef(shown.ravel(), FACE.astype(float).ravel())[0, 1] > 0.99


def test_brightness_of_the_colours_grows_with_the_value() -> None:
    # Luma (ITU-R BT.601): printed in grey the order stays.
    luma = inferno(np.linspace(0, 1, 64)) @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(luma) > 0).all()


def test_more_and_less_have_opposite_colours() -> None:
    grey = np.full((48, 48), 128, dtype=np.uint8)
    more = signed_overlaid(grey, np.full((6, 6), 0.5), size_px=48)[24, 24].astype(int)
    less = signed_overlaid(grey, np.full((6, 6), -0.5), size_px=48)[24, 24].astype(int)
    assert more[0] > more[2]
    assert less[2] > less[0]
