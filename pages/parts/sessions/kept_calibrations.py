"""Calibrations that people keep for their next sessions: kept, used, and deleted."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from core.domain import Participant, new_session_id
from core.sessions import (
    KeptCalibration,
    MeasuredCalibration,
    forget_calibration,
    keep_calibration,
    kept_calibrations,
    replace_calibration,
    unreadable_kept,
)
from pages.parts.sessions import cached
from pages.parts.shell.theme import plain, when

_MAX_NAME_LENGTH = 60

_KEEP_HELP = (
    "Without this the numbers are deleted with the session. Everybody who uses this installation "
    "sees the name."
)
_REPLACE_HELP = (
    "Only if it is yours. Otherwise both are kept, and the name of this one gets a number."
)


def draw_kept(
    measured: MeasuredCalibration | None = None,
    use: Callable[[MeasuredCalibration], object] | None = None,
) -> None:
    """Keep a calibration; use or delete one that is kept. Nothing where there is none of both.

    Args:
        measured: that can be kept; None without one.
        use: in the running session; None without one.
    """
    kept = {one.participant.id: one for one in kept_calibrations(cached.store())}
    unreadable = unreadable_kept(cached.store())
    if not kept and not unreadable and measured is None:
        return
    with st.popover("Kept calibrations", icon=":material/bookmark:"):
        if measured is not None:
            _draw_keep(measured, names={one.participant.name for one in kept.values()})
        if kept:
            _draw_list(kept, use)
        for participant in unreadable:
            _draw_unreadable(participant)


def _draw_keep(measured: MeasuredCalibration, names: AbstractSet[str]) -> None:
    """The form that keeps a calibration.

    Args:
        names: under which calibrations are kept already.
    """
    with st.form("calibration-form", border=False, clear_on_submit=True):
        name = st.text_input("Name", max_chars=_MAX_NAME_LENGTH, key="calibration-name").strip()
        agreed = st.checkbox("Keep for my next sessions", key="calibration-agreed", help=_KEEP_HELP)
        replaces = bool(names) and st.checkbox(
            "Replace the one kept under this name", key="calibration-replace", help=_REPLACE_HELP
        )
        pressed = st.form_submit_button(
            "Keep", icon=":material/bookmark_add:", key="calibration-keep"
        )
    if pressed and not (agreed and name):
        st.caption("Give a name, and tick the box.")
    elif pressed:
        new_id = new_session_id(datetime.now(UTC), np.random.default_rng())
        keep = replace_calibration if replaces else keep_calibration
        keep(cached.store(), Participant(new_id, name), measured)
        st.rerun()


def _draw_list(
    kept: dict[str, KeptCalibration], use: Callable[[MeasuredCalibration], object] | None
) -> None:
    chosen = st.selectbox(
        "Kept calibrations",
        list(kept),
        format_func=lambda one: _named(kept[one]),
        key=f"calibration-kept-{len(kept)}",
        label_visibility="collapsed",
    )
    with st.container(horizontal=True, gap="small"):
        if use is not None and st.button(
            "Use in this session",
            icon=":material/check:",
            key="calibration-use",
            help="Only for the same person on the same seat.",
        ):
            use(kept[chosen].measured)
            st.rerun()
        if st.button("Delete", icon=":material/delete:", key="calibration-delete"):
            forget_calibration(cached.store(), chosen)
            st.rerun()


def _draw_unreadable(participant: Participant) -> None:
    st.caption(
        f"The calibration of {plain(participant.name)} cannot be read. Update Mien, restore the "
        "database from a copy, or delete it."
    )
    key = f"calibration-delete-{participant.id}"
    if st.button("Delete it", icon=":material/delete:", key=key):
        forget_calibration(cached.store(), participant.id)
        st.rerun()


def _named(kept: KeptCalibration) -> str:
    return f"{kept.participant.name}, {when(kept.measured.measured_at)}"
