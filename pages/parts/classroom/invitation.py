"""How learners come to a class: its code, its link, its QR code, and signs to print."""

from __future__ import annotations

from functools import partial
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from core.classroom import link_token
from core.classroom.invitation import (
    camera_sign,
    door_sign,
    join_address,
    learner_address,
    qr_picture,
    teacher_address,
)
from core.domain.classroom import Classroom
from core.policy import class_notice
from core.system_check import camera_over
from pages.parts.shell.theme import plain

_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_NOBODY = (
    "Nobody has joined yet. Project this code, or hand out the link; the board begins when the "
    "first learner agrees. The Projector view has the code in large letters."
)
_CODE_STYLE = """<style>
.class-code { font-family: ui-monospace, monospace; font-weight: 700; letter-spacing: .1em;
  line-height: 1.15; white-space: nowrap; }
.class-qr { background: #fff; border-radius: .5rem; display: block; max-width: 100%; }
.class-place { overflow-wrap: anywhere; }
</style>"""


# Otherwise it is shown under a mouse alone, and a touch screen has none.
_COPY_STYLE = """<style>
[data-testid="stCode"] > div { opacity: 1; }
[data-testid="stCode"] [data-testid="stElementToolbarButton"] { visibility: visible; }
</style>"""


def draw_invitation(classroom: Classroom, secret: str, *, is_awaited: bool) -> None:
    """Code, links and signs: open while nobody has joined, folded away afterwards.

    Args:
        secret: the teacher's.
        is_awaited: whether nobody has joined yet.
    """
    if is_awaited:
        st.write(_NOBODY)
        draw_code(classroom, link_token(secret), large=False)
        _draw_links(classroom, secret)
        return
    with st.expander(f"Join: {plain(classroom.code)}", icon=":material/qr_code:"):
        draw_code(classroom, link_token(secret), large=False)
        _draw_links(classroom, secret)


def draw_code(classroom: Classroom, token: str, *, large: bool) -> None:
    """Code, address and QR code.

    Args:
        token: of the link for learners.
        large: for a room; otherwise for a teacher's own screen.
    """
    page = st.context.url or ""
    place = escape(join_address(page).partition("://")[2])
    code = escape(classroom.code)
    size = "clamp(3rem, 12vw, 15rem)" if large else "clamp(2.4rem, 6vw, 4rem)"
    width = "min(55vh, 30vw)" if large else "13rem"
    picture = escape(qr_picture(learner_address(page, token)))
    letters = escape("clamp(1.3rem, 2.7vw, 3.4rem)" if large else "1rem")
    with st.container(horizontal=True, vertical_alignment="center", gap="large"):
        st.html(
            f'{_CODE_STYLE}<div style="font-size:{letters}" class="class-place">Open {place} '
            f'and type</div><div class="class-code" style="font-size:{size}">{code}</div>',
            width="content",
        )
        st.html(
            f'<img class="class-qr" alt="QR code of the link to join" src="{picture}" '
            f'style="width:{width}">',
            width="content",
        )


def _draw_links(classroom: Classroom, secret: str) -> None:
    """Link for learners, the teacher's own link, and signs."""
    page = st.context.url or ""
    link = learner_address(page, link_token(secret))
    _draw_reach(page)
    st.write("**Link for learners**: what the QR code holds.")
    st.code(link, language=None, wrap_lines=True)
    draw_own_link(secret)
    notice = class_notice(classroom)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Sign for the door",
            partial(door_sign, classroom, page=join_address(page), link=link, notice=notice),
            file_name=f"{classroom.code}-sign.html",
            mime="text/html",
            icon=":material/print:",
            on_click="ignore",
            key="class-sign",
            help="One page to print or show: code, QR code, and what is shared.",
        )
        st.download_button(
            "Sign for a room camera",
            partial(camera_sign, classroom),
            file_name=f"{classroom.code}-camera-sign.html",
            mime="text/html",
            icon=":material/print:",
            on_click="ignore",
            key="class-camera-sign",
            help="For where people see it before the camera sees them.",
        )


def draw_own_link(secret: str) -> None:
    """The teacher's link, which nothing else brings back."""
    st.html(_COPY_STYLE)
    st.write(
        "**Your own link**: keep it, as a bookmark or copied. It is the only way back to this "
        "class, and whoever has it is its teacher. It stands in this page's address, so show "
        "the Projector view in another window, not this one."
    )
    st.code(teacher_address(st.context.url or "", secret), language=None, wrap_lines=True)


def _draw_reach(page: str) -> None:
    """What would keep learners away from this address."""
    if urlsplit(page).hostname in _LOCAL_HOSTS:
        st.info(
            "This address reaches this machine only. For learners on other devices open this page "
            "by the name of the machine in your network, over HTTPS.",
            icon=":material/lan:",
        )
        return
    camera = camera_over(page)
    if not camera.ok:
        st.warning(
            f"{plain(camera.sentence)} Learners can join with flags only until then. "
            f"{plain(camera.advice)}",
            icon=":material/videocam_off:",
        )
