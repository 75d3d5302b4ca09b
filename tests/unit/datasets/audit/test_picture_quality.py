from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.datasets.audit.picture_quality import (
    DEFAULT_LIMITS,
    QualityMeasures,
    find_quality_problems,
    measure_pictures,
)
from core.datasets.audit.problem import ProblemKind
from core.vision.faces.quality import DEFAULT_LIMITS as CAMERA_LIMITS
from tests.make import make_photo

PHOTO = make_photo(3)
SOUND = QualityMeasures(
    brightness=np.float32([0.5]),
    highlights=np.float32([0.9]),
    contrast=np.float32([0.7]),
    burnt_out=np.float32([0.0]),
    sharpness=np.float32([0.7]),
    fineness=np.float32([2.2]),
    flat=np.float32([0.0]),
    hard_edges=np.float32([0.1]),
)


def _found(measures):
    return {problem.kind: problem for problem in find_quality_problems(measures)}


def _flagged(measures):
    return {kind for kind, problem in _found(measures).items() if problem.flagged[0]}


def _drawn():
    picture = np.full((48, 48), 255, dtype=np.uint8)
    cv2.circle(picture, (24, 24), 20, 0, 2)
    cv2.putText(picture, "?", (14, 34), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    return picture


@pytest.mark.parametrize(
    ("picture", "kind"),
    [
        (cv2.GaussianBlur(PHOTO, (0, 0), 2.0), ProblemKind.BLURRED),
        ((PHOTO * 0.2).astype(np.uint8), ProblemKind.TOO_DARK),
        ((PHOTO * 0.2 + 120).astype(np.uint8), ProblemKind.LOW_CONTRAST),
        (np.clip(PHOTO * 3.0 - 100, 0, 255).astype(np.uint8), ProblemKind.BURNT_OUT),
        (_drawn(), ProblemKind.DRAWING),
    ],
)
def test_a_picture_that_was_given_a_fault_is_found(picture, kind):
    assert kind not in _flagged(measure_pictures(PHOTO[None]))
    assert kind in _flagged(measure_pictures(picture[None]))


@pytest.mark.parametrize(
    ("name", "kind", "sign"),
    [
        ("fineness", ProblemKind.BLURRED, -1),
        ("sharpness", ProblemKind.BLURRED, -1),
        ("contrast", ProblemKind.LOW_CONTRAST, -1),
        ("burnt_out", ProblemKind.BURNT_OUT, 1),
        ("hard_edges", ProblemKind.DRAWING, 1),
        ("flat", ProblemKind.DRAWING, 1),
    ],
)
def test_each_limit_lies_where_it_says(name, kind, sign):
    limit = getattr(DEFAULT_LIMITS, name)
    sound, bad = (
        replace(SOUND, **{name: np.float32([limit + step * sign])}) for step in (-0.01, 0.01)
    )
    assert _flagged(sound) == set()
    assert _flagged(bad) == {kind}


def test_lettering_is_sharper_than_anything_else():
    assert _flagged(replace(SOUND, sharpness=np.float32([4.1]))) == {ProblemKind.DRAWING}


def test_a_lit_face_before_a_black_wall_is_not_too_dark():
    dark = replace(SOUND, brightness=np.float32([0.1]))
    assert _flagged(dark) == set()
    assert _flagged(replace(dark, highlights=np.float32([0.5]))) == {ProblemKind.TOO_DARK}


def test_a_uniform_picture_is_not_called_blurred():
    found = _found(measure_pictures(np.full((1, 48, 48), 90, dtype=np.uint8)))
    assert found[ProblemKind.BLURRED].scores[0] == 0
    assert found[ProblemKind.LOW_CONTRAST].scores[0] == 1


def test_what_the_camera_refuses_does_not_pass():
    assert DEFAULT_LIMITS.sharpness == CAMERA_LIMITS.sharpness
    assert DEFAULT_LIMITS.brightness == CAMERA_LIMITS.darkest


def test_worse_pictures_come_first():
    sigmas = (2.0, 1.2, 3.0)
    pictures = np.stack([cv2.GaussianBlur(PHOTO, (0, 0), sigma) for sigma in sigmas])
    found = _found(measure_pictures(pictures))[ProblemKind.BLURRED]
    assert found.worst_first().tolist() == [2, 0, 1]


def test_every_sentence_names_its_limit():
    found = _found(SOUND)
    assert "1.05" in found[ProblemKind.BLURRED].sentence
    assert "15 %" in found[ProblemKind.TOO_DARK].sentence
    assert "25 %" in found[ProblemKind.LOW_CONTRAST].sentence
    assert "35 %" in found[ProblemKind.BURNT_OUT].sentence
    assert "55 %" in found[ProblemKind.DRAWING].sentence


def test_no_pictures_have_no_faults():
    found = find_quality_problems(measure_pictures(np.zeros((0, 48, 48), dtype=np.uint8)))
    assert [problem.count for problem in found] == [0] * 5
