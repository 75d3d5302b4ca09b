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
from core.domain.palette import label_styles
from core.measures import MEASURES_ONLY, ScoreView
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
    """How a model's outputs become the label and the scores over the picture.

    Attributes:
        labels: as they are shown; none where no score is.
        colours: of the labels.
        outputs: place among the model's outputs of each of its classes.
        merged_into: index of the label for each class; see `ScoreView`. None where the labels'
            scores do not follow from a frame's: then the session answers them.
        temperature, not_sure_below: of the card.
        not_sure: shown below that.
        reasons: shown of faces that are not usable, by `RejectReason`.
        half_life_s, forget_after_s: of smoothing.
    """

    labels: tuple[str, ...]
    colours: tuple[str, ...]
    outputs: tuple[int, ...]
    merged_into: tuple[int, ...] | None
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


def browser_reading(card: ModelCard, view: ScoreView, *, not_sure: str) -> BrowserReading:
    """How a model is shown in a view."""
    labels = () if view.name == MEASURES_ONLY else view.scheme.labels
    styles = label_styles(labels)
    return BrowserReading(
        labels=tuple(capitalised(label) for label in labels),
        colours=tuple(styles[label].colour for label in labels),
        outputs=card.outputs or tuple(range(len(card.scheme))),
        merged_into=view.merged_into,
        temperature=card.temperature,
        not_sure_below=card.not_sure_below,
        not_sure=capitalised(not_sure),
        reasons={reason.value: capitalised(text) for reason, text in REASON_TEXT.items()},
    )
