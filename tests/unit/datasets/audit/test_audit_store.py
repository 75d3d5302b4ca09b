from __future__ import annotations

import json

import numpy as np
import pytest

from core.datasets.audit.audit_store import FOLDER, Audit, load_audit, save_audit
from core.datasets.audit.problem import Problem, ProblemKind
from core.domain.errors import UnknownDataset, UnreadableDataset

SCORES = np.array([0.1, 0.9, 0.4], dtype=np.float32)


def _audit(*, made_at="2026-11-21T12:00:00+00:00"):
    blurred = Problem(ProblemKind.BLURRED, SCORES, SCORES > 0.5, "Is it sharp?")
    label = Problem(
        ProblemKind.LABEL,
        SCORES,
        SCORES > 0.3,
        "Is it?",
        suggested=np.array([-1, 4, 2]),
        note="Trained on them.",
    )
    return Audit("5e" * 32, made_at, "small", (blurred, label), ("Face detection was skipped.",))


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "faces"
    path.mkdir()
    return path


def test_nothing_was_audited_yet(folder):
    assert load_audit(folder) is None


def test_what_is_saved_is_loaded(folder):
    save_audit(folder, _audit())
    found = load_audit(folder)
    assert (found.order_hash, found.model, found.notes) == (
        "5e" * 32,
        "small",
        ("Face detection was skipped.",),
    )
    label = found.of(ProblemKind.LABEL)
    assert np.array_equal(label.scores, SCORES)
    assert label.flagged.tolist() == [False, True, True]
    assert label.suggested.tolist() == [-1, 4, 2]
    assert label.sentence == "Is it?"
    assert (label.note, found.of(ProblemKind.BLURRED).note) == ("Trained on them.", "")
    assert found.all_notes == ("Face detection was skipped.", "Trained on them.")
    assert found.of(ProblemKind.DRAWING) is None


def test_an_audit_of_an_earlier_version_has_no_notes_on_its_problems(folder):
    save_audit(folder, _audit())
    path = folder / FOLDER / "audit.json"
    about = json.loads(path.read_text())
    for one in about["problems"]:
        del one["note"]
    path.write_text(json.dumps(about))
    found = load_audit(folder)
    assert [one.note for one in found.problems] == ["", ""]
    assert found.notes == ("Face detection was skipped.",)


def test_a_newer_audit_replaces_the_one_before(folder):
    save_audit(folder, _audit())
    save_audit(folder, _audit(made_at="later"))
    assert load_audit(folder).made_at == "later"
    assert [path.name for path in folder.iterdir()] == [FOLDER]
    assert {path.name for path in (folder / FOLDER).iterdir()} == {"audit.json", "problems.npz"}


@pytest.mark.parametrize("where", ["numpy.savez_compressed", "pathlib.Path.write_text"])
def test_a_full_disk_keeps_the_audit_before_and_nothing_else(folder, monkeypatch, where):
    save_audit(folder, _audit())

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, full)
    with pytest.raises(OSError, match="No space"):
        save_audit(folder, _audit(made_at="later"))
    monkeypatch.undo()
    assert load_audit(folder).made_at == _audit().made_at
    assert [path.name for path in folder.iterdir()] == [FOLDER]


def test_a_rename_that_fails_puts_the_audit_before_back(folder, monkeypatch):
    save_audit(folder, _audit())
    rename = type(folder).rename

    def fails_once(self, target):
        if self.name.startswith(".new-") and not self.name.endswith("-before"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr("pathlib.Path.rename", fails_once)
    with pytest.raises(OSError, match="Input/output"):
        save_audit(folder, _audit(made_at="later"))
    assert load_audit(folder).made_at == _audit().made_at
    assert [path.name for path in folder.iterdir()] == [FOLDER]


def test_a_dataset_that_was_removed_meanwhile_is_reported_and_does_not_come_back(tmp_path):
    with pytest.raises(UnknownDataset, match="faces was removed") as caught:
        save_audit(tmp_path / "faces", _audit())
    assert "Add the dataset again" in caught.value.advice
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x", b"\x93NUMPY"])
@pytest.mark.parametrize("file", ["audit.json", "problems.npz"])
def test_a_damaged_audit_is_reported(folder, file, content):
    save_audit(folder, _audit())
    (folder / FOLDER / file).write_bytes(content)
    with pytest.raises(UnreadableDataset, match="audit of faces is damaged") as caught:
        load_audit(folder)
    assert caught.value.advice == "Audit the dataset again."


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_truncated_table_is_reported(folder, cut):
    save_audit(folder, _audit())
    path = folder / FOLDER / "problems.npz"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
    with pytest.raises(UnreadableDataset):
        load_audit(folder)


@pytest.mark.parametrize(
    "change",
    [
        *({"problems": [{"kind": "unheard of", "sentence": ""}]}, {"problems": 5}, {"notes": None}),
        *({"problems": [{"kind": "drawing", "sentence": ""}]}, {"problems": [5]}),
    ],
)
def test_words_that_do_not_fit_the_table_are_reported(folder, change):
    save_audit(folder, _audit())
    path = folder / FOLDER / "audit.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(UnreadableDataset):
        load_audit(folder)
