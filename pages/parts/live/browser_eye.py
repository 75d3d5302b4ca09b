"""The eye in the browser: requests to it, and its state.

Pictures stay in the browser; it sends rows of numbers by itself (`eye/README.md`). Here only its
element is drawn, and what it tells about a start is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import streamlit as st

from core.domain.palette import FACE_COLOURS, NOT_SURE_COLOUR
from core.domain.plain_values import to_plain
from core.live import Resolution
from core.vision import BrowserReading, OverlayStyle
from pages.parts.live.camera_permission import CameraPermission, permission_from
from pages.parts.shell import session_state

FPS = 30
READS_PER_S = 10
"""Enough for every measure but blinks; each second of them takes a laptop about half a second."""

ROWS_URL = "/eye/rows"
FILES_URL = "/eye"

STATUS_TEXT = {
    "off": "The camera is off.",
    "asking": "Please allow the camera when your browser asks.",
    "loading": "Loading the face models. The first time these are about 10 MB.",
    "starting": "The camera is starting.",
    "late": "The server does not answer. Readings that wait: {waiting}; dropped: {dropped}.",
}
"""Texts in place of the picture, or below it."""

WAY_TEXT = {
    "worker": "Faces are read on this device, also while this tab is hidden.",
    "page": "Faces are read on this device, but only while this tab is visible: this browser "
    "cannot read them in the background.",
}
"""Where faces are read, and whether while the tab is hidden, by what this browser can do."""

SWITCH = "Read on this device"
"""Label of the switch that chooses this."""

_ON_THE_SERVER = (
    f'Switch off "{SWITCH}": pictures are then sent to the server, analysed in memory and not '
    "stored."
)
UNABLE_TEXT = {
    "insecure": "This browser blocks the camera for this address. Open Mien over https, or on the "
    "same machine at localhost.",
    "no_camera_access": "This browser gives pages no camera. Use another browser.",
    "no_wasm": "WebAssembly is blocked in this browser, and faces cannot be read on this device "
    f"without it. {_ON_THE_SERVER}",
    "no_webgl": "This browser has no WebGL, and faces cannot be read on this device without it. "
    f"{_ON_THE_SERVER}",
    "landmarker": f"The face landmarker could not be loaded on this device. {_ON_THE_SERVER}",
    "model": f"The expression model could not be loaded on this device. {_ON_THE_SERVER}",
    "component": "The files for reading faces on this device could not be loaded. "
    f"{_ON_THE_SERVER}",
    "engine": f"Reading faces failed on this device. {_ON_THE_SERVER}",
}
"""Why faces cannot be read on this device, by obstacle or by the part that failed."""

_NO_CAMERA = frozenset({"insecure", "no_camera_access"})
"""Obstacles that are in the server's way too."""

_HERE = Path(__file__)
_KEY = "browser-eye"
SCRIPT = _HERE.with_name("browser_eye.js").read_text(encoding="utf-8")
_CSS = _HERE.with_name("browser_eye.css").read_text(encoding="utf-8")


class EyeState(StrEnum):
    """The state of a start."""

    WAITING = "waiting"
    """It asks for the camera, or loads."""
    READING = "reading"
    """Rows are read and sent."""
    REFUSED = "refused"
    """The camera was refused."""
    UNABLE = "unable"
    """This browser cannot, or a part could not be loaded."""
    ENDED = "ended"
    """The camera stopped by itself."""
    OVER = "over"
    """The server takes no more rows of this session."""
    TOKEN = "token"
    """The server requires another token."""


@dataclass(frozen=True)
class EyeModel:
    """The expression model as browsers load it.

    Attributes:
        url: of its file for one face at a time.
        size_px: side of the pictures that it reads.
        interpolation: of smaller faces.
        reading: how its outputs are shown; None: they are not.
    """

    url: str
    size_px: int
    interpolation: str
    reading: BrowserReading | None


@dataclass(frozen=True)
class RowsWanted:
    """What the browser reads and sends.

    Attributes:
        url: takes the rows.
        per_s: readings in a second, at most.
        with_expression: whether blendshapes, lip gap and the model's outputs are sent.
        status: texts in place of the picture, or below it.
        numbers: words for the numbers that are sent, which are then shown; None: they are not.
    """

    url: str = ROWS_URL
    per_s: int = READS_PER_S
    with_expression: bool = True
    status: Mapping[str, str] = field(default_factory=lambda: STATUS_TEXT)
    numbers: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class EyeRequest:
    """The page's request to the eye.

    Attributes:
        start: unique name of this start; empty to switch the camera off.
        continues: the start that this one goes on with, or how its name begins, should it still
            run, and how many seconds of it are stored, below 0 for none; None begins anew.
        paused: whether the session is paused.
        token: permits the browser to write this session.
        resolution: of the camera.
        files: what a file is -> its name (`core.vision.BrowserFiles`).
        model: None where there is none for browsers.
        style: how much is drawn over the picture.
        screenshots: names of the files asked for in this start; the browser saves each once.
        rows: what is read and sent.
    """

    start: str
    continues: tuple[str, float] | None
    paused: bool
    token: str
    resolution: Resolution
    files: Mapping[str, str]
    model: EyeModel | None
    style: OverlayStyle = OverlayStyle.QUIET
    screenshots: tuple[str, ...] = ()
    rows: RowsWanted = field(default_factory=RowsWanted)


