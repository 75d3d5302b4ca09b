"""Own sets of questions: typed, uploaded, replaced, changed and deleted on the page Practice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.question_set import Question, QuestionSet
from core.practice import file_name_of, own_sets, parse_questions, questions_csv, save_set
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.practice import own_questions
from tests.make import BEGAN_AT
from tests.pages.visits import words_of

OURS = QuestionSet(
    "My <b>viva</b>", "de", (Question("Warum?", "Ein Grund | zwei"), Question("a\nb"))
)


def _draw() -> None:
    from core.practice import built_in_sets, own_sets
    from pages.parts.practice import own_questions
    from pages.parts.sessions.cached import store

    stored = own_sets(store())
    own = stored[0] if stored else None
    own_questions.draw(own.question_set if own else built_in_sets()[0], own)


@pytest.fixture
def form(installation: Settings) -> AppTest:
    """The forms for own sets, of the first own one where there is one."""
    return AppTest.from_function(_draw, default_timeout=60)


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


def sets(store: SessionStore) -> list[QuestionSet]:
    return [one.question_set for one in own_sets(store)]


def save(form: AppTest, name: str, text: str, *, replaces: bool = False) -> AppTest:
    """Fill the form of a new set, and press its button."""
    key = next(
        one.key for one in form.text_input if str(one.key).startswith("question-set-name-new")
    )
    ending = str(key).removeprefix("question-set-name-")
    form.text_input(key=key).set_value(name)
    form.text_area(key=f"question-set-text-{ending}").set_value(text)
    if replaces:
        form.checkbox(key=f"question-set-replace-{ending}").check()
    form.button(key=f"question-set-save-{ending}").click().run()
    assert not form.exception
    return form


def test_typed_questions_are_kept_under_their_name(form: AppTest, store: SessionStore) -> None:
    save(form.run(), "Mine", "Why, now? | A reason\nHow?")
    wanted = (Question("Why, now?", "A reason"), Question("How?"))
    assert sets(store) == [QuestionSet("Mine", "en", wanted)]
    assert not form.error


def test_a_name_that_is_taken_is_said_and_replaced_where_asked(
    form: AppTest, store: SessionStore
) -> None:
    save_set(store, OURS, now=BEGAN_AT)
    save(form.run(), OURS.name, "Why?")
    assert "already" in form.error[0].value
    assert "replace" in form.error[0].value.lower()
    assert sets(store) == [OURS]
    save(form, OURS.name.upper(), "Why?", replaces=True)
    assert not form.error
    assert sets(store) == [QuestionSet(OURS.name.upper(), "en", (Question("Why?"),))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no question"),
        ("w" * 2000, "Line 1 has 2,000 characters"),
        ("Why?\n" * 10_000, "10,000 questions"),
    ],
    ids=["empty", "long", "many"],
)
def test_what_cannot_be_used_is_said_and_what_was_typed_stays(
    form: AppTest, store: SessionStore, text: str, said: str
) -> None:
    save(form.run(), "Mine", text)
    assert said in form.error[0].value
    assert sets(store) == []
    assert text in [one.value for one in form.text_area]


def test_a_set_is_offered_to_be_changed_as_it_is(form: AppTest, store: SessionStore) -> None:
    set_id = save_set(store, OURS, now=BEGAN_AT)
    form.run()
    shown = form.text_area(key=f"question-set-text-{set_id}-0").value
    assert parse_questions(shown, name=OURS.name, language="de") == OURS
    form.button(key=f"question-set-save-{set_id}-0").click().run()
    assert not form.exception
    assert sets(store) == [OURS]


def test_a_set_is_deleted_with_two_presses(form: AppTest, store: SessionStore) -> None:
    set_id = save_set(store, OURS, now=BEGAN_AT)
    form.run().button(key=f"question-set-delete-{set_id}").click().run()
    assert not form.exception
    assert sets(store) == []


def test_a_file_is_read_and_typed_text_beside_it_is_not_lost(
    form: AppTest, store: SessionStore
) -> None:
    key = "question-set-file-new-0"
    form.run().file_uploader(key=key).set_value(("Mine.csv", b"question\nWhy?\n", "text/csv"))
    save(form, "", "How?")
    assert own_questions.BOTH in words_of(form) + form.warning[0].value
    assert sets(store) == []
    save(form, "", "")
    assert sets(store) == [QuestionSet("Mine", "en", (Question("Why?"),))]


def test_a_shared_file_brings_name_and_language_along(form: AppTest, store: SessionStore) -> None:
    shared = file_name_of(OURS), questions_csv(OURS), "text/csv"
    form.run().file_uploader(key="question-set-file-new-0").set_value(shared)
    save(form, "", "")
    assert sets(store) == [QuestionSet("My b viva b", OURS.language, OURS.questions)]
