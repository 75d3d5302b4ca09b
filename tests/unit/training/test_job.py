"""What a training run says before TensorFlow wakes up, and how its model reaches the shelf."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.domain import DataReady, LogMessage
from core.domain.errors import DatasetError, EmptySplit, LabelSchemeMismatch, MienError, ModelError
from core.drift import MODEL_FILE
from core.jobs.run_folder.journal import read_events
from core.models import list_cards, save
from core.training import TrainingPlan, job
from core.training.trainer import trainer
from tests.datasets_on_disk import make_pictures, write_csv, write_folders
from tests.make import make_card, make_dataset


class Woken(Exception):
    """TensorFlow would have been woken up: everything before it was in order."""


@pytest.fixture(autouse=True)
def asleep(monkeypatch):
    def wake(*_):
        raise Woken

    monkeypatch.setattr(trainer, "_fit", wake)


@pytest.fixture
def csv(tmp_path):
    return write_csv(tmp_path / "faces.csv", make_pictures())


def _plan(data, **changes):
    values = {"recipe": "two-block", "data": str(data), "options": {"batch_size": 8}}
    return TrainingPlan(**{**values, **changes}).to_json()


def _events(context, kind):
    found, _ = read_events(context.folder / "events.jsonl")
    return [event for event in found if isinstance(event, kind)]


def _put(context, name, run_id="another-run"):
    file = context.folder / "model.tflite"
    file.write_bytes(b"weights")
    card = make_card(name)
    return save(
        context.settings.models_dir,
        type(card)(**{**vars(card), "run_id": run_id}),
        {"model.tflite": file},
    )


def test_a_plan_in_order_gets_as_far_as_training(context, csv):
    with pytest.raises(Woken):
        job.run(_plan(csv), context)
    assert _events(context, DataReady)[0].counts == {
        "Training": 84,
        "PublicTest": 14,
        "PrivateTest": 14,
    }


def test_a_name_that_is_taken_is_refused_at_the_start(context, csv):
    _put(context, "mine")
    with pytest.raises(ModelError, match="There is a model mine already"):
        job.run(_plan(csv, name="mine"), context)
    assert not _events(context, DataReady)


def test_a_run_that_goes_on_is_not_stopped_by_a_name_that_was_taken_meanwhile(context, csv):
    _put(context, "mine")
    (context.folder / "checkpoint").mkdir()
    with pytest.raises(Woken):
        job.run(_plan(csv, name="mine"), context)


def test_a_run_that_was_killed_after_saving_its_model_is_simply_done(context, csv):
    _put(context, "mine", run_id=context.folder.name)
    assert job.run(_plan(csv, name="mine"), context) == {"model": "mine"}


def test_a_fold_takes_no_name(context, csv):
    _put(context, "mine")
    with pytest.raises(Woken):
        job.run(_plan(csv, name="mine", folds=3), context)


def test_a_name_that_was_taken_in_the_meantime_costs_no_model(context):
    _put(context, "mine")
    file = context.folder / "model.tflite"
    card = trainer.register_model(make_card("mine"), {"model.tflite": file}, context)
    assert card.name == "mine-2026-11-21-1100-calm-otter"
    assert {one.name for one in list_cards(context.settings.models_dir)} == {"mine", card.name}
    assert "so this one is saved as mine-2026" in _events(context, LogMessage)[0].sentence


def test_an_unreadable_picture_is_left_out_and_counted(context, tmp_path):
    folder = write_folders(tmp_path / "faces", make_pictures(), named=True)
    middle = sorted((folder / "train" / "happy").iterdir())[5]
    middle.write_bytes(middle.read_bytes()[:50])
    with pytest.raises(Woken):
        job.run(_plan(folder), context)
    said = [event.sentence for event in _events(context, LogMessage)]
    assert any("1 picture could not be read" in one and middle.name in one for one in said)
    assert sum(_events(context, DataReady)[0].counts.values()) == 111


def test_a_deleted_dataset_is_reported_with_advice(context, csv):
    settings = context.settings
    add(settings.datasets_dir, "faces", DatasetSource(str(csv)), settings.datasets_cache_dir)
    csv.unlink()
    shutil.rmtree(settings.datasets_cache_dir)
    with pytest.raises(DatasetError) as caught:
        job.run(_plan("", dataset="faces"), context)
    assert "faces" in caught.value.message
    assert caught.value.advice


def test_a_single_class_is_refused(context, tmp_path):
    kept = [one for one in make_pictures() if one.usage != "Training" or one.label == "happy"]
    with pytest.raises(EmptySplit, match="are happy: training needs two classes") as caught:
        job.run(_plan(write_csv(tmp_path / "few.csv", kept)), context)
    assert caught.value.advice


def test_without_a_split_to_choose_by_some_training_pictures_are_held_out(context, tmp_path):
    kept = [one for one in make_pictures() if one.usage != "PublicTest"]
    with pytest.raises(Woken):
        job.run(_plan(write_csv(tmp_path / "few.csv", kept)), context)
    counts = _events(context, DataReady)[0].counts
    assert counts["Training"] < 84
    assert any("for validation" in event.sentence for event in _events(context, LogMessage))


def test_a_class_without_pictures_is_reported(context, tmp_path):
    kept = [one for one in make_pictures() if one.label != "disgust"]
    with pytest.raises(Woken):
        job.run(_plan(write_csv(tmp_path / "six.csv", kept)), context)
    said = [event.sentence for event in _events(context, LogMessage)]
    assert "Training has no picture of disgust: the model cannot predict such a class." in said


def test_fewer_pictures_than_a_step_takes_are_refused(context, csv):
    with pytest.raises(
        MienError, match="Training has 84 pictures, fewer than the batch size of 128"
    ):
        job.run(_plan(csv, options={"batch_size": 128}), context)


def test_a_mapping_that_does_not_fit_is_refused(context, csv):
    with pytest.raises(LabelSchemeMismatch, match="no mapping 'two kinds'"):
        job.run(_plan(csv, classes="two kinds"), context)


@pytest.mark.parametrize(("each", "kept"), [(1, False), (30, True)])
def test_too_few_pictures_for_a_drift_reference_are_reported_and_the_model_is_saved(
    context, each, kept
):
    splits = dict.fromkeys(("Training", "Validation", "Test"), list(range(7)) * each)
    dataset = make_dataset(splits)
    result = context.folder / "result"
    result.mkdir()
    (result / "file").write_bytes(b"weights")
    logits = {name: np.eye(7)[dataset[name].labels] * 3.0 for name in splits}
    done = SimpleNamespace(
        keras_file=result / "file", litert_file=result / "file", logits=logits, parity="", mmac=1.0
    )
    card = trainer._register(make_card("mine"), dataset, done, context)
    assert list_cards(context.settings.models_dir) == [card]
    assert (MODEL_FILE in card.files) is kept
    told = [one.sentence for one in _events(context, LogMessage)]
    assert any(one.startswith("No drift reference was made: 7 rows") for one in told) != kept
