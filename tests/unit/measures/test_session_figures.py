"""Figures of a session follow from the columns of its file, and say why they are empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from core.domain import Timeline
from core.measures import (
    MEASURES,
    Calibration,
    MeasureFigure,
    binned_measure,
    measure_figures,
    measure_session,
    seconds_of_rows,
)
from core.measures.signals.expressiveness import NOBODY
from core.sessions import read_csv
from core.sessions.exporters import derive_columns
from tests.exported import csv_bytes
from tests.faces_in_time import OWN, both, face_with, seconds
from tests.make import make_session


def _figures(rows: Timeline, own: Mapping[int, Calibration] = NOBODY) -> dict[str, MeasureFigure]:
    found = measure_figures(seconds_of_rows(rows), measure_session(rows, own))
    return {one.measure.id: one for one in found}


def test_every_measure_has_a_figure_or_says_why_not() -> None:
    found = _figures(face_with(seconds(30)))
    assert list(found) == list(MEASURES)
    assert all(one.text and one.note for one in found.values())
    assert all(one.measure.limits in one.help for one in found.values())
    assert found["facing"].text == "100 % of the time"
    assert found["facing"].note == "not calibrated · 77 % measured"
    assert found["tension"].note.startswith("not calibrated · ")
    assert found["eyes"].note == "It needs 36 of 60 s in which it could be measured."
    assert found["blinks"].note == "It needs at least 15 analysed frames a second."
    assert found["confusion_candidate"].note == "It needs a calibration."
    assert found["eyes"].text == "not measured"
    assert found["synchrony"].text == "of a group only"
    assert found["concentration_index"].text == "in the index laboratory"
    assert found["expressiveness"].text.endswith(" % of its range")


def test_a_calibrated_face_says_so() -> None:
    tense = face_with(seconds(30), **both("browDown", 0.5))
    found = _figures(tense, {1: OWN})
    assert found["tension"].note.startswith("calibrated · ")
    assert found["tension"].text == "+3.3 SD"  # ten of four hundredths, in one of three parts
    assert found["confusion_candidate"].values


def test_what_a_session_of_an_earlier_version_lacks_is_named() -> None:
    rows = face_with(seconds(30))
    rows = replace(rows, blendshapes=np.full_like(rows.blendshapes, np.nan))
    assert _figures(rows)["tension"].note == "No blendshapes stored in this session."


def test_a_figure_is_the_mean_of_its_column_weighted_by_the_seconds_of_the_file() -> None:
    rows = face_with(np.concatenate([seconds(20), 20 + seconds(20, fps=5)]))
    derived = derive_columns(rows, not_sure_below=0.0)
    file = read_csv(csv_bytes(make_session(), rows, derived))
    known = file.dropna(subset="expressiveness")
    figure = _figures(rows)["expressiveness"]
    mean = (known.expressiveness * known.seconds).sum() / known.seconds.sum()
    assert figure.values["mean"] == pytest.approx(mean)
    assert figure.measured_share == pytest.approx(known.seconds.sum() / file.seconds.sum())


def test_a_face_without_rows_has_no_figure() -> None:
    found = _figures(face_with(seconds(0)))
    assert found["smile"].note == "It needs 0.6 of 1 s in which it could be measured."
    assert not any(one.values for one in found.values())


def test_steps_hold_the_mean_of_their_seconds_and_gaps_are_not_measured() -> None:
    at = np.concatenate([seconds(10), 20 + seconds(10)])
    rows = face_with(at)
    middle_s, means = binned_measure(
        rows, np.where(at < 5, 1.0, 3.0), between_s=(0.0, 30.0), step_s=2.0
    )
    assert middle_s[:2].tolist() == [1.0, 3.0]
    assert means[:2] == pytest.approx([1.0, 1.0])
    assert means[2] == pytest.approx(2.0)
    assert np.isnan(means[6:10]).all()
    assert means[10:] == pytest.approx(3.0)


@pytest.mark.parametrize("fps", [2.0, 5.0, 30.0])
def test_the_frame_rate_leaves_no_gaps_in_steps(fps: float) -> None:
    rows = face_with(seconds(20, fps=fps))
    _, means = binned_measure(rows, np.ones(len(rows)), between_s=(0.0, 19.0), step_s=0.25)
    assert means == pytest.approx(1.0)


def test_a_value_that_is_missing_never_becomes_one() -> None:
    rows = face_with(seconds(10))
    _, means = binned_measure(rows, np.full(len(rows), np.nan), between_s=(0.0, 10.0), step_s=1.0)
    assert np.isnan(means).all()
