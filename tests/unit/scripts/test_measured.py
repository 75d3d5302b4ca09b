"""Figures of recipes outlive the machines that trained them."""

from dataclasses import replace
from datetime import UTC, datetime

from core.domain import Finished, Interval, Progress, Run, RunStatus
from core.evaluation.metrics.learning_curve import LearningCurvePoint
from core.training import TrainingPlan
from scripts.measured import Point, Record, TrainingResult, read_record, write_record
from scripts.recipe_page import page_of
from scripts.recipe_report import Row

HALF = TrainingResult(
    name="csv-1-two-blocks",
    recipe="csv-1-two-blocks",
    changed=False,
    command="python -m core train --recipe csv-1-two-blocks --data fer2013.csv",
    epochs=20,
    of_epochs=60,
    minutes=7.5,
    computed_in="float32",
    chosen=0.5,
)
DONE = replace(HALF, epochs=60, tested=Interval(0.601, 0.585, 0.617), weights=1_199_495)


def test_a_record_is_read_as_it_was_written(tmp_path):
    assert read_record(tmp_path / "none.json") == Record()
    record = Record(made={"expressiveness": "a sentence"})
    record = record.with_trainings([replace(DONE, area=Interval(0.9, 0.8, 0.95))])
    record = record.with_point("two-block", Point(LearningCurvePoint(100, 30, 90), "float32"))
    write_record(tmp_path / "record.json", record)
    assert read_record(tmp_path / "record.json") == record


def test_what_came_further_stays():
    assert Record().with_trainings([HALF, DONE]).trainings[DONE.name] == DONE
    begun_again = replace(HALF, epochs=99)
    assert Record().with_trainings([DONE, begun_again]).trainings[DONE.name] == DONE
    better = replace(DONE, minutes=1.0)
    assert Record().with_trainings([DONE, better]).trainings[DONE.name] == better


def test_what_a_network_was_computed_in_is_a_result_of_its_run():
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    over = Finished(RunStatus.COMPLETED, result={"model": "mine", "computed_in": "float32"})
    run = Run("one", "train", over.outcome, Progress(1.0, "Done."), begun, over, ())
    plan = TrainingPlan("two-block", dataset="faces")
    assert Row(plan, run, None).computed_in == "float32"
    reported = replace(run, finished=None, messages=("Computing in float16.",))
    assert Row(plan, reported, None).computed_in == ""


def test_a_run_without_its_number_format_removes_nothing():
    silent = replace(DONE, computed_in="", minutes=1.0)
    assert Record().with_trainings([DONE, silent]).trainings[DONE.name] == replace(
        DONE, minutes=1.0
    )
    known, other = LearningCurvePoint(100, 30, 90), LearningCurvePoint(100, 31, 90)
    record = Record().with_point("two-block", Point(known, "float32"))
    assert record.with_point("two-block", Point(known, "")) == record
    assert record.with_point("two-block", Point(other, "")).curves["two-block"][100] == Point(
        other, ""
    )


def test_the_page_shows_finished_and_unfinished_trainings(tmp_path):
    page = page_of(Record().with_trainings([DONE]), tmp_path)
    assert "| 60.1 % [58.5, 61.7] | 50.0 % | met | 1,199,495 |" in page
    assert "compact-residual" in page.splitlines()[-1]
    page = page_of(Record().with_trainings([HALF]), tmp_path)
    assert "| not finished | 50.0 % [48.4, 51.6] so far |" in page
    assert "| 20 of 60 | 8 |" in page


def test_four_sizes_make_a_learning_curve(tmp_path):
    record = Record()
    for pictures, right in ((1000, 500), (2000, 560), (4000, 610)):
        record = record.with_point(
            "two-block", Point(LearningCurvePoint(pictures, right, 1000), "")
        )
    assert "in the limit" not in page_of(record, tmp_path)
    record = record.with_point("two-block", Point(LearningCurvePoint(8000, 650, 1000), "float32"))
    page = page_of(record, tmp_path)
    assert "61.0 % of 4,000, 65.0 % of 8,000 (in float32). Extrapolated to 16,000: " in page
