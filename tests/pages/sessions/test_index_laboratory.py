"""The index laboratory of a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.domain import BLENDSHAPES, SourceKind
from core.measures import DEFAULT_WEIGHTS, MEASURES, PARTS, IndexWindows
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.sessions.charts import index_parts
from pages.parts.sessions.index_laboratory import NOT_IN_CLASSROOMS
from pages.parts.shell.navigation import SESSIONS
from tests.make import make_moment, make_observation, make_session
from tests.pages.visits import open_at, words_of

NOW = datetime.now(UTC)


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


@pytest.fixture
def laboratory(visitor: AppTest) -> AppTest:
    """Switched on for the first face of the demo session."""
    open_at(visitor, SESSIONS).button(key="add-demo").click().run()
    return visitor.toggle(key="index-laboratory").set_value(True).run()


def test_parts_limits_and_how_often_the_verdict_flips_are_shown_with_the_index(
    laboratory: AppTest,
) -> None:
    assert not laboratory.exception
    words = words_of(laboratory)
    for measure in ("engagement_index", "concentration_index"):
        assert MEASURES[measure].limits in words
    assert "When one weight moves by 10 %, the verdict (above the median or not) flips in " in words
    assert "gives the other verdict in " in words
    assert "Calibrated: compared with the person" in words
    table = next(one.value for one in laboratory.dataframe if "Flips" in one.value)
    assert list(table["Share of the weights"]) == ["30 %", "35 %", "20 %", "15 %"]


def test_a_weight_that_is_moved_changes_the_shares_of_all(laboratory: AppTest) -> None:
    laboratory.slider(key="index-weight-facing").set_value(0.0).run()
    table = next(one.value for one in laboratory.dataframe if "Flips" in one.value)
    assert list(table["Share of the weights"]) == ["46 %", "0 %", "31 %", "23 %"]


def test_moved_weights_are_reset_by_a_button(laboratory: AppTest) -> None:
    assert laboratory.button(key="index-weights-reset").disabled
    laboratory.slider(key="index-weight-facing").set_value(0.0).run()
    laboratory.button(key="index-weights-reset").click().run()
    assert not laboratory.exception
    table = next(one.value for one in laboratory.dataframe if "Flips" in one.value)
    assert list(table["Share of the weights"]) == ["30 %", "35 %", "20 %", "15 %"]
    assert laboratory.slider(key="index-weight-facing").value == DEFAULT_WEIGHTS.facing
    assert laboratory.button(key="index-weights-reset").disabled


def test_without_any_weight_there_is_no_index(laboratory: AppTest) -> None:
    for part in PARTS:
        laboratory.slider(key=f"index-weight-{part}").set_value(0.0)
    laboratory.run()
    assert not laboratory.exception
    assert "At least one weight must be above 0" in words_of(laboratory)


def test_the_index_is_of_one_face_also_where_all_are_looked_at(laboratory: AppTest) -> None:
    own = next(one for one in laboratory.selectbox if one.label == "Face measured")
    assert own.value == 1
    own.select(2).run()
    assert "3 windows have an index; 6 are needed" in words_of(laboratory)
    next(one for one in laboratory.selectbox if one.label == "Face").select(1).run()
    assert "Face measured" not in [one.label for one in laboratory.selectbox]
    assert "When one weight moves by 10 %" in words_of(laboratory)


def test_a_session_without_a_face_has_no_index(visitor: AppTest, store: SessionStore) -> None:
    store.begin(make_session("empty"))
    store.append("empty", [make_moment(at) for at in (0.0, 1.0)], now=NOW)
    open_at(visitor, SESSIONS).toggle(key="index-laboratory").set_value(True).run()
    assert not visitor.exception
    assert "No face was detected in this session" in words_of(visitor)


def test_too_few_windows_have_no_number_of_flips(visitor: AppTest, store: SessionStore) -> None:
    store.begin(make_session("short"))
    shapes = np.full(len(BLENDSHAPES), 0.1, dtype=np.float32)
    seen = [replace(make_observation(at), blendshapes=shapes) for at in np.arange(0.0, 25.0, 0.2)]
    store.append("short", [make_moment(one.time_s, one) for one in seen], now=NOW)
    open_at(visitor, SESSIONS).toggle(key="index-laboratory").set_value(True).run()
    assert not visitor.exception
    assert "are needed to say how often the verdict flips" in words_of(visitor)
    table = next(one.value for one in visitor.dataframe if "Part" in one.value)
    assert list(table) == ["Part", "Share of the weights"]


def test_it_is_off_until_somebody_asks_for_it(visitor: AppTest) -> None:
    open_at(visitor, SESSIONS).button(key="add-demo").click().run()
    assert visitor.toggle(key="index-laboratory").value is False
    assert not visitor.slider


def test_a_session_without_facial_movement_says_what_is_missing(
    visitor: AppTest, store: SessionStore
) -> None:
    store.begin(make_session("old"))
    store.append("old", [make_moment(at, make_observation(at)) for at in (0.0, 9.0, 20.0)], now=NOW)
    open_at(visitor, SESSIONS).toggle(key="index-laboratory").set_value(True).run()
    assert not visitor.exception
    assert "No window of 10 s has an index here" in words_of(visitor)


def test_a_picture_has_no_windows(visitor: AppTest, store: SessionStore) -> None:
    store.begin(make_session("photo", source=SourceKind.PICTURE))
    store.append("photo", [make_moment(0.0, make_observation(0.0))], now=NOW)
    keys = [one.key for one in open_at(visitor, SESSIONS).toggle]
    assert "index-laboratory" not in keys
    assert "show-rows" in keys


def test_a_classroom_in_the_eu_has_one_sentence_instead(
    visitor: AppTest, installation: Settings
) -> None:
    lesson = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, lesson)
    open_at(visitor, SESSIONS).button(key="add-demo").click().run()
    assert NOT_IN_CLASSROOMS in words_of(visitor)
    assert "index-laboratory" not in [one.key for one in visitor.toggle]


def test_the_chart_stacks_the_parts_and_leaves_gaps() -> None:
    parts = {name: np.array([1.0, np.nan, 0.5]) for name in PARTS}
    windows = IndexWindows(np.array([10.0, 20.0, 30.0]), parts, np.array([90.0, np.nan, 40.0]))
    figure = index_parts(windows, DEFAULT_WEIGHTS, median=75.0)
    *bars, published, of_all = figure.data
    assert [bar.name for bar in bars] == [
        *("Present", "Facing the screen", "Eyes open", "Expression change")
    ]
    assert np.nansum([bar.y for bar in bars], axis=0).tolist() == [100.0, 0.0, 50.0]
    assert all(np.isnan(bar.y[1]) for bar in bars)
    assert (published.y[0], published.connectgaps) == (90.0, False)
    assert (of_all.name, set(of_all.y)) == ("Median of the index", {75.0})
