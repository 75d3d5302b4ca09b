"""Speech, pauses and steadiness follow from levels; what was not measured has no figure."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.sound_levels import SoundLevels
from core.practice import (
    SOUND_REASON_TEXT,
    MouthMovement,
    SoundFigures,
    SoundReason,
    pauses_of,
    sound_figures,
    speech_of,
)

ROOM_DB, VOICE_DB = -60.0, -25.0


def heard(*stretches: tuple[float, float]) -> SoundLevels:
    """Stretches of a level one after the other: seconds, dBFS. A level of NaN is not measured."""
    level_db = np.concatenate([np.empty(0), *(np.full(round(s * 10), db) for s, db in stretches)])
    time_s = (np.arange(len(level_db)) + 0.5) / 10
    known = ~np.isnan(level_db)
    return SoundLevels(time_s[known], level_db[known].astype(np.float32))


def figures(*stretches: tuple[float, float], mouth: MouthMovement | None = None) -> SoundFigures:
    length_s = sum(seconds for seconds, _ in stretches)
    return sound_figures(heard(*stretches), length_s, mouth)


def test_an_answer_with_two_pauses() -> None:
    found = figures(
        (1.5, ROOM_DB), (4, VOICE_DB), (0.8, ROOM_DB), (2, VOICE_DB), (2.2, ROOM_DB), (1, VOICE_DB)
    )
    assert found == SoundFigures(
        measured_share=1.0,
        reason=None,
        speaking_share=pytest.approx(7 / 11.5),
        pauses=2,
        longest_pause_s=2.2,
        first_word_s=1.5,
        loudness_sd_db=pytest.approx(0.0),
    )


def test_silences_before_the_first_and_after_the_last_word_are_no_pauses() -> None:
    found = figures((3, ROOM_DB), (2, VOICE_DB), (4, ROOM_DB))
    assert (found.pauses, found.longest_pause_s, found.first_word_s) == (0, None, 3.0)


@pytest.mark.parametrize(("silent_s", "pauses"), [(0.1, 0), (0.2, 0), (0.3, 1), (0.4, 1)])
def test_a_silence_below_a_quarter_of_a_second_belongs_to_the_speech(
    silent_s: float, pauses: int
) -> None:
    found = figures((2, ROOM_DB), (2, VOICE_DB), (silent_s, ROOM_DB), (2, VOICE_DB))
    assert found.pauses == pauses
    assert found.speaking_share == pytest.approx((4 if pauses else 4 + silent_s) / (6 + silent_s))


def test_a_click_is_no_speech_and_two_tenths_are() -> None:
    assert figures((5, ROOM_DB), (0.1, VOICE_DB), (4.9, ROOM_DB)).speaking_share == 0
    assert figures((5, ROOM_DB), (0.2, VOICE_DB), (4.8, ROOM_DB)).first_word_s == 5.0


def test_one_word_in_a_long_answer_is_found_and_a_knock_is_not() -> None:
    found = figures((80, ROOM_DB), (0.4, VOICE_DB), (99.6, ROOM_DB))
    assert (found.first_word_s, found.speaking_share) == (80.0, pytest.approx(0.4 / 180))
    knocks = [(20, ROOM_DB), (0.1, VOICE_DB)] * 8
    assert figures(*knocks).reason is SoundReason.NOTHING_SPOKEN


def test_a_level_that_hovers_at_the_threshold_does_not_flicker() -> None:
    """Threshold: 15.9 dB below the active level, here about -41; 3 dB more begin to be speech."""
    hovering = [(0.4, -40.0), (0.4, -42.5)] * 4
    found = figures((2, ROOM_DB), *hovering, (2, ROOM_DB), (20, VOICE_DB), (2, ROOM_DB))
    assert (found.first_word_s, found.pauses) == (7.2, 0)


def test_someone_who_speaks_without_a_pause_speaks_all_the_time() -> None:
    """Levels of syllables, with a short closure every second."""
    sounds = [(0.4, -22.0), (0.3, -30.0), (0.2, -26.0), (0.1, -48.0)] * 20
    found = figures(*sounds[:-1])
    assert (found.speaking_share, found.pauses, found.first_word_s) == (1.0, 0, 0.0)


def test_a_microphone_that_gives_silence_has_a_reason_instead_of_figures() -> None:
    found = figures((10, -100.0))
    assert found == SoundFigures(1.0, SoundReason.SILENT_MICROPHONE)
    assert SOUND_REASON_TEXT[SoundReason.SILENT_MICROPHONE] == "The microphone gave silence."


def test_steady_noise_is_no_speech_however_loud() -> None:
    level_db = -20 + np.random.default_rng(3).normal(0, 1, 200)
    levels = SoundLevels((np.arange(200) + 0.5) / 10, level_db.astype(np.float32))
    found = sound_figures(levels, 20.0)
    assert (found.reason, found.speaking_share) == (SoundReason.NOTHING_SPOKEN, 0.0)
    assert (found.pauses, found.first_word_s, found.loudness_sd_db) == (0, None, None)


@pytest.mark.parametrize("colour", [0.0, 0.5, 1.0], ids=["white", "pink", "brown"])
def test_noise_of_a_room_is_no_speech_in_whatever_colour(colour: float) -> None:
    """Above 80 Hz, as the browser measures it."""
    rate, seconds = 8_000, 60
    spectrum = np.fft.rfft(np.random.default_rng(4).normal(size=rate * seconds))
    hertz = np.arange(len(spectrum)) / seconds
    spectrum *= np.where(hertz < 80, 0, np.maximum(hertz, 80) ** -colour)
    tenths = np.fft.irfft(spectrum).reshape(-1, rate // 10)
    level_db = 10 * np.log10((tenths**2).mean(axis=1))
    levels = SoundLevels(
        (np.arange(len(level_db)) + 0.5) / 10, (level_db - level_db.max() - 20).astype(np.float32)
    )
    assert sound_figures(levels, seconds).reason is SoundReason.NOTHING_SPOKEN


def test_without_a_microphone_nothing_has_a_figure() -> None:
    assert sound_figures(None, 30.0) == SoundFigures(0.0, SoundReason.NOT_MEASURED)
    assert sound_figures(heard(), 0.0) == SoundFigures(0.0, SoundReason.NOT_MEASURED)


def test_less_than_half_of_an_answer_has_no_figure() -> None:
    found = figures((1, ROOM_DB), (3.9, VOICE_DB), (5.1, np.nan))
    assert found == SoundFigures(pytest.approx(0.49), SoundReason.TOO_LITTLE)
    assert figures((2, ROOM_DB), (3.1, VOICE_DB), (4.9, np.nan)).first_word_s == 2.0


def test_shares_are_of_what_was_measured() -> None:
    found = figures((3, ROOM_DB), (3, VOICE_DB), (4, np.nan))
    assert (found.measured_share, found.speaking_share) == (0.6, 0.5)


def test_a_silence_that_a_gap_touches_is_no_pause_and_a_missing_tenth_changes_nothing() -> None:
    parts = ((1, ROOM_DB), (3, VOICE_DB), (1, ROOM_DB))
    assert figures(*parts, (1, np.nan), (1, ROOM_DB), (3, VOICE_DB)).pauses == 0
    found = figures(*parts, (0.2, np.nan), (1, ROOM_DB), (3, VOICE_DB))
    assert (found.pauses, found.longest_pause_s) == (1, 2.2)


def test_the_first_word_is_not_known_where_the_microphone_came_later() -> None:
    late = ((1, ROOM_DB), (3, VOICE_DB))
    assert figures((1.1, np.nan), *late).first_word_s is None
    assert figures((1.0, np.nan), *late).first_word_s == pytest.approx(2.0)
    in_a_word = ((3, VOICE_DB), (3, ROOM_DB))
    assert figures((0.3, np.nan), *in_a_word).first_word_s is None
    assert figures((0.2, np.nan), *in_a_word).first_word_s == pytest.approx(0.2)


def test_loudness_that_falls_is_less_steady() -> None:
    room = (3, ROOM_DB)
    falling = figures(room, *[(0.5, VOICE_DB - step) for step in range(10)]).loudness_sd_db
    assert falling == pytest.approx(np.arange(10).std())
    assert figures(room, (5, VOICE_DB)).loudness_sd_db == pytest.approx(0.0)
    assert figures(room, (1.9, VOICE_DB)).loudness_sd_db is None


def test_pauses_can_be_asked_for_by_their_length() -> None:
    levels = heard((1, VOICE_DB), (0.5, ROOM_DB), (1, VOICE_DB), (3, ROOM_DB), (1, VOICE_DB))
    speech = speech_of(levels, 6.5)
    assert pauses_of(speech) == ((1.0, 1.5), (2.5, 5.5))
    assert pauses_of(speech, at_least_s=2.0) == ((2.5, 5.5),)


def mouth(*stretches: tuple[float, float]) -> MouthMovement:
    """Whether the mouth moved in the 3 s before, four times a second."""
    moving = np.concatenate([np.full(round(s * 4), value) for s, value in stretches])
    return MouthMovement((np.arange(len(moving)) + 1) / 4, moving, window_s=3.0)


def test_level_and_mouth_agree_where_both_say_the_same() -> None:
    parts = ((10, ROOM_DB), (10, VOICE_DB))
    # Half of the three seconds before 11.5 s are spoken.
    agreeing = mouth((11.25, 0), (8.75, 1))
    assert figures(*parts, mouth=agreeing).mouth_agreement == 1.0
    assert figures(*parts, mouth=mouth((11.25, 1), (8.75, 0))).mouth_agreement == 0.0
    still = figures(*parts, mouth=mouth((20, 0))).mouth_agreement
    assert still == pytest.approx(0.5, abs=0.03)


def test_agreement_is_of_moments_in_which_both_were_measured() -> None:
    parts = ((4, ROOM_DB), (4, VOICE_DB), (1, np.nan), (4, VOICE_DB))
    wrong_where_unknown = mouth((5.25, 0), (2.75, 1), (3.75, 0), (1.25, 1))
    assert figures(*parts, mouth=wrong_where_unknown).mouth_agreement == 1.0
    unknown = mouth((13, np.nan))
    assert figures(*parts, mouth=unknown).mouth_agreement is None
    assert figures((2, ROOM_DB), (0.9, VOICE_DB), mouth=mouth((2.9, 1))).mouth_agreement is None


def test_every_movement_of_the_mouth_has_a_time() -> None:
    with pytest.raises(ValueError, match="each time"):
        MouthMovement(np.zeros(2), np.zeros(3), 3.0)


def test_every_reason_has_a_sentence() -> None:
    assert set(SOUND_REASON_TEXT) == set(SoundReason)
