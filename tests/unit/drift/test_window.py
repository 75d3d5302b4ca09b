"""Selection of the sessions of a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from core.domain import CONFIDENT2, SourceKind
from core.drift import (
    NO_PREDICTION,
    ClassMix,
    SessionColumns,
    columns_of_pictures,
    measure,
    newest_session,
    sessions_of_days,
    source_of,
    watched_sessions,
    window_of,
    window_of_main_model,
)
from core.drift.quantity import Quantity
from core.sessions import SessionEntry
from tests.drift_columns import make_columns, make_numbers, make_reference
from tests.make import BEGAN_AT, make_session

COLUMNS = make_columns(np.random.default_rng(1), 1234)


def entry(name, days_ago):
    began_at = BEGAN_AT - timedelta(days=days_ago)
    return SessionEntry(make_session(name, began_at=began_at), 10, 1.0, began_at)


NEW, OLD, OLDEST = ENTRIES = [entry("new", 1), entry("old", 10), entry("oldest", 90)]


def test_the_newest_is_taken_but_for_those_of_the_reference():
    assert newest_session(ENTRIES) == [NEW]
    assert newest_session(ENTRIES, other_than=("new",)) == [OLD]
    assert newest_session(ENTRIES, other_than=("new", "old", "oldest")) == [NEW]
    assert newest_session([]) == []


def test_a_period_ends_now():
    assert sessions_of_days(ENTRIES, days=7, now=BEGAN_AT) == [NEW]
    assert sessions_of_days(ENTRIES, days=30, now=BEGAN_AT) == [NEW, OLD]
    assert sessions_of_days(ENTRIES, days=7, now=BEGAN_AT + timedelta(days=30)) == []


def test_a_source_says_how_many_and_when():
    assert source_of([NEW], COLUMNS) == "1 session of 20 Nov 2026, 1,234 seconds of faces."
    assert source_of(ENTRIES, COLUMNS) == (
        "3 sessions from 23 Aug 2026 to 20 Nov 2026, 1,234 seconds of faces."
    )


def read_by(model, *, rows=100, surer=1.0, seed=3):
    columns_given = make_columns(np.random.default_rng(seed), rows, times={"confidence": surer})
    return SessionColumns(model, columns_given)


def two_classes(model, rows=100):
    rng = np.random.default_rng(4)
    mix = ClassMix(CONFIDENT2, rng.integers(0, 2, rows))
    return SessionColumns(model, columns_of_pictures(make_numbers(rng, rows), mix))


def test_another_models_confidence_raises_no_alarm():
    reference = replace(make_reference(), model="compact")
    unsure = read_by("first-try", rows=300, surer=0.5)
    assert [one.quantity for one in measure(reference, unsure.columns).alarms] == [
        Quantity.CONFIDENCE
    ]
    window = window_of([unsure], reference)
    report = measure(reference, window.columns)
    assert report.alarms == ()
    assert window.left_out == ("first-try",)
    reasons = {one.quantity: one.why for one in report.not_judged}
    assert reasons == dict.fromkeys(
        (Quantity.CONFIDENCE, Quantity.CLASS_MIX), "compact classified none of it"
    )


def test_light_and_size_count_for_every_model():
    reference = replace(make_reference(), model="compact")
    window = window_of([read_by("compact"), read_by("other"), two_classes("third")], reference)
    assert len(window.columns) == 300
    assert window.left_out == ("other", "third")
    assert np.isfinite(window.columns.numbers[Quantity.BRIGHTNESS]).all()
    predicted = window.columns.tops != NO_PREDICTION
    assert predicted.tolist() == [True] * 100 + [False] * 200
    assert np.isfinite(window.columns.numbers[Quantity.CONFIDENCE]).tolist() == predicted.tolist()


def test_a_reference_that_names_no_model_takes_all_of_its_labels():
    window = window_of([read_by("one"), read_by("two"), two_classes("three")], make_reference())
    assert window.left_out == ("three",)
    assert (window.columns.tops != NO_PREDICTION).sum() == 200


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_a_reference_is_made_of_the_labels_of_the_model_that_classified_most(order):
    parts = [read_by("one", rows=50), two_classes("two", rows=120), read_by("one", rows=60)]
    model, window = window_of_main_model(parts[order])
    assert model == "two"
    assert window.left_out == ("one",)
    assert window.columns.labels == CONFIDENT2.labels


def test_no_session_makes_an_empty_window():
    model, window = window_of_main_model([])
    assert (model, len(window.columns), window.left_out) == ("", 0, ())


def test_a_notice_looks_at_ended_sessions_of_the_newest_ones_model():
    def of(name, days_ago, **changed):
        made = entry(name, days_ago)
        session = replace(made.session, ended_at=made.session.began_at, **changed)
        return replace(made, session=session)

    demo = of("demo", 0.1, source=SourceKind.DEMO)
    running = replace(entry("running", 0), last_write_at=BEGAN_AT)
    new, other = of("new", 1), of("other", 2, card_name="other")
    alike, empty, old = of("alike", 3), replace(of("empty", 4), rows=0), of("old", 30)
    everything = [running, demo, new, other, alike, empty, old]
    assert watched_sessions(everything, now=BEGAN_AT) == [new, alike]
    assert watched_sessions([demo], now=BEGAN_AT) == []
