from __future__ import annotations

import io
import os
import struct
import tarfile
import zipfile

import pytest

from core.datasets.readers.archive import Folder, SingleFile, open_tree
from core.datasets.readers.archive_files import Archive, TarArchive
from core.domain.errors import UnknownDataset, UnreadableDataset


def _archive(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _tar(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            one = tarfile.TarInfo(name)
            one.size = len(content)
            archive.addfile(one, io.BytesIO(content))
    return path


def test_files_are_named_with_slashes_and_hidden_ones_left_out(tmp_path):
    for name in ("a/b/1.png", "a/2.png", ".git/config", "a/.DS_Store", "Thumbs.db"):
        (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / name).write_bytes(b"x")
    assert Folder.at(tmp_path / "root").names == ("a/2.png", "a/b/1.png")
    members = {"a/b/1.png": b"x", "__MACOSX/a/._1.png": b"x", "a/2.png": b"y"}
    assert Archive(_archive(tmp_path / "x.zip", members)).names == ("a/2.png", "a/b/1.png")


def test_links_that_lead_out_of_a_folder_are_left_out(tmp_path):
    (tmp_path / "secret.png").write_bytes(b"x")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "in.png").write_bytes(b"x")
    (tmp_path / "root" / "out.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "root" / "up").symlink_to(tmp_path)
    assert Folder.at(tmp_path / "root").names == ("in.png",)


@pytest.mark.parametrize(
    "name", ["../x.png", "/etc/x.png", "a/../../x.png", "C:/x.png", "..\\x.png"]
)
def test_names_that_lead_outside_are_refused(tmp_path, name):
    path = _archive(tmp_path / "x.zip", {"happy/1.png": b"x", name: b"x"})
    with pytest.raises(UnreadableDataset, match="leads outside"):
        Archive(path)


def test_a_link_in_an_archive_is_refused(tmp_path):
    link = zipfile.ZipInfo("happy/1.png")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnreadableDataset, match="leads outside"):
        Archive(tmp_path / "x.zip")


def test_an_archive_that_unpacks_to_far_too_much_is_refused(tmp_path):
    path = _archive(tmp_path / "bomb.zip", {"happy/1.png": bytes(100 << 20)})
    with pytest.raises(UnreadableDataset, match="no dataset of pictures does"):
        Archive(path)


def test_members_that_share_their_bytes_are_refused(tmp_path):
    content = os.urandom(50_000)
    path = _archive(tmp_path / "x.zip", {"happy/1.png": content})
    raw = path.read_bytes()
    at = raw.index(b"PK\x01\x02")
    entry, end = raw[at : raw.index(b"PK\x05\x06")], bytearray(raw[raw.index(b"PK\x05\x06") :])
    copies = b"".join(entry.replace(b"1.png", b"%d.png" % number) for number in range(1, 9))
    struct.pack_into("<HHI", end, 8, 8, 8, len(copies))
    path.write_bytes(raw[:at] + copies + end)
    with pytest.raises(UnreadableDataset):
        Archive(path)


def test_a_locked_archive_is_reported(tmp_path):
    raw = bytearray(_archive(tmp_path / "x.zip", {"happy/1.png": b"x"}).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + at] |= 1
    (tmp_path / "x.zip").write_bytes(raw)
    with pytest.raises(UnreadableDataset, match="protected by a password"):
        Archive(tmp_path / "x.zip")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip" * 100])
def test_a_file_that_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(UnreadableDataset, match="not a readable ZIP"):
        open_tree(tmp_path / "x.zip")


def test_nothing_there_is_reported(tmp_path):
    with pytest.raises(UnknownDataset, match="nothing at"):
        open_tree(tmp_path / "gone")


def test_a_changed_content_changes_the_fingerprint(tmp_path):
    first = Archive(_archive(tmp_path / "a.zip", {"happy/1.png": b"x"})).fingerprint()
    second = Archive(_archive(tmp_path / "b.zip", {"happy/1.png": b"y"})).fingerprint()
    assert first != second
    (tmp_path / "one.csv").write_bytes(b"a")
    before = open_tree(tmp_path / "one.csv").fingerprint()
    (tmp_path / "one.csv").write_bytes(b"b")
    assert open_tree(tmp_path / "one.csv").fingerprint() != before


def test_a_member_is_read_in_place(tmp_path):
    path = _archive(tmp_path / "x.zip", {"happy/1.png": b"content"})
    with open_tree(path).open("happy/1.png") as file:
        assert isinstance(file, io.IOBase)
        assert file.read() == b"content"
    assert [one.name for one in tmp_path.iterdir()] == ["x.zip"]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such files")
def test_what_is_no_file_is_left_out(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "gone.jpg").symlink_to("nowhere.jpg")
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    folder = open_tree(tmp_path)
    assert folder.names == ("a.txt",)
    assert folder.fingerprint()


@pytest.mark.parametrize("name", [".", "\0hidden"])
def test_an_archive_with_a_name_that_is_none_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", b"a")
        archive.writestr(zipfile.ZipInfo(name), b"")
    with pytest.raises(UnreadableDataset, match="leads outside"):
        open_tree(tmp_path / "a.zip")


def test_a_file_that_cannot_be_read_is_reported(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("a")

    def refused(*_):
        raise PermissionError(13, "Permission denied", str(tmp_path / "a.csv"))

    single, folder = open_tree(tmp_path / "a.csv"), open_tree(tmp_path)
    monkeypatch.setattr("pathlib.Path.open", refused)
    monkeypatch.setattr("pathlib.Path.stat", refused)
    for tree in (single, folder):
        with pytest.raises(UnreadableDataset, match=r"a\.csv cannot be read: Permission") as caught:
            tree.fingerprint()
        assert caught.value.advice


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such names")
def test_names_that_are_no_text_are_said_as_text(tmp_path):
    path = tmp_path / os.fsdecode(b"b\xff.csv")
    path.write_text("a")
    assert open_tree(path).title == "b\\udcff.csv"
    with pytest.raises(UnknownDataset) as caught:
        open_tree(tmp_path / os.fsdecode(b"\xfe"))
    assert "\\udcfe" in caught.value.message


def test_looking_through_a_folder_can_be_stopped(tmp_path):
    for name in "abc":
        (tmp_path / name).mkdir()
    calls = []

    def stop():
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_tree(tmp_path, stop)
    assert len(calls) == 2


def test_backslashes_in_an_archive_are_slashes(tmp_path):
    members = {"data\\train\\happy\\1.png": b"x", "data\\train\\": b""}
    archive = Archive(_archive(tmp_path / "x.zip", members))
    assert archive.names == ("data/train/happy/1.png",)
    with archive.open("data/train/happy/1.png") as file:
        assert file.read() == b"x"


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz", "x.csv", "x.zip"])
def test_a_tar_archive_is_read_however_it_is_packed_and_named(tmp_path, mode, name):
    members = {"./b/2.png": b"2", "./b/._2.png": b"", "a\\1.png": b"1"}
    tree = open_tree(_tar(tmp_path / name, members, mode))
    assert tree.names == ("b/2.png", "a/1.png")
    with tree.open("a/1.png") as file:
        assert file.read() == b"1"


def test_a_zip_archive_is_read_however_it_is_named(tmp_path):
    assert open_tree(_archive(tmp_path / "x.csv", {"a/1.png": b"x"})).names == ("a/1.png",)


@pytest.mark.parametrize("name", ["../x.png", "/etc/x.png", "a/../../x.png"])
def test_names_in_a_tar_archive_that_lead_outside_are_refused(tmp_path, name):
    with pytest.raises(UnreadableDataset, match="leads outside"):
        TarArchive(_tar(tmp_path / "x.tar", {name: b"x"}))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_in_a_tar_archive_is_refused(tmp_path, kind):
    link = tarfile.TarInfo("happy/1.png")
    link.type, link.linkname = kind, "/etc/passwd"
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        archive.addfile(link)
    with pytest.raises(UnreadableDataset, match="leads outside"):
        TarArchive(tmp_path / "x.tar")


def test_a_tar_archive_that_unpacks_to_far_too_much_is_refused(tmp_path):
    path = _tar(tmp_path / "bomb.tar.gz", {"happy/1.png": bytes(100 << 20)}, "w:gz")
    with pytest.raises(UnreadableDataset, match="no dataset of pictures does"):
        TarArchive(path)


def test_a_tar_archive_that_was_cut_short_is_reported(tmp_path):
    path = _tar(tmp_path / "x.tar.gz", {f"happy/{n}": os.urandom(9000) for n in range(9)}, "w:gz")
    path.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(UnreadableDataset, match="not a readable TAR"):
        open_tree(path)


def test_looking_through_a_tar_archive_can_be_stopped(tmp_path):
    def stop():
        raise KeyboardInterrupt

    path = _tar(tmp_path / "x.tar", {"a/1.png": b"x"})
    with pytest.raises(KeyboardInterrupt):
        open_tree(path, stop)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x1f\x8b\x08\x00rest", "compressed with gzip"),
        (b"7z\xbc\xaf\x27\x1crest", "7z archive"),
        (b"Rar!\x1a\x07\x01\x00", "RAR archive"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS pointer"),
        (b"\n<!DOCTYPE html><html>", "a web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel workbook"),
        (b"PAR1rest", "Parquet"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
    ],
)
@pytest.mark.parametrize("name", ["x.csv", "x.zip"])
def test_a_file_of_another_kind_is_named_by_its_kind(tmp_path, content, what, name):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableDataset, match=what) as caught:
        open_tree(tmp_path / name)
    assert caught.value.advice


def test_a_workbook_and_packed_arrays_are_no_archives_of_pictures(tmp_path):
    book = _archive(tmp_path / "x.csv", {"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"})
    with pytest.raises(UnreadableDataset, match="office document"):
        open_tree(book)
    with pytest.raises(UnreadableDataset, match="NumPy arrays"):
        open_tree(_archive(tmp_path / "x.zip", {"x.npy": b"x", "y.npy": b"x"}))


def test_a_csv_file_stays_a_single_file(tmp_path):
    (tmp_path / "x.csv").write_text("emotion,pixels\n")
    assert isinstance(open_tree(tmp_path / "x.csv"), SingleFile)


def test_links_that_are_not_followed_are_reported(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "in.png").write_bytes(b"x")
    assert Folder.at(root).notes == ()
    (root / "same.png").symlink_to(root / "in.png")
    assert Folder.at(root).notes == ()
    (tmp_path / "train.csv").write_bytes(b"x")
    (root / "train.csv").symlink_to(tmp_path / "train.csv")
    (note,) = Folder.at(root).notes
    assert note.startswith("1 link leads out of root or to another folder, and is not followed: ")
    (root / "up").symlink_to(tmp_path)
    assert "2 links lead" in Folder.at(root).notes[0]


def _unpacked_on_linux(root, names):
    root.mkdir()
    for name in names:
        (root / name).write_bytes(name.encode())
    return root


def test_names_with_backslashes_are_read_as_the_folders_they_stand_for(tmp_path):
    names = ("train\\angry\\1.png", "train\\happy\\2.png", "read me.txt")
    tree = Folder.at(_unpacked_on_linux(tmp_path / "root", names))
    assert tree.names == ("read me.txt", "train/angry/1.png", "train/happy/2.png")
    with tree.open("train/angry/1.png") as file:
        assert file.read() == b"train\\angry\\1.png"
    (note,) = tree.notes
    assert note.startswith("2 names hold backslashes, read as folder separators of Windows: ")
    assert "train/angry/1.png" in note


def test_a_folder_and_an_archive_with_backslashes_hold_the_same_names(tmp_path):
    names = ("train\\angry\\1.png", "test\\sad\\2.png", "test\\Thumbs.db", ".git\\config")
    folder = Folder.at(_unpacked_on_linux(tmp_path / "root", names))
    archive = open_tree(_archive(tmp_path / "x.zip", {name: b"x" for name in names}))
    assert folder.names == archive.names == ("test/sad/2.png", "train/angry/1.png")


def test_a_name_with_backslashes_never_takes_another_file_s_place(tmp_path):
    root = _unpacked_on_linux(tmp_path / "root", ("happy\\1.png",))
    (root / "happy").mkdir()
    (root / "happy" / "1.png").write_bytes(b"in the folder")
    tree = Folder.at(root)
    assert tree.names == ("happy/1.png", "happy\\1.png")
    for name, content in zip(tree.names, (b"in the folder", b"happy\\1.png"), strict=True):
        with tree.open(name) as file:
            assert file.read() == content
    assert tree.notes == ()


def test_a_change_behind_a_name_with_backslashes_is_noticed(tmp_path):
    root = _unpacked_on_linux(tmp_path / "root", ("happy\\1.png",))
    before = Folder.at(root).fingerprint()
    (root / "happy\\1.png").write_bytes(b"another content")
    assert Folder.at(root).fingerprint() != before
