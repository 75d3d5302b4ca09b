from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import CONFIDENT2, FER7
from core.domain.errors import DamagedModel, UnknownModel
from core.evaluation.predictions.evaluation import Evaluation, usual_first
from core.evaluation.predictions.evaluation_store import (
    add_parts,
    folder_of,
    list_evaluations,
    load_evaluation,
    load_predictions,
    read_part,
    write_evaluation,
)
from core.evaluation.predictions.predictions import (
    ANSWERS_FILE,
    SplitPredictions,
    write_predictions,
)

EVALUATION = Evaluation(
    model="m",
    slug="fer2013",
    dataset="FER2013",
    content_hash="0" * 64,
    source={"dataset": "fer2013"},
    scheme=FER7,
    views="one",
    temperature=1.1,
    not_sure_below=0.5,
    judges="PrivateTest",
    made_at="2026-11-21T00:00:00+00:00",
    notes=("A sentence.",),
)


@pytest.fixture
def answers(tmp_path):
    kept = SplitPredictions(
        np.arange(3, dtype=np.uint64),
        np.array([0, 1, 2]),
        np.eye(3, 7, dtype=np.float32),
        FER7.labels,
    )
    write_predictions(tmp_path / "a.npz", {"PrivateTest": kept})
    return (tmp_path / "a.npz").read_bytes()


def test_what_is_read_is_what_was_written(tmp_path, answers):
    written = write_evaluation(tmp_path, EVALUATION, {ANSWERS_FILE: answers, "more.json": b"{}"})
    assert load_evaluation(tmp_path, "m", "fer2013") == written
    assert list_evaluations(tmp_path, "m") == [written]
    assert read_part(tmp_path, written, "more.json") == b"{}"
    assert read_part(tmp_path, written, "other.json") is None
    assert load_predictions(tmp_path, written)["PrivateTest"].right.all()


def test_a_second_evaluation_takes_the_place_of_the_first(tmp_path, answers):
    write_evaluation(tmp_path, EVALUATION, {ANSWERS_FILE: answers, "more.json": b"{}"})
    newer = replace(EVALUATION, temperature=2.0)
    write_evaluation(tmp_path, newer, {ANSWERS_FILE: answers})
    (found,) = list_evaluations(tmp_path, "m")
    assert found.temperature == 2.0
    names = {path.name for path in folder_of(tmp_path, "m", "fer2013").iterdir()}
    assert names == {"evaluation.json", ANSWERS_FILE}
    assert [path.name for path in (tmp_path / "m" / "evaluations").iterdir()] == ["fer2013"]


def test_parts_that_are_added_by_two_who_read_the_same_evaluation_are_both_kept(tmp_path, answers):
    written = write_evaluation(tmp_path, EVALUATION, {ANSWERS_FILE: answers})
    add_parts(tmp_path, written, {"one.json": b"1"})
    complete = add_parts(tmp_path, written, {"two.json": b"2"})
    assert set(complete.files) == {ANSWERS_FILE, "one.json", "two.json"}
    assert read_part(tmp_path, complete, "one.json") == b"1"


@pytest.mark.parametrize("harm", ["change", "delete"])
def test_a_part_that_is_not_the_one_that_was_written_is_refused(tmp_path, answers, harm):
    written = write_evaluation(tmp_path, EVALUATION, {ANSWERS_FILE: answers})
    path = folder_of(tmp_path, "m", "fer2013") / ANSWERS_FILE
    path.write_bytes(answers + b"x") if harm == "change" else path.unlink()
    with pytest.raises(DamagedModel, match="missing or damaged"):
        load_predictions(tmp_path, written)


def test_a_damaged_evaluation_is_left_out_of_the_list_and_explained_when_asked_for(
    tmp_path, answers
):
    write_evaluation(tmp_path, EVALUATION, {ANSWERS_FILE: answers})
    (folder_of(tmp_path, "m", "fer2013") / "evaluation.json").write_text("{")
    assert list_evaluations(tmp_path, "m") == []
    with pytest.raises(DamagedModel, match="cannot be read"):
        load_evaluation(tmp_path, "m", "fer2013")


def test_an_evaluation_that_is_not_there_is_said_by_name(tmp_path):
    with pytest.raises(UnknownModel, match="no evaluation 'other'"):
        load_evaluation(tmp_path, "m", "other")


def test_nothing_is_left_of_an_evaluation_that_could_not_be_written(tmp_path):
    with pytest.raises(TypeError):
        write_evaluation(tmp_path, EVALUATION, {"a.json": "no bytes"})
    assert list((tmp_path / "m" / "evaluations").iterdir()) == []


def test_a_newer_evaluation_under_other_classes_does_not_stand_for_the_model():
    """Made later, it took the place of the model's own figures in reports and on the page."""

    def of(slug, **changed):
        own = Evaluation("m", slug, "fer2013", "", {}, FER7, "one", 1.0, 0.0, "PrivateTest", "")
        return replace(own, **{"chose": "PublicTest", **changed})

    own, flip, elsewhere = of("own"), of("flip", views="flip"), of("elsewhere", chose="")
    two, three = of("two", scheme=CONFIDENT2), of("three", together="a, b and c")
    newest_first = [two, three, flip, elsewhere, own]
    assert [one.slug for one in usual_first(newest_first, FER7)] == [
        *("own", "elsewhere", "flip", "three", "two")
    ]
    assert usual_first(newest_first, CONFIDENT2)[0] == two
    assert usual_first([], FER7) == []
