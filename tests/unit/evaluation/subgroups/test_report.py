"""Groups that a person declares: as the table says, with every caution."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from core.domain.errors import DamagedModel, UnreadableDataset
from core.evaluation.subgroups.declaration import (
    MOST_GROUPS,
    DeclaredGroups,
    by_folder,
    declared,
    folder_levels,
    read_group_table,
)
from core.evaluation.subgroups.presentation import groups_csv, groups_words
from core.evaluation.subgroups.report import (
    SMALL,
    balanced_accuracy,
    corrected,
    measure_groups,
    read_groups,
    write_groups,
)
from tests.robustness_results import first_right, make_groups, make_scored_labels

NAMES = ["a/one.png", "a/two.png", "b/three.png", "b/four.png"]
NO_FACE_ID = [""] * 4


def _table(text):
    return read_group_table(text.encode())


def test_rows_name_pictures_whole_or_by_their_file():
    table = _table("picture,site\na/one.png,north\nthree.png,south\n")
    found = declared(table, "site", NAMES, NO_FACE_ID)
    assert found.of.tolist() == ["north", "", "south", ""]
    assert "2 pictures are in no group" in found.notes[0]


def test_a_file_name_that_two_pictures_have_names_neither():
    table = _table("name,site\none.png,north\na/two.png,south\n")
    found = declared(table, "site", ["a/one.png", "b/one.png", "a/two.png"], [""] * 3)
    assert found.of.tolist() == ["", "", "south"]


def test_rows_may_name_people_and_semicolons_divide_too():
    table = _table("subject;gender;age\n7;x;30-40\n8;y;20-30\n9;y;20-30\n")
    found = declared(table, "gender", ["p", "q"], ["7", "8"])
    assert table.columns == ("gender", "age")
    assert found.of.tolist() == ["x", "y"]
    assert found.notes == ("1 row is about people that were not evaluated here.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no rows"),
        ("picture,site\n", "no rows"),
        ("site,room\nnorth,1\n", "none says what a row is about"),
        ("picture\na/one.png\n", "only the column picture"),
        ("picture,site,site\na/one.png,1,2\n", "Two columns are called 'site'"),
        ("picture,site\na/one.png\n", "Row 2 has 1 cells"),
        ("picture,site\na/one.png,n\na/one.png,s\n", "stands in two groups"),
    ],
)
def test_a_table_with_wrong_columns_or_rows_is_refused(text, message):
    with pytest.raises(UnreadableDataset, match=message) as error:
        _table(text)
    assert error.value.advice


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(UnreadableDataset, match="cannot be read"):
        read_group_table(b"picture,site\n\xff\xfe,1\n")


def test_a_table_about_other_pictures_is_refused_and_says_how_names_look():
    table = _table("picture,site\nelsewhere.png,north\n")
    with pytest.raises(UnreadableDataset, match=r"'elsewhere.png'.*'a/one.png'"):
        declared(table, "site", NAMES, NO_FACE_ID)


def test_people_cannot_be_named_where_nobody_knows_who_is_shown():
    table = _table("person,site\n7,north\n")
    with pytest.raises(UnreadableDataset, match="Nobody knows who is on these pictures"):
        declared(table, "site", NAMES, NO_FACE_ID)


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(UnreadableDataset, match="no column 'room'"):
        declared(_table("picture,site\na/one.png,n\n"), "room", NAMES, NO_FACE_ID)


def test_a_column_of_numbers_is_no_column_of_groups():
    names = [f"{number}.png" for number in range(MOST_GROUPS + 1)]
    rows = "\n".join(f"{name},{number}" for number, name in enumerate(names))
    with pytest.raises(UnreadableDataset, match=f"{MOST_GROUPS} are the most"):
        declared(_table(f"picture,age\n{rows}\n"), "age", names, [""] * len(names))


def test_folders_declare_groups_by_their_level():
    assert by_folder(NAMES, 1).of.tolist() == ["a", "a", "b", "b"]
    assert folder_levels(NAMES) == 1
    assert folder_levels(["one.png"]) == 0
    with pytest.raises(UnreadableDataset, match="2 folders deep"):
        by_folder(NAMES, 2)


def test_groups_stand_by_name_with_their_figures():
    report = make_groups({"south": (40, 100), "north": (80, 100)})
    assert [one.group for one in report.groups] == ["north", "south"]
    north, south = report.groups
    assert (north.accuracy.value, south.accuracy.value) == (0.8, 0.4)
    assert north.overconfident.value == pytest.approx(0.0)
    assert south.overconfident.value == pytest.approx(0.4)
    assert south.overconfident.low > 0
    assert report.differs
    assert (report.gap.higher, report.gap.lower) == ("north", "south")
    assert "differ significantly" in groups_words(report)


def test_groups_whose_intervals_overlap_are_not_ranked():
    report = make_groups({"a": (30, 50), "b": (33, 50), "c": (31, 50)})
    assert not report.differs
    told = groups_words(report)
    assert "Do not rank them" in told
    assert "largest gap of 3" in told


def test_small_groups_are_shown_but_compared_with_nobody():
    report = make_groups({"many": (60, 100), "few": (0, SMALL - 1)})
    assert [one.is_small for one in report.groups] == [True, False]
    assert report.gap is None
    assert not report.differs
    assert report.small_groups == ("few",)
    assert [one for one in report.all_notes if "Fewer than 30 pictures: few." in one]
    assert "no gap to report" in groups_words(report)


def test_the_note_on_small_groups_follows_from_the_groups_whatever_a_file_says():
    report = make_groups({"many": (60, 100), "few": (0, SMALL - 1)})
    assert report.notes == ()
    stored = json.loads(write_groups([report]))
    stored["reports"][0]["notes"] = [*report.all_notes, "Fewer than half are of women."]
    (read,) = read_groups(json.dumps(stored).encode())
    assert read.notes == ("Fewer than half are of women.",)
    assert read.all_notes == (*read.notes, *report.all_notes)


def test_one_group_only_has_nothing_to_be_compared_with():
    report = make_groups({"all": (60, 100)})
    assert report.gap is None
    assert "one group only" in report.notes[0]


def test_people_are_counted_with_a_note_on_their_similarity():
    heard = make_scored_labels(first_right(60, 30))
    subjects = [str(number % 3) for number in range(60)]
    report = measure_groups(
        DeclaredGroups("site", np.repeat(["a", "b"], 30)), heard, split="test", subjects=subjects
    )
    assert [one.people for one in report.groups] == [3, 3]
    assert "Pictures of one person are alike" in report.notes[-1]


def test_the_more_ways_to_divide_are_tried_the_more_a_difference_has_to_be():
    one = make_groups({"north": (80, 100), "south": (66, 100)})
    assert one.differs
    assert corrected([one]) == [one]
    among = corrected([one, *(make_groups({"a": (70, 100), "b": (71, 100)}) for _ in range(9))])
    assert among[0].p == pytest.approx(10 * one.p)
    assert not among[0].differs
    assert "10 groupings" in among[0].notes[-1]


def test_nobody_in_any_group_is_refused():
    with pytest.raises(UnreadableDataset, match="No picture is in a group of site"):
        measure_groups(
            DeclaredGroups("site", np.array([""] * 7)),
            make_scored_labels(first_right(7, 3)),
            split="test",
            subjects=[""] * 7,
        )


def test_balanced_accuracy_is_the_mean_recall_of_the_classes_present():
    found = balanced_accuracy(np.array([9, 0, 1]), np.array([10, 0, 2]))
    assert found.value == pytest.approx(0.7)
    assert found.low < 0.7 < found.high
    perfect = balanced_accuracy(np.array([5]), np.array([5]))
    assert perfect.high == perfect.value == 1.0
    assert 0.5 < perfect.low < 1.0


def test_figures_are_read_back_and_hold_no_row_of_the_table():
    reports = (make_groups({"a": (60, 100), "b": (0, 3)}), make_groups({"c": (1, 1)}))
    content = write_groups(reports)
    assert read_groups(content) == reports
    assert b".png" not in content
    with pytest.raises(DamagedModel):
        read_groups(b'{"format": 7, "reports": []}')
    assert len(groups_csv(list(reports)).decode().splitlines()) == 4


def test_names_of_groups_are_no_formulas_in_csv():
    report = replace(make_groups({"=1+1": (60, 100)}), title="@site", split="-test")
    row = groups_csv([report]).decode().splitlines()[1]
    assert row.startswith("'@site,'-test,'=1+1,")
