"""Rows of a browser are taken in order, once, and only from who may write them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.domain import AnalysisSite
from core.domain.errors import NotAllowedHere
from core.domain.row_answer import AnswerKind
from core.eye import TokenSigner, row_stream
from core.eye.message import ReaderState, message_from
from core.live import Clocks, LiveSession
from core.policy import Consent, Purpose, Region, UsePolicy
from core.sessions import SessionStore
from core.vision import ReadingAnalyser
from tests.eye_messages import body, face_entry, message, row_entry
from tests.make import make_session
from tests.unit.eye.conftest import CARD, POLICY, Sitting, make_sitting

MESSAGE = message_from(body(0, rows=[]))


def _second(number: int) -> dict[str, Any]:
    """What a message says of this second, whatever its own number is."""
    named = message(number)
    return {name: named[name] for name in ("client_s", "rows")}


def until(holds: Callable[[], bool], *, within_s: float = 30.0) -> None:
    give_up_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up_at, "it never came to hold"
        time.sleep(0.01)


def test_rows_become_the_rows_of_the_session(sitting: Sitting) -> None:
    token = sitting.begin()
    for number in range(4):
        answer = sitting.accept(token, body(number))
        assert (answer.kind, answer.next_number) == (AnswerKind.STORED, number + 1)
    moments = sitting.stored()
    assert [one.time_s for one in moments] == pytest.approx([number / 5 for number in range(20)])
    assert {one.eye for one in moments} == {AnalysisSite.BROWSER}
    (face,) = moments[-1].observations
    assert (face.track_id, face.shown, face.quality.usable) == (1, "happy", True)
    assert face.pose is not None
    assert face.pose.angles == (1.5, -3.0, 0.25)
    assert face.eyes_open == pytest.approx(0.9)
    assert face.lip_gap == 0.012


def test_the_answer_has_the_numbers_of_the_last_row_as_it_was_sent(sitting: Sitting) -> None:
    token = sitting.begin()
    other = face_entry(box=[10.0, 20.0, 110.25, 140.0])
    rows = [row_entry(number / 5, faces=[other, face_entry()]) for number in range(5)]
    answer = sitting.accept(token, body(0, rows=rows))
    assert answer.row is not None
    assert answer.row.time_s == 0.8
    stored = sitting.stored()[-1].observations
    assert {one.number: one.box.sides for one in answer.row.faces} == {
        one.track_id: one.box.sides for one in stored
    }
    assert {one.box.sides for one in answer.row.faces} == {
        (10.0, 20.0, 110.25, 140.0),
        (200.0, 120.0, 360.0, 320.0),
    }
    assert all(sum(one.scores) == pytest.approx(1) for one in answer.row.faces)


def test_nobody_is_numbered_before_the_second_sighting_nor_without_rows(sitting: Sitting) -> None:
    token = sitting.begin()
    first = sitting.accept(token, body(0, rows=[row_entry(0.0)]))
    assert first.row is not None
    assert first.row.faces == ()
    assert sitting.accept(token, body(1, rows=[])).row is None
    assert sitting.accept(token, body(1, rows=[])).row is None  # the same message again


def test_a_message_that_is_sent_again_is_stored_once(sitting: Sitting) -> None:
    token = sitting.begin()
    for number in (0, 0, 1, 0, 1, 1):
        assert sitting.accept(token, body(number)).kind == AnswerKind.STORED
    assert len(sitting.stored()) == 10


def test_a_message_before_its_turn_is_told_which_one_is_missing(sitting: Sitting) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0))
    answer = sitting.accept(token, body(2))
    assert (answer.kind, answer.next_number) == (AnswerKind.OTHER_NUMBER, 1)
    assert answer.sentence == "Message 1 is expected next."
    for number in (1, 2):
        sitting.accept(token, body(number))
    assert len(sitting.stored()) == 15


def test_of_two_tabs_with_one_token_the_first_writes_and_the_other_is_told(
    sitting: Sitting,
) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0))
    sitting.accept(token, body(1))
    other = sitting.accept(token, body(0, client_s=1.5))
    assert (other.kind, other.sentence[:29]) == (AnswerKind.OVER, "Another tab writes this sessi")
    assert sitting.accept(token, body(2)).kind == AnswerKind.STORED
    assert len(sitting.stored()) == 15


def test_two_sessions_of_two_tabs_do_not_mind_one_another(sitting: Sitting) -> None:
    first = sitting.begin("one")
    second = sitting.begin("two")  # the same tab began anew: what is left of the first is too late
    assert sitting.accept(first, body(0)).kind == AnswerKind.OVER
    assert sitting.accept(second, body(0)).kind == AnswerKind.STORED


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "é" * 40, "x" * 900])
def test_without_a_good_signature_nothing_is_taken(sitting: Sitting, token: str) -> None:
    sitting.begin()
    assert sitting.accept(token, body(0)).kind == AnswerKind.NO_TOKEN
    assert sitting.stored() == []


def test_a_token_of_another_installation_is_refused(sitting: Sitting) -> None:
    sitting.begin()
    forged = TokenSigner(b"another secret").token("a-session", 1, now=sitting.clock.now())
    assert sitting.accept(forged, body(0)).kind == AnswerKind.NO_TOKEN


def test_a_token_that_was_changed_by_one_character_is_refused(sitting: Sitting) -> None:
    token = sitting.begin()
    for at in range(len(token) - 1):  # the last one holds two bits that no signature needs
        other = "A" if token[at] != "A" else "B"
        changed = token[:at] + other + token[at + 1 :]
        assert sitting.accept(changed, body(0), after_s=0.0).kind == AnswerKind.NO_TOKEN


def test_a_token_expires(sitting: Sitting) -> None:
    token = sitting.begin()
    late_s = timedelta(hours=12).total_seconds()
    assert sitting.accept(token, body(0), after_s=late_s - 1).kind == AnswerKind.STORED
    assert sitting.accept(token, body(1), after_s=1).kind == AnswerKind.NO_TOKEN


def test_after_a_restart_the_browser_is_told_what_to_do(sitting: Sitting) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0))
    answer = sitting.restarted().accept(token, body(1))
    assert answer.kind == AnswerKind.NO_TOKEN
    assert answer.sentence == (
        "The server was started again, or the tab's connection was lost for long. The page asks "
        "for another session; rows wait for it."
    )


def test_rows_that_waited_for_a_server_begin_the_session_when_they_were_captured(
    sitting: Sitting,
) -> None:
    token = sitting.begin()
    rows = [row_entry(40.0 + number) for number in range(60)]  # none was taken for a minute
    assert sitting.accept(token, body(0, rows=rows, client_s=100.0)).kind == AnswerKind.STORED
    rows = [row_entry(100.0 + number / 5) for number in range(5)]
    sitting.accept(token, body(1, rows=rows, client_s=101.0))
    times = [one.time_s for one in sitting.stored()]
    assert times == pytest.approx([*range(60), *(60 + number / 5 for number in range(5))])
    (session,) = sitting.store.begun
    assert (sitting.clock.now() - session.began_at).total_seconds() == pytest.approx(61.0)


def test_a_receipt_names_its_session_after_a_restart_but_writes_nothing(sitting: Sitting) -> None:
    token = sitting.begin()
    assert sitting.accept(sitting.ingest.receipt("a-session"), body(0)).kind == AnswerKind.OVER
    receipt = sitting.ingest.receipt("a-session")
    made_at = sitting.clock.now()
    sitting.clock.advance(60.0)
    assert sitting.restarted().session_of(receipt) == ("a-session", made_at)
    for other in (token, "", f"{receipt[:-4]}AAAA"):
        assert sitting.restarted().session_of(other) is None
    assert sitting.stored() == []


def test_a_session_that_was_stopped_takes_no_more(sitting: Sitting) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0))
    sitting.live.finish(wait_s=5.0)
    assert sitting.accept(token, body(1)).kind == AnswerKind.OVER
    assert len(sitting.stored()) == 5


def test_the_last_message_ends_the_session(sitting: Sitting) -> None:
    token = sitting.begin()
    answer = sitting.accept(token, body(0, state="stopped"))
    assert answer.kind == AnswerKind.STORED
    assert sitting.live.session_id is None
    assert len(sitting.stored()) == 5


@pytest.mark.parametrize("ahead_s", [-86_400.0, 86_400.0])
def test_a_wall_clock_that_is_wrong_by_a_day_changes_nothing(
    sitting: Sitting, ahead_s: float
) -> None:
    token = sitting.begin()
    for number in range(2):
        unix_s = sitting.clock.now().timestamp() + ahead_s
        assert sitting.accept(token, body(number, client_unix_s=unix_s)).kind == AnswerKind.STORED
    assert [one.time_s for one in sitting.stored()] == pytest.approx([n / 5 for n in range(10)])
    (session,) = sitting.store.begun
    assert abs((session.began_at - sitting.clock.now()).total_seconds()) < 3


def test_a_clock_that_jumps_a_day_ahead_makes_the_session_no_longer_than_it_was(
    sitting: Sitting,
) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0))
    day_s = 86_400.0
    rows = [row_entry(day_s + number / 5) for number in range(5)]
    answer = sitting.accept(token, body(1, client_s=day_s + 1, rows=rows))
    assert answer.kind == AnswerKind.STORED
    assert max(one.time_s for one in sitting.stored()) <= 2 + 2 + 1


def test_more_messages_than_a_camera_gives_are_put_off(sitting: Sitting) -> None:
    token = sitting.begin()
    kinds = [sitting.accept(token, body(0), after_s=0.001).kind for _ in range(1000)]
    assert kinds.count(AnswerKind.STORED) < 60
    assert kinds[-1] == AnswerKind.TOO_FAST
    answer = sitting.accept(token, body(0), after_s=0.001)
    assert 0 < answer.retry_after_s <= 1
    assert answer.sentence == "More messages than a camera gives: send the rest in 1 second."
    assert sitting.accept(token, body(1), after_s=1.0).kind == AnswerKind.STORED


def test_rows_that_waited_for_five_minutes_are_all_taken_but_no_flood(sitting: Sitting) -> None:
    token = sitting.begin()
    sitting.clock.advance(300.0)
    taken = []
    for number in range(60):
        rows = [row_entry(5.0 * number + at / 20, faces=[]) for at in range(100)]
        answer = sitting.accept(
            token, body(number, rows=rows, client_s=5.0 * number + 5), after_s=0.25
        )
        taken.append(answer.kind)
    assert taken[:30] == [AnswerKind.STORED] * 30
    assert AnswerKind.TOO_FAST in taken


def test_a_first_message_that_waited_takes_no_time_from_those_after_it(sitting: Sitting) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0), after_s=301.0)
    rows = [row_entry(300.0 + number / 5) for number in range(5)]
    sitting.accept(token, body(1, rows=rows, client_s=301.0), after_s=0.25)
    times = [one.time_s for one in sitting.stored()]
    assert times == pytest.approx(
        [number / 5 for number in range(5)] + [row["time_s"] for row in rows]
    )


def test_what_is_refused_takes_no_number(sitting: Sitting) -> None:
    token = sitting.begin()
    bad = body(0, rows=[row_entry(0.0, faces=[face_entry(pose=[999.0, 0.0, 0.0])])])
    assert sitting.accept(token, bad).kind == AnswerKind.INVALID
    assert sitting.accept(token, body(0)).kind == AnswerKind.STORED
    again = body(1, rows=[row_entry(0.1)])  # earlier than the last one
    answer = sitting.accept(token, again)
    assert answer.kind == AnswerKind.INVALID
    assert answer.sentence == "The message is not valid: time_s and frame_index do not ascend."
    assert sitting.accept(token, body(1)).kind == AnswerKind.STORED


def test_outputs_of_another_model_are_refused(sitting: Sitting) -> None:
    token = sitting.begin()
    two = body(0, rows=[row_entry(0.0, faces=[face_entry(outputs=[0.5, 0.5])])])
    answer = sitting.accept(token, two)
    assert answer.kind == AnswerKind.INVALID
    assert answer.sentence.endswith("the outputs are not those of small.")


def test_what_a_browser_says_of_itself_is_told_to_the_page(sitting: Sitting) -> None:
    token = sitting.begin()
    gap = {"begin_s": 1.0, "end_s": 8.5, "reason": "hidden"}
    sitting.accept(token, body(0, state="hidden", dropped=3, gaps=[gap]))
    status = sitting.ingest.status("a-session")
    assert status is not None
    assert (status.state, status.rows, status.dropped) == (ReaderState.HIDDEN, 5, 3)
    assert status.not_measured_s == 7.5
    assert sitting.ingest.status("another") is None


@pytest.mark.parametrize(
    ("policy", "agreed_to"),
    [
        (UsePolicy(Region.EU_EEA, Purpose.CLASSROOM), POLICY),
        (POLICY, None),
        (POLICY, UsePolicy(Region.ELSEWHERE, Purpose.RESEARCH)),
    ],
    ids=["not allowed here", "nobody agreed", "another notice"],
)
def test_no_token_is_made_before_the_gates_of_the_camera(
    sitting: Sitting, policy: UsePolicy, agreed_to: UsePolicy | None
) -> None:
    sitting.live.begin(make_session("a-session"))
    consent = agreed_to and Consent(sitting.clock.now(), agreed_to.notice_version)
    with pytest.raises(NotAllowedHere):
        sitting.ingest.open(sitting.live, CARD, policy=policy, consent=consent)


def test_no_token_is_made_while_nothing_is_recorded(sitting: Sitting) -> None:
    with pytest.raises(NotAllowedHere):
        sitting.ingest.open(sitting.live, CARD, policy=POLICY, consent=sitting.consent())


def test_with_a_second_token_numbers_begin_anew_and_the_first_one_is_told(
    sitting: Sitting,
) -> None:
    first = sitting.begin()
    sitting.accept(first, body(0))
    second = sitting.ingest.open(sitting.live, CARD, policy=POLICY, consent=sitting.consent())
    rows = [row_entry(1 + number / 5) for number in range(5)]
    assert sitting.accept(second, body(0, rows=rows)).next_number == 1
    told = sitting.accept(first, body(1))
    assert (told.kind, told.sentence[:11]) == (AnswerKind.OVER, "Another tab")
    assert [one.time_s for one in sitting.stored()] == pytest.approx([n / 5 for n in range(10)])


def test_a_tab_that_was_given_up_takes_no_more_and_its_rows_wait_for_another_session(
    sitting: Sitting,
) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0))
    sitting.live.close()
    assert sitting.accept(token, body(1)).kind == AnswerKind.NO_TOKEN
    clocks = Clocks(sitting.clock.seconds, sitting.clock.now)
    with closing(
        LiveSession(ReadingAnalyser(CARD), sitting.store, clocks=clocks, not_sure_below=0.5)
    ) as another:
        another.begin(make_session("another"))
        sitting.ingest.open(another, CARD, policy=POLICY, consent=sitting.consent())
        assert sitting.accept(token, body(1)).kind == AnswerKind.NO_TOKEN
    assert len(sitting.store.moments["a-session"]) == 5


@pytest.mark.parametrize(
    ("chosen", "beginning"),
    [
        (UsePolicy(Region.EU_EEA, Purpose.CLASSROOM), "In the EU and EEA, reading emotions"),
        (UsePolicy(Region.ELSEWHERE, Purpose.RESEARCH), "Region or purpose were changed"),
        (None, "Region and purpose are not set"),
    ],
    ids=["not allowed here", "another notice", "nothing chosen"],
)
def test_when_the_gates_of_the_camera_close_no_more_rows_are_taken(
    sitting: Sitting, chosen: UsePolicy | None, beginning: str
) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0))
    sitting.office.chosen = chosen
    answer = sitting.accept(token, body(1))
    assert answer.kind == AnswerKind.OVER
    assert answer.sentence.startswith(beginning)
    assert sitting.live.session_id is None
    assert len(sitting.stored()) == 5


def test_when_consent_is_withdrawn_no_more_rows_are_taken(sitting: Sitting) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0))
    sitting.ingest.withdraw("a-session")
    sitting.ingest.withdraw("a-session of nobody")
    assert sitting.accept(token, body(1)).kind == AnswerKind.OVER
    assert sitting.live.session_id is None
    assert len(sitting.stored()) == 5


def test_rows_of_a_pause_are_not_kept_though_their_message_arrives_after_it(
    sitting: Sitting,
) -> None:
    token = sitting.begin()
    for number in range(3):
        sitting.accept(token, body(number))
    sitting.live.pause()
    sitting.clock.advance(3.0)
    sitting.live.resume()
    late = sitting.accept(token, body(3), after_s=12.0)
    assert late.kind == AnswerKind.STORED
    for number in range(16, 18):
        sitting.accept(token, body(number - 12, **_second(number)))
    times = [one.time_s for one in sitting.stored()]
    assert len(times) == 25
    assert times == sorted(set(times))


def test_rows_from_before_a_pause_are_kept_though_their_message_arrives_in_it(
    sitting: Sitting,
) -> None:
    token = sitting.begin()
    for number in range(3):
        sitting.accept(token, body(number))
    sitting.clock.advance(1.0)
    sitting.live.pause()
    sitting.accept(token, body(3), after_s=12.0)
    times = [one.time_s for one in sitting.stored()]
    assert times == pytest.approx([number / 5 for number in range(20)])


def test_the_stored_policy_is_looked_at_once_a_second_at_most(sitting: Sitting) -> None:
    token = sitting.begin()
    for _ in range(30):
        sitting.accept(token, body(0), after_s=0.1)
    assert 2 <= sitting.office.looks <= 4


def test_rows_for_a_session_that_was_deleted_are_refused_and_do_not_make_it_again(
    tmp_path: Path,
) -> None:
    with SessionStore.open(f"sqlite:///{tmp_path}/sessions.db") as store:
        sitting = make_sitting(store)
        token = sitting.begin()
        sitting.accept(token, body(0))
        until(lambda: bool(store.sessions()) and store.sessions()[0].rows == 5)
        store.delete("a-session")
        until(lambda: sitting.accept(token, body(1), after_s=0.5).kind == AnswerKind.OVER)
        answer = sitting.accept(token, body(2))
        assert answer.kind == AnswerKind.OVER
        assert "was deleted while it was recorded" in answer.sentence
        sitting.live.close()
        assert store.sessions() == []


def test_rows_that_a_locked_database_refused_arrive_once_and_in_order(sitting: Sitting) -> None:
    token = sitting.begin()
    sitting.accept(token, body(0))
    sitting.store.refuses = True
    for number in range(1, 10):
        assert sitting.accept(token, body(number)).kind == AnswerKind.STORED
    until(lambda: "locked" in sitting.live.view().trouble)
    sitting.store.refuses = False
    times = [one.time_s for one in sitting.stored()]
    assert times == pytest.approx([number / 5 for number in range(50)])


def test_a_flood_of_one_browser_is_refused_unread_and_costs_another_nothing(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_sitting(sitting.store, ingest=sitting.ingest, clock=sitting.clock)
    flooding, calm = sitting.begin("flooding"), other.begin("calm")
    read = []
    monkeypatch.setattr(row_stream, "message_from", lambda text: read.append(text) or MESSAGE)
    kinds = [sitting.accept(flooding, b"x", after_s=0.001).kind for _ in range(1000)]
    assert kinds.count(AnswerKind.TOO_FAST) > 900
    assert len(read) < 100
    assert sitting.accept(flooding, b"x", after_s=0.0).retry_after_s > 0
    assert other.accept(calm, body(0), after_s=0.0).kind == AnswerKind.STORED
    other.live.close()


@pytest.mark.parametrize("ahead_s", [2.5, 60.0])
def test_a_monotonic_clock_that_runs_too_fast_does_not_lengthen_the_session(
    sitting: Sitting, ahead_s: float
) -> None:
    token = sitting.begin()
    for number in range(4):
        time_s = number * ahead_s
        rows = [row_entry(time_s + at / 5) for at in range(5)]
        sitting.accept(token, body(number, rows=rows, client_s=time_s + 1))
    times = [one.time_s for one in sitting.stored()]
    assert times == sorted(times)
    assert times[-1] <= 4 + 2 + 1


def test_a_session_takes_no_face_without_blendshapes(sitting: Sitting) -> None:
    row = row_entry(0.1, faces=[face_entry(blendshapes=[])])
    answer = sitting.accept(sitting.begin(), body(0, rows=[row]))
    assert answer.kind is AnswerKind.INVALID
    assert answer.sentence == "The message is not valid: not 52 blendshapes."
