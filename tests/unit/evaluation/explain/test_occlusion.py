"""Covering a part of the picture shows what a model rests on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.summary.face_regions import MOUTH
from core.domain import FER7
from core.evaluation.explain.occlusion import Patch, corners_of, occlusion
from tests.explanations import looks_at

HAPPY, SAD = FER7.index("happy"), FER7.index("sad")


@pytest.fixture(scope="module")
def smiling() -> np.ndarray:
    """A grey face with a bright mouth."""
    face = np.full((48, 48), 0.3, dtype=np.float32)
    face[MOUTH.mask(48)] = 0.9
    return face


def test_the_map_is_highest_where_the_model_looks(smiling: np.ndarray) -> None:
    found = occlusion(looks_at(MOUTH), smiling)
    mouth = MOUTH.mask(48)
    drops = found.drops[HAPPY]
    assert drops[mouth].mean() > 5 * drops[~mouth].mean() > 0
    top, left = np.unravel_index(drops.argmax(), drops.shape)
    assert mouth[top, left]


def test_what_one_class_loses_the_others_gain(smiling: np.ndarray) -> None:
    found = occlusion(looks_at(MOUTH), smiling)
    assert np.allclose(found.drops.sum(axis=0), 0, atol=1e-9)
    assert (found.drops[SAD] <= 1e-9).all()


def test_covering_the_mouth_alone_costs_the_score(smiling: np.ndarray) -> None:
    found = occlusion(looks_at(MOUTH), smiling)
    assert found.scores_without["mouth"][HAPPY] < found.scores[HAPPY] - 0.2
    # A cover has the picture's mean grey, so what was dark stays what it was: seen by nobody.
    assert found.scores_without["eyes"][HAPPY] == pytest.approx(found.scores[HAPPY])


def test_a_model_that_sees_nothing_gives_a_map_of_nothing() -> None:
    face = np.full((48, 48), 0.5, dtype=np.float32)
    found = occlusion(looks_at(MOUTH), face)
    assert found.largest_drop(HAPPY) == pytest.approx(0, abs=1e-6)
    assert found.map_of(HAPPY).max() < 1e-4


def test_a_fall_too_small_to_matter_stays_pale(smiling: np.ndarray) -> None:
    loud = occlusion(looks_at(MOUTH), smiling)
    faint = occlusion(looks_at(MOUTH, temperature=100.0), smiling)
    assert loud.map_of(HAPPY).max() > 2 * faint.map_of(HAPPY).max()
    assert 0 < faint.map_of(HAPPY).max() < 0.5


@given(
    st.integers(8, 120), st.floats(0.02, 1.0), st.floats(0.02, 1.0), st.sampled_from([0.3, 0.7, 1])
)
def test_every_pixel_is_covered(size_px: int, side: float, stride: float, share: float) -> None:
    patch = Patch(side, min(side, stride) * share)
    corners, side_px = corners_of(size_px, patch)
    covered = np.zeros((size_px, size_px), dtype=np.bool_)
    for top, left in corners:
        assert 0 <= top <= size_px - side_px
        assert 0 <= left <= size_px - side_px
        covered[top : top + side_px, left : left + side_px] = True
    assert covered.all()


@pytest.mark.parametrize(("side", "stride"), [(0.0, 0.1), (0.2, 0.0), (0.2, 0.3), (1.2, 0.1)])
def test_a_patch_that_would_leave_gaps_is_refused(side: float, stride: float) -> None:
    with pytest.raises(ValueError, match="stride"):
        Patch(side, stride)
