"""The stored rows of one answer: those of the person who gave it, in seconds of the answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import FER7, Timeline
from core.domain.errors import StoreError, UnknownSession
from core.domain.practice import Attempt, AttemptPart
from core.domain.sound_levels import SoundLevels
from core.domain.timeline import COLUMNS, NO_FACE_ID
from core.measures import Calibration, seconds_of_face, seconds_of_rows, with_absences
from core.practice.sound import Speech, levels_of, speech_of
from core.sessions import SessionStore, own_values

_log = logging.getLogger(__name__)

Floats = NDArray[np.float64]

CALIBRATED_WEIGHT = 2.0
"""Who calibrated is probably who answers: another face has to be usable for twice as long."""

PERSON, OTHER = 1, 2
"""Numbers of faces in an answer: its sessions count their own, each from 1."""


@dataclass(frozen=True, eq=False)
class AnswerData:
    """What was stored of one answer.

    Attributes:
        rows: of the person's face (`PERSON`), with an empty row for each frame without it; seconds
            of the answer. Time that nothing recorded has no rows.
        calibration: the person's own values; None where there are none.
        levels: of the microphone, in seconds of the answer; None where it was not allowed.
        length_s: of the answer, with what nothing recorded.
        with_other: bool `(n,)`, whether another face was in view.
    """

    rows: Timeline
    calibration: Calibration | None
    levels: SoundLevels | None
    length_s: float
    with_other: NDArray[np.bool_]

    @cached_property
    def seconds(self) -> Floats:
        """Float64 `(n,)`: how long each row holds."""
        return seconds_of_face(self.rows)

    @cached_property
    def speech(self) -> Speech:
        """Where somebody speaks, by tenths of a second; not measured without a microphone."""
        return speech_of(self.levels, self.length_s)

    @property
    def others_s(self) -> float:
        """Seconds in which another face was in view."""
        return float(self.seconds[self.with_other].sum())


EMPTY = Timeline.from_rows(FER7, [])


def answer_data(store: SessionStore, attempt: Attempt) -> AnswerData:
    """The rows of an answer, and nothing of before or after it.

    The person is the face with most usable seconds, in each session anew, where those of a
    calibrated face count `CALIBRATED_WEIGHT` times. As rows from before the
    answer are left out, what looks back (a smile: one second; a moving mouth: three) has no value
    in its first seconds. A session that was deleted, and an attempt without parts, leave it empty.

    Raises:
        StoreError: the database cannot be read.
    """
    return data_of_parts(attempt, _sessions_of(store, attempt))


@dataclass(frozen=True, eq=False)
class RecordedSession:
    """A session that holds a part of an answer.

    Attributes:
        timeline: all of its rows.
        calibrations: by numbers of faces.
        levels: of the microphone, in session time; None without any.
    """

    timeline: Timeline
    calibrations: dict[int, Calibration]
    levels: SoundLevels | None = None


def data_of_parts(attempt: Attempt, sessions: dict[str, RecordedSession]) -> AnswerData:
    """The rows of an answer from those of its sessions.

    Args:
        sessions: by id; parts of others are left out.
    """
    parts = [one for one in attempt.parts if one.session_id in sessions]
    persons = {
        name: _person_of(session, [one for one in parts if one.session_id == name])
        for name, session in sessions.items()
    }
    pieces = [
        _in_answer(sessions[one.session_id].timeline, one, persons[one.session_id][0])
        for one in parts
    ]
    faces = _joined(pieces)
    last_s = float(faces.time_s[-1]) if len(faces) else 0.0
    is_over = all(one.ends_s is not None for one in attempt.parts)
    rows = with_absences(faces, PERSON)
    return AnswerData(
        rows=rows,
        calibration=_own_calibration(sessions, persons),
        levels=_levels([(sessions[one.session_id].levels, one) for one in parts]),
        length_s=attempt.length_s if is_over else max(attempt.length_s, last_s),
        with_other=np.isin(rows.time_s, faces.time_s[faces.face_id == OTHER]),
    )


def _sessions_of(store: SessionStore, attempt: Attempt) -> dict[str, RecordedSession]:
    found = {}
    for name in dict.fromkeys(one.session_id for one in attempt.parts):
        try:
            own = own_values(store.calibrations(name))
            levels = _levels_of(store, name) if attempt.with_sound else None
            found[name] = RecordedSession(store.read(name), own, levels)
        except UnknownSession:  # deleted: its part of the answer is gone
            continue
    return found


def _levels_of(store: SessionStore, session_id: str) -> SoundLevels | None:
    """None where they are damaged, or of a newer version: the face was measured without them."""
    try:
        return levels_of(store, session_id)
    except UnknownSession:
        raise
    except StoreError as error:
        _log.warning("levels of %s are left out: %s", session_id, error)
        return None


def _person_of(session: RecordedSession, parts: list[AttemptPart]) -> tuple[int, float]:
    """The person's number in these parts, and their usable seconds: see `answer_data`.

    The face that is in view for longest, where none is usable; `NO_FACE_ID` without any.
    """
    timeline = session.timeline
    inside = np.zeros(len(timeline), dtype=np.bool_)
    for part in parts:
        inside |= _is_in(timeline.time_s, part)
    rows = timeline.where(inside)
    seconds = seconds_of_rows(rows)
    usable_s, rank = {NO_FACE_ID: 0.0}, {}
    for face in rows.face_ids:
        own = rows.face_id == face
        usable_s[face] = float(seconds[own & rows.usable].sum())
        weight = CALIBRATED_WEIGHT if face in session.calibrations else 1.0
        rank[face] = (weight * usable_s[face], float(seconds[own].sum()), -face)
    person = max(rank, key=lambda face: rank[face], default=NO_FACE_ID)
    return person, usable_s[person]


def _is_in(times_s: Floats, part: AttemptPart) -> NDArray[np.bool_]:
    ends_s = np.inf if part.ends_s is None else part.ends_s
    return np.asarray((times_s >= part.begins_s) & (times_s < ends_s))


def _in_answer(timeline: Timeline, part: AttemptPart, person: int) -> Timeline:
    """The rows of a part in seconds of the answer, with its numbers of faces."""
    rows = timeline.where(_is_in(timeline.time_s, part))
    other = np.where(rows.face_id == NO_FACE_ID, NO_FACE_ID, OTHER)
    return replace(
        rows,
        # Stored to the microsecond; moments of a second must not depend on the last bits.
        time_s=(rows.time_s - part.begins_s + part.offset_s).round(6),
        face_id=np.where((rows.face_id == person) & (person != NO_FACE_ID), PERSON, other),
        events=(),
    )


def _joined(pieces: list[Timeline]) -> Timeline:
    """One timeline; scores of another model than the first are left out."""
    known = [one for one in pieces if len(one)]
    if not known:
        return EMPTY
    scheme = known[0].scheme
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
    last_s = -np.inf
    for piece in known:
        rows = piece.where(piece.time_s > last_s)
        if not len(rows):
            continue
        last_s = float(rows.time_s[-1])
        for name, column in columns.items():
            column.append(getattr(rows, name))
        if rows.scheme != scheme:
            for name in ("scores", "steady"):
                columns[name][-1] = np.full((len(rows), len(scheme)), np.nan)
    joined: dict[str, Any] = {name: np.concatenate(one) for name, one in columns.items()}
    return Timeline(scheme=scheme, **joined)


def _own_calibration(
    sessions: dict[str, RecordedSession], persons: dict[str, tuple[int, float]]
) -> Calibration | None:
    """That of the session with most usable seconds which has one: it is one person on one seat."""
    known = [
        (usable_s, own)
        for name, (person, usable_s) in persons.items()
        if (own := sessions[name].calibrations.get(person)) is not None
    ]
    return max(known, key=lambda one: one[0])[1] if known else None


def _levels(pieces: list[tuple[SoundLevels | None, AttemptPart]]) -> SoundLevels | None:
    """Levels in seconds of the answer; None without any."""
    times, levels = [], []
    last_s = -np.inf
    for found, part in pieces:
        if found is None:
            continue
        own = found.between(part.begins_s, np.inf if part.ends_s is None else part.ends_s)
        times_s = (own.time_s - part.begins_s + part.offset_s).round(6)
        later = times_s > last_s
        times.append(times_s[later])
        levels.append(own.level_db[later])
        last_s = float(times_s[-1]) if later.any() else last_s
    if not any(len(one) for one in times):
        return None
    return SoundLevels(np.concatenate(times), np.concatenate(levels))
