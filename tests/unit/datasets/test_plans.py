"""The plans of jobs over datasets, each beside its job."""

from __future__ import annotations

import json

import pytest

from core.datasets import DatasetSource
from core.datasets.audit.plan import AuditPlan
from core.datasets.catalogue.plan import OpenPlan
from core.datasets.report.plan import PreparePlan
from core.domain.errors import PlanError


@pytest.mark.parametrize(
    "plan",
    [
        OpenPlan("a", DatasetSource("x", label_map=(("7", ""),))),
        AuditPlan("a", model="m", votes="v.csv", threads=3),
        PreparePlan("a", classes="confident or stressed", pictures=True, seed=3),
    ],
    ids=lambda plan: type(plan).__name__,
)
def test_a_plan_survives_json(plan):
    assert type(plan).from_json(json.loads(json.dumps(plan.to_json()))) == plan


@pytest.mark.parametrize("kind", [OpenPlan, AuditPlan, PreparePlan])
@pytest.mark.parametrize("read", [{}, {"other": 1}, [], None, 5])
def test_what_is_no_plan_is_explained(kind, read):
    with pytest.raises(PlanError) as caught:
        kind.from_json(read)
    assert caught.value.advice


@pytest.mark.parametrize("threads", [0, -1, "2", None])
def test_face_detection_needs_a_thread(threads):
    with pytest.raises(PlanError) as caught:
        AuditPlan.from_json({"dataset": "a", "threads": threads})
    assert caught.value.advice
