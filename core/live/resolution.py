"""The camera's resolutions, and whether this machine analyses them fast enough."""

from __future__ import annotations

from dataclasses import dataclass

from core.live.meters import WINDOW_S
from core.live.view import LiveView


@dataclass(frozen=True)
class Resolution:
    """A resolution to request from the camera; the browser takes the nearest it has.

    Attributes:
        width_px, height_px: positive; the longer side first.
        use_case: who is in the picture.

    Example:
        resolution_named("1280 x 720").width_px
    """

    width_px: int
    height_px: int
    use_case: str

    def __post_init__(self) -> None:
        if not 0 < self.height_px <= self.width_px:
            raise ValueError(
                f"{self.name} is no resolution: both sides are positive, the longer one first"
            )

    @property
    def name(self) -> str:
        """Display name."""
        return f"{self.width_px} x {self.height_px}"

    def is_reached_by(self, width_px: int, height_px: int) -> bool:
        """Whether a picture is as large, portrait ones too; True for one not yet known.

        The longer side counts, as the size of faces depends on it.
        """
        return width_px <= 0 or max(width_px, height_px) >= self.width_px


RESOLUTIONS = (
    Resolution(640, 480, "one or two people"),
    Resolution(1280, 720, "several people"),
    Resolution(1920, 1080, "a group or a class"),
)
"""From small to large. Faces need a minimum of pixels: with each, people can be further away."""

DEFAULT_RESOLUTION = RESOLUTIONS[0]

MIN_FPS = 5.0
"""Below this rate an expression of half a second has hardly more than two frames."""


def resolution_named(name: str) -> Resolution:
    """The resolution of this name; the default for an unknown name."""
    return next((one for one in RESOLUTIONS if one.name == name), DEFAULT_RESOLUTION)


def keeps_up(view: LiveView, chosen: Resolution) -> bool:
    """Whether the stream is analysed fast enough at the chosen resolution.

    True for the smallest, as there is none below; while paused; in the first seconds, as the rate
    is measured over a window (`RateMeter`); and while no frame arrives, which is reported
    separately.
    """
    if chosen == DEFAULT_RESOLUTION or view.paused:
        return True
    if view.duration_s < 2 * WINDOW_S or view.frame_age_s > WINDOW_S:
        return True
    return view.fps >= MIN_FPS
