from __future__ import annotations

import pytest

from core.datasets.readers.name_patterns import expect_pattern, people_from_names
from core.domain.errors import PlanError

CK = [
    f"happy/S{person:03}_{take:03}_{frame:08}.png"
    for person in (5, 74)
    for take in (1, 4)
    for frame in (10, 11)
]


def test_people_and_sequences_of_ck_plus_are_read_from_its_names():
    found = people_from_names(CK, "")
    assert found.people.tolist() == ["S005"] * 4 + ["S074"] * 4
    assert found.sequences.tolist()[::2] == ["S005_001", "S005_004", "S074_001", "S074_004"]
    assert "2 people and 4 sequences" in found.note
    assert "{person}_{sequence}_{frame}" in found.note


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (["AF01ANS.JPG", "BF01HAFL.JPG", "AM02SAS.JPG"], ["F01", "F01", "M02"]),
        (["KA.AN1.39.tiff", "KA.HA2.30.tiff", "YM.SU3.60.tiff"], ["KA", "KA", "YM"]),
        (
            [
                f"Rafd090_{who}_Caucasian_female_{what}_frontal.jpg"
                for who, what in (("01", "angry"), ("01", "sad"), ("02", "angry"))
            ],
            ["01", "01", "02"],
        ),
        (
            ["subject_01_happy_1.png", "subject_01_sad_1.png", "subject_02_sad_1.png"],
            ["01", "01", "02"],
        ),
        (["s01_happy.png", "s01_sad.png", "s12_sad.png"], ["s01", "s01", "s12"]),
        (["a_b_frame01.png", "a_b_frame02.png", "c_frame01.png"], ["a_b", "a_b", "c"]),
        (
            ["vid_0082_12.000.png", "vid_0082_13.000.png", "vid_0083_1.500.png"],
            ["vid_0082", "vid_0082", "vid_0083"],
        ),
    ],
)
def test_names_of_other_sets_tell_people_too(names, people):
    assert people_from_names(names, "").people.tolist() == people


@pytest.mark.parametrize(
    "names",
    [
        ["train/happy/Training_10131363.jpg", "train/happy/Training_1.jpg"],
        ["PrivateTest_10131363.png", "PublicTest_5.png"],
        ["happy_001.png", "happy_002.png"],
        ["im0.png", "im1.png"],
        ["00001.png", "00002.png"],
        ["s01_a.png", "s02_b.png", "s03_c.png"],
        [],
    ],
)
def test_names_that_tell_nothing_of_people_are_left_alone(names):
    assert people_from_names(names, "") is None


def test_a_few_odd_names_hide_nobody_and_count_as_people_of_their_own():
    found = people_from_names([*CK, "cover.png"], "")
    assert found.unmatched == 1
    assert len(set(found.people.tolist())) == 3
    assert "1 name that does not fit" in found.note


@pytest.mark.parametrize(
    ("pattern", "person"),
    [
        ("{person}/*/*", "ada"),
        ("*/{person}/*", "lab"),
        ("*-{person:2}*", "07"),
        ("take#-{person}", "07x"),
    ],
)
def test_a_pattern_of_ones_own_reads_names_and_folders(pattern, person):
    found = people_from_names(["faces/ada/lab/take12-07x.png"], pattern)
    assert found.people.tolist() == [person]


def test_names_are_not_read_with_the_pattern_none():
    assert people_from_names(CK, "none") is None


def test_a_pattern_that_does_not_fit_is_refused_with_a_name():
    with pytest.raises(
        PlanError, match=r"8 of 8 names do not fit .* 'happy/S005_001_00000010.png'"
    ):
        people_from_names(CK, "{person}-*")


@pytest.mark.parametrize("pattern", ["*", "{frame}", "{person}{person}", "{who}_*"])
def test_a_pattern_without_people_is_refused(pattern):
    with pytest.raises(PlanError) as caught:
        expect_pattern(pattern)
    assert "{person}_{sequence}_{frame}" in caught.value.advice
