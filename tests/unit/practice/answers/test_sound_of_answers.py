"""What a microphone adds to an answer: silences, the first word, speech second by second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import update

from core.domain import FER7
from core.domain.practice import AttemptPart, MomentKind
from core.domain.sound_levels import SoundLevels
from core.practice.answers import (
    RemarkKind,
    answer_data,
    feedback,
    figures_of,
    moments_of,
    remark_text,
    series_of,
)
from core.practice.answers.answer_data import AnswerData, RecordedSession, data_of_parts
from core.practice.sound import append_levels
from core.sessions import SessionStore, demo_session
from core.storage import tables
from tests.answers import SESSION, answer_of, answer_of_parts, make_attempt, part
from tests.faces_in_time import OWN, face_with, seconds
from tests.make import BEGAN_AT


def levels_with(*silent: tuple[float, float], length_s: float = 60.0) -> SoundLevels:
    """Speech of -20 dB in a room of -60 dB, but for the silences."""
    times = (np.arange(round(length_s * 10)) + 0.5) / 10
    level_db = np.where(np.arange(len(times)) % 7 < 5, -20.0, -24.0)
    for begins_s, ends_s in silent:
        level_db[(times >= begins_s) & (times < ends_s)] = -60.0
    return SoundLevels(times, level_db.astype(np.float32))


def spoken(*silent: tuple[float, float]) -> AnswerData:
    return replace(answer_of(face_with(seconds(60.0)), OWN), levels=levels_with(*silent))


def test_a_long_silence_and_a_late_first_word_are_said_with_their_place():
    data = spoken((0.0, 6.0), (20.0, 27.0), (40.0, 43.5))
    figures = figures_of(data)
    assert figures.sound is not None
    assert figures.sound.longest_pause_s == pytest.approx(7.0)
    silence, first = feedback(figures, data)
    assert [silence.kind, first.kind] == [RemarkKind.LONG_SILENCE, RemarkKind.LATE_FIRST_WORD]
    assert (silence.begins_s, silence.ends_s) == (pytest.approx(20.0), pytest.approx(27.0))
    assert remark_text(silence) == "You were silent for 7 seconds from 0:20 on."
    assert remark_text(first) == "Your first word came after 6 seconds."


def test_silences_between_words_are_moments():
    found = moments_of(spoken((0.0, 6.0), (20.0, 27.0), (40.0, 43.5), (50.0, 52.0)))
    shown = [(one.kind, one.begins_s, one.ends_s) for one in found]
    assert shown == [
        (MomentKind.SILENCE, pytest.approx(20.0), pytest.approx(27.0)),
        (MomentKind.SILENCE, pytest.approx(40.0), pytest.approx(43.5)),
    ]


def test_speech_of_each_second_is_the_share_of_its_tenths():
    speaking = series_of(spoken((20.0, 27.0), (40.0, 43.5))).speaking
    assert speaking[10] == 1.0
    assert (speaking[20:27] == 0.0).all()
    assert speaking[43] == pytest.approx(0.5)


def test_without_a_microphone_nothing_else_changes():
    data = spoken((20.0, 27.0))
    without = replace(answer_of(face_with(seconds(60.0)), OWN), levels=None)
    assert figures_of(without).sound is None
    assert replace(figures_of(data), sound=None) == figures_of(without)
    assert np.isnan(series_of(without).speaking).all()
    assert moments_of(without) == ()


def test_a_silent_microphone_says_nothing():
    times = (np.arange(600) + 0.5) / 10
    quiet = SoundLevels(times, np.full(600, -100.0, np.float32))
    data = replace(answer_of(face_with(seconds(60.0)), OWN), levels=quiet)
    figures = figures_of(data)
    assert figures.sound is not None
    assert figures.sound.speaking_share is None
    assert [one.kind for one in feedback(figures, data)] == [RemarkKind.FACING]
    assert np.isnan(series_of(data).speaking).all()


def test_levels_of_two_parts_lie_where_their_rows_do():
    rows, levels = face_with(seconds(60.0)), levels_with((10.0, 15.0))
    session = RecordedSession(rows, {1: OWN}, levels)
    parts = (part(0.0, 20.0), part(20.0, 60.0, offset_s=30.0))
    data = data_of_parts(make_attempt(*parts, with_sound=True), {SESSION: session})
    assert data.levels is not None
    gap = (data.levels.time_s >= 20.0) & (data.levels.time_s < 30.0)
    assert not gap.any()
    assert data.levels.time_s[-1] == pytest.approx(69.95)
    (silence,) = (one for one in moments_of(data) if one.kind is MomentKind.SILENCE)
    assert (silence.begins_s, silence.ends_s) == (pytest.approx(10.0), pytest.approx(15.0))
    assert answer_of_parts(rows, OWN, *parts).levels is None


def test_damaged_levels_do_not_hide_what_was_measured_of_the_face(tmp_path, caplog):
    session, moments = demo_session(BEGAN_AT, np.random.default_rng(0))
    attempt = make_attempt(AttemptPart(session.id, 0.0, 0.0, 60.0), with_sound=True)
    with SessionStore.open(f"sqlite:///{tmp_path / 'sessions.db'}") as store:
        store.begin(session)
        store.append(session.id, moments, now=BEGAN_AT)
        append_levels(store, session.id, levels_with((20.0, 27.0)))
        assert figures_of(answer_data(store, attempt)).sound is not None
        with store.transaction("written") as connection:
            connection.execute(update(tables.session_sound).values(content=b"damaged"))
        data = answer_data(store, attempt)
    assert data.levels is None
    assert data.rows.scheme == FER7
    assert figures_of(data).usable_share > 0.8
    assert "left out" in caplog.text


def test_a_short_silence_and_an_early_first_word_are_not_said():
    data = spoken((0.0, 4.5), (20.0, 23.5))
    assert [one.kind for one in feedback(figures_of(data), data)] == [RemarkKind.FACING]


@pytest.mark.parametrize(
    "silent",
    [((0.0, 59.8),), ((0.0, 10.0), (10.2, 30.0), (30.2, 60.0))],
    ids=["a click at the end", "two coughs"],
)
def test_where_hardly_anything_was_heard_no_sentence_is_about_speaking(silent):
    data = spoken(*silent)
    figures = figures_of(data)
    assert figures.sound is not None
    assert figures.sound.first_word_s is not None
    assert [one.kind for one in feedback(figures, data)] == [RemarkKind.FACING]
