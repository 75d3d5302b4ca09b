"""The list of pages, and how every visit is routed through app.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import streamlit as st

from pages.parts.practice import tab_state
from pages.parts.shell import session_state


@dataclass(frozen=True)
class PageInfo:
    """One page of the app.

    Attributes:
        path: from the project's folder; also the page's name for `open_page`.
        title: in the menu and the browser's tab.
        icon: a Material symbol.
        purpose: one sentence.
    """

    path: str
    title: str
    icon: str
    purpose: str


# A local file: the browser would fetch a Material symbol or an emoji from an external server.
ICON = Path(__file__).with_name("icon.png")

HOME = PageInfo("pages/home.py", "Home", ":material/home:", "Overview and status.")
PRACTICE = PageInfo(
    "pages/practice.py",
    "Practice",
    ":material/record_voice_over:",
    "Answer questions before the camera, and see what could be seen.",
)
LIVE_CAMERA = PageInfo(
    "pages/live_camera.py",
    "Live camera",
    ":material/videocam:",
    "Recognise expressions in real time, and record a session.",
)
ANALYSE_RECORDING = PageInfo(
    "pages/analyse_recording.py",
    "Analyse a recording",
    ":material/movie:",
    "Recognise expressions in videos or pictures.",
)
TEACH_CLASS = PageInfo(
    "pages/teach_class.py",
    "Class",
    ":material/school:",
    "Open a class, and see while teaching whether it is still there.",
)
JOIN_CLASS = PageInfo(
    "pages/join_class.py",
    "Join a class",
    ":material/group_add:",
    "Take part in a class by its code, and see what you share.",
)
EXPLORE_DATA = PageInfo(
    "pages/explore_data.py",
    "Explore data",
    ":material/dataset:",
    "Open a labelled dataset, see its classes and its quality problems.",
)
TRAIN_MODEL = PageInfo(
    "pages/train_model.py",
    "Train a model",
    ":material/model_training:",
    "Choose a recipe, follow the training, compare runs.",
)
EVALUATE_MODEL = PageInfo(
    "pages/evaluate_model.py",
    "Evaluate a model",
    ":material/fact_check:",
    "See a model's metrics, their confidence intervals and its errors.",
)
PUBLISH_MODEL = PageInfo(
    "pages/publish_model.py",
    "Publish a model",
    ":material/deployed_code:",
    "Convert a model to another format with the same outputs.",
)
SESSIONS = PageInfo(
    "pages/sessions.py",
    "Sessions",
    ":material/history:",
    "Review a session and download its data.",
)
WATCH_DRIFT = PageInfo(
    "pages/watch_drift.py",
    "Watch drift",
    ":material/show_chart:",
    "Compare recent sessions with a model's training data.",
)
RESPONSIBLE_USE = PageInfo(
    "pages/responsible_use.py",
    "Responsible use",
    ":material/verified_user:",
    "Choose region and purpose, and read the limits.",
)

SYSTEM_CHECK = PageInfo(
    "pages/system_check.py",
    "System check",
    ":material/health_and_safety:",
    "See what is installed and works, and test the camera.",
)

PAGES: Mapping[str, tuple[PageInfo, ...]] = MappingProxyType(
    {
        "": (HOME, PRACTICE, TEACH_CLASS, JOIN_CLASS),
        "Models": (EXPLORE_DATA, TRAIN_MODEL, EVALUATE_MODEL, PUBLISH_MODEL),
        "Analyse": (LIVE_CAMERA, ANALYSE_RECORDING),
        "Review": (SESSIONS, WATCH_DRIFT),
        "Privacy and system": (RESPONSIBLE_USE, SYSTEM_CHECK),
    }
)
"""Section -> its pages, in menu order; the very first page is the default."""


def navigation() -> Mapping[str, list[st.Page]]:
    """The menu that app.py shows."""
    return {
        section: [
            st.Page(page.path, title=page.title, icon=page.icon, default=page is HOME)
            for page in pages
        ]
        for section, pages in PAGES.items()
    }


# Streamlit draws texts in charts and captions in greys of 3.7 to 4.1:1 on a light page; the text
# colour is 4.5:1 or more, at this opacity too; so are chosen segments and pills. It follows the
# theme while a page is open, which a colour in a figure does not. Links on the home page's cards
# align with text. Invisible components and empty fragments take no space; hints about keys are
# hidden on touch screens. Meters keep room for three lines of small print, so that nothing below
# them moves. Flags of a class are large. On a phone, columns are stacked with normal gaps; metrics
# and meters stand two in a row, flags three.
_STYLE = """<style>
.js-plotly-plot .cartesianlayer text, .js-plotly-plot .infolayer text {
  fill: currentColor !important; }
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.78; }
[data-testid="stButtonGroup"] button[aria-checked="true"] { color: inherit !important;
  font-weight: 600; }
