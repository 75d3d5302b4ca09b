from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from core import jobs
from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add, open_entry
from core.datasets.splits.split import OFFICIAL
from core.domain import (
    CONFIDENT2,
    FER7,
    TO_CONFIDENT2,
    RunStatus,
    SplitProtocol,
    TrainingData,
    softmax,
)
from core.evaluation.predictions.evaluation_files import VOTES_FILE, read_votes_part
from core.evaluation.predictions.evaluation_store import (
    list_evaluations,
    load_evaluation,
    load_predictions,
    read_part,
)
from core.evaluation.predictions.leakage import LEAKAGE_FILE, NONE, read_leakage
from core.jobs.run_folder.folder import create
from core.models import LITERT_FILE, list_cards, load_card
from core.models.prediction import litert_logits
from core.models.registry import write_card
from tests.datasets_on_disk import make_pictures, write_csv

VOTES_HEADER = (
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
)


def done(run):
    assert run.status is RunStatus.COMPLETED, run.finished
    return run.finished.result


def failed(run):
    assert run.status is RunStatus.FAILED
    assert run.finished.advice
    return run.finished.error


def test_all_splits_but_the_training_split_are_evaluated(settings, evaluator, compact, faces):
    result = done(evaluator.do())
    evaluation = load_evaluation(settings.models_dir, result["model"], result["evaluation"])
    answers = load_predictions(settings.models_dir, evaluation)
    assert set(answers) == {"PublicTest", "PrivateTest"}
    wanted = litert_logits(
        settings.models_dir / "compact-1" / LITERT_FILE, faces["PrivateTest"].pixels, threads=1
    )
    assert np.array_equal(answers["PrivateTest"].logits, wanted.astype(np.float32))
    assert answers["PrivateTest"].labels.tolist() == faces["PrivateTest"].labels.tolist()
    assert (evaluation.judges, evaluation.slug) == ("PrivateTest", "faces")
    assert (evaluation.temperature, evaluation.not_sure_below) == (
        compact.temperature,
        compact.not_sure_below,
    )


def test_a_dataset_without_splits_that_no_model_was_trained_on_is_evaluated_as_a_whole_with_a_note(
    settings, evaluator, compact, tmp_path
):
    path = write_csv(tmp_path / "foreign.csv", make_pictures(seed=5), header="emotion,pixels")
    result = done(evaluator.do(dataset="", data=str(path)))
    evaluation = load_evaluation(settings.models_dir, result["model"], result["evaluation"])
    answers = load_predictions(settings.models_dir, evaluation)
    assert {split: len(one.labels) for split, one in answers.items()} == {"All pictures": 112}
    assert (evaluation.judges, evaluation.learned) == ("All pictures", "")
    assert any("all of its pictures are used" in note for note in evaluation.notes)
    fewer = done(evaluator.do(dataset="", data=str(path), splits=["Own test"]))
    again = load_evaluation(settings.models_dir, fewer["model"], fewer["evaluation"])
    assert set(load_predictions(settings.models_dir, again)) == {"Own test"}


def test_another_dataset_gives_the_card_a_row_for_each_split(settings, evaluator, compact, faces):
    done(evaluator.do())
    done(evaluator.do(splits=["PrivateTest"]))
    card = load_card(settings.models_dir, "compact-1")
    assert card.own_reports == compact.reports
    rows = [one for one in card.reports if one.dataset]
    assert [(one.dataset, one.split, one.pictures) for one in rows] == [
        ("faces", "PublicTest", 14),
        ("faces", "PrivateTest", 14),
    ]
    assert card.test_report == compact.test_report
    assert "| faces | PrivateTest | 14 |" in (
        settings.models_dir / "compact-1" / "CARD.md"
    ).read_text(encoding="utf-8")
    assert [one.name for one in list_cards(settings.models_dir)] == ["compact-1"]


def test_its_own_dataset_gives_the_card_no_row(settings, evaluator, compact, faces):
    own = replace(compact, data=TrainingData("Other", faces.content_hash, 9, OFFICIAL))
    write_card(settings.models_dir / "compact-1", own)
    run = evaluator.do(splits=["Training", "PrivateTest"])
    evaluation = load_evaluation(settings.models_dir, "compact-1", done(run)["evaluation"])
    assert load_card(settings.models_dir, "compact-1").reports == compact.reports
    assert (evaluation.learned, evaluation.chose) == ("Training", "PublicTest")
    assert any("was trained on Training" in note for note in evaluation.notes)
    assert any("was trained on Training" in said for said in evaluator.messages(run))


def test_its_own_dataset_is_known_by_its_name_whatever_was_corrected(
    settings, evaluator, compact, faces
):
    own = replace(compact, data=TrainingData("Faces", "f1" * 32, 9, OFFICIAL))
    write_card(settings.models_dir / "compact-1", own)
    evaluation = load_evaluation(
        settings.models_dir, "compact-1", done(evaluator.do())["evaluation"]
    )
    assert evaluation.learned == "Training"
    assert load_card(settings.models_dir, "compact-1").reports == compact.reports


