"""Which evaluations can stand beside one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.domain import CONFIDENT2, FER7
from core.evaluation.comparison.candidates import (
    common_splits,
    comparable_evaluations,
    compared_model,
    models_of,
    name_of,
    own_figure,
)
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.predictions import SplitPredictions
from tests.evaluations_on_disk import make_answers, some_right

ONE = Evaluation(
    model="small",
    slug="faces-one",
    dataset="faces",
    content_hash="5e" * 32,
    source={},
    scheme=FER7,
    views="one",
    temperature=1.1,
    not_sure_below=0.4,
    judges="PrivateTest",
    made_at="2026-11-21T12:00:00+00:00",
)


def test_a_model_may_be_compared_with_itself_under_other_views() -> None:
    flipped = replace(ONE, slug="faces-flip", views="flip")
    found = comparable_evaluations(ONE, [flipped, ONE, replace(ONE, model="other")])
    assert [name_of(one) for one in found] == ["small", "small + flip", "other"]


def test_several_models_that_answer_as_one_have_one_name() -> None:
    several = replace(ONE, together="all three", source={"models": ["a", "b", "c"]})
    assert name_of(several) == "all three"
    assert models_of(several) == ("a", "b", "c")
    assert models_of(ONE) == ("small",)


def test_other_pictures_or_classes_are_no_rivals() -> None:
    others = [
        replace(ONE, model="elsewhere", content_hash="00" * 32),
        replace(ONE, model="binary", scheme=CONFIDENT2),
    ]
    assert comparable_evaluations(ONE, others) == (ONE,)


def test_of_two_evaluations_of_one_name_the_newer_is_used() -> None:
    old = replace(ONE, model="other", slug="old", made_at="2026-01-01T00:00:00+00:00")
    new = replace(ONE, model="other", slug="new", made_at="2026-02-01T00:00:00+00:00")
    assert [one.slug for one in comparable_evaluations(ONE, [old, new])] == ["faces-one", "new"]


def test_the_test_split_comes_first() -> None:
    answers = make_answers(some_right(20, seed=1))
    both = {"PublicTest": answers, "PrivateTest": answers}
    assert common_splits([both, both], test_split="PrivateTest") == ("PrivateTest", "PublicTest")
    assert common_splits([both, {"PublicTest": answers}], test_split="PrivateTest") == (
        "PublicTest",
    )
    assert common_splits([both, {}], test_split="PrivateTest") == ()


def test_a_contender_brings_its_own_temperature() -> None:
    found = compared_model(ONE, make_answers(some_right(20, seed=1)))
    assert (found.name, found.temperature, found.not_sure_below) == ("small", 1.1, 0.4)


def test_only_private_test_makes_a_figure_beside_published_ones() -> None:
    labels = np.repeat(np.arange(7), (491, 55, 528, 879, 594, 416, 626))
    predicted = np.where(np.arange(3589) < 2500, labels, (labels + 1) % 7)
    answers = SplitPredictions(
        np.arange(3589).astype(np.uint64),
        labels,
        np.eye(7, dtype=np.float32)[predicted],
        FER7.labels,
    )
    flip = replace(ONE, views="flip")
    found = own_figure(flip, {"PrivateTest": answers}, 1_000_000)
    assert found is not None
    assert found.accuracy.value == 2500 / 3589
    assert (found.name, found.weights, found.views) == (name_of(flip), 1_000_000, 2)
    assert own_figure(ONE, {"PublicTest": answers}, 1_000_000) is None
    assert own_figure(ONE, {"PrivateTest": make_answers(some_right(9, seed=1))}, None) is None
