from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain.errors import PlanError, RunError
from core.jobs import Lease, RunFolder
from core.training import RECIPES, TrainingPlan
from core.training.monitoring.preview import (
    MAX_PREVIEWS,
    Preview,
    PreviewPlan,
    delete_old_previews,
    find_preview,
    read_preview,
    write_preview,
)


@pytest.fixture
def training(tmp_path):
    return TrainingPlan(recipe="compact-residual", data=str(tmp_path))


@pytest.fixture
def plan(training):
    return PreviewPlan.of(training, content="5e")


def make_preview(*, final_px=12):
    rng = np.random.default_rng(1)
    return Preview(
        rng.integers(0, 256, (3, 12, 12), np.uint8),
        np.array([0, 1, 2]),
        rng.integers(0, 256, (3, 5, 12, 12), np.uint8),
        rng.integers(0, 256, (3, 5, final_px, final_px), np.uint8),
    )


def folder_of(runs_dir, name, kind="preview"):
    folder = runs_dir / name
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(f'{{"kind": "{kind}"}}')
    return folder


def test_what_changes_no_picture_asks_for_the_same_preview(training, plan):
    other = replace(training, epochs=9, name="x", threads=2, options={"learning_rate": 0.1})
    sizes = RECIPES["compact-residual"].sizes_px
    assert len(sizes) == 1 or other.chosen_recipe.size_at(0, 9) == sizes[0][0]
    assert PreviewPlan.of(other, content="5e").key == plan.key


@pytest.mark.parametrize(
    "changed",
    [{"seed": 8}, {"options": {"augmentation": {"rotation_deg": 44.0}}}, {"classes": "x"}],
)
def test_what_changes_a_picture_asks_for_another(training, plan, changed):
    assert PreviewPlan.of(replace(training, **changed), content="5e").key != plan.key


def test_changed_files_ask_for_another(training, plan):
    assert PreviewPlan.of(training, content="6f").key != plan.key


def test_a_plan_survives_its_file(plan):
    again = PreviewPlan.from_json(plan.to_json())
    assert (again, again.key) == (plan, plan.key)
    assert again.parsed_augmentation == RECIPES["compact-residual"].augmentation


@pytest.mark.parametrize(
    "damage",
    [{"augmentation": {"sparkle": 1}}, {"sizes_px": [48]}, {"sizes_px": [48, 4]}, {"more": 1}],
)
def test_a_damaged_plan_is_refused_with_advice(plan, damage):
    with pytest.raises(PlanError) as found:
        PreviewPlan.from_json({**plan.to_json(), **damage})
    assert found.value.advice


def test_an_equal_request_finds_the_preview_and_another_does_not(settings, training, plan):
    made = make_preview(final_px=16)
    write_preview(folder_of(settings.runs_dir, "a"), plan, made)
    found = find_preview(settings.runs_dir, plan)
    assert found.has_two_sizes
    for name in ("originals", "labels", "first", "final"):
        assert np.array_equal(getattr(found, name), getattr(made, name))
    other = PreviewPlan.of(replace(training, seed=8), content="5e")
    assert find_preview(settings.runs_dir, other) is None


def test_a_damaged_preview_is_passed_over_for_an_older_whole_one(settings, plan):
    write_preview(folder_of(settings.runs_dir, "a"), plan, make_preview())
    folder = folder_of(settings.runs_dir, "b")
    write_preview(folder, plan, make_preview())
    (path,) = folder.glob("*.npz")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(RunError, match="damaged"):
        read_preview(path)
    assert find_preview(settings.runs_dir, plan) is not None
    path.unlink()
    np.savez(path, originals=np.zeros((2, 4, 4)), labels=np.zeros(2), first=1, final=1)
    with pytest.raises(RunError, match="damaged"):
        read_preview(path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"labels": np.array([0, 1])},
        {"originals": np.zeros((3, 12, 10), np.uint8)},
        {"first": np.zeros((3, 12, 12), np.uint8)},
        {"final": np.zeros((3, 5, 12, 12))},
    ],
)
def test_arrays_that_do_not_fit_are_no_preview(wrong):
    with pytest.raises(ValueError, match=r"shape|float|pictures"):
        Preview(**{**vars(make_preview()), **wrong})


def test_old_previews_go_and_nothing_else(settings):
    runs_dir = settings.runs_dir
    names = [f"2026-11-2{at}-a" for at in range(MAX_PREVIEWS + 3)]
    for name in names:
        folder_of(runs_dir, name)
    folder_of(runs_dir, "2026-01-01-training", kind="train")
    under_way = Lease(RunFolder(runs_dir / names[1]).lease)
    assert under_way.take()
    delete_old_previews(runs_dir)
    under_way.release()
    left = sorted(path.name for path in runs_dir.iterdir())
    assert left == sorted(["2026-01-01-training", names[1], *names[3:]])
