"""What a face is compared with where its own values are not known: medians of still faces.

They are pictures from the web, which are not a population: figures that rest on them are shown as
"not calibrated".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.domain.plain_values import from_plain, parse_json
from core.measures.calibration import Calibration, EyeRange, RestingShape

_FILE = Path(__file__).with_name("population.json")


@dataclass(frozen=True)
class Population:
    """Values of still faces.

    Attributes:
        made_from: their source, in sentences.
        faces: how many; `neutral_faces` of them are labelled neutral.
        rest: median and spread of each blendshape over the neutral ones; between persons, which is
            more than one person's own.
        eyes: median of the neutral faces, and what the most closed hundredth of all reach.
    """

    made_from: str
    faces: int
    neutral_faces: int
    rest: tuple[RestingShape, ...]
    eyes: EyeRange


@lru_cache(maxsize=1)
def population() -> Population:
    """That of this version; `scripts/expressiveness_norm.py` writes it."""
    return from_plain(Population, parse_json(_FILE.read_text(encoding="utf-8")))


def resting_of(calibration: Calibration | None) -> Mapping[str, RestingShape]:
    """The own face at rest by names of blendshapes, or that of the population."""
    own = () if calibration is None else calibration.rest
    return {shape.name: shape for shape in own or population().rest}


def eyes_of(calibration: Calibration | None) -> EyeRange:
    """The own eyes, or those of the population."""
    own = None if calibration is None else calibration.eyes
    return population().eyes if own is None else own
