"""Conditions and groups as a visitor sees them."""

from __future__ import annotations

import numpy as np
import pytest

from core.evaluation.predictions.evaluation_files import GROUPS_FILE, ROBUSTNESS_FILE
from core.evaluation.predictions.evaluation_store import add_parts, load_evaluation
from core.evaluation.subgroups.report import write_groups
from core.jobs.run_folder.folder import create
from pages.parts.evaluate.robustness import charts as drawn
from pages.parts.shell import run_panel
from pages.parts.shell.navigation import EVALUATE_MODEL
from tests.evaluations_on_disk import make_answers, put_evaluation
from tests.make import BEGAN_AT, make_card
from tests.pages.visits import open_at, words_of
from tests.robustness_results import (
    SPLIT,
    first_right,
    make_accuracy_by_quality,
    make_detection,
    make_groups,
    make_robustness,
    put_evaluated,
)


@pytest.fixture
def elsewhere(installation):
    """An evaluation whose pictures are not on this machine, with everything measured."""
    answers = {SPLIT: make_answers(first_right(60, 40))}
    parts = {ROBUSTNESS_FILE: make_robustness(finding=True).to_bytes()}
    return put_evaluation(installation.models_dir, make_card(), answers, parts=parts)


@pytest.fixture
def here(installation):
    """Drawn faces that were judged here; nothing measured yet."""
    return put_evaluated(installation)


@pytest.fixture
def begun(monkeypatch):
    """Runs are not started but remembered."""
    asked = []

    def begin(kind, plan):
        asked.append((kind, plan))
        raise RuntimeError("no worker here")

    monkeypatch.setattr(run_panel, "start_run", begin)
    return asked


def _open(visitor, section=None):
    open_at(visitor, EVALUATE_MODEL)
    visitor.segmented_control(key="evaluate-section").set_value("Robustness").run()
    if section is not None:
        visitor.segmented_control(key="robustness-section").set_value(section).run()
    assert not visitor.exception
    return visitor


def test_a_condition_shows_its_curve_its_pictures_and_what_follows(visitor, elsewhere):
    _open(visitor)
    told = words_of(visitor)
    assert "over all levels of 2 corruptions" in told
    assert "significant drop at 0.75 px of 48 or more" in told
    assert "A synthetic face, as the evaluated pictures are not on this machine." in told
    assert "To measure again, the evaluated pictures must be" in told
    table = visitor.dataframe[0].value
    assert table["Significant drop from"].tolist() == ["0.75 px of 48 or more", "none"]
    visitor.selectbox(key="robustness-applied").set_value("noise").run()
    assert "no significant drop at any level" in words_of(visitor)


def test_another_picture_shows_the_levels(visitor, elsewhere):
    _open(visitor)
    visitor.button(key="robustness-another").click().run()
    assert not visitor.exception


def test_pictures_are_sorted_by_what_they_are_like(visitor, elsewhere):
    _open(visitor, "By picture quality")
    told = words_of(visitor)
    assert "the bars differ significantly (p < 0.001)" in told
    assert "hint and no proof" in told
    visitor.segmented_control(key="robustness-natural").set_value("yaw").run()
    told = words_of(visitor)
    assert "no significant difference between the bars (p = 0.800)" in told
    assert "In 10 of 500 pictures no face was large" in told


def test_faces_in_frames_warn_where_they_are_few(visitor, elsewhere):
    _open(visitor, "Face detection")
    told = words_of(visitor)
    assert "at 3 stops only 50 % of the faces are usable" in told
    assert "Only 40 faces, from 5 files" in told


def test_without_frames_it_says_what_it_takes(visitor, elsewhere, installation):
    parts = {ROBUSTNESS_FILE: make_robustness().to_bytes()}
    add_parts(installation.models_dir, elsewhere, parts)
    _open(visitor, "Face detection")
    assert "Face detection was not measured yet" in words_of(visitor)


def test_what_was_not_measured_can_be_asked_for(visitor, here, begun):
    _open(visitor)
    assert "Not measured yet" in words_of(visitor)
    visitor.number_input(key="robustness-pictures").set_value(50)
    visitor.multiselect(key="robustness-chosen").set_value(["jpeg"])
    visitor.button[-1].click().run()
    ((kind, plan),) = begun
    assert kind == "conditions"
    assert (plan["evaluation"], plan["pictures"], plan["corruptions"]) == ("drawn", 50, ["jpeg"])


