"""Evaluate a model: figures with their intervals, and starting another evaluation."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.domain import EpochEnded, Finished, RunStatus
from core.domain.wording import percent_ends
from core.evaluation.predictions.evaluation_files import HISTORY_FILE, history_bytes
from core.evaluation.predictions.evaluation_store import folder_of
from core.evaluation.predictions.leakage import LEAKAGE_FILE, find_leakage, leakage_bytes
from core.evaluation.predictions.predictions import ANSWERS_FILE
from core.jobs import Journal, RunFolder
from core.jobs.run_folder.folder import create
from core.models.registry import list_cards, write_card
from core.settings import PROJECT_DIR, Settings
from pages.parts.evaluate import cached
from pages.parts.evaluate.scorecard.scorecard import figures_json
from pages.parts.shell import run_panel
from pages.parts.shell.navigation import EVALUATE_MODEL
from tests.datasets_on_disk import make_pictures, write_csv
from tests.evaluations_on_disk import make_answers, put_evaluation, some_right
from tests.make import make_card
from tests.pages.visits import as_read, open_at, words_of

ANSWERS = {
    "PublicTest": make_answers(some_right(200, seed=1), seed=1),
    "PrivateTest": make_answers(some_right(200, seed=2), seed=2),
}


@pytest.fixture
def judged(installation: Settings) -> Settings:
    """A model with one evaluation."""
    digests = {name: one.digests for name, one in ANSWERS.items()}
    alike = (digests["PrivateTest"][:5], digests["PublicTest"][:5])
    repeats = leakage_bytes(find_leakage(tuple(ANSWERS), digests, alike))
    epochs = (EpochEnded(1, 2, {"loss": 1.5, "val_accuracy": 0.5}),)
    parts = {LEAKAGE_FILE: repeats, HISTORY_FILE: history_bytes(epochs)}
    put_evaluation(installation.models_dir, make_card(), ANSWERS, parts=parts)
    return installation


@pytest.fixture
def faces(installation: Settings, tmp_path: Path) -> str:
    path = write_csv(tmp_path / "fer2013.csv", make_pictures(size_px=24))
    add(
        installation.datasets_dir,
        "faces",
        DatasetSource(str(path)),
        installation.datasets_cache_dir,
    )
    return "faces"


def open_page(visitor: AppTest) -> AppTest:
    return open_at(visitor, EVALUATE_MODEL)


def test_without_a_model_the_way_to_one_is_shown(visitor: AppTest) -> None:
    open_page(visitor)
    assert not visitor.exception
    assert "There is no model yet." in words_of(visitor)


def test_a_model_that_was_not_judged_says_so_and_offers_the_choices(
    visitor: AppTest, installation: Settings, faces: str
) -> None:
    card = make_card()
    (installation.models_dir / card.name).mkdir(parents=True)
    write_card(installation.models_dir / card.name, card)
    open_page(visitor)
    assert not visitor.exception
    assert "small has not been evaluated yet." in words_of(visitor)
    assert visitor.multiselect(key="evaluate-splits-faces").value == ["PublicTest", "PrivateTest"]


def test_without_a_dataset_one_is_offered(visitor: AppTest, judged: Settings) -> None:
    open_page(visitor)
    assert "There is no dataset yet." in words_of(visitor)


def test_the_first_sentence_says_how_often_right_and_how_sure(
    visitor: AppTest, judged: Settings
) -> None:
    open_page(visitor)
    assert not visitor.exception
    right = ANSWERS["PrivateTest"].right.mean()
    assert visitor.subheader[0].value.startswith(f"Accuracy {right * 100:.1f} % on 200 pictures")
    assert [one.label for one in visitor.metric] == [
        "Accuracy",
        "Balanced accuracy",
        "Macro-F1",
        "Top-2 accuracy",
        "Calibration error",
    ]
    assert as_read(visitor.caption[1].value).startswith("95 % CI [")


def test_both_protocols_stand_side_by_side(visitor: AppTest, judged: Settings) -> None:
    open_page(visitor)
    table = visitor.dataframe[0].value
    assert table["Protocol"].tolist() == [
        "PrivateTest (200)",
        "PublicTest + PrivateTest (400)",
        "PublicTest (200)",
    ]
    visitor.segmented_control(key="figures-pictures-small-fer2013-one").set_value(
        "PublicTest + PrivateTest"
    ).run()
    assert "on 400 pictures" in visitor.subheader[0].value


def test_every_chart_is_drawn(visitor: AppTest, judged: Settings) -> None:
    open_page(visitor)
    # Classes, matrix, ROC, precision-recall, reliability, risk-coverage, two of learning.
    assert len(visitor.get("plotly_chart")) == 8
    for by in ("Counts", "Columns"):
        visitor.segmented_control(key="figures-confusion-by").set_value(by).run()
        assert not visitor.exception


def test_seven_expressions_can_be_seen_as_two(visitor: AppTest, judged: Settings) -> None:
    open_page(visitor)
    visitor.selectbox(key="figures-classes-small-fer2013-one").set_value(
        "confident or stressed"
    ).run()
    assert not visitor.exception
    assert "Top-2 accuracy" not in [one.label for one in visitor.metric]
    assert "Without duplicates of training pictures" not in words_of(visitor)


def test_repeats_are_told_and_rescored(visitor: AppTest, judged: Settings) -> None:
    open_page(visitor)
    told = words_of(visitor)
    assert "5 of 200 pictures are duplicates" in told
    table = next(one.value for one in visitor.dataframe if "" in one.value.columns)
    assert table["Pictures"].tolist() == [200, 200, 195]


def test_a_damaged_file_is_one_sentence(visitor: AppTest, judged: Settings) -> None:
    path = folder_of(judged.models_dir, "small", "fer2013-one") / ANSWERS_FILE
    path.write_bytes(b"nothing")
    open_page(visitor)
    assert not visitor.exception
    assert "answers.npz of the evaluation fer2013-one of small is missing or damaged." in (
        visitor.error[0].value
    )


def test_a_damaged_evaluation_is_left_out(visitor: AppTest, judged: Settings) -> None:
    path = folder_of(judged.models_dir, "small", "fer2013-one") / "evaluation.json"
    path.write_text("{", encoding="utf-8")
    open_page(visitor)
    assert not visitor.exception
    assert "has not been evaluated yet" in words_of(visitor)


def test_start_begins_what_was_chosen(
    visitor: AppTest, judged: Settings, faces: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    def begin(kind: str, plan: dict[str, object]) -> str:
        begun.append((kind, plan))
        now, rng = datetime.now(UTC), np.random.default_rng()
        return create(judged.runs_dir, kind, plan, now=now, rng=rng).id

    monkeypatch.setattr(run_panel, "start_run", begin)
    open_page(visitor)
    visitor.multiselect(key="evaluate-splits-faces").set_value(["PrivateTest"])
    visitor.segmented_control(key="evaluate-views").set_value("flip")
    visitor.button(key="evaluate-start").click().run()
    assert not visitor.exception
    (kind, plan), *others = begun
    assert not others
    assert kind == "evaluate"
    assert plan["models"] == ["small"]
    assert (plan["dataset"], plan["splits"], plan["views"]) == ("faces", ["PrivateTest"], "flip")
    assert any("Evaluating" in one.value for one in visitor.markdown)


def test_a_completed_run_opens_its_evaluation(
    visitor: AppTest, installation: Settings, faces: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(
        PROJECT_DIR / "models" / "compact-1",
        installation.models_dir / "compact-1",
        ignore=shutil.ignore_patterns("evaluations"),
    )
    monkeypatch.setattr(run_panel, "start_run", lambda kind, plan: _done(installation, kind, plan))
    open_page(visitor)
    visitor.button(key="evaluate-start").click().run(timeout=90)  # a worker wakes and works
    assert not visitor.exception
    assert "on 14 pictures of faces (" in visitor.subheader[0].value


def test_predictions_without_labels_can_be_taken_home(
    visitor: AppTest, judged: Settings, faces: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.csv").write_text("picture\n", encoding="utf-8")
    result = {"predictions": str(tmp_path / "p.csv")}
    monkeypatch.setattr(
        run_panel, "start_run", lambda kind, plan: _finished(judged, kind, plan, result=result)
    )
    open_page(visitor)
    visitor.button(key="evaluate-start").click().run()
    assert "no metrics" in visitor.success[0].value
    visitor.button(key="evaluate-close").click().run()
    assert not visitor.success


def test_a_failed_run_says_why(
    visitor: AppTest, judged: Settings, faces: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(kind: str, plan: dict[str, object]) -> str:
        return _finished(judged, kind, plan, error="small lacks its file.", advice="Restore it.")

    monkeypatch.setattr(run_panel, "start_run", begin)
    open_page(visitor)
    visitor.button(key="evaluate-start").click().run()
    assert "small lacks its file." in visitor.error[0].value


def test_the_shipped_model_is_shown_in_full_without_any_dataset(
    visitor: AppTest, installation: Settings
) -> None:
    shutil.copytree(PROJECT_DIR / "models", installation.models_dir)
    open_page(visitor)
    assert not visitor.exception
    assert not visitor.error
    best = list_cards(installation.models_dir)[0].report("PrivateTest").accuracy
    assert as_read(visitor.subheader[0].value) == (
        f"Accuracy {best.value * 100:.1f} % on 3,589 unseen pictures "
        f"(95 % CI {percent_ends(best)})."
    )
    told = words_of(visitor)
    for part in (
        "Without duplicates of training pictures",
        "Agreement with human votes (FER+)",
        "Training history",
    ):
        assert part in told


def test_every_figure_can_be_taken_home(judged: Settings) -> None:
    evaluation = cached.evaluations_of("small")[0]
    told = json.loads(figures_json(evaluation))
    assert told["protocols"]["PrivateTest"]["pictures"] == 200


def _done(settings: Settings, kind: str, plan: dict[str, object]) -> str:
    """The run, done by a worker before this answers."""
    now, rng = datetime.now(UTC), np.random.default_rng()
    folder = create(settings.runs_dir, kind, plan, now=now, rng=rng)
    subprocess.run(
        [sys.executable, "-m", "core.jobs.worker", str(folder.path)], cwd=PROJECT_DIR, check=True
    )
    return folder.id


def _finished(
    settings: Settings,
    kind: str,
    plan: dict[str, object],
    *,
    result: dict[str, str] | None = None,
    error: str = "",
    advice: str = "",
) -> str:
    """A run that ended with these words, without anything being done."""
    now, rng = datetime.now(UTC), np.random.default_rng()
    folder = RunFolder(create(settings.runs_dir, kind, plan, now=now, rng=rng).path)
    outcome = RunStatus.FAILED if error else RunStatus.COMPLETED
    journal = Journal(folder.events, clock=lambda: datetime.now(UTC))
    journal.append(Finished(outcome, error, advice, result or {}))
    return folder.id
