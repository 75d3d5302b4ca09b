"""Maps that name what a model looks at are told from maps that do not."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.summary.face_regions import MOUTH, UPPER
from core.evaluation.explain.sanity_checks import check_maps, map_similarity
from tests.explanations import looks_at, make_maps


@pytest.fixture(scope="module")
def smiling() -> np.ndarray:
    """Faces whose mouths are brighter than the rest."""
    faces = np.random.default_rng(5).uniform(0.2, 0.4, (40, 48, 48)).astype(np.float32)
    faces[:, MOUTH.mask(48)] += 0.5
    return faces


def test_covering_what_a_true_map_names_costs_more_than_chance(smiling: np.ndarray) -> None:
    maps = np.repeat(MOUTH.mask(48)[None].astype(np.float32), len(smiling), axis=0)
    found = check_maps(looks_at(MOUTH), smiling, maps, rng=np.random.default_rng(1))
    assert found is not None
    assert found.pictures == 40
    assert found.named > found.elsewhere + 0.2
    assert found.better.low > 0.5


def test_a_map_of_the_wrong_place_is_found_out(smiling: np.ndarray) -> None:
    maps = np.repeat(UPPER.mask(48)[None].astype(np.float32), len(smiling), axis=0)
    found = check_maps(looks_at(MOUTH), smiling, maps, rng=np.random.default_rng(1))
    assert found is not None
    assert found.better.high < 0.5


def test_maps_of_nothing_cannot_be_checked(smiling: np.ndarray) -> None:
    rng = np.random.default_rng(1)
    nothing = np.zeros((len(smiling), 6, 6), dtype=np.float32)
    assert check_maps(looks_at(), smiling, nothing, rng=rng) is None


def test_equal_maps_are_alike_and_maps_of_chance_are_not() -> None:
    maps = make_maps(30, seed=1)
    assert map_similarity(maps, maps) == pytest.approx(1.0)
    alike = map_similarity(maps, make_maps(30, seed=2))
    assert alike is not None
    assert abs(alike) < 0.2
    assert map_similarity(maps, np.zeros_like(maps)) is None
