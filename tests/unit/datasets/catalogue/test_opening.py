from __future__ import annotations

import json
import tarfile
import zipfile

import cv2
import numpy as np
import pytest

from core.datasets import DatasetSource, open_dataset
from core.datasets.catalogue.catalogue import open_entry
from core.datasets.catalogue.decoded_cache import cache_key, open_cached
from core.datasets.readers.archive import open_tree
from core.datasets.splits.subject_split import people_in_several_splits
from core.domain import FER7, UNLABELLED
from core.domain.errors import UnknownDataset, UnmappedLabels, UnreadableDataset
from core.domain.plain_values import to_plain
from tests.datasets_on_disk import (
    make_pictures,
    write_csv,
    write_folders,
    write_numbered,
    write_sequences,
    write_trio,
    write_zip,
)

OFFICIAL = {"Training": 84, "PublicTest": 14, "PrivateTest": 14}


@pytest.fixture(scope="module")
def pictures():
    return make_pictures()


@pytest.fixture
def opened(tmp_path):
    def open_at(path, **how):
        return open_dataset(DatasetSource(str(path), **how), tmp_path / "cache")

    return open_at


def _counts(dataset):
    return {name: len(part) for name, part in dataset.splits.items()}


def test_the_same_pictures_have_one_hash_in_every_format(tmp_path, pictures, opened):
    folders = write_folders(tmp_path / "plain", pictures, named=False)
    found = [
        opened(path)
        for path in (
            write_csv(tmp_path / "fer2013.csv", pictures),
            write_csv(tmp_path / "icml_face_data.csv", pictures, header="emotion, Usage, pixels"),
            write_trio(tmp_path / "trio", pictures),
            write_folders(tmp_path / "named", pictures, named=True),
            folders,
            write_zip(tmp_path / "folders.zip", folders),
            write_zip(tmp_path / "trio.zip", tmp_path / "trio"),
        )
    ]
    assert len({dataset.content_hash for dataset in found}) == 1
    arrays = [np.sort(one.pictures.pixels.reshape(112, -1), axis=0) for one in found]
    assert all(np.array_equal(arrays[0], array) for array in arrays)


def test_one_changed_label_changes_the_hash(tmp_path, pictures, opened):
    before = opened(write_csv(tmp_path / "a.csv", pictures))
    other = make_pictures()
    object.__setattr__(other[0], "label", "neutral")
    assert opened(write_csv(tmp_path / "b.csv", other)).content_hash != before.content_hash


def test_the_official_protocol_stays(tmp_path, pictures, opened):
    for path in (
        write_csv(tmp_path / "fer2013.csv", pictures),
        write_folders(tmp_path / "named", pictures, named=True),
    ):
        dataset = opened(path)
        assert _counts(dataset) == OFFICIAL
        assert dataset.required_protocol.test == "PrivateTest"
        assert dataset.notes == ()


def test_a_test_of_both_tests_stays_unseen(tmp_path, pictures, opened):
    dataset = opened(write_folders(tmp_path / "f", pictures, named=False))
    assert dataset.required_protocol.validation == "Held out"
    assert _counts(dataset) == {"Training": 70, "Test": 28, "Held out": 14}
    assert "seed 8" in dataset.notes[0]


def test_pictures_without_splits_are_divided(tmp_path, pictures, opened):
    dataset = opened(write_csv(tmp_path / "a.csv", pictures, header="emotion,pixels"))
    assert dataset.required_protocol.roles == ("Training", "Held out", "Own test")
    assert _counts(dataset) == {"Training": 84, "Own test": 14, "Held out": 14}


