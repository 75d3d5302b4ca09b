"""The gate before every camera."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.policy import Consent, Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.settings import Settings
from pages.parts.policy import tab_receipt
from tests.pages.visits import words_of

PRACTICE = UsePolicy(Region.EU_EEA, Purpose.SELF_PRACTICE)


def page_behind_the_gate() -> None:
    """What a camera page does, without the camera."""
    import streamlit as st

    from pages.parts.policy import consent_gate

    policy = consent_gate.pass_gate()
    if policy is not None:
        st.success(f"open for {policy.purpose}")


def visit() -> AppTest:
    return AppTest.from_function(page_behind_the_gate, default_timeout=20)


def choose(installation: Settings, policy: UsePolicy) -> None:
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, policy)


def stored(installation: Settings) -> UsePolicy | None:
    return policy_store.read(installation.data_dir / policy_store.FILE_NAME)


def buttons(visitor: AppTest) -> set[str]:
    return {one.key or "" for one in visitor.button}


def test_who_came_to_watch_themselves_chooses_a_region_and_agrees_with_one_button(
    installation: Settings,
) -> None:
    visitor = visit()
    visitor.query_params["purpose"] = "self-practice"
    visitor.run()
    assert buttons(visitor) == set()
    visitor.radio(key="use-region").set_value(Region.EU_EEA).run()
    assert all(sentence in words_of(visitor) for sentence in PRACTICE.notice)
    assert "prohibited" in words_of(visitor)
    assert stored(installation) is None
    visitor.button(key="consent-start").click().run()
    assert visitor.success[0].value == "open for self-practice"
    consent = visitor.session_state["slot:consent"]
    assert consent.covers(PRACTICE)
    assert abs((datetime.now(UTC) - consent.given_at).total_seconds()) < 60
    assert visitor.session_state["slot:camera_autostart"]
    assert stored(installation) == PRACTICE


def test_agreeing_to_start_later_passes_without_starting_the_camera(
    installation: Settings,
) -> None:
    choose(installation, PRACTICE)
    visitor = visit().run()
    visitor.button(key="consent-only").click().run()
    assert visitor.success
    assert not visitor.session_state["slot:camera_autostart"]


@pytest.mark.parametrize("came_with", ["", "everything", "SELF_PRACTICE"])
def test_nothing_is_chosen_beforehand_for_who_came_for_nothing(
    installation: Settings, came_with: str
) -> None:
    visitor = visit()
    visitor.query_params["purpose"] = came_with
    visitor.run()
    assert [one.value for one in visitor.radio] == [None, None]
    visitor.radio(key="use-region").set_value(Region.ELSEWHERE).run()
    assert buttons(visitor) == set()


def test_a_notice_agreed_to_is_the_one_of_the_region_on_screen(installation: Settings) -> None:
    visitor = visit()
    visitor.query_params["purpose"] = "self-practice"
    for region in (Region.EU_EEA, Region.ELSEWHERE):
        visitor.run().radio(key="use-region").set_value(region).run()
    visitor.button(key="consent-start").click().run()
    elsewhere = UsePolicy(Region.ELSEWHERE, Purpose.SELF_PRACTICE)
    assert stored(installation) == elsewhere
    assert visitor.session_state["slot:consent"].covers(elsewhere)


def test_an_operator_saves_first_and_the_person_at_the_camera_is_asked_then(
    installation: Settings,
) -> None:
    visitor = visit().run()
    visitor.radio(key="use-region").set_value(Region.EU_EEA)
    visitor.radio(key="use-purpose").set_value(Purpose.RESEARCH).run()
    assert buttons(visitor) == {"use-save"}
    visitor.button(key="use-save").click().run()
    assert buttons(visitor) == {"consent-start", "consent-only"}
    assert not visitor.success


def test_a_classroom_in_the_eu_can_be_saved_without_consent(
    installation: Settings,
) -> None:
    visitor = visit().run()
    visitor.radio(key="use-region").set_value(Region.EU_EEA)
    visitor.radio(key="use-purpose").set_value(Purpose.CLASSROOM).run()
    assert "5(1)(f)" in visitor.error[0].value
    assert buttons(visitor) == {"use-save"}
    visitor.button(key="use-save").click().run()
    assert stored(installation) == UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    assert buttons(visitor) == {"refused-change"}


def test_the_notice_is_read_before_anyone_can_agree(installation: Settings) -> None:
    choose(installation, PRACTICE)
    visitor = visit().run()
    assert not visitor.success
    assert all(sentence in visitor.markdown[0].value for sentence in PRACTICE.notice)


def test_who_wants_to_be_read_on_this_device_learns_how_before_agreeing(
    installation: Settings,
) -> None:
    choose(installation, PRACTICE)
    (said,) = (one.value for one in visit().run().caption)
    assert '"Read on this device"' in said
    assert "start later" in said


def test_consent_of_one_tab_opens_no_other(installation: Settings) -> None:
    choose(installation, PRACTICE)
    first, second = visit(), visit()
    first.session_state["slot:consent"] = Consent(datetime.now(UTC), PRACTICE.notice_version)
    assert first.run().success
    assert not second.run().success


def test_consent_to_another_notice_is_asked_again(installation: Settings) -> None:
    choose(installation, UsePolicy(Region.EU_EEA, Purpose.RESEARCH))
    visitor = visit()
    visitor.session_state["slot:consent"] = Consent(datetime.now(UTC), PRACTICE.notice_version)
    assert not visitor.run().success


def test_a_classroom_in_the_eu_stays_shut_whoever_agrees(installation: Settings) -> None:
    lesson = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    choose(installation, lesson)
    visitor = visit()
    visitor.session_state["slot:consent"] = Consent(datetime.now(UTC), lesson.notice_version)
    visitor.run()
    assert not visitor.success
    assert "5(1)(f)" in visitor.error[0].value


def test_consent_stored_over_a_reload_opens_the_gate_with_its_time(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(installation, PRACTICE)
    earlier = Consent(datetime.now(UTC) - timedelta(hours=1), PRACTICE.notice_version)
    monkeypatch.setattr(tab_receipt, "keep", lambda _given, **_: earlier.to_text())
    visitor = visit().run()
    assert visitor.success
    assert visitor.session_state["slot:consent"] == earlier


def test_consent_is_not_asked_before_the_browser_has_sent_what_it_stored(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(installation, PRACTICE)
    monkeypatch.setattr(tab_receipt, "keep", lambda _given, **_: None)
    visitor = visit().run()
    assert not visitor.success
    assert buttons(visitor) == set()
    assert PRACTICE.notice[0] not in words_of(visitor)
    monkeypatch.setattr(tab_receipt, "keep", lambda _given, **_: "")
    assert buttons(visitor.run()) == {"consent-start", "consent-only"}


def test_stored_consent_to_another_notice_opens_nothing(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(installation, PRACTICE)
    older = Consent(datetime.now(UTC) - timedelta(hours=1), "1-older")
    monkeypatch.setattr(tab_receipt, "keep", lambda _given, **_: older.to_text())
    assert not visit().run().success


def test_the_tab_forgets_a_consent_that_was_withdrawn(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(installation, PRACTICE)
    earlier = Consent(datetime.now(UTC) - timedelta(hours=1), PRACTICE.notice_version)
    asked = []

    def keep(given: str, *, forget: bool) -> str:
        asked.append((given, forget))
        return earlier.to_text()

    monkeypatch.setattr(tab_receipt, "keep", keep)
    visitor = visit()
    visitor.session_state["slot:consent_withdrawn"] = True
    assert not visitor.run().success
    assert asked == [("", True)]