def test_its_own_pictures_divided_in_another_way_are_not_called_unseen(
    settings, evaluator, compact, faces
):
    otherwise = SplitProtocol("Training", "Held out", "Test")
    told = TrainingData("Kaggle", faces.content_hash, 9, otherwise)
    write_card(settings.models_dir / "compact-1", replace(compact, data=told))
    evaluation = load_evaluation(
        settings.models_dir, "compact-1", done(evaluator.do())["evaluation"]
    )
    assert (evaluation.learned, evaluation.chose) == ("", "")
    assert any("not with this division" in note for note in evaluation.notes)
    assert load_card(settings.models_dir, "compact-1").reports == compact.reports


def test_duplicates_of_training_and_validation_pictures_are_counted(
    settings, evaluator, compact, faces
):
    own = replace(compact, data=TrainingData("Other", faces.content_hash, 9, OFFICIAL))
    write_card(settings.models_dir / "compact-1", own)
    evaluation = load_evaluation(
        settings.models_dir, "compact-1", done(evaluator.do(splits=["PrivateTest"]))["evaluation"]
    )
    found = read_leakage(read_part(settings.models_dir, evaluation, LEAKAGE_FILE))
    assert set(found) == {"PrivateTest"}
    assert found["PrivateTest"].counts == {"PublicTest": 1}
    assert (found["PrivateTest"].of[1:] == NONE).all()


def test_mirrored_pictures_are_another_evaluation_and_no_row(settings, evaluator, compact, faces):
    done(evaluator.do())
    rows = load_card(settings.models_dir, "compact-1").reports
    done(evaluator.do(views="flip"))
    slugs = {one.slug for one in list_evaluations(settings.models_dir, "compact-1")}
    assert slugs == {"faces", "faces-flip"}
    assert load_card(settings.models_dir, "compact-1").reports == rows


def test_two_models_answer_as_one(settings, evaluator, compact, second, faces):
    result = done(evaluator.do(models=["compact-1", "second"], together="Duo"))
    evaluation = load_evaluation(settings.models_dir, "compact-1", result["evaluation"])
    assert (evaluation.name, evaluation.slug) == ("Duo", "duo-faces")
    file = settings.models_dir / "compact-1" / LITERT_FILE
    logits = litert_logits(file, faces["PrivateTest"].pixels, threads=1)
    wanted = (softmax(logits / compact.temperature) + softmax(logits / second.temperature)) / 2
    answers = load_predictions(settings.models_dir, evaluation)["PrivateTest"]
    assert np.allclose(softmax(answers.logits.astype(float)), wanted, atol=1e-5)
    assert evaluation.temperature == 1.0
    assert load_card(settings.models_dir, "second").reports == second.reports


def test_a_mapping_is_evaluated_under_its_classes(settings, evaluator, compact, faces):
    result = done(evaluator.do(classes=TO_CONFIDENT2.name))
    evaluation = load_evaluation(settings.models_dir, "compact-1", result["evaluation"])
    assert evaluation.scheme == CONFIDENT2
    assert evaluation.dataset == "faces, confident or stressed"
    assert len(load_predictions(settings.models_dir, evaluation)["PrivateTest"].labels) == 10
    assert load_card(settings.models_dir, "compact-1").test_report == compact.test_report


def test_votes_are_stored_in_the_order_of_the_predictions(
    settings, evaluator, compact, faces, tmp_path
):
    rows = [f"X,,{number % 10},0,0,0,0,0,0,0,0,0" for number in range(112)]
    votes = tmp_path / "votes.csv"
    votes.write_text("\n".join([VOTES_HEADER, *rows]), encoding="utf-8")
    result = done(evaluator.do(votes=str(votes)))
    evaluation = load_evaluation(settings.models_dir, "compact-1", result["evaluation"])
    kept = read_votes_part(read_part(settings.models_dir, evaluation, VOTES_FILE))
    neutral = FER7.index("neutral")
    assert kept["PublicTest"].counts[:, neutral].tolist() == [n % 10 for n in range(84, 98)]
    assert kept["PrivateTest"].counts[:, neutral].tolist() == [n % 10 for n in range(98, 112)]


def test_damaged_votes_give_a_note_and_nothing_else_is_lost(
    settings, evaluator, compact, faces, tmp_path
):
    votes = tmp_path / "votes.csv"
    votes.write_text("nothing", encoding="utf-8")
    run = evaluator.do(votes=str(votes))
    evaluation = load_evaluation(settings.models_dir, "compact-1", done(run)["evaluation"])
    assert VOTES_FILE not in evaluation.files
    assert any("votes were not counted" in said for said in evaluator.messages(run))


