"""Moments of an answer: candidates of several kinds, and how often a person agreed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain.practice import MomentAnswer, MomentKind, Verdict
from core.practice.answers import Moment, agreement_with_moments, moments_of
from core.practice.answers.moments import MOST_MOMENTS
from tests.answers import answer_of, demo_rows
from tests.faces_in_time import AT_REST, OWN, both, face_with, seconds
from tests.make import BEGAN_AT


def kinds(found: tuple[Moment, ...]) -> list[MomentKind]:
    return [one.kind for one in found]


def test_a_long_look_away_is_a_moment_and_a_short_one_is_not():
    times = seconds(60.0)
    pose = np.zeros((len(times), 3))
    pose[(times >= 10) & (times < 14), 0] = 40.0
    pose[(times >= 30) & (times < 32.5), 0] = 40.0
    (moment,) = moments_of(answer_of(replace(face_with(times), pose=pose), OWN))
    assert moment.kind is MomentKind.LOOK_AWAY
    assert (moment.begins_s, moment.ends_s) == (pytest.approx(10.0), pytest.approx(14.0))
    assert moment.strength == pytest.approx(4.0)


def test_a_smile_is_a_moment_where_it_was():
    times = seconds(60.0)
    smile = AT_REST + np.where((times >= 20) & (times < 26), 0.5, 0.0)
    (moment,) = moments_of(answer_of(face_with(times, **both("mouthSmile", smile)), OWN))
    assert moment.kind is MomentKind.SMILE
    assert moment.begins_s == pytest.approx(20.0, abs=0.3)
    assert moment.ends_s == pytest.approx(26.0, abs=0.3)
    assert 0.3 < moment.strength <= 0.5


def test_a_tension_peak_stands_out_of_the_answer_itself():
    times = seconds(60.0)
    peak = (times >= 40) & (times < 48)
    tense = face_with(times, **both("browDown", 0.4 + 0.3 * peak))
    (moment,) = moments_of(answer_of(tense, OWN))
    assert moment.kind is MomentKind.TENSION
    assert 38 <= moment.begins_s < moment.ends_s <= 50
    assert moment.strength == pytest.approx(2.5, abs=0.05)
    assert moments_of(answer_of(face_with(times, **both("browDown", 0.6)), OWN)) == ()


def test_nods_that_follow_each_other_are_one_moment():
    times = seconds(60.0, fps=15.0)
    nods = (times >= 20) & (times < 25)
    pose = np.zeros((len(times), 3))
    pose[:, 1] = 5.0 * np.sin(2 * np.pi * 1.5 * times) * nods
    (moment,) = moments_of(answer_of(replace(face_with(times), pose=pose), OWN))
    assert moment.kind is MomentKind.NODS
    assert moment.begins_s == pytest.approx(20.0, abs=0.6)
    assert moment.ends_s == pytest.approx(25.0, abs=0.6)


def test_many_looks_away_hide_no_smile():
    times = seconds(180.0)
    pose = np.zeros((len(times), 3))
    pose[(times % 12 >= 6) & (times % 12 < 10), 0] = 40.0
    smile = AT_REST + np.where((times >= 20) & (times < 23), 0.4, 0.0)
    rows = replace(face_with(times, **both("mouthSmile", smile)), pose=pose)
    found = moments_of(answer_of(rows, OWN))
    assert len(found) == MOST_MOMENTS
    assert kinds(found).count(MomentKind.SMILE) == 1
    assert [one.begins_s for one in found] == sorted(one.begins_s for one in found)


def test_the_demo_session_has_moments_of_each_kind_that_it_shows():
    rows, own = demo_rows()
    found = moments_of(answer_of(rows, own))
    shown = {(one.kind, round(one.begins_s), round(one.ends_s)) for one in found}
    assert (MomentKind.LOOK_AWAY, 21, 26) in shown
    assert (MomentKind.LOOK_AWAY, 52, 57) in shown
    assert set(kinds(found)) == set(MomentKind) - {MomentKind.SILENCE}
    (frown,) = (one for one in found if one.kind is MomentKind.TENSION)
    assert 66 <= frown.begins_s <= 68
    assert 72 <= frown.ends_s <= 74


def test_every_moment_lies_within_its_answer():
    rows, own = demo_rows()
    for length_s in (1.0, 3.0, 23.0, 54.3, 70.0):
        data = answer_of(rows.where(rows.time_s < length_s), own, length_s=length_s)
        for one in moments_of(data):
            assert 0 <= one.begins_s <= one.ends_s <= length_s + 0.1


def test_agreement_counts_answers_of_each_kind_with_an_interval():
    moments = [Moment(MomentKind.SMILE, at, at + 1.0, 0.5) for at in range(4)]
    moments.append(Moment(MomentKind.NODS, 9.0, 10.0, 1.0))
    verdicts = (Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.REJECTED)
    answers = [
        MomentAnswer(MomentKind.SMILE, at, at + 1.0, verdict, "", BEGAN_AT)
        for at, verdict in enumerate(verdicts)
    ]
    smiles, nods = agreement_with_moments(moments, answers)
    assert (smiles.kind, smiles.offered, smiles.confirmed, smiles.rejected) == (
        MomentKind.SMILE,
        4,
        2,
        1,
    )
    assert smiles.share is not None
    assert smiles.share.value == pytest.approx(2 / 3)
    assert smiles.share.low < 2 / 3 < smiles.share.high
    assert (nods.offered, nods.share) == (1, None)
