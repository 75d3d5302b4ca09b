"""Own sets of questions are kept by name, replaced when asked, and deleted."""

from __future__ import annotations

import logging
import pickle
from datetime import timedelta

import pytest
from sqlalchemy import update

from core.domain.errors import SetNameTaken, StoreError, UnknownPractice
from core.domain.question_set import Question, QuestionSet
from core.practice import (
    begin_practice,
    delete_set,
    own_sets,
    practice_of,
    rename_set,
    replace_set,
    save_set,
)
from core.storage.practice_tables import question_sets
from tests.make import BEGAN_AT
from tests.practising import QUESTIONS, make_practice

OURS = QuestionSet("My <b>viva</b>", "pt-BR", QUESTIONS)
OTHER = QuestionSet("another", "en", (Question("Why?"),))


def test_sets_are_read_as_they_were_saved_by_name(store):
    ours, other = (save_set(store, one, now=BEGAN_AT) for one in (OURS, OTHER))
    found = [(one.id, one.question_set) for one in own_sets(store)]
    assert found == [(other, OTHER), (ours, OURS)]
    assert ours != other


def test_a_name_that_is_taken_is_said_and_the_set_can_be_replaced(store):
    first = save_set(store, OTHER, now=BEGAN_AT)
    same = QuestionSet(" Another ", "de", QUESTIONS)
    with pytest.raises(SetNameTaken, match="'another' already") as refused:
        save_set(store, same, now=BEGAN_AT)
    assert pickle.loads(pickle.dumps(refused.value)).set_id == refused.value.set_id == first
    assert "replace" in refused.value.advice
    replace_set(store, first, same, now=BEGAN_AT + timedelta(days=1))
    assert [(one.id, one.question_set) for one in own_sets(store)] == [(first, same)]


def test_a_set_is_renamed_unless_the_name_is_taken_or_empty(store):
    ours, other = (save_set(store, one, now=BEGAN_AT) for one in (OURS, OTHER))
    rename_set(store, ours, "My viva", now=BEGAN_AT)
    with pytest.raises(SetNameTaken) as refused:
        rename_set(store, other, "my VIVA", now=BEGAN_AT)
    assert refused.value.set_id == ours
    with pytest.raises(ValueError, match="name"):
        rename_set(store, other, "  ", now=BEGAN_AT)
    names = [one.question_set.name for one in own_sets(store)]
    assert names == ["another", "My viva"]


def test_deleting_a_set_leaves_practices_their_questions(store):
    ours, other = (save_set(store, one, now=BEGAN_AT) for one in (OURS, OTHER))
    begin_practice(store, make_practice())
    delete_set(store, ours)
    assert [one.id for one in own_sets(store)] == [other]
    delete_set(store, other)
    assert own_sets(store) == ()
    assert practice_of(store, "p1").questions == QUESTIONS
    assert save_set(store, OURS, now=BEGAN_AT) == ours


def test_a_damaged_set_hides_no_other_and_can_be_deleted(store, caplog):
    damaged = save_set(store, OURS, now=BEGAN_AT)
    with store.transaction("written") as connection:
        connection.execute(update(question_sets).values(questions='[{"text": ""}]'))
    other = save_set(store, OTHER, now=BEGAN_AT)
    with caplog.at_level(logging.WARNING):
        assert [one.id for one in own_sets(store)] == [other]
    assert OURS.name in caplog.text
    with pytest.raises(StoreError, match="cannot be read"):
        rename_set(store, damaged, "x", now=BEGAN_AT)
    delete_set(store, damaged)
    assert [one.id for one in own_sets(store)] == [other]


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda store: delete_set(store, "x"), id="delete"),
        pytest.param(lambda store: rename_set(store, "x", "y", now=BEGAN_AT), id="rename"),
        pytest.param(lambda store: replace_set(store, "x", OURS, now=BEGAN_AT), id="replace"),
    ],
)
def test_a_set_that_does_not_exist_is_an_error_with_its_name(store, act):
    with pytest.raises(UnknownPractice, match="'x'"):
        act(store)
