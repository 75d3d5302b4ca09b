from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from core.live import RESOLUTIONS
from core.measures import view_named
from core.models import load_card
from core.settings import PROJECT_DIR
from core.vision import OverlayStyle, browser_reading
from pages.parts.live import browser_eye as module
from pages.parts.live.browser_eye import (
    SWITCH,
    UNABLE_TEXT,
    WAY_TEXT,
    EyeModel,
    EyeReport,
    EyeRequest,
    EyeState,
    RowsWanted,
    browser_eye,
)
from pages.parts.live.camera_permission import CameraPermission


@pytest.fixture
def drawn(monkeypatch):
    """What the component was given, and what the browser is said to have told."""
    seen = SimpleNamespace(data=None, told=None)

    def show(*, key, data, on_told_change):
        seen.data = data

    state = lambda _: None if seen.told is None else SimpleNamespace(told=seen.told)  # noqa: E731
    monkeypatch.setattr(module.session_state, "component_state", state)
    monkeypatch.setattr(module.st.components.v2, "component", lambda *_, **__: show)
    return seen


@pytest.fixture
def asked():
    card = load_card(PROJECT_DIR / "models", "compact-2")
    reading = browser_reading(card, view_named(card.scheme, ""), not_sure="not sure")
    model = EyeModel("/eye/model.tflite", 48, "cubic", reading)
    return EyeRequest(
        "two",
        ("one", 4.5),
        False,
        "secret",
        RESOLUTIONS[0],
        {"component": "component.0a.js"},
        model,
    )


def test_the_browser_is_given_addresses_of_this_server_and_how_to_read_the_model(drawn, asked):
    assert browser_eye(asked) == EyeReport()
    assert (drawn.data["continues"], drawn.data["storedS"]) == ("one", 4.5)
    assert drawn.data["componentUrl"] == "/eye/component.0a.js"
    assert drawn.data["files"] == {"component": "/eye/component.0a.js"}
    assert drawn.data["model"] == {
        "url": "/eye/model.tflite",
        "sizePx": 48,
        "interpolation": "cubic",
    }
    assert drawn.data["reading"]["labels"][0] == "Angry"
    assert drawn.data["reading"]["limits"]["size_px"] == 30.0
    assert (drawn.data["width"], drawn.data["height"]) == (640, 480)


def test_the_browser_is_told_how_much_to_draw_and_what_to_save(drawn, asked):
    browser_eye(replace(asked, style=OverlayStyle.FULL, screenshots=("one.png", "two.png")))
    assert drawn.data["style"] == "full"
    assert drawn.data["screenshots"] == ["one.png", "two.png"]


def test_all_is_sent_ten_times_a_second_and_no_number_shown_unless_the_page_says_otherwise(
    drawn, asked
):
    browser_eye(asked)
    assert (drawn.data["rowsUrl"], drawn.data["readsPerS"]) == ("/eye/rows", 10)
    assert (drawn.data["sendsExpression"], drawn.data["numbers"]) == (True, None)
    rows = RowsWanted("/class/rows", 5, with_expression=False, numbers={"sent": "Sent"})
    browser_eye(replace(asked, rows=rows))
    assert (drawn.data["rowsUrl"], drawn.data["readsPerS"]) == ("/class/rows", 5)
    assert (drawn.data["sendsExpression"], drawn.data["numbers"]) == (False, {"sent": "Sent"})


@pytest.mark.parametrize("way", ["worker", "page"])
def test_a_start_that_reads_says_where(drawn, asked, way):
    drawn.told = {"start": "two", "state": "reading", "way": way, "width": 640, "height": 480}
    report = browser_eye(asked)
    assert (report.state, report.answer) == (EyeState.READING, CameraPermission.ALLOWED)
    assert report.sentence == WAY_TEXT[way]
    assert (report.width_px, report.height_px) == (640, 480)


@pytest.mark.parametrize("why", ["no_webgl", "no_wasm", "insecure", "no_camera_access"])
def test_an_obstacle_has_its_sentence(drawn, asked, why):
    drawn.told = {"start": "two", "state": "unable", "obstacle": why}
    has_camera = why not in {"insecure", "no_camera_access"}
    expected = EyeReport(
        EyeState.UNABLE, sentence=UNABLE_TEXT[why], server_may=has_camera, obstacle=why
    )
    assert browser_eye(asked) == expected


@pytest.mark.parametrize("part", ["landmarker", "model", "component", "engine"])
def test_a_part_that_is_missing_has_its_sentence(drawn, asked, part):
    drawn.told = {"start": "two", "state": "unable", "part": part}
    assert browser_eye(asked).sentence == UNABLE_TEXT[part]


def test_who_cannot_be_read_here_is_sent_to_the_switch_unless_there_is_no_camera_at_all():
    cameraless = {"insecure", "no_camera_access"}
    sent = {why for why, sentence in UNABLE_TEXT.items() if f'Switch off "{SWITCH}"' in sentence}
    assert sent == set(UNABLE_TEXT) - cameraless


def test_a_refused_camera_is_told_as_that_of_the_other_eye(drawn, asked):
    drawn.told = {"start": "two", "state": "refused", "error": "NotFoundError"}
    assert browser_eye(asked).answer is CameraPermission.MISSING


def test_an_ended_session_is_told_in_the_servers_words(drawn, asked):
    drawn.told = {"start": "two", "state": "over", "sentence": "This session is over."}
    report = browser_eye(asked)
    assert (report.state, report.sentence) == (EyeState.OVER, "This session is over.")


def test_what_an_earlier_start_told_is_not_of_this_one(drawn, asked):
    drawn.told = {"start": "another", "state": "reading", "way": "worker"}
    assert browser_eye(asked) == EyeReport()


@pytest.mark.parametrize(
    "told", ["text", {"start": "two", "state": "?"}, {"start": "two", "state": ["reading"]}]
)
def test_what_makes_no_sense_never_counts_as_reading(drawn, asked, told):
    drawn.told = told
    assert browser_eye(asked).state in {EyeState.WAITING, EyeState.UNABLE}
