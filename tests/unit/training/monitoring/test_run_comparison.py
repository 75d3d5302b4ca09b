"""Runs side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.datasets.splits.split import OFFICIAL
from core.domain import (
    CONFIDENT2,
    FER7,
    EpochEnded,
    Finished,
    ModelCard,
    Run,
    RunStatus,
    TrainingData,
)
from core.domain.run import Progress
from core.evaluation import score_predictions
from core.evaluation.predictions.predictions import (
    ANSWERS_FILE,
    SplitPredictions,
    write_predictions,
)
from core.training import TrainingPlan
from core.training.monitoring.run_comparison import (
    RunRow,
    compare_runs,
    damaged_runs,
    differing_entries,
    plan_entries,
    run_row,
)
from tests.make import make_card

PICTURES = 800


def make_run(run_id: str = "2026-11-21-1200-calm-otter", *, model: str = "") -> Run:
    """One that completed after two epochs."""
    epochs = tuple(EpochEnded(n, 2, {"val_accuracy": 0.2 * n, "seconds": 30.0}) for n in (1, 2))
    finished = Finished(RunStatus.COMPLETED, result={"model": model} if model else {})
    done = Progress(1.0, "Done.")
    return Run(run_id, "train", RunStatus.COMPLETED, done, datetime.now(UTC), finished, epochs)


def make_row(
    runs_dir: Path, name: str, right: np.ndarray, *, kept: bool = True, **card: object
) -> RunRow:
    """A finished run whose model named these pictures right."""
    truth = np.arange(len(right)) % 7
    logits = np.eye(7)[np.where(right, truth, (truth + 1) % 7)] * 4
    reports = tuple(
        score_predictions(split, logits, truth, scheme=FER7, temperature=1.0)
        for split in ("PublicTest", "PrivateTest")
    )
    run = make_run(f"2026-11-21-1200-{name}", model=name)
    made = replace(make_card(name), run_id=run.id, reports=reports, **card)
    if kept:
        (runs_dir / run.id / "result").mkdir(parents=True)
        answers = SplitPredictions(
            np.arange(len(right), dtype=np.uint64), truth, logits.astype(np.float32), FER7.labels
        )
        path = runs_dir / run.id / "result" / ANSWERS_FILE
        write_predictions(path, {"PublicTest": answers, "PrivateTest": answers})
    return run_row(run, TrainingPlan("two-block", dataset="faces").to_json(), {name: made})


def some_right(share: float) -> np.ndarray:
    """The first so many pictures."""
    return np.arange(PICTURES) < round(share * PICTURES)


def test_a_row_says_what_the_run_reached() -> None:
    row = run_row(make_run(model="small"), {"recipe": "two-block"}, {})
    assert row.best == pytest.approx(0.4)
    assert row.minutes == pytest.approx(1.0)
    assert (row.card, row.test_report, row.model) == (None, None, "small")


def test_a_model_of_the_same_name_by_another_run_is_not_this_runs() -> None:
    other = make_card("small")
    assert run_row(make_run(model="small"), {}, {"small": other}).card is None


def test_a_plan_is_spelt_out_with_its_changes() -> None:
    plan = TrainingPlan(
        "compact-residual", dataset="faces", options={"augmentation": {"erasing": 0.1}}
    )
    entries = plan_entries(plan.to_json())
    assert entries["erasing"] == 0.1
    assert entries["rotation_deg"] == 15
    assert entries["epochs"] == 60
    assert entries["sizes_px"] == "32 (35 %), 40 (35 %), 48 (30 %)"
    assert "title" not in entries


def test_a_recipe_nobody_knows_any_more_leaves_its_name_and_changes() -> None:
    entries = plan_entries({"recipe": "gone", "options": {"dropout": 0.3}})
    assert entries["recipe"] == "gone"
    assert entries["dropout"] == 0.3


def test_only_entries_that_differ_are_listed() -> None:
    plans = {
        "a": plan_entries(TrainingPlan("two-block", dataset="faces").to_json()),
        "b": plan_entries(
            TrainingPlan("two-block", dataset="faces", options={"dropout": 0.4}).to_json()
        ),
    }
    assert differing_entries(plans) == {"dropout": {"a": plans["a"]["dropout"], "b": 0.4}}
    assert differing_entries({"a": plans["a"]}) == {}


def test_models_that_answered_the_same_pictures_are_paired(tmp_path: Path) -> None:
    first = make_row(tmp_path, "better", some_right(0.73))
    second = make_row(tmp_path, "worse", some_right(0.70))
    found = compare_runs(tmp_path, first, second)
    assert found.difference is not None
    assert found.difference.test is not None
    assert found.difference.test.only_first == 24
    assert found.difference.test.only_second == 0
    assert found.sentence == "better is better by 3.0 points."


def test_a_tie_is_called_one(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    first = make_row(tmp_path, "one", rng.random(PICTURES) < 0.7)
    second = make_row(tmp_path, "two", rng.random(PICTURES) < 0.7)
    assert (
        compare_runs(tmp_path, first, second).sentence
        == "No significant difference on 800 pictures."
    )


def test_without_kept_answers_counts_are_compared(tmp_path: Path) -> None:
    first = make_row(tmp_path, "one", some_right(0.8))
    second = make_row(tmp_path, "two", some_right(0.5), kept=False)
    found = compare_runs(tmp_path, first, second)
    assert found.difference is not None
    assert found.difference.test is None
    assert found.sentence == "one is better by 30.0 points."


def test_other_pictures_without_answers_are_not_compared(tmp_path: Path) -> None:
    other = TrainingData("b", "bb" * 32, 9, OFFICIAL)
    first = make_row(
        tmp_path, "one", some_right(0.8), data=TrainingData("a", "aa" * 32, 9, OFFICIAL)
    )
    second = make_row(tmp_path, "two", some_right(0.5), kept=False, data=other)
    found = compare_runs(tmp_path, first, second)
    assert found.difference is None
    assert "pictures differ" in found.sentence


def test_models_of_unknown_pictures_without_answers_are_not_compared(tmp_path: Path) -> None:
    first = make_row(tmp_path, "one", some_right(0.8), data=None)
    second = make_row(tmp_path, "two", some_right(0.5), kept=False, data=None)
    found = compare_runs(tmp_path, first, second)
    assert found.difference is None
    assert "are not known" in found.sentence


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scheme": CONFIDENT2}, "different classes"),
        ({"reports": ()}, "no saved model"),
    ],
)
def test_runs_that_cannot_be_compared_give_the_reason(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    first = make_row(tmp_path, "one", some_right(0.8))
    second = make_row(tmp_path, "two", some_right(0.5))
    card: ModelCard = replace(second.card, **change)
    found = compare_runs(tmp_path, first, replace(second, card=card))
    assert found.difference is None
    assert words in found.sentence


def test_folders_without_a_plan_are_named(tmp_path: Path) -> None:
    (tmp_path / "2026-01-01-0000-broken-badger").mkdir()
    (tmp_path / ".turns").mkdir()
    assert damaged_runs(tmp_path) == ["2026-01-01-0000-broken-badger"]