def test_a_frozen_split_holds_when_pictures_join(tmp_path, pictures):
    path = write_csv(tmp_path / "a.csv", pictures, header="emotion,pixels")
    before = open_dataset(DatasetSource(str(path)), tmp_path / "cache")
    sides = np.array(before.split_names)[before.split_of]
    frozen = dict(zip(before.pictures.names.tolist(), sides.tolist(), strict=True))
    write_csv(path, [*pictures, *make_pictures(seed=2)[:10]], header="emotion,pixels")
    after = open_dataset(DatasetSource(str(path)), tmp_path / "cache", frozen=frozen)
    assert after["Own test"].names.tolist() == before["Own test"].names.tolist()
    assert len(after["Training"]) == 94
    assert "10 pictures are newer" in after.notes[0]


def test_labels_are_what_the_file_says_under_every_spelling(tmp_path, pictures, opened):
    root = write_folders(tmp_path / "f", pictures, named=True)
    for split in ("train", "test"):
        (root / split / "happy").rename(root / split / "3. Happiness")
        (root / split / "angry").rename(root / split / "ANGER")
    assert opened(root).counts["Training"] == dict.fromkeys(opened(root).scheme.labels, 12)


def test_an_unknown_label_is_named_and_can_be_mapped_or_left_out(tmp_path, pictures, opened):
    root = write_folders(tmp_path / "f", pictures, named=True)
    (root / "train" / "fear").rename(root / "train" / "contempt")
    with pytest.raises(UnmappedLabels, match="'contempt' is no label of fer7") as caught:
        opened(root)
    assert caught.value.labels == ("contempt",)
    assert opened(root, label_map=(("contempt", "disgust"),)).counts["Training"]["disgust"] == 24
    without = opened(root, label_map=(("contempt", ""),))
    assert len(without["Training"]) == 72
    assert "12 pictures were excluded, labelled contempt." in without.notes


def test_labels_can_be_kept_as_they_are(tmp_path, pictures, opened):
    root = write_folders(tmp_path / "f", pictures, named=True)
    for split in ("train", "test"):
        (root / split / "fear").rename(root / split / "Bored")
    dataset = opened(root, scheme="own")
    assert "bored" in dataset.scheme.labels


def test_a_file_without_labels_opens_and_cannot_be_learned_from(tmp_path, pictures, opened):
    dataset = opened(write_csv(tmp_path / "test.csv", pictures, header="pixels"))
    assert (dataset.pictures.labels == UNLABELLED).all()
    assert dataset.protocol is None


def test_unreadable_pictures_are_left_out_and_named(tmp_path, pictures, opened):
    root = write_folders(tmp_path / "f", pictures, named=True)
    (root / "train" / "happy" / "Training_x.jpg").write_bytes(b"no picture")
    (root / "train" / "happy" / "Training_y.jpg").write_bytes(b"")
    dataset = opened(root)
    assert _counts(dataset) == OFFICIAL
    assert dataset.notes[0].startswith("2 pictures could not be read: train/happy/Training_x.jpg")


def test_mostly_unreadable_pictures_are_refused(tmp_path, opened):
    for number in range(3):
        (tmp_path / "f" / "happy").mkdir(parents=True, exist_ok=True)
        (tmp_path / "f" / "happy" / f"{number}.png").write_bytes(b"damaged")
    with pytest.raises(UnreadableDataset, match="3 of 3 pictures cannot be read"):
        opened(tmp_path / "f")


def test_pictures_of_any_shape_become_grey_squares(tmp_path, opened):
    for label in ("happy", "sad"):
        (tmp_path / "f" / label).mkdir(parents=True)
        for number in range(20):
            wide = np.zeros((60, 100 + number, 3), dtype=np.uint8)
            wide[:, 20:80] = 200
            cv2.imwrite(str(tmp_path / "f" / label / f"{number}.jpg"), wide)
    dataset = opened(tmp_path / "f", size_px=32)
    assert dataset.pictures.pixels.shape == (40, 32, 32)
    assert dataset.pictures.pixels[:, 16, 16].min() > 190


