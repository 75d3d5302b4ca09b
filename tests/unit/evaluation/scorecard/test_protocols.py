from __future__ import annotations

import numpy as np
import pytest

from core.datasets.labels.ferplus_votes import Votes
from core.domain import FER7, TO_CONFIDENT2, LabelMap, LabelScheme
from core.domain.errors import EmptySplit
from core.evaluation.predictions.leakage import find_leakage
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.scorecard.protocols import (
    BOTH_TESTS,
    DUPLICATE_FILTERS,
    duplicate_counts,
    joined_votes,
    protocols_of,
    under_map,
    without_duplicates,
)
from core.evaluation.scorecard.scorecard_metrics import (
    figures_of,
    join_predictions,
    score_figures_of,
    scores_of,
    select_predictions,
)
from tests.evaluations_on_disk import make_answers, make_evaluation, make_splits, some_right


def test_both_protocols_of_fer2013_are_offered_the_test_split_first():
    answers = make_splits("PublicTest", "PrivateTest")
    found = protocols_of(make_evaluation(learned="Training", chose="PublicTest"), answers)
    assert [one.name for one in found] == ["PrivateTest", BOTH_TESTS, "PublicTest"]
    assert [one.used_in_training for one in found] == [False, True, True]
    assert found[1].answers.digests.tolist() == [
        *answers["PublicTest"].digests,
        *answers["PrivateTest"].digests,
    ]
    assert found[1].sentence == (
        "PublicTest, 40 of these 80 pictures, was used to choose the epoch."
    )


def test_how_many_pictures_chose_the_epoch_is_counted_not_assumed():
    answers = make_splits("PublicTest", "PrivateTest")
    answers["PublicTest"] = make_answers(some_right(9, seed=1), seed=1)
    found = protocols_of(make_evaluation(learned="Training", chose="PublicTest"), answers)
    assert found[1].sentence.startswith("PublicTest, 9 of these 49 pictures, was used")


def test_for_a_model_trained_elsewhere_both_tests_are_unseen():
    found = protocols_of(make_evaluation(), make_splits("PublicTest", "PrivateTest"))
    assert not any(one.used_in_training for one in found)
    assert found[1].sentence == "Both tests, as some papers report."


def test_the_split_that_was_learned_from_comes_last_and_says_so():
    answers = make_splits("Training", "PublicTest", "PrivateTest")
    found = protocols_of(make_evaluation(learned="Training", chose="PublicTest"), answers)
    assert found[-1].name == "Training"
    assert found[-1].sentence.startswith("Training split: says nothing")


def test_other_splits_are_protocols_of_their_own():
    found = protocols_of(make_evaluation(judges="Test"), make_splits("Test"))
    assert [one.name for one in found] == ["Test"]


def test_repeats_are_left_out_of_one_split_and_of_both_tests():
    answers = make_splits("PublicTest", "PrivateTest")
    digests = {name: one.digests for name, one in answers.items()}
    first = answers["PublicTest"].digests[:3]
    alike = (answers["PrivateTest"].digests[:3], first)
    leakage = find_leakage(("PublicTest", "PrivateTest"), digests, alike)
    found = {one.name: one for one in protocols_of(make_evaluation(), answers)}
    pixels, photographs = DUPLICATE_FILTERS.values()
    for name, left in (("PrivateTest", 37), ("PublicTest", 40), (BOTH_TESTS, 77)):
        assert (
            len(without_duplicates(found[name], answers, leakage, own=photographs).labels) == left
        )
    assert len(without_duplicates(found["PrivateTest"], answers, leakage, own=pixels).labels) == 40
    assert duplicate_counts(found[BOTH_TESTS], leakage) == {"PublicTest": 3}
    assert without_duplicates(found["PrivateTest"], answers, {}, own=pixels) is None
    assert duplicate_counts(found["PrivateTest"], {}) == {}


