"""Caches of the boards of classes, shared by all visitors and read-only by agreement."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import streamlit as st

from core.classroom import NewClassroom, store_example
from core.classroom.board import Board, BoardView
from core.domain import FER7
from core.domain.classroom import SECOND_BY_SECOND, Classroom, Shared
from core.policy import ClassRules, UsePolicy, class_rules
from core.sessions import SessionStore
from pages.parts.sessions.cached import store
from pages.parts.shell.cached import cards

_SEED = 7


@st.cache_resource(max_entries=128, show_spinner=False)
def _board(classroom_id: str, rules: ClassRules, not_sure_below: float) -> Board:
    return Board(store(), classroom_id, rules, not_sure_below=not_sure_below)


def board_view(classroom: Classroom, policy: UsePolicy) -> BoardView:
    """A class as its teacher sees it now; what was read before is not read again.

    Args:
        policy: of the installation now: it may allow less than when the class was opened.
    Raises:
        StoreError: the database cannot be read.
        UnknownClassroom: it was deleted.
    """
    board = _board(classroom.id, class_rules(policy), not_sure_below(classroom))
    return board.refresh(datetime.now(UTC), is_open=classroom.is_open)


@st.cache_resource(max_entries=2, show_spinner="Making the example …")
def example_view(policy: UsePolicy) -> BoardView:
    """The board of a class that a program made up, with all that is allowed here.

    Raises:
        StoreError: no temporary database can be written.
    """
    rules, now = class_rules(policy), datetime.now(UTC)
    labels = FER7.labels if Shared.EXPRESSIONS in rules.allowed else ()
    told = ("Example", policy.region.value, policy.purpose.value)
    shared = tuple(one for one in rules.allowed if one in SECOND_BY_SECOND)
    new = NewClassroom(*told, shared, is_listed=False, labels=labels)
    with (
        TemporaryDirectory(prefix="mien-example-") as folder,
        SessionStore.open(f"sqlite:///{Path(folder, 'example.db').as_posix()}") as own,
    ):
        opened = store_example(own, new, now=now, rng=np.random.default_rng(_SEED))
        return Board(own, opened.classroom.id, rules).refresh(now)


def forget_boards() -> None:
    """Forget what was read of classes, once some are deleted: otherwise the server's memory would
    still hold it. A board that begins anew withholds what it withheld before.
    """
    _board.clear()


def not_sure_below(classroom: Classroom) -> float:
    """Threshold of the model that gives expressions, in [0, 1]; 0 without one."""
    found = [one.not_sure_below for one in cards() if one.name == classroom.card_name]
    return found[0] if found else 0.0
