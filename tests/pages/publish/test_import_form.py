"""Import a model trained elsewhere: the form, what the model says, what can be done with it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.conversion.importing import job
from core.conversion.importing.plan import ImportPlan
from core.domain import FER7, Finished, RunStatus, Scaling
from core.jobs import JobContext, Journal
from core.jobs.run_folder.folder import create
from core.models import load_card, save
from core.settings import Settings
from pages.parts.explore import cached
from pages.parts.shell import run_panel, session_state
from pages.parts.shell.navigation import PUBLISH_MODEL
from tests.foreign import ALPHABET, Foreign, write_foreign
from tests.make import make_card
from tests.pages.visits import open_at, words_of

NOW = datetime.now(UTC)
BY_ALPHABET = "Alphabetical, as Keras reads folders"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Plans of the imports that the page started; none of them begins to work."""
    plans: list[dict[str, object]] = []

    def begin(kind: str, plan: dict[str, object]) -> str:
        assert kind == "import_model"
        plans.append(plan)
        return "2026-11-21-1200-calm-otter"

    monkeypatch.setattr(run_panel, "start_run", begin)
    return plans


def take_in(settings: Settings, tmp_path: Path, model: Foreign | None = None) -> str:
    """Import a model as a worker would; the answer is its name."""
    folder = tmp_path / "run"
    folder.mkdir()
    journal = Journal(folder / "events.jsonl", clock=lambda: NOW)
    place = JobContext(folder, journal, lambda: False, settings, lambda: NOW)
    path = write_foreign(tmp_path / "theirs.onnx", model or Foreign())
    return job.run(ImportPlan(str(path), ALPHABET).to_json(), place)["model"]


@pytest.fixture
def theirs(installation: Settings, tmp_path: Path) -> str:
    return take_in(installation, tmp_path)


def test_an_empty_installation_offers_the_form(visitor: AppTest) -> None:
    open_at(visitor, PUBLISH_MODEL)
    assert not visitor.exception
    assert "Import a model trained elsewhere" in [one.value for one in visitor.subheader]
    assert visitor.button(key="import-start")


def test_without_a_file_or_labels_no_import_starts(
    visitor: AppTest, started: list[dict[str, object]]
) -> None:
    open_at(visitor, PUBLISH_MODEL)
    visitor.button(key="import-start").click().run()
    assert "No model was chosen" in words_of(visitor)
    visitor.segmented_control(key="import-where").set_value("Path on this machine").run()
    visitor.text_input(key="import-path").set_value("/tmp/theirs.onnx").run()
    visitor.button(key="import-start").click().run()
    assert "class order of the model is not known" in words_of(visitor)
    assert "Choose it under Class order" in words_of(visitor)  # the field has this name
    assert visitor.selectbox(key="import-order").label == "Class order"
    assert started == []


def test_the_import_starts_with_the_chosen_options(
    visitor: AppTest, started: list[dict[str, object]], tmp_path: Path
) -> None:
    path = str(write_foreign(tmp_path / "theirs.onnx"))
    open_at(visitor, PUBLISH_MODEL)
    visitor.segmented_control(key="import-where").set_value("Path on this machine").run()
    visitor.text_input(key="import-path").set_value(path)
    visitor.selectbox(key="import-order").set_value(BY_ALPHABET)
    visitor.selectbox(key="import-crop").set_value("box")
    visitor.selectbox(key="import-scaling").set_value("bytes")
    visitor.text_input(key="import-name").set_value("mine").run()
    visitor.button(key="import-start").click().run()
    assert started == [
        ImportPlan(path, ALPHABET, name="mine", scaling="bytes", crop="box").to_json()
    ]


def test_typed_labels_are_read_and_can_be_excluded(
    visitor: AppTest, started: list[dict[str, object]], tmp_path: Path
) -> None:
    path = str(write_foreign(tmp_path / "theirs.onnx"))
    open_at(visitor, PUBLISH_MODEL)
    visitor.segmented_control(key="import-where").set_value("Path on this machine").run()
    visitor.text_input(key="import-path").set_value(path)
    visitor.selectbox(key="import-order").set_value("Enter labels").run()
    visitor.text_area(key="import-labels").set_value("0 open\n1 closed\n2 other").run()
    assert "1 closed" in words_of(visitor)
    visitor.multiselect(key="import-leave-3").set_value(["other"]).run()
    visitor.button(key="import-start").click().run()
    assert started[0]["labels"] == ["open", "closed", "other"]
    assert started[0]["leave_out"] == ["other"]