def test_nothing_and_nothing_known_are_told_apart(tmp_path, opened):
    with pytest.raises(UnknownDataset, match="nothing at"):
        opened(tmp_path / "gone")
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "notes.txt").write_text("hello")
    with pytest.raises(UnknownDataset, match="no dataset in a format") as caught:
        opened(tmp_path / "f")
    assert "fer2013.csv" in caught.value.advice


def test_a_second_opening_reads_nothing(tmp_path, pictures):
    path = write_csv(tmp_path / "a.csv", pictures)
    counts = []
    for _ in range(2):
        open_dataset(DatasetSource(str(path)), tmp_path / "cache", on_progress=counts.append)
    assert counts == [112]


def test_a_changed_file_is_read_again(tmp_path, pictures, opened):
    path = write_csv(tmp_path / "a.csv", pictures)
    before = opened(path)
    write_csv(path, pictures[:-1])
    assert len(opened(path)) == len(before) - 1


@pytest.mark.parametrize("spoil", ["about.json", "pixels", "labels.npy"])
def test_a_damaged_cache_is_made_again(tmp_path, pictures, spoil):
    path = write_csv(tmp_path / "a.csv", pictures)
    source = DatasetSource(str(path))
    good = open_dataset(source, tmp_path / "cache")
    key = cache_key(open_tree(path), source)
    (tmp_path / "cache" / key / spoil).write_bytes(b"x")
    assert open_cached(tmp_path / "cache", key) is None
    assert open_dataset(source, tmp_path / "cache").content_hash == good.content_hash


def test_a_reading_that_stops_leaves_nothing_behind(tmp_path, pictures):
    def stop(_):
        raise KeyboardInterrupt

    path = write_csv(tmp_path / "a.csv", pictures)
    with pytest.raises(KeyboardInterrupt):
        open_dataset(DatasetSource(str(path)), tmp_path / "cache", on_progress=stop)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_source_survives_json(tmp_path):
    source = DatasetSource("x", label_map=(("7", ""), ("contempt", "disgust")), scheme="fer7")
    assert DatasetSource.from_json(json.loads(json.dumps(to_plain(source)))) == source


def test_faces_can_be_cut_out_of_photographs_as_they_are_read(tmp_path, pictures):
    root = write_folders(tmp_path / "f", pictures, named=True)

    def crop(picture, size_px):
        return None if picture[0, 0] > 128 else np.full((size_px, size_px), 7, np.uint8)

    source = DatasetSource(str(root), align=True)
    dataset = open_dataset(source, tmp_path / "cache", crop=crop)
    bright = sum(one.pixels[0, 0] > 128 for one in pictures)
    assert len(dataset) == 112 - bright
    assert (np.asarray(dataset.pictures.pixels) == 7).all()
    assert dataset.notes[0].startswith(f"{bright} pictures could not be read")
    assert len(open_dataset(source, tmp_path / "cache")) == len(dataset)
    with pytest.raises(UnreadableDataset, match="not kept any more"):
        open_dataset(source, tmp_path / "elsewhere")


def test_a_folder_of_links_is_refused_with_a_word_about_links(tmp_path, pictures, opened):
    write_csv(tmp_path / "there" / "fer2013.csv", pictures)
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "fer2013.csv").symlink_to(tmp_path / "there" / "fer2013.csv")
    with pytest.raises(UnknownDataset, match="1 link leads out of f"):
        opened(tmp_path / "f")


def test_links_among_pictures_are_reported(tmp_path, pictures, opened):
    root = write_folders(tmp_path / "f", pictures, named=True)
    (tmp_path / "x.png").write_bytes(b"x")
    (root / "train" / "happy" / "x.png").symlink_to(tmp_path / "x.png")
    assert opened(root).notes[0].startswith("1 link leads out of f")


