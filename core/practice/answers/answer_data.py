"""The stored rows of one answer: those of the person who gave it, in seconds of the answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import FER7, Timeline
from core.domain.errors import StoreError, UnknownSession
from core.domain.practice import Attempt, AttemptPart
from core.domain.sound_levels import SoundLevels
from core.domain.timeline import COLUMNS, NO_FACE_ID
from core.measures import Calibration, seconds_of_face, with_absences
from core.practice.answers.person import Person, person_of
from core.practice.sound import Speech, levels_of, speech_of
from core.sessions import SessionStore, own_values

_log = logging.getLogger(__name__)

Floats = NDArray[np.float64]

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
        """Float64 `(n,)`: how long each row holds; none beyond the end of the answer."""
        left_s = np.maximum(self.length_s - self.rows.time_s, 0.0)
        return np.asarray(np.minimum(seconds_of_face(self.rows), left_s))

    @cached_property
    def speech(self) -> Speech:
        """Where somebody speaks, by tenths of a second; not measured without a microphone."""
        return speech_of(self.levels, self.length_s)

    @property
    def others_s(self) -> float:
        """Seconds in which another face was in view."""
        return float(self.seconds[self.with_other].sum())


EMPTY = Timeline.from_rows(FER7, [])

_RECORDING = "recording"


def answer_data(store: SessionStore, attempt: Attempt) -> AnswerData:
    """The rows of an answer, and nothing of before or after it.

    Who of its faces is the person is found in each session anew (`person_of`). As rows from before
    the answer are left out, what looks back (a smile: one second; a moving mouth: three) has no
    value in its first seconds. A session that was deleted, and an attempt without parts, leave it
    empty.

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
        name: person_of(
            _within(session.timeline, [one for one in parts if one.session_id == name]),
            session.calibrations,
        )
        for name, session in sessions.items()
    }
    pieces = [
        _in_answer(sessions[one.session_id].timeline, one, persons[one.session_id]) for one in parts
    ]
    known = [one for one in persons.values() if one.calibration is not None]
    best = max(known, key=lambda one: one.usable_s, default=None)
    faces = _joined(pieces)
    last_s = float(faces.time_s[-1]) if len(faces) else 0.0
    is_over = all(one.ends_s is not None for one in attempt.parts)
    rows = with_absences(faces, PERSON)
    return AnswerData(
        rows=rows,
        calibration=None if best is None else best.calibration,  # one person, on one seat
        levels=_levels([(sessions[one.session_id].levels, one) for one in parts]),
        length_s=attempt.length_s if is_over else max(attempt.length_s, last_s),
        with_other=np.isin(rows.time_s, faces.time_s[faces.face_id == OTHER]),
    )


def recorded_answer(timeline: Timeline) -> AnswerData:
    """A whole recording as one answer: nobody in it is calibrated, and it has no sound.

    Args:
        timeline: all its rows; the answer ends a step after the last.
    """
    steps = np.diff(np.unique(timeline.time_s))
    ends_s = float(timeline.time_s[-1]) if len(timeline) else 0.0
    ends_s += float(np.median(steps)) if len(steps) else 0.0
    part = AttemptPart(_RECORDING, 0.0, 0.0, ends_s)
    attempt = Attempt(_RECORDING, "", 0, 1, datetime.fromtimestamp(0, UTC), parts=(part,))
    return data_of_parts(attempt, {_RECORDING: RecordedSession(timeline, {})})


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


def _within(timeline: Timeline, parts: list[AttemptPart]) -> Timeline:
    """The rows of a session that lie in one of these parts."""
    inside = np.zeros(len(timeline), dtype=np.bool_)
    for part in parts:
        inside |= _is_in(timeline.time_s, part)
    return timeline.where(inside)


def _is_in(times_s: Floats, part: AttemptPart) -> NDArray[np.bool_]:
    ends_s = np.inf if part.ends_s is None else part.ends_s
    return np.asarray((times_s >= part.begins_s) & (times_s < ends_s))


def _in_answer(timeline: Timeline, part: AttemptPart, person: Person) -> Timeline:
    """The rows of a part in seconds of the answer, with its numbers of faces."""
    rows = timeline.where(_is_in(timeline.time_s, part))
    other = np.where(rows.face_id == NO_FACE_ID, NO_FACE_ID, OTHER)
    return replace(
        rows,
        # Stored to the microsecond; moments of a second must not depend on the last bits.
        time_s=(rows.time_s - part.begins_s + part.offset_s).round(6),
        face_id=np.where(np.isin(rows.face_id, [*person.numbers]), PERSON, other),
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
