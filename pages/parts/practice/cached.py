"""Caches of practices, shared by all visitors and read-only by agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.domain.practice import Attempt, Practice
from core.practice import (
    MeasuredAnswer,
    PracticeHolders,
    earlier_answers,
    figures_of_attempt,
    history_of,
    marks_of,
    measured_answer,
    moment_answers,
)
from core.practice.answers import AnswerFigures
from core.sessions import SessionEntry
from pages.parts.sessions.cached import forget_rows, store


@st.cache_resource(max_entries=1, show_spinner=False)
def holders() -> PracticeHolders:
    """Which tab each practice goes on in."""
    return PracticeHolders()


def measured(practice: Practice, attempt: Attempt) -> MeasuredAnswer:
    """An answer, compared with the person's earlier ones, with what they said of it until now.

    Raises:
        StoreError: the database cannot be read.
        UnknownPractice: it was deleted.
    """
    earlier = earlier_answers(history_of(store(), practice.person), attempt)
    found = _measured(_rows_of(attempt), _stored_until(attempt), _all_rows_of(earlier))
    return _with_words(found, attempt)


def measured_all(attempts: Sequence[Attempt]) -> tuple[MeasuredAnswer, ...]:
    """Answers without percentiles, for comparisons.

    Raises:
        StoreError, UnknownPractice: as of `measured`.
    """
    return tuple(
        _with_words(_measured(_rows_of(one), _stored_until(one), ()), one) for one in attempts
    )


def _with_words(found: MeasuredAnswer, attempt: Attempt) -> MeasuredAnswer:
    said, marks = moment_answers(store(), attempt.id), marks_of(store(), attempt)
    return replace(found, attempt=attempt, answers=said, marks=marks)


def _rows_of(attempt: Attempt) -> Attempt:
    """The part of a try that its figures follow from: a report changes none."""
    return replace(attempt, report=None, revealed_at=None)


def _all_rows_of(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    return tuple(_rows_of(one) for one in attempts)


def _stored_until(attempt: Attempt) -> tuple[float, ...]:
    """How much of each part is stored: the last second of an answer is written after its end."""
    entries = {one.session_id: _entry(one.session_id) for one in attempt.parts}
    return tuple(
        min(entries[one.session_id].last_s, one.begins_s if one.ends_s is None else one.ends_s)
        for one in attempt.parts
    )


def _entry(session_id: str) -> SessionEntry:
    return store().entry(session_id)


@st.cache_resource(max_entries=64, show_spinner="Measuring the answer …")
def _measured(
    attempt: Attempt,
    stored_until: tuple[float, ...],  # noqa: ARG001 - part of the key
    earlier: tuple[Attempt, ...],
) -> MeasuredAnswer:
    return measured_answer(store(), attempt, [_figures(one) for one in earlier])


@st.cache_resource(max_entries=256, show_spinner=False)
def _figures(attempt: Attempt) -> AnswerFigures:
    return figures_of_attempt(store(), attempt)


def forget_measured() -> None:
    """Forget what was measured, of sessions and of answers, once some of it is deleted: otherwise
    the server's memory would still hold it.
    """
    forget_rows()
    _measured.clear()
    _figures.clear()
