"""What a microphone's levels tell: numbers only, ten a second."""

from core.practice.sound.stored_levels import append_levels, levels_of

__all__ = ["append_levels", "levels_of"]
