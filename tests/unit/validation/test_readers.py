"""Datasets with ratings, intact and damaged, each with its sentence."""

from __future__ import annotations

import json

import pytest

from core.domain.errors import DatasetError, UnknownDataset, UnreadableDataset
from core.validation.readers import open_clips
from core.validation.readers.ubfc_phys import TASK

TABLE = "file,person,calm,notes\na.mp4,ann,3,good\nb.mp4,bob,4.5,\n"


def ratings_of(found):
    return {clip.name: dict(clip.ratings) for clip in found.clips}


def test_a_table_gives_clips_with_numbers_and_says_what_it_leaves_out(table):
    found = open_clips(table(TABLE))
    assert ratings_of(found) == {"a.mp4": {"calm": 3.0}, "b.mp4": {"calm": 4.5}}
    assert [clip.person for clip in found.clips] == ["ann", "bob"]
    assert found.clips[0].path.name == "a.mp4"
    assert found.notes == ("Column notes holds no numbers and is left out.",)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE, "utf-8-sig"),
        (TABLE.replace(",", ";"), "utf-8"),
        (TABLE.replace(",", ";").replace("4.5", "4,5"), "utf-8-sig"),
        (TABLE.replace(",", "\t"), "utf-16"),
        ("\n" + TABLE.replace("file", " FILE "), "utf-8"),
    ],
    ids=["mark", "semicolons", "decimal comma", "tabs in UTF-16", "blank line and capitals"],
)
def test_tables_of_all_spreadsheets_read_alike(table, content, encoding):
    found = open_clips(table(content, encoding=encoding))
    assert ratings_of(found) == {"a.mp4": {"calm": 3.0}, "b.mp4": {"calm": 4.5}}


def test_names_in_any_alphabet_are_read(table):
    found = open_clips(table("file,person,спокойствие\n視頻.mp4,Юля,7\n", videos=("視頻.mp4",)))
    assert ratings_of(found) == {"視頻.mp4": {"спокойствие": 7.0}}


def test_several_raters_of_one_clip_count_as_their_mean(table):
    found = open_clips(table("file,person,calm\na.mp4,ann,3\na.mp4,ann,6\nb.mp4,bob,NA\n"))
    assert ratings_of(found) == {"a.mp4": {"calm": 4.5}, "b.mp4": {}}
    assert found.notes == ("3 rows of 2 clips: ratings of one clip count as their mean.",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("file,person,calm\n", "has a header and no rows"),
        ("file,calm\na.mp4,3\n", "has no column person; it has file, calm"),
        ("clipname,person,calm\na.mp4,ann,3\n", "has no column file"),
        ("file,person,calm\na.mp4,ann,three\nb.mp4,bob,3\n", "row 2: three is no number for calm"),
        ("file,person,calm\na.mp4,ann,inf\nb.mp4,bob,3\n", "row 2: inf is no number"),
        ("file,person,calm\na.mp4,ann,1,2\n", ""),
        ("file,person\na.mp4,ann\n", "has no ratings"),
        ("file,person,calm\na.mp4,ann,three\n", "has no ratings. Column calm holds no numbers"),
        ("file,person,calm,calm\na.mp4,ann,1,2\n", "has two columns called calm"),
        ("file,file,person,calm\na.mp4,x,ann,1\n", "has 2 columns called file"),
        ("file,person,calm\na.mp4,,1\n", "row 2 names no person"),
        ("file,person,calm\n,ann,1\n", "row 2 names no file"),
        ("file,person,calm\na.mp4,ann,1\na.mp4,bob,1\n", "row 3: a.mp4 shows another person"),
        ("file,person,calm\nx.mp4,ann,1\n", "None of the 1 video exists (missing: x.mp4)"),
        ("file,person,calm\n" + "x" * 5000 + ",ann,1\n", "None of the 1 video exists"),
    ],
)
def test_a_table_that_cannot_be_used_says_which_row_and_why(table, content, said):
    path = table(content)
    if not said:
        assert ratings_of(open_clips(path)) == {"a.mp4": {"calm": 1.0}}
        return
    with pytest.raises(UnreadableDataset) as error:
        open_clips(path)
    assert said in str(error.value)
    assert error.value.advice


def test_a_file_that_is_no_table_says_so(table, tmp_path):
    path = tmp_path / "film.csv"
    path.write_bytes(b"\x00\xff\xd8" * 100)
    with pytest.raises(UnreadableDataset):
        open_clips(path)


@pytest.mark.parametrize("what", ["nothing", "empty folder"])
def test_what_is_no_dataset_names_the_shapes_that_are_known(tmp_path, what):
    (tmp_path / "empty folder").mkdir()
    with pytest.raises(UnknownDataset) as error:
        open_clips(tmp_path / what)
    assert what in error.value.message


def test_people_of_ubfc_phys_have_a_task_in_each_clip_and_a_change_in_all_but_rest(ubfc):
    found = open_clips(ubfc("s2", "s10"))
    assert [clip.person for clip in found.clips] == ["s2"] * 3 + ["s10"] * 3
    assert [clip.is_rest for clip in found.clips[:3]] == [True, False, False]
    assert found.clips[0].ratings == {TASK: 0.0}
    assert found.clips[2].ratings == {
        TASK: 1.0,
        "cognitive anxiety, after minus before": 1.0,
        "somatic anxiety, after minus before": 2.0,
        "self-confidence, after minus before": -4.0,
    }
    assert found.notes == ()


@pytest.mark.parametrize("folder", ["root/Data", "root"])
def test_both_layouts_of_ubfc_phys_are_found(ubfc, tmp_path, folder):
    ubfc("s1", folder=folder)
    assert open_clips(tmp_path / "root").persons == 1


@pytest.mark.parametrize(
    "reported", [None, "", "1,2\n", "1,2\n3,4\n5\n", "a,b\nc,d\ne,f\n", "1,2\n3,nan\n5,6\n"]
)
def test_reported_anxiety_of_another_form_is_left_out_with_a_sentence(ubfc, reported):
    found = open_clips(ubfc("s1", reported=reported))
    assert found.ratings == (TASK,)
    (note,) = found.notes
    assert note.startswith("The reported anxiety of s1 is left out")


def test_a_missing_video_of_ubfc_phys_is_no_clip(ubfc):
    folder = ubfc("s40")
    (folder / "s40" / "vid_s40_T3.avi").unlink()
    assert [clip.name for clip in open_clips(folder).clips] == ["vid_s40_T1.avi", "vid_s40_T2.avi"]


def recruitview(tmp_path, **changed):
    record = {"id": "0001", "file_name": "videos/a.mp4", "user_no": "7", "facial_expression": 0.5}
    record |= {"interview_score": -1.25, "answer_score": None, "extraversion": 10**400, **changed}
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "a.mp4").write_bytes(b"")
    (tmp_path / "metadata.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    return tmp_path


def test_recruitview_gives_its_finite_ratings_and_its_licence(tmp_path):
    found = open_clips(recruitview(tmp_path))
    assert found.clips[0].ratings == {"facial_expression": 0.5, "interview_score": -1.25}
    assert found.clips[0].person == "7"
    assert "non-commercial" in found.licence


def test_a_damaged_record_of_recruitview_names_its_row(tmp_path):
    with pytest.raises(DatasetError, match="row 1, has no usable user_no"):
        open_clips(recruitview(tmp_path, user_no=None))
