from __future__ import annotations

import io
import json

import pytest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import (
    add,
    discard_upload,
    entries,
    entry,
    expect_free,
    frozen_split,
    keep_upload,
    open_entry,
    remove,
)
from core.domain.errors import DatasetError, PlanError, UnknownDataset, UnreadableDataset
from tests.datasets_on_disk import make_pictures, write_csv, write_face_folder, write_folders


@pytest.fixture(scope="module")
def undivided(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    return write_csv(folder / "faces.csv", make_pictures(size_px=8), header="emotion,pixels")


@pytest.fixture
def folders(tmp_path):
    return tmp_path / "datasets", tmp_path / "cache"


@pytest.fixture
def added(undivided, folders):
    datasets_dir, cache_dir = folders
    return add(datasets_dir, "faces", DatasetSource(str(undivided)), cache_dir)


def test_a_dataset_that_was_added_is_listed_and_opens_the_same(added, folders):
    datasets_dir, cache_dir = folders
    assert [one.name for one in entries(datasets_dir)] == ["faces"]
    opened = open_entry(datasets_dir, "faces", cache_dir)
    assert opened.content_hash == added.content_hash
    assert opened.split_of.tolist() == [
        opened.split_names.index(added.split_names[at]) for at in added.split_of.tolist()
    ]
    assert opened.protocol == added.protocol


def test_a_split_that_files_name_is_not_frozen(tmp_path, folders):
    path = write_csv(tmp_path / "official.csv", make_pictures(size_px=8))
    add(folders[0], "official", DatasetSource(str(path)), folders[1])
    assert frozen_split(folders[0] / "official") is None


def test_a_split_made_here_is_kept_picture_by_picture(added, folders):
    frozen = frozen_split(folders[0] / "faces")
    assert len(frozen) == len(added)
    assert {name for name, side in frozen.items() if side == "Own test"} == set(
        added["Own test"].names.tolist()
    )


def test_the_test_split_stays_when_an_unlabelled_test_lies_beside_it(tmp_path, folders):
    usage = ["Training", "Training", "PublicTest", "Test"]
    rows = ["emotion,pixels,Usage"]
    for number in range(112):
        split = usage[number % 4]
        label = "" if split == "Test" else str(number % 7)
        rows.append(f"{label},{' '.join([str(number)] * 64)},{split}")
    path = tmp_path / "two.csv"
    path.write_text("\n".join(rows))
    made = add(folders[0], "two", DatasetSource(str(path)), folders[1])
    assert made.protocol.test == "PublicTest"
    assert open_entry(folders[0], "two", folders[1]).protocol == made.protocol


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../faces", "a/b", ".hidden", "x" * 61, "dot.", "\0"]
)
def test_a_name_that_cannot_be_a_folder_is_refused(tmp_path, name):
    with pytest.raises(DatasetError, match="cannot be the name") as caught:
        expect_free(tmp_path, name)
    assert caught.value.advice


@pytest.mark.parametrize("name", ["Demo faces (drawn)", "fer2013 (1)", "Gesichter-ü"])
def test_names_as_people_and_browsers_give_them_are_free(tmp_path, name):
    expect_free(tmp_path, name)


def test_a_name_is_given_once(added, folders, undivided):
    with pytest.raises(DatasetError, match="already"):
        add(folders[0], "faces", DatasetSource(str(undivided)), folders[1])


@pytest.mark.parametrize("name", ["nobody", "..", ".", "", "a/b", "x" * 5000, "\0"])
def test_an_unknown_dataset_is_reported_with_those_there_are(added, folders, name):
    for ask in (entry, lambda at, wanted: remove(at, wanted, at / "uploads", at / "cache")):
        with pytest.raises(UnknownDataset, match="There is no dataset") as caught:
            ask(folders[0], name)
        assert "faces" in caught.value.advice


