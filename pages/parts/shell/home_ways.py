"""The ways in that Home leads with, each to pages that are there today."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.policy import Purpose
from pages.parts.policy.policy_form import PURPOSE_QUERY
from pages.parts.shell.navigation import (
    ANALYSE_RECORDING,
    EVALUATE_MODEL,
    EXPLORE_DATA,
    HOME,
    LIVE_CAMERA,
    PAGES,
    PUBLISH_MODEL,
    RESPONSIBLE_USE,
    SESSIONS,
    TRAIN_MODEL,
    Room,
)

_WAYS_A_ROW, _PAGES_A_ROW = 2, 3


@dataclass(frozen=True)
class Way:
    """What somebody comes for, and the pages that serve it, the first one first.

    Attributes:
        title, icon, words: on screen.
        steps: (page, what its link says).
        purpose: what one then uses Mien for; pages that ask for it find it answered.
    """

    title: str
    icon: str
    words: str
    steps: tuple[tuple[Room, str], ...]
    purpose: Purpose | None = None


WAYS = (
    Way(
        "Analyse my expression",
        ":material/videocam:",
        "Switch the camera on and see which expression your face shows, with a summary at the end.",
        ((LIVE_CAMERA, "Open the camera"), (ANALYSE_RECORDING, "Use a recording")),
        Purpose.SELF_PRACTICE,
    ),
    Way(
        "Practise",
        ":material/record_voice_over:",
        "Record yourself while you speak, mark each question (key M), and review the trend and the "
        "most frequent expression. There are no exercises and no grades.",
        ((LIVE_CAMERA, "Record yourself"), (SESSIONS, "Review earlier sessions")),
        Purpose.SELF_PRACTICE,
    ),
    Way(
        "Teach",
        ":material/school:",
        "Choose the purpose Classroom first. In the EU and EEA no expression is shown then, and "
        "the camera stays off; elsewhere several faces are analysed at once, live or recorded.",
        (
            (RESPONSIBLE_USE, "Choose the purpose"),
            (LIVE_CAMERA, "Open the camera"),
            (ANALYSE_RECORDING, "Use a recording"),
        ),
        Purpose.CLASSROOM,
    ),
    Way(
        "Build a model",
        ":material/model_training:",
        "Open labelled pictures, train, evaluate, and publish in another format.",
        (
            (EXPLORE_DATA, "1. Open data"),
            (TRAIN_MODEL, "2. Train"),
            (EVALUATE_MODEL, "3. Evaluate"),
            (PUBLISH_MODEL, "4. Publish"),
        ),
    ),
)


def draw_ways() -> None:
    """The ways in, as large cards."""
    with st.container(key="ways"):
        grid = st.grid(_WAYS_A_ROW, border=True)
        for way in WAYS:
            with grid, st.container(gap="small"):
                st.markdown(f"#### {way.icon} {way.title}")
                st.write(way.words)
                with st.container(horizontal=True, gap="small"):
                    for room, label in way.steps:
                        query = {} if way.purpose is None else {PURPOSE_QUERY: way.purpose.value}
                        st.page_link(room.path, label=label, icon=room.icon, query_params=query)


def draw_pages() -> None:
    """Every page, small."""
    rooms = [room for rooms in PAGES.values() for room in rooms if room is not HOME]
    with st.container(key="ways-pages"):
        grid = st.grid(_PAGES_A_ROW)
        for room in rooms:
            with grid, st.container(gap=None):
                st.page_link(room.path, label=room.title, icon=room.icon)
                st.caption(room.purpose)