def test_a_run_about_another_evaluation_hides_nothing_here(visitor, here, installation):
    plan = {"model": "another", "evaluation": "fer2013"}
    folder = create(
        installation.runs_dir, "conditions", plan, now=BEGAN_AT, rng=np.random.default_rng(1)
    )
    visitor.session_state["slot:robustness_run"] = folder.id
    _open(visitor)
    assert "Not measured yet" in words_of(visitor)


def test_without_the_pictures_it_says_where_to_get_them(visitor, installation):
    answers = {SPLIT: make_answers(first_right(60, 40))}
    put_evaluation(installation.models_dir, make_card(), answers)
    _open(visitor)
    assert "are not on this machine" in words_of(visitor)


def test_damaged_figures_are_said_with_advice(visitor, elsewhere, installation):
    folder = installation.models_dir / "small" / "evaluations" / "fer2013-one"
    (folder / ROBUSTNESS_FILE).write_bytes(b"damaged")
    _open(visitor)
    assert "conditions.json of the evaluation fer2013-one of small is missing or damaged" in (
        words_of(visitor)
    )


def test_groups_are_never_guessed_and_a_table_declares_them(visitor, here, installation):
    _open(visitor, "Groups")
    assert "Mien never guesses who somebody is" in words_of(visitor)
    name = "demo_faces.csv:"
    rows = [f"{name}{line},{'a' if line % 2 else 'b'}" for line in range(2, 394)]
    table = "\n".join(["picture,camera", *rows]).encode()
    visitor.file_uploader(key="groups-table").upload("groups.csv", table, "text/csv").run()
    assert not visitor.exception
    told = words_of(visitor)
    assert "no gap to report" in told
    assert "Fewer than 30 pictures: a, b" in told
    visitor.button(key="groups-keep").click().run()
    kept = load_evaluation(installation.models_dir, here.model, here.slug)
    assert GROUPS_FILE in kept.files


def test_a_table_about_something_else_is_refused_in_words(visitor, here):
    _open(visitor, "Groups")
    table = b"city,mayor\nOslo,somebody\n"
    visitor.file_uploader(key="groups-table").upload("other.csv", table, "text/csv").run()
    assert not visitor.exception
    assert "none says what a row is about" in words_of(visitor)


def test_kept_groups_are_shown_where_the_pictures_are_not(visitor, elsewhere, installation):
    reports = (make_groups({"north": (80, 100), "south": (40, 100)}), make_groups({"x": (1, 2)}))
    add_parts(installation.models_dir, elsewhere, {GROUPS_FILE: write_groups(reports[:1])})
    _open(visitor, "Groups")
    told = words_of(visitor)
    assert "The groups differ significantly" in told
    assert visitor.dataframe[0].value["Group"].tolist() == ["north", "south"]


def test_a_curve_is_drawn_with_its_band_and_the_clean_level():
    report = make_robustness()
    figure = drawn.accuracy_along(report.curves[0], report.clean)
    named = {trace.name: list(trace.y) for trace in figure.data if trace.name}
    assert named["Accuracy"][:3] == [70.0, 69.0, 55.0]
    assert list(figure.data[0].x)[:2] == ["original", "0.5 px of 48"]
    low, high = figure.data[1].y, figure.data[0].y
    assert all(a < b < c for a, b, c in zip(low, named["Accuracy"], high, strict=True))
    assert len(figure.layout.shapes) == 2


def test_found_faces_begin_where_all_are_found():
    figure = drawn.found_along(make_detection().curves[0])
    named = {trace.name: list(trace.y) for trace in figure.data if trace.name}
    assert named["Usable"] == [100, 100, 90, 50, 10, 0]
    assert named["Same prediction (of usable)"][-1] is None


def test_bars_and_dots_tell_how_many_pictures_they_stand_for():
    bars = drawn.natural_bars(make_accuracy_by_quality()[1], make_robustness().clean.accuracy)
    assert list(bars.data[0].x) == ["under 10 °", "10 ° and more", "not measurable"]
    assert "of 100 pictures" in bars.data[0].customdata[0]
    dots = drawn.group_dots(make_groups({"few": (1, 3), "many": (50, 100)}))
    assert list(dots.data[0].marker.symbol) == ["circle-open", "circle"]
    assert list(dots.data[0].y) == ["few", "many"]
