"""All measures of a session, each with its basis, or the reason why it is empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.domain import SourceKind
from core.measures import MEASURES
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.sessions.measure_chart import PARTS_OVER_TIME, measure_over_time
from pages.parts.shell.navigation import SESSIONS
from tests.calibrating import make_measured
from tests.make import make_mark, make_moment, make_observation, make_session
from tests.pages.visits import open_at, words_of

NOW = datetime.now(UTC)


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


def _record(store: SessionStore, seconds: float = 30.0) -> None:
    store.begin(make_session("one"))
    still = np.full(52, 0.1, dtype=np.float32)
    seen = [replace(make_observation(at), blendshapes=still) for at in np.arange(0.0, seconds, 0.2)]
    store.append(
        "one",
        [make_moment(one.time_s, one) for one in seen],
        now=NOW,
        events=[make_mark(9.0, "a question")],
    )
    store.end("one", ended_at=NOW)


def test_every_measure_stands_on_the_page_with_its_limits_as_help(visitor: AppTest) -> None:
    open_at(visitor, SESSIONS).button(key="add-demo").click().run()
    assert not visitor.exception
    helps = " ".join(one.help or "" for one in visitor.markdown).replace("\\", "")
    for measure in MEASURES.values():
        assert any(one.value.startswith(measure.title) for one in visitor.markdown), measure.title
        assert measure.limits in helps
    assert "calibrated · " in words_of(visitor)


def test_a_calibrated_face_says_so(visitor: AppTest, store: SessionStore) -> None:
    _record(store)
    store.set_calibration("one", 1, make_measured())
    open_at(visitor, SESSIONS)
    assert not visitor.exception
    assert any(one.value.startswith("calibrated · ") for one in visitor.caption)


def test_the_time_range_is_that_of_the_figures(visitor: AppTest, store: SessionStore) -> None:
    _record(store)
    open_at(visitor, SESSIONS)
    assert "80 % measured" in words_of(visitor)
    visitor.select_slider(key="part-one").set_range("0:15", "0:25").run()
    assert not visitor.exception
    assert "80 % measured" not in words_of(visitor)
    assert "100 % measured" in words_of(visitor)


@pytest.mark.parametrize("measure", [*PARTS_OVER_TIME])
def test_each_of_these_measures_is_drawn_over_time(visitor: AppTest, measure: str) -> None:
    open_at(visitor, SESSIONS).button(key="add-demo").click().run()
    visitor.pills(key="measure-over-time").set_value(measure).run()
    assert not visitor.exception
    assert MEASURES[measure].limits in words_of(visitor)
    assert "was not measured here" not in words_of(visitor)


def test_what_was_not_measured_at_all_has_a_sentence_and_no_chart(
    visitor: AppTest, store: SessionStore
) -> None:
    _record(store, 20.0)
    open_at(visitor, SESSIONS).pills(key="measure-over-time").set_value("eyes").run()
    assert not visitor.exception
    assert "was not measured here. It needs 36 of 60 s" in words_of(visitor)


def test_a_picture_has_no_measures(visitor: AppTest, store: SessionStore) -> None:
    store.begin(make_session("photo", source=SourceKind.PICTURE))
    store.append("photo", [make_moment(0.0, make_observation(0.0))], now=NOW)
    assert "**Measures**" not in words_of(open_at(visitor, SESSIONS))


def test_a_classroom_in_the_eu_sees_no_index(visitor: AppTest, installation: Settings) -> None:
    lesson = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, lesson)
    open_at(visitor, SESSIONS).button(key="add-demo").click().run()
    assert not visitor.exception
    assert not any(one.value.startswith("Engagement index") for one in visitor.markdown)
    assert not any(one.value.startswith("Concentration index") for one in visitor.markdown)


def test_time_that_was_not_measured_is_a_band_of_its_own() -> None:
    middle_s = np.array([0.5, 1.5, 2.5])
    shares = np.array([1.0, np.nan, 0.0])
    figure = measure_over_time(
        MEASURES["facing"], (middle_s, {"share": shares}), [(1.0, "a question")]
    )
    line, band = figure.data
    assert (line.name, line.connectgaps) == ("Facing the screen", False)
    assert np.array_equal(line.y, [100.0, np.nan, 0.0], equal_nan=True)
    assert band.name == "Not measured"
    assert np.array_equal(band.y, [np.nan, 1.0, np.nan], equal_nan=True)
    assert [one.text for one in figure.layout.annotations] == ["a question"]


def test_each_part_of_tension_is_a_line() -> None:
    values = {name: np.array([1.0, 2.0]) for name in PARTS_OVER_TIME["tension"]}
    figure = measure_over_time(MEASURES["tension"], (np.array([0.5, 1.5]), values))
    assert [one.name for one in figure.data] == [
        *("Tension", "Brows lowered", "Lips pressed", "Lips rolled in", "Not measured")
    ]


def test_expressiveness_is_drawn_in_percent_as_live_camera_writes_it() -> None:
    values = {name: np.array([0.1, 0.2]) for name in PARTS_OVER_TIME["expressiveness"]}
    figure = measure_over_time(MEASURES["expressiveness"], (np.array([0.5, 1.5]), values))
    assert figure.data[0].y.tolist() == [10.0, 20.0]
    assert figure.layout.yaxis.ticksuffix == " %"


def test_two_classes_are_named_by_their_classes() -> None:
    values = {name: np.array([0.2, 0.8]) for name in PARTS_OVER_TIME["confident_stressed"]}
    figure = measure_over_time(MEASURES["confident_stressed"], (np.array([0.5, 1.5]), values))
    assert [one.name for one in figure.data] == ["Confident", "Stressed", "Not measured"]
