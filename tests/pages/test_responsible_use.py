"""Region, purpose, consent, and deleting everything; and the gate that asks for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.classroom import classrooms
from core.domain import Participant
from core.domain.question_set import QuestionSet
from core.eye import RowIngest
from core.jobs.run_folder.folder import create
from core.measures import MEASURES
from core.policy import Consent, Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.practice import begin_practice, own_sets, practices, save_set
from core.sessions import SessionStore, keep_calibration, kept_calibrations
from core.settings import Settings
from pages.parts.policy import tab_receipt
from pages.parts.shell.navigation import RESPONSIBLE_USE
from tests.calibrating import make_measured
from tests.classes import opened
from tests.datasets_on_disk import write_face_folder
from tests.make import make_session
from tests.pages.visits import as_read, open_at, words_of
from tests.practising import QUESTIONS, make_practice


def open_page(visitor: AppTest) -> AppTest:
    return open_at(visitor, RESPONSIBLE_USE)


def chosen(installation: Settings) -> UsePolicy | None:
    return policy_store.read(installation.data_dir / policy_store.FILE_NAME)


def choose(installation: Settings, policy: UsePolicy) -> None:
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, policy)


def test_the_choice_is_made_here_and_kept(visitor: AppTest, installation: Settings) -> None:
    open_page(visitor)
    visitor.radio(key="use-region").set_value(Region.ELSEWHERE)
    visitor.radio(key="use-purpose").set_value(Purpose.CLASSROOM)
    visitor.button(key="use-save").click().run()
    assert not visitor.exception
    assert chosen(installation) == UsePolicy(Region.ELSEWHERE, Purpose.CLASSROOM)
    assert "After 30 days" in words_of(visitor)


def test_region_and_purpose_are_not_preselected(visitor: AppTest, installation: Settings) -> None:
    open_page(visitor).button(key="use-save").click().run()
    assert "Choose a region and a purpose" in words_of(visitor)
    visitor.radio(key="use-region").set_value(Region.EU_EEA)
    visitor.button(key="use-save").click().run()
    assert "Choose a region and a purpose" in words_of(visitor)
    assert chosen(installation) is None


def test_a_purpose_in_the_url_is_preselected_and_not_stored(
    visitor: AppTest, installation: Settings
) -> None:
    visitor.query_params["purpose"] = "classroom"
    open_page(visitor)
    assert visitor.radio(key="use-purpose").value == Purpose.CLASSROOM
    assert visitor.radio(key="use-region").value is None
    assert chosen(installation) is None


def test_a_classroom_in_the_eu_reads_what_is_left(visitor: AppTest, installation: Settings) -> None:
    choose(installation, UsePolicy(Region.EU_EEA, Purpose.CLASSROOM))
    said = words_of(open_page(visitor))
    assert "No expression is shown" in said
    assert "at least 5" in said


IN_CLASS = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)


def test_heads_in_classes_are_counted_only_after_it_was_read_what_that_means(
    visitor: AppTest, installation: Settings
) -> None:
    choose(installation, IN_CLASS)
    said = words_of(open_page(visitor))
    assert "**Heads towards the screen, in classes:** not counted" in said
    assert "groups of at least 5 learners, and never one person's" in as_read(said)
    assert "no measure of whether anybody listens" in as_read(said)
    assert visitor.button(key="use-heads-on").disabled
    visitor.checkbox(key="use-heads-read").check().run()
    visitor.button(key="use-heads-on").click().run()
    assert not visitor.exception
    assert chosen(installation) == replace(IN_CLASS, heads_counted=True)
    assert "and how many heads point towards the screen. Figures" in words_of(visitor)
    visitor.button(key="use-heads-off").click().run()
    assert chosen(installation) == IN_CLASS


@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize("purpose", Purpose)
def test_the_second_switch_is_shown_for_classes_in_the_eu_alone(
    visitor: AppTest, installation: Settings, region: Region, purpose: Purpose
) -> None:
    choose(installation, UsePolicy(region, purpose))
    said = words_of(open_page(visitor))
    in_class = region is Region.EU_EEA and purpose is not Purpose.SELF_PRACTICE
    assert ("Heads towards the screen" in said) is in_class
    assert ("No class can be opened" in said) is (purpose is Purpose.SELF_PRACTICE)


def test_another_region_or_purpose_switches_heads_off_and_the_same_does_not(
    visitor: AppTest, installation: Settings
) -> None:
    on = replace(IN_CLASS, heads_counted=True)
    choose(installation, on)
    open_page(visitor).button(key="use-save").click().run()
    assert chosen(installation) == on
    visitor.radio(key="use-purpose").set_value(Purpose.RESEARCH)
    visitor.button(key="use-save").click().run()
    assert chosen(installation) == UsePolicy(Region.EU_EEA, Purpose.RESEARCH)


def test_a_damaged_choice_is_explained_and_asked_again(
    visitor: AppTest, installation: Settings
) -> None:
    installation.data_dir.mkdir()
    (installation.data_dir / policy_store.FILE_NAME).write_text("{")
    open_page(visitor)
    assert not visitor.exception
    assert "Choose again" in visitor.error[0].value
    visitor.radio(key="use-region").set_value(Region.EU_EEA)
    visitor.radio(key="use-purpose").set_value(Purpose.RESEARCH)
    visitor.button(key="use-save").click().run()
    assert chosen(installation) == UsePolicy(Region.EU_EEA, Purpose.RESEARCH)


def test_consent_can_be_withdrawn_in_the_tab_that_gave_it(
    visitor: AppTest, installation: Settings
) -> None:
    policy = UsePolicy(Region.ELSEWHERE)
    choose(installation, policy)
    visitor.session_state["slot:consent"] = Consent(datetime.now(UTC), policy.notice_version)
    assert "You agreed in this tab" in words_of(open_page(visitor))
    visitor.button(key="consent-withdraw").click().run()
    assert "You have not agreed" in words_of(visitor)
    assert visitor.session_state["slot:consent"] is None


def test_withdrawing_ends_the_session_that_the_browser_of_this_tab_writes(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = UsePolicy(Region.ELSEWHERE)
    choose(installation, policy)
    ended: list[str] = []
    monkeypatch.setattr(RowIngest, "withdraw", lambda _, session_id: ended.append(session_id))
    visitor.session_state["slot:consent"] = Consent(datetime.now(UTC), policy.notice_version)
    visitor.session_state["slot:eye_token"] = ("a-session", "its token")
    open_page(visitor).button(key="consent-withdraw").click().run()
    assert not visitor.exception
    assert ended == ["a-session"]


def test_no_consent_is_shown_before_the_browser_has_answered(
    visitor: AppTest, installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(installation, UsePolicy(Region.ELSEWHERE))
    monkeypatch.setattr(tab_receipt, "keep", lambda _given, **_: None)
    said = words_of(open_page(visitor))
    assert "You have not agreed" not in said
    assert "You agreed" not in said


def test_deleting_everything_needs_two_steps_and_spares_what_runs(
    visitor: AppTest, installation: Settings
) -> None:
    now = datetime.now(UTC)
    with SessionStore.open(installation.database_url) as store:
        store.begin(make_session("running", began_at=now))
        for name in ("one", "two"):
            store.begin(make_session(name, began_at=now))
            store.end(name, ended_at=now)
        open_page(visitor)
        assert visitor.button(key="delete-all").disabled
        visitor.checkbox(key="delete-all-sure").check().run()
        visitor.button(key="delete-all").click().run()
        assert [entry.session.id for entry in store.sessions()] == ["running"]


def test_deleting_everything_takes_practices_classes_and_own_sets_along(
    visitor: AppTest, installation: Settings
) -> None:
    with SessionStore.open(installation.database_url) as store:
        begin_practice(store, make_practice())
        save_set(store, QuestionSet("Mine", "en", QUESTIONS), now=datetime.now(UTC))
        opened(store)
        said = words_of(open_page(visitor))
        assert "0 sessions, 1 practice, 1 class and 1 own set of questions" in said
        visitor.checkbox(key="delete-all-sure").check().run()
        visitor.button(key="delete-all").click().run()
        assert not visitor.exception
        assert practices(store) == own_sets(store) == classrooms(store) == ()
    assert "no own set of questions is stored" in words_of(visitor)


def test_a_kept_calibration_is_named_and_deleted_here_too(
    visitor: AppTest, installation: Settings
) -> None:
    with SessionStore.open(installation.database_url) as store:
        keep_calibration(store, Participant("p1", "Ana"), make_measured())
        open_page(visitor)
        (kept,) = visitor.selectbox(key="calibration-kept-1").options
        assert kept.startswith("Ana, 21 Nov 2026")
        visitor.button(key="calibration-delete").click().run()
        assert not visitor.exception
        assert kept_calibrations(store) == ()


def test_pictures_left_behind_are_named_and_deleted(
    visitor: AppTest, installation: Settings
) -> None:
    assert "Uploaded pictures are deleted with their dataset" in words_of(open_page(visitor))
    folder = installation.faces_dir / "talks"
    write_face_folder(folder, count=3)
    (choice,) = visitor.run().multiselect
    assert choice.options[0].startswith("Faces extracted from videos: talks, ")
    later = installation.faces_dir / "meanwhile"
    write_face_folder(later, count=3)
    choice.select(choice.options[0])
    visitor.run()
    assert folder.exists()  # what can be chosen had changed: it is chosen anew
    (choice,) = visitor.multiselect
    choice.select(next(one for one in choice.options if "talks" in one)).run()
    next(one for one in visitor.button if (one.key or "").startswith("delete-left-")).click().run()
    assert not visitor.exception
    assert not folder.exists()
    assert later.exists()


def test_what_may_be_needed_is_not_offered(visitor: AppTest, installation: Settings) -> None:
    now = datetime.now(UTC)
    create(installation.runs_dir, "faces", {}, now=now, rng=np.random.default_rng(7))
    assert "is still running and may use pictures" in words_of(open_page(visitor))
    assert not visitor.exception


def test_a_damaged_database_leaves_the_rest_of_the_page(
    visitor: AppTest, installation: Settings
) -> None:
    installation.data_dir.mkdir()
    (installation.data_dir / "sessions.db").write_bytes(b"no database at all" * 100)
    open_page(visitor)
    assert not visitor.exception
    assert "move it away" in visitor.error[0].value
    assert "An expression shown is not a feeling" in words_of(visitor)


def test_the_gdpr_is_named_where_consent_is(visitor: AppTest, installation: Settings) -> None:
    assert "**GDPR:**" in words_of(open_page(visitor))


def test_what_each_way_of_reading_sends_and_what_no_measure_can_tell_is_said(
    visitor: AppTest, installation: Settings
) -> None:
    open_at(visitor, RESPONSIBLE_USE)
    said = words_of(visitor)
    assert "numbers only, about once a second" in said
    assert "It is analysed in memory" in said
    for measure in MEASURES.values():
        assert measure.limits in as_read(said)
    assert "docs/measures.md" in said