def test_votes_are_joined_as_the_predictions_are():
    answers = make_splits("PublicTest", "PrivateTest")
    votes = {
        name: Votes(np.full((40, 7), at), np.zeros(40, np.int64), np.full(40, name))
        for at, name in enumerate(answers)
    }
    found = {one.name: one for one in protocols_of(make_evaluation(), answers)}
    both = joined_votes(found[BOTH_TESTS], votes)
    assert both.usage.tolist() == ["PublicTest"] * 40 + ["PrivateTest"] * 40
    assert joined_votes(found["PrivateTest"], votes).counts.max() == 1
    assert joined_votes(found[BOTH_TESTS], {"PublicTest": votes["PublicTest"]}) is None


def test_seven_expressions_can_be_seen_as_two():
    answers = make_answers(some_right(200, seed=1))
    found = under_map(answers, TO_CONFIDENT2, temperature=2.0)
    assert found.classes == ("confident", "stressed")
    assert len(found.labels) == int((~np.isin(answers.labels, [1, 5])).sum())
    scores = scores_of(answers, 2.0)[~np.isin(answers.labels, [1, 5])]
    confident, stressed = scores[:, [3, 6]].sum(axis=1), scores[:, [0, 2, 4]].sum(axis=1)
    wanted = confident / (confident + stressed)
    assert np.allclose(scores_of(found, 1.0)[:, 0], wanted, atol=1e-5)


def test_classes_that_a_map_does_not_know_cannot_be_seen_under_it():
    other = LabelMap("x", LabelScheme("y", ("p", "q")), (("a", "p"), ("b", "q")))
    assert under_map(make_answers(some_right(9, seed=1)), other, temperature=1.0) is None


def test_two_classes_have_one_curve_and_no_second_guess():
    answers = under_map(make_answers(some_right(90, seed=1)), TO_CONFIDENT2, temperature=1.0)
    assert figures_of(answers).top_2 is None
    curves = score_figures_of(answers, temperature=1.0, not_sure_below=0.5).curves
    assert [one.label for one in curves] == ["stressed"]


def test_the_majority_baseline_is_the_most_frequent_class():
    answers = make_answers(np.ones(50, bool))
    most = np.bincount(answers.labels).argmax()
    label, share = figures_of(answers).majority_baseline
    assert label == FER7.labels[most]
    assert share == (answers.labels == most).mean()


def test_no_pictures_have_no_figures():
    none = select_predictions(make_answers(some_right(5, seed=1)), np.zeros(5, bool))
    with pytest.raises(EmptySplit):
        figures_of(none)
    with pytest.raises(EmptySplit):
        score_figures_of(none, temperature=1.0, not_sure_below=0.5)


def test_predictions_of_other_classes_are_not_joined():
    one = make_answers(some_right(5, seed=1))
    other = SplitPredictions(one.digests, one.labels * 0, one.logits[:, :2], ("a", "b"))
    with pytest.raises(ValueError, match="of the same classes"):
        join_predictions([one, other])
    with pytest.raises(ValueError, match="of the same classes"):
        join_predictions([])


def test_not_sure_divides_the_pictures_by_their_top_score():
    answers = make_answers(some_right(100, seed=3))
    scores = scores_of(answers, 1.0).max(axis=1)
    cut = float(np.median(scores))
    told = score_figures_of(answers, temperature=1.0, not_sure_below=cut).selective
    sure = scores >= cut
    assert told.answered.value == sure.mean()
    assert told.accuracy_answered.value == answers.right[sure].mean()
    assert told.accuracy_not_sure.value == answers.right[~sure].mean()


def test_the_bins_of_reliability_hold_every_picture_once():
    answers = make_answers(some_right(100, seed=3), sure=1.0)
    told = score_figures_of(answers, temperature=1.0, not_sure_below=0.5).reliability
    assert sum(one.pictures for one in told.bins) == 100
    assert all(one.low <= one.confidence <= one.high for one in told.bins)
