"""The camera's picture, wherever faces are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from core.domain import AnalysisSite, ModelCard
from core.live import LiveSession
from core.measures import ScoreView
from core.policy import UsePolicy
from core.vision import OverlayStyle
from pages.parts.live import camera, controls, own_device, resolution
from pages.parts.live.camera import CameraReport
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import session_state


@dataclass(frozen=True)
class Reading:
    """How a tab reads faces.

    Attributes:
        card: of the model.
        policy: that it is allowed by.
        site: where faces are read.
    """

    card: ModelCard
    policy: UsePolicy
    site: AnalysisSite


def draw_picture(
    live: LiveSession, reading: Reading, view: ScoreView, style: OverlayStyle
) -> CameraReport:
    """Draw it, and follow what the browser tells of its camera: it may rerun the page.

    Args:
        view: that labels over the picture are drawn in.
        style: how much is drawn over it.
    Raises:
        NotAllowedHere: a gate of the camera was closed meanwhile.
        StoreError: the data folder cannot be used.
    """
    if reading.site is AnalysisSite.BROWSER:
        report = own_device.draw(live, reading.card, reading.policy, view, style)
    else:
        report = _draw_stream(live)
    controls.follow_camera(live, report)
    return report


def _draw_stream(live: LiveSession) -> CameraReport:
    """The picture that the server sends back."""
    # Bound to this session: frames and the end of an old stream may arrive after a new one started.
    session_id = session_state.recorded_session.get() or "none"
    return camera.camera_stream(
        partial(live.process_frame, session_id=session_id),
        partial(live.finish, session_id),
        request=camera.CameraRequest(
            start=session_state.camera_start.get() if session_state.camera_on.get() else "",
            resolution=resolution.chosen(),
            ice_servers=shell_cached.settings().ice_server_list(),
        ),
    )
