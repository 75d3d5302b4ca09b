from __future__ import annotations

import json

import pytest

from core.domain.errors import PlanError
from core.evaluation.evaluator.plan import EvaluationPlan


def test_a_plan_survives_json():
    plan = EvaluationPlan(
        ("a", "b"), dataset="fer2013", splits=("PrivateTest",), views="flip", together="both"
    )
    assert EvaluationPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_several_models_are_called_by_their_names_unless_they_have_one():
    assert EvaluationPlan(("a",), dataset="d").name == "a"
    assert EvaluationPlan(("a", "b"), dataset="d").name == "a + b"
    assert EvaluationPlan(("a", "b"), dataset="d", together="Duo").name == "Duo"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"models": ()}, "is of one model"),
        ({"models": ("a", "a")}, "is of one model"),
        ({"models": "a"}, "no list of names"),
        ({"models": (1,)}, "no list of names"),
        ({"splits": ("x", "x")}, "named twice"),
        ({"dataset": ""}, "uses one dataset"),
        ({"data": "/nowhere"}, "uses one dataset"),
        ({"dataset": "", "data": "/nowhere/at/all"}, "nothing at /nowhere/at/all"),
        ({"dataset": "", "data": f"/{'x' * 3000}"}, "nothing at /xxx"),
        ({"dataset": "", "data": "/", "corrections": "k"}, "have corrections"),
        ({"views": "hundred"}, "no views 'hundred'"),
        ({"views": 3}, "no views '3'"),
        ({"together": "Duo"}, "has its name already"),
        ({"models": ("a", "b"), "together": "../x"}, "name of an ensemble"),
        ({"threads": 0}, "threads = 0"),
        ({"threads": "2"}, "threads = '2'"),
        ({"seed": -1}, "seed = -1"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(changed, said):
    with pytest.raises(PlanError, match=said) as refused:
        EvaluationPlan(**{"models": ("a",), "dataset": "d", **changed})
    assert refused.value.advice


def test_a_changed_plan_file_is_no_plan():
    with pytest.raises(PlanError, match="no plan of an evaluation"):
        EvaluationPlan.from_json({"models": ["a"], "dataset": "d", "speed": 3})
