"""Synchrony is shown for research, of groups, and otherwise a session says why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.measures import MEASURES, Synchrony
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore, demo_group, demo_session
from core.settings import Settings
from pages.parts.sessions.charts import synchrony_bars
from pages.parts.shell.navigation import SESSIONS
from tests.make import make_moment, make_observation, make_session
from tests.pages.visits import open_at, words_of

NOW = datetime.now(UTC)
OTHER_PURPOSE = "Synchrony of a group is for research"


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


def _record(store: SessionStore, purpose: Purpose, faces: int) -> None:
    store.begin(make_session("one").recorded_for(purpose.value, consent_at=NOW))
    moments = [
        make_moment(at, *(make_observation(at, track_id=one + 1) for one in range(faces)))
        for at in (0.0, 0.5, 1.0)
    ]
    store.append("one", moments, now=NOW)
    store.end("one", ended_at=NOW)


def _toggles(visitor: AppTest) -> list[str | None]:
    return [one.key for one in visitor.toggle]


def test_a_group_of_research_is_compared_with_surrogates(
    visitor: AppTest, installation: Settings
) -> None:
    study = UsePolicy(Region.ELSEWHERE, Purpose.RESEARCH)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, study)
    open_at(visitor, SESSIONS).button(key="add-demo-group").click().run()
    visitor.toggle(key="synchrony").set_value(True).run()
    assert not visitor.exception
    words = words_of(visitor)
    assert "The faces smiled together more than by chance" in words
    assert "surrogates with shuffled windows (z = " in words
    assert MEASURES["synchrony"].limits in words


def test_it_is_off_until_somebody_asks_for_it(visitor: AppTest, store: SessionStore) -> None:
    session, moments = demo_group(NOW, np.random.default_rng(1))
    store.begin(session)
    store.append(session.id, moments, now=NOW)
    assert open_at(visitor, SESSIONS).toggle(key="synchrony").value is False


@pytest.mark.parametrize(
    ("purpose", "faces", "why"),
    [
        (Purpose.SELF_PRACTICE, 6, OTHER_PURPOSE),
        (Purpose.RESEARCH, 2, "needs 5 faces or more, and 2 are shown here"),
        (Purpose.RESEARCH, 4, "needs 5 faces or more, and 4 are shown here"),
        (Purpose.SELF_PRACTICE, 1, ""),
        (Purpose.RESEARCH, 1, ""),
    ],
)
def test_otherwise_a_session_of_several_faces_says_why_not(
    visitor: AppTest, store: SessionStore, purpose: Purpose, faces: int, why: str
) -> None:
    _record(store, purpose, faces)
    open_at(visitor, SESSIONS)
    assert not visitor.exception
    assert "synchrony" not in _toggles(visitor)
    assert ("Synchrony of a group" in words_of(visitor)) == bool(why)
    assert why in words_of(visitor)


def test_a_group_that_was_hardly_measured_has_a_sentence(
    visitor: AppTest, store: SessionStore
) -> None:
    _record(store, Purpose.RESEARCH, 5)
    open_at(visitor, SESSIONS).toggle(key="synchrony").set_value(True).run()
    assert not visitor.exception
    assert "No window of 10 s has 5 faces" in words_of(visitor)


def test_a_group_demo_is_offered_for_research_only(visitor: AppTest) -> None:
    open_at(visitor, SESSIONS)
    assert "add-demo-group" not in [one.key for one in visitor.button]


def test_a_classroom_in_the_eu_sees_nothing_of_it(
    visitor: AppTest, store: SessionStore, installation: Settings
) -> None:
    lesson = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, lesson)
    session, moments = demo_session(NOW, np.random.default_rng(1))
    store.begin(session)
    store.append(session.id, moments, now=NOW)
    assert "Synchrony of" not in words_of(open_at(visitor, SESSIONS))


def test_the_chart_leaves_gaps_and_shows_chance_as_a_line() -> None:
    found = Synchrony(
        np.array([0.0, 10.0]), np.array([0.6, np.nan]), by_chance=np.array([0.2, 0.3])
    )
    bars, chance = synchrony_bars(found, from_s=0.0).data
    assert np.array_equal(bars.y, [0.6, np.nan], equal_nan=True)
    assert set(chance.y) == {0.25}
