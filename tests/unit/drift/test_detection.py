"""Drift detection: what raises an alarm, and its sentences."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from core.domain import CONFIDENT2
from core.domain.errors import PlanError
from core.drift import (
    MIN_ROWS,
    ClassMix,
    DriftReference,
    columns_of_pictures,
    measure,
    reference_from_columns,
)
from core.drift.drift_report import DriftVerdict
from core.drift.quantity import Change, Quantity
from tests.drift_columns import (
    OTHER_MIX,
    make_columns,
    make_correlated,
    make_numbers,
    make_reference,
)
from tests.make import BEGAN_AT

WINDOWS = 200
SCRIPTED = [
    ({"times": {"brightness": 0.7}}, Quantity.BRIGHTNESS, Change.LOWER, "Darker"),
    ({"times": {"contrast": 0.6}}, Quantity.CONTRAST, Change.LOWER, "Lower contrast"),
    ({"times": {"blur": 0.5}}, Quantity.BLUR, Change.LOWER, "Blurrier"),
    ({"times": {"face_px": 0.6}}, Quantity.FACE_PX, Change.LOWER, "Smaller faces"),
    ({"plus": {"yaw": 20.0}}, Quantity.YAW, Change.HIGHER, "Heads turned further to the picture"),
    ({"plus": {"pitch": -12.0}}, Quantity.PITCH, Change.LOWER, "Heads lower"),
    ({"times": {"roll": 3.0}}, Quantity.ROLL, Change.MORE_VARIED, "More varied"),
    ({"times": {"confidence": 0.75}}, Quantity.CONFIDENCE, Change.LOWER, "Lower confidence"),
    ({"mix": OTHER_MIX}, Quantity.CLASS_MIX, Change.MIX, "Different from"),
]


@cache
def usual() -> DriftReference:
    return make_reference()


@pytest.mark.parametrize("rows", [60, 300])
@pytest.mark.parametrize(("changed", "quantity", "change", "words"), SCRIPTED)
def test_each_change_raises_its_own_alarm_and_no_other(changed, quantity, change, words, rows):
    report = measure(usual(), make_columns(np.random.default_rng(5), rows, **changed))
    assert [one.quantity for one in report.alarms] == [quantity]
    assert report.alarms[0].change is change
    assert report.alarms[0].sentence.startswith(words)
    assert report.verdict is DriftVerdict.DRIFT
    assert report.sentence.startswith("Drift found")


@pytest.mark.parametrize("window", [30, 300])
@pytest.mark.parametrize("learned", [50, 3000])
def test_of_unchanged_windows_at_most_one_in_twenty_raises_any_alarm(learned, window):
    rng = np.random.default_rng(2026)
    alarmed = 0
    for number in range(WINDOWS):
        if number % 10 == 0:
            reference = make_reference(make_columns(rng, learned))
        alarmed += bool(measure(reference, make_columns(rng, window)).alarms)
    assert alarmed <= 0.05 * WINDOWS


@pytest.mark.parametrize(("differ", "faces"), [(0.0, 1), (1.0, 8)])
def test_autocorrelated_faces_that_differ_raise_no_more_false_alarms(differ, faces):
    """Without regard to time and to faces, more than half of these windows would alarm."""
    rng = np.random.default_rng(7)
    alarmed = 0
    for number in range(WINDOWS):
        if number % 25 == 0:
            reference = usual_faces(rng, differ)
        window = make_correlated(rng, faces=faces, seconds=60, differ=differ)
        alarmed += bool(measure(reference, window).alarms)
    assert alarmed <= 0.05 * WINDOWS


def usual_faces(rng, differ) -> DriftReference:
    """Some draw of faces is now and then too uneven for a reference; the next one is not."""
    for _ in range(20):
        try:
            learned = make_correlated(rng, faces=30, seconds=60, differ=differ)
            return reference_from_columns("faces", learned, source="", made_at=BEGAN_AT)
        except PlanError:
            continue
    raise AssertionError("no reference in twenty draws")


def test_many_dark_faces_are_noticed_though_faces_differ():
    rng = np.random.default_rng(8)
    window = make_correlated(rng, faces=8, seconds=60, differ=1.0)
    dark = replace(
        window,
        numbers={**window.numbers, Quantity.BRIGHTNESS: window.numbers[Quantity.BRIGHTNESS] - 5},
    )
    report = measure(usual_faces(rng, 1.0), dark)
    assert [one.quantity for one in report.alarms] == [Quantity.BRIGHTNESS]


def test_one_face_is_not_enough_where_faces_differ_much():
    rng = np.random.default_rng(9)
    report = measure(usual_faces(rng, 3.0), make_correlated(rng, faces=1, seconds=600, differ=3.0))
    assert report.verdict is DriftVerdict.TOO_FEW_SAMPLES
    assert all("600 samples of 1 face are so correlated" in one.why for one in report.not_judged)


def test_too_few_rows_are_refused_with_both_numbers():
    report = measure(usual(), make_columns(np.random.default_rng(1), MIN_ROWS - 1))
    assert report.verdict is DriftVerdict.TOO_FEW_SAMPLES
    assert "29 seconds" in report.sentence
    assert "30 are needed" in report.sentence
    assert report.quantities == ()


def test_an_unchanged_window_has_no_drift():
    report = measure(usual(), make_columns(np.random.default_rng(2), 500))
    assert report.verdict is DriftVerdict.NO_DRIFT
    assert report.sentence == "No drift: of 9 quantities compared, none differs significantly."
    assert {one.change for one in report.quantities} == {Change.NONE}
    assert all(
        one.sentence.startswith("Similar to the training data: ") for one in report.quantities
    )


def test_the_sentence_names_both_medians():
    report = measure(
        usual(), make_columns(np.random.default_rng(3), 2000, times={"brightness": 0.6})
    )
    assert report.quantities[0].sentence == (
        "Darker than the training data: median brightness 0.30, was 0.49."
    )


def test_values_within_the_reference_are_no_drift():
    rng = np.random.default_rng(4)
    calm = make_numbers(rng, 300) | {"yaw": rng.normal(4, 2, 300)}
    report = measure(usual(), columns_of_pictures(calm))
    assert [one.change for one in report.alarms] == [Change.LESS_VARIED]
    assert report.verdict is DriftVerdict.LESS_VARIED
    assert report.sentence.startswith(
        "No drift: head turn varies less than in the training data, and stays within its range."
    )
    assert "Less varied" in report.alarms[0].sentence


def test_every_alarm_of_the_table_is_named_in_the_headline():
    rng = np.random.default_rng(4)
    mixed = make_numbers(rng, 300) | {
        "yaw": rng.normal(4, 2, 300),  # in the midst of what was learned
        "brightness": rng.beta(6, 6, 300) * 0.5,
    }
    report = measure(usual(), columns_of_pictures(mixed))
    assert {one.change for one in report.alarms} == {Change.LESS_VARIED, Change.LOWER}
    assert report.sentence == (
        "Drift found: brightness. "
        "Head turn varies less than in the training data, and stays within its range."
    )


def test_confidence_that_is_low_throughout_is_never_harmless():
    rng = np.random.default_rng(4)
    unsure = make_numbers(rng, 300) | {"confidence": rng.uniform(0.42, 0.5, 300)}
    report = measure(usual(), columns_of_pictures(unsure))
    assert [one.change for one in report.alarms] == [Change.LOWER]


def test_constant_confidence_within_the_quartiles_is_no_drift():
    rng = np.random.default_rng(4)
    even = make_numbers(rng, 300) | {"confidence": rng.uniform(0.62, 0.7, 300)}
    report = measure(usual(), columns_of_pictures(even))
    assert [one.change for one in report.alarms] == [Change.LESS_VARIED]


def test_what_the_reference_lacks_is_named():
    lit = make_reference(columns_of_pictures({"brightness": np.linspace(0.2, 0.8, 200)}))
    report = measure(lit, make_columns(np.random.default_rng(5), 100))
    assert [one.quantity for one in report.quantities] == [Quantity.BRIGHTNESS]
    assert {one.quantity for one in report.not_judged} == set(Quantity) - {Quantity.BRIGHTNESS}
    assert {one.why for one in report.not_judged} == {"the reference has too few samples of it"}
    assert "Not compared: contrast, sharpness" in report.sentence


def test_what_was_not_measured_on_either_side_is_not_mentioned():
    numbers = {"brightness": np.linspace(0.2, 0.8, 200)}
    report = measure(make_reference(columns_of_pictures(numbers)), columns_of_pictures(numbers))
    assert report.not_judged == ()
    assert report.sentence == "No drift: of one quantity compared, none differs significantly."


def test_what_the_window_lacks_is_named():
    dark = columns_of_pictures({"brightness": np.linspace(0.2, 0.8, 200)})
    assert {one.why for one in measure(usual(), dark).not_judged} == {"it was not measured here"}


def test_another_models_labels_and_confidence_are_not_compared():
    rng = np.random.default_rng(6)
    other = columns_of_pictures(
        make_numbers(rng, 100), ClassMix(CONFIDENT2, rng.integers(0, 2, 100))
    )
    report = measure(usual(), other)
    assert {one.quantity for one in report.not_judged} == {Quantity.CONFIDENCE, Quantity.CLASS_MIX}
    assert "other classes" in report.not_judged[0].why


def test_sessions_are_called_the_reference_and_not_training_data():
    of_sessions = replace(usual(), session_ids=("one",))
    report = measure(of_sessions, make_columns(np.random.default_rng(2), 100))
    assert report.quantities[0].sentence.startswith("Similar to the reference: ")
