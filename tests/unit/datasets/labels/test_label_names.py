from __future__ import annotations

import pytest

from core.datasets import DatasetSource
from core.datasets.labels.label_names import guess, label_map_for
from core.domain import CONFIDENT2, EXPRESSIVENESS3, FER7
from core.domain.errors import LabelSchemeMismatch, PlanError, UnmappedLabels


def _map(*written, **how):
    return label_map_for(DatasetSource("x", **how), written)


@pytest.mark.parametrize(
    ("written", "label"),
    [
        *(("3", "happy"), ("03", "happy"), ("Happiness", "happy"), (" JOY ", "happy")),
        *(("3.0", "happy"), ("6.", "neutral"), ("3.5", None), ("7.0", None), (".0", None)),
        *(("0_angry", "angry"), ("3. happy", "happy"), ("AN", "angry"), ("ne", "neutral")),
        *(("7", None), ("003", None), ("-1", None), ("٣", None), ("", None), ("contempt", None)),
    ],
)
def test_a_written_label_is_understood_or_is_not_guessed(written, label):
    assert guess(written, FER7) == label


def test_numbers_say_nothing_about_other_schemes():
    assert guess("0", EXPRESSIVENESS3) is None
    assert guess("stressed", CONFIDENT2) == "stressed"


def test_the_first_scheme_that_fits_all_labels_is_taken():
    assert _map("0", "6").target == FER7
    assert _map("Confident", "stressed").target == CONFIDENT2
    assert _map("reserved", "expressive").target == EXPRESSIVENESS3
    assert _map().target == FER7


def test_labels_of_two_schemes_fit_none():
    with pytest.raises(UnmappedLabels) as caught:
        _map("happy", "stressed")
    assert caught.value.labels == ("stressed",)


def test_what_a_person_chose_goes_before_what_a_name_says():
    chosen = _map("happy", "7", label_map=(("7", ""), ("happy", "sad")))
    assert chosen["happy"] == "sad"
    assert chosen["7"] is None


def test_a_choice_that_the_scheme_does_not_have_is_explained():
    with pytest.raises(LabelSchemeMismatch, match="'banana'") as caught:
        _map("7", label_map=(("7", "banana"),))
    assert "angry" in caught.value.advice


def test_an_unknown_scheme_is_explained():
    with pytest.raises(PlanError, match="no scheme 'banana'") as caught:
        _map("7", scheme="banana")
    assert "fer7" in caught.value.advice


def test_an_unknown_class_can_be_left_out_by_an_option_that_is_named():
    with pytest.raises(UnmappedLabels) as caught:
        _map("happy", "contempt", "not sure")
    assert "--map contempt= --map 'not sure'=" in caught.value.advice


def test_many_unknown_labels_are_counted_and_all_handed_over():
    with pytest.raises(UnmappedLabels, match="'x5' and 4 more are no labels of fer7") as caught:
        _map(*(f"x{number}" for number in range(10)), "happy")
    assert len(caught.value.labels) == 10


def test_labels_stay_as_they_are_when_asked_in_a_scheme_of_their_own():
    own = _map("Bored", "bored ", "Alert", scheme="own", name="My Faces")
    assert own.target.labels == ("alert", "bored")
    assert own.target.name == "own-my-faces"
    assert own["bored "] == "bored"


def test_own_labels_can_be_renamed_and_left_out():
    own = _map("a", "b", "c", "d", scheme="own", label_map=(("c", "a"), ("d", "")))
    assert own.target.labels == ("a", "b")
    assert (own["c"], own["d"]) == ("a", None)


@pytest.mark.parametrize("written", [(), ("a",), ("a", " A ")])
def test_fewer_than_two_labels_of_their_own_are_refused(written):
    with pytest.raises(UnmappedLabels) as caught:
        _map(*written, scheme="own")
    assert "two classes" in caught.value.advice


ONE, TWO = "gl\u00fccklich", "glu\u0308cklich"  # the same word: as one character, and as two


def test_labels_that_look_the_same_are_one_class():
    own = _map(ONE, TWO, "traurig", scheme="own")
    assert own.target.labels == (ONE, "traurig")
    assert own[ONE] == own[TWO] == ONE


def test_a_dataset_of_before_keeps_the_classes_it_has():
    own = _map(ONE, TWO, "traurig", scheme="own", reading=1)
    assert sorted(own.target.labels) == sorted((ONE, TWO, "traurig"))


@pytest.mark.parametrize(("mapped_label", "written"), [(ONE, TWO), (TWO, ONE)])
def test_an_explicit_mapping_applies_to_the_other_spelling_of_a_label(mapped_label, written):
    mapped = _map(written, "sad", label_map=((mapped_label, "happy"),))
    assert mapped[written] == "happy"


def test_an_explicit_mapping_of_each_spelling_applies_to_that_spelling():
    mapped = _map(ONE, TWO, label_map=((ONE, "happy"), (TWO, "sad")))
    assert (mapped[ONE], mapped[TWO]) == ("happy", "sad")
