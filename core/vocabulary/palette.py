"""The colour of each expression, the same on every chart and on the video."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Searched for, not picked: each is at least 3:1 against white and against the dark theme
# (WCAG 2.1, 1.4.11), and any two differ by at least 20 in CIE L*a*b* for normal sight, protanopia,
# deuteranopia and tritanopia (Machado et al. 2009). tests/pages/test_theme.py measures it again.
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

NOT_SURE_COLOUR = "#7C8794"
"""For what is not judged: no face, not usable, or not sure."""

FACE_COLOURS = ("#1F6FB2", "#A8480F", "#7A3E9D", "#2F7D4F", "#9E2A5B", "#5C5F00", "#2B6F77")
"""For boxes and per-face lines: each at least 4.5:1 under white words."""


def face_colour(track_id: int) -> str:
    """The colour of a face's number; it comes back after as many faces as there are colours."""
    return FACE_COLOURS[(track_id - 1) % len(FACE_COLOURS)]
