"""Laws of the figures of sound: of levels of any answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.domain.sound_levels import SoundLevels
from core.practice import SoundReason, pauses_of, sound_figures, speech_of

tenths = st.lists(st.one_of(st.none(), st.integers(-160, -40)), min_size=1, max_size=120)
"""In half decibels; None where nothing was measured."""


def levels(values: list[int | None], *, gain_db: float = 0.0, shift_s: float = 0.0) -> SoundLevels:
    at = [place for place, value in enumerate(values) if value is not None]
    known = [value / 2 + gain_db for value in values if value is not None]
    return SoundLevels((np.array(at) + 0.5) / 10 + shift_s, np.array(known, np.float32))


def answer(values: list[int | None]) -> float:
    return len(values) / 10


@given(tenths, st.integers(-9, 20))
def test_the_gain_of_the_microphone_changes_nothing(values: list[int | None], gain_db: int) -> None:
    quiet = sound_figures(levels(values), answer(values))
    loud = sound_figures(levels(values, gain_db=gain_db), answer(values))
    if quiet.loudness_sd_db is not None:
        sd_db = pytest.approx(quiet.loudness_sd_db, abs=1e-3)
        quiet = replace(quiet, loudness_sd_db=sd_db)
    assert loud == quiet


@given(st.integers(-160, 0), st.integers(1, 200), st.integers(0, 7))
def test_a_constant_level_with_a_little_noise_is_never_spoken(
    value: int, count: int, noise: int
) -> None:
    values = [min(0, value + (place * 7 % (noise + 1))) for place in range(count)]
    found = sound_figures(levels(values), answer(values))
    assert found.reason is SoundReason.NOTHING_SPOKEN
    assert (found.speaking_share, found.pauses, found.first_word_s) == (0.0, 0, None)


@given(tenths)
def test_a_missing_tenth_never_becomes_a_value(values: list[int | None]) -> None:
    speech = speech_of(levels(values), answer(values))
    missing = np.array([value is None for value in values])
    assert np.isnan(speech.spoken[missing]).all()
    assert np.isnan(speech.level_db[missing]).all()
    assert speech.measured_share == pytest.approx((~missing).mean())
    if speech.reason in {None, SoundReason.NOTHING_SPOKEN}:
        assert not np.isnan(speech.spoken[~missing]).any()


@given(tenths, st.floats(-0.049, 0.049))
def test_where_in_a_tenth_a_level_was_measured_changes_nothing(
    values: list[int | None], shift_s: float
) -> None:
    moved = levels(values, shift_s=shift_s)
    assert sound_figures(moved, answer(values)) == sound_figures(levels(values), answer(values))


@given(tenths)
@example([-40, -40, -64, None, None, -40, None, -40, -40])  # a pause of mostly missing tenths
def test_figures_lie_in_their_ranges_and_pauses_between_words(values: list[int | None]) -> None:
    length_s = answer(values)
    speech = speech_of(levels(values), length_s)
    found = sound_figures(levels(values), length_s)
    assert 0 <= found.measured_share <= 1
    if found.speaking_share is None:
        assert (found.pauses, found.longest_pause_s, found.first_word_s) == (None, None, None)
        return
    assert 0 <= found.speaking_share <= 1
    assert found.first_word_s is None or 0 <= found.first_word_s < length_s
    spans = pauses_of(speech)
    assert found.pauses == len(spans)
    for begins_s, ends_s in spans:
        first, end = round(begins_s * 10), round(ends_s * 10)
        assert speech.spoken[end] == 1
        assert not (speech.spoken[first:end] == 1).any()
    silent_s = (speech.spoken == 0).sum() / 10
    assert found.longest_pause_s is None or found.longest_pause_s <= silent_s + 0.2 * len(spans)


@given(tenths, st.integers(1, 30))
def test_silence_after_an_answer_changes_no_pause(values: list[int | None], more: int) -> None:
    """Of an answer that stays measured by half."""
    before = speech_of(levels(values), answer(values))
    after = speech_of(levels(values), answer(values) + more / 10)
    if before.reason is None and after.reason is None:
        np.testing.assert_array_equal(after.spoken[: len(values)], before.spoken)
        assert pauses_of(after) == pauses_of(before)
