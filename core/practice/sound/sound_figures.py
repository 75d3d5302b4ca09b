"""What the levels of an answer say about speaking; words are not heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.sound_levels import SoundLevels
from core.practice.sound.speech import MARGIN_DB, SoundReason, Speech, pauses_of, speech_of
from core.practice.sound.stored_levels import TENTHS_PER_S

ENOUGH_SPEECH_S = 2.0
"""Less speech than this has no steadiness."""

LATEST_BEGIN_S = 1.0
"""A microphone is opened with each answer, which takes a moment."""

SOUND_LIMITS = (
    "Only levels are measured, ten a second: no sound is kept, words are not transcribed, and what "
    "was said is not judged.",
    "Whatever is clearly louder than the room counts as speech, such as music, a cough, a question "
    "that is read aloud, or another person; where the mouth and the level disagree, somebody else "
    "may be speaking.",
    "Where the voice is less than 12 dB above the noise of the room, pauses and the first word may "
    "be wrong, or no speech is found.",
    "Silences below 0.3 s are part of speaking, and lengths are exact to a tenth of a second.",
    "Loudness follows the distance to the microphone: its steadiness is that of the level there.",
)
"""What the figures of sound cannot tell."""

SOUND_REASON_TEXT = {
    SoundReason.NOT_MEASURED: "No microphone was used.",
    SoundReason.TOO_LITTLE: "The microphone was measured for less than half of the answer.",
    SoundReason.SILENT_MICROPHONE: "The microphone gave silence.",
    SoundReason.NOTHING_SPOKEN: "Nothing rose clearly above the noise of the room.",
}


@dataclass(frozen=True, eq=False)
class MouthMovement:
    """Whether the mouth moves, as a camera sees it.

    Attributes:
        time_s: float64 `(n,)`, seconds of the answer, increasing.
        moving: float64 `(n,)`, 1 or 0; NaN where it is not known.
        window_s: each value is of so many seconds before its time.
    """

    time_s: NDArray[np.float64]
    moving: NDArray[np.float64]
    window_s: float

    def __post_init__(self) -> None:
        if self.time_s.shape != self.moving.shape or self.window_s <= 0:
            raise ValueError("there is one value for each time, of a window")


@dataclass(frozen=True)
class SoundFigures:
    """Of one answer; None where it was not measured, or cannot be said.

    Attributes:
        measured_share: of the answer, in [0, 1].
        reason: why figures are None, or no speech was found; None otherwise.
        speaking_share: tenths with speech, of the measured ones.
        pauses: number of silences of at least `PAUSE_S` between two stretches of speech.
        longest_pause_s: of them; None without any.
        first_word_s: from the answer's begin to the first speech; None also where more than
            `LATEST_BEGIN_S` before it was not measured, or the microphone began in the middle of a
            word.
        loudness_sd_db: standard deviation of the level while speaking: less is steadier.
        mouth_agreement: share of moments in which level and mouth agree on whether the person
            speaks: over the mouth's window, the level has speech in at least half of it.
    """

    measured_share: float
    reason: SoundReason | None = None
    speaking_share: float | None = None
    pauses: int | None = None
    longest_pause_s: float | None = None
    first_word_s: float | None = None
    loudness_sd_db: float | None = None
    mouth_agreement: float | None = None


def sound_figures(
    levels: SoundLevels | None, length_s: float, mouth_moving: MouthMovement | None = None
) -> SoundFigures:
    """The figures of an answer's sound.

    Args:
        levels: in seconds of the answer; None without a microphone.
        length_s: of the answer.
        mouth_moving: what the camera saw; None where it saw no mouth.
    """
    speech = speech_of(levels, length_s)
    if speech.reason not in {None, SoundReason.NOTHING_SPOKEN}:
        return SoundFigures(speech.measured_share, speech.reason)
    pauses = pauses_of(speech)
    return SoundFigures(
        measured_share=speech.measured_share,
        reason=speech.reason,
        speaking_share=float(np.nanmean(speech.spoken)),
        pauses=len(pauses),
        longest_pause_s=max((round(end - begin, 1) for begin, end in pauses), default=None),
        first_word_s=_first_word_s(speech),
        loudness_sd_db=_loudness_sd_db(speech),
        mouth_agreement=None if mouth_moving is None else _agreement(speech, mouth_moving),
    )


def _first_word_s(speech: Speech) -> float | None:
    (at,) = np.flatnonzero(speech.spoken == 1)[:1].tolist() or [None]
    if at is None:
        return None
    missing = int(np.isnan(speech.spoken[:at]).sum())
    is_in_a_word = missing > 2 and missing == at
    if is_in_a_word or missing > LATEST_BEGIN_S * TENTHS_PER_S:
        return None
    return float(at / TENTHS_PER_S)


def _loudness_sd_db(speech: Speech) -> float | None:
    spoken = speech.level_db[speech.spoken == 1]
    if len(spoken) < ENOUGH_SPEECH_S * TENTHS_PER_S:
        return None
    active_db = 10 * np.log10(np.mean(10 ** (spoken / 10)))
    return float(spoken[spoken >= active_db - MARGIN_DB].std())  # without the gaps between sounds


def _agreement(speech: Speech, mouth: MouthMovement) -> float | None:
    """See `SoundFigures.mouth_agreement`; of windows that were measured completely."""
    tenths = round(mouth.window_s * TENTHS_PER_S)
    ends = np.floor(mouth.time_s * TENTHS_PER_S + 1e-6).astype(np.int64)
    inside = (ends >= tenths) & (ends <= len(speech.spoken)) & ~np.isnan(mouth.moving)
    ends, moving = ends[inside], mouth.moving[inside]
    sums = np.concatenate([[0.0], np.cumsum(np.nan_to_num(speech.spoken))])
    gaps = np.concatenate([[0], np.cumsum(np.isnan(speech.spoken))])
    is_known = gaps[ends] == gaps[ends - tenths]
    if not is_known.any():
        return None
    speaks = (sums[ends] - sums[ends - tenths]) >= tenths / 2
    return float((speaks == (moving == 1))[is_known].mean())
