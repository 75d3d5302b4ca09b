"""The gate before every camera: where, for what, and the person's yes."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.errors import NotAllowedHere
from core.policy import Consent, Purpose, Region, UsePolicy, consent_from, require_expressions
from pages.parts import consent_keeper, memory, notice, shared

REGION_WORDS = {Region.EU_EEA: "EU or EEA", Region.ELSEWHERE: "Elsewhere"}
"""What a region is called on screen."""

PURPOSE_WORDS: dict[str, str] = {
    Purpose.SELF_PRACTICE: "Practising alone",
    Purpose.RESEARCH: "Research with consent",
    Purpose.CLASSROOM: "Classroom",
}
"""What a purpose is called on screen."""


def pass_gate() -> UsePolicy | None:
    """Let through whoever may have their expression shown; else draw what is missing.

    Returns:
        The policy once region and purpose are chosen, expressions are allowed with them, and this
        visitor agreed to the notice (`memory.consent` then says when); None while the gate is shut.
    """
    policy = pass_policy()
    if policy is None:
        return None
    if consent_of_tab(policy) is None and policy.consent_needed:
        with st.container(border=True, width=640):
            ask_consent(policy)
        return None
    return policy


def pass_policy() -> UsePolicy | None:
    """The first half of the gate: where and for what; whose consent is needed, the page asks.

    Returns:
        The policy once region and purpose are chosen and expressions are allowed with them; None
        while what is missing is drawn.
    """
    policy = current_policy()
    if policy is None:
        with st.container(border=True, width=640):
            st.subheader("Before the first use", anchor=False)
            st.write("Two answers, once for this installation. They decide what Mien may show.")
            choose_use(None)
        return None
    try:
        require_expressions(policy)
    except NotAllowedHere as refusal:
        notice.show(refusal)
        return None
    return policy


def consent_of_tab(policy: UsePolicy) -> Consent | None:
    """This tab's yes to what the notice says today, whether before or after a reload.

    Draw it once on a page, at a place that does not change.
    """
    consent, withdrawn = memory.consent.get(), memory.consent_withdrawn.get()
    receipt = "" if consent is None else consent.to_text()
    kept = consent_keeper.keep(receipt, forget=withdrawn)
    if consent is None and not withdrawn:
        consent = consent_from(kept, now=datetime.now(UTC))
        memory.consent.set(consent)
    return consent if consent is not None and consent.covers(policy) else None


def current_policy() -> UsePolicy | None:
    """The choice of this installation; a damaged one is explained and counts as none."""
    try:
        return shared.use_policy()
    except NotAllowedHere as damaged:
        notice.show(damaged)
        return None


def allows_expressions() -> bool:
    """Whether stored expressions may be shown here; if not, the visitor reads why."""
    try:
        policy = shared.use_policy()
        if policy is not None:
            require_expressions(policy)
    except NotAllowedHere as refusal:
        notice.show(refusal)
        return False
    return True


def may_show_expressions() -> bool:
    """The same without a word: for what is simply left out where it may not be shown."""
    try:
        policy = shared.use_policy()
        if policy is not None:
            require_expressions(policy)
    except NotAllowedHere:
        return False
    return True


def choose_use(current: UsePolicy | None) -> None:
    """Ask where and for what; store the answer and start over once it is given."""
    with st.form("use", border=False):
        region = st.radio(
            "Where does it run?",
            list(Region),
            index=None if current is None else list(Region).index(current.region),
            format_func=REGION_WORDS.__getitem__,
            horizontal=True,
            key="use-region",
        )
        purpose = st.radio(
            "What for?",
            list(Purpose),
            index=0 if current is None else list(Purpose).index(current.purpose),
            format_func=PURPOSE_WORDS.__getitem__,
            horizontal=True,
            key="use-purpose",
        )
        sent = st.form_submit_button("Save", type="primary", key="use-save")
    if not sent:
        return
    if region is None or purpose is None:
        st.warning("Please say where it runs.", icon=":material/info:")
        return
    with notice.on_error():
        shared.set_use_policy(UsePolicy(region, purpose))
        st.rerun()


def ask_consent(policy: UsePolicy) -> None:
    """Show the notice, and take this visitor's yes."""
    st.subheader("Before the camera starts", anchor=False)
    st.markdown("\n".join(f"- {sentence}" for sentence in policy.notice))
    agreed = st.checkbox("I have read this and agree.", key="consent-agree")
    if st.button("Continue", type="primary", disabled=not agreed, key="consent-continue"):
        memory.consent.set(Consent(datetime.now(UTC), policy.notice_version))
        memory.consent_withdrawn.set(False)
        st.rerun()


def withdraw_consent() -> None:
    """Forget this visitor's yes, here and in the tab; the next camera asks again."""
    memory.consent.set(None)
    memory.consent_withdrawn.set(True)
