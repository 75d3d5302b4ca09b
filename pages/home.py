"""Home: what Mien is, what is ready, where to go, and a session to look at without a camera."""

from __future__ import annotations

import streamlit as st

from core.measures import bucketed, summarise
from core.readiness import Readiness, camera_over
from pages.parts import notice, session_view, shared, take_home
from pages.parts.frame import HOME, PAGES, open_page


def _draw_ways() -> None:
    with st.container(key="ways"):
        for room in [room for rooms in PAGES.values() for room in rooms if room is not HOME]:
            with st.container(border=True, gap=None):
                st.page_link(room.path, label=f"**{room.title}**", icon=room.icon)
                st.caption(room.purpose)


def _draw_readiness() -> None:
    for one in [*shared.found_ready(), camera_over(st.context.url or "")]:
        st.markdown(_line(one))


def _line(one: Readiness) -> str:
    icon = ":green[:material/check_circle:]" if one.ok else ":orange[:material/error:]"
    advice = f" {one.advice}" if one.advice else ""
    return f"{icon} **{one.name}.** {one.sentence}{advice}"


def _draw_demo() -> None:
    session, timeline = shared.demo()
    one_face = timeline.of_face(1)
    summary = summarise(one_face, not_sure_below=0.0)
    st.caption(
        ":material/smart_toy: Made by code: nobody sat before a camera. The gap is time in which "
        "the face was turned away. The file also holds a second face."
    )
    session_view.draw_numbers(summary)
    trend = bucketed(one_face, every_s=shared.TREND_STEP_S)
    session_view.draw_course(summary, trend, key="demo")
    session_view.draw_shares(summary, key="demo")
    with st.container(horizontal=True):
        take_home.draw_downloads(session, timeline, None)


open_page(HOME.path)
st.title("Mien", anchor=False)
st.write(
    "Mien watches a face through the browser's camera and tells which expression it shows, moment "
    "by moment. It stores numbers, never pictures, and says so when it is not sure."
)
ways, ready = st.columns([2, 3], gap="large")
with ways:
    st.subheader("Where to go", anchor=False)
    _draw_ways()
with ready, notice.on_error():
    st.subheader("What is ready", anchor=False)
    _draw_readiness()
st.divider()
st.subheader("What a session looks like", anchor=False)
with notice.on_error():
    _draw_demo()
