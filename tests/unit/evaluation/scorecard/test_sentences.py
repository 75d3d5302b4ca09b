from __future__ import annotations

import json
import re

import numpy as np
import pytest

from core.domain import Interval, wording
from core.evaluation.metrics.selective import RiskCoverage
from core.evaluation.scorecard import sentences
from core.evaluation.scorecard.protocols import protocols_of
from core.evaluation.scorecard.scorecard_metrics import figures_of, select_predictions
from core.evaluation.scorecard.summary import summary_of, summary_table
from tests.evaluations_on_disk import make_answers, make_evaluation, make_splits


def first_headline(evaluation, answers, name):
    protocol = {one.name: one for one in protocols_of(evaluation, answers)}[name]
    return sentences.headline(evaluation, protocol, figures_of(protocol.answers))


def test_the_headline_says_how_often_on_what_and_how_sure():
    right = np.arange(1000) < 687
    answers = {"PrivateTest": make_answers(right), "PublicTest": make_answers(right, seed=1)}
    own = make_evaluation(learned="Training", chose="PublicTest")
    assert first_headline(own, answers, "PrivateTest") == (
        "Accuracy 68.7 % on 1,000 unseen pictures (95 % CI [65.8, 71.5])."
    )
    assert "1,000 pictures of PublicTest (" in first_headline(own, answers, "PublicTest")
    assert "1,000 pictures of FER2013 (" in first_headline(
        make_evaluation(), answers, "PrivateTest"
    )


def test_figures_on_the_training_split_never_read_as_unseen():
    answers = make_splits("Training", "PrivateTest")
    told = first_headline(make_evaluation(learned="Training"), answers, "Training")
    assert "pictures used for training" in told


@pytest.mark.parametrize(
    ("right", "said"),
    [(0.9, "would reach"), (0.0, "does worse than that"), (0.17, "do not show")],
)
def test_chance_is_named_and_a_model_that_does_not_beat_it_too(right, said):
    figures = figures_of(make_answers(np.arange(200) < 200 * right))
    assert said in sentences.baseline_sentence(figures)


def make_selective(sure, unsure):
    curve = np.array([1.0])
    return RiskCoverage(curve, curve, 0.1, Interval(0.7, 0.6, 0.8), sure, unsure)


def test_not_sure_says_what_it_gains_and_what_it_costs():
    sure, unsure = Interval(0.8, 0.78, 0.82), Interval(0.41, 0.38, 0.44)
    assert sentences.not_sure_sentence(make_selective(sure, unsure), 0.564) == (
        'Below a confidence of 56.4 % the live pages show "not sure": 30.0 % of these pictures. '
        "Accuracy when answered 80.0 % [78.0, 82.0]; on the others it would be 41.0 %."
    )
    assert sentences.not_sure_sentence(make_selective(sure, None), 0.5).endswith("[78.0, 82.0].")
    assert sentences.not_sure_sentence(make_selective(None, unsure), 0.5).endswith(
        "of these pictures."
    )


def test_duplicates_are_counted_by_split():
    evaluation = make_evaluation(learned="Training", chose="PublicTest")
    assert sentences.duplicates({}, 10, evaluation) == "No duplicates were found."
    assert sentences.duplicates({"Training": 3, "Test": 1}, 10, evaluation) == (
        "4 of 10 pictures are duplicates: 3 of pictures in Training, which was used for training; "
        "1 of pictures in Test."
    )


def test_whether_repeats_are_easier_is_tested_on_the_repeats_themselves():
    everything = make_answers(np.arange(1000) < 700)
    easy = figures_of(
        select_predictions(everything, np.arange(1000) >= 300)
    )  # the 300 left out were right
    assert "a significant difference" in sentences.duplicates_effect(figures_of(everything), easy)
    few = figures_of(select_predictions(everything, np.arange(1000) >= 1))
    assert "no significant difference" in sentences.duplicates_effect(figures_of(everything), few)
    assert sentences.duplicates_effect(figures_of(everything), figures_of(everything)) == ""


def test_every_figure_can_be_written_down():
    answers = make_splits("PublicTest", "PrivateTest")
    summary = summary_of(make_evaluation(notes=("A sentence.",)), answers)
    read = json.loads(json.dumps(summary, allow_nan=False))
    assert list(read["protocols"]) == ["PrivateTest", "PublicTest + PrivateTest", "PublicTest"]
    assert np.array(read["protocols"]["PrivateTest"]["confusion"]).sum() == 40
    assert read["notes"] == ["A sentence."]
    rows = read["protocols"]["PrivateTest"]["per_class"]
    assert sum(row["said"] for row in rows) == 40  # the key that files have for the predicted ones
    assert "predicted" not in rows[0]
    table = summary_table(summary)
    assert "accuracy" in table
    assert "PrivateTest (40)" in table.splitlines()[0]


def test_a_table_of_two_classes_has_no_empty_row():
    answers = make_splits("Test")
    two = select_predictions(answers["Test"], answers["Test"].labels < 2)
    two = type(two)(two.digests, two.labels, two.logits[:, :2], ("angry", "disgust"))
    table = summary_table(summary_of(make_evaluation(judges="Test"), {"Test": two}))
    assert "top-2" not in table
    assert re.search(r"\nROC area, disgust +0\.\d{3} \[", table)
    assert "ROC area" not in summary_table(summary_of(make_evaluation(judges="Test"), answers))


def test_a_figure_has_its_interval_in_brackets_wherever_it_is_worded():
    share = Interval(0.687, 0.671, 0.702)
    assert sentences.points(share) == "0.687 [0.671, 0.702]"
    assert wording.exactly(share) == "68.7 % [67.1, 70.2]"
    assert wording.points_of(share) == "68.7 points [67.1, 70.2]"