def test_an_archive_packed_on_windows_or_as_tar_holds_the_same_pictures(tmp_path, pictures, opened):
    root = write_folders(tmp_path / "f", pictures, named=True)
    with zipfile.ZipFile(tmp_path / "windows.zip", "w") as archive:
        for file in sorted(root.rglob("*.png")):
            name = str(file.relative_to(tmp_path)).replace("/", "\\")
            archive.writestr(name, file.read_bytes())
    with tarfile.open(tmp_path / "x.tar.gz", "w:gz") as archive:
        archive.add(root, "f")
    with tarfile.open(tmp_path / "fer2013.csv", "w:gz") as archive:
        archive.add(write_csv(tmp_path / "there" / "fer2013.csv", pictures), "a/fer2013.csv")
    found = [opened(tmp_path / name) for name in ("f", "windows.zip", "x.tar.gz", "fer2013.csv")]
    assert len({one.content_hash for one in found}) == 1
    assert all(_counts(one) == OFFICIAL for one in found)


@pytest.mark.parametrize("first", [0, 1])
def test_numbers_of_folders_are_no_labels_until_every_one_is_mapped(
    tmp_path, pictures, opened, first
):
    root = write_numbered(tmp_path / "f", pictures, first=first)
    with pytest.raises(UnmappedLabels, match="known for FER2013's own CSV files only") as caught:
        opened(root, label_map=((str(6 + first), "neutral"),))
    assert len(caught.value.labels) == 6
    label_map = tuple((str(at + first), label) for at, label in enumerate(FER7.labels))
    assert opened(root, label_map=label_map).content_hash == (
        opened(write_folders(tmp_path / "g", pictures, named=True)).content_hash
    )


def test_numbers_in_a_csv_file_that_begin_with_one_and_pass_six_are_asked_about(
    tmp_path, pictures, opened
):
    text = write_csv(tmp_path / "a.csv", pictures).read_text().splitlines()
    counted = [text[0], *(f"{int(row[0]) + 1}{row[1:]}" for row in text[1:])]
    (tmp_path / "a.csv").write_text("\n".join(counted))
    with pytest.raises(UnmappedLabels, match="are numbers"):
        opened(tmp_path / "a.csv", label_map=(("7", "neutral"),))


def test_a_dataset_added_before_numbers_were_asked_about_opens_as_it_was(tmp_path, pictures):
    root = write_numbered(tmp_path / "f", pictures, first=0)
    folder = tmp_path / "datasets" / "old"
    folder.mkdir(parents=True)
    # As source.json was written then: without people and without a number of reading.
    old = {"path": str(root), "name": "old", "format": "", "size_px": 0, "align": False}
    old |= {"columns": {"pixels": "", "label": "", "split": "", "subject": ""}, "scheme": ""}
    old |= {"label_map": [], "levels": "published", "seed": 7}
    (folder / "source.json").write_text(json.dumps(old))
    found = open_entry(tmp_path / "datasets", "old", tmp_path / "cache")
    words = write_folders(tmp_path / "g", pictures, named=True)
    same = open_dataset(DatasetSource(str(words)), tmp_path / "cache")
    assert found.content_hash == same.content_hash


def test_frames_named_by_person_and_sequence_are_divided_by_person(tmp_path, opened):
    dataset = opened(write_sequences(tmp_path / "f", people=20))
    assert dataset.required_protocol.roles == ("Training", "Held out", "Own test")
    assert all(_counts(dataset).values())
    assert people_in_several_splits(dataset.split_of, dataset.pictures.subjects) == ()
    sequences = np.array([name.rpartition("_")[0] for name in dataset.pictures.names.tolist()])
    assert people_in_several_splits(dataset.split_of, sequences) == ()
    assert any("20 people and 60 sequences" in note for note in dataset.notes)
    assert any("(by person, seed 7)" in note for note in dataset.notes)


def test_without_a_look_at_names_the_same_people_are_in_several_splits(tmp_path, opened):
    root = write_sequences(tmp_path / "f", people=20)
    blind = opened(root, people="none")
    people = np.array([name.split("/")[1][:4] for name in blind.pictures.names.tolist()])
    assert people_in_several_splits(blind.split_of, people)


