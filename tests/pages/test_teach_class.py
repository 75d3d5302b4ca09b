"""The page Class, as a teacher meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.classroom import (
    NewClassroom,
    add_flag,
    add_mark,
    append_seconds,
    classroom_of_teacher,
    classrooms,
    close_classroom,
    delete_classroom,
    link_token,
    marks_of,
    open_classroom,
    projector_token,
)
from core.classroom.ingest import SecondsWriter
from core.domain.classroom import ClassMark, Flag, FlagKind, MarkKind, Shared
from core.domain.errors import StoreError
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore
from core.settings import Settings
from pages.parts.shell import presses
from pages.parts.shell.navigation import TEACH_CLASS
from tests.classes import EVERYTHING, IN_EUROPE, joined, seconds
from tests.hostile import LABEL
from tests.make import make_card
from tests.pages.visits import open_at, read_on, words_of

ELSEWHERE = UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)
EUROPE = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
HEADS_IN_EUROPE = replace(EUROPE, heads_counted=True)
FOR_ONESELF = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)
LEARNERS, LESSON_S = 8, 60


@pytest.fixture
def store(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionStore]:
    monkeypatch.setattr("core.classroom.board.board._FRESH_S", 0.0)  # every look reads
    with SessionStore.open(installation.database_url) as opened:
        yield opened


def choose(installation: Settings, policy: UsePolicy) -> None:
    policy_store.write(policy_store.path_in(installation.data_dir), policy)


def begun(store: SessionStore, new: NewClassroom, **names: str) -> str:
    """A class that has gone on for a minute, with all learners measured; its teacher's secret."""
    began = datetime.now(UTC) - timedelta(seconds=LESSON_S)
    opened = open_classroom(store, new, now=began, rng=np.random.default_rng(1))
    for number in range(1, LEARNERS + 1):
        joined(store, opened.classroom.id, names.get(f"n{number}", f"Learner {number}"), now=began)
    rows = [(at, number) for at in range(LESSON_S) for number in range(1, LEARNERS + 1)]
    shares = dict.fromkeys(("eyes_open", "expression"), np.nan)
    known = {} if Shared.ENGAGEMENT in new.shared else shares
    if Shared.FACING not in new.shared:
        known = {**known, "facing": np.nan}
    full = {"measured": 1.0, "usable": 1.0, "present": 1.0}
    some = seconds(rows, scores=len(new.labels), **{**full, **known})
    append_seconds(store, opened.classroom.id, some)
    return opened.teacher_secret


def come(visitor: AppTest, secret: str = "", **query: str) -> AppTest:
    """Come by a link."""
    for name, value in ({"teach": secret} if secret else {} | query).items():
        visitor.query_params[name] = value
    for name, value in query.items():
        visitor.query_params[name] = value
    open_at(visitor, TEACH_CLASS)
    assert not visitor.exception
    return visitor


def shared_on_form(visitor: AppTest) -> list[str]:
    keys = [one.key or "" for one in visitor.checkbox]
    return [key.removeprefix("class-share-") for key in keys if key.startswith("class-share-")]


def html_of(visitor: AppTest) -> str:
    return "\n".join(one.proto.body for one in visitor.get("html"))


def everything_on(visitor: AppTest) -> str:
    """Every word that the server sends for this page, its charts and components included."""
    sent = [str(one.proto) for one in visitor.main if hasattr(one, "proto")]
    return "\n".join(sent)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (ELSEWHERE, ["present", "facing", "engagement", "expressions"]),
        (EUROPE, ["present"]),
        (HEADS_IN_EUROPE, ["present", "facing"]),
        (replace(EUROPE, purpose=Purpose.RESEARCH), ["present"]),
    ],
    ids=["elsewhere", "eu", "eu-heads", "eu-research"],
)
def test_a_teacher_chooses_from_what_is_allowed_here(
    visitor: AppTest, installation: Settings, policy: UsePolicy, expected: list[str]
) -> None:
    choose(installation, policy)
    assert shared_on_form(come(visitor)) == expected


