"""What the element of the eye says in a class."""

from __future__ import annotations

from typing import Any

from core.domain.classroom import Classroom, Shared
from pages.parts.shell.theme import expression_word

UNABLE_TEXT = {
    "insecure": "This browser blocks the camera for this address: open Mien over https.",
    "no_camera_access": "This browser gives pages no camera.",
    "no_wasm": "WebAssembly is blocked in this browser: it cannot read your face itself.",
    "no_webgl": "This browser has no WebGL: it cannot read your face itself.",
    "landmarker": "The model that finds faces could not be loaded into this browser.",
    "model": "The model of the class could not be loaded into this browser.",
    "component": "What this browser needs for reading faces could not be loaded.",
    "engine": "Reading your face failed in this browser.",
}
"""Why this browser cannot read faces, by obstacle."""

WAY_TEXT = {
    "worker": "Also measured while this tab is hidden, until you pause or leave.",
    "page": "Measured only while this tab is visible. While it is hidden you count as not "
    "measured, never as away.",
}
"""What happens while the tab is hidden, by where this browser reads."""

_SHARE_NAMES = {
    "measured": (Shared.PRESENT, "Measured"),
    "present": (Shared.PRESENT, "Face in view"),
    "usable": (Shared.PRESENT, "Face usable"),
    "facing": (Shared.FACING, "Head towards the screen"),
    "eyes_open": (Shared.ENGAGEMENT, "Eyes open"),
    "expression": (Shared.ENGAGEMENT, "Change of expression"),
}


def is_expression_sent(classroom: Classroom) -> bool:
    """Whether blendshapes and the like leave the device of a learner."""
    return bool({Shared.ENGAGEMENT, Shared.EXPRESSIONS} & set(classroom.shared))


def status_words(classroom: Classroom) -> dict[str, str]:
    """Texts in place of the picture, or below it."""
    size = "10 MB" if Shared.EXPRESSIONS in classroom.shared else "6 MB"
    return {
        "off": "The camera is off. Nothing leaves this device.",
        "asking": "Please allow the camera when your browser asks.",
        "loading": f"Loading what reads your face here. The first time this is about {size}.",
        "starting": "The camera is starting.",
        "late": "Readings that wait: {waiting}; dropped: {dropped}.",
    }


def number_words(classroom: Classroom) -> dict[str, Any]:
    """Names of the numbers that leave the device, and of those that the class keeps; none of what
    the class does not share.
    """
    names = {
        "message": "Message",
        "faces": "Faces in view",
        "head": "Head direction",
        "quality": "Picture quality",
        "shapes": "Blendshapes",
        "outputs": "Outputs of the model",
        "gaps": "Not measured",
    }
    shared = set(classroom.shared)
    if Shared.ENGAGEMENT in shared:
        shared.add(Shared.FACING)  # one of its parts
    uncalibrated = " (not calibrated)" if Shared.FACING in shared else ""
    return {
        "badge": {
            "on": "On: this browser reads your camera. Numbers leave this device, no picture.",
            "late": "The server does not answer: numbers wait in this browser.",
            "hidden": "Not measured: this tab is hidden.",
            "no_camera": "Not measured: the camera gives no picture.",
            "stopped": "Off: nothing leaves this device.",
        },
        "sent": "Left this device in the last second",
        "kept": f"What the class keeps of a second{uncalibrated}",
        "whole": "Every number of that message",
        "nothing": "Nothing yet: a second is kept once it is over.",
        "names": names,
        "values": {
            "message": "{number}: {readings} readings, {bytes} bytes",
            "head": "yaw {yaw}°, pitch {pitch}°, roll {roll}°",
            "quality": "brightness {light}, sharpness {sharp}",
            "count": "{count} numbers",
            "none": "not sent",
            "gaps": "{seconds} s in all: tab hidden, or no picture",
            "share": "{share} %",
        },
        "labels": [expression_word(label) for label in classroom.labels],
        "shares": {name: text for name, (what, text) in _SHARE_NAMES.items() if what in shared},
    }
