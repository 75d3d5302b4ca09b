"""The choice of region and purpose on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.errors import NotAllowedHere, StoreError
from core.policy import Purpose, Region, UsePolicy, policy_file

LESSON = UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)


def test_nothing_chosen_reads_as_none(tmp_path: Path) -> None:
    assert policy_file.read(tmp_path / "use.json") is None


@pytest.mark.parametrize("region", list(Region))
@pytest.mark.parametrize("purpose", list(Purpose))
def test_what_was_written_is_read(tmp_path: Path, region: Region, purpose: Purpose) -> None:
    policy_file.write(tmp_path / "new" / "use.json", UsePolicy(region, purpose))
    assert policy_file.read(tmp_path / "new" / "use.json") == UsePolicy(region, purpose)


@pytest.mark.parametrize("on", [False, True])
def test_the_second_switch_is_read_as_it_was_written(tmp_path: Path, on: bool) -> None:
    chosen = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM, heads_counted=on)
    policy_file.write(tmp_path / "use.json", chosen)
    assert policy_file.read(tmp_path / "use.json") == chosen


@pytest.mark.parametrize("more", ["", ', "heads_counted": "yes"', ', "heads_counted": null'])
def test_a_file_without_a_clear_second_switch_reads_as_off(tmp_path: Path, more: str) -> None:
    path = tmp_path / "use.json"
    path.write_text(f'{{"region": "eu-eea", "purpose": "classroom"{more}}}', encoding="utf-8")
    assert policy_file.read(path) == UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "null", '{"region": "moon", "purpose": "research"}', '{"region": "eu-eea"}'],
)
def test_a_damaged_choice_allows_nothing_until_chosen_again(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "use.json"
    path.write_text(damage, encoding="utf-8")
    with pytest.raises(NotAllowedHere) as refused:
        policy_file.read(path)
    assert "Choose again" in refused.value.advice
    policy_file.write(path, LESSON)
    assert policy_file.read(path) == LESSON


def test_bytes_that_are_no_text_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "use.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotAllowedHere):
        policy_file.read(path)


def test_writing_leaves_no_draft_behind(tmp_path: Path) -> None:
    policy_file.write(tmp_path / "use.json", LESSON)
    policy_file.write(tmp_path / "use.json", UsePolicy(Region.EU_EEA))
    assert [one.name for one in tmp_path.iterdir()] == ["use.json"]


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    with pytest.raises(StoreError) as refused:
        policy_file.write(in_the_way / "use.json", LESSON)
    assert "writable" in refused.value.advice
