from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets.labels.class_mapping import map_named
from core.domain import CONFIDENT2, EXPRESSIVENESS3, FER7
from core.domain.errors import LabelSchemeMismatch, ModelError, PlanError
from core.settings import PROJECT_DIR
from core.training.inputs.distillation import Teachers
from core.training.recipes import RECIPES

SHELF = PROJECT_DIR / "models"
PUPIL = replace(RECIPES["compact-residual"], teachers=("compact-1",))


@pytest.fixture
def pixels():
    return np.random.default_rng(3).integers(0, 256, (5, 48, 48), np.uint8)


def _faces(pixels):
    return (pixels[..., None] / 255).astype(np.float32)


def test_they_score_pictures_at_their_own_input_size(pixels):
    teachers = Teachers(SHELF, PUPIL, FER7, threads=1)
    large = np.repeat(np.repeat(pixels, 2, axis=1), 2, axis=2)
    assert teachers.score_originals(large) == pytest.approx(teachers.score_originals(pixels))


def test_originals_are_scored_with_their_mirror_images(pixels):
    teachers = Teachers(SHELF, PUPIL, FER7, threads=1)
    told = teachers.score_originals(pixels)
    mirrored = teachers.score_originals(np.ascontiguousarray(pixels[:, :, ::-1]))
    assert told.shape == (5, 7)
    assert np.allclose(told.sum(axis=1), 1, atol=1e-5)
    assert np.allclose(told, mirrored, atol=1e-6)
    alone = teachers.scores(_faces(pixels))
    assert np.abs(told - alone).max() > 1e-4


def test_a_higher_temperature_makes_teachers_less_sure(pixels):
    usual = Teachers(SHELF, PUPIL, FER7, threads=1).scores(_faces(pixels))
    warm = replace(PUPIL, teaching_temperature=4.0)
    unsure = Teachers(SHELF, warm, FER7, threads=1).scores(_faces(pixels))
    assert (unsure.max(axis=1) < usual.max(axis=1)).all()


def test_teachers_of_seven_classes_teach_the_two_that_these_are_mapped_to(pixels, tmp_path):
    teachers = Teachers(
        SHELF,
        PUPIL,
        CONFIDENT2,
        map_from=lambda scheme: map_named(tmp_path, scheme, "confident or stressed"),
        threads=1,
    )
    seven = Teachers(SHELF, PUPIL, FER7, threads=1).scores(_faces(pixels))
    confident = seven[:, FER7.index("happy")] + seven[:, FER7.index("neutral")]
    stressed = sum(seven[:, FER7.index(label)] for label in ("angry", "fear", "sad"))
    wanted = confident / (confident + stressed)
    told = teachers.scores(_faces(pixels))
    assert np.allclose(told[:, CONFIDENT2.index("confident")], wanted, atol=1e-5)
    assert np.allclose(told.sum(axis=1), 1, atol=1e-5)


def test_teachers_of_other_classes_are_refused():
    with pytest.raises(LabelSchemeMismatch, match="compact-1 names angry"):
        Teachers(SHELF, PUPIL, EXPRESSIVENESS3, threads=1)


def test_teachers_of_another_picture_size_are_refused():
    with pytest.raises(PlanError, match="48 px, but this recipe ends at 96 px"):
        Teachers(SHELF, replace(PUPIL, sizes_px=((96, 1.0),)), FER7, threads=1)


def test_a_teacher_that_is_not_on_the_shelf_is_named(tmp_path):
    with pytest.raises(ModelError, match="compact-1"):
        Teachers(tmp_path, PUPIL, FER7, threads=1)


def test_asking_about_many_pictures_can_be_stopped(pixels):
    looks = []

    def check_cancelled():
        looks.append(True)
        if len(looks) == 2:
            raise InterruptedError

    teachers = Teachers(SHELF, PUPIL, FER7, threads=1)
    with pytest.raises(InterruptedError):
        teachers.score_originals(np.repeat(pixels, 100, axis=0), check_cancelled=check_cancelled)
    assert len(looks) == 2
