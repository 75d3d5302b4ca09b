"""What a microphone's levels tell: numbers only, ten a second."""

from core.practice.sound.sound_figures import (
    SOUND_LIMITS,
    SOUND_REASON_TEXT,
    MouthMovement,
    SoundFigures,
    sound_figures,
)
from core.practice.sound.speech import PAUSE_S, SoundReason, Speech, pauses_of, speech_of
from core.practice.sound.stored_levels import TENTHS_PER_S, append_levels, levels_of

__all__ = [
    "PAUSE_S",
    "SOUND_LIMITS",
    "SOUND_REASON_TEXT",
    "TENTHS_PER_S",
    "MouthMovement",
    "SoundFigures",
    "SoundReason",
    "Speech",
    "append_levels",
    "levels_of",
    "pauses_of",
    "sound_figures",
    "speech_of",
]
