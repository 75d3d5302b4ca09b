from __future__ import annotations

import numpy as np
import pytest

from core.datasets.audit.face_problems import FaceLimits, find_face_problems
from core.datasets.audit.problem import ProblemKind
from core.vision.faces.still_picture import FacePositions


def _places(*rows):
    """Usual faces, and after them these: confidence, x, y, height."""
    usual = [(0.9, 0.5, 0.5, 0.8)] * 9
    table = np.array([*usual, *rows], dtype=np.float32)
    return FacePositions(table[:, 0], table[:, 1:3], table[:, 3])


NOTHING = (0.0, np.nan, np.nan, np.nan)


def test_usual_faces_are_no_problem():
    missing, off = find_face_problems(_places())
    assert (missing.kind, off.kind) == (ProblemKind.NO_FACE, ProblemKind.OFF_CENTRE)
    assert (missing.count, off.count) == (0, 0)


@pytest.mark.parametrize(
    ("row", "is_missing", "is_off"),
    [
        (NOTHING, True, False),
        ((0.29, 0.5, 0.5, 0.8), True, False),
        ((0.31, 0.5, 0.5, 0.8), False, False),
        ((0.9, 0.66, 0.5, 0.8), False, True),
        ((0.9, 0.6, 0.4, 0.8), False, False),
        ((0.9, 0.62, 0.62, 0.8), False, True),
        ((0.9, 0.5, 0.5, 0.55), False, True),
        ((0.9, 0.5, 0.5, 0.57), False, False),
        ((0.1, 0.9, 0.9, 0.1), True, False),
    ],
)
def test_a_face_is_missing_or_in_an_unusual_place(row, is_missing, is_off):
    missing, off = find_face_problems(_places(row))
    assert (bool(missing.flagged[9]), bool(off.flagged[9])) == (is_missing, is_off)
    assert (missing.count, off.count) == (is_missing, is_off)


def test_the_farther_off_the_worse_and_a_limit_is_one_half():
    far = [(0.9, 0.5 + shift, 0.5, 0.8) for shift in (0.05, 0.15, 0.25, 0.49)]
    off = find_face_problems(_places(*far))[1]
    assert off.scores[9:].tolist() == sorted(off.scores[9:].tolist())
    assert off.scores[10] == pytest.approx(0.5, abs=0.01)


def test_what_is_usual_the_pictures_say():
    rows = np.tile([[0.9, 0.3, 0.7, 0.4]], (9, 1)).astype(np.float32)
    places = FacePositions(rows[:, 0], rows[:, 1:3], rows[:, 3])
    assert find_face_problems(places)[1].count == 0


def test_pictures_without_any_face_are_all_missing():
    table = np.array([NOTHING] * 3, dtype=np.float32)
    missing, off = find_face_problems(FacePositions(table[:, 0], table[:, 1:3], table[:, 3]))
    assert (missing.count, off.count) == (3, 0)
    assert missing.scores.tolist() == [1, 1, 1]


def test_no_pictures_have_no_problems():
    table = np.zeros((0, 4), dtype=np.float32)
    for problem in find_face_problems(FacePositions(table[:, 0], table[:, 1:3], table[:, 3])):
        assert problem.count == 0


def test_the_sentences_name_the_limits():
    missing, off = find_face_problems(_places(), limits=FaceLimits(0.4, 0.2, 0.5))
    assert "40 %" in missing.sentence
    assert "20 %" in off.sentence
    assert "50 %" in off.sentence
