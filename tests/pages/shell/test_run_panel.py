"""The run that a visitor follows: shown, forgotten, resumed or closed."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.domain import Finished, RunStatus, Started
from core.jobs import Journal, RunFolder
from core.jobs.run_folder.folder import create
from core.settings import Settings


def page_that_follows_a_run() -> None:
    import streamlit as st

    from pages.parts.shell import run_panel, session_state

    is_running = run_panel.follow(
        session_state.data_run, {"audit": "Auditing"}, on_close=lambda run: st.toast(run.id)
    )
    st.text(f"running: {is_running}, followed: {session_state.data_run.get()}")


@pytest.fixture
def page(installation: Settings) -> AppTest:
    return AppTest.from_function(page_that_follows_a_run, default_timeout=20)


def ended(installation: Settings, outcome: RunStatus, error: str = "") -> RunFolder:
    """A run that is over."""
    now = datetime.now(UTC)
    folder = create(installation.runs_dir, "audit", {}, now=now, rng=np.random.default_rng())
    journal = Journal(folder.events, clock=lambda: now)
    journal.append(Started(1))
    journal.append(Finished(outcome, error=error))
    return folder


def followed(page: AppTest, run_id: str | None) -> str:
    """What the page says of the run that it follows."""
    page.session_state["slot:data_run"] = run_id
    page.run()
    assert not page.exception
    return page.text[-1].value


def test_without_a_run_nothing_is_drawn(page: AppTest) -> None:
    assert followed(page, None) == "running: False, followed: None"
    assert len(page.main.children) == 1


def test_a_run_that_was_deleted_is_forgotten(page: AppTest) -> None:
    assert followed(page, "2026-11-21-0000-gone-gull") == "running: False, followed: None"


def test_a_completed_run_is_forgotten(page: AppTest, installation: Settings) -> None:
    folder = ended(installation, RunStatus.COMPLETED)
    assert followed(page, folder.id) == "running: False, followed: None"


def test_a_failed_run_says_why_until_it_is_closed(page: AppTest, installation: Settings) -> None:
    folder = ended(installation, RunStatus.FAILED, "The disk is full.")
    assert followed(page, folder.id) == f"running: False, followed: {folder.id}"
    assert "The disk is full." in page.error[0].value
    page.button(key=f"close-{folder.id}").click().run()
    assert page.text[-1].value == "running: False, followed: None"
    assert [one.value for one in page.toast] == [folder.id]
