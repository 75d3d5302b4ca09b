"""Agreement of a person's labels with the model's."""

from __future__ import annotations

import pytest

from core.domain.errors import PlanError
from core.domain.intervals import share_interval
from core.drift import label_consistency, read_labels


def labels(equal: int, other: int):
    """Two lists that agree on the first so many."""
    return ["happy"] * equal + ["sad"] * other, ["happy"] * (equal + other)


def test_agreement_has_the_interval_of_a_share():
    found = label_consistency(*labels(80, 20))
    assert found.agreement.value == 0.8
    assert (found.agreement.low, found.agreement.high) == pytest.approx((0.7112, 0.8666), abs=1e-4)
    assert found.agreement == share_interval(80, 100)


def test_full_agreement_lies_in_its_own_interval():
    assert label_consistency(*labels(50, 0)).agreement.high == 1


def test_alarm_comes_when_even_the_upper_end_is_below_what_was_expected():
    assert label_consistency(*labels(80, 20), expected=0.9).alarm
    assert not label_consistency(*labels(80, 20), expected=0.86).alarm
    assert not label_consistency(*labels(80, 20)).alarm


def test_kappa_corrects_for_chance():
    assert label_consistency(*labels(80, 20)).kappa == pytest.approx(0)
    person = ["happy", "sad"] * 20
    assert label_consistency(person, person).kappa == 1
    assert label_consistency(person, person[::-1]).kappa == pytest.approx(-1)


def test_kappa_is_unknown_where_there_is_only_one_label():
    assert label_consistency(*labels(30, 0)).kappa is None


@pytest.mark.parametrize(("person", "model"), [(["happy"] * 19,) * 2, (["sad"] * 30, ["sad"] * 29)])
def test_too_few_faces_or_unequal_lists_are_refused(person, model):
    with pytest.raises(PlanError, match="cannot be compared"):
        label_consistency(person, model)


def test_labels_are_read_whatever_their_case_and_order_of_columns():
    content = "\ufeffmodel,person,note\nHappy, sad ,x\nneutral,Neutral,\n".encode()
    assert read_labels(content) == (["sad", "neutral"], ["happy", "neutral"])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"person,model\nsad,\n", "Line 2 has no label"),
        (b"truth,model\nsad,sad\n", "Line 2 has no label"),
        (b"person,model\nsad\n", "Line 2 has no label"),
        (b"\xff\xfe\x00", "not a CSV file"),
        (b'person,model\n"sad,sad\n', "not a CSV file"),
    ],
)
def test_a_file_that_is_no_table_of_labels_is_refused_with_the_line(content, why):
    with pytest.raises(PlanError, match=why):
        read_labels(content)
