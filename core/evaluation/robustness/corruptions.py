"""The corruptions, each with its unit and levels.

As in ImageNet-C (Hendrycks & Dietterich 2019) the same pictures are corrupted a little more at each
level. Its levels 1 to 5 have no units; these have, so that real cameras can be compared with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import PlanError
from core.evaluation.robustness import corruption_functions
from core.evaluation.robustness.corruption_functions import CorruptionFunction, FaceRegion, Pictures

LOW_RESOLUTION = "face_size"


@dataclass(frozen=True)
class Corruption:
    """One corruption.

    Attributes:
        name: short, lower case: its name in plans and tables.
        title: its name on screen.
        unit: of the amounts; empty for a plain number.
        axis: what the amounts are, as the title of an axis.
        amounts: of the levels 1, 2, ..., in increasing severity.
        change: applies it.
        unchanged: the amount that changes nothing; None where there is none.
        on_frames: whether it applies to whole camera frames, and not only to face crops.
        about: what it does, in words.
    """

    name: str
    title: str
    unit: str
    axis: str
    amounts: tuple[float, ...]
    change: CorruptionFunction
    unchanged: float | None
    on_frames: bool
    about: str

    def written(self, level: int) -> str:
        """The amount of a level with its unit: "1.5 px", "20 %"."""
        if level == 0:
            return "original"
        return self.written_amount(self.amounts[level - 1])

    def from_here(self, level: int) -> str:
        """A level and all of higher severity: "24 px or less"."""
        which = "less" if self.amounts[-1] < self.amounts[0] else "more"
        return f"{self.written(level)} or {which}"

    def written_amount(self, amount: float) -> str:
        """Any amount with its unit."""
        if self.unit == "%":
            return f"{amount * 100:g} %"
        unit = "stop" if self.unit == "stops" and amount == 1 else self.unit
        return f"{amount:g} {unit}".strip()


_PX = "px of 48"
_LENGTH = "In a face picture of 48 px; larger ones get as much of the face."
_COVERED = "Share of the face picture occluded"

CORRUPTIONS: Mapping[str, Corruption] = {
    one.name: one
    for one in (
        Corruption(
            name="darker",
            title="Darker",
            unit="stops",
            axis="Stops darker",
            amounts=(1.0, 2.0, 3.0, 4.0, 5.0),
            change=corruption_functions.darken,
            unchanged=0.0,
            on_frames=True,
            about="Each stop halves the light (in linear light, sRGB decoded).",
        ),
        Corruption(
            name="brighter",
            title="Brighter",
            unit="stops",
            axis="Stops brighter",
            amounts=(0.5, 1.0, 1.5, 2.0, 3.0),
            change=corruption_functions.brighten,
            unchanged=0.0,
            on_frames=True,
            about="Each stop doubles the light; what is too bright is clipped.",
        ),
        Corruption(
            name="contrast",
            title="Lower contrast",
            unit="%",
            axis="Contrast factor",
            amounts=(0.6, 0.4, 0.25, 0.15, 0.08),
            change=corruption_functions.scale_contrast,
            unchanged=1.0,
            on_frames=True,
            about="Each value's distance from the picture's mean, times this.",
        ),
        Corruption(
            name="blur",
            title="Defocus blur",
            unit=_PX,
            axis="Gaussian blur, sigma",
            amounts=(0.5, 0.75, 1.0, 1.5, 2.0, 3.0),
            change=corruption_functions.blur,
            unchanged=0.0,
            on_frames=True,
            about=f"A Gaussian of this standard deviation. {_LENGTH}",
        ),
        Corruption(
            name="motion",
            title="Motion blur",
            unit=_PX,
            axis="Length of the blur",
            amounts=(1.0, 2.0, 4.0, 6.0, 9.0, 13.0),
            change=corruption_functions.motion_blur,
            unchanged=0.0,
            on_frames=True,
            about=f"Blurred along a line, in a random direction. {_LENGTH}",
        ),
        Corruption(
            name=LOW_RESOLUTION,
            title="Low resolution",
            unit="px",
            axis="Side of the face picture",
            amounts=(44, 40, 32, 24, 20, 16, 12, 8),
            change=corruption_functions.shrink,
            unchanged=None,
            on_frames=True,
            about="Reduced to this many pixels, then enlarged for the model.",
        ),
        Corruption(
            name="jpeg",
            title="JPEG compression",
            unit="",
            axis="Quality",
            amounts=(95, 80, 50, 30, 20, 10, 5),
            change=corruption_functions.compress,
            unchanged=None,
            on_frames=True,
            about="Compressed at this quality (1 to 100).",
        ),
        Corruption(
            name="noise",
            title="Sensor noise",
            unit="of 255",
            axis="Standard deviation of the noise",
            amounts=(2, 4, 8, 16, 24, 40),
            change=corruption_functions.add_noise,
            unchanged=0.0,
            on_frames=True,
            about="Gaussian noise per pixel, in grey levels.",
        ),
        Corruption(
            name="roll",
            title="Rotation",
            unit="°",
            axis="Roll",
            amounts=(5, 10, 15, 20, 30, 45),
            change=corruption_functions.rotate,
            unchanged=0.0,
            on_frames=True,
            about="To either side. On the live page, faces with landmarks are rotated upright "
            "first.",
        ),
        Corruption(
            name="shift",
            title="Shifted crop",
            unit="%",
            axis="Shift, as a share of the side",
            amounts=(0.03, 0.06, 0.1, 0.15, 0.2),
            change=corruption_functions.shift_crop,
            unchanged=0.0,
            on_frames=False,
            about="As by an unsteady detector: the picture is shifted in a random direction.",
        ),
        Corruption(
            name="eyes",
            title="Eyes occluded",
            unit="%",
            axis=_COVERED,
            amounts=(0.04, 0.08, 0.12, 0.18, 0.25),
            change=corruption_functions.cover_eyes,
            unchanged=0.0,
            on_frames=True,
            about="A bar over the eyes: at 8 % just over both, at 25 % with brows and cheeks.",
        ),
        Corruption(
            name="mouth",
            title="Mouth occluded",
            unit="%",
            axis=_COVERED,
            amounts=(0.04, 0.08, 0.12, 0.18, 0.25),
            change=corruption_functions.cover_mouth,
            unchanged=0.0,
            on_frames=True,
            about="A patch over the mouth: at 12 % just over it, at 25 % from nose to chin.",
        ),
        Corruption(
            name="lower",
            title="Lower face occluded",
            unit="%",
            axis=_COVERED,
            amounts=(0.15, 0.25, 0.35, 0.45, 0.55),
            change=corruption_functions.cover_lower,
            unchanged=0.0,
            on_frames=True,
            about="From the chin up, as a mask does: at 45 % up to the nose.",
        ),
        Corruption(
            name="patch",
            title="Random erasing",
            unit="%",
            axis=_COVERED,
            amounts=(0.03, 0.06, 0.12, 0.2, 0.3),
            change=corruption_functions.cover_patch,
            unchanged=0.0,
            on_frames=True,
            about="A square at a random place, as hair, hands and glasses occlude.",
        ),
    )
}
"""Name -> corruption; the order is that of tables and screens."""


def corruption_named(name: str) -> Corruption:
    """One of `CORRUPTIONS`.

    Raises:
        PlanError: there is none of that name; the advice lists them.
    """
    if name not in CORRUPTIONS:
        raise PlanError(
            f"There is no corruption {name[:40]!r}.", advice=f"There are: {', '.join(CORRUPTIONS)}."
        )
    return CORRUPTIONS[name]


def corrupted(
    pictures: Pictures,
    corruption: Corruption,
    level: int,
    *,
    seed: int,
    face: FaceRegion | None = None,
) -> NDArray[np.uint8]:
    """The pictures at one level of a corruption; at level 0 a copy.

    Random numbers of a picture depend on the seed, the level and its position in the array.

    Args:
        pictures: uint8, `(n, high, wide)` or `(n, high, wide, 3)`.
        level: from 0 to the number of `corruption.amounts`.
        seed: same seed, same pictures.
        face: of the face in them; None where the whole picture is the face.
    Raises:
        ValueError: there is no such level.
    """
    if not 0 <= level <= len(corruption.amounts):
        raise ValueError(f"{corruption.name} has the levels 0 to {len(corruption.amounts)}")
    if level == 0:
        return pictures.copy()
    # A random stream for each corruption: adding one does not change the others' results.
    rng = np.random.default_rng([seed, level, *corruption.name.encode()])
    where = corruption_functions.whole_picture(pictures) if face is None else face
    return corruption.change(pictures, corruption.amounts[level - 1], where, rng)
