"""A camera test that runs in the browser: only its figures are sent here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.parts.live.camera_permission import CameraPermission, permission_from

_DURATION_MS = 3000
_PROBE = f"""
export default function ({{ setStateValue }}) {{
  const media = navigator.mediaDevices;
  const tell = (found) => setStateValue("found", found);
  if (!media || !media.getUserMedia) {{ tell({{ answer: "InsecureContext" }}); return; }}
  let gone = false, stream = null;
  const stop = () => {{ if (stream) stream.getTracks().forEach((track) => track.stop()); }};
  media.getUserMedia({{ video: true, audio: false }}).then(async (given) => {{
    stream = given;
    if (gone) {{ stop(); return; }}
    const video = document.createElement("video");
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
    let frames = 0;
    const began = performance.now();
    const count = () => {{ frames += 1; if (!gone) video.requestVideoFrameCallback(count); }};
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(count);
    setTimeout(() => {{
      const seconds = (performance.now() - began) / 1000;
      const name = stream.getVideoTracks()[0].label;
      const size = [video.videoWidth, video.videoHeight];
      gone = true;
      stop();
      tell({{ answer: "ok", name, size, fps: frames / seconds }});
    }}, {_DURATION_MS});
  }}).catch((error) => tell({{ answer: error.name || "Error" }}));
  return () => {{ gone = true; stop(); }};
}}
"""


@dataclass(frozen=True)
class CameraFigures:
    """Figures of the browser's camera.

    Attributes:
        answer: the browser's permission.
        name: the browser's name of the camera; text from outside.
        width_px, height_px: of its picture; 0 where there is none.
        fps: frames per second over three seconds; 0 where the browser cannot count them.
    """

    answer: CameraPermission
    name: str = ""
    width_px: int = 0
    height_px: int = 0
    fps: float = 0.0


def measure_camera(attempt: int) -> CameraFigures:
    """Open the camera for three seconds; WAITING until it is over.

    Args:
        attempt: increase it to repeat the test.
    """
    probe = st.components.v2.component("mien_camera_probe", js=_PROBE)
    result = probe(key=f"camera-probe-{attempt}", on_found_change=lambda: None)
    return figures_of(getattr(result, "found", None))


def figures_of(found: Any) -> CameraFigures:
    """The browser's figures; invalid ones count as a camera that cannot be opened."""
    if found is None:
        return CameraFigures(CameraPermission.WAITING)
    try:
        if found["answer"] != "ok":
            return CameraFigures(permission_from(str(found["answer"])))
        width_px, height_px = (int(side) for side in found["size"])
        name, fps = str(found["name"])[:80], float(found["fps"])
        return CameraFigures(CameraPermission.ALLOWED, name, width_px, height_px, fps)
    except (KeyError, TypeError, ValueError):
        return CameraFigures(CameraPermission.BUSY)