def test_too_few_people_are_divided_by_sequence_and_that_is_reported(tmp_path, opened):
    dataset = opened(write_sequences(tmp_path / "f", people=2), people="{person}_{sequence}_*")
    assert dataset.protocol is not None
    assert any(note.startswith("Too few people for a split by person") for note in dataset.notes)


def test_a_pattern_of_ones_own_is_read(tmp_path, opened):
    root = write_sequences(tmp_path / "f", people=12)
    for at, file in enumerate(sorted(root.rglob("*.png"))):
        file.rename(file.with_name(f"{at:04}-{file.name[:4]}.png"))
    dataset = opened(root, people="*-{person}")
    assert len(np.unique(dataset.pictures.subjects)) == 12
    assert people_in_several_splits(dataset.split_of, dataset.pictures.subjects) == ()


def _with_odd_endings(root):
    """A third of the pictures under other endings, and files that nobody reads."""
    for at, file in enumerate(sorted(root.rglob("*.png"))):
        if at % 3 == 0:
            picture = cv2.imread(str(file))
            file.unlink()
            ending = (".gif", ".ppm")[at % 2]
            cv2.imwrite(str(file.with_suffix(ending)), picture)
    (root / "train" / "happy" / "a.psd").write_bytes(b"8BPS")
    (root / "train" / "happy" / "b.CR2").write_bytes(b"II")
    (root / "train" / "happy" / "c.psd").write_bytes(b"8BPS")
    (root / "readme.txt").write_text("x")
    return root


def test_no_picture_is_passed_over_without_a_word(tmp_path, pictures, opened):
    root = _with_odd_endings(write_folders(tmp_path / "f", pictures, named=True))
    dataset = opened(root)
    assert _counts(dataset) == OFFICIAL
    assert any("3 files were not read: 1 .cr2, 2 .psd." in note for note in dataset.notes)


def test_a_dataset_added_before_keeps_its_pictures_and_its_copy(tmp_path, pictures):
    root = _with_odd_endings(write_folders(tmp_path / "f", pictures, named=True))
    old = DatasetSource(str(root), reading=0)
    before = open_dataset(old, tmp_path / "cache")
    assert len(before) == 74
    new = open_dataset(DatasetSource(str(root)), tmp_path / "cache")
    assert len(new) == 112
    assert open_dataset(old, tmp_path / "cache").content_hash == before.content_hash


def test_a_copy_of_common_pictures_is_found_again_by_both(tmp_path, pictures):
    tree = open_tree(write_folders(tmp_path / "f", pictures, named=True))
    old = cache_key(tree, DatasetSource("x", reading=0))
    assert cache_key(tree, DatasetSource("x")) == old


def test_a_picture_beside_a_csv_file_is_no_dataset_of_pictures(tmp_path, pictures, opened):
    write_csv(tmp_path / "f" / "fer2013.csv", pictures)
    (tmp_path / "f" / "logo.gif").write_bytes(b"GIF89a")
    assert _counts(opened(tmp_path / "f")) == OFFICIAL


def test_a_label_that_is_mapped_and_not_there_is_reported(tmp_path):
    path = write_csv(tmp_path / "faces.csv", make_pictures(size_px=8))
    source = DatasetSource(str(path), label_map=(("3", "happy"), ("hapy", "sad")))
    notes = open_dataset(source, tmp_path / "cache").notes
    assert "No picture is labelled 'hapy', so mapping that has no effect." in notes
    plain = open_dataset(DatasetSource(str(path)), tmp_path / "cache").notes
    assert not any("is labelled" in note for note in plain)


def test_labels_of_thousands_of_digits_are_words(tmp_path):
    rows = [f"{label},{' '.join(['7'] * 64)}" for label in ("9" * 5000, "2")]
    path = tmp_path / "faces.csv"
    path.write_text("\n".join(["emotion,pixels", *rows]))
    with pytest.raises(UnmappedLabels):
        open_dataset(DatasetSource(str(path)), tmp_path / "cache")
