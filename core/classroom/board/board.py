"""The board of one class: reads what is new, and says what holds now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from core.classroom.board.alerts import Dip
from core.classroom.board.class_figures import SETTLE_S, ClassFigures
from core.classroom.board.people import (
    asked_questions,
    flag_minutes,
    joined_by_window,
    learner_counts,
    learners_now,
    raised_hands,
)
from core.classroom.board.shown_here import ShownHere, shown_here
from core.classroom.board.times import alerts_now, all_dips, sensitivity_of
from core.classroom.board.view import WINDOW_S, BoardView, ClassWindows, FigureSeries
from core.classroom.store.classrooms import classroom
from core.classroom.store.flags_and_marks import amount_of_flags, flags_of, marks_of
from core.classroom.store.late_rows import late_arrivals
from core.classroom.store.learners import learners_of
from core.classroom.store.losses import Loss, losses_of
from core.classroom.store.room_seconds import room_seconds_of
from core.classroom.store.seconds import read_seconds
from core.domain.classroom import (
    ClassMark,
    Classroom,
    ClassSeconds,
    Flag,
    Learner,
    RoomSecond,
    Shared,
)
from core.measures import WeightSensitivity
from core.policy import ClassRules
from core.sessions import SessionStore

LOOKS_EVERY_S = 0.5
"""How often a page should look: see `core.classroom.ingest.seconds_writer.EVERY_S`."""

_FRESH_S = 0.2  # several tabs that look at one class share what was read


@dataclass(frozen=True, eq=False)
class _News:
    """What was read together."""

    classroom: Classroom
    seconds: Sequence[tuple[ClassSeconds, int | None]]
    """Rows, with the second in which to look at them before the next ones; the last have none."""
    last_key: int
    learners: tuple[Learner, ...]
    flags: tuple[Flag, ...]
    marks: tuple[ClassMark, ...]
    room: tuple[RoomSecond, ...]
    lost: Mapping[int, Loss]


@dataclass(frozen=True, eq=False)
class _Course:
    """What follows from the complete windows of a class; see `BoardView`."""

    start_s: NDArray[np.int64]
    series: dict[str, FigureSeries]
    mix: dict[str, FigureSeries]
    dips: dict[str, tuple[Dip, ...]]
    sensitivity: WeightSensitivity | None


class Board:
    """A class as its teacher sees it. Any thread may call it; tabs of one server share one.

    It remembers of whom figures were shown; of those who withdrew the store counts what windows
    lost (`losses_of`), so that all servers withhold alike.

    Args:
        store: of the class.
        classroom_id: of it.
        rules: what policy allows here now.
        not_sure_below: of the model whose scores learners share: mean top scores under it are
            "not sure" (`ModelCard.not_sure_below`).
    """

    def __init__(
        self,
        store: SessionStore,
        classroom_id: str,
        rules: ClassRules,
        *,
        not_sure_below: float = 0.0,
    ) -> None:
        self._store, self._id, self._rules = store, classroom_id, rules
        self._not_sure_below = not_sure_below
        self._lock = Lock()
        self._figures: tuple[ShownHere, ClassFigures] | None = None
        self._last_key = 0
        self._known: frozenset[int] = frozenset()  # numbers of learners
        self._room: tuple[RoomSecond, ...] = ()
        self._flags: tuple[tuple[int, int], tuple[Flag, ...]] | None = None
        self._latest: tuple[datetime, BoardView] | None = None
        self._course: tuple[int, _Course] | None = None

    def refresh(self, now: datetime, *, is_open: bool | None = None) -> BoardView:
        """Read what is new, and look at the class.

        Args:
            now: aware.
            is_open: what is known of the class: a look from a moment ago that knows otherwise is
                not given again, as its last seconds would stay missing from a report.
        Raises:
            UnknownClassroom: it was deleted.
            StoreError: the database cannot be read; the next call goes on from here.
        """
        with self._lock:
            if self._latest is not None:
                at, view = self._latest
                is_fresh = 0.0 <= (now - at).total_seconds() < _FRESH_S
                if is_fresh and is_open in {None, view.is_open}:
                    return view
            view = self._view(self._read(now), now)
            self._latest = now, view
            return view

    def _read(self, now: datetime) -> _News:
        """Rows first: whoever they are of has joined by then, or has withdrawn since."""
        store, of = self._store, self._id
        seconds, last_key = self._read_rows(now)
        after = self._room[-1].second if self._room else -1
        heads = Shared.FACING in self._rules.allowed
        return _News(
            classroom(store, of),
            seconds,
            last_key,
            learners_of(store, of),
            self._read_flags(),
            marks_of(store, of),
            room_seconds_of(store, of, after=after) if heads else (),
            losses_of(store, of),  # after learners: who is gone from these is counted here
        )

    def _read_rows(self, now: datetime) -> tuple[Sequence[tuple[ClassSeconds, int | None]], int]:
        """What is new. A board that begins, or that nobody saw for a while, looks at rows that came
        late when others did: of whom a window was shown before they came decides what may be shown
        of it then.
        """
        store, of, key = self._store, self._id, self._last_key
        found: list[tuple[ClassSeconds, int | None]] = []
        if self._latest is None or (now - self._latest[0]).total_seconds() > SETTLE_S:
            since = {"window_s": WINDOW_S, "settle_s": SETTLE_S - 1, "after": key}
            for one in late_arrivals(store, of, **since):
                rows, key = read_seconds(store, of, after=key, until=one.key)
                found.append((rows, one.second + 1))
        rows, key = read_seconds(store, of, after=key)
        return (*found, (rows, None)), key

    def _read_flags(self) -> tuple[Flag, ...]:
        """Read again only where one came or went: a lesson may have a thousand."""
        amount = amount_of_flags(self._store, self._id)
        if self._flags is None or self._flags[0] != amount:
            self._flags = amount, flags_of(self._store, self._id)
        return self._flags[1]

    def _view(self, news: _News, now: datetime) -> BoardView:
        room = news.classroom
        end = now if room.closed_at is None else room.closed_at
        at_s = max(int(room.second_at(end)), 0)
        shown, figures = self._taken(news, at_s)
        figures.advance(at_s, is_over=not room.is_open)
        course = self._course_of(figures)
        measured, usable = figures.counts()
        # Who agreed once more counts as joined from then; who was measured before had joined.
        joined = np.maximum(joined_by_window(news.learners, room, course.start_s), measured)
        moving, mix_now, of_learners = figures.now(at_s)
        is_open = room.is_open
        return BoardView(
            at_s=at_s,
            is_open=is_open,
            shared=shown.shared,
            listed=shown.listed,
            smallest_group=shown.smallest_group,
            counts=learner_counts(news.learners, now),
            windows=ClassWindows(course.start_s, joined, measured, usable),
            series=course.series,
            mix=course.mix,
            now=moving if is_open else {},
            mix_now=mix_now if is_open else {},
            sensitivity=course.sensitivity,
            flags=flag_minutes(news.flags, at_s),
            hands=raised_hands(news.flags, news.learners, at_s) if is_open else (),
            questions=asked_questions(news.flags, news.learners),
            dips=course.dips,
            alerts=alerts_now(course.dips, course.series, news.flags, at_s) if is_open else (),
            marks=news.marks,
            room=self._room,
            learners=learners_now(news.learners, of_learners, shown, now),
        )

    def _course_of(self, figures: ClassFigures) -> _Course:
        """What follows from the complete windows: computed where they changed, not each second."""
        if self._course is None or self._course[0] != figures.revision:
            start_s = np.arange(figures.windows, dtype=np.int64) * WINDOW_S
            series, mix = figures.series()
            dips, sensitivity = all_dips(start_s, series), sensitivity_of(start_s, series)
            self._course = figures.revision, _Course(start_s, series, mix, dips, sensitivity)
        return self._course[1]

    def _taken(self, news: _News, at_s: int) -> tuple[ShownHere, ClassFigures]:
        """The figures, with what was read until a second of the class."""
        if self._figures is None:
            shown = shown_here(news.classroom, self._rules)
            self._figures = shown, ClassFigures(shown, not_sure_below=self._not_sure_below)
        shown, figures = self._figures
        numbers = frozenset(one.number for one in news.learners)
        figures.drop(self._known - numbers)
        figures.lose(news.lost)
        for rows, look_s in news.seconds:
            if len(rows):
                figures.add(_of_learners(rows, [*numbers]))
            if look_s is not None:
                figures.advance(min(look_s, at_s), is_over=False)
        self._known, self._last_key = numbers, news.last_key
        self._room = (*self._room, *news.room)
        return shown, figures


def _of_learners(rows: ClassSeconds, numbers: Sequence[int]) -> ClassSeconds:
    """Without rows of those who withdrew while this was read."""
    return rows.rows(np.isin(rows.learner, np.array(numbers, dtype=np.int64)))
