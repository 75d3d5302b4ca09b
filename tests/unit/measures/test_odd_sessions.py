"""Sessions that nobody expects give columns, and reasons where they are empty; no warning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from core.domain import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    NO_FACE_ID,
    LabelScheme,
    RejectReason,
    Timeline,
)
from core.measures import (
    MEASURES,
    Calibration,
    CalibrationPart,
    FacingCone,
    basis_values,
    measure_session,
)
from tests.faces_in_time import OWN, face_with, seconds
from tests.poses import one_face

LONG = seconds(70.0, fps=20.0)


def nothing(timeline: Timeline, *names: str) -> Timeline:
    """The same rows without these columns."""
    emptied = {name: np.full_like(getattr(timeline, name), np.nan) for name in names}
    return replace(timeline, **emptied)


def unusable(timeline: Timeline) -> Timeline:
    return replace(
        nothing(timeline, "scores", "steady"),
        usable=np.zeros(len(timeline), np.bool_),
        reason=np.full(len(timeline), RejectReason.TOO_DARK.value),
    )


def with_classes(timeline: Timeline, scheme: LabelScheme) -> Timeline:
    scores = np.full((len(timeline), len(scheme)), 1 / len(scheme))
    return replace(timeline, scheme=scheme, scores=scores, steady=scores)


def crowd(faces: int) -> Timeline:
    rows = face_with(np.repeat(seconds(20.0), faces))
    return replace(rows, face_id=np.tile(np.arange(1, faces + 1), len(rows) // faces))


def of_version_1() -> Timeline:
    return replace(
        nothing(face_with(LONG), "blendshapes", "lip_gap"),
        eye=np.full(len(LONG), "", dtype=np.str_),
    )


def changing_rate() -> Timeline:
    return face_with(np.concatenate([np.arange(0, 40, 1.0), np.arange(40, 70, 1 / 60)]))


def seen_at_times() -> Timeline:
    rows = face_with(LONG)
    is_there = (LONG % 7) < 3
    return replace(rows, face_id=np.where(is_there, 1, NO_FACE_ID), usable=is_there)


def half_a_pose() -> Timeline:
    rows = face_with(LONG)
    pose = rows.pose.copy()
    pose[:, 1] = np.nan
    return replace(rows, pose=pose)


def eyes_closed() -> Timeline:
    shapes = {"eyeBlinkLeft": 0.9, "eyeBlinkRight": 0.9}
    return face_with(LONG, **shapes)


ODD: Mapping[str, Timeline] = {
    "no rows": Timeline.from_frames(FER7, ()),
    "one row": face_with(np.array([3.0])),
    "two rows of one time": face_with(np.array([3.0, 3.0])),
    "every row twice": face_with(np.repeat(LONG, 2)),
    "all unusable": unusable(face_with(LONG)),
    "nobody": replace(
        unusable(nothing(one_face(LONG), "pose", "eyes_open")),
        face_id=np.full(len(LONG), NO_FACE_ID),
    ),
    "one face for a fifth of a second": face_with(seconds(0.2, fps=30.0)),
    "gaps of hours": face_with(np.concatenate([LONG, LONG + 7200.0, LONG + 90_000.0])),
    "a session of version 1": of_version_1(),
    "a two-class model": with_classes(face_with(LONG), CONFIDENT2),
    "a model of other classes": with_classes(face_with(LONG), EXPRESSIVENESS3),
    "a model of one class": with_classes(face_with(LONG), LabelScheme("own", ("face", "other"))),
    "a row a second": face_with(seconds(70.0, fps=1.0)),
    "a row every ten seconds": face_with(np.arange(0, 600, 10.0)),
    "sixty rows a second": face_with(seconds(40.0, fps=60.0)),
    "a rate that changes": changing_rate(),
    "no pose": nothing(face_with(LONG), "pose"),
    "no pitch": half_a_pose(),
    "no eyes": nothing(face_with(LONG), "eyes_open"),
    "no lip gap": nothing(face_with(LONG), "lip_gap"),
    "lips that move": replace(face_with(LONG), lip_gap=0.02 + 0.01 * np.sin(9 * LONG)),
    "scores in no row": nothing(face_with(LONG), "scores", "steady"),
    "a face that comes and goes": seen_at_times(),
    "closed eyes all the time": eyes_closed(),
    "thirty faces": crowd(30),
    "a session that begins after days": face_with(LONG + 1e6),
}
CALIBRATIONS: Mapping[str, Calibration | None] = {
    "not calibrated": None,
    "facing alone": Calibration(cone=FacingCone()),
    "all": replace(OWN, cone=FacingCone(), lip_gap_sd=0.0),
}
odd = pytest.mark.parametrize("timeline", ODD.values(), ids=list(ODD))
calibrated = pytest.mark.parametrize("own", CALIBRATIONS.values(), ids=list(CALIBRATIONS))


@odd
@calibrated
def test_an_odd_session_has_every_column_and_a_reason_for_what_is_empty(timeline, own):
    somebody = timeline.face_id != NO_FACE_ID
    calibrations = {} if own is None else dict.fromkeys(timeline.face_ids, own)
    found = measure_session(timeline, calibrations)
    assert {len(values) for values in found.values()} == {len(timeline)}
    for measure in MEASURES.values():
        if measure.basis_column:
            numbers, basis = found[measure.parts[0].column], found[measure.basis_column]
            assert not np.isinf(numbers).any()
            is_empty = np.isnan(numbers)
            assert all(basis[is_empty & somebody]), measure.id
            assert set(basis[somebody]) <= {*basis_values(measure), ""}
            assert all(np.isnan(numbers[~somebody]))
            assert not any(basis[~somebody])
            if measure.needs:
                assert all(basis[~is_empty]), measure.id
            for part in measure.parts[1:]:
                alone = part.column and np.isnan(found[part.column]) & ~is_empty
                assert not np.any(alone) or part.empty_when, (measure.id, part.name)
    assert ((found["index_version"] == "") == np.isnan(found["index"])).all()
    assert ((found["expressiveness_level"] == "") == np.isnan(found["expressiveness"])).all()


@odd
@calibrated
def test_every_part_of_every_measure_lies_within_its_range_in_an_odd_session(timeline, own):
    for measure in MEASURES.values():
        for face_id in timeline.face_ids if measure.compute else ():
            columns = measure.compute(timeline.of_face(face_id), own)
            for part in measure.parts:
                values = getattr(columns, part.name)
                known = values[~np.isnan(values)]
                assert values.shape == (len(timeline.of_face(face_id)),)
                assert not len(known) or in_range(part.range, known), (measure.id, part.name)


def in_range(words: str, values: np.ndarray) -> bool:
    """Whether values lie where the registry says they do."""
    if words == "0, 1":
        return set(values) <= {0.0, 1.0}
    if words == "0 or more":
        return bool(values.min() >= 0)
    ends = words.split(" open")[0].replace(" closed", "").split(" to ")
    if len(ends) == 2 and not words.startswith("about"):
        low, high = float(ends[0]), float(ends[1].split()[0])
        return bool(low - 1e-9 <= values.min() and values.max() <= high + 1e-9)
    return bool(np.isfinite(values).all())


@pytest.mark.parametrize("name", ["no rows", "nobody"])
def test_without_a_face_nothing_is_said(name):
    found = measure_session(ODD[name])
    for values in found.values():
        assert not any(values) if values.dtype.kind in "OU" else np.isnan(values).all()


def test_a_calibration_without_any_part_is_none():
    timeline = ODD["a rate that changes"]
    assert not any(Calibration().has(part) for part in CalibrationPart)
    of_nobody, of_nothing = measure_session(timeline), measure_session(timeline, {1: Calibration()})
    for name, values in of_nobody.items():
        assert values.tolist() == pytest.approx(of_nothing[name].tolist(), nan_ok=True), name


def test_each_text_that_the_codebook_lists_stands_in_some_session():
    listed = {
        (one.id, text)
        for one in MEASURES.values()
        if one.basis_column
        for text in basis_values(one)
    }
    found = set()
    for timeline in ODD.values():
        for own in CALIBRATIONS.values():
            columns = measure_session(timeline, {} if own is None else {1: own})
            found |= {
                (one.id, text)
                for one in MEASURES.values()
                if one.basis_column
                for text in set(columns[one.basis_column])
                if text
            }
    assert found == listed
