"""Starts downloads in the browser, of files created by button presses.

Streamlit's own deferred download button cannot be used on the live page: it drops the file after
two reruns, and that page reruns twice a second.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

import streamlit as st

from pages.parts.shell import session_state

_KEY = "unseen-download"
_SAVE = """
const save = ({ name, mime, base64 }) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: mime }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};

export default function ({ data, setTriggerValue }) {
  const saved = (window.mienDownloaded ??= new Set());
  const fresh = data.files.filter(({ number }) => !saved.has(number));
  for (const file of fresh) {
    saved.add(file.number);
    save(file);
  }
  if (fresh.length > 0) setTriggerValue("saved", data.files.map(({ number }) => number));
}
"""


@dataclass(frozen=True)
class PendingFile:
    """A file that the browser is about to download: in memory only.

    Attributes:
        number: distinguishes it from every other of this tab.
        name: of the file.
        mime: its type.
    """

    number: str
    name: str
    mime: str
    content: bytes


def queue(name: str, mime: str, content: bytes) -> None:
    """Have the browser download this file in the next rerun, besides those it has not saved yet.

    Args:
        name: of the file.
        mime: its type.
        content: in memory until the browser has it.
    """
    session_state.download_count.set(session_state.download_count.get() + 1)
    # The name too: the browser's window outlives this counter.
    number = f"{session_state.download_count.get()} {name}"
    file = PendingFile(number, name, mime, content)
    session_state.pending_downloads.set((*session_state.pending_downloads.get(), file))


def draw() -> None:
    """Send the browser the pending files. Draw it once on a page, in every rerun."""
    save = st.components.v2.component("mien_download", js=_SAVE)
    files = [
        {
            "number": file.number,
            "name": file.name,
            "mime": file.mime,
            "base64": b64encode(file.content).decode("ascii"),
        }
        for file in session_state.pending_downloads.get()
    ]
    # Only when the browser confirms: a simultaneous rerun must not lose the file.
    save(key=_KEY, data={"files": files}, on_saved_change=_forget_saved)


def _forget_saved() -> None:
    """Only those that it names: another may have been queued meanwhile."""
    saved = getattr(session_state.component_state(_KEY), "saved", None) or []
    pending = session_state.pending_downloads.get()
    session_state.pending_downloads.set(tuple(one for one in pending if one.number not in saved))
