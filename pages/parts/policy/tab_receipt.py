"""Carries the receipt of a tab's consent through a reload of its page.

Streamlit starts a new session when the page is reloaded. The receipt is therefore also stored in
the tab: normally in its window object, and only across a reload in `sessionStorage`, because a
browser copies that storage when a tab is duplicated. So another tab asks again.
"""

from __future__ import annotations

import streamlit as st

from pages.parts.shell import session_state

_KEY = "unseen-consent"
_KEEP = """
const KEY = "mien-consent";

function readKept() {
  try {
    const receipt = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return receipt;
  } catch { return null; }  // a browser without storage: then a reload asks again
}

function keepInWindow() {
  const tab = { receipt: readKept() };
  window.addEventListener("pagehide", () => {
    try { if (tab.receipt) sessionStorage.setItem(KEY, tab.receipt); } catch { return; }
  });
  window.addEventListener("pageshow", () => { readKept(); });
  return tab;
}

export default function ({ data, setStateValue }) {
  const tab = (window.mienConsent ??= keepInWindow());
  if (data.forget) { tab.receipt = null; return; }
  if (data.given) { tab.receipt = data.given; return; }
  if (!data.told) setStateValue("kept", tab.receipt ?? "");
}
"""


def keep(given: str, *, forget: bool) -> str | None:
    """Store a receipt in this tab, or return the one it stored before a reload.

    Args:
        given: the receipt; empty without one.
        forget: whether it was withdrawn.
    Returns:
        What the tab stored, empty for nothing; None until it has answered.
    """
    # Load-bearing: read beforehand, so that a tab that has answered is not asked again, and one
    # that a new server does not know is.
    stored = getattr(session_state.component_state(_KEY), "kept", None)
    component = st.components.v2.component("mien_consent_keeper", js=_KEEP)
    component(
        key=_KEY,
        data={"given": given, "forget": forget, "told": stored is not None},
        on_kept_change=lambda: None,
    )
    return None if stored is None else str(stored)
