"""A new model's predictions as its first evaluation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.domain import LogMessage, TrainingData
from core.evaluation.predictions.evaluation_store import list_evaluations, load_predictions
from core.evaluation.predictions.predictions import (
    ANSWERS_FILE,
    predictions_by_split,
    read_predictions,
    write_predictions,
)
from core.jobs.run_folder.journal import read_events
from core.models import save
from core.training import TrainingPlan, job
from core.training.inputs.training_data import load_training_data
from core.training.trainer.first_evaluation import evaluate_first
from tests.datasets_on_disk import make_pictures, write_csv
from tests.make import make_card


@pytest.fixture
def plan(settings, tmp_path):
    csv = write_csv(tmp_path / "fer2013.csv", make_pictures())
    add(settings.datasets_dir, "faces", DatasetSource(str(csv)), settings.datasets_cache_dir)
    return TrainingPlan("two-block", dataset="faces", options={"batch_size": 8})


def trained(plan, context):
    """A model on the shelf and its answers in the run's folder, as the training job leaves them."""
    dataset = load_training_data(plan, context.settings)
    rng = np.random.default_rng(3)
    logits = {
        split: rng.normal(size=(len(dataset[split]), len(dataset.scheme)))
        for split in (dataset.required_protocol.validation, dataset.required_protocol.test)
    }
    (context.folder / "result").mkdir()
    write_predictions(
        context.folder / "result" / ANSWERS_FILE, predictions_by_split(dataset, logits)
    )
    file = context.folder / "model.tflite"
    file.write_bytes(b"weights")
    data, run_id = TrainingData.of(dataset), context.folder.name
    card = replace(make_card("mine"), scheme=dataset.scheme, data=data, run_id=run_id)
    save(context.settings.models_dir, card, {"model.tflite": file})
    return logits


def said(context):
    events, _ = read_events(context.folder / "events.jsonl")
    return [event.sentence for event in events if isinstance(event, LogMessage)]


def test_the_answers_of_the_run_are_the_models_first_evaluation(plan, context):
    logits = trained(plan, context)
    evaluate_first("mine", plan, context)
    models_dir = context.settings.models_dir
    (evaluation,) = list_evaluations(models_dir, "mine")
    assert (evaluation.slug, evaluation.judges) == ("faces", "PrivateTest")
    assert (evaluation.learned, evaluation.chose) == ("Training", "PublicTest")
    answers = load_predictions(models_dir, evaluation)
    assert set(answers) == set(logits)
    for split, given in logits.items():
        assert np.array_equal(answers[split].logits, given.astype(np.float32))


@pytest.mark.parametrize(
    "changes", [{"classes": "confident or stressed"}, {"pictures": 40}], ids=["mapped", "few"]
)
def test_it_is_saved_whatever_part_of_the_dataset_was_trained_on(plan, context, changes):
    plan = replace(plan, **changes)
    trained(plan, context)
    evaluate_first("mine", plan, context)
    (evaluation,) = list_evaluations(context.settings.models_dir, "mine")
    assert not any("not added" in one for one in said(context))
    assert evaluation.judges == "PrivateTest"


def test_pictures_that_changed_meanwhile_cost_the_evaluation_and_not_the_model(plan, context):
    trained(plan, context)
    path = context.folder / "result" / ANSWERS_FILE
    answers = read_predictions(path)
    judged = answers["PrivateTest"]
    write_predictions(
        path, {**answers, "PrivateTest": replace(judged, digests=judged.digests[::-1])}
    )
    evaluate_first("mine", plan, context)
    assert not list_evaluations(context.settings.models_dir, "mine")
    assert "mine was not added to Evaluate a model: faces has other" in said(context)[-1]


def test_a_run_that_was_killed_after_saving_its_model_enters_it_when_resumed(plan, context):
    trained(plan, context)
    told = job.run(replace(plan, name="mine").to_json(), context)
    assert told == {"model": "mine"}
    assert len(list_evaluations(context.settings.models_dir, "mine")) == 1


def test_an_evaluation_that_is_there_already_stays(plan, context):
    trained(plan, context)
    evaluate_first("mine", plan, context)
    before = list_evaluations(context.settings.models_dir, "mine")
    evaluate_first("mine", plan, context)
    assert list_evaluations(context.settings.models_dir, "mine") == before
