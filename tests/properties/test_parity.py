"""Laws of comparing two answers about the same faces."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.conversion.checks.parity import compare, refusal_of
from core.conversion.formats import FORMATS
from tests.make import make_card

CARD = make_card()
numbers = st.floats(-30, 30, allow_nan=False, width=32)


@st.composite
def answers(draw):
    """Logits of a network and of a format, with labels, of 1 to 40 faces."""
    shape = (draw(st.integers(1, 40)), draw(st.integers(2, 7)))
    pair = [draw(arrays(np.float64, shape, elements=numbers)) for _ in range(2)]
    labels = draw(arrays(np.int64, shape[0], elements=st.integers(0, shape[1] - 1)))
    return (*pair, labels)


@given(answers())
def test_a_network_agrees_with_itself_whatever_it_says(given_answers):
    wanted, _, labels = given_answers
    found = compare(wanted, wanted, labels, CARD)
    assert (found.max_difference, found.changed_labels) == (0, 0)
    assert all(not refusal_of(found, one.tolerance) for one in FORMATS.values())


@given(answers())
def test_figures_lie_where_they_can_and_do_not_depend_on_who_is_first(given_answers):
    wanted, got, labels = given_answers
    one, other = compare(wanted, got, labels, CARD), compare(got, wanted, labels, CARD)
    assert 0 <= one.mean_difference <= one.max_difference <= 1
    assert (one.max_difference, one.changed_labels) == (other.max_difference, other.changed_labels)
    assert np.isclose(one.accuracy_change.value, -other.accuracy_change.value)
    assert abs(one.accuracy_change.value) <= one.changed_labels + 1e-12


@given(answers(), st.integers(0, 2**32 - 1))
def test_the_order_of_faces_does_not_matter(given_answers, seed):
    wanted, got, labels = given_answers
    order = np.random.default_rng(seed).permutation(len(labels))
    one = compare(wanted, got, labels, CARD)
    other = compare(wanted[order], got[order], labels[order], CARD)
    assert np.isclose(one.mean_difference, other.mean_difference)
    assert one.accuracy_change == other.accuracy_change


@given(answers(), st.floats(-50, 50))
def test_a_number_added_to_every_logit_changes_nothing(given_answers, shift):
    wanted, _, labels = given_answers
    found = compare(wanted, wanted + shift, labels, CARD)
    assert found.max_difference < 1e-9
