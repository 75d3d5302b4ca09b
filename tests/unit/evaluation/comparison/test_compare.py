"""Several models on the same pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import CONFIDENT2, Interval
from core.domain.errors import EmptySplit, LabelSchemeMismatch, PlanError
from core.evaluation.comparison.compare import compare_models
from core.evaluation.comparison.costs import Cost
from core.evaluation.comparison.sentences import advice, conclusion, pair_sentence, points
from core.evaluation.metrics.significance import paired_difference
from core.evaluation.predictions.picture_matching import match_predictions
from tests.evaluations_on_disk import make_answers, make_compared_model, some_right

COUNT = 2000


def cost(mmac: float | None) -> Cost:
    """Of a model that computes so much."""
    return Cost(1000, mmac, 4000)


def shifted(count: int, by: int) -> np.ndarray:
    """As many right as ever, but others."""
    return np.roll(some_right(count, seed=1), by)


def test_a_clear_difference_is_a_verdict_with_its_interval() -> None:
    good, poor = some_right(COUNT, seed=1, share=0.8), some_right(COUNT, seed=2, share=0.6)
    found = compare_models(
        "Test", [make_compared_model("poor", poor), make_compared_model("good", good)]
    )
    assert [one.name for one in found.ranking] == ["good", "poor"]
    assert found.tied_with_best == ("good",)
    difference = found.pairs[0].accuracy
    assert difference == paired_difference(good, poor)
    assert conclusion(found) == (
        f"good is better: {points(difference.accuracy)} above poor on 2,000 pictures."
    )
    assert "good is better than poor" in pair_sentence(found.pair("poor", "good"))


def test_what_pictures_cannot_tell_apart_is_called_a_tie() -> None:
    models = [make_compared_model(name, shifted(300, at)) for at, name in enumerate("abc")]
    models.append(make_compared_model("poor", some_right(300, seed=9, share=0.3)))
    found = compare_models("Test", models)
    assert set(found.tied_with_best) == {"a", "b", "c"}
    assert conclusion(found).startswith("A tie: no significant difference between ")
    assert conclusion(found).endswith(" poor is worse.")
    first, second, *_ = found.ranking
    assert pair_sentence(found.pair(second.name, first.name)).startswith("A tie: ")


def test_a_tie_tells_the_difference_from_one_that_is_tied() -> None:
    best = some_right(COUNT, seed=1)
    worse = best.copy()
    worse[np.flatnonzero(best)[:12]] = False  # a dozen fewer, none more: worse, but only just
    other = np.roll(best, 700)
    other[np.flatnonzero(other)[:15]] = False  # further behind, by others
    found = compare_models(
        "Test",
        [
            make_compared_model(name, one)
            for name, one in zip("abc", (best, worse, other), strict=True)
        ],
    )
    assert [one.name for one in found.ranking] == ["a", "b", "c"]
    assert found.tied_with_best == ("a", "c")
    told = points(found.pair("a", "c").accuracy.accuracy)
    predicted = conclusion(found)
    assert predicted.startswith("A tie: no significant difference between a and c on ")
    assert predicted.endswith(f"(a minus c: {told}). b is worse.")


def test_many_comparisons_are_corrected_together() -> None:
    right = some_right(COUNT, seed=1)
    other = right.copy()
    other[np.flatnonzero(right)[:20]] = False  # 20 fewer, none more
    other[np.flatnonzero(~right)[:7]] = True
    two = [make_compared_model("one", right), make_compared_model("two", other)]
    alone = compare_models("Test", two).pairs[0]
    assert 0.01 < alone.corrected_p < 0.05
    assert not alone.is_tie
    equal = [make_compared_model(name, right) for name in "pqr"]
    among = compare_models("Test", [*two, *equal]).pair("one", "two")
    assert among.corrected_p > 0.05
    assert among.is_tie


def test_pictures_that_only_one_was_evaluated_on_are_left_out() -> None:
    right = some_right(100, seed=3)
    whole, part = make_compared_model("whole", right), make_compared_model("part", right)
    cut = part.answers
    part = replace(
        part,
        answers=type(cut)(
            cut.digests[10:][::-1], cut.labels[10:][::-1], cut.logits[10:][::-1], cut.classes
        ),
    )
    found = compare_models("Test", [whole, part])
    assert (found.pictures, found.left_out) == (90, 10)
    assert found.pairs[0].same_prediction == 1.0
    one, other = match_predictions([whole.answers, part.answers])
    assert np.array_equal(one.digests, other.digests)
    assert np.array_equal(one.logits, other.logits)


def test_a_class_without_pictures_has_no_line() -> None:
    models = [make_compared_model(name, some_right(200, seed=at)) for at, name in enumerate("ab")]
    truth = models[0].answers.labels
    recorded = truth != 1
    models = [
        replace(
            one,
            answers=type(one.answers)(
                one.answers.digests[recorded],
                truth[recorded],
                one.answers.logits[recorded],
                one.answers.classes,
            ),
        )
        for one in models
    ]
    classes = compare_models("Test", models).pairs[0].classes
    assert "disgust" not in [one.label for one in classes]
    assert sum(one.recall.pictures for one in classes) == recorded.sum()


def test_a_class_can_differ_where_the_whole_is_a_tie() -> None:
    right = np.ones(1400, dtype=bool)
    one, other = make_compared_model("one", right), make_compared_model("other", right)
    truth = one.answers.labels
    one = make_compared_model("one", (truth != 0) | (np.arange(1400) % 2 == 0))
    other = make_compared_model("other", (truth != 3) | (np.arange(1400) % 2 == 0))
    pair = compare_models("Test", [one, other]).pair("one", "other")
    assert pair.is_tie
    told = {found.label: found for found in pair.classes}
    assert told["angry"].recall.accuracy.high < 0 < told["happy"].recall.accuracy.low
    assert [label for label, found in told.items() if not found.is_tie] == ["angry", "happy"]


def test_calibration_is_compared_beside_accuracy() -> None:
    right = some_right(COUNT, seed=4)
    loud, calm = (
        make_compared_model("loud", right),
        make_compared_model("calm", right, temperature=2.5),
    )
    metrics = {one.name: one for one in compare_models("Test", [loud, calm]).ranking}
    assert metrics["loud"].accuracy == metrics["calm"].accuracy
    assert metrics["loud"].overconfidence > metrics["calm"].overconfidence
    assert metrics["loud"].log_loss > metrics["calm"].log_loss
    pair = compare_models("Test", [loud, calm]).pair("loud", "calm")
    assert pair.log_loss.low > 0
    assert pair.is_tie


def test_a_model_that_is_never_sure_says_so() -> None:
    never = replace(make_compared_model("never", some_right(50, seed=1)), not_sure_below=1.0)
    other = make_compared_model("other", some_right(50, seed=2))
    metrics = {one.name: one for one in compare_models("Test", [never, other]).ranking}
    assert metrics["never"].answered == 0.0
    assert metrics["never"].accuracy_when_answered is None


def test_what_cannot_be_compared_is_refused_with_advice() -> None:
    one = make_compared_model("one", some_right(50, seed=1))
    with pytest.raises(PlanError, match="1 models cannot be compared"):
        compare_models("Test", [one])
    with pytest.raises(PlanError, match="with itself"):
        compare_models("Test", [one, one])
    two_classes = replace(
        one, name="two", answers=make_answers(some_right(50, seed=1), scheme=CONFIDENT2)
    )
    with pytest.raises(LabelSchemeMismatch, match="confident, stressed") as refused:
        compare_models("Test", [one, two_classes])
    assert refused.value.advice
    elsewhere = replace(one, name="x", answers=make_answers(some_right(50, seed=1), seed=7))
    with pytest.raises(EmptySplit, match="evaluated with all"):
        compare_models("Test", [one, elsewhere])


def test_among_ties_the_one_that_computes_least_is_advised() -> None:
    models = [make_compared_model(name, shifted(300, at)) for at, name in enumerate("ab")]
    found = compare_models("Test", models)
    assert advice(found, {"a": cost(90.0), "b": cost(30.0)}).startswith("Take b where")
    assert "3.0 times fewer" in advice(found, {"a": cost(90.0), "b": cost(30.0)})
    assert advice(found, {"a": cost(31.0), "b": cost(30.0)}) == ""
    assert advice(found, {"a": cost(None), "b": cost(30.0)}) == ""


def test_points_are_written_with_their_sign() -> None:
    assert points(Interval(0.0234, -0.001, 0.05)) == "+2.3 points [-0.1, +5.0]"
