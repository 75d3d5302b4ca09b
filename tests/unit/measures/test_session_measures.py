"""Measures as columns of a session's file."""

from __future__ import annotations

import numpy as np

from core.measures import Calibration, RestingShape, measure_session
from core.measures.calibration import LIVE_BLENDSHAPES
from tests.faces_in_time import face_with, seconds

AT_REST = Calibration(rest=tuple(RestingShape(name, 0.1, 0.04) for name in LIVE_BLENDSHAPES))


def test_what_only_a_calibration_makes_possible_says_so_where_it_is_empty() -> None:
    face = face_with(seconds(5.0))
    empty = measure_session(face)
    assert set(empty["confusion_basis"]) == {"not calibrated"}
    assert np.isnan(empty["confusion_candidate"]).all()
    known = measure_session(face, {1: AT_REST})
    assert known["confusion_basis"][-1] == "calibrated"
    assert known["confusion_candidate"][-1] == 0


def test_the_index_has_its_parts_and_its_version_in_each_row_that_has_it() -> None:
    columns = measure_session(face_with(seconds(12.0)))
    is_known = np.isfinite(columns["index"])
    assert is_known.sum() > 20
    for part in ("present", "facing", "eyes_open", "expression"):
        assert (np.isfinite(columns[f"index_{part}"]) == is_known).all()
    assert set(columns["index_version"][is_known]) == {"1"}
    assert set(columns["index_version"][~is_known]) == {""}
