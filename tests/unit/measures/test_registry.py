"""The registry: every measure says what it is, what it needs, and what it cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.timeline import COLUMNS
from core.measures import MEASURES
from tests.make import make_timeline

MEASURED = [one for one in MEASURES.values() if one.compute is not None]

each = pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda one: one.id)


def test_every_measure_that_a_session_may_have_is_registered():
    assert list(MEASURES) == [
        *("facing", "eyes", "blinks", "smile", "mouth_moving", "expressiveness", "tension"),
        *("confident_stressed", "head_gestures", "engagement_index", "concentration_index"),
        *("confusion_candidate", "synchrony"),
    ]


@each
def test_a_measure_says_what_it_cannot_tell_in_one_sentence(measure):
    assert measure.limits.endswith(".")
    assert measure.limits.count(". ") == 0
    assert measure.definition.endswith(".")
    assert measure.title
    assert measure.version
    assert set(measure.reads) <= set(COLUMNS)


@each
def test_nothing_is_called_genuine_honest_or_felt(measure):
    text = f"{measure.title} {measure.definition}".lower()
    assert not {"genuine", "honest", "felt", "personality", "microexpression"} & set(text.split())


def test_each_column_of_the_session_file_belongs_to_one_measure():
    columns = [part.column for one in MEASURES.values() for part in one.parts if part.column]
    columns += [one.basis_column for one in MEASURES.values() if one.basis_column]
    assert len(columns) == len(set(columns))


@each
def test_a_measure_in_the_session_file_says_there_why_it_is_empty(measure):
    assert bool(measure.basis_column) == any(part.column for part in measure.parts)


@pytest.mark.parametrize("measure", MEASURED, ids=lambda one: one.id)
def test_a_signal_has_a_float_column_for_each_part(measure):
    timeline = make_timeline(12)
    found = measure.compute(timeline, None)
    for part in measure.parts:
        column = getattr(found, part.name)
        assert (column.shape, column.dtype) == ((len(timeline),), np.float64)


@pytest.mark.parametrize("measure", MEASURED, ids=lambda one: one.id)
def test_a_measure_of_no_rows_is_empty(measure):
    found = measure.compute(make_timeline(0), None)
    assert all(len(getattr(found, part.name)) == 0 for part in measure.parts)
