"""What learners may share, as teachers read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.classroom import LearnerState, Shared


@dataclass(frozen=True)
class SharedWords:
    """Words about something that is shared.

    Attributes:
        title: on screen.
        is_what: what it is.
        is_not: what it does not say.
    """

    title: str
    is_what: str
    is_not: str


# Read in the EU too: its classes know presence and heads only, and no other words for them.
SHARED_WORDS: Mapping[Shared, SharedWords] = {
    Shared.PRESENT: SharedWords(
        "Present",
        "Whether a face is before the learner's camera, second by second.",
        "Who it is, and what the person does, it does not say.",
    ),
    Shared.FACING: SharedWords(
        "Heads towards the screen",
        "The share of time in which a head points towards the screen.",
        "It is no gaze: eyes may look elsewhere, and who writes or thinks looks away.",
    ),
    Shared.ENGAGEMENT: SharedWords(
        "Engagement index",
        "Presence, facing, open eyes and changes of expression, weighted; shown with its parts.",
        "It measures behaviour before a camera, not learning: calm listeners score low.",
    ),
    Shared.EXPRESSIONS: SharedWords(
        "Expressions shown",
        "Which expressions a model recognises, as shares of the class.",
        "A face shows something; what the person feels, it does not say.",
    ),
    Shared.ROWS: SharedWords(
        "Every reading, as sessions of a study",
        "About five a second of each browser, under the learner's name, on the page Sessions.",
        "Nothing more is shown on the board; the study needs everything above shared.",
    ),
}
"""In the order of `Shared`."""

STATE_WORDS: Mapping[LearnerState, str] = {
    LearnerState.MEASURING: "measured",
    LearnerState.PAUSED: "paused",
    LearnerState.HIDDEN: "tab hidden",
    LearnerState.NO_CAMERA: "no camera",
    LearnerState.LEFT: "left",
}
"""What a learner's device does."""
