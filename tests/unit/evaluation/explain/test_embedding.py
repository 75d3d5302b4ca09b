"""Projections of features preserve neighbourhoods, and are the same every time."""

from __future__ import annotations

import io

import numpy as np
import pytest

from core.domain.errors import DamagedModel, EmptySplit
from core.evaluation.explain.embedding import (
    MIN_PICTURES,
    project_features,
    read_embedding,
    write_embedding,
)
from tests.explanations import make_evaluated, make_plane


def two_groups(count: int = 40, features: int = 12) -> np.ndarray:
    """Two clusters of equal size."""
    rng = np.random.default_rng(0)
    middle = np.where(np.arange(count)[:, None] < count // 2, -4.0, 4.0)
    return (middle + rng.normal(size=(count, features))).astype(np.float32)


def test_clusters_stay_together_in_both_projections() -> None:
    found = project_features(two_groups(), perplexity=10, seed=7)
    for plane in (found.tsne.astype(np.float64), found.pca.astype(np.float64)):
        first, second = plane[:20], plane[20:]
        distance = np.linalg.norm(first.mean(axis=0) - second.mean(axis=0))
        assert distance > first.std() + second.std()
        assert np.abs(plane).max() <= 1
    assert found.explained[0] > 0.9


def test_the_same_seed_gives_the_same_projection() -> None:
    one, other = (project_features(two_groups(), perplexity=10, seed=7) for _ in range(2))
    assert np.array_equal(one.tsne, other.tsne)


def test_a_perplexity_too_large_for_few_pictures_is_lowered() -> None:
    assert project_features(two_groups(10), perplexity=30, seed=7).perplexity == pytest.approx(3.0)


def test_one_feature_and_equal_pictures_still_give_a_projection() -> None:
    assert project_features(two_groups(20, 1), perplexity=5, seed=7).pca.shape == (20, 2)
    same = project_features(np.ones((20, 3), np.float32), perplexity=5, seed=7)
    assert np.isfinite(same.tsne).all()
    assert not same.explained.any()


def test_too_few_pictures_are_not_projected() -> None:
    with pytest.raises(EmptySplit, match="too few"):
        project_features(two_groups(MIN_PICTURES - 1), perplexity=5, seed=7)


def test_a_plane_comes_back_as_it_was_written() -> None:
    part = make_plane(make_evaluated([0, 1, -1], [0, 0, 2]))
    read = read_embedding(write_embedding(part))
    assert (read.split, read.source, read.perplexity) == (part.split, part.source, part.perplexity)
    for name in ("digests", "labels", "predicted", "tsne", "pca", "explained"):
        assert np.array_equal(getattr(read, name), getattr(part, name))
    assert len(read) == 3


def test_predictions_are_stored_under_the_name_that_files_have_for_them() -> None:
    part = make_plane(make_evaluated([0, 1, -1], [0, 0, 2]))
    with np.load(io.BytesIO(write_embedding(part))) as read:
        assert "predicted" not in read
        assert read["said"].tolist() == [0, 0, 2]


def test_a_damaged_plane_says_what_to_do() -> None:
    content = write_embedding(make_plane(make_evaluated([0, 1], [0, 1])))
    with pytest.raises(DamagedModel, match=r"embedding\.npz cannot be read"):
        read_embedding(content[:300])


def test_some_pictures_are_counted_by_label() -> None:
    part = make_plane(make_evaluated([0, 0, 3, -1, 3, 3], [0, 1, 3, 2, 3, 3]))
    assert part.tally(np.array([0, 1, 2, 3, 4])) == ({0: 2, 3: 2, -1: 1}, 1)
    counts, wrong = part.tally(np.array([2, 4, 5, 0]))
    assert list(counts) == [3, 0]
    assert wrong == 0
