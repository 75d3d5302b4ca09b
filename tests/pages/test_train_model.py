"""Train a model: choose, start, follow, stop, compare."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import DatasetSource
from core.datasets.catalogue import add
from core.runs import Journal, Lease, RunFolder
from core.runs.folder import create
from core.settings import Settings
from core.training import TrainingPlan
from core.vocabulary import EpochEnded, Finished, RunStatus, Started
from pages.parts import run_view
from pages.parts.frame import TRAIN_MODEL
from tests.datasets_on_disk import make_pictures, write_csv
from tests.pages.visits import open_at, words_of

NOW = datetime.now(UTC)


@pytest.fixture
def faces(tmp_path: Path, installation: Settings) -> str:
    """A small FER2013 in the catalogue."""
    source = DatasetSource(str(write_csv(tmp_path / "fer2013.csv", make_pictures())))
    add(installation.datasets_dir, "small", source, installation.datasets_cache_dir)
    return "small"


def record(installation: Settings, *, epochs: int, ended: RunStatus | None) -> RunFolder:
    """A run that learned for some epochs, and how it ended; None: its process vanished."""
    folder = create(
        installation.runs_dir,
        "train",
        TrainingPlan("two-block", dataset="small").to_json(),
        now=NOW - timedelta(hours=1),
        rng=np.random.default_rng(),
    )
    journal = Journal(folder.events, clock=lambda: NOW)
    journal.append(Started(1))
    for epoch in range(1, epochs + 1):
        metrics = {"loss": 2 / epoch, "accuracy_chooses": 0.1 * epoch, "seconds": 60.0}
        speed = {"pictures_per_s": 50.0, "learning_rate": 0.01}
        journal.append(EpochEnded(epoch, 8, {**metrics, **speed}))
    if ended is not None:
        error = "The loss became nan." if ended is RunStatus.FAILED else ""
        result = {"model": "quick"} if ended is RunStatus.COMPLETED else {}
        journal.append(Finished(ended, error=error, advice="Lower the rate.", result=result))
    return folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict]]]:
    """What was asked to start; nothing does."""
    asked: list[tuple[str, dict]] = []

    def begin(kind, plan):
        asked.append((kind, dict(plan)))
        return "no-run"

    monkeypatch.setattr(run_view, "begin", begin)
    return asked


def section(visitor: AppTest, name: str) -> AppTest:
    return visitor.button_group[0].select(name).run()


def test_without_a_dataset_one_is_asked_for(visitor: AppTest, installation: Settings) -> None:
    open_at(visitor, TRAIN_MODEL)
    assert not visitor.exception
    assert "There is no dataset yet" in words_of(visitor)
    assert visitor.button(key="add-demo-dataset")


def test_a_recipe_says_whose_it_is_and_what_they_report(visitor: AppTest, faces: str) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("csv-4-vgg-dropout").run()
    assert not visitor.exception
    assert "From Seven emotions from CSV" in words_of(visitor)
    assert "65.4 to 65.7 %" in words_of(visitor)


def test_start_begins_a_run_with_what_was_chosen(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("two-block").run()
    visitor.number_input(key="option-two-block-epochs").set_value(3)
    visitor.number_input(key="option-two-block-erasing").set_value(0.0)
    visitor.text_input(key="train-name").set_value("quick")
    visitor.button(key="train-start").click().run()
    ((kind, plan),) = started
    assert kind == "train"
    assert (plan["recipe"], plan["dataset"], plan["name"]) == ("two-block", "small", "quick")
    assert plan["options"] == {"epochs": 3, "augmentation": {"erasing": 0.0}}
    assert TrainingPlan.from_json(plan).chosen_recipe.epochs == 3


def test_a_recipe_for_two_classes_chooses_them(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.selectbox(key="recipe").select("attention-binary").run()
    visitor.button(key="train-start").click().run()
    assert started[0][1]["classes"] == "confident or stressed"


def test_a_name_that_cannot_be_one_is_refused(
    visitor: AppTest, faces: str, started: list[tuple[str, dict]]
) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.text_input(key="train-name").set_value("../out")
    visitor.button(key="train-start").click().run()
    assert not visitor.exception
    assert "cannot be the name" in visitor.error[0].value
    assert not started


def test_a_run_under_way_is_followed(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=3, ended=None)
    lease = Lease(folder.lease)
    assert lease.take()
    try:
        open_at(visitor, TRAIN_MODEL)
        assert not visitor.exception
        assert {one.label: one.value for one in visitor.metric} == {
            "Epoch": "3 of 8",
            "Best accuracy": "30.0 %",
            "Pictures a second": "50",
            "Learning rate": "0.01",
            "Time left": "5 min",
        }
        assert len(visitor.get("plotly_chart")) == 3
        visitor.button(key=f"cancel-{folder.id}").click().run()
        assert folder.cancel.exists()
    finally:
        lease.release()


def test_a_finished_run_names_its_model(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=8, ended=RunStatus.COMPLETED)
    open_at(visitor, TRAIN_MODEL)
    section(visitor, "All runs")
    assert visitor.dataframe[0].value["Best"].tolist() == pytest.approx([80.0])
    visitor.session_state["slot:followed_run"] = folder.id
    section(visitor, "This run")
    assert not visitor.exception
    assert "the model is called quick" in visitor.success[0].value


def test_a_lost_run_can_go_on(visitor: AppTest, installation: Settings, faces: str) -> None:
    folder = record(installation, epochs=2, ended=None)
    open_at(visitor, TRAIN_MODEL)
    visitor.session_state["slot:followed_run"] = folder.id
    section(visitor, "This run")
    assert "cut off" in visitor.warning[0].value
    assert visitor.button(key=f"resume-{folder.id}")


def test_a_failed_run_says_why(visitor: AppTest, installation: Settings) -> None:
    folder = record(installation, epochs=1, ended=RunStatus.FAILED)
    open_at(visitor, TRAIN_MODEL)
    visitor.session_state["slot:followed_run"] = folder.id
    section(visitor, "This run")
    assert "The loss became nan." in visitor.error[0].value
    assert "Lower the rate." in visitor.error[0].value


def test_a_run_that_is_gone_is_one_sentence(visitor: AppTest, installation: Settings) -> None:
    open_at(visitor, TRAIN_MODEL)
    visitor.session_state["slot:followed_run"] = "2026-01-01-0000-gone-goose"
    section(visitor, "This run")
    assert not visitor.exception
    assert "There is no run" in visitor.error[0].value
