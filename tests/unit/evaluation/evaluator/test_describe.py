"""Names of evaluations' folders."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.evaluation.evaluator.describe import slug_of
from core.evaluation.evaluator.plan import EvaluationPlan


def slug(*models: str, dataset: str, **asked: object) -> str:
    plan = EvaluationPlan(models=models or ("m",), dataset=dataset, **asked)
    return slug_of(SimpleNamespace(plan=plan, opened=SimpleNamespace(name=dataset)))


def test_plain_words_make_plain_names():
    assert slug(dataset="fer2013") == "fer2013"
    asked = {"classes": "confident or stressed", "views": "flip"}
    assert slug(dataset="FER2013", **asked) == "fer2013-confident-or-stressed-flip"


@pytest.mark.parametrize(("one", "other"), [("лица весна", "лица осень"), ("表情一", "表情二")])
def test_datasets_in_other_letters_stay_apart(one, other):
    names = [slug(dataset=name) for name in (one, other)]
    assert len(set(names)) == 2
    assert all(name.isascii() for name in names)
    assert names[0] == slug(dataset=one)


def test_long_names_stay_apart():
    models = (
        "compact-residual-2026-11-21-0136-calm-otter",
        "compact-residual-2026-11-21-0139-brave-fox",
    )
    names = {
        slug(*models, dataset=dataset, views=views)
        for dataset in ("fer2013", "rafdb")
        for views in ("one", "flip")
    }
    assert len(names) == 4
    assert max(map(len, names)) <= 80


def test_other_labels_are_another_question():
    said = [(), (("contempt", ""),), (("contempt", "disgust"),), (("contempt disgust", ""),)]
    names = {slug(dataset="faces", label_map=pairs) for pairs in said}
    assert len(names) == 4
    assert slug(dataset="faces", label_map=()) == "faces"
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names)
