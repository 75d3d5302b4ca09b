"""Draws boxes and labels on a picture."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import cv2
import numpy as np

from core.domain import REASON_TEXT, Box, Observation, RgbPicture
from core.domain.counted import percent
from core.domain.palette import NOT_SURE_COLOUR, face_colour, label_styles

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_WHITE = (255, 255, 255)
_BAR_PX, _BAR_GAP_PX = 62, 15


class OverlayStyle(StrEnum):
    """How much is drawn on each face."""

    NONE = "none"
    """Nothing."""
    PRESENCE = "presence"
    """Box and number only: where expressions may not be inferred."""
    QUIET = "quiet"
    """Box, number, the shown expression and its score."""
    FULL = "full"
    """The same, and a bar for each expression."""


def draw(
    rgb: RgbPicture,
    observations: Sequence[Observation],
    *,
    style: OverlayStyle = OverlayStyle.QUIET,
    not_sure_below: float = 0.0,
) -> RgbPicture:
    """A copy of the picture with every face marked.

    Args:
        rgb: uint8, shape `(height, width, 3)`; not changed.
        observations: of this picture.
        not_sure_below: top scores under it are shown as "not sure".
    """
    picture = np.array(rgb, dtype=np.uint8)
    if style is OverlayStyle.NONE:
        return picture
    for observation in observations:
        colour = _rgb(face_colour(observation.track_id))
        if observation.quality.usable:
            _rectangle(picture, observation.box, colour)
        else:
            _corners(picture, observation.box, _rgb(NOT_SURE_COLOUR))
        text = _label_text(observation, style, not_sure_below)
        _draw_label(
            picture,
            observation.box,
            text,
            colour if observation.quality.usable else _rgb(NOT_SURE_COLOUR),
        )
        if style is OverlayStyle.FULL and observation.steady is not None:
            _bars(picture, observation)
    return picture


def expression_text(observation: Observation, not_sure_below: float) -> str:
    """The label of one face: expression and score, "not sure", or why it is not usable."""
    if observation.quality.reason is not None:
        return REASON_TEXT[observation.quality.reason]
    if observation.steady is None:
        return ""
    if observation.steady.top_score < not_sure_below:
        return "not sure"
    return f"{observation.steady.top} {percent(observation.steady.top_score)}"


def _label_text(observation: Observation, style: OverlayStyle, not_sure_below: float) -> str:
    if style is OverlayStyle.PRESENCE:
        return f"{observation.track_id}"
    text = capitalised(expression_text(observation, not_sure_below))
    return f"{observation.track_id}  {text}".rstrip()


def capitalised(text: str) -> str:
    """A label as beside the picture: it begins with a capital."""
    return text[:1].upper() + text[1:]


def _rectangle(picture: RgbPicture, box: Box, colour: tuple[int, int, int]) -> None:
    (left, top), (right, bottom) = _ends(box)
    cv2.rectangle(picture, (left, top), (right, bottom), colour, 2, cv2.LINE_AA)


def _corners(picture: RgbPicture, box: Box, colour: tuple[int, int, int]) -> None:
    """Corners only: an unusable face looks different even without its colour."""
    (left, top), (right, bottom) = _ends(box)
    arm = max(6, (right - left) // 5)
    for x, y, along_x, along_y in (
        (left, top, 1, 1),
        (right, top, -1, 1),
        (left, bottom, 1, -1),
        (right, bottom, -1, -1),
    ):
        cv2.line(picture, (x, y), (x + along_x * arm, y), colour, 2, cv2.LINE_AA)
        cv2.line(picture, (x, y), (x, y + along_y * arm), colour, 2, cv2.LINE_AA)


def _draw_label(picture: RgbPicture, box: Box, text: str, colour: tuple[int, int, int]) -> None:
    (left, top), _ = _ends(box)
    scale = 0.5 if picture.shape[1] <= 960 else 0.7
    (wide, high), _ = cv2.getTextSize(text, _FONT, scale, 1)
    # Inside the picture, also where the box is not.
    x = int(np.clip(left, 0, max(0, picture.shape[1] - wide - 8)))
    y = top if top - high - 10 >= 0 else high + 10
    cv2.rectangle(picture, (x, y - high - 10), (x + wide + 8, y), colour, cv2.FILLED)
    cv2.putText(picture, text, (x + 4, y - 5), _FONT, scale, _WHITE, 1, cv2.LINE_AA)


def _bars(picture: RgbPicture, observation: Observation) -> None:
    if observation.steady is None:
        return
    (left, top), (right, _) = _ends(observation.box)
    x = right + 6 if right + 6 + 130 <= picture.shape[1] else max(0, left - 136)
    styles = label_styles(observation.steady.scheme.labels)
    for row, label in enumerate(observation.steady.scheme.labels):
        y = top + 12 + row * _BAR_GAP_PX
        if not 0 <= y < picture.shape[0]:
            continue
        colour, text = _rgb(styles[label].colour), capitalised(label)
        length = round(_BAR_PX * observation.steady[label])
        cv2.rectangle(picture, (x, y - 9), (x + _BAR_PX, y + 1), (40, 40, 40), cv2.FILLED)
        cv2.rectangle(picture, (x, y - 9), (x + length, y + 1), colour, cv2.FILLED)
        cv2.putText(picture, text, (x + _BAR_PX + 4, y), _FONT, 0.4, (0, 0, 0), 3, cv2.LINE_AA)
        cv2.putText(picture, text, (x + _BAR_PX + 4, y), _FONT, 0.4, _WHITE, 1, cv2.LINE_AA)


def _ends(box: Box) -> tuple[tuple[int, int], tuple[int, int]]:
    return (round(box.left), round(box.top)), (round(box.right), round(box.bottom))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
