"""What is said about each part, and when it is not ready."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.models import LITERT_FILE, save
from core.settings import Settings
from core.system_check import app_checks
from core.vision import BrowserFiles
from core.vision.browser_assets import BrowserFile
from tests.make import make_card


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data_dir = tmp_path / "data"
    return Settings(data_dir, tmp_path / "models", f"sqlite:///{data_dir}/sessions.db")


def found(settings: Settings, name: str) -> app_checks.CheckResult:
    return next(one for one in app_checks.check_app(settings) if one.name == name)


def test_whatever_is_not_ready_comes_with_advice(settings: Settings) -> None:
    assert [one.name for one in app_checks.check_app(settings) if not one.ok] == [
        "Expression model",
        "Face landmarker",
    ]
    assert all(one.ok or one.advice for one in app_checks.check_app(settings))


def test_a_model_that_cannot_watch_is_no_model(settings: Settings, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.write_bytes(b"1")
    save(settings.models_dir, make_card("kept"), {"model.keras": weights})
    assert not found(settings, "Expression model").ok
    save(settings.models_dir, make_card("light"), {LITERT_FILE: weights})
    assert "light is ready. Accuracy 70.0" in found(settings, "Expression model").sentence


def test_a_damaged_asset_is_not_ready(settings: Settings) -> None:
    settings.assets_dir.mkdir(parents=True)
    (settings.assets_dir / "face_landmarker.task").write_bytes(b"half of it")
    finder = found(settings, "Face landmarker")
    assert not finder.ok
    assert "damaged" in finder.sentence


def test_files_for_browsers_that_are_missing_come_with_the_command_and_what_works_without_them(
    settings: Settings,
) -> None:
    eye = app_checks.check_browser_eye(settings)
    assert not eye.ok
    assert eye.sentence == "The files of the eye in the browser are missing."
    assert eye.advice.startswith("Run make assets")
    assert "read on the server" in eye.advice


def test_files_for_browsers_that_are_whole_are_counted_with_their_size(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = BrowserFile("worker.0123456789ab.js", bytes=9_000_000, br=2_400_000, gz=3_000_000)
    files = BrowserFiles({"worker": one, "engine": one}, source="")
    monkeypatch.setattr(app_checks, "check_browser_files", lambda _folder: files)
    eye = app_checks.check_browser_eye(settings)
    assert eye.ok
    assert "2 files, 4.8 MB compressed" in eye.sentence


def test_a_database_address_that_means_nothing_is_explained(tmp_path: Path) -> None:
    store = found(Settings(tmp_path, tmp_path, "nonsense"), "Session store")
    assert not store.ok
    assert "MIEN_DATABASE_URL" in store.advice


@pytest.mark.parametrize(
    ("address", "ok"),
    [
        ("https://mien.example.org/live_camera", True),
        ("http://localhost:8501", True),
        ("http://127.0.0.1:8501/", True),
        ("http://192.168.1.5:8501", False),
        ("http://mien.example.org", False),
        ("", True),
    ],
)
def test_a_camera_needs_https_or_this_machine(address: str, ok: bool) -> None:
    camera = app_checks.camera_over(address)
    assert camera.ok is ok
    assert ok or "HTTPS" in camera.advice
