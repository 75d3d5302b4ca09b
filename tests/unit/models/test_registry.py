from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from core.domain import (
    FER7,
    ClassScores,
    EvaluationReport,
    Interval,
    ModelCard,
    ModelInput,
    RecipeUsed,
)
from core.domain.errors import DamagedModel, ModelError, UnknownModel
from core.models import (
    attach,
    card_as_markdown,
    expect_free,
    list_cards,
    load_card,
    registry_stamp,
    save,
    verified_file,
    verify,
)
from core.models.registry import write_card


def _report(accuracy=0.7):
    sure = Interval(accuracy, accuracy - 0.01, accuracy + 0.01)
    return EvaluationReport(
        split="PrivateTest",
        pictures=70,
        counts=tuple(tuple(10 if r == c else 0 for c in range(7)) for r in range(7)),
        accuracy=sure,
        macro_f1=sure,
        per_class=tuple(ClassScores(label, 1.0, 1.0, 1.0, 10) for label in FER7.labels),
        ece_before=0.05,
        ece_after=0.02,
        log_loss_after=0.9,
    )


def _card(name="quiet-otter", **changes):
    values = {
        "name": name,
        "scheme": FER7,
        "input": ModelInput(size_px=48),
        "temperature": 0.9,
        "not_sure_below": 0.4,
        "weights": 1000,
        "mmac": 1.5,
        "files": {},
        "made_at": "2026-11-21T05:00:00+00:00",
        "run_id": "2026-11-21-0500-quiet-otter",
        "recipe": RecipeUsed("two-block"),
        "data": None,
        "reports": (_report(),),
        "limits": ("Small.",),
        "not_for": ("Judging people.",),
    }
    return ModelCard(**(values | changes))


@pytest.fixture
def artefact(tmp_path):
    path = tmp_path / "artefact.bin"
    path.write_bytes(b"weights")
    return path


@pytest.fixture
def models_dir(tmp_path):
    return tmp_path / "models"


def test_a_saved_model_comes_back_with_its_card_and_its_files(models_dir, artefact):
    saved = save(models_dir, _card(), {"model.tflite": artefact})
    loaded = load_card(models_dir, "quiet-otter")
    assert loaded == saved
    assert verified_file(models_dir, loaded, "model.tflite").read_bytes() == b"weights"


def test_a_changed_file_is_refused_by_name(models_dir, artefact):
    card = save(models_dir, _card(), {"model.tflite": artefact})
    (models_dir / card.name / "model.tflite").write_bytes(b"Weights")
    with pytest.raises(DamagedModel, match=r"model\.tflite is not the file its card describes"):
        verify(models_dir, card)


def test_a_missing_file_is_refused_by_name(models_dir, artefact):
    card = save(models_dir, _card(), {"model.tflite": artefact})
    (models_dir / card.name / "model.tflite").unlink()
    with pytest.raises(DamagedModel, match=r"lacks its file model.tflite"):
        verify(models_dir, card)


def test_a_file_the_card_does_not_list_is_refused(models_dir, artefact):
    card = save(models_dir, _card(), {"model.keras": artefact})
    with pytest.raises(DamagedModel, match=r"comes without model.tflite"):
        verified_file(models_dir, card, "model.tflite")


def test_an_unknown_name_lists_the_known_ones(models_dir, artefact):
    save(models_dir, _card("calm-crow"), {"m": artefact})
    with pytest.raises(UnknownModel) as caught:
        load_card(models_dir, "loud-crow")
    assert "calm-crow" in caught.value.advice


@pytest.mark.parametrize(
    "text", ["", "{}", "[1, 2]", '{"name": 3}', '{"scheme": "fer99"}', "[" * 100_000]
)
def test_a_damaged_card_is_refused_and_does_not_hide_the_others(models_dir, artefact, text):
    save(models_dir, _card("calm-crow"), {"m": artefact})
    save(models_dir, _card("quiet-otter"), {"m": artefact})
    (models_dir / "quiet-otter" / "card.json").write_text(text)
    with pytest.raises(DamagedModel):
        load_card(models_dir, "quiet-otter")
    assert [card.name for card in list_cards(models_dir)] == ["calm-crow"]


