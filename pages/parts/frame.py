"""The front door: which pages there are, and how every visit passes through app.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from pages.parts import memory


@dataclass(frozen=True)
class Room:
    """One page of the app.

    Attributes:
        path: from the project's folder; also the page's name for `open_page`.
        title: in the menu and the browser's tab.
        icon: a Material symbol.
        purpose: what one can do there, in a few words.
    """

    path: str
    title: str
    icon: str
    purpose: str


HOME = Room("pages/home.py", "Home", ":material/home:", "What Mien is and what is ready.")
LIVE_CAMERA = Room(
    "pages/live_camera.py",
    "Live camera",
    ":material/videocam:",
    "See expressions as they show, and record a session.",
)
SESSIONS = Room(
    "pages/sessions.py",
    "Sessions",
    ":material/history:",
    "Look back at a session and take its numbers home.",
)
RESPONSIBLE_USE = Room(
    "pages/responsible_use.py",
    "Responsible use",
    ":material/verified_user:",
    "Choose region and purpose, and see the limits.",
)

PAGES: Mapping[str, tuple[Room, ...]] = MappingProxyType(
    {
        "": (HOME,),
        "Watch": (LIVE_CAMERA,),
        "Review": (SESSIONS,),
        "Trust": (RESPONSIBLE_USE,),
    }
)
"""Section -> its pages, in menu order; the first page of all is where a visit begins."""


def navigation() -> Mapping[str, list[st.Page]]:
    """The menu that app.py shows."""
    return {
        section: [
            st.Page(room.path, title=room.title, icon=room.icon, default=room is HOME)
            for room in rooms
        ]
        for section, rooms in PAGES.items()
    }


def draw_frame() -> None:
    """Mark this rerun as framed, and take a visitor who came past us to the page they wanted."""
    if wanted := memory.wanted_page.take():
        st.switch_page(wanted, query_params=memory.wanted_query.take())
    memory.framed.set(True)


def open_page(path: str) -> None:
    """First line of every page.

    On a fresh server Streamlit runs a page opened by its own address *without* app.py, because the
    folder is called `pages/`. Send such a visitor through app.py once; after that it cannot happen.

    Args:
        path: the page's own path, such as "pages/home.py".
    """
    if not memory.framed.take():
        memory.wanted_page.set(path)
        memory.wanted_query.set({key: st.query_params.get_all(key) for key in st.query_params})
        st.switch_page("app.py")
