"""System check: what is installed, TensorFlow on demand, a test of the camera."""

from __future__ import annotations

from concurrent.futures import Future
from importlib.metadata import version
from types import SimpleNamespace

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from core.settings import Settings
from core.system_check import machine_checks, model_check
from core.system_check.app_checks import CheckResult
from pages.parts.live import camera_probe
from pages.parts.live.camera_permission import CameraPermission
from pages.parts.live.camera_probe import CameraFigures, figures_of
from pages.parts.shell import cached
from pages.parts.shell.navigation import SYSTEM_CHECK
from tests.pages.visits import open_at, read_on, words_of
from tests.shelves import BREAKS, put_model


def test_everything_is_reported_on_an_empty_installation(
    visitor: AppTest, installation: Settings
) -> None:
    open_at(visitor, SYSTEM_CHECK)
    assert not visitor.exception
    said = words_of(visitor)
    for name in ("Expression model", "Session store", "Python", "Packages", "Disk", "Memory"):
        assert f"**{name}.**" in said
    assert "**Reading on the visitor's device.**" in said
    assert "No picture leaves the browser" in said
    (packages,) = visitor.dataframe
    installed = dict(zip(packages.value["Package"], packages.value["Installed"], strict=True))
    assert installed["streamlit"] == version("streamlit")


def test_the_port_of_this_page_is_reported(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamlit, "context", SimpleNamespace(url="http://localhost:8777/x"))
    open_at(visitor, SYSTEM_CHECK)
    assert "**Port.** Mien runs on port 8777." in words_of(visitor)


def _see_models(visitor: AppTest) -> str:
    """What the page says of models when all of them were opened, as a person reads it."""
    open_at(visitor, SYSTEM_CHECK)
    cached.models_check().result(60)
    visitor.run()
    assert not visitor.exception
    return read_on(visitor)


def test_no_model_at_all_comes_with_its_remedy(visitor: AppTest, installation: Settings) -> None:
    said = _see_models(visitor)
    assert "**Models.** There is no model in models/. Restore the shipped ones" in said
    assert "Models that work" not in [one.label for one in visitor.expander]


def test_every_model_that_works_is_listed(visitor: AppTest, installation: Settings) -> None:
    for name in ("able-otter", "calm-otter"):
        put_model(installation.models_dir, name)
    said = _see_models(visitor)
    assert ":green[:material/check_circle:] **Models.** All 2 work." in said
    assert "Models that work" in [one.label for one in visitor.expander]
    assert said.count("It loads and predicts; its 2 files match their checksums.") == 2


@pytest.mark.parametrize("way", BREAKS)
def test_a_broken_model_is_named_with_what_to_do_and_the_others_stay_green(
    visitor: AppTest, installation: Settings, way: str
) -> None:
    put_model(installation.models_dir, "able-otter")
    spoil, told = BREAKS[way]
    spoil(put_model(installation.models_dir, "bad-otter"))
    said = _see_models(visitor)
    assert "**Models.** 1 of 2 models works." in said
    assert ":green[:material/check_circle:] **able-otter.** It loads" in said
    (bad,) = (line for line in said.splitlines() if "**bad-otter.**" in line)
    assert bad.startswith(":orange[:material/error:] **bad-otter.**")
    assert told in bad
    assert "Restore the folder" in bad


def test_a_model_that_was_restored_is_checked_again(
    visitor: AppTest, installation: Settings
) -> None:
    lost = put_model(installation.models_dir, "able-otter") / "model.tflite"
    content = lost.read_bytes()
    lost.unlink()
    assert "0 of 1 model work" in _see_models(visitor)
    lost.write_bytes(content)
    assert "**Models.** The only one works." in _see_models(visitor)


def test_the_page_does_not_wait_for_models_that_are_being_opened(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer: Future[list[CheckResult]] = Future()
    monkeypatch.setattr(model_check, "start_models_check", lambda _models_dir: answer)
    open_at(visitor, SYSTEM_CHECK)
    assert "Loading every model" in words_of(visitor)
    assert "**Models.**" not in words_of(visitor)
    assert any(one.key == "test-camera" for one in visitor.button)  # the rest of it is there
    answer.set_result([CheckResult("<b>otter", False, "It is *broken*.", "Restore it.")])
    said = words_of(visitor.run())
    assert "Loading every model" not in said
    assert "\\<b" in said
    assert "\\*broken\\*" in said


def test_tensorflow_is_checked_on_request(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        cached, "tensorflow_result", lambda: CheckResult("TensorFlow", True, "It works.")
    )
    open_at(visitor, SYSTEM_CHECK)
    assert "It works." not in words_of(visitor)
    visitor.button(key="check-tensorflow").click().run()
    assert "**TensorFlow.** It works." in words_of(visitor)


def test_the_button_repeats_the_check(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer() -> CheckResult:
        asked.append("TensorFlow")
        return CheckResult("TensorFlow", True, f"Asked {len(asked)} times.")

    monkeypatch.setattr(machine_checks, "check_tensorflow", answer)
    assert "Asked 1" in cached.tensorflow_result().sentence  # by the training page, long ago
    open_at(visitor, SYSTEM_CHECK)
    visitor.button(key="check-tensorflow").click().run()
    assert "**TensorFlow.** Asked 2 times." in words_of(visitor.run())
    assert "Asked 2" in cached.tensorflow_result().sentence


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (CameraFigures(CameraPermission.WAITING), "Please allow the camera when your browser asks"),
        (CameraFigures(CameraPermission.MISSING), "No camera was found"),
        (
            CameraFigures(CameraPermission.ALLOWED, "<b>HD</b>", 640, 480, 29.7),
            "640 x 480 px, 30 FPS",
        ),
    ],
)
def test_the_state_of_the_camera_is_reported(
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
        (None, CameraPermission.WAITING),
        ({"answer": "NotAllowedError"}, CameraPermission.REFUSED),
        ({"answer": "InsecureContext"}, CameraPermission.INSECURE),
        ({"answer": "ok"}, CameraPermission.BUSY),
        ({"answer": "ok", "size": "x", "name": 1, "fps": 2}, CameraPermission.BUSY),
        ([], CameraPermission.BUSY),
        ({"answer": "ok", "size": [640, 480], "name": "HD", "fps": 30.0}, CameraPermission.ALLOWED),
    ],
)
def test_whatever_the_browser_sends_becomes_a_value(sent: object, answer: CameraPermission) -> None:
    assert figures_of(sent).answer is answer
