"""Mean maps lie on mean faces, and where a mean would show a person on a drawn one."""

from __future__ import annotations

import numpy as np

from core.domain import FER7, Dataset
from core.domain.dataset import picture_digests
from core.evaluation.explain.heatmap import MIN_PICTURES, mean_faces, synthetic_face
from core.evaluation.predictions.picture_lookup import FoundPictures
from core.evaluation.scorecard.errors import EvaluatedPictures
from tests.make import make_dataset


def judged_and_found(dataset: Dataset) -> tuple[EvaluatedPictures, FoundPictures]:
    """All pictures of a dataset, judged."""
    pictures = dataset.pictures
    scores = np.full((len(pictures), 7), 1 / 7)
    judged = EvaluatedPictures(
        picture_digests(pictures.pixels), pictures.labels, scores, FER7.labels
    )
    return judged, FoundPictures(dataset, np.arange(len(pictures)))


def test_a_class_with_enough_pictures_has_its_mean_face() -> None:
    bright_left = np.full((MIN_PICTURES, 12, 12), 100, dtype=np.uint8)
    bright_left[:, :, :6] = 120
    dataset = make_dataset({"all": [1] * MIN_PICTURES}, pixels=bright_left)
    faces = mean_faces(*judged_and_found(dataset))
    assert faces[1].shape == (12, 12)
    assert int(faces[1][5, 1]) - int(faces[1][5, 10]) > 150  # more contrast than it had


def test_the_mean_of_a_few_is_not_shown() -> None:
    dataset = make_dataset({"all": [1] * (MIN_PICTURES - 1)})
    assert all(
        np.array_equal(face, synthetic_face()) for face in mean_faces(*judged_and_found(dataset))
    )


def test_without_pictures_every_class_has_the_synthetic_face() -> None:
    judged, _ = judged_and_found(make_dataset({"all": [1, 2]}))
    faces = mean_faces(judged, None)
    assert len(faces) == 7
    assert np.array_equal(faces[0], synthetic_face())