@pytest.mark.parametrize(
    "changed",
    [
        {"temperature": float("nan")},
        {"dataset": "some pictures", "changes": 5},
        {"dataset": 5, "recipe": []},
        {"limits": 1},
        {"data": "some pictures"},
        {"recipe": {"name": "own", "changes": {"augmentation": 3}}},
    ],
)
def test_a_card_with_a_value_that_makes_no_sense_is_damaged(models_dir, artefact, changed):
    save(models_dir, _card("calm-crow"), {"m": artefact})
    path = models_dir / "calm-crow" / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    with pytest.raises(DamagedModel, match="The card of calm-crow cannot be read"):
        load_card(models_dir, "calm-crow")


@pytest.mark.parametrize("name", ["x" * 3000, "zero \0"])
def test_a_name_that_no_folder_can_have_is_of_no_model(models_dir, artefact, name):
    save(models_dir, _card("calm-crow"), {"m": artefact})
    with pytest.raises(UnknownModel):
        load_card(models_dir, name)
    expect_free(models_dir, name)


def test_a_card_in_the_wrong_folder_is_refused(models_dir, artefact):
    save(models_dir, _card("calm-crow"), {"m": artefact})
    (models_dir / "calm-crow").rename(models_dir / "other")
    with pytest.raises(DamagedModel, match="holds the card of calm-crow"):
        load_card(models_dir, "other")


def test_the_best_model_is_listed_first(models_dir, artefact):
    for name, accuracy in (("a", 0.6), ("b", 0.7), ("c", 0.65)):
        save(models_dir, _card(name, reports=(_report(accuracy),)), {"m": artefact})
    assert [card.name for card in list_cards(models_dir)] == ["b", "c", "a"]


def test_a_model_tested_on_few_easy_pictures_is_not_the_best(models_dir, artefact):
    one_each = tuple(tuple(int(row == column) for column in range(7)) for row in range(7))
    synthetic = replace(_report(0.96), pictures=7, counts=one_each)
    for name, report in (("synthetic", synthetic), ("photographed", _report(0.68))):
        save(models_dir, _card(name, reports=(report,)), {"m": artefact})
    assert [card.name for card in list_cards(models_dir)] == ["photographed", "synthetic"]


def test_saving_over_a_model_is_refused_and_changes_nothing(models_dir, artefact):
    save(models_dir, _card(), {"m": artefact})
    before = sorted(models_dir.rglob("*"))
    with pytest.raises(ModelError, match="already"):
        save(models_dir, _card(), {"m": artefact})
    assert sorted(models_dir.rglob("*")) == before


def test_a_save_that_fails_leaves_nothing_behind(models_dir, tmp_path):
    with pytest.raises(FileNotFoundError):
        save(models_dir, _card(), {"m": tmp_path / "not there"})
    assert list(models_dir.iterdir()) == []


def test_the_written_card_shows_the_figures_of_the_report(models_dir, artefact):
    card = save(models_dir, _card(), {"m": artefact})
    text = (models_dir / card.name / "CARD.md").read_text()
    assert text == card_as_markdown(card)
    assert "| PrivateTest | 70 | 0.7000 [0.6900, 0.7100] |" in text
    assert card.files["m"] in text


def test_a_card_survives_json(models_dir):
    card = _card()
    assert ModelCard.from_json(json.loads(json.dumps(card.to_json()))) == card


