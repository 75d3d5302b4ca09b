"""The gate before every camera: region, purpose, and the person's consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import streamlit as st

from core.domain.errors import NotAllowedHere
from core.policy import Consent, UsePolicy, consent_from, require_expressions
from core.policy import policy_file as policy_store
from pages.parts.policy import policy_form, tab_receipt
from pages.parts.practice.tab_state import microphone_token
from pages.parts.shell import error_box, fragments, session_state
from pages.parts.shell.cached import settings
from pages.parts.shell.navigation import RESPONSIBLE_USE

_WIDTH_PX = 640
_ASKS_AGAIN_S = 2.0


@dataclass(frozen=True)
class TabConsent:
    """The consent of a browser tab.

    Attributes:
        given: consent to the current notice; None without one.
        is_known: False just after a reload, until the browser has sent what its tab stored. Until
            then nobody is asked.
    """

    given: Consent | None
    is_known: bool


def pass_gate(*, starts_camera: bool = True) -> UsePolicy | None:
    """The complete gate: draw what is missing until expressions may be shown.

    An operator at their own camera answers everything on one form, with one button.

    Args:
        starts_camera: whether to agree may start the camera, too.
    Returns:
        The policy once region and purpose are stored, expressions are allowed with them, and this
        visitor agreed to the notice (`session_state.consent` then says when); None while the gate
        is shut.
    """
    policy = current_policy()
    if policy is None:
        with st.container(border=True, width=_WIDTH_PX):
            _ask_everything(starts_camera)
        return None
    if not _is_allowed(policy):
        return None
    consent = consent_of_tab(policy)
    if not consent.is_known:
        draw_waiting()
        return None
    if consent.given is None:  # the person at the camera always agrees first, even the operator
        with st.container(border=True, width=_WIDTH_PX):
            st.subheader("Before the camera starts", anchor=False)
            _ask_consent(policy, starts_camera)
        return None
    return policy


def pass_policy() -> UsePolicy | None:
    """The first half of the gate: region and purpose; the page itself asks for consent.

    Returns:
        The policy as stored, or as chosen on screen where none is stored: `keep_policy` stores it
        as soon as the visitor starts something. None while what is missing is drawn, or
        where expressions are not allowed.
    """
    # Load-bearing: always drawn, so that the elements below are not remounted when it is stored.
    question = st.container(width=_WIDTH_PX)
    policy = current_policy()
    if policy is not None:
        return policy if _is_allowed(policy) else None
    with question, st.container(border=True):
        st.subheader("Before the first use", anchor=False)
        return policy_form.ask_first()


def keep_policy(policy: UsePolicy) -> bool:
    """Store the policy chosen on screen if none is stored yet; whether it was stored.

    Raises:
        StoreError: the data folder cannot be written.
    """
    if current_policy() is not None:
        return False
    set_use_policy(policy)
    return True


def _draw_refusal(refusal: NotAllowedHere) -> None:
    """Why nothing is shown here, with a link to Responsible use."""
    error_box.show(refusal)
    if st.button("Open Responsible use", icon=RESPONSIBLE_USE.icon, key="refused-change"):
        st.switch_page(RESPONSIBLE_USE.path)


def _is_allowed(policy: UsePolicy) -> bool:
    try:
        require_expressions(policy)
    except NotAllowedHere as refusal:
        _draw_refusal(refusal)
        return False
    return True


def consent_of_tab(policy: UsePolicy) -> TabConsent:
    """This tab's consent to the current notice, also after a reload.

    Draw it once on a page, at a fixed position.
    """
    consent, withdrawn = session_state.consent.get(), session_state.consent_withdrawn.get()
    receipt = "" if consent is None else consent.to_text()
    stored = tab_receipt.keep(receipt, forget=withdrawn)
    if consent is None and not withdrawn:
        if stored is None:
            return TabConsent(None, is_known=False)
        consent = consent_from(stored, now=datetime.now(UTC))
        session_state.consent.set(consent)
    is_given = consent is not None and consent.covers(policy)
    return TabConsent(consent if is_given else None, is_known=True)


def draw_waiting() -> None:
    """A placeholder until the browser has sent what its tab keeps.

    Load-bearing: the page is drawn again until it has. The request that an answer comes with may be
    merged into another that is on its way, as after the server was started again.
    """
    fragments.fragment(run_every=_ASKS_AGAIN_S)(_wait)(monotonic())


@error_box.on_error()
def _wait(drawn_s: float) -> None:
    st.caption("One moment …")
    if monotonic() - drawn_s >= _ASKS_AGAIN_S:
        st.rerun()


def current_policy() -> UsePolicy | None:
    """The stored policy; a damaged one is explained and counts as none."""
    try:
        return use_policy()
    except NotAllowedHere as damaged:
        error_box.show(damaged)
        return None


def allows_expressions() -> bool:
    """Whether stored expressions may be shown here; if not, draw why."""
    try:
        policy = use_policy()
        if policy is not None:
            require_expressions(policy)
    except NotAllowedHere as refusal:
        _draw_refusal(refusal)
        return False
    return True


def may_show_expressions() -> bool:
    """The same without an explanation."""
    try:
        policy = use_policy()
        if policy is not None:
            require_expressions(policy)
    except NotAllowedHere:
        return False
    return True


def _ask_everything(starts_camera: bool) -> None:
    """Region, purpose and, for self-practice, consent, on one form."""
    st.subheader("Before the first use", anchor=False)
    policy = policy_form.ask_first()
    if policy is None:
        return
    if policy.is_for_oneself:
        _ask_consent(policy, starts_camera)
        return
    st.write("The person at the camera is asked for consent next.")
    policy_form.draw_save(policy)


def _ask_consent(policy: UsePolicy, starts_camera: bool) -> None:
    """Show the notice, and ask for this visitor's consent."""
    st.markdown("\n".join(f"- {sentence}" for sentence in policy.notice))
    if not starts_camera:
        if st.button("I agree", type="primary", icon=":material/check:", key="consent-only"):
            _agree(policy, starts=False)
        return
    with st.container(horizontal=True):
        starts = st.button(
            "I agree, start the camera",
            type="primary",
            icon=":material/videocam:",
            key="consent-start",
        )
        if st.button("I agree, start later", key="consent-only") or starts:
            _agree(policy, starts=starts)
    # No part of the notice: which words were agreed to does not depend on it.
    st.caption('To use "Read on this device", start later and switch it on before the camera.')