def test_where_nothing_is_chosen_region_and_purpose_come_first(visitor: AppTest) -> None:
    come(visitor)
    assert {"use-region", "use-purpose"} <= {one.key for one in visitor.radio}
    assert not shared_on_form(visitor)


def test_who_practises_alone_opens_no_class(visitor: AppTest, installation: Settings) -> None:
    choose(installation, FOR_ONESELF)
    come(visitor)
    assert "no class can be opened" in read_on(visitor)
    assert not visitor.button


def test_an_employer_is_refused(visitor: AppTest, installation: Settings) -> None:
    choose(installation, ELSEWHERE)
    come(visitor)
    visitor.text_input(key="class-title").set_value("Onboarding").run()
    visitor.radio(key="class-purpose").set_value("Staff or applicants of an employer").run()
    assert "not for employers" in read_on(visitor)
    assert visitor.button(key="class-open").disabled


def test_a_class_is_opened_with_what_was_chosen(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    come(visitor)
    for name in ("engagement", "expressions"):
        visitor.checkbox(key=f"class-share-{name}").uncheck().run()
    visitor.text_input(key="class-title").set_value("  Biology   9b ")  # and pressed at once
    visitor.button(key="class-open").click().run()
    (opened,) = classrooms(store)
    assert (opened.title, opened.shared) == ("Biology 9b", (Shared.PRESENT, Shared.FACING))
    assert (opened.region, opened.purpose, opened.is_listed) == ("elsewhere", "classroom", False)
    secret = visitor.query_params["teach"]
    assert classroom_of_teacher(store, secret) == opened
    links = [one.value for one in visitor.code]
    assert any(one.endswith(f"join_class?class={link_token(secret)}") for one in links)
    assert any(one.endswith(f"teach_class?teach={secret}") for one in links)
    assert opened.code in html_of(visitor)
    assert "only way back" in read_on(visitor)


def test_a_teacher_reads_what_the_model_is_not_for_where_it_is_chosen(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make_card()
    card = replace(card, files={card.served_by: "f1" * 32}, not_for=(f"Children {LABEL}",))
    monkeypatch.setattr("pages.parts.shell.cached.cards", lambda: [card])
    choose(installation, ELSEWHERE)
    assert f"Children {LABEL}" in read_on(come(visitor))
    visitor.checkbox(key="class-share-expressions").uncheck().run()
    assert "Children" not in read_on(visitor)


def test_rows_of_a_study_are_recorded_only_where_research_chose_so(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    assert Shared.ROWS.value not in shared_on_form(come(visitor))
    choose(installation, replace(ELSEWHERE, purpose=Purpose.RESEARCH))
    come(visitor)
    assert not visitor.checkbox(key="class-share-rows").value
    visitor.checkbox(key="class-share-facing").uncheck().run()
    assert Shared.ROWS.value not in shared_on_form(visitor)  # rows hold everything


def test_a_link_of_no_class_says_so(visitor: AppTest, installation: Settings) -> None:
    choose(installation, ELSEWHERE)
    assert "This link opens no class" in read_on(come(visitor, "wrong"))
    assert shared_on_form(visitor)


@pytest.mark.parametrize("is_projector", [False, True])
def test_a_class_that_shares_more_than_is_allowed_now_shows_nothing(
    visitor: AppTest, installation: Settings, store: SessionStore, is_projector: bool
) -> None:
    choose(installation, EUROPE)
    secret = begun(store, EVERYTHING)
    come(visitor, **{"show": projector_token(secret)} if is_projector else {"teach": secret})
    assert "shares more than" in read_on(visitor)
    assert not visitor.get("plotly_chart")
    assert not html_of(visitor).count("class-figure")
    # What is stored can still go, by the teacher's own link.
    keys = [one.key for one in visitor.button]
    assert ("class-delete" in keys) is not is_projector


def test_the_board_shows_shares_with_their_intervals(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    come(visitor, begun(store, EVERYTHING))
    figures = html_of(visitor)
    assert "100 %" in figures
    assert f"of {LEARNERS}" in figures
    assert "Engagement index" in figures
    assert visitor.get("plotly_chart")


def test_a_board_without_learners_has_no_charts_yet(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    told = {"now": datetime.now(UTC), "rng": np.random.default_rng(1)}
    come(visitor, open_classroom(store, EVERYTHING, **told).teacher_secret)
    assert not visitor.get("plotly_chart")
    assert "Hands and questions" not in read_on(visitor)


@pytest.mark.parametrize(("learners", "is_said"), [(3, True), (LEARNERS, False)])
def test_a_small_class_reads_when_its_figures_begin(
    visitor: AppTest,
    installation: Settings,
    store: SessionStore,
    learners: int,
    is_said: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(f"{__name__}.LEARNERS", learners)
    choose(installation, ELSEWHERE)
    said = read_on(come(visitor, begun(store, replace(EVERYTHING, is_listed=False))))
    assert ("Figures begin with 5 measured learners" in said) is is_said


def test_a_reason_that_all_small_figures_share_is_said_once(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    told = {"now": datetime.now(UTC), "rng": np.random.default_rng(1)}
    opened = open_classroom(store, replace(EVERYTHING, is_listed=False), **told)
    joined(store, opened.classroom.id, "Ada", now=datetime.now(UTC))
    said = read_on(come(visitor, opened.teacher_secret))
    assert said.count("shares of usable learners (not measured)") == 1
    (mix,) = (one.proto.body for one in visitor.get("html") if "Surprise" in one.proto.body)
    assert "not measured" not in mix
    assert "verdict" not in said  # of no window


def test_a_teacher_is_told_while_what_learners_share_cannot_be_stored(
    visitor: AppTest, installation: Settings, store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(installation, ELSEWHERE)
    secret = begun(store, EVERYTHING)
    assert "waits on this server" not in read_on(come(visitor, secret))
    monkeypatch.setattr(SecondsWriter, "trouble", "The disk is full. Free some space.")
    said = read_on(come(visitor, secret))
    assert "What learners share waits on this server. The disk is full. Free some space." in said


def test_a_teacher_closes_and_reopens_a_class(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    secret = begun(store, EVERYTHING)
    come(visitor, secret)
    visitor.button(key="class-close").click().run()
    assert not classrooms(store)[0].is_open
    assert "nothing is shared any more" in read_on(visitor)
    visitor.button(key="class-reopen").click().run()
    assert classrooms(store)[0].is_open


@pytest.mark.parametrize("title", ["", "\u200b\u200d", "\ufeff"], ids=["none", "zero-width", "bom"])
def test_a_title_of_which_nothing_is_seen_is_none(
    visitor: AppTest, installation: Settings, store: SessionStore, title: str
) -> None:
    choose(installation, EUROPE)
    come(visitor).text_input(key="class-title").set_value(title)
    visitor.button(key="class-open").click().run()
    assert "The class needs a title." in read_on(visitor)
    assert classrooms(store) == ()


def test_a_class_of_last_week_is_not_opened_again(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    week_ago = datetime.now(UTC) - timedelta(days=8)
    opened = open_classroom(store, EVERYTHING, now=week_ago, rng=np.random.default_rng(1))
    assert "opened a week ago or longer" in read_on(come(visitor, opened.teacher_secret))
    visitor.button(key="class-close").click().run()
    assert visitor.button(key="class-reopen").disabled


def test_a_closed_class_has_a_report_with_its_files(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    secret = begun(store, EVERYTHING)
    asked(store)
    (room,) = classrooms(store)
    add_mark(store, room.id, ClassMark(30.0, MarkKind.TOPIC, LABEL[:60]))
    close_classroom(store, room.id, now=datetime.now(UTC))
    come(visitor, secret)
    titles = {one.label for one in visitor.get("download_button")}
    assert {"Report to print", "CSV per minute", "CSV per slide"} <= titles
    said = read_on(visitor)
    assert "No figure dipped" in said
    assert "What not to conclude" in said
    assert f"Why {LABEL}?" in said
    assert LABEL[:60] in visitor.dataframe[0].value["What"].tolist()
    visitor.segmented_control(key="class-timeline").set_value("By minute").run()
    assert not visitor.exception
    assert visitor.dataframe[0].value["What"].tolist()[0] == "Minute 1"
    assert visitor.dataframe[0].value["Present"].tolist()[0].startswith("100 %")
    assert visitor.dataframe[0].value["Flags"].tolist()[0] == "1 hand up, 1 question"


def test_a_class_that_nobody_joined_leaves_no_report(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    told = {"now": datetime.now(UTC), "rng": np.random.default_rng(1)}
    opened = open_classroom(store, EVERYTHING, **told)
    close_classroom(store, opened.classroom.id, now=datetime.now(UTC))
    come(visitor, opened.teacher_secret)
    assert "Nobody joined" in read_on(visitor)
    assert not visitor.get("download_button")


def test_a_class_is_deleted_only_when_it_is_confirmed(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    come(visitor, begun(store, EVERYTHING))
    assert visitor.button(key="class-delete").disabled
    visitor.checkbox(key="class-delete-sure").check().run()
    visitor.button(key="class-delete").click().run()
    assert not visitor.exception
    assert classrooms(store) == ()
    assert [one.value for one in visitor.success] == [
        f"Deleted: {EVERYTHING.title}, with everything shared in it."
    ]
    assert shared_on_form(visitor)  # the page begins anew
    assert "This link opens no class" not in read_on(visitor)


def test_a_teacher_leaves_for_another_class_with_the_link_of_this_one(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    secret = begun(store, EVERYTHING)
    come(visitor, secret)
    assert any(one.value.endswith(secret) for one in visitor.code)
    visitor.button(key="class-another").click().run()
    assert shared_on_form(visitor)
    (room,) = classrooms(store)
    assert room.is_open
    assert come(visitor, secret).title[0].value == room.title


def test_slides_and_topics_are_marked_and_taken_back(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    come(visitor, begun(store, EVERYTHING))
    (room,) = classrooms(store)
    visitor.button(key="class-slide").click().run()
    visitor.text_input(key="class-topic-label").set_value(LABEL[:60])
    visitor.button(key="class-topic").click().run()
    kinds = [(one.kind, one.label) for one in marks_of(store, room.id)]
    assert kinds == [(MarkKind.SLIDE, ""), (MarkKind.TOPIC, LABEL[:60])]
    assert LABEL[:60] in read_on(visitor)
    visitor.button(key="class-undo").click().run()
    assert [one.kind for one in marks_of(store, room.id)] == [MarkKind.SLIDE]


def test_one_press_that_is_heard_twice_sets_one_mark(
    visitor: AppTest,
    installation: Settings,
    store: SessionStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(presses, "AS_ONE_S", 60.0)
    choose(installation, ELSEWHERE)
    come(visitor, begun(store, EVERYTHING))
    (room,) = classrooms(store)

    def heard_twice() -> None:
        import streamlit as st

        from core.classroom import classrooms as all_of
        from core.domain.classroom import MarkKind
        from pages.parts.classroom import marks
        from pages.parts.sessions.cached import store as own

        for _ in range(2):
            marks._mark(all_of(own())[0], MarkKind.SLIDE)
        st.write("marked")

    AppTest.from_function(heard_twice, default_timeout=20).run()
    assert len(marks_of(store, room.id)) == 1


def asked(store: SessionStore) -> None:
    (room,) = classrooms(store)
    add_flag(store, room.id, Flag(2, 50.0, FlagKind.QUESTION, f"Why {LABEL}?"))
    add_flag(store, room.id, Flag(3, 55.0, FlagKind.HAND))


@pytest.mark.parametrize("key", ["class-slide", "class-topic", "class-undo"])
def test_a_mark_that_the_database_refuses_has_a_sentence_and_keeps_its_words(
    visitor: AppTest,
    installation: Settings,
    store: SessionStore,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
) -> None:
    def refused(*_: object) -> None:
        raise StoreError("The database is locked.", advice="Wait a moment.")

    choose(installation, ELSEWHERE)
    secret = begun(store, EVERYTHING)
    add_mark(store, classrooms(store)[0].id, ClassMark(1.0, MarkKind.SLIDE))
    come(visitor, secret).text_input(key="class-topic-label").set_value("Leaves")
    with monkeypatch.context() as patched:
        for name in ("add_mark", "delete_mark"):
            patched.setattr(f"pages.parts.classroom.marks.{name}", refused)
        visitor.button(key=key).click().run()
    assert not visitor.exception
    assert "The database is locked." in read_on(visitor)
    assert visitor.text_input(key="class-topic-label").value == "Leaves"
    visitor.button(key="class-topic").click().run()
    assert "The database is locked." not in read_on(visitor)
    assert [one.label for one in marks_of(store, classrooms(store)[0].id)] == ["", "Leaves"]


def test_hands_and_questions_wait_until_they_are_answered(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    secret = begun(store, EVERYTHING, n2="Ana <b>")
    asked(store)
    come(visitor, secret)
    assert f"Why {LABEL}?" in read_on(visitor)
    answers = [one for one in visitor.button if (one.key or "").startswith("answered-")]
    assert len(answers) == 2
    answers[1].click().run()
    assert f"Why {LABEL}?" not in read_on(visitor)
    assert len([one for one in visitor.button if (one.key or "").startswith("answered-")]) == 1


def test_the_projector_shows_figures_and_neither_names_nor_questions(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    secret = begun(store, EVERYTHING, n2="Zoltan")
    asked(store)
    come(visitor, show=projector_token(secret))
    sent = everything_on(visitor)
    assert "100 %" in html_of(visitor)
    assert "Zoltan" not in sent
    assert "Why" not in sent
    assert secret not in sent
    assert not [one for one in visitor.button if (one.key or "").startswith("class-")]


def test_the_link_of_a_projector_changes_nothing_and_of_a_deleted_class_says_so(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, ELSEWHERE)
    secret = begun(store, EVERYTHING)
    come(visitor, show=projector_token(secret))
    assert "teach" not in visitor.query_params
    assert not [one for one in visitor.button if (one.key or "").startswith("class-")]
    room = classroom_of_teacher(store, secret)
    assert room is not None
    delete_classroom(store, room.id)
    visitor.run()
    assert "This link opens no class" in visitor.error[0].value


@pytest.mark.parametrize("is_listed", [True, False])
def test_learners_are_listed_only_where_they_agreed_to_it(
    visitor: AppTest, installation: Settings, store: SessionStore, is_listed: bool
) -> None:
    choose(installation, ELSEWHERE)
    come(visitor, begun(store, replace(EVERYTHING, is_listed=is_listed), n2="Zoltan"))
    switches = [one for one in visitor.toggle if one.key == "class-list"]
    assert bool(switches) is is_listed
    if is_listed:
        switches[0].set_value(True).run()
        assert any("Zoltan" in str(one.value) for one in visitor.table)
    else:
        assert "Zoltan" not in everything_on(visitor)


def test_the_list_has_columns_of_what_may_be_shown_of_one_learner_alone(
    visitor: AppTest, installation: Settings, store: SessionStore
) -> None:
    choose(installation, HEADS_IN_EUROPE)
    secret = begun(store, replace(IN_EUROPE_WITH_HEADS, is_listed=True))
    (room,) = classrooms(store)
    joined(store, room.id, "Late", now=datetime.now(UTC))
    come(visitor, secret).toggle(key="class-list").set_value(True).run()
    (table,) = visitor.table
    assert list(table.value.columns) == ["Learner", "State", "Present"]
    # A cell is Markdown: a bare dash is the point of a list that has no text.
    assert table.value["Present"].tolist() == ["100 %"] * LEARNERS + ["\\-"]


@pytest.mark.parametrize("purpose", [Purpose.CLASSROOM, Purpose.RESEARCH], ids=str)
def test_before_the_first_class_an_example_can_be_looked_at_and_says_that_it_is_one(
    visitor: AppTest, installation: Settings, store: SessionStore, purpose: Purpose
) -> None:
    choose(installation, replace(ELSEWHERE, purpose=purpose))
    come(visitor)
    visitor.toggle(key="class-example").set_value(True).run()
    assert not visitor.exception
    assert "Synthetic" in read_on(visitor)
    assert "the verdict (above the median or not)" in read_on(visitor)
    assert visitor.get("plotly_chart")
    assert classrooms(store) == ()  # nothing of it is stored here


FORBIDDEN = re.compile(r"expression|attention|engagement|interest|index|emotion", re.IGNORECASE)
IN_EUROPE_WITH_HEADS = replace(IN_EUROPE, shared=(Shared.PRESENT, Shared.FACING))
STAGES = ("opening", "awaited", "board", "projector", "closed")


def _in_europe(visitor: AppTest, store: SessionStore, stage: str, new: NewClassroom) -> AppTest:
    if stage == "opening":
        return come(visitor)
    if stage == "awaited":
        told = {"now": datetime.now(UTC), "rng": np.random.default_rng(1)}
        return come(visitor, open_classroom(store, new, **told).teacher_secret)
    secret = begun(store, new)
    (room,) = classrooms(store)
    for number in range(1, 7):
        add_flag(store, room.id, Flag(number, 50.0, FlagKind.LOST))
    if stage == "closed":
        close_classroom(store, room.id, now=datetime.now(UTC))
    if stage == "projector":
        return come(visitor, show=projector_token(secret))
    return come(visitor, secret)


MODES = {
    "groups": (EUROPE, IN_EUROPE),
    "listed": (EUROPE, replace(IN_EUROPE, is_listed=True)),
    "heads": (HEADS_IN_EUROPE, IN_EUROPE_WITH_HEADS),
    "heads-listed": (HEADS_IN_EUROPE, replace(IN_EUROPE_WITH_HEADS, is_listed=True)),
    "research": (
        replace(HEADS_IN_EUROPE, purpose=Purpose.RESEARCH),
        replace(IN_EUROPE_WITH_HEADS, purpose="research"),
    ),
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("mode", MODES)
def test_no_page_of_a_class_in_the_eu_speaks_of_more_than_presence_heads_and_flags(
    visitor: AppTest, installation: Settings, store: SessionStore, mode: str, stage: str
) -> None:
    policy, new = MODES[mode]
    choose(installation, policy)
    _in_europe(visitor, store, stage, new)
    for switch in visitor.toggle:
        switch.set_value(True)
    visitor.run()
    assert not visitor.exception
    assert not visitor.error
    assert "resen" in words_sent(visitor)
    said = words_sent(visitor)
    assert [
        said[max(0, one.start() - 40) : one.end() + 20] for one in FORBIDDEN.finditer(said)
    ] == []


def words_sent(visitor: AppTest) -> str:
    """What is sent, without the names that programs have for things."""
    own = r"index_columns|column_indexes|hide_index|_index"
    return re.sub(own, "", f"{everything_on(visitor)}\n{words_of(visitor)}", flags=re.IGNORECASE)
