"""Whether an answer can be read, what mostly hindered it, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.domain import RejectReason
from core.domain.observation import REASON_TEXT
from core.practice.answers.answer_data import AnswerData

REMEDY_TEXT: Mapping[RejectReason, str] = {
    RejectReason.NO_FACE: "sit in the middle of the picture, with the camera upright at eye level",
    RejectReason.TOO_SMALL: "sit closer to the camera",
    RejectReason.UNSURE: "sit closer, in front of a plain background, with light on the face",
    RejectReason.TOO_DARK: "more light from the front",
    RejectReason.TOO_BRIGHT: "less light on the face: close a curtain, or move the lamp",
    RejectReason.BLURRED: "wipe the lens, use more light, and put the camera on something firm",
    RejectReason.TURNED_AWAY: "put the camera at eye level, next to what you look at",
    RejectReason.UPSIDE_DOWN: "turn the camera the right way up; a phone stands upright",
    RejectReason.NO_LANDMARKS: (
        "keep hands and hair off the face; if glasses glare, move the lamp to the side"
    ),
}
"""What to do about each reason, in lower case, as an advice."""

RECORD_AGAIN = "keep this tab open and the camera on"
ALONE = "nobody else in the picture"

OTHERS_HINDER = 0.25
"""Share of the answer from which another face is the first thing to change: two faces in view may
swap their numbers, and then each is measured for a part only."""

_ROUNDING_S = 1e-6


@dataclass(frozen=True)
class Hindrance:
    """What mostly kept an answer from being measured.

    Attributes:
        reason: the commonest; None where nothing was recorded in most of that time.
        lasted_s: how long.
        others_in_view: whether another face was in view for `OTHERS_HINDER` of the answer.
    """

    reason: RejectReason | None
    lasted_s: float
    others_in_view: bool


def hindrance_of(data: AnswerData) -> Hindrance | None:
    """The commonest reason why time of an answer was not usable; None where all of it was."""
    rows, seconds = data.rows, data.seconds
    lost = {
        reason: float(seconds[~rows.usable & (rows.reason == reason.value)].sum())
        for reason in RejectReason
    }
    unrecorded_s = max(0.0, data.length_s - float(seconds.sum()))
    reason = max(lost, key=lambda one: lost[one])
    others = data.others_s >= OTHERS_HINDER * data.length_s > 0
    if max(unrecorded_s, lost[reason]) <= _ROUNDING_S:
        return None
    if unrecorded_s > lost[reason]:
        return Hindrance(None, unrecorded_s, others)
    return Hindrance(reason, lost[reason], others)


def hindrance_text(hindrance: Hindrance) -> str:
    """What it was, in lower case: "too dark"."""
    return "not recorded" if hindrance.reason is None else REASON_TEXT[hindrance.reason]


def remedy_text(hindrance: Hindrance) -> str:
    """What to do, in lower case: "more light from the front"."""
    if hindrance.others_in_view:
        return ALONE
    return RECORD_AGAIN if hindrance.reason is None else REMEDY_TEXT[hindrance.reason]


def usable_s(data: AnswerData) -> float:
    """Seconds of an answer in which the face was usable."""
    return float(np.sum(data.seconds[data.rows.usable]))
