"""When retraining is recommended, and its sentences."""

from __future__ import annotations

import inspect
import shlex

import numpy as np

from core.cli.training import train
from core.drift import columns_of_pictures, label_consistency, measure, propose_retraining
from core.training.recipes import RECIPES
from tests.drift_columns import make_columns, make_numbers, make_reference


def report_of(**changed):
    return measure(make_reference(), make_columns(np.random.default_rng(5), 300, **changed))


def test_nothing_new_recommends_nothing():
    assert propose_retraining(report_of()) is None


def test_what_is_only_less_varied_is_no_reason_to_train():
    rng = np.random.default_rng(4)
    calm = make_numbers(rng, 300) | {"yaw": rng.normal(4, 2, 300)}
    report = measure(make_reference(), columns_of_pictures(calm))
    assert report.alarms
    assert propose_retraining(report) is None


def test_each_reason_comes_with_its_sentence_and_a_cheaper_remedy():
    found = propose_retraining(report_of(times={"brightness": 0.6, "blur": 0.4}))
    assert found is not None
    assert [reason.split(":")[0] for reason in found.reasons] == ["Brightness", "Sharpness"]
    assert "Darker than the training data" in found.reasons[0]
    assert len(found.remedies) == 2


def test_one_remedy_for_two_reasons_is_reported_once():
    found = propose_retraining(report_of(plus={"yaw": 25.0, "pitch": -20.0}))
    assert found is not None
    assert len(found.reasons) == 2
    assert len(found.remedies) == 1


def test_labels_that_no_longer_agree_are_a_reason_of_their_own():
    poor = label_consistency(["sad"] * 40 + ["happy"] * 60, ["happy"] * 100, expected=0.8)
    found = propose_retraining(report_of(), consistency=poor)
    assert found is not None
    assert found.reasons == (
        "Labels: a person and the model agree on 60 % of 100 faces (95 % CI [50.2, 69.1]); "
        "80 % was expected.",
    )


def test_labels_that_agree_are_none():
    good = label_consistency(["happy"] * 50, ["happy"] * 50, expected=0.8)
    assert propose_retraining(report_of(), consistency=good) is None


def test_the_command_is_one_that_exists():
    found = propose_retraining(report_of(times={"brightness": 0.5}))
    assert found is not None
    words = shlex.split(found.command)
    assert words[:4] == ["python", "-m", "core", "train"]
    options = {word.removeprefix("--") for word in words if word.startswith("--")}
    assert options <= set(inspect.signature(train).parameters)
    assert words[words.index("--recipe") + 1] in RECIPES
