"""The browser's permission for the camera, with texts."""

from __future__ import annotations

from enum import StrEnum


class CameraPermission(StrEnum):
    """The browser's answer to a request for the camera."""

    WAITING = "waiting"
    """No answer yet: the browser asks the person."""
    ALLOWED = "allowed"
    """The camera may be used."""
    REFUSED = "refused"
    """Denied by the person or a rule of the browser."""
    MISSING = "missing"
    """There is no camera."""
    BUSY = "busy"
    """The camera cannot be opened."""
    INSECURE = "insecure"
    """Browsers block the camera for this address."""


PERMISSION_TEXT = {
    CameraPermission.REFUSED: "Access to the camera was denied. Allow it in the browser's address "
    "bar, then switch the camera on again.",
    CameraPermission.MISSING: "No camera was found. Plug one in, then switch the camera on again.",
    CameraPermission.BUSY: "The camera cannot be opened: another program may be using it. Close "
    "that program, then switch the camera on again.",
    CameraPermission.INSECURE: "This browser blocks the camera for this address. Open Mien over "
    "https, or on the same machine at localhost.",
}

_BY_ERROR = {
    "NotAllowedError": CameraPermission.REFUSED,
    "SecurityError": CameraPermission.REFUSED,
    "NotFoundError": CameraPermission.MISSING,
    "OverconstrainedError": CameraPermission.MISSING,
    "InsecureContext": CameraPermission.INSECURE,
}


def permission_from(error: str) -> CameraPermission:
    """The permission that follows from a browser's error; an unknown one means `BUSY`.

    Args:
        error: a DOMException's name, such as NotReadableError or AbortError.
    """
    return _BY_ERROR.get(error, CameraPermission.BUSY)
