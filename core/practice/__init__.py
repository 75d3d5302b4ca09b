"""Practice: questions, what was measured of each answer, and how answers compare."""

from core.practice.sound import append_levels, levels_of

__all__ = ["append_levels", "levels_of"]
from core.practice.flow import Flow, Phase

__all__ = [
    "Flow",
    "Phase",
]
