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
"""For what is not judged: no face, not usable, or not sure."""

FACE_COLOURS = ("#1F6FB2", "#A8480F", "#7A3E9D", "#2F7D4F", "#9E2A5B", "#5C5F00", "#2B6F77")
"""For boxes and per-face lines: each at least 4.5:1 under white words."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""Line styles, as Plotly calls them: a second way to tell lines apart."""


class Look(NamedTuple):
    """How a label is drawn.

    Attributes:
        colour: hexadecimal.
        dash: of lines, one of `DASHES`.
    """

    colour: str
    dash: str


# Places for labels: eight colours, each with the line style of its first label. Those that nobody
# named are filled in this order: the first few are as far apart as any (54.9 of two, 42.9 of
# three, 31.9 of four), and grey, which reads as "not sure", comes last.
_PLACES = (
    Look(EXPRESSION_COLOURS["disgust"], "dashdot"),
    Look(EXPRESSION_COLOURS["fear"], "dash"),
    Look(EXPRESSION_COLOURS["surprise"], "longdash"),
    Look(EXPRESSION_COLOURS["happy"], "solid"),
    Look(EXPRESSION_COLOURS["sad"], "solid"),
    Look(EXPRESSION_COLOURS["angry"], "solid"),
    Look(_EIGHTH, "longdashdot"),
    Look(EXPRESSION_COLOURS["neutral"], "dot"),
)

# The place that a label has wherever it is free. Two classes take those of the expressions that
# stand for most of them.
_OWN_PLACES = {
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


def looks_of(labels: Sequence[str]) -> Mapping[str, Look]:
    """How each label of a set is drawn: no two alike.

    Up to eight labels differ in colour, by at least 20 in CIE L*a*b* for every kind of sight; up to
    48 in colour or line style. Expressions keep their own look in every set.

    Args:
        labels: distinct, in the order of their scheme.
    """
    return _looks_of(tuple(labels))


@lru_cache(maxsize=256)
def _looks_of(labels: tuple[str, ...]) -> Mapping[str, Look]:
    places: dict[str, int] = {}
    for label in sorted(labels, key=lambda one: one not in EXPRESSION_COLOURS):
        place = _OWN_PLACES.get(label)
        if place is not None and place not in places.values():
            places[label] = place
    free = [at for at in range(len(_PLACES)) if at not in places.values()]
    others = [label for label in labels if label not in places]
    # Beyond eight, every place is taken again, in another line style each time.
    more = range(len(_PLACES), len(_PLACES) + len(others))
    places |= dict(zip(others, [*free, *more], strict=False))
    return MappingProxyType({label: _look_at(places[label]) for label in labels})


def _look_at(place: int) -> Look:
    again, at = divmod(place, len(_PLACES))
    first = _PLACES[at]
    return Look(first.colour, DASHES[(DASHES.index(first.dash) + again) % len(DASHES)])


def face_colour(track_id: int) -> str:
    """The colour of a face's number; it comes back after as many faces as there are colours."""
    return FACE_COLOURS[(track_id - 1) % len(FACE_COLOURS)]
