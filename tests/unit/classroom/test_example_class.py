from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from core.classroom import read_seconds, store_example
from core.classroom.board import INDEX, Board
from core.domain.classroom import Shared
from core.policy import Purpose, Region, UsePolicy, class_rules
from core.sessions import SessionStore
from tests.classes import EVERYTHING, IN_EUROPE

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with SessionStore.open(f"sqlite:///{tmp_path}/example.db") as opened:
        yield opened


def test_the_example_shows_all_that_a_board_can(store):
    opened = store_example(store, EVERYTHING, now=NOW, rng=np.random.default_rng(7))
    rules = class_rules(UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM))
    view = Board(store, opened.classroom.id, rules).refresh(NOW)
    assert view.now[INDEX].value is not None
    assert all(one.value is not None for one in view.mix_now.values())
    assert any(view.dips.values())
    assert view.questions
    assert view.hands
    assert view.counts.paused
    assert (view.windows.not_measured > 0).any()


def test_the_example_of_the_eu_holds_presence_alone(store):
    new = replace(IN_EUROPE, shared=(Shared.PRESENT,))
    opened = store_example(store, new, now=NOW, rng=np.random.default_rng(7))
    rows, _ = read_seconds(store, opened.classroom.id)
    assert len(rows)
    for name in ("facing", "eyes_open", "expression"):
        assert np.isnan(getattr(rows, name)).all()
    assert rows.scores.shape[1] == 0