def test_a_folder_above_the_catalogue_is_never_taken_for_a_dataset(added, folders):
    inside = folders[0] / "faces"
    (inside / "report").mkdir()
    with pytest.raises(UnknownDataset):
        remove(inside / "report", "..", folders[0], folders[1])
    assert (inside / "source.json").exists()


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '"x"', "[" * 100_000, '{"path": 5}', "\xff", '{"path": ""}'),
        *('{"path": "x", "size_px": 4}', '{"path": "x", "size_px": 48.5}', '{"path": "x", "a": 1}'),
        *('{"path": "x", "columns": {"pixels": 5}}', '{"path": "x", "seed": -1}'),
        *('{"path": "x", "levels": "none"}', '{"path": "x", "label_map": ["a"]}'),
        *('{"path": "x", "format": []}', '{"path": "x", "seed": true}'),
    ],
)
def test_a_damaged_entry_is_said_is_not_listed_and_can_be_removed(added, folders, text):
    (folders[0] / "faces" / "source.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(UnknownDataset, match="The entry of faces is damaged") as caught:
        open_entry(folders[0], "faces", folders[1])
    assert "add it again" in caught.value.advice
    assert entries(folders[0]) == []
    remove(folders[0], "faces", folders[0].parent / "uploads", folders[1])
    assert list(folders[0].iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"sides": []}', '{"sides": {}}', '{"sides": {"Training": ["a"]}}'),
        *('{"sides": {"a": 1, "b": 2, "c": 3}}', "[" * 100_000),
    ],
)
def test_a_damaged_split_is_reported(added, folders, text):
    (folders[0] / "faces" / "split.json").write_text(text)
    with pytest.raises(UnreadableDataset, match="The split of faces is damaged") as caught:
        open_entry(folders[0], "faces", folders[1])
    assert "new split is then made" in caught.value.advice


def test_a_split_of_other_pictures_leaves_the_dataset_without_a_split_and_is_reported(
    added, folders
):
    sides = {"Training": ["x:1"], "Own test": ["x:2"], "Held out": ["x:3"]}
    (folders[0] / "faces" / "split.json").write_text(json.dumps({"sides": sides}))
    opened = open_entry(folders[0], "faces", folders[1])
    assert opened.protocol is None
    assert "saved split" in opened.notes[0]


def test_what_a_killed_run_left_is_no_dataset(added, folders):
    ruin = folders[0] / ".new-x1y2"
    ruin.mkdir()
    (ruin / "source.json").write_bytes((folders[0] / "faces" / "source.json").read_bytes())
    assert [one.name for one in entries(folders[0])] == ["faces"]
    with pytest.raises(UnknownDataset) as caught:
        entry(folders[0], "nobody")
    assert caught.value.advice == "There are: faces."


def test_files_that_are_gone_are_reported(tmp_path, folders):
    path = write_csv(tmp_path / "a.csv", make_pictures(size_px=8))
    add(folders[0], "a", DatasetSource(str(path)), folders[1])
    path.unlink()
    with pytest.raises(UnknownDataset, match="nothing at"):
        open_entry(folders[0], "a", folders[1])
    assert [one.name for one in entries(folders[0])] == ["a"]


