"""Screenshot and export while the camera runs."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.domain import AnalysisSite
from core.domain.errors import UnknownSession
from core.live import LiveSession
from core.measures import view_named
from core.sessions.exporters import export_session
from pages.parts.sessions import cached as sessions_cached
from pages.parts.shell import browser_download, error_box, presses, session_state
from pages.parts.shell import cached as shell_cached

_SCREENSHOT_HELP = {
    AnalysisSite.SERVER: "Saves the current frame on your device. Mien stores no picture.",
    AnalysisSite.BROWSER: "Saves the current picture on your device. The browser makes it: no "
    "picture leaves this device.",
}
_MOST_NAMES = 8  # of the newest: the browser has saved those before


def draw_downloads(live: LiveSession, site: AnalysisSite, *, disabled: bool) -> None:
    """Buttons for a screenshot and an export, without stopping."""
    st.button(
        "Screenshot",
        icon=":material/photo_camera:",
        disabled=disabled,
        key="screenshot",
        help=_SCREENSHOT_HELP[site],
        on_click=_screenshot,
        args=(live, site),
    )
    st.button(
        "Export",
        icon=":material/download:",
        disabled=disabled,
        key="export",
        help="Saves the data recorded so far as CSV; the session continues.",
        on_click=_export,
        args=(live,),
    )


@presses.once
def _screenshot(live: LiveSession, site: AnalysisSite) -> None:
    if site is AnalysisSite.BROWSER:
        _ask_for_screenshot()
    else:
        _download_screenshot(live)


def _download_screenshot(live: LiveSession) -> None:
    png = live.screenshot()
    if png is None:
        st.toast("No frame yet.", icon=":material/info:")
        return
    browser_download.queue(screenshot_name(datetime.now(UTC)), "image/png", png)


def _ask_for_screenshot() -> None:
    """Have the browser save what it shows: the picture is there and nowhere else."""
    start, name = session_state.camera_start.get(), screenshot_name(datetime.now(UTC))
    names = (*local_screenshots(), name)[-_MOST_NAMES:]
    session_state.local_screenshots.set((start, names))


def local_screenshots() -> tuple[str, ...]:
    """Names of the newest screenshots that the browser was asked for in this start."""
    start, names = session_state.local_screenshots.get()
    return names if start == session_state.camera_start.get() else ()


def screenshot_name(now: datetime) -> str:
    """The file's name, with date and time to the millisecond: several may be taken in a second.

    Args:
        now: aware, UTC.
    """
    return f"mien-{now:%Y-%m-%dT%H-%M-%S}-{now.microsecond // 1000:03}Z.png"


@presses.once
@error_box.on_error()
def _export(live: LiveSession) -> None:
    session = live.view().session
    if session is None:
        return
    shown_as = view_named(live.view().scheme, session_state.shown_as.get()).name
    try:
        content = export_session(
            sessions_cached.store(),
            session.id,
            models_dir=shell_cached.settings().models_dir,
            shown_as=shown_as,
        )
    except UnknownSession:
        st.toast("No data yet. The first rows are stored within a second.")
        return
    name = f"{session.id}-until-{datetime.now(UTC):%H-%M-%SZ}.csv"
    browser_download.queue(name, "text/csv", content)
