"""A visitor to an installation of its own: empty folders, empty caches."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from core.settings import Settings
from core.system_check import machine_checks
from core.system_check.app_checks import CheckResult
from pages.parts.live import tab_reading
from pages.parts.policy import tab_receipt
from pages.parts.shell import presses
from tests.new_databases import migrated_once

NO_GPU = CheckResult("TensorFlow", True, "2.0 works and found no GPU.")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Look for components of Streamlit in all installed packages once, not for each visitor."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database is that is copied."""
    return tmp_path_factory.mktemp("database")


@pytest.fixture(autouse=True)
def migrated_database(migrated_folder: Path) -> Iterator[None]:
    """Migrate one new database, not that of each visitor.

    For each test: the process may run others later, of migrations too.
    """
    with migrated_once(migrated_folder):
        yield


@pytest.fixture(autouse=True)
def presses_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test presses faster than a person does: each of its presses is one."""
    monkeypatch.setattr(presses, "AS_ONE_S", 0.0)


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of an empty installation that the app will use."""
    here = {"MIEN_DATA_DIR": str(tmp_path / "data"), "MIEN_MODELS_DIR": str(tmp_path / "models")}
    for name, value in here.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MIEN_DATABASE_URL", raising=False)
    # There is no browser here: this one answers at once, and its tab kept nothing.
    monkeypatch.setattr(tab_receipt, "keep", lambda _given, **_: "")
    monkeypatch.setattr(tab_reading, "ask", lambda: True)
    # No test of a page wakes TensorFlow.
    monkeypatch.setattr(machine_checks, "check_tensorflow", lambda: NO_GPU)
    _forget()
    yield Settings.from_environment(here)
    _forget()


def _forget() -> None:
    """Streamlit's caches outlive an AppTest and would carry one test's store into the next."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def first_visitor(installation: Settings) -> AppTest:
    """The first one on a fresh server: Streamlit runs a page without app.py (see `open_page`)."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)


@pytest.fixture
def visitor(first_visitor: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Someone on a server that was visited before, as nearly everyone is.

    AppTest makes each rerun a first visit, and the way through the front door forgets which button
    was clicked. Open a page with `visits.open_at`.
    """
    begin = PagesManager.__init__

    def begin_visited(self: PagesManager, *args: Any, **named: Any) -> None:
        PagesManager.uses_pages_directory = False
        begin(self, *args, **named)

    monkeypatch.setattr(PagesManager, "__init__", begin_visited)
    return first_visitor
