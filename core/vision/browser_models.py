"""What the eye in the browser has to know of a model, to read and show faces as the server does.

Limits and parameters are those of the server's own modules: nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain import (
    REASON_TEXT,
    ModelCard,
    ModelInput,
    OutputKind,
)
from core.measures import ScoreView
from core.vision.faces.crop import FER2013_CROP
from core.vision.faces.quality import DEFAULT_LIMITS, INVERTED_DEG
from core.vision.overlay import capitalised
from core.vision.recognition.score_smoother import FORGET_AFTER_S, HALF_LIFE_S


@dataclass(frozen=True)
class BrowserLimits:
    """Limits of a usable face; see `core.vision.faces.quality.QualityLimits`."""

    size_px: float = DEFAULT_LIMITS.size_px
    darkest: float = DEFAULT_LIMITS.darkest
    brightest: float = DEFAULT_LIMITS.brightest
    sharpness: float = DEFAULT_LIMITS.sharpness
    turn_deg: float = DEFAULT_LIMITS.turn_deg
    inverted_deg: float = INVERTED_DEG


@dataclass(frozen=True)
class BrowserReading:
    """How a model's outputs become the label over the picture.

    Attributes:
        labels: as they are shown.
        outputs: place among the model's outputs of each of its classes.
        merged_into: index of the label for each class; see `ScoreView`.
        temperature, not_sure_below: of the card.
        not_sure: shown below that.
        reasons: shown of faces that are not usable, by `RejectReason`.
        half_life_s, forget_after_s: of smoothing.
    """

    labels: tuple[str, ...]
    outputs: tuple[int, ...]
    merged_into: tuple[int, ...]
    temperature: float
    not_sure_below: float
    not_sure: str
    reasons: Mapping[str, str]
    limits: BrowserLimits = BrowserLimits()
    half_life_s: float = HALF_LIFE_S
    forget_after_s: float = FORGET_AFTER_S


def is_read_in_browsers(card: ModelCard) -> bool:
    """Whether the eye in the browser can prepare pictures for a model: grey, as in FER2013."""
    plain = ModelInput(
        card.input.size_px, crop=FER2013_CROP, interpolation=card.input.interpolation
    )
    return card.input == plain and card.answers is OutputKind.LOGITS


def browser_reading(card: ModelCard, view: ScoreView, *, not_sure: str) -> BrowserReading | None:
    """How a model is shown in a view; None where its labels do not follow from a frame's scores."""
    merged_into = view.merged_into
    if merged_into is None:
        return None
    return BrowserReading(
        labels=tuple(capitalised(label) for label in view.scheme.labels),
        outputs=card.outputs or tuple(range(len(card.scheme))),
        merged_into=merged_into,
        temperature=card.temperature,
        not_sure_below=card.not_sure_below,
        not_sure=capitalised(not_sure),
        reasons={reason.value: capitalised(text) for reason, text in REASON_TEXT.items()},
    )
