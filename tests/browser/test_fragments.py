"""What stands after a part that redraws itself stays, whatever of that part is lost on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.parts.sessions.interrupted import CHECK_EVERY_S
from tests.browser.conftest import Server
from tests.browser.visitor import expect_soon, open_live, settled, start

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


class Loss:
    """Between server and browser: what Streamlit leaves out of a whole run on a busy machine.

    There a fragment is redrawn before the whole run was sent, and is taken out of it. Here that
    happens to the one that looks every `CHECK_EVERY_S` seconds.
    """

    def __init__(self, page: Page) -> None:
        self.happens = False
        self.lost = self.redrawn = 0
        self._fragment = "none"
        self._drawn: list[str] = []
        page.route_web_socket("**/_stcore/stream", self._stand_between)

    def _stand_between(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        server.on_message(lambda raw: None if self._is_lost(raw) else browser.send(raw))

    def _is_lost(self, raw: str | bytes) -> bool:
        message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
        if message.HasField("auto_rerun") and message.auto_rerun.interval == CHECK_EVERY_S:
            self._fragment = message.auto_rerun.fragment_id
        if message.HasField("new_session"):
            self._drawn = list(message.metadata.run.fragment_ids)
        if self._fragment in self._drawn:
            self.redrawn += bool(self.lost) and message.HasField("script_finished")
            return False
        is_lost = self.happens and message.delta.fragment_id == self._fragment
        self.lost += is_lost
        return is_lost


def test_what_stands_after_a_part_that_redraws_itself_stays(server: Server, page: Page) -> None:
    loss = Loss(page)
    open_live(page, server.url)
    settled(page)
    title = page.get_by_label("Title of the next session (optional)")
    expect(title).to_be_visible()
    loss.happens = True
    page.get_by_text("Show all scores", exact=True).click()  # a run of the whole page
    expect_soon(page, lambda: loss.lost > 0, True)
    expect_soon(page, lambda: loss.redrawn > 0, True)
    settled(page)
    expect(title).to_be_visible()


class WholeRuns:
    """Counts the runs of the whole page, between server and browser."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        page.route_web_socket("**/_stcore/stream", self._stand_between)

    def _stand_between(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def pass_on(raw: str | bytes) -> None:
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            is_run = message.HasField("new_session")
            self.count += is_run and not message.metadata.run.fragment_ids
            browser.send(raw)

        server.on_message(pass_on)


def test_pausing_and_resuming_redraw_their_own_part_and_never_the_page(
    server: Server, page: Page
) -> None:
    runs = WholeRuns(page)
    open_live(page, server.url)
    assert runs.count > 0
    start(page)
    settled(page)
    runs.count = 0
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused.")).to_be_visible()
    expect(page.get_by_role("button", name="Mark", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_text("Paused.")).to_have_count(0)
    assert runs.count == 0
