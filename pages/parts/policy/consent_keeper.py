"""Keeps a tab's consent over a reload, in the browser's own memory of that tab.

Streamlit forgets everything about a visitor when the page is reloaded. The receipt therefore also
lies in the tab itself: while the page stands, in its window; across a reload, in `sessionStorage`,
and only then, for a browser copies that storage when a tab is duplicated. So another tab asks for
itself.
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
    """Keep a receipt in this tab, or say which one it kept over a reload.

    Args:
        given: the receipt; empty while none is known here.
        forget: it was withdrawn.
    Returns:
        What the tab kept, empty where it kept nothing; None until it has answered.
    """
    # Load-bearing: read beforehand, so that a tab that has answered is asked no second time, and
    # one that a new server knows nothing of is asked again.
    kept = getattr(session_state.told_by(_KEY), "kept", None)
    keeper = st.components.v2.component("mien_consent_keeper", js=_KEEP)
    keeper(
        key=_KEY,
        data={"given": given, "forget": forget, "told": kept is not None},
        on_kept_change=lambda: None,
    )
    return None if kept is None else str(kept)
