"""One start, one connection, whatever reruns come; and a start without a picture begins anew."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import CDPSession, Page, expect

from pages.parts.live.camera import SCRIPT, START_TIMEOUT_S, STATUS_TEXT
from tests.browser.conftest import Server
from tests.browser.visitor import open_live, start, stop, strip, switch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

# Notes when each connection was opened and whether it is open still, in milliseconds.
NOTE_CONNECTIONS = """(() => {
  const Original = window.RTCPeerConnection;
  if (!Original) return;
  const opened = (window.top.connections ??= []);
  window.RTCPeerConnection = class extends Original {
    constructor(...given) {
      super(...given);
      opened.push({ at: Date.now(), one: this });
    }
  };
})()"""

# The camera takes its time, as a busy machine's does: reruns come before it is there.
SLOW_CAMERA = """(() => {
  const media = navigator.mediaDevices;
  if (!media) return;
  const ask = media.getUserMedia.bind(media);
  media.getUserMedia = async (wanted) => {
    if (wanted.video.width) await new Promise((resolve) => setTimeout(resolve, 3000));
    return ask(wanted);
  };
})()"""

# The first connections never hear an answer: no picture comes.
DEAF = """(() => {
  const Original = window.RTCPeerConnection;
  let opened = 0;
  window.RTCPeerConnection = class extends Original {
    constructor(...given) {
      super(...given);
      opened += 1;
      if (opened <= %d) this.setRemoteDescription = async () => {};
    }
  };
})()"""

# Looking for addresses never ends, and no time is set for it.
SEARCHES_FOR_EVER = """(() => {
  const Original = window.RTCPeerConnection;
  if (!Original) return;
  Object.defineProperty(Original.prototype, "iceGatheringState", { get: () => "gathering" });
  const later = window.setTimeout.bind(window);
  window.setTimeout = (what, ms, ...given) =>
    ms === %d ? 0 : later(what, ms, ...given);
})()"""

JUDGED = re.compile(r"Usable\s+[1-9]")
# The page is drawn anew from the press until a while after the first judged face, which is looked
# for every few turns: the slowed browser answers late.
MOST_TURNS, LOOKS_EVERY, LOOKS_WITH_A_PICTURE = 40, 5, 2


def connections(page: Page) -> int:
    """How many were opened since the page was."""
    return int(page.evaluate("(window.connections ?? []).length"))


def open_now(page: Page) -> int:
    """How many of them are open still."""
    return int(
        page.evaluate(
            "window.connections.filter(({ one }) => one.connectionState !== 'closed').length"
        )
    )


def gather_ms() -> int:
    """How long an offer waits for addresses at most."""
    found = re.search(r"^const GATHER_MS = (\d+);$", SCRIPT, re.MULTILINE)
    assert found
    return int(found[1])


def make_slow(page: Page) -> CDPSession:
    """As slow as on a busy machine, until the session is detached."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 3})
    return session


def test_a_start_opens_one_connection_however_often_the_page_is_drawn_anew_meanwhile(
    server: Server, page: Page
) -> None:
    page.add_init_script(NOTE_CONNECTIONS)
    page.add_init_script(SLOW_CAMERA)
    open_live(page, server.url)
    browser = make_slow(page)
    switch(page).click()
    turn = seen = 0
    while turn < MOST_TURNS and seen < LOOKS_WITH_A_PICTURE:
        # Each gives the component anew what it was given already.
        page.emulate_media(color_scheme=("dark", "light")[turn % 2])
        page.wait_for_timeout(50)
        if turn % 8 == 0:
            page.get_by_text("Show all scores", exact=True).click()  # a rerun of the whole page
        turn += 1
        if turn % LOOKS_EVERY == 0:
            seen += page.get_by_text(JUDGED).first.is_visible()
    browser.detach()
    expect(page.get_by_text(JUDGED).first).to_be_visible(timeout=120_000)
    assert connections(page) == 1
    stop(page)
    assert open_now(page) == 0
    start(page)
    assert connections(page) == 2
    assert open_now(page) == 1


def test_a_start_waits_for_no_address_that_nobody_needs(server: Server, page: Page) -> None:
    page.add_init_script(NOTE_CONNECTIONS)
    page.add_init_script(SEARCHES_FOR_EVER % gather_ms())
    open_live(page, server.url)
    start(page)
    assert connections(page) == 1


def test_a_start_without_a_picture_is_given_up_and_begun_anew_with_a_word(
    server: Server, page: Page
) -> None:
    page.add_init_script(NOTE_CONNECTIONS)
    page.add_init_script(DEAF % 2)  # the second keeps the word in sight for as long
    open_live(page, server.url)
    switch(page).click()
    expect(page.get_by_text(STATUS_TEXT["starting"])).to_be_visible()
    expect(page.get_by_text(STATUS_TEXT["again"])).to_be_visible(timeout=60_000)
    expect(page.get_by_text(JUDGED).first).to_be_visible(timeout=120_000)
    assert connections(page) == 3
    assert open_now(page) == 1
    begun = page.evaluate("window.connections.map(({ at }) => at)")
    assert all(later - one >= START_TIMEOUT_S * 1000 for one, later in pairwise(begun))
    stop(page)
    with server.store() as store:
        (entry,) = store.sessions()  # the start that failed has left none
    assert entry.rows


def test_switched_off_while_it_starts_the_camera_is_let_go(server: Server, page: Page) -> None:
    page.add_init_script(NOTE_CONNECTIONS)
    page.add_init_script(DEAF % 9)
    open_live(page, server.url)
    switch(page).click()
    expect(page.get_by_text(STATUS_TEXT["starting"])).to_be_visible()
    switch(page).click()
    expect(page.get_by_text(STATUS_TEXT["off"])).to_be_visible()
    page.wait_for_timeout(START_TIMEOUT_S * 1000 + 1000)
    assert open_now(page) == 0
    assert connections(page) <= 1
    expect(strip(page)).to_have_count(0)
