"""The operator's second switch: whether classes in the EU and EEA count heads."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.policy import UsePolicy, class_rules
from pages.parts.policy import consent_gate

_EXPLAINED = """
A class here shows who is present, and what learners say themselves. With this switch a class may
also show **how many heads point towards the screen**.

- It is a share of groups of at least {smallest_group} learners, and never one person's. Where the
  group changes by one, the figure waits, so that nothing follows about that one.
- It says where heads point. It is no measure of whether anybody listens, and must not be used as
  one: guidance on the AI Act reads inferring the attention or interest of pupils as prohibited.
- Each learner is told and asked before joining, and may say no.
- Ask whoever is responsible for data protection first, and write down why it is needed.
"""


def draw_switch(policy: UsePolicy) -> None:
    """The switch with what it means, where classes have it; nothing anywhere else.

    Raises:
        StoreError: the choice cannot be stored.
    """
    rules = class_rules(policy)
    if not rules.switchable:
        return
    state = "counted" if policy.heads_counted else "not counted"
    st.markdown(f"**Heads towards the screen, in classes:** {state}")
    # Buttons, no toggle: one of another tab, drawn earlier, would set it back.
    with st.popover("Heads towards the screen", icon=":material/groups:"):
        st.markdown(_EXPLAINED.format(smallest_group=rules.smallest_group))
        if policy.heads_counted:
            st.write("Classes that show it then stop: nothing more of them is taken or shown.")
            if st.button("Do not count heads", key="use-heads-off"):
                _set(policy, counted=False)
            return
        read = st.checkbox("I have read this, and may decide it here.", key="use-heads-read")
        if st.button("Count heads", type="primary", disabled=not read, key="use-heads-on"):
            _set(policy, counted=True)


def _set(policy: UsePolicy, *, counted: bool) -> None:
    consent_gate.set_use_policy(replace(policy, heads_counted=counted))
    st.rerun()
