from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import CONFIDENT2, Calibration
from core.domain.errors import DatasetError, LabelSchemeMismatch
from core.domain.provenance import UNCALIBRATED
from core.evaluation.evaluator import recalibrate
from core.evaluation.evaluator.recalibrate import calibrate, splits_for
from core.evaluation.metrics.calibration import fit_temperature
from core.evaluation.predictions.evaluation_files import GROUPS_FILE, ROBUSTNESS_FILE
from core.evaluation.predictions.evaluation_store import (
    folder_of,
    load_evaluation,
    read_part,
    write_evaluation,
)
from core.evaluation.predictions.predictions import ANSWERS_FILE
from core.models import add_reports, load_card
from core.models.registry import write_card
from tests.evaluations_on_disk import make_answers, put_evaluation, some_right
from tests.make import make_card, make_report


@pytest.fixture
def models_dir(tmp_path):
    return tmp_path / "models"


def answers(*, split_count: int = 400, sure: float = 12.0) -> dict:
    """Of a model that is far too sure: it is right about seven of ten."""
    return {
        name: make_answers(some_right(split_count, seed=at), sure=sure, seed=at)
        for at, name in enumerate(("PublicTest", "PrivateTest"))
    }


def foreign(**changes: object):
    card = make_card("theirs")
    limits = ("It was trained elsewhere.",)
    return replace(card, origin="theirs.onnx", reports=(), limits=limits, **changes)


def test_an_overconfident_model_is_calibrated_on_the_validation_split(models_dir):
    report = replace(make_report("PrivateTest"), dataset="FER2013")
    found = put_evaluation(models_dir, replace(foreign(), reports=(report,)), answers())
    card = calibrate(models_dir, "theirs")
    assert card.temperature > 2
    assert card == load_card(models_dir, "theirs")
    assert card.calibration == Calibration("FER2013", "PublicTest", 400)
    assert any("Calibrated here on PublicTest of FER2013, 400" in one for one in card.all_limits)
    assert UNCALIBRATED not in card.all_limits
    # What is told of it afterwards is told with the new temperature.
    assert card.reports[0].ece_after < card.reports[0].ece_before / 2
    assert card.reports[0].dataset == "FER2013"
    again = load_evaluation(models_dir, "theirs", found.slug)
    assert again.temperature == card.temperature
    assert again.not_sure_below == card.not_sure_below


def test_calibrating_twice_leaves_one_note(models_dir):
    put_evaluation(models_dir, foreign(), answers())
    once, twice = calibrate(models_dir, "theirs"), calibrate(models_dir, "theirs")
    assert once.all_limits == twice.all_limits
    assert once.temperature == pytest.approx(twice.temperature)


def test_the_test_split_is_never_offered(models_dir):
    found = put_evaluation(models_dir, foreign(), answers())
    assert splits_for(models_dir, found) == {"PublicTest": 400}
    with pytest.raises(DatasetError, match="PrivateTest"):
        calibrate(models_dir, "theirs", split="PrivateTest")


def test_too_few_pictures_are_not_enough(models_dir):
    put_evaluation(models_dir, foreign(), answers(split_count=60))
    with pytest.raises(DatasetError, match="no split of 200"):
        calibrate(models_dir, "theirs")


def test_without_an_evaluation_there_is_nothing_to_calibrate_on(models_dir):
    put_evaluation(models_dir, foreign(), answers())
    (models_dir / "other").mkdir()
    card = replace(foreign(), name="other")

    write_card(models_dir / "other", card)
    with pytest.raises(DatasetError, match="has not been evaluated yet"):
        calibrate(models_dir, "other")


def test_a_model_that_was_trained_here_keeps_its_temperature(models_dir):
    put_evaluation(models_dir, make_card("ours"), answers())
    with pytest.raises(DatasetError, match="trained here"):
        calibrate(models_dir, "ours")


@pytest.mark.parametrize(
    "changed", [{"views": "flip"}, {"together": "Two"}, {"source": {"classes": "my map"}}]
)
def test_averaged_scores_are_never_used_for_calibration(models_dir, changed):
    own = put_evaluation(models_dir, foreign(), answers())
    newest = replace(own, slug="newest", made_at="2026-11-22T12:00:00+00:00", **changed)
    write_evaluation(models_dir, newest, {ANSWERS_FILE: read_part(models_dir, own, ANSWERS_FILE)})
    calibrate(models_dir, "theirs")
    assert load_evaluation(models_dir, "theirs", own.slug).temperature > 2
    assert load_evaluation(models_dir, "theirs", "newest").temperature == 1.0
    with pytest.raises(DatasetError, match="its scores contain a temperature already"):
        calibrate(models_dir, "theirs", evaluation="newest")


def test_reports_on_other_datasets_use_the_new_temperature_too(models_dir):
    rows = tuple(
        replace(make_report("PrivateTest"), dataset=name) for name in ("FER2013", "CK+", "gone")
    )
    own = put_evaluation(models_dir, replace(foreign(), reports=rows), answers())
    other = replace(own, slug="ck", dataset="CK+", made_at="2026-11-20T12:00:00+00:00")
    write_evaluation(models_dir, other, {ANSWERS_FILE: read_part(models_dir, own, ANSWERS_FILE)})
    card = calibrate(models_dir, "theirs", evaluation=own.slug)
    assert load_evaluation(models_dir, "theirs", "ck").temperature == card.temperature
    fer, ck, gone = card.reports
    assert ck.ece_after == fer.ece_after != rows[0].ece_after
    assert gone == rows[2]


def test_robustness_and_groups_of_the_old_temperature_are_deleted_with_a_note(models_dir):
    parts = {ROBUSTNESS_FILE: b"{}", GROUPS_FILE: b"{}", "more.json": b"{}"}
    found = put_evaluation(models_dir, foreign(), answers(), parts=parts)
    calibrate(models_dir, "theirs")
    now = load_evaluation(models_dir, "theirs", found.slug)
    assert set(now.files) == {ANSWERS_FILE, "more.json"}
    assert not (folder_of(models_dir, "theirs", found.slug) / GROUPS_FILE).exists()
    assert "measure them again" in now.notes[-1]


def test_predictions_under_other_labels_are_refused(models_dir):
    two = make_answers(np.ones(300, dtype=bool), scheme=CONFIDENT2)
    put_evaluation(models_dir, foreign(scheme=CONFIDENT2), {"PublicTest": two, "PrivateTest": two})

    write_card(models_dir / "theirs", foreign())
    with pytest.raises(LabelSchemeMismatch):
        calibrate(models_dir, "theirs")


def test_what_a_run_puts_on_the_card_meanwhile_stays(models_dir, monkeypatch):
    """Working it out takes seconds, and an evaluation may end in them."""
    put_evaluation(models_dir, foreign(), answers())
    late = replace(make_report("Test"), dataset="late")

    def slow(*asked):
        add_reports(models_dir, "theirs", [late])
        return fit_temperature(*asked)

    monkeypatch.setattr(recalibrate, "fit_temperature", slow)
    card = calibrate(models_dir, "theirs")
    assert late in card.reports
    assert card == load_card(models_dir, "theirs")
    assert card.temperature > 2
