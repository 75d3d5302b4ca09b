"""A file that was made at a press, downloaded by the browser at once.

Streamlit's own button for files that are made when it is pressed cannot be used beside a camera: it
forgets such a file after two redraws, and the live page is redrawn twice a second.
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


def hand_over(name: str, mime: str, content: bytes) -> None:
    """Have the browser download this file in the next run.

    Args:
        name: of the file.
        mime: its type.
        content: kept in memory until the browser has it.
    """
    session_state.handed_count.set(session_state.handed_count.get() + 1)
    session_state.handed_file.set((name, mime, content))


def draw() -> None:
    """Give the browser what waits for it. Draw it once on a page, in every run."""
    waits = session_state.handed_file.get()
    name, mime, content = ("", "", b"") if waits is None else waits
    save = st.components.v2.component("mien_download", js=_SAVE)
    save(
        key="unseen-download",
        data={
            "name": name,
            "mime": mime,
            "base64": b64encode(content).decode("ascii"),
            # The name too: the browser's window outlives what is counted here.
            "number": f"{session_state.handed_count.get()} {name}",
        },
        # Only when the browser says so: a redraw at the same moment must not lose the file.
        on_saved_change=lambda: session_state.handed_file.set(None),
    )
