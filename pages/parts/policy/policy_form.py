"""The form for region and purpose."""

from __future__ import annotations

import streamlit as st

from core.domain.errors import NotAllowedHere
from core.policy import Purpose, Region, UsePolicy, purpose_named, require_expressions
from pages.parts.policy import consent_gate
from pages.parts.shell import error_box

REGION_WORDS = {Region.EU_EEA: "EU or EEA", Region.ELSEWHERE: "Elsewhere"}
"""Names of regions on screen."""

PURPOSE_WORDS: dict[str, str] = {
    Purpose.SELF_PRACTICE: "Practising alone",
    Purpose.RESEARCH: "Research with consent",
    Purpose.CLASSROOM: "Classroom",
}
"""Names of purposes on screen."""

PURPOSE_QUERY = "purpose"
"""Query parameter that preselects a purpose; nothing is stored by it."""


def ask_first() -> UsePolicy | None:
    """Ask for region and purpose before the first use; nothing is stored yet.

    Returns:
        The policy chosen on screen, if expressions may be shown with it; None while something is
        missing, or where they may not: that is explained, and the choice can be saved.
    """
    st.write(
        "Two answers, once for this installation. They decide what Mien may show, and can be "
        "changed on the page Responsible use."
    )
    policy = _policy_of(*_ask(None))
    if policy is None:
        st.caption("What comes next depends on both answers.")
        return None
    try:
        require_expressions(policy)
    except NotAllowedHere as refusal:
        other = "If this is not a classroom, choose another purpose above."
        error_box.show(NotAllowedHere(refusal.message, advice=other))
        draw_save(policy)
        return None
    if policy.region is Region.EU_EEA:
        st.caption(
            "In the EU and EEA, reading emotions of people at work or in education is prohibited "
            "(AI Act, Article 5(1)(f))."
        )
    return policy


def draw_save(policy: UsePolicy) -> None:
    """A button that stores the chosen policy."""
    if st.button("Save", type="primary", key="use-save"):
        with error_box.on_error():
            consent_gate.set_use_policy(policy)
            st.rerun()


def draw_form(current: UsePolicy | None) -> None:
    """Ask for region and purpose, store them and rerun."""
    with st.form("use", border=False):
        region, purpose = _ask(current)
        sent = st.form_submit_button("Save", type="primary", key="use-save")
    if not sent:
        return
    policy = _policy_of(region, purpose)
    if policy is not None and current is not None:
        policy = current.changed_to(policy.region, policy.purpose)
    if policy is None:
        st.warning("Choose a region and a purpose.", icon=":material/info:")
        return
    with error_box.on_error():
        consent_gate.set_use_policy(policy)
        st.rerun()


def _ask(current: UsePolicy | None) -> tuple[Region | None, Purpose | None]:
    """Both questions, preselected with the stored policy, or the purpose of the query parameter."""
    from_query = purpose_named(st.query_params.get(PURPOSE_QUERY))
    region = st.radio(
        "Where is it used?",
        list(Region),
        index=None if current is None else list(Region).index(current.region),
        format_func=REGION_WORDS.__getitem__,
        horizontal=True,
        key="use-region",
    )
    known = from_query if current is None else current.purpose
    purpose = st.radio(
        "What for?",
        list(Purpose),
        index=None if known is None else list(Purpose).index(known),
        format_func=PURPOSE_WORDS.__getitem__,
        horizontal=True,
        key="use-purpose",
    )
    return region, purpose


def _policy_of(region: Region | None, purpose: Purpose | None) -> UsePolicy | None:
    return None if region is None or purpose is None else UsePolicy(region, purpose)