def _agree(policy: UsePolicy, *, starts: bool) -> None:
    with error_box.on_error():
        keep_policy(policy)
        session_state.consent.set(Consent(datetime.now(UTC), policy.notice_version))
        session_state.consent_withdrawn.set(False)
        session_state.camera_autostart.set(starts)
        st.rerun()


def withdraw_consent() -> None:
    """Delete this visitor's consent, here and in the tab; the camera page asks again.

    What this browser read is not taken any more, though it may still wait to be sent.
    """
    session_state.consent.set(None)
    session_state.consent_withdrawn.set(True)
    if written := session_state.eye_token.take():
        # Here: what it loads is needed by no page that only asks for consent.
        from pages.parts.eye.cached import row_ingest

        row_ingest().withdraw(written[0])
    if heard := microphone_token.take():
        from pages.parts.eye.cached import level_ingest

        level_ingest().withdraw(heard[0])


def use_policy() -> UsePolicy | None:
    """The stored policy; None if not chosen yet.

    Raises:
        NotAllowedHere: the file is damaged.
    """
    return policy_store.read(_use_path())


def set_use_policy(policy: UsePolicy) -> None:
    """Store region and purpose.

    Raises:
        StoreError: the data folder cannot be written.
    """
    policy_store.write(_use_path(), policy)


def _use_path() -> Path:
    return policy_store.path_in(settings().data_dir)