[data-testid="stTab"][aria-selected="true"] p { color: inherit !important; }
[class*="st-key-ways"] [data-testid="stPageLink-NavLink"] { padding-left: 0; }
[class*="st-key-unseen-"] { display: none; }
[data-testid="stLayoutWrapper"]:has(> [data-testid="stVerticalBlock"]:empty) { display: none; }
.st-key-meters [data-testid="stCaptionContainer"] { min-height: 3lh; }
[class*="st-key-join-flags"] button { min-height: 3.5rem; padding: 0.25rem; }
@media (hover: none) and (pointer: coarse) {
  [class*="st-key-keyboard-only-"] { display: none; }
}
@media (max-width: 640px) {
  [data-testid="stHorizontalBlock"] { row-gap: 1rem; }
  [data-testid="stColumn"]:has(> [data-testid="stVerticalBlock"] > div > [data-testid="stMetric"]) {
    min-width: calc(50% - 1rem) !important; flex: 1 1 calc(50% - 1rem) !important; }
  [class*="st-key-join-flags"] > div { flex: 1 1 28% !important; }
  .st-key-meters [data-testid="stColumn"] {
    min-width: calc(50% - 1rem) !important; flex: 1 1 calc(50% - 1rem) !important; }
}
</style>"""

# A face whose mouth is a pulse. The accent colour has enough contrast in both themes.
_LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 108 32" fill="none"
stroke="#23807A" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">
<circle cx="16" cy="16" r="13"/><path d="M11.5 12v.4M20.5 12v.4
M9.5 20.4h4l1.7-2.3 2 4 1.6-1.7h3.7"/>
<path d="M42 25V8l8 11 8-11v17M67 14v11M67 8v.2M74.5 19.5h10a5.2 5.2 0 1 0-1.5 3.9M91 25v-11
M91 18.5a4.6 4.6 0 0 1 9.2 0V25"/></svg>"""


def draw_frame() -> None:
    """Mark this rerun as framed, and redirect a visitor to the page they requested."""
    st.html(_STYLE)
    st.logo(_LOGO, size="large")
    if requested := session_state.requested_page.take():
        st.switch_page(requested, query_params=session_state.requested_query.take())
    session_state.framed.set(True)


def open_page(path: str) -> None:
    """First line of every page.

    On a fresh server Streamlit runs a page opened by its own URL *without* app.py, because the
    folder is called `pages/`. Redirect such a visitor through app.py; after that it cannot happen.

    Args:
        path: the page's own path, such as "pages/home.py".
    """
    if not session_state.framed.take():
        session_state.requested_page.set(path)
        session_state.requested_query.set(
            {key: st.query_params.get_all(key) for key in st.query_params}
        )
        st.switch_page("app.py")
    if path != PRACTICE.path and tab_state.practice_run.take():
        session_state.next_title.set("")  # the next session is none of a practice
    if path not in {LIVE_CAMERA.path, PRACTICE.path}:  # whoever left the camera finds it off
        session_state.camera_autostart.set(False)
        session_state.tab_asked.set(True)