def _full(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("where", ["copyfile", "write_card"])
def test_a_full_disk_leaves_nothing_in_the_registry(tmp_path, artefact, monkeypatch, where):
    models_dir = tmp_path / "models"
    target = "shutil.copyfile" if where == "copyfile" else "core.models.registry.write_card"
    monkeypatch.setattr(target, _full)
    with pytest.raises(OSError, match="No space left"):
        save(models_dir, _card(), {"model.tflite": artefact})
    assert list(models_dir.iterdir()) == []


@pytest.mark.parametrize("holds", [0, 1, 2])
def test_a_disk_that_fills_up_leaves_the_model_as_it_was(
    models_dir, artefact, tmp_path, monkeypatch, holds
):
    card = save(models_dir, _card(), {"a": artefact, "b": artefact})
    before = {path: path.read_bytes() for path in models_dir.rglob("*") if path.is_file()}
    other = tmp_path / "other"
    other.write_bytes(b"something else")
    synced = []

    def fill_up(handle):
        synced.append(handle)
        if len(synced) > holds:  # files and card, in whichever order they are written
            _full()

    monkeypatch.setattr(os, "fsync", fill_up)
    with pytest.raises(OSError, match="No space left"):
        attach(models_dir, card, {"a": other, "b": other})
    assert {path: path.read_bytes() for path in models_dir.rglob("*") if path.is_file()} == before
    verify(models_dir, load_card(models_dir, card.name))


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from core.models import registry
from tests.unit.models.test_registry import _card

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "copyfile":
    shutil.copyfile = die
else:
    Path.chmod = die  # the last step before the new name
registry.save(Path(sys.argv[1]), _card(), {"model.tflite": Path(sys.argv[2])})
"""


@pytest.mark.parametrize("where", ["copyfile", "chmod"])
def test_a_kill_while_saving_leaves_no_half_model(tmp_path, artefact, where, caplog):
    models_dir = tmp_path / "models"
    command = [sys.executable, "-c", KILLED, str(models_dir), str(artefact), where]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert len([path for path in models_dir.iterdir() if path.is_dir()]) == 1  # hidden
    assert list_cards(models_dir) == []
    assert not caplog.records
    with pytest.raises(UnknownModel) as caught:
        load_card(models_dir, "quiet-otter")
    assert caught.value.advice == "Train one first."

    save(models_dir, _card("quiet-otter-2"), {"model.tflite": artefact})
    folders = [path for path in models_dir.iterdir() if path.is_dir()]
    assert len(folders) == 2  # that one is not touched: it is another's
    verify(models_dir, save(models_dir, _card(), {"model.tflite": artefact}))
    assert sorted(path.name for path in models_dir.iterdir()) == ["quiet-otter", "quiet-otter-2"]


def test_a_name_that_is_taken_is_refused(tmp_path, artefact):
    expect_free(tmp_path, "quiet-otter")
    save(tmp_path, _card(), {"model.tflite": artefact})
    with pytest.raises(ModelError, match="There is a model quiet-otter already"):
        expect_free(tmp_path, "quiet-otter")


def test_the_registry_stamp_changes_with_a_card(tmp_path):
    (tmp_path / "weights").write_bytes(b"1234")
    models_dir = tmp_path / "models"
    stamps = [registry_stamp(models_dir)]
    save(models_dir, _card(), {"model.keras": tmp_path / "weights"})
    stamps.append(registry_stamp(models_dir))
    assert registry_stamp(models_dir) == stamps[-1]
    write_card(models_dir / "quiet-otter", _card(temperature=1.1))
    stamps.append(registry_stamp(models_dir))
    shutil.rmtree(models_dir / "quiet-otter")
    stamps.append(registry_stamp(models_dir))
    assert stamps[0] == stamps[3] == ()
    assert len(set(stamps)) == 3


def test_a_model_folder_without_a_card_is_damaged_and_another_folder_is_no_model(
    models_dir, artefact
):
    save(models_dir, _card(), {"model.tflite": artefact})
    (models_dir / "quiet-otter" / "card.json").unlink()
    with pytest.raises(DamagedModel, match="has no card"):
        load_card(models_dir, "quiet-otter")
    (models_dir / "backbones").mkdir()
    with pytest.raises(UnknownModel):
        load_card(models_dir, "backbones")
    assert list_cards(models_dir) == []