def test_predictions_name_each_picture_with_its_scores(evaluator, compact, faces):
    table = pd.read_csv(done(evaluator.do())["predictions"])
    assert len(table) == 28
    assert list(table.columns[:5]) == ["picture", "split", "label", "said", "score"]
    assert table["picture"][14] == "fer2013.csv:100"
    scores = table[[f"p_{label}" for label in FER7.labels]]
    assert np.allclose(scores.sum(axis=1), 1, atol=1e-3)
    assert (scores.max(axis=1) == table["score"]).all()


def test_pictures_without_labels_give_predictions_only(settings, evaluator, compact, tmp_path):
    write_csv(tmp_path / "test.csv", make_pictures(size_px=24)[:5], header="pixels")
    source = DatasetSource(str(tmp_path / "test.csv"))
    add(settings.datasets_dir, "blank", source, settings.datasets_cache_dir)
    run = evaluator.do(dataset="blank")
    assert set(done(run)) == {"predictions"}
    table = pd.read_csv(done(run)["predictions"])
    assert len(table) == 5
    assert table["label"].isna().all()
    assert list_evaluations(settings.models_dir, "compact-1") == []
    assert any("predictions only" in said for said in evaluator.messages(run))


def test_a_split_of_one_class_is_evaluated_with_a_note_on_its_limits(
    settings, evaluator, compact, tmp_path
):
    pictures = make_pictures(size_px=24)
    happy = [one for one in pictures if one.usage != "PrivateTest" or one.label == "happy"]
    source = DatasetSource(str(write_csv(tmp_path / "fer2013.csv", happy)))
    add(settings.datasets_dir, "happy", source, settings.datasets_cache_dir)
    result = done(evaluator.do(dataset="happy"))
    evaluation = load_evaluation(settings.models_dir, "compact-1", result["evaluation"])
    assert any("PrivateTest holds pictures of happy only" in one for one in evaluation.notes)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"models": ["nobody"]}, "There is no model 'nobody'."),
        ({"dataset": "gone"}, "There is no dataset 'gone'."),
        ({"splits": ["Nowhere"]}, "faces has no split 'Nowhere'."),
        ({"classes": "nothing"}, "There is no mapping 'nothing'"),
        ({"views": "hundred"}, "There are no views 'hundred'."),
        ({"extra": 1}, "This is no plan of an evaluation"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(evaluator, compact, faces, plan, said):
    assert said in failed(evaluator.do(**plan))


def test_a_damaged_model_is_one_sentence(settings, evaluator, compact, faces):
    (settings.models_dir / "compact-1" / LITERT_FILE).write_bytes(b"nothing")
    assert "is not the file its card describes" in failed(evaluator.do())


def test_files_that_are_gone_are_one_sentence(settings, evaluator, compact, tmp_path):
    path = write_csv(tmp_path / "fer2013.csv", make_pictures(size_px=24))
    source = DatasetSource(str(path))
    add(settings.datasets_dir, "soon gone", source, settings.datasets_cache_dir)
    path.unlink()
    assert "fer2013.csv" in failed(evaluator.do(dataset="soon gone"))


def test_a_mapping_that_leaves_a_split_empty_is_one_sentence(
    settings, evaluator, compact, tmp_path
):
    pictures = make_pictures(size_px=24)
    left = [one for one in pictures if one.usage != "PrivateTest" or one.label == "disgust"]
    source = DatasetSource(str(write_csv(tmp_path / "fer2013.csv", left)))
    add(settings.datasets_dir, "left", source, settings.datasets_cache_dir)
    run = evaluator.do(dataset="left", classes=TO_CONFIDENT2.name, splits=["PrivateTest"])
    assert failed(run) == "PrivateTest has no pictures to evaluate on."


def test_a_cancelled_evaluation_leaves_nothing(settings, evaluator, compact, faces):
    now, rng = datetime.now(UTC), np.random.default_rng()
    plan = {"models": ["compact-1"], "dataset": "faces"}
    folder = create(settings.runs_dir, "evaluate", plan, now=now, rng=rng)
    folder.cancel.touch()
    environment = {
        **os.environ,
        "MIEN_DATA_DIR": str(settings.data_dir),
        "MIEN_MODELS_DIR": str(settings.models_dir),
    }
    subprocess.run(
        [sys.executable, "-m", "core.jobs.worker", str(folder.path)], env=environment, check=False
    )
    run = jobs.read_run(settings.runs_dir, folder.id, now=datetime.now(UTC))
    assert run.status is RunStatus.CANCELLED
    assert list_evaluations(settings.models_dir, "compact-1") == []


def test_the_dataset_of_a_path_can_be_evaluated_without_the_catalogue(
    settings, evaluator, compact, csv_file
):
    result = done(evaluator.do(dataset="", data=str(csv_file)))
    evaluation = load_evaluation(settings.models_dir, "compact-1", result["evaluation"])
    assert evaluation.source["data"] == str(csv_file)
    assert evaluation.slug == "fer2013"


def test_the_catalogue_is_left_as_it_is(settings, evaluator, compact, faces):
    done(evaluator.do())
    again = open_entry(settings.datasets_dir, "faces", settings.datasets_cache_dir)
    assert again.content_hash == faces.content_hash