def test_unreadable_labels_are_refused_with_an_example(visitor: AppTest) -> None:
    open_at(visitor, PUBLISH_MODEL)
    visitor.selectbox(key="import-order").set_value("Enter labels").run()
    visitor.text_area(key="import-labels").set_value("happy\nhappy").run()
    assert not visitor.exception
    assert "repeated" in words_of(visitor)
    assert "one label on each line" in words_of(visitor)


def test_an_imported_model_shows_that_it_is_not_evaluated_and_its_guesses(
    visitor: AppTest, theirs: str
) -> None:
    open_at(visitor, PUBLISH_MODEL)
    assert not visitor.exception
    words = words_of(visitor)
    assert f"**{theirs}**" in words
    assert "not evaluated yet" in words
    assert "Scaling guessed as unit" in words
    assert "true class: surprise" in words


def test_another_scaling_can_be_tried_and_saved(
    visitor: AppTest, theirs: str, installation: Settings
) -> None:
    open_at(visitor, PUBLISH_MODEL)
    assert not [one for one in visitor.button if one.key == "look-keep"]
    visitor.selectbox(key=f"look-scaling-{theirs}-unit").set_value(Scaling.SIGNED).run()
    visitor.button(key="look-keep").click().run()
    assert not visitor.exception
    assert load_card(installation.models_dir, theirs).input.scaling is Scaling.SIGNED
    assert visitor.selectbox(key=f"look-scaling-{theirs}-signed").value is Scaling.SIGNED


def test_a_model_with_constant_predictions_gets_a_hint_about_scaling(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    take_in(installation, tmp_path, Foreign(value=0.0))
    open_at(visitor, PUBLISH_MODEL)
    assert "may need another pixel scaling" in words_of(visitor)


def test_an_imported_model_can_be_removed(
    visitor: AppTest, theirs: str, installation: Settings
) -> None:
    open_at(visitor, PUBLISH_MODEL)
    visitor.button(key=f"look-remove-{theirs}").click().run()
    assert not visitor.exception
    assert not (installation.models_dir / theirs).exists()


def test_a_damaged_model_is_an_error_message(
    visitor: AppTest, theirs: str, installation: Settings
) -> None:
    (installation.models_dir / theirs / "model.onnx").write_bytes(b"gone")
    open_at(visitor, PUBLISH_MODEL)
    assert not visitor.exception
    assert "sha256 differs" in words_of(visitor)


def test_a_failed_import_says_why(visitor: AppTest, installation: Settings, tmp_path: Path) -> None:
    plan = ImportPlan(str(tmp_path / "theirs.keras"), FER7.labels).to_json()
    folder = create(
        installation.runs_dir, "import_model", plan, now=NOW, rng=np.random.default_rng(1)
    )
    Journal(folder.events, clock=lambda: NOW).append(
        Finished(RunStatus.FAILED, "theirs.keras holds a Lambda layer.", "Export it as ONNX.")
    )
    visitor.session_state[session_state.import_run._key] = folder.id
    open_at(visitor, PUBLISH_MODEL)
    assert not visitor.exception
    assert "holds a Lambda layer" in words_of(visitor)
    visitor.button(key=f"close-{folder.id}").click().run()
    assert "holds a Lambda layer" not in words_of(visitor)


def test_models_trained_here_are_not_among_the_imported(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "model.tflite"
    file.write_bytes(b"ours")
    save(installation.models_dir, make_card("ours"), {"model.tflite": file})
    open_at(visitor, PUBLISH_MODEL)
    assert not visitor.exception
    assert "Imported model" not in [one.label for one in visitor.selectbox]


def test_a_dataset_can_measure_scaling_and_class_order(
    visitor: AppTest,
    started: list[dict[str, object]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cached, "datasets", lambda: [SimpleNamespace(name="faces")])
    path = write_foreign(tmp_path / "theirs.onnx", Foreign())
    open_at(visitor, PUBLISH_MODEL)
    visitor.segmented_control(key="import-where").set_value("Path on this machine").run()
    visitor.text_input(key="import-path").set_value(str(path)).run()
    assert visitor.selectbox(key="import-dataset").value == "faces"
    order = visitor.selectbox(key="import-order")
    order.set_value("Detect with labelled pictures").run()
    visitor.button(key="import-start").click().run()
    assert not visitor.error
    assert (started[0]["labels"], started[0]["dataset"]) == ([], "faces")


def test_without_a_dataset_the_class_order_cannot_be_measured(visitor: AppTest) -> None:
    open_at(visitor, PUBLISH_MODEL)
    assert "Detect with labelled pictures" not in visitor.selectbox(key="import-order").options
