"""Which sessions are offered for deletion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.domain import Session, SourceKind
from core.policy import Purpose, overdue, retention_days
from tests.practising import make_practice

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def session_of(purpose: str, *, age: timedelta) -> Session:
    return Session(
        id=f"{purpose}-{age}",
        source=SourceKind.CAMERA,
        title="A sitting",
        card_name="small",
        scheme_name="fer7",
        began_at=NOW - age,
        purpose=purpose,
    )


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_ends_retention_within_a_year(purpose: Purpose) -> None:
    assert 1 <= retention_days(purpose) <= 366


def test_a_classroom_keeps_sessions_shortest() -> None:
    assert min(Purpose, key=retention_days) is Purpose.CLASSROOM


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_session_is_overdue_only_after_its_own_limit(purpose: Purpose) -> None:
    limit = timedelta(days=retention_days(purpose))
    on_time = session_of(purpose, age=limit)
    late = session_of(purpose, age=limit + timedelta(seconds=1))
    assert overdue([on_time, late], NOW) == (late,)


def test_each_session_has_the_retention_of_its_own_purpose() -> None:
    two_months = timedelta(days=60)
    practice = session_of(Purpose.SELF_PRACTICE, age=two_months)
    lesson = session_of(Purpose.CLASSROOM, age=two_months)
    assert overdue([practice, lesson], NOW) == (lesson,)


def test_a_practice_has_the_retention_of_its_purpose() -> None:
    ages = (179, 181)
    on_time, late = (make_practice(began_at=NOW - timedelta(days=days)) for days in ages)
    assert overdue([on_time, late], NOW) == (late,)


def test_an_unknown_purpose_gets_the_shortest_limit() -> None:
    assert retention_days("marketing") == min(retention_days(one) for one in Purpose)
