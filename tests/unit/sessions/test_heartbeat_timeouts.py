"""Whether a session is running, as its newest heartbeat tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.sessions import MAY_CONTINUE_FOR, SessionEntry
from core.sessions.heartbeat_timeouts import INTERRUPTED_AFTER_S
from tests.make import BEGAN_AT, make_session

LIMIT = timedelta(seconds=INTERRUPTED_AFTER_S)
MOMENT = timedelta(milliseconds=1)
SILENT = SessionEntry(make_session(), 10, 1.0, last_write_at=BEGAN_AT)
"""Its newest heartbeat is of `BEGAN_AT`."""


@pytest.mark.parametrize("direction", [1, -1], ids=["later", "before"])
def test_a_session_runs_only_while_its_heartbeat_is_near_on_either_side(direction: int) -> None:
    near, far = direction * (LIMIT - MOMENT), direction * LIMIT
    assert SILENT.is_live(BEGAN_AT + near)
    assert not SILENT.is_interrupted(BEGAN_AT + near)
    assert not SILENT.is_live(BEGAN_AT + far)
    assert SILENT.is_interrupted(BEGAN_AT + far)


@pytest.mark.parametrize("direction", [1, -1], ids=["later", "before"])
def test_a_writer_may_return_for_a_day_by_any_clock(direction: int) -> None:
    assert SILENT.may_continue(BEGAN_AT + direction * (MAY_CONTINUE_FOR - MOMENT))
    assert not SILENT.may_continue(BEGAN_AT + direction * MAY_CONTINUE_FOR)


def test_a_session_that_ended_neither_runs_nor_was_interrupted() -> None:
    ended = replace(SILENT, session=replace(SILENT.session, ended_at=BEGAN_AT))
    assert not ended.is_live(BEGAN_AT)
    assert not ended.may_continue(BEGAN_AT)
    assert not ended.is_interrupted(BEGAN_AT + LIMIT)
