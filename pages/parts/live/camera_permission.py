"""What a browser says when it is asked for the camera, in words."""

from __future__ import annotations

from enum import StrEnum


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
    CameraAnswer.REFUSED: "Access to the camera was denied. Allow it in the browser's address bar, "
    "then switch the camera on again.",
    CameraAnswer.MISSING: "No camera was found. Plug one in, then switch the camera on again.",
    CameraAnswer.BUSY: "The camera cannot be opened: another program may be using it. Close that "
    "program, then switch the camera on again.",
    CameraAnswer.INSECURE: "This browser blocks the camera for this address. Open Mien over "
    "https, or on the same machine at localhost.",
}

_ANSWERS = {
    "NotAllowedError": CameraAnswer.REFUSED,
    "SecurityError": CameraAnswer.REFUSED,
    "NotFoundError": CameraAnswer.MISSING,
    "OverconstrainedError": CameraAnswer.MISSING,
    "InsecureContext": CameraAnswer.INSECURE,
}


def answer_of(error: str) -> CameraAnswer:
    """What the name of a browser's error means; whatever else goes wrong means "cannot be opened".

    Args:
        error: a DOMException's name, such as NotReadableError or AbortError.
    """
    return _ANSWERS.get(error, CameraAnswer.BUSY)
