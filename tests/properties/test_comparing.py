"""Laws of comparing models, and agreement with scikit-learn where it has the figure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score

from core.evaluation.comparison.compare import compare_models
from core.evaluation.comparison.costs import pareto_front
from core.evaluation.metrics.logarithmic_loss import log_loss
from core.evaluation.metrics.significance import holm, log_loss_difference, macro_f1_difference
from tests.evaluations_on_disk import make_compared_model, some_right
from tests.examples import examples

SEEDS = st.integers(0, 10_000)
P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@given(seed=SEEDS, count=st.integers(1, 120), share=st.floats(0, 1))
@examples(30)
def test_swapping_a_pair_negates_every_difference(seed: int, count: int, share: float) -> None:
    pair = compare_models(
        "Test",
        [
            make_compared_model("a", some_right(count, seed=seed, share=share)),
            make_compared_model("b", some_right(count, seed=seed + 1)),
        ],
    ).pair("a", "b")
    back = pair.swapped()
    assert back.swapped() == pair
    assert (back.first, back.second) == ("b", "a")
    assert back.is_tie == pair.is_tie
    for there, here in (
        (back.accuracy.accuracy, pair.accuracy.accuracy),
        (back.macro_f1, pair.macro_f1),
        (back.log_loss, pair.log_loss),
        *(
            (one.recall.accuracy, other.recall.accuracy)
            for one, other in zip(back.classes, pair.classes, strict=True)
        ),
    ):
        assert (there.value, there.low, there.high) == (-here.value, -here.high, -here.low)


@given(seed=SEEDS, count=st.integers(1, 120), models=st.integers(2, 5))
@examples(30)
def test_models_that_answer_alike_are_ties_whatever_they_are_called(
    seed: int, count: int, models: int
) -> None:
    right = some_right(count, seed=seed)
    found = compare_models("Test", [make_compared_model(str(at), right) for at in range(models)])
    assert len(found.tied_with_best) == models
    for pair in found.pairs:
        assert pair.accuracy.accuracy.value == pair.macro_f1.value == pair.log_loss.value == 0.0
        assert (pair.corrected_p, pair.same_prediction) == (1.0, 1.0)
        assert pair.kappa == pytest.approx(1.0)
        assert all(one.is_tie for one in pair.classes)


@given(seed=SEEDS, order=st.permutations(["a", "b", "c"]))
@examples(20)
def test_the_order_in_which_models_are_named_changes_nothing(seed: int, order: list[str]) -> None:
    contenders = {
        name: make_compared_model(name, some_right(60, seed=seed + at, share=0.3 + 0.2 * at))
        for at, name in enumerate("abc")
    }
    found = compare_models("Test", [contenders[name] for name in order])
    assert found == compare_models("Test", list(contenders.values()))
    for pair in found.pairs:
        said = [contenders[name].answers.logits.argmax(1) for name in (pair.first, pair.second)]
        assert pair.kappa == pytest.approx(cohen_kappa_score(*said))


@given(p_values=P_VALUES)
def test_corrected_p_values_keep_their_order_and_never_shrink(p_values: list[float]) -> None:
    found = holm(p_values)
    assert all(one >= given for one, given in zip(found, p_values, strict=True))
    assert max(found) <= 1.0
    by_size = sorted(zip(p_values, found, strict=True))
    assert [one for _, one in by_size] == sorted(found)
    # The smallest is Bonferroni's; each next one is corrected for one fewer.
    assert min(found) == pytest.approx(min(1.0, min(p_values) * len(p_values)))


@given(p_values=P_VALUES, level=st.sampled_from([0.01, 0.05, 0.1]))
def test_what_is_rejected_is_what_stepping_down_rejects(
    p_values: list[float], level: float
) -> None:
    left = sorted(p_values)
    rejected = 0
    while rejected < len(left) and left[rejected] * (len(left) - rejected) < level:
        rejected += 1
    assert sum(one < level for one in holm(p_values)) == rejected


@given(seed=SEEDS, count=st.integers(2, 150))
@examples(30)
def test_differences_are_those_of_the_figures(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    truth, one, other = rng.integers(0, 4, (3, count))
    labels = list(range(4))
    f1 = [
        f1_score(truth, said, labels=labels, average="macro", zero_division=0)
        for said in (one, other)
    ]
    found = macro_f1_difference(truth, (one, other), classes=4, seed=1)
    assert found.value == pytest.approx(f1[0] - f1[1])
    logits = rng.normal(0, 4, (2, count, 4))
    loss = log_loss_difference(truth, (logits[0], logits[1]))
    assert loss.value == pytest.approx(log_loss(logits[0], truth) - log_loss(logits[1], truth))


@given(
    figures=st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3),
        st.tuples(st.integers(0, 5), st.integers(0, 5)),
        max_size=12,
    )
)
def test_the_front_is_what_brute_force_finds(figures: dict[str, tuple[int, int]]) -> None:
    accuracy = {name: float(one) for name, (one, _) in figures.items()}
    cost = {name: float(one) for name, (_, one) in figures.items()}

    def is_beaten(name: str) -> bool:
        return any(
            accuracy[other] >= accuracy[name]
            and cost[other] <= cost[name]
            and (accuracy[other], cost[other]) != (accuracy[name], cost[name])
            for other in figures
        )

    assert set(pareto_front(accuracy, cost)) == {name for name in figures if not is_beaten(name)}
