"""References on disk."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.domain.errors import PlanError, StoreError
from core.drift import (
    MODEL_FILE,
    StoredReference,
    default_reference,
    delete_reference,
    list_references,
    load_reference,
    name_of,
    save_reference,
)
from tests.drift_columns import make_reference


def test_what_is_saved_is_listed_and_loaded_the_same(tmp_path):
    reference = make_reference()
    path = save_reference(tmp_path, reference)
    listed = list_references(tmp_path, tmp_path / "models")
    assert [(one.name, one.path, one.of_model) for one in listed] == [("usual", path, False)]
    assert load_reference(path) == reference
    assert [one.name for one in path.parent.iterdir()] == ["usual.json"]


def test_models_own_come_first_under_the_models_name(tmp_path):
    save_reference(tmp_path, make_reference(name="a"))
    own = tmp_path / "models" / "compact-1" / MODEL_FILE
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps(make_reference().to_json()))
    listed = list_references(tmp_path, tmp_path / "models")
    assert [(one.name, one.of_model) for one in listed] == [("compact-1", True), ("a", False)]
    assert load_reference(listed[0].path) == replace(make_reference(), model="compact-1")


def test_an_empty_installation_has_none(tmp_path):
    assert list_references(tmp_path / "data", tmp_path / "models") == []


def test_drafts_and_strange_names_are_not_listed(tmp_path):
    save_reference(tmp_path, make_reference())
    (tmp_path / "drift" / ".new-abc.json").write_text("{}")
    assert len(list_references(tmp_path, tmp_path)) == 1


def test_a_name_is_given_once(tmp_path):
    save_reference(tmp_path, make_reference())
    with pytest.raises(PlanError, match="already"):
        save_reference(tmp_path, replace(make_reference(), source="Other."))
    assert load_reference(tmp_path / "drift" / "usual.json").source == make_reference().source


def test_one_that_is_gone_is_reported(tmp_path):
    path = save_reference(tmp_path, make_reference())
    delete_reference(path)
    delete_reference(path)
    with pytest.raises(StoreError, match="reference 'usual' does not exist any more"):
        load_reference(path)


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", "null", '{"format": 1}', '{"format": 9}', "\x00\x01", '{"format": NaN}'],
)
def test_a_damaged_file_is_one_sentence_with_advice(tmp_path, content):
    path = tmp_path / "old.json"
    path.write_text(content)
    with pytest.raises(StoreError, match="'old' cannot be read") as caught:
        load_reference(path)
    assert "Delete the file old.json" in caught.value.advice
    assert "\n" not in caught.value.message


def test_one_damaged_number_is_noticed(tmp_path):
    path = save_reference(tmp_path, make_reference())
    read = json.loads(path.read_text())
    read["numbers"][0]["shares"][0] += 0.1
    path.write_text(json.dumps(read))
    with pytest.raises(StoreError, match="sum to 1"):
        load_reference(path)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "drift").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be stored"):
        save_reference(tmp_path, make_reference())


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Spring, room 2", "spring-room-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("春の教室", "春の教室"),
        ("=1+1", "1-1"),
        ("a" * 40, "a" * 40),
    ],
)
def test_what_a_person_types_becomes_a_files_name(typed, name):
    assert name_of(typed) == name
    assert make_reference(name=name).name == name


def test_two_long_names_that_begin_alike_stay_two():
    one, other = (name_of(f"dataset interviews of spring 2026, group {group}") for group in "ab")
    assert one != other
    assert make_reference(name=one).name == one
    assert one.startswith("dataset-interviews-of-spring")


@pytest.mark.parametrize("typed", ["", "  ", "!?", "___"])
def test_a_name_without_a_letter_is_refused(typed):
    with pytest.raises(PlanError, match="no letter or digit"):
        name_of(typed)


def on_shelf(tmp_path, *names, of_model):
    return [StoredReference(name, tmp_path / name, of_model=of_model) for name in names]


def test_the_reference_of_the_model_that_classified_the_window_is_proposed(tmp_path):
    """Not the first in the alphabet: of another model "surer than it learned" says nothing."""
    own = on_shelf(tmp_path, "a-first-try", "compact-2", of_model=True)
    saved = on_shelf(tmp_path, "spring", of_model=False)
    assert default_reference([*own, *saved], ["compact-2", "a-first-try"]) == own[1]
    assert default_reference([*own, *saved], ["gone", "a-first-try"]) == own[0]
    assert default_reference([*own, *saved], ["gone"]) == saved[0]
    assert default_reference(own, ["gone"]) == own[0]
    assert default_reference([], ["compact-2"]) is None


def test_a_file_of_an_earlier_version_names_no_model(tmp_path):
    path = save_reference(tmp_path, replace(make_reference(), model="compact-2"))
    assert load_reference(path).model == "compact-2"
    read = json.loads(path.read_text())
    del read["model"]
    path.write_text(json.dumps(read))
    assert load_reference(path).model == ""
