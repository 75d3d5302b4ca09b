"""The colour and line style of each label, the same on every chart, report and video."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

# Searched for, not picked: each is at least 3:1 against white and against the dark theme
# (WCAG 2.1, 1.4.11), and any two differ by at least 20 in CIE L*a*b* for normal sight, protanopia,
# deuteranopia and tritanopia (Machado et al. 2009). tests/pages/shell/test_theme.py measures
# it again.
EXPRESSION_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "angry": "#B53F2A",
        "disgust": "#34A464",
        "fear": "#8A2AFF",
        "happy": "#BA8B0C",
        "sad": "#5A86FF",
        "surprise": "#C624A7",
        "neutral": "#717274",
    }
)
_EIGHTH = "#AC0AC2"

NOT_SURE_COLOUR = "#7C8794"
"""For no face, not usable, and not sure."""

FACE_COLOURS = ("#1F6FB2", "#A8480F", "#7A3E9D", "#2F7D4F", "#9E2A5B", "#5C5F00", "#2B6F77")
"""For boxes and per-face lines: each at least 4.5:1 under white text."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""Plotly's line styles: lines differ by style as well as by colour."""


class LabelStyle(NamedTuple):
    """Colour and line style of a label.

    Attributes:
        colour: hexadecimal.
        dash: of lines, one of `DASHES`.
    """

    colour: str
    dash: str


# Eight colours, each with the line style of its first label. Labels without a style of their own
# take the free ones in this order: the first few have the largest distances possible (54.9 of two,
# 42.9 of three, 31.9 of four), and grey, which reads as "not sure", comes last.
_STYLES = (
    LabelStyle(EXPRESSION_COLOURS["disgust"], "dashdot"),
    LabelStyle(EXPRESSION_COLOURS["fear"], "dash"),
    LabelStyle(EXPRESSION_COLOURS["surprise"], "longdash"),
    LabelStyle(EXPRESSION_COLOURS["happy"], "solid"),
    LabelStyle(EXPRESSION_COLOURS["sad"], "solid"),
    LabelStyle(EXPRESSION_COLOURS["angry"], "solid"),
    LabelStyle(_EIGHTH, "longdashdot"),
    LabelStyle(EXPRESSION_COLOURS["neutral"], "dot"),
)

# Index of the style that a label has wherever it is free. Labels of merged classes take those of
# the expressions that most of their pictures show.
_OWN_STYLES = {
    "disgust": 0,
    "fear": 1,
    "surprise": 2,
    "happy": 3,
    "sad": 4,
    "angry": 5,
    "neutral": 7,
    "confident": 3,
    "stressed": 1,
    "reserved": 1,
    "balanced": 0,
    "expressive": 2,
}


def label_styles(labels: Sequence[str]) -> Mapping[str, LabelStyle]:
    """The style of each label of a set, all different.

    Up to eight labels differ in colour, by at least 20 in CIE L*a*b* for every kind of colour
    vision; up to 48 in colour or line style. Expressions keep their own style in every set.

    Args:
        labels: distinct, in the order of their scheme.
    """
    return _label_styles(tuple(labels))


@lru_cache(maxsize=256)
def _label_styles(labels: tuple[str, ...]) -> Mapping[str, LabelStyle]:
    styles: dict[str, int] = {}
    for label in sorted(labels, key=lambda one: one not in EXPRESSION_COLOURS):
        style = _OWN_STYLES.get(label)
        if style is not None and style not in styles.values():
            styles[label] = style
    free = [at for at in range(len(_STYLES)) if at not in styles.values()]
    others = [label for label in labels if label not in styles]
    # Beyond eight, every colour is used again, in another line style each time.
    more = range(len(_STYLES), len(_STYLES) + len(others))
    styles |= dict(zip(others, [*free, *more], strict=False))
    return MappingProxyType({label: _style_at(styles[label]) for label in labels})


def _style_at(index: int) -> LabelStyle:
    again, at = divmod(index, len(_STYLES))
    first = _STYLES[at]
    return LabelStyle(first.colour, DASHES[(DASHES.index(first.dash) + again) % len(DASHES)])


def face_colour(track_id: int) -> str:
    """The colour of a face's number; colours repeat after the last."""
    return FACE_COLOURS[(track_id - 1) % len(FACE_COLOURS)]