@dataclass(frozen=True)
class EyeReport:
    """The state of a start.

    Attributes:
        state: of the start.
        answer: the browser's permission for the camera.
        sentence: where faces are read, or why not; empty while that is unknown.
        server_may: whether the server can read instead, where this browser cannot.
        width_px, height_px: the camera's resolution; 0 while unknown.
        refused: the token that the server did not accept; empty if it did.
        obstacle: why faces cannot be read, a key of `UNABLE_TEXT`; empty where they can.
        way: where they are read, a key of `WAY_TEXT`; empty while that is unknown.
    """

    state: EyeState = EyeState.WAITING
    answer: CameraPermission = CameraPermission.WAITING
    sentence: str = ""
    server_may: bool = False
    width_px: int = 0
    height_px: int = 0
    refused: str = ""
    obstacle: str = ""
    way: str = ""


def browser_eye(request: EyeRequest) -> EyeReport:
    """Draw the local picture with its overlay; returns the state of the start.

    However often this runs, a start opens the camera once: the browser's side alone decides when.
    """
    told = _told_of(session_state.component_state(_KEY), request.start)
    show = st.components.v2.component("mien_browser_eye", js=SCRIPT, css=_CSS)
    show(key=_KEY, data=_data(request), on_told_change=lambda: None)
    return _report(told)


def _data(request: EyeRequest) -> dict[str, Any]:
    files = {kind: f"{FILES_URL}/{name}" for kind, name in request.files.items()}
    model = request.model
    return {
        "start": request.start,
        "continues": request.continues[0] if request.continues else "",
        "paused": request.paused,
        "storedS": request.continues[1] if request.continues else -1.0,
        "token": request.token,
        "width": request.resolution.width_px,
        "height": request.resolution.height_px,
        "fps": FPS,
        "readsPerS": request.rows.per_s,
        "sendsExpression": request.rows.with_expression,
        "rowsUrl": request.rows.url,
        "componentUrl": files["component"],
        "files": files,
        "model": model
        and {"url": model.url, "sizePx": model.size_px, "interpolation": model.interpolation},
        "reading": to_plain(model.reading) if model and model.reading else None,
        "style": request.style.value,
        "screenshots": list(request.screenshots),
        "colours": {"faces": list(FACE_COLOURS), "unusable": NOT_SURE_COLOUR},
        "words": dict(request.rows.status),
        "numbers": request.rows.numbers,
    }


def _told_of(component: Any, start: str) -> dict[str, Any]:
    """What the browser told of this start; empty before the first."""
    told = getattr(component, "told", None)
    if not start or not isinstance(told, dict) or told.get("start") != start:
        return {}
    return told


def _report(told: Mapping[str, Any]) -> EyeReport:
    """What the browser told is untrusted: unknown entries count as a failure of the engine."""
    name = told.get("state", EyeState.WAITING.value)
    state = next((one for one in EyeState if one.value == name), EyeState.UNABLE)
    if state is EyeState.REFUSED:
        return EyeReport(state, permission_from(str(told.get("error"))))
    if state is EyeState.UNABLE:
        why = str(told.get("obstacle") or told.get("part"))
        why = why if why in UNABLE_TEXT else "engine"
        may = why not in _NO_CAMERA
        return EyeReport(state, sentence=UNABLE_TEXT[why], server_may=may, obstacle=why)
    if state is EyeState.WAITING:
        return EyeReport()
    return EyeReport(
        state,
        CameraPermission.ALLOWED,
        sentence=_sentence(state, told),
        width_px=_pixels(told.get("width")),
        height_px=_pixels(told.get("height")),
        refused=str(told.get("token", "")) if state is EyeState.TOKEN else "",
        way=str(told.get("way", "")),
    )


def _sentence(state: EyeState, told: Mapping[str, Any]) -> str:
    if state is EyeState.OVER:
        return str(told.get("sentence", ""))
    return WAY_TEXT.get(str(told.get("way")), "")


def _pixels(side: object) -> int:
    return side if isinstance(side, int) and not isinstance(side, bool) else 0
