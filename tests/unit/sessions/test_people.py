"""Owners, groups, participants and segments: stored, read back, and refused in words."""

from __future__ import annotations

import math

import pytest

from core.domain import Group, GroupKind, Owner, Participant, Segment, SegmentKind
from core.domain.errors import StoreError, UnknownSession
from core.sessions import (
    begin_segment,
    end_segment,
    owner_of,
    participants_of,
    people_of,
    save_group,
    save_owner,
    save_participant,
    segments_of,
    set_owner,
    set_participant,
)
from tests.make import BEGAN_AT, make_moment, make_observation, make_session

ANA, BEN = Participant("p1", "Ana", "g1"), Participant("p2", "Ben")
TEACHER = Owner("o1", "A teacher")
CLASS = Group("g1", GroupKind.CLASS, "8b", "o1")


@pytest.fixture
def people(store):
    """A session of two faces; its teacher, a class, and two people."""
    store.begin(make_session("a"))
    two = [make_observation(0.0, track_id=number) for number in (1, 2)]
    store.append("a", [make_moment(0.0, *two)], now=BEGAN_AT)
    save_owner(store, TEACHER)
    save_group(store, CLASS)
    for one in (BEN, ANA):
        save_participant(store, one)
    return store


def test_a_session_has_its_owner_until_it_is_removed(people):
    assert owner_of(people, "a") is None
    set_owner(people, "a", "o1")
    save_owner(people, Owner("o1", "Another name"))
    assert owner_of(people, "a") == Owner("o1", "Another name")
    set_owner(people, "a", None)
    assert owner_of(people, "a") is None


def test_a_face_has_its_participant(people):
    assert people_of(people, "a") == {}
    set_participant(people, "a", 1, "p2")
    set_participant(people, "a", 2, "p1")
    assert people_of(people, "a") == {1: BEN, 2: ANA}
    set_participant(people, "a", 1, None)
    assert people_of(people, "a") == {2: ANA}
    people.append("a", [make_moment(1.0, make_observation(1.0))], now=BEGAN_AT)
    assert people_of(people, "a") == {2: ANA}


def test_a_group_has_its_participants(people):
    assert participants_of(people, "g1") == (ANA,)
    save_participant(people, Participant("p2", "Aaron", "g1"))
    assert participants_of(people, "g1") == (Participant("p2", "Aaron", "g1"), ANA)


def test_deleting_a_session_leaves_people_and_other_sessions_alone(people):
    set_participant(people, "a", 1, "p1")
    begin_segment(people, "a", Segment(0.0, None, SegmentKind.TASK, ""))
    people.delete("a")
    assert participants_of(people, "g1") == (ANA,)
    people.begin(make_session("a"))
    assert (segments_of(people, "a"), people_of(people, "a")) == ((), {})


@pytest.mark.parametrize(
    "act",
    [
        lambda store: set_owner(store, "a", "nobody"),
        lambda store: save_group(store, Group("g2", GroupKind.STUDY, "x", "nobody")),
        lambda store: save_participant(store, Participant("p3", "Cy", "nobody")),
        lambda store: set_participant(store, "a", 1, "nobody"),
        lambda store: set_participant(store, "a", 9, "p1"),
        lambda store: participants_of(store, "nobody"),
    ],
)
def test_unknown_ids_are_refused_with_a_message_and_nothing_is_stored(people, act):
    with pytest.raises(StoreError, match=r"nobody|no face 9") as refused:
        act(people)
    assert refused.value.advice
    assert (owner_of(people, "a"), people_of(people, "a")) == (None, {})


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: owner_of(store, "x"),
        lambda store: people_of(store, "x"),
        lambda store: set_owner(store, "x", None),
        lambda store: set_participant(store, "x", 1, None),
        lambda store: segments_of(store, "x"),
        lambda store: begin_segment(store, "x", Segment(0.0, None, SegmentKind.TASK, "")),
        lambda store: end_segment(store, "x", ends_s=1.0),
    ],
)
def test_an_unknown_session_is_an_error_with_its_name(store, ask):
    with pytest.raises(UnknownSession, match="'x'"):
        ask(store)


def test_a_segment_ends_where_the_next_begins_or_when_it_is_ended(people):
    first = Segment(0.5, None, SegmentKind.QUESTION, "Why?\n«中»")
    begin_segment(people, "a", first)
    assert segments_of(people, "a") == (first,)
    begin_segment(people, "a", Segment(2.0, None, SegmentKind.SLIDE, "=1+1"))
    end_segment(people, "a", ends_s=3.25)
    end_segment(people, "a", ends_s=9.0)
    assert segments_of(people, "a") == (
        Segment(0.5, 2.0, SegmentKind.QUESTION, "Why?\n«中»"),
        Segment(2.0, 3.25, SegmentKind.SLIDE, "=1+1"),
    )


@pytest.mark.parametrize(("begins_s", "ends_s"), [(-1.0, None), (math.nan, None), (2.0, 1.0)])
def test_a_segment_ends_after_its_start(begins_s, ends_s):
    with pytest.raises(ValueError, match="segment"):
        Segment(begins_s, ends_s, SegmentKind.QUESTION, "")


@pytest.mark.parametrize(("own_id", "name"), [("", "x"), (" ", "x"), ("i" * 65, "x"), ("i", " ")])
def test_people_have_an_id_and_a_name(own_id, name):
    for make in (Owner, Participant, lambda one, two: Group(one, GroupKind.CLASS, two)):
        with pytest.raises(ValueError, match=r"characters|not empty"):
            make(own_id, name)