def test_a_full_disk_leaves_nothing_in_the_catalogue(undivided, folders, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.datasets.catalogue.catalogue._write_json", full)
    with pytest.raises(OSError, match="No space"):
        add(folders[0], "faces", DatasetSource(str(undivided)), folders[1])
    assert list(folders[0].iterdir()) == []


def test_an_upload_is_deleted_with_its_dataset(tmp_path, folders, undivided):
    uploads = tmp_path / "uploads"
    at = keep_upload(uploads, io.BytesIO(undivided.read_bytes()), "faces.csv", "one")
    other = keep_upload(uploads, io.BytesIO(b"x"), "other.csv", "two")
    add(folders[0], "up", DatasetSource(str(at)), folders[1])
    remove(folders[0], "up", uploads, folders[1])
    assert not at.parent.exists()
    assert other.exists()


def test_what_another_dataset_shows_stays_whatever_the_spelling_of_its_path(
    tmp_path, folders, undivided
):
    uploads, faces_dir = tmp_path / "uploads", tmp_path / "faces"
    at = keep_upload(uploads, io.BytesIO(undivided.read_bytes()), "faces.csv", "one")
    talks = write_face_folder(faces_dir / "talks", count=30)
    add(folders[0], "up", DatasetSource(str(at)), folders[1])
    add(folders[0], "again", DatasetSource(str(at)), folders[1])
    add(folders[0], "talks", DatasetSource(str(talks)), folders[1])
    add(folders[0], "typed", DatasetSource(f"{talks}/"), folders[1])
    for name in ("up", "talks"):
        remove(folders[0], name, uploads, folders[1], faces_dir)
    assert at.exists()
    assert talks.exists()
    assert len(list(folders[1].glob("*/pixels"))) == 2
    for name in ("again", "typed"):
        remove(folders[0], name, uploads, folders[1], faces_dir)
    assert not at.exists()
    assert not talks.exists()
    assert list(folders[1].iterdir()) == []


@pytest.mark.parametrize("text", ["", '{"path": "PATH", "of a later version": 1}'])
def test_an_upload_stays_where_a_damaged_entry_may_be_of_it_too(tmp_path, folders, undivided, text):
    uploads = tmp_path / "uploads"
    at = keep_upload(uploads, io.BytesIO(undivided.read_bytes()), "faces.csv", "one")
    for name in ("one", "other"):
        add(folders[0], name, DatasetSource(str(at)), folders[1])
    (folders[0] / "other" / "source.json").write_text(text.replace("PATH", str(at)))
    remove(folders[0], "one", uploads, folders[1])
    assert at.read_bytes() == undivided.read_bytes()


@pytest.mark.parametrize("path", ["zero \0", "half \ud800", "x" * 3000])
def test_an_upload_at_a_path_that_no_disk_can_hold_is_no_upload(tmp_path, path):
    discard_upload(tmp_path, path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_an_entry_whose_path_no_disk_can_hold_is_damaged(added, folders, character):
    with pytest.raises(PlanError, match="no path can have"):
        DatasetSource(f"faces {character}")
    path = folders[0] / "faces" / "source.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "path": f"faces {character}"}))
    assert entries(folders[0]) == []
    with pytest.raises(UnknownDataset, match="The entry of faces is damaged"):
        open_entry(folders[0], "faces", folders[1])
    remove(folders[0], "faces", folders[0].parent / "uploads", folders[1])
    assert list(folders[0].iterdir()) == []


def test_a_path_with_bytes_that_are_no_text_is_a_path():
    assert DatasetSource("faces \udcff").path == "faces \udcff"


def test_a_dataset_that_cannot_be_removed_keeps_its_upload(
    tmp_path, folders, undivided, monkeypatch
):
    uploads = tmp_path / "uploads"
    at = keep_upload(uploads, io.BytesIO(undivided.read_bytes()), "faces.csv", "one")
    add(folders[0], "up", DatasetSource(str(at)), folders[1])

    def refuse(path, **_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("core.storage.own_files.shutil.rmtree", refuse)
    with pytest.raises(DatasetError, match="up cannot be removed: Permission denied"):
        remove(folders[0], "up", uploads, folders[1])
    assert at.exists()


def test_a_decoded_copy_is_deleted_with_the_last_dataset_that_uses_it(added, folders, undivided):
    datasets_dir, cache_dir = folders
    uploads = datasets_dir.parent / "uploads"
    small = DatasetSource(str(undivided), size_px=24)
    add(datasets_dir, "again", small, cache_dir)
    assert len(list(cache_dir.glob("*/pixels"))) == 2
    remove(datasets_dir, "faces", uploads, cache_dir)
    assert len(open_entry(datasets_dir, "again", cache_dir)) == len(added)
    remove(datasets_dir, "again", uploads, cache_dir)
    assert list(cache_dir.iterdir()) == []
    assert undivided.exists()


def test_a_decoded_copy_that_the_same_file_elsewhere_is_shown_from_stays(
    added, folders, undivided, tmp_path
):
    datasets_dir, cache_dir = folders
    same = tmp_path / "same.csv"
    same.write_bytes(undivided.read_bytes())
    add(datasets_dir, "same", DatasetSource(str(same)), cache_dir)
    (copy,) = cache_dir.iterdir()
    remove(datasets_dir, "faces", tmp_path / "uploads", cache_dir)
    assert copy.exists()
    remove(datasets_dir, "same", tmp_path / "uploads", cache_dir)
    assert not copy.exists()


@pytest.mark.parametrize("typed", ["uploads", "uploads/one", "uploads/one/../../kept/faces.csv"])
def test_removing_a_dataset_deletes_nothing_but_its_own_upload(tmp_path, folders, undivided, typed):
    uploads, kept = tmp_path / "uploads", tmp_path / "kept"
    kept.mkdir()
    (kept / "faces.csv").write_bytes(undivided.read_bytes())
    keep_upload(uploads, io.BytesIO(undivided.read_bytes()), "faces.csv", "one")
    (uploads / "two").mkdir()
    add(folders[0], "typed", DatasetSource(str(tmp_path / typed)), folders[1])
    remove(folders[0], "typed", uploads, folders[1])
    assert (kept / "faces.csv").exists()
    assert (uploads / "one" / "faces.csv").exists()
    assert (uploads / "two").exists()


def test_a_folder_of_ones_own_beside_faces_that_were_extracted_stays(tmp_path, folders):
    faces_dir = tmp_path / "faces"
    own = write_folders(faces_dir / "own", make_pictures(size_px=8), named=True)
    add(folders[0], "own", DatasetSource(str(own)), folders[1])
    remove(folders[0], "own", tmp_path / "uploads", folders[1], faces_dir)
    assert len(list(own.rglob("*.png"))) == len(make_pictures(size_px=8))


@pytest.mark.parametrize("around", ["uploads/one", "uploads"])
def test_an_upload_stays_as_long_as_another_dataset_shows_the_folder_around_it(
    tmp_path, folders, undivided, around
):
    uploads = tmp_path / "uploads"
    at = keep_upload(uploads, io.BytesIO(undivided.read_bytes()), "faces.csv", "one")
    add(folders[0], "up", DatasetSource(str(at)), folders[1])
    add(folders[0], "around", DatasetSource(str(tmp_path / around)), folders[1])
    remove(folders[0], "up", uploads, folders[1])
    assert len(open_entry(folders[0], "around", folders[1])) > 0
    assert at.exists()


def test_what_somebody_put_beside_an_upload_stays(tmp_path, folders, undivided):
    uploads = tmp_path / "uploads"
    at = keep_upload(uploads, io.BytesIO(undivided.read_bytes()), "faces.csv", "one")
    notes = at.with_name("notes.txt")
    notes.write_text("mine")
    add(folders[0], "up", DatasetSource(str(at)), folders[1])
    remove(folders[0], "up", uploads, folders[1])
    assert not at.exists()
    assert notes.read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("faces.csv", "faces.csv"),
        ("C:\\Users\\me\\FACES.ZIP", "FACES.zip"),
        ("../../etc/faces.csv", "faces.csv"),
        ("a\0b\n.csv", "ab.csv"),
        ("ü" * 300 + ".csv", "ü" * 60 + ".csv"),
        ("\n.csv", "upload.csv"),
        ("x.tar.zip", "x.tar.zip"),
        ("FER2013.TAR.GZ", "FER2013.tar.gz"),
        ("x.tgz", "x.tgz"),
    ],
)
def test_an_uploaded_file_gets_a_name_that_every_file_system_accepts(tmp_path, name, kept):
    path = keep_upload(tmp_path / "uploads", io.BytesIO(b"abc"), name, "one")
    assert path == tmp_path / "uploads" / "one" / kept
    assert path.read_bytes() == b"abc"


@pytest.mark.parametrize("name", ["faces.txt", "", ".csv", "..", ".x.zip", "\ud800"])
def test_other_kinds_of_files_are_refused_and_leave_nothing(tmp_path, name):
    with pytest.raises(UnknownDataset, match="neither a CSV file nor a ZIP") as caught:
        keep_upload(tmp_path / "uploads", io.BytesIO(b"abc"), name, "one")
    caught.value.message.encode()
    assert not (tmp_path / "uploads").exists()


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path):
    class Broken(io.BytesIO):
        def read(self, *_):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        keep_upload(tmp_path / "uploads", Broken(), "faces.csv", "one")
    assert list((tmp_path / "uploads").iterdir()) == []
