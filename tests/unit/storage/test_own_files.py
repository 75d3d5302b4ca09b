"""What may be deleted, however its path is spelt."""

from __future__ import annotations

import os

import pytest

from core.datasets.readers.face_folder import extracted_faces_folder
from core.storage.own_files import delete_ours, discard_ours, is_ours, is_same_file, lies_in
from core.storage.path_checks import is_file, is_there
from tests.datasets_on_disk import write_face_folder

SPELLINGS = {
    "plain": "data/faces/talks",
    "a slash at its end": "data/faces/talks/",
    "two dots": "data/faces/../faces/talks/../talks",
    "a dot": "data/./faces/./talks",
    "a link to the data": "linked/faces/talks",
    "a link to the folder": "short",
}


@pytest.fixture
def here(tmp_path):
    write_face_folder(tmp_path / "data" / "faces" / "talks", count=3)
    write_face_folder(tmp_path / "own", count=3)
    (tmp_path / "linked").symlink_to("data", target_is_directory=True)
    (tmp_path / "short").symlink_to("data/faces/talks", target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize("spelt", SPELLINGS.values(), ids=SPELLINGS)
def test_faces_cut_out_here_are_known_under_every_spelling_of_their_path(here, spelt):
    for faces_dir in (here / "data" / "faces", here / "linked" / "faces"):
        found = extracted_faces_folder(f"{here}/{spelt}", faces_dir)
        assert found == (here / "data" / "faces" / "talks").resolve()


@pytest.mark.parametrize("path", ["own", "data/faces", "data", "data/faces/none", ""])
def test_what_lies_elsewhere_or_around_is_not_ours(here, path):
    typed = path and f"{here}/{path}"
    assert extracted_faces_folder(typed, here / "data" / "faces") is None


@pytest.fixture
def ignores_case(monkeypatch):
    """A disk that takes capitals and small letters for the same, as those of Windows and macOS."""
    real = os.stat

    def stat(path, *args, **kwargs):
        try:
            return real(path, *args, **kwargs)
        except FileNotFoundError:
            if str(path) == str(path).lower():
                raise
            return real(str(path).lower(), *args, **kwargs)

    monkeypatch.setattr(os, "stat", stat)


def test_case_makes_no_difference_on_a_case_insensitive_disk(ignores_case, tmp_path):
    (tmp_path / "data" / "faces" / "talks").mkdir(parents=True)
    shouted = tmp_path / "DATA" / "Faces" / "Talks"
    if not str(tmp_path).islower():
        pytest.fail("the temporary folder has capitals: the fixture cannot tell them apart")
    assert is_same_file(shouted, tmp_path / "data" / "faces" / "talks")
    assert lies_in(shouted, tmp_path / "data")


def test_case_makes_a_difference_on_a_case_sensitive_disk(tmp_path):
    for name in ("talks", "Talks"):
        (tmp_path / name).mkdir()
    assert not is_same_file(tmp_path / "talks", tmp_path / "Talks")


def test_nothing_outside_is_deleted(here):
    faces = here / "data" / "faces"
    for path in (here / "own", faces / ".." / ".." / "own", faces, here):
        assert not is_ours(path, within=faces)
        with pytest.raises(PermissionError, match="not in the folder faces"):
            delete_ours(path, within=faces)
        discard_ours(path, within=faces)
    assert (here / "own").is_dir()
    assert (faces / "talks").is_dir()


def test_a_link_is_not_followed(here):
    faces = here / "data" / "faces"
    (faces / "linked").symlink_to(here / "own", target_is_directory=True)
    discard_ours(faces / "linked", within=faces)
    with pytest.raises(PermissionError):
        delete_ours(faces / "linked", within=faces)
    assert len(list((here / "own").iterdir())) > 2


def test_a_file_and_a_folder_of_ours_go(here):
    faces = here / "data" / "faces"
    (faces / "list.txt").touch()
    delete_ours(faces / "list.txt", within=faces)
    delete_ours(here / "linked" / "faces" / "talks", within=faces)
    assert list(faces.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        delete_ours(faces / "talks", within=faces)
    discard_ours(faces / "talks", within=faces)


@pytest.mark.parametrize("name", ["x" * 3000, "zero \0", "half \udcff"])
def test_a_name_that_no_disk_can_hold_is_not_ours(here, name):
    path, folder = here / "data" / "faces" / name, here / "data" / "faces"
    assert not is_file(path)
    assert not is_there(path)
    assert not is_same_file(path, folder)
    discard_ours(path, within=folder)
    with pytest.raises(OSError, match=r".+"):
        delete_ours(path, within=folder)
    assert (folder / "talks").is_dir()
