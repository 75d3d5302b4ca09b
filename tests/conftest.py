"""What every test may use. The first imports are load-bearing: see tests.environment and core."""

from __future__ import annotations

import tests.environment  # noqa: F401 - before NumPy

# isort: split

import core  # noqa: F401 - pylibsrtp before TensorFlow

# isort: split

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from core.settings import PROJECT_DIR, Settings
from core.storage import database
from tests.examples import THOROUGH, USUALLY

SHARED_MEDIA = PROJECT_DIR.parent / "shared" / "data" / "media"


# A check that draws other examples each time can refuse a sound change: the usual profile draws the
# same ones everywhere, and what the other one finds is kept as an @example beside its test.
hypothesis_settings.register_profile("ci", derandomize=True, deadline=None, max_examples=USUALLY)
hypothesis_settings.register_profile(
    THOROUGH, derandomize=False, deadline=None, max_examples=1000, print_blob=True
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: what is compressed holds the second it was made in, and
    two processes that share the tests out must call each test the same."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation of its own, with empty folders."""
    return Settings.from_environment(
        {"MIEN_DATA_DIR": str(tmp_path / "data"), "MIEN_MODELS_DIR": str(tmp_path / "models")}
    )


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up a database after a tenth of a second, where nothing would come by waiting longer."""
    monkeypatch.setattr(database, "LOCK_TIMEOUT_S", 0.1)


@pytest.fixture
def media() -> Callable[[str], Path]:
    """Path of a picture or clip beside the project; the test is skipped, aloud, without it."""

    def path_of(name: str) -> Path:
        path = SHARED_MEDIA / name
        if not path.exists():
            pytest.skip(f"{name} is not beside the project (../shared/data/media)")
        return path

    return path_of


@pytest.fixture(scope="session")
def assets_dir() -> Path:
    """The files that `make assets` brings; tests that look at faces need them."""
    folder = Settings.from_environment(os.environ).assets_dir
    if not (folder / "face_landmarker.task").exists():
        pytest.fail("run make assets first: the files that find faces are missing")
    return folder
