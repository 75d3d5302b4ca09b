"""Faces read in the visitor's own browser, on the live page: only numbers reach the server."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from core.sessions import read_csv
from tests.browser.visitor import open_live, start, stop, strip, until, watched_s

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

COUNT_CONNECTIONS = """
window.connections = 0;
window.RTCPeerConnection = class { constructor() { window.connections += 1; } };
"""


def test_a_session_that_is_read_on_this_device_is_stored_as_any_other(server, page):
    page.add_init_script(COUNT_CONNECTIONS)
    open_live(page, server.url)
    page.get_by_text("Read on this device", exact=True).click()
    start(page)
    expect(page.get_by_text("Faces are read on this device")).to_be_visible()
    first = watched_s(page)
    until(lambda: watched_s(page) >= first + 3)
    stop(page)
    expect(strip(page)).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    table = read_csv(download.value.path().read_bytes())
    with server.store() as store:
        (entry,) = store.sessions()
        timeline = store.read(entry.session.id)
    assert entry.session.ended_at is not None
    assert entry.session.consent_at is not None
    assert len(table) == len(timeline) > 16
    assert (table["eye"] == "browser").all()
    assert np.array_equal(table["p_happy"], timeline.scores[:, 3], equal_nan=True)
    assert timeline.usable.mean() > 0.5
    assert page.evaluate("window.connections") == 0
