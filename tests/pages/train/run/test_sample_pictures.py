"""Pictures beside the curves, and the ways out: drawn alone, as the page calls them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import nbformat
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.domain import FER7, Finished, PictureSet, RunStatus, SamplesSeen, Started
from core.jobs import Journal, read_run
from core.jobs.run_folder.folder import create
from core.training import TrainingPlan
from core.training.inputs.samples import SamplePictures
from core.training.monitoring import tensorboard
from core.training.monitoring.preview import Preview, PreviewPlan, write_preview
from pages.parts.shell import run_panel
from pages.parts.train.run import external_tools, sample_pictures
from tests.datasets_on_disk import make_pictures, write_csv

NOW = datetime.now(UTC)


@pytest.fixture
def dataset(tmp_path, installation):
    source = DatasetSource(str(write_csv(tmp_path / "fer2013.csv", make_pictures(size_px=16))))
    return add(installation.datasets_dir, "small", source, installation.datasets_cache_dir)


@pytest.fixture
def plan(dataset):
    return TrainingPlan("compact-residual", dataset="small")


def make_preview(*, first_px=16):
    rng = np.random.default_rng(1)
    return Preview(
        rng.integers(0, 256, (3, 16, 16), np.uint8),
        np.array([0, 3, 6]),
        rng.integers(0, 256, (3, 5, first_px, first_px), np.uint8),
        rng.integers(0, 256, (3, 5, 16, 16), np.uint8),
    )


def preview_page():
    from core.training import TrainingPlan
    from pages.parts.train.run import sample_pictures

    sample_pictures.draw_preview(TrainingPlan("compact-residual", dataset="small"))


def run_folder(installation, kind, plan):
    now, rng = NOW, np.random.default_rng()
    return create(installation.runs_dir, kind, plan, now=now, rng=rng)


def test_the_grid_shows_each_picture_beside_its_versions():
    drawn = sample_pictures.changes_html(make_preview(), FER7)
    assert drawn.count("<img") == 3 * 6
    assert drawn.count('title="Happy, augmented"') == 5
    assert "repeat(6," in drawn
    assert "Neutral</figcaption>" in drawn


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mixup_share": 1.0}, "Mixup"),
        ({"mixup_share": 0.0, "flip": 0.5}, "by the training code"),
        (dict.fromkeys(("flip", "rotation_deg", "scale", "shift", "brightness"), 0.0), ""),
    ],
)
def test_one_sentence_says_what_is_seen(plan, changes, said):
    options = {"augmentation": changes}
    asked = PreviewPlan.of(replace(plan, options=options), content="")
    sentence = sample_pictures.changes_sentence(make_preview(), asked)
    assert said in sentence
    assert ("Mixup" in sentence) == (changes.get("mixup_share", 0) > 0 or not said)


def test_a_recipe_that_changes_nothing_is_told_so(plan):
    asked = PreviewPlan.of(plan, content="")
    none = replace(asked, augmentation=dict.fromkeys(asked.augmentation, 0.0))
    assert "No augmentation" in sample_pictures.changes_sentence(make_preview(), none)


def test_a_preview_is_asked_for_and_then_drawn(installation, dataset, plan, monkeypatch):
    asked = []

    def begin(kind, values):
        folder = run_folder(installation, kind, values)
        asked.append((kind, values, folder))
        return folder.id

    monkeypatch.setattr(run_panel, "start_run", begin)
    page = AppTest.from_function(preview_page, default_timeout=20).run()
    page.button(key="preview-start").click().run()
    assert not page.exception
    ((kind, values, folder),) = asked
    wanted = PreviewPlan.of(plan, content=dataset.content_hash)
    assert (kind, values) == ("preview", wanted.to_json())
    assert "Augmenting" in page.caption[0].value
    write_preview(folder.path, wanted, make_preview(first_px=12))
    Journal(folder.events, clock=lambda: NOW).append(Finished(RunStatus.COMPLETED))
    page.run()
    assert not page.exception
    assert len(page.button) == 0
    assert "Right of it" in page.caption[0].value
    page.segmented_control[0].set_value("First epochs").run()
    assert not page.exception


def test_a_preview_that_failed_says_why_and_can_be_asked_for_again(
    installation, dataset, monkeypatch
):
    def begin(kind, values):
        folder = run_folder(installation, kind, values)
        journal = Journal(folder.events, clock=lambda: NOW)
        journal.append(Started(1))
        journal.append(Finished(RunStatus.FAILED, error="It broke.", advice="Mend it."))
        return folder.id

    monkeypatch.setattr(run_panel, "start_run", begin)
    page = AppTest.from_function(preview_page, default_timeout=20).run()
    page.button(key="preview-start").click().run()
    assert page.error[0].value == "**It broke.**\n\nMend it."
    assert page.button(key="preview-start")


def test_each_sample_says_its_label_and_the_answer_with_a_sign():
    pictures = PictureSet(np.zeros((2, 16, 16), np.uint8), np.array([3, 0]))
    scores = [[0.0, 0.0, 0.0, 0.82, 0.18, 0.0, 0.0], [0.1, 0.0, 0.6, 0.3, 0.0, 0.0, 0.0]]
    seen = SamplesSeen(4, [0, 1], scores)
    drawn = sample_pictures.samples_html(seen, pictures, FER7)
    assert "<span>Happy</span>✓ Happy 82 %" in drawn
    assert "<span>Angry</span>✗ Fear 60 %" in drawn
    assert "1 of these 2" in sample_pictures.samples_sentence(seen, pictures)


def samples_page():
    from pages.parts.shell import cached, run_panel
    from pages.parts.train.run import sample_pictures

    (run_id,) = [path.parent.name for path in cached.settings().runs_dir.glob("*/plan.json")]
    sample_pictures.draw_samples(run_panel.current_run(run_id))


@pytest.mark.parametrize("beyond", [0, 1000])
def test_a_run_shows_the_pictures_it_spoke_of(installation, dataset, plan, beyond):
    folder = run_folder(installation, "train", plan.to_json())
    chooses = dataset[dataset.required_protocol.validation]
    told = SamplePictures(chooses, seed=7).predictions(
        2, np.random.default_rng(1).normal(size=(14, 7))
    )
    told = replace(told, positions=[at + beyond for at in told.positions])
    Journal(folder.events, clock=lambda: NOW).append(told)
    assert read_run(installation.runs_dir, folder.id, now=NOW).samples == told
    page = AppTest.from_function(samples_page, default_timeout=20).run()
    assert not page.exception
    if beyond:
        assert "changed since" in page.caption[0].value
    else:
        assert "After epoch 2" in page.markdown[0].value


def take_page():
    from core.training import TrainingPlan
    from pages.parts.train.run import external_tools

    external_tools.draw_notebook_button(
        TrainingPlan("compact-residual", dataset="small"), key="take"
    )
    external_tools.draw_tensorboard_button()


def test_the_notebook_is_made_when_it_is_asked_for(installation, dataset, plan):
    page = AppTest.from_function(take_page, default_timeout=20).run()
    assert not page.exception
    made = nbformat.reads(external_tools._notebook(plan).decode(), as_version=4)
    assert "**small**" in made.cells[0].source


def test_tensorboard_is_started_opened_and_stopped(installation, dataset, monkeypatch):
    done, state = [], {"address": "", "coming": False}
    monkeypatch.setattr(tensorboard, "address", lambda _: state["address"])
    monkeypatch.setattr(tensorboard, "is_starting", lambda _, now: state["coming"])
    monkeypatch.setattr(tensorboard, "start", lambda _: state.update(coming=True))
    monkeypatch.setattr(tensorboard, "stop", lambda _: done.append("stopped"))
    page = AppTest.from_function(take_page, default_timeout=20).run()
    page.button(key="tensorboard-start").click().run()
    assert "starting" in page.caption[0].value
    state.update(coming=False, address="http://127.0.0.1:6006/")
    page.run()
    assert not page.exception
    page.button(key="tensorboard-stop").click().run()
    assert done == ["stopped"]


def test_without_the_package_there_is_no_button(installation, dataset, monkeypatch):
    monkeypatch.setattr(tensorboard, "find_spec", lambda _: None)
    page = AppTest.from_function(take_page, default_timeout=20).run()
    assert not page.exception
    assert len(page.button) == 0
