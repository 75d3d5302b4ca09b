"""A visitor to an installation of its own: empty folders, empty caches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of an empty installation that the app will use."""
    here = {"MIEN_DATA_DIR": str(tmp_path / "data"), "MIEN_MODELS_DIR": str(tmp_path / "models")}
    for name, value in here.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MIEN_DATABASE_URL", raising=False)
    _forget()
    yield Settings.from_environment(here)
    _forget()


def _forget() -> None:
    """Streamlit's caches outlive an AppTest and would carry one test's store into the next."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def visitor(installation: Settings) -> AppTest:
    """Someone who opens the app; every page is reached through app.py."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
