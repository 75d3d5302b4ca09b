from __future__ import annotations

import pytest

from core.domain import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    SCHEMES,
    TO_CONFIDENT2,
    LabelMap,
    LabelScheme,
    mean_scores,
    normalised,
)
from core.domain.errors import LabelSchemeMismatch
from tests.make import make_scores


def test_every_scheme_is_found_by_its_name():
    assert set(SCHEMES.values()) == {FER7, CONFIDENT2, EXPRESSIVENESS3}
    assert all(SCHEMES[scheme.name] is scheme for scheme in SCHEMES.values())


@pytest.mark.parametrize("labels", [(), ("a",), ("a", "a")])
def test_a_scheme_has_two_or_more_different_labels(labels):
    with pytest.raises(ValueError, match="two or more"):
        LabelScheme("x", labels)


def test_a_label_has_a_number_and_an_unknown_one_raises_with_the_known_ones():
    assert [FER7.index(label) for label in FER7.labels] == list(range(7))
    with pytest.raises(LabelSchemeMismatch, match="no label 'bored'") as caught:
        FER7.index("bored")
    assert "angry" in caught.value.advice


def test_two_classes_of_seven_as_the_sensor_describes_it():
    found = {label: TO_CONFIDENT2[label] for label in FER7.labels}
    assert found == {
        **dict.fromkeys(("happy", "neutral"), "confident"),
        **dict.fromkeys(("fear", "angry", "sad"), "stressed"),
        **dict.fromkeys(("surprise", "disgust")),
    }


def test_a_label_that_a_map_does_not_know_is_explained():
    with pytest.raises(LabelSchemeMismatch, match="what becomes of 'bored'") as caught:
        TO_CONFIDENT2["bored"]
    assert caught.value.advice


def test_a_label_mapped_twice_is_refused():
    with pytest.raises(ValueError, match="mapped twice"):
        LabelMap("x", CONFIDENT2, (("a", "confident"), ("a", None)))


def test_a_class_that_the_target_does_not_have_is_refused():
    with pytest.raises(LabelSchemeMismatch):
        LabelMap("x", CONFIDENT2, (("a", "happy"),))


def test_the_mean_of_scores_is_scores_of_the_same_scheme():
    mean = mean_scores([make_scores(happy=0.8), make_scores(happy=0.2)])
    assert mean["happy"] == pytest.approx(0.5)
    with pytest.raises(LabelSchemeMismatch):
        mean_scores([make_scores(), normalised(CONFIDENT2, [1, 1])])
