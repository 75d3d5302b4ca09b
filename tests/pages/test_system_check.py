"""System check: what is installed, TensorFlow on demand, a test of the camera."""

from __future__ import annotations

from importlib.metadata import version
from types import SimpleNamespace

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from core import system_check
from core.readiness import Readiness
from core.settings import Settings
from pages.parts import camera_probe, shared
from pages.parts.camera_check import CameraAnswer
from pages.parts.camera_probe import CameraFigures, figures_of
from pages.parts.frame import SYSTEM_CHECK
from tests.pages.visits import open_at, words_of


def test_everything_is_told_on_an_empty_installation(
    visitor: AppTest, installation: Settings
) -> None:
    open_at(visitor, SYSTEM_CHECK)
    assert not visitor.exception
    said = words_of(visitor)
    for name in ("Expression model", "Session store", "Python", "Packages", "Disk", "Memory"):
        assert f"**{name}.**" in said
    assert "No picture leaves the browser" in said
    (packages,) = visitor.dataframe
    installed = dict(zip(packages.value["Package"], packages.value["Installed"], strict=True))
    assert installed["streamlit"] == version("streamlit")


def test_the_port_that_this_page_comes_from_is_told(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamlit, "context", SimpleNamespace(url="http://localhost:8777/x"))
    open_at(visitor, SYSTEM_CHECK)
    assert "**Port.** Mien answers on port 8777." in words_of(visitor)


def test_tensorflow_is_asked_when_somebody_wants_to_know(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        shared, "checked_tensorflow", lambda: Readiness("TensorFlow", True, "It works.")
    )
    open_at(visitor, SYSTEM_CHECK)
    assert "It works." not in words_of(visitor)
    visitor.button(key="check-tensorflow").click().run()
    assert "**TensorFlow.** It works." in words_of(visitor)


def test_a_press_asks_anew_whatever_another_page_was_told(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer() -> Readiness:
        asked.append("TensorFlow")
        return Readiness("TensorFlow", True, f"Asked {len(asked)} times.")

    monkeypatch.setattr(system_check, "check_tensorflow", answer)
    assert "Asked 1" in shared.checked_tensorflow().sentence  # by the training page, long ago
    open_at(visitor, SYSTEM_CHECK)
    visitor.button(key="check-tensorflow").click().run()
    assert "**TensorFlow.** Asked 2 times." in words_of(visitor.run())
    assert "Asked 2" in shared.checked_tensorflow().sentence


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (CameraFigures(CameraAnswer.WAITING), "Please allow the camera when your browser asks"),
        (CameraFigures(CameraAnswer.MISSING), "No camera was found"),
        (CameraFigures(CameraAnswer.ALLOWED, "<b>HD</b>", 640, 480, 29.7), "640 x 480 px, 30 FPS"),
    ],
)
def test_the_camera_is_told_as_it_is(
    visitor: AppTest,
    installation: Settings,
    monkeypatch: pytest.MonkeyPatch,
    found: CameraFigures,
    said: str,
) -> None:
    monkeypatch.setattr(camera_probe, "measure_camera", lambda _attempt: found)
    open_at(visitor, SYSTEM_CHECK)
    visitor.button(key="test-camera").click().run()
    assert not visitor.exception
    assert said in "\n".join([words_of(visitor), *(one.value for one in visitor.success)])


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (None, CameraAnswer.WAITING),
        ({"answer": "NotAllowedError"}, CameraAnswer.REFUSED),
        ({"answer": "InsecureContext"}, CameraAnswer.INSECURE),
        ({"answer": "ok"}, CameraAnswer.BUSY),
        ({"answer": "ok", "size": "x", "name": 1, "fps": 2}, CameraAnswer.BUSY),
        ([], CameraAnswer.BUSY),
        ({"answer": "ok", "size": [640, 480], "name": "HD", "fps": 30.0}, CameraAnswer.ALLOWED),
    ],
)
def test_whatever_the_browser_sends_becomes_a_value(sent: object, answer: CameraAnswer) -> None:
    assert figures_of(sent).answer is answer
