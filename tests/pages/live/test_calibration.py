"""The calibration as a live page draws it: offered, guided, done again, kept and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from core.domain import Observation, Participant, RejectReason
from core.live import Clocks, LiveSession
from core.live.calibration_run import CalibrationStep
from core.measures import CalibrationPart
from core.sessions import SessionStore, keep_calibration, kept_calibrations
from core.settings import Settings
from core.storage import tables
from tests.calibrating import AT, OPEN, make_measured, obeying
from tests.fakes import FakeAnalyser, ManualClock
from tests.make import make_session
from tests.pages.visits import as_read, read_on, words_of

RGB = np.full((48, 64, 3), 90, dtype=np.uint8)


def page() -> None:
    import streamlit as st

    from pages.parts.live.calibration import draw_calibration

    draw_calibration(st.session_state["live"])


class Sitting:
    """A person before the camera, and the page that they see."""

    def __init__(self, store: SessionStore) -> None:
        self.clock, self.analyser = ManualClock(), FakeAnalyser()
        self.shuts_eyes = True
        self.analyser.acts = self._act
        clocks = Clocks(self.clock.seconds, self.clock.now)
        self.live = LiveSession(self.analyser, store, clocks=clocks, not_sure_below=0.5)
        self.page = AppTest.from_function(page, default_timeout=20)
        self.page.session_state["live"] = self.live

    def _act(self, seen: Observation) -> Observation:
        progress = self.live.view().calibration.progress
        done = obeying(seen, None if progress is None else progress.step)
        return done if self.shuts_eyes else replace(done, eyes_open=OPEN)

    def sit(self, seconds: float, *, fps: int = 10) -> AppTest:
        """Some seconds later; returns the page as it is then."""
        for _ in range(round(seconds * fps)):
            self.live.process_frame(RGB, self.clock.seconds())
            self.clock.advance(1 / fps)
        self.page.run()
        assert not self.page.exception
        return self.page

    def press(self, key: str) -> AppTest:
        self.page.button(key=f"calibration-{key}").click().run()
        assert not self.page.exception
        return self.page


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


@pytest.fixture
def sitting(store: SessionStore) -> Iterator[Sitting]:
    one = Sitting(store)
    one.live.begin(make_session("a"))
    one.sit(1.0)
    yield one
    one.live.close()


def keys_of(visitor: AppTest) -> list[str]:
    return [str(one.key).removeprefix("calibration-") for one in visitor.button]


def test_a_calibration_is_offered_and_what_needs_it_is_named(sitting: Sitting) -> None:
    assert "Not calibrated: facing, face at rest and eyes" in words_of(sitting.page)
    assert keys_of(sitting.page) == ["begin"]


def test_without_a_session_nothing_is_offered(sitting: Sitting) -> None:
    sitting.live.finish(wait_s=5.0)
    sitting.page.run()
    assert not sitting.page.exception
    assert not sitting.page.button
    assert words_of(sitting.page).strip() == ""


def test_who_follows_every_step_is_calibrated_and_it_is_stored_with_the_session(
    sitting: Sitting, store: SessionStore
) -> None:
    sitting.press("begin")
    assert "step 1 of 6.** Look at the dot at the top left." in words_of(sitting.page)
    assert keys_of(sitting.page) == ["redo", "skip", "stop"]
    sitting.sit(10.0)
    assert "step 5 of 6.** Look at the dot in the middle" in words_of(sitting.page)
    sitting.sit(15.0)
    assert "Calibrated 21 Nov 2026, 12:00: facing, face at rest and eyes." in words_of(sitting.page)
    assert not sitting.page.warning
    sitting.live.finish(wait_s=5.0)
    measured = store.calibrations("a")[1]
    assert all(measured.calibration.has(part) for part in CalibrationPart)
    assert len(store.read("a")) == 260  # analysed and stored as always


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [(RejectReason.TOO_DARK, "Put a light in front of you"), (None, "Several faces are in view")],
)
def test_a_step_waits_and_says_what_helps(
    sitting: Sitting, reason: RejectReason | None, remedy: str
) -> None:
    sitting.press("begin")
    sitting.analyser.reason, sitting.analyser.faces = reason, 1 if reason else 2
    sitting.sit(10.0)
    assert remedy in progress_text(sitting.page)
    assert "step 1 of 6" in words_of(sitting.page)
    sitting.analyser.reason, sitting.analyser.faces = None, 1
    sitting.sit(1.0)
    assert progress_text(sitting.page).endswith("of 2 s")


def progress_text(visitor: AppTest) -> str:
    (bar,) = visitor.get("progress")
    return str(bar.proto.text)


def test_a_pause_is_told(sitting: Sitting) -> None:
    sitting.press("begin")
    sitting.live.pause()
    sitting.sit(1.0)
    assert progress_text(sitting.page).startswith("Paused")


def test_who_comes_back_under_a_new_number_says_so_and_is_calibrated(sitting: Sitting) -> None:
    calibrated(sitting)
    act = sitting.analyser.acts
    sitting.analyser.acts = lambda seen: replace(act(seen), track_id=7)
    sitting.sit(0.5)
    assert "Face 7 is not calibrated" in words_of(sitting.page)
    sitting.press("same")
    sitting.sit(0.5)
    assert "Calibrated 21 Nov 2026" in words_of(sitting.page)


def test_a_step_can_be_skipped_and_done_afterwards(sitting: Sitting) -> None:
    sitting.press("begin")
    sitting.press("skip")
    assert "step 2 of 6" in words_of(sitting.page)
    sitting.sit(21.0)
    assert "Not calibrated: facing." in words_of(sitting.page)
    sitting.press(f"redo-{CalibrationStep.TOP_LEFT}")
    sitting.sit(3.0)
    assert "Not calibrated" not in words_of(sitting.page)


def test_a_cancelled_calibration_leaves_it_as_it_was(sitting: Sitting) -> None:
    sitting.press("begin")
    sitting.sit(5.0)
    sitting.press("stop")
    assert "Not calibrated: facing, face at rest and eyes" in words_of(sitting.page)


def test_who_skips_every_step_is_told_that_nothing_is_calibrated(sitting: Sitting) -> None:
    sitting.press("begin")
    for _ in CalibrationStep:
        sitting.press("skip")
    (told,) = sitting.page.info
    assert as_read(told.value).startswith(
        "Not calibrated: steps of every part were skipped. Facing, face"
    )
    assert not any("typical values" in one.value for one in sitting.page.caption)  # said once
    calibrated(sitting)
    assert not sitting.page.info
    sitting.press("begin")
    for _ in CalibrationStep:
        sitting.press("skip")
    (told,) = sitting.page.info
    assert "the earlier calibration stays" in as_read(told.value)
    assert "Calibrated 21 Nov 2026" in words_of(sitting.page)


def test_the_step_begins_again_by_a_button(sitting: Sitting) -> None:
    sitting.press("begin")
    sitting.sit(1.5)
    before = progress_text(sitting.page)
    sitting.press("redo")
    assert before != progress_text(sitting.page) == "0.0 of 2 s"


def test_for_another_face_the_steps_begin_again_and_the_page_says_so(sitting: Sitting) -> None:
    sitting.press("begin")
    sitting.sit(6.0)
    assert "step 1 of 6" not in words_of(sitting.page)
    act = sitting.analyser.acts
    sitting.analyser.acts = lambda seen: replace(act(seen), track_id=7)
    sitting.sit(1.5)
    assert "step 1 of 6" in words_of(sitting.page)
    assert "Another face came into view" in words_of(sitting.page)


def test_eyes_that_did_not_close_are_told_with_what_helps(sitting: Sitting) -> None:
    sitting.shuts_eyes = False
    sitting.press("begin")
    sitting.sit(25.0)
    assert "eyes did not close" in read_on(sitting.page)
    assert "Not calibrated: eyes." in words_of(sitting.page)
    sitting.shuts_eyes = True
    sitting.press(f"redo-{CalibrationStep.CLOSED}")
    sitting.sit(3.0)
    assert "Not calibrated" not in words_of(sitting.page)
    assert not sitting.page.warning


def keep(sitting: Sitting, name: str, *, ticked: bool) -> None:
    sitting.page.text_input(key="calibration-name").set_value(name)
    sitting.page.checkbox(key="calibration-agreed").set_value(ticked)
    sitting.press("keep")


@pytest.mark.parametrize(("name", "ticked"), [("Ana", False), ("  ", True)])
def test_nothing_is_kept_without_a_name_and_a_tick(
    sitting: Sitting, store: SessionStore, name: str, ticked: bool
) -> None:
    calibrated(sitting)
    keep(sitting, name, ticked=ticked)
    assert "Give a name, and tick the box" in words_of(sitting.page)
    assert kept_calibrations(store) == ()


def calibrated(sitting: Sitting) -> None:
    assert sitting.live.calibration is not None
    sitting.live.calibration.use(make_measured())
    sitting.sit(0.5)


def test_a_kept_calibration_is_used_in_the_next_session_and_can_be_deleted_without_one(
    sitting: Sitting, store: SessionStore
) -> None:
    calibrated(sitting)
    keep(sitting, " Ana ", ticked=True)
    (kept,) = kept_calibrations(store)
    assert (kept.participant.name, kept.measured) == ("Ana", make_measured())
    sitting.live.begin(make_session("b"))
    sitting.sit(1.0)
    assert "Not calibrated: facing" in words_of(sitting.page)
    sitting.press("use")
    sitting.sit(0.5)
    assert "Calibrated 21 Nov 2026" in words_of(sitting.page)
    sitting.live.finish(wait_s=5.0)
    assert store.calibrations("b") == {1: make_measured()}
    sitting.page.run()
    assert keys_of(sitting.page) == ["delete"]
    sitting.press("delete")
    assert kept_calibrations(store) == ()
    assert not sitting.page.button


def test_a_second_calibration_of_a_name_replaces_the_first_only_where_a_box_says_so(
    sitting: Sitting, store: SessionStore
) -> None:
    first = make_measured(AT - timedelta(days=1))
    keep_calibration(store, Participant("p1", "Ana"), first)
    calibrated(sitting)
    keep(sitting, "Ana", ticked=True)
    kept = {one.participant.name: one.measured for one in kept_calibrations(store)}
    assert kept == {"Ana": first, "Ana (2)": make_measured()}
    sitting.page.checkbox(key="calibration-replace").set_value(True)
    keep(sitting, "Ana", ticked=True)
    kept = {one.participant.name: one.measured for one in kept_calibrations(store)}
    assert kept == {"Ana": make_measured(), "Ana (2)": make_measured()}


def test_a_kept_calibration_that_cannot_be_read_is_said_and_can_be_deleted(
    sitting: Sitting, store: SessionStore
) -> None:
    keep_calibration(store, Participant("p1", "*Ana*"), make_measured())
    with store.transaction("written") as connection:
        connection.execute(update(tables.participant_calibrations).values(numbers="{"))
    sitting.page.run()
    assert not sitting.page.exception
    assert "The calibration of *Ana* cannot be read" in words_of(sitting.page)
    sitting.press("delete-p1")
    assert "cannot be read" not in words_of(sitting.page)


def test_of_several_kept_the_chosen_one_is_used(sitting: Sitting, store: SessionStore) -> None:
    keep_calibration(store, Participant("p1", "Ana"), make_measured())
    later = make_measured(AT + timedelta(days=1))
    keep_calibration(store, Participant("p2", "Ben"), later)
    sitting.page.run()
    sitting.page.selectbox[0].set_value("p2").run()
    sitting.press("use")
    sitting.sit(0.5)
    assert sitting.live.view().calibration.measured == later
