"""The server beside the pages: found in app.py, one ingest for both, and an orderly end."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from streamlit import cli_util, runtime
from streamlit.web.server.app_discovery import discover_asgi_app

from core.live import Clocks, LiveSession
from core.policy import Consent, policy_file
from core.settings import PROJECT_DIR, Settings
from core.vision import ReadingAnalyser
from core.web import eye_routes
from pages.parts.eye import server
from pages.parts.eye.cached import row_ingest
from tests.asgi import ask
from tests.eye_messages import body
from tests.fakes import FakeStore, ManualClock
from tests.make import make_session
from tests.unit.eye.conftest import CARD, POLICY


def test_streamlit_finds_the_server_in_the_file_that_it_runs_for_visits() -> None:
    assert discover_asgi_app(PROJECT_DIR / "app.py").import_string == "app:app"


def test_a_token_that_a_page_got_is_good_at_the_servers_route(
    installation: Settings, tmp_path: Path
) -> None:
    clock, store = ManualClock(), FakeStore()
    live = LiveSession(
        ReadingAnalyser(CARD), store, clocks=Clocks(clock.seconds, clock.now), not_sure_below=0.5
    )
    live.begin(make_session("mine"))
    policy_file.write(policy_file.path_in(installation.data_dir), POLICY)
    consent = Consent(datetime.now(UTC), POLICY.notice_version)
    token = row_ingest().open(live, CARD, policy=POLICY, consent=consent)
    app = Starlette(routes=eye_routes(server.row_receiver, tmp_path, server.model_file))
    headers = {"Authorization": f"Bearer {token}"}
    reply = ask(app, "POST", "/eye/rows", headers=headers, parts=(body(),))
    assert (reply.status, json.loads(reply.body)["next"]) == (200, 1)
    live.close()
    assert len(store.moments["mine"]) == 5


def test_a_data_folder_that_cannot_be_written_is_told_with_a_sentence(
    installation: Settings, tmp_path: Path
) -> None:
    installation.data_dir.write_text("a file", encoding="utf-8")
    app = Starlette(routes=eye_routes(server.row_receiver, tmp_path, server.model_file))
    reply = ask(app, "POST", "/eye/rows", headers={"Authorization": "Bearer a"}, parts=(body(),))
    assert reply.status == 503
    assert "cannot be used" in json.loads(reply.body)["sentence"]


class FakeRuntime:
    """Streamlit's runtime, which stops some time after it was asked to."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._asked = asyncio.Event()

    def stop(self) -> None:
        self._asked.set()

    @property
    def stopped(self):
        return asyncio.ensure_future(self._stops())

    async def _stops(self) -> None:
        await self._asked.wait()
        await asyncio.sleep(0.01)
        self.is_stopped = True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were opened in the browser of this machine."""
    opened: list[str] = []
    monkeypatch.setattr(cli_util, "open_browser", opened.append)
    return opened


def run_and_stop() -> FakeRuntime:
    async def live() -> FakeRuntime:
        fake = FakeRuntime()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(runtime, "exists", lambda: True)
            patch.setattr(runtime, "get_instance", lambda: fake)
            async with server.lifespan(None):
                assert not fake.is_stopped
        return fake

    return asyncio.run(live())


def test_the_server_ends_only_when_streamlit_has_closed_every_tab(opened: list[str]) -> None:
    assert run_and_stop().is_stopped


@pytest.mark.parametrize("headless", [True, False])
def test_the_app_is_opened_in_the_browser_of_this_machine_if_it_has_one(
    opened: list[str], headless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"server.headless": headless, "browser.serverAddress": "localhost"}
    monkeypatch.setattr(st, "get_option", options.__getitem__)
    run_and_stop()
    assert len(opened) == (0 if headless else 1)
    assert all(one.startswith("http://localhost:") for one in opened)
