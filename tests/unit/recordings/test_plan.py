"""Which files a plan for recordings reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.errors import PlanError
from core.recordings import RecordingPlan
from core.recordings.plan import typed_paths


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/nowhere/a.mp4", "There is no file /nowhere/a.mp4"),
        ("/" + "a" * 5000, "File name too long"),
        ("/films/\0.mp4", "There is no file"),
        ("~nobody-here/a.mp4", "There is no file ~nobody-here/a.mp4"),
    ],
)
def test_a_long_missing_path_is_shortened_in_the_message(path: str, told: str) -> None:
    with pytest.raises(PlanError, match=told) as refused:
        RecordingPlan((path,)).files()
    assert len(str(refused.value)) < 300


def test_a_folder_that_may_not_be_read_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refuse)
    with pytest.raises(PlanError, match="Permission denied"):
        RecordingPlan((str(tmp_path / "films"),)).files()


def test_paths_are_typed_one_per_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    typed = "  /films/a b.mp4\n\n~/c.mp4\r\n~nobody-here/d.mp4\n"
    assert typed_paths(typed) == ("/films/a b.mp4", f"{tmp_path}/c.mp4", "~nobody-here/d.mp4")
