"""Starts a download in the browser, of a file created by a button press.

Streamlit's own deferred download button cannot be used on the live page: it drops the file after
two reruns, and that page reruns twice a second.
"""

from __future__ import annotations

from base64 import b64encode

import streamlit as st

from pages.parts.shell import session_state

_SAVE = """
export default function ({ data, setTriggerValue }) {
  const { name, mime, base64, number } = data;
  if (!name || window.mienDownloaded === number) return;
  window.mienDownloaded = number;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: mime }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  setTriggerValue("saved", number);
}
"""


def queue(name: str, mime: str, content: bytes) -> None:
    """Have the browser download this file in the next rerun.

    Args:
        name: of the file.
        mime: its type.
        content: in memory until the browser has it.
    """
    session_state.download_count.set(session_state.download_count.get() + 1)
    session_state.pending_download.set((name, mime, content))


def draw() -> None:
    """Send the browser the pending file. Draw it once on a page, in every rerun."""
    pending = session_state.pending_download.get()
    name, mime, content = ("", "", b"") if pending is None else pending
    save = st.components.v2.component("mien_download", js=_SAVE)
    save(
        key="unseen-download",
        data={
            "name": name,
            "mime": mime,
            "base64": b64encode(content).decode("ascii"),
            # The name too: the browser's window outlives this counter.
            "number": f"{session_state.download_count.get()} {name}",
        },
        # Only when the browser confirms: a simultaneous rerun must not lose the file.
        on_saved_change=lambda: session_state.pending_download.set(None),
    )
