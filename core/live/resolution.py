"""How large the camera's pictures are, and whether this machine keeps up with them."""

from __future__ import annotations

from dataclasses import dataclass

from core.live.meters import WINDOW_S
from core.live.view import LiveView


@dataclass(frozen=True)
class Resolution:
    """A size that the camera can be asked for; one that it does not have gives the nearest.

    Attributes:
        width_px, height_px: positive; the longer side first.
        meant_for: who is in the picture.

    Example:
        resolution_named("1280 x 720").width_px
    """

    width_px: int
    height_px: int
    meant_for: str

    def __post_init__(self) -> None:
        if not 0 < self.height_px <= self.width_px:
            raise ValueError(
                f"{self.name} is no resolution: both sides are positive, the longer one first"
            )

    @property
    def name(self) -> str:
        """As people write it."""
        return f"{self.width_px} x {self.height_px}"

    def is_reached_by(self, width_px: int, height_px: int) -> bool:
        """Whether a picture is as large, upright ones (phones) too; True for one not yet known.

        The longer side decides, as a face in the picture grows with it.
        """
        return width_px <= 0 or max(width_px, height_px) >= self.width_px


RESOLUTIONS = (
    Resolution(640, 480, "one or two people"),
    Resolution(1280, 720, "several people"),
    Resolution(1920, 1080, "a group or a class"),
)
"""From small to large. Faces are read from a number of pixels on: each lets people sit further
away."""

DEFAULT_RESOLUTION = RESOLUTIONS[0]

LEAST_FPS = 5.0
"""Frames a second below which an expression of half a second has hardly more than two frames."""


def resolution_named(name: str) -> Resolution:
    """The one of this name; the default for a name that is none of them."""
    return next((one for one in RESOLUTIONS if one.name == name), DEFAULT_RESOLUTION)


def keeps_up(view: LiveView, chosen: Resolution) -> bool:
    """Whether the stream is analysed fast enough at the resolution that was chosen.

    True for the smallest, as there is none to change to; while paused; before enough was seen, as
    the rate looks back over the last seconds (`RateMeter`); and while no frame comes at all, which
    is another trouble, said elsewhere.
    """
    if chosen == DEFAULT_RESOLUTION or view.paused:
        return True
    if view.duration_s < 2 * WINDOW_S or view.silent_s > WINDOW_S:
        return True
    return view.fps >= LEAST_FPS
