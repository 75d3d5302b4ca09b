"""Where faces are read: on the server, or in the visitor's own browser."""

from __future__ import annotations

import streamlit as st

from core.domain import AnalysisSite, ModelCard
from core.models import BROWSER_FORMAT, browser_format
from core.vision import are_current, browser_files, is_read_in_browsers
from pages.parts.live.browser_eye import SWITCH
from pages.parts.shell import session_state
from pages.parts.shell.cached import settings

_HELP = (
    "This browser reads the faces, and sends numbers only: no picture leaves this device. Far "
    "faces are found by the server only. The first time it loads about 10 MB. Pictures that "
    'are sent to the server are compressed: by that, 1 label in 100 changes to or from "not sure", '
    "and up to 5 while the server is busy."
)


def choose(card: ModelCard) -> AnalysisSite:
    """The choice, remembered in this tab; it stays as it is while the camera is on.

    Where the browser cannot read for this model, the switch is off and its help says why.
    """
    obstacle = _obstacle(card)
    here = st.toggle(
        SWITCH,
        value=session_state.reads_here.get() and not obstacle,
        disabled=bool(obstacle) or session_state.camera_on.get(),
        key=f"read-here-{bool(obstacle)}-{session_state.reads_here_round.get()}",
        help=obstacle or _HELP,
    )
    if not obstacle:
        session_state.reads_here.set(here)
    return AnalysisSite.BROWSER if here and not obstacle else AnalysisSite.SERVER


def chosen(card: ModelCard) -> AnalysisSite:
    """The last choice, where this model allows it."""
    is_here = session_state.reads_here.get() and not _obstacle(card)
    return AnalysisSite.BROWSER if is_here else AnalysisSite.SERVER


def choose_server() -> None:
    """Choose the server, as by the switch."""
    session_state.reads_here.set(False)
    session_state.reads_here_round.set(session_state.reads_here_round.get() + 1)


def _obstacle(card: ModelCard) -> str:
    """Why faces cannot be read in browsers here; empty if they can."""
    files = browser_files(settings().assets_dir)
    if files is None:
        return "Set-up did not build the files that browsers need for this: run make assets."
    if not are_current(files):
        return (
            "The files that browsers need for this are of an earlier version: run make assets. "
            "Until then faces are read on the server."
        )
    if not is_read_in_browsers(card):
        return "This model reads faces in a way that browsers cannot prepare."
    if browser_format(settings().models_dir, card) is None:
        return (
            "This model has no file for browsers: convert it on the page Publish a model to "
            f"{BROWSER_FORMAT}."
        )
    return ""
