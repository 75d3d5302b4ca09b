"""Asks the browser for the camera once, before the stream does, and hears why it says no.

streamlit-webrtc asks again and again when the browser refuses, and shows the browser's own error
name. This asks once, waits as long as the person needs, and answers in words.
"""

from __future__ import annotations

from enum import StrEnum

import streamlit as st

_ASK = """
export default function ({ setStateValue }) {
  const media = navigator.mediaDevices;
  if (!media || !media.getUserMedia) { setStateValue("answer", "InsecureContext"); return; }
  media.getUserMedia({ video: true, audio: false })
    .then((stream) => {
      stream.getTracks().forEach((track) => track.stop());
      setStateValue("answer", "ok");
    })
    .catch((error) => setStateValue("answer", error.name || "Error"));
}
"""


class CameraAnswer(StrEnum):
    """What the browser said."""

    WAITING = "waiting"
    """Nothing yet: the person is being asked."""
    ALLOWED = "allowed"
    """The camera is there and may be used."""
    REFUSED = "refused"
    """The person, or a rule of the browser, said no."""
    MISSING = "missing"
    """There is no camera."""
    BUSY = "busy"
    """There is one, but it cannot be opened."""
    INSECURE = "insecure"
    """Browsers give no camera to this address."""


ANSWER_WORDS = {
    CameraAnswer.REFUSED: "The camera was refused. Allow it in the browser's address bar, then "
    "switch the camera on again.",
    CameraAnswer.MISSING: "No camera was found. Plug one in, then switch the camera on again.",
    CameraAnswer.BUSY: "The camera cannot be opened: another program may be using it. Close that "
    "program, then switch the camera on again.",
    CameraAnswer.INSECURE: "This browser gives no camera to this address. Open Mien over https, or "
    "on the same machine at localhost.",
}

_ANSWERS = {
    "ok": CameraAnswer.ALLOWED,
    "NotAllowedError": CameraAnswer.REFUSED,
    "SecurityError": CameraAnswer.REFUSED,
    "NotFoundError": CameraAnswer.MISSING,
    "OverconstrainedError": CameraAnswer.MISSING,
    "InsecureContext": CameraAnswer.INSECURE,
}


def ask_for_camera(attempt: int) -> CameraAnswer:
    """Ask, or say what was answered.

    Args:
        attempt: raise it to ask anew.
    """
    ask = st.components.v2.component("mien_camera_check", js=_ASK)
    told = ask(key=f"camera-check-{attempt}", on_answer_change=lambda: None)
    answer = getattr(told, "answer", None)
    if answer is None:
        return CameraAnswer.WAITING
    # Whatever else goes wrong (NotReadableError, AbortError) means that it cannot be opened.
    return _ANSWERS.get(str(answer), CameraAnswer.BUSY)
