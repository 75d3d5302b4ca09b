"""The cards on Home, each with links to pages."""

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
    PRACTICE,
    PUBLISH_MODEL,
    RESPONSIBLE_USE,
    SESSIONS,
    TEACH_CLASS,
    TRAIN_MODEL,
    PageInfo,
)

_CARDS_PER_ROW, _PAGES_PER_ROW = 2, 3


@dataclass(frozen=True)
class Card:
    """A task that visitors come for, and the pages for it.

    Attributes:
        title, icon, text: on screen.
        steps: (page, text of its link).
        purpose: of this task; preselected on pages that ask for it.
    """

    title: str
    icon: str
    text: str
    steps: tuple[tuple[PageInfo, str], ...]
    purpose: Purpose | None = None


CARDS = (
    Card(
        "Practise",
        ":material/record_voice_over:",
        "Answer questions of an interview, a viva or your own before the camera. After each answer "
        "you see what could be seen, and compare it with your own view. Nobody is graded.",
        ((PRACTICE, "Start practising"), (SESSIONS, "Review sessions")),
        Purpose.SELF_PRACTICE,
    ),
    Card(
        "Analyse my expression",
        ":material/videocam:",
        "Switch the camera on and see which expression your face shows, with a summary at the end.",
        ((LIVE_CAMERA, "Open the camera"), (ANALYSE_RECORDING, "Use a recording")),
        Purpose.SELF_PRACTICE,
    ),
    Card(
        "Teach",
        ":material/school:",
        "Open a class, project its code, and see while you teach whether it is still there. "
        "Learners see what they share, and can pause or leave. In the EU and EEA presence and "
        "flags only. Choose the purpose Classroom first.",
        (
            (RESPONSIBLE_USE, "Choose the purpose"),
            (TEACH_CLASS, "Open a class"),
        ),
        Purpose.CLASSROOM,
    ),
    Card(
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


def draw_cards() -> None:
    """The tasks, as large cards."""
    with st.container(key="ways"):
        grid = st.grid(_CARDS_PER_ROW, border=True)
        for card in CARDS:
            with grid, st.container(gap="small"):
                st.markdown(f"#### {card.icon} {card.title}")
                st.write(card.text)
                with st.container(horizontal=True, gap="small"):
                    for page, label in card.steps:
                        query = {} if card.purpose is None else {PURPOSE_QUERY: card.purpose.value}
                        st.page_link(page.path, label=label, icon=page.icon, query_params=query)


def draw_pages() -> None:
    """Every page, small."""
    pages = [page for section in PAGES.values() for page in section if page is not HOME]
    with st.container(key="ways-pages"):
        grid = st.grid(_PAGES_PER_ROW)
        for page in pages:
            with grid, st.container(gap=None):
                st.page_link(page.path, label=page.title, icon=page.icon)
                st.caption(page.purpose)
