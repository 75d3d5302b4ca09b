"""Conditions as a person types them; runs are not started but remembered."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from core.cli import evaluation as condition_commands
from core.cli.app import app
from core.evaluation.predictions.evaluation_files import ROBUSTNESS_FILE
from core.evaluation.predictions.evaluation_store import add_parts
from tests.evaluations_on_disk import make_answers, put_evaluation
from tests.make import make_card
from tests.robustness_results import SPLIT, first_right, make_robustness


@pytest.fixture
def type_words(settings, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    return lambda *words, verb="robustness": CliRunner().invoke(app, [verb, *map(str, words)])


@pytest.fixture
def evaluation(settings):
    answers = {SPLIT: make_answers(first_right(20, 10))}
    return put_evaluation(settings.models_dir, make_card(), answers)


@pytest.fixture
def started(monkeypatch, settings, evaluation):
    asked = []

    def start(kind, plan):
        asked.append((kind, plan))
        add_parts(settings.models_dir, evaluation, {ROBUSTNESS_FILE: make_robustness().to_bytes()})
        return {"model": evaluation.model, "evaluation": evaluation.slug}

    monkeypatch.setattr(condition_commands, "start_and_follow", start)
    return asked


def test_what_was_typed_becomes_the_plan_of_the_newest_evaluation(type_words, started, tmp_path):
    (tmp_path / "groups.csv").touch()
    done = type_words(
        *("small", "--corruption", "blur", "--corruption", "jpeg"),
        *("--pictures", 300, "--no-head-pose"),
        *("--groups", tmp_path / "groups.csv", "--frames", tmp_path, "--csv", tmp_path / "out.csv"),
    )
    assert done.exit_code == 0, done.output
    ((kind, plan),) = started
    assert kind == "conditions"
    assert plan["evaluation"] == "fer2013-one"
    assert plan["corruptions"] == ["blur", "jpeg"]
    assert (plan["pictures"], plan["poses"]) == (300, False)
    assert plan["groups"] == str(tmp_path / "groups.csv")
    assert plan["frames"] == str(tmp_path)
    assert (tmp_path / "out.csv").read_text().startswith("kind,condition")


def test_the_names_of_before_do_the_same_and_are_not_listed(type_words, started):
    done = type_words("small", "--only", "blur", "--no-poses", verb="conditions")
    assert done.exit_code == 0, done.output
    ((_, plan),) = started
    assert (plan["corruptions"], plan["poses"]) == (["blur"], False)
    listed = CliRunner().invoke(app, ["--help"]).output
    assert "robustness" in listed
    assert "conditions" not in listed
    assert "--only" not in type_words("--help").output


def test_unknown_or_unevaluated_models_are_reported(type_words, settings, started):
    assert "There is no model 'nobody'" in type_words("nobody").output
    (settings.models_dir / "small" / "evaluations" / "fer2013-one" / "evaluation.json").unlink()
    done = type_words("small")
    assert done.exit_code == 2
    assert "small has not been evaluated yet" in done.output


def test_an_unknown_corruption_or_folder_is_reported_before_the_work(type_words, started, tmp_path):
    assert "There is no corruption 'fog'" in type_words("small", "--corruption", "fog").output
    done = type_words("small", "--csv", tmp_path / "nowhere" / "out.csv")
    assert "There is no folder" in done.output
    assert started == []
