"""What is asked for when a model shall be explained checks itself."""

from __future__ import annotations

import pytest

from core.domain.errors import PlanError
from core.evaluation.explain.plan import ExplainPlan


def test_a_plan_comes_back_from_plain_values() -> None:
    plan = ExplainPlan("small", "fer2013", "PrivateTest", wanted=("00ff", "a" * 16))
    assert ExplainPlan.from_json(plan.to_json()) == plan
    assert plan.digests == (255, 0xAAAAAAAAAAAAAAAA)


@pytest.mark.parametrize(
    "changed",
    [
        {"pictures": 0},
        {"single_maps": -1},
        {"threads": 0},
        {"perplexity": 1.0},
        {"perplexity": 500.0},
        {"wanted": ("a picture",)},
        {"wanted": ("-1",)},
        {"wanted": ("f" * 17,)},
        {"surprise": 1},
    ],
)
def test_values_that_make_no_sense_are_refused_with_advice(changed: dict) -> None:
    with pytest.raises(PlanError) as told:
        ExplainPlan.from_json({**ExplainPlan("small", "fer2013").to_json(), **changed})
    assert told.value.advice
