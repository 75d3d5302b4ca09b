from __future__ import annotations

import pytest

from core.classroom.invitation import join_address, learner_address, teacher_address


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("http://localhost:8501/teach_class", "http://localhost:8501/join_class"),
        ("https://school.example/mien/teach_class", "https://school.example/mien/join_class"),
        ("https://school.example/", "https://school.example/join_class"),
    ],
    ids=["local", "below-a-folder", "bare"],
)
def test_learners_join_on_the_host_and_below_the_folder_of_this_installation(page, expected):
    assert join_address(page) == expected


def test_the_link_for_learners_never_holds_what_stood_behind_the_teachers_address():
    link = learner_address("https://h.example/teach_class?teach=secret&view=projector#x", "token")
    assert link == "https://h.example/join_class?class=token"


def test_the_teachers_link_leads_back_to_the_class():
    assert teacher_address("https://h.example/x?a=1", "s-_3") == (
        "https://h.example/teach_class?teach=s-_3"
    )


def test_a_token_with_signs_of_addresses_stays_one_value():
    assert learner_address("https://h.example/a", "a&b=c#d").endswith("?class=a%26b%3Dc%23d")
