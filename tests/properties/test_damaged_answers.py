"""Whatever rows an answer has, what is said of it is finite and lies within it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from core.domain import RejectReason, Timeline
from core.domain.observation import AnalysisSite
from core.domain.practice import AttemptOutcome, AttemptPart, Practice, SelfReport
from core.domain.question_set import Question
from core.domain.sound_levels import SoundLevels
from core.practice.answers import (
    compared,
    feedback,
    figures_of,
    hindrance_text,
    moments_of,
    remark_text,
    remedy_text,
    series_of,
)
from core.practice.answers.answer_data import AnswerData, RecordedSession, data_of_parts
from core.practice.compared_tries import COMPARED, compared_tries
from core.practice.exporters import PRACTICE_EXPORTS, PracticeContent
from core.practice.measured_answer import MeasuredAnswer
from tests.answers import make_attempt
from tests.faces_in_time import OWN, face_with
from tests.make import BEGAN_AT

HOSTILE = "=1+1\n<script>alert(1)</script>"
ROWS = st.sampled_from((0, 1, 2, 3, 10, 200, 800))
HOLES = (0.0, 0.0, 0.3, 1.0)
REASONS = [one.value for one in RejectReason]


def damaged(rng: np.random.Generator, rows: int) -> Timeline:
    """Rows at any times, with gaps of minutes, up to three faces that take turns, and holes."""

    def holes(values: Any) -> Any:
        found = np.array(values, dtype=np.float64)
        found[rng.random(rows) < rng.choice(HOLES)] = np.nan
        return found

    times = np.sort(rng.uniform(0, rng.choice([1, 10, 60, 200]), rows))
    if rng.random() < 0.3:
        times[rows // 2 :] += rng.choice([2, 120, 600])
    times = times.round(1) if rng.random() < 0.3 else times.round(6)
    faces = rng.integers(0, 4, rows) if rng.random() < 0.5 else np.ones(rows, dtype=np.int64)
    usable = (rng.random(rows) < rng.choice([0, 0.5, 0.9, 1.0])) & (faces > 0)
    reason = np.where(usable, "", rng.choice(REASONS, rows))
    angles = rng.normal(0, [rng.choice([1, 40]), rng.choice([1, 30]), 5], (rows, 3))
    shapes = np.clip(rng.normal(0.1, rng.choice([0, 0.1, 0.4]), (rows, 52)), 0, 1)
    scores = holes(rng.dirichlet(np.ones(7), rows))
    return replace(
        face_with(times),
        pose=holes(angles),
        blendshapes=holes(shapes).astype(np.float32),
        face_id=faces.astype(np.int64),
        usable=usable,
        reason=np.where(faces > 0, reason, RejectReason.NO_FACE.value),
        scores=scores,
        steady=scores,
        lip_gap=holes(rng.uniform(0, 0.1, rows)),
        eyes_open=holes(rng.uniform(0, 1, rows)),
    )


def answer(rng: np.random.Generator, rows: int) -> AnswerData:
    """An answer in one or two parts, which may overlap, end early or go on."""
    first, second = damaged(rng, rows), damaged(rng, rows)
    end_s = float(first.time_s[-1]) if rows else 5.0
    ends = [None, end_s / 2, end_s, end_s + 30]
    parts = [AttemptPart("one", 0.0, 0.0, ends[rng.integers(4)])]
    if rng.random() < 0.4:
        offset_s = float(rng.choice([end_s * 0.3, end_s + 1, end_s + 300]))
        parts.append(AttemptPart("two", offset_s, 0.5, None if end_s < 1 else end_s))
    tenths = (np.arange(int(end_s * 10) + 5) + 0.5) / 10
    heard = tenths[rng.random(len(tenths)) < rng.choice([0.2, 0.8, 1.0])]
    level_db = np.clip(rng.normal(-40, rng.choice([0, 5, 20]), len(heard)), -100, 0)
    levels = SoundLevels(heard, level_db.astype(np.float32)) if rng.random() < 0.6 else None
    own = {1: OWN} if rng.random() < 0.5 else {}
    sessions = {"one": RecordedSession(first, own, levels)}
    if rng.random() < 0.8:  # otherwise it was deleted
        sessions["two"] = RecordedSession(second, {}, levels)
    return data_of_parts(make_attempt(*parts), sessions)


@given(st.integers(0, 1 << 32), ROWS)
@example(31, 800)
@example(7, 200)
def test_what_is_said_of_damaged_rows_is_finite_and_lies_within_the_answer(seed, rows):
    data = answer(np.random.default_rng(seed), rows)
    figures, series = figures_of(data), series_of(data)
    for name, value in vars(figures).items():
        if name.endswith("_share") and value is not None:
            assert 0.0 <= value <= 1.0 + 1e-9, name
        if isinstance(value, float):
            assert np.isfinite(value), name
    assert sum(figures.looked_s.values()) <= data.length_s + 1e-6
    assert figures.others_s <= data.length_s + 1e-6
    remarks, moments = feedback(figures, data), moments_of(data)
    for one in (*remarks, *moments):
        assert 0.0 <= one.begins_s <= one.ends_s <= data.length_s + 1e-6, one
    assert all(np.isfinite(one.strength) for one in moments)
    assert not any("nan" in remark_text(one) for one in remarks)
    assert len(series.time_s) == int(np.ceil(data.length_s - 1e-6))
    for name in ("usable", "facing", "confident", "speaking"):
        known = getattr(series, name)[~np.isnan(getattr(series, name))]
        assert ((known >= -1e-9) & (known <= 1 + 1e-9)).all(), name
    if figures.hindrance is not None:
        assert hindrance_text(figures.hindrance)
        assert remedy_text(figures.hindrance)


def practised(rng: np.random.Generator, tries: int) -> PracticeContent:
    """A practice of damaged answers, with words that a spreadsheet or a browser would run."""
    answers: list[MeasuredAnswer] = []
    for number in range(1, tries + 1):
        data = answer(rng, int(rng.choice([0, 1, 2, 10, 200])))
        figures = compared(figures_of(data), [one.figures for one in answers])
        attempt = replace(
            make_attempt(AttemptPart("one", 0.0, 0.0, data.length_s)),
            id=f"a-{number}",
            number=number,
            outcome=AttemptOutcome.ANSWERED if rng.random() < 0.8 else AttemptOutcome.SKIPPED,
            report=SelfReport(3, 4, HOSTILE, BEGAN_AT) if rng.random() < 0.7 else None,
            revealed_at=BEGAN_AT if rng.random() < 0.8 else None,
        )
        remarks, moments = feedback(figures, data), moments_of(data)
        answers.append(MeasuredAnswer(attempt, figures, series_of(data), remarks, moments))
    questions = (Question(HOSTILE),)
    practice = Practice(
        *("p-1", HOSTILE, HOSTILE, "en", questions, 5.0, 90.0, AnalysisSite.SERVER, True, BEGAN_AT)
    )
    return PracticeContent(practice, tuple(answers), BEGAN_AT)


@given(st.integers(0, 1 << 32), st.integers(0, 3))
def test_damaged_answers_can_be_taken_home_in_every_format(seed, tries):
    content = practised(np.random.default_rng(seed), tries)
    assert len(compared_tries(content.answers, np.random.default_rng(0))) <= len(COMPARED)
    for name, one in PRACTICE_EXPORTS.items():
        written = one.write(content)
        assert written, name
        if not name.endswith(".zip"):
            text = written.decode("utf-8-sig")
            assert "nan" not in re.findall(r"[a-z]+", text.lower()), name
        if name.endswith(".html"):
            assert "<script" not in text
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
            assert not any(cell.startswith("=") for cell in cells)
