"""Levels of a microphone are taken in order, once, and only from who may write them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from core.domain import AnalysedFrame
from core.domain.errors import NotAllowedHere, StoreError, UnknownSession
from core.domain.row_answer import AnswerKind, RowAnswer
from core.domain.sound_levels import SoundLevels
from core.eye import LEVELS, LevelIngest, TokenSigner
from core.live import Clocks, LiveSession
from core.policy import Consent, Purpose, Region, UsePolicy
from tests.eye_messages import body as row_body
from tests.fakes import FakeAnalyser, FakeStore, ManualClock
from tests.make import make_session
from tests.unit.eye.conftest import POLICY, SECRET, Office, Sitting
from tests.unit.eye.test_ingest import until
from tests.unit.live.test_live_session import watch

SIGNER = TokenSigner(SECRET, purpose=LEVELS)


def message(sequence: int = 0, *, levels: list[list[float]] | None = None, **changes: Any) -> bytes:
    """A second of levels, the newest measured just now; the browser's clock began at 50 s."""
    made = {
        "version": 1,
        "sequence": sequence,
        "client_s": 50.0 + sequence + 1,
        "levels": [[950 - 100 * n, -30.0 - n] for n in range(10)] if levels is None else levels,
    }
    return json.dumps(made | changes).encode()


class Deletable(FakeStore):
    """Says that every session was deleted, when it is told to."""

    is_deleted = False

    def append(self, session_id: str, moments: Sequence[AnalysedFrame], **more: Any) -> None:
        if self.is_deleted:
            raise UnknownSession("It was deleted.")
        super().append(session_id, moments, **more)


class Microphone:
    """One person at one camera and microphone."""

    def __init__(self) -> None:
        self.clock, self.office = ManualClock(), Office()
        clocks = Clocks(self.clock.seconds, self.clock.now)
        self.store = Deletable()
        self.live = LiveSession(
            FakeAnalyser(), self.store, clocks=clocks, not_sure_below=0.5, flush_every_s=0.05
        )
        self.saved: list[tuple[str, SoundLevels]] = []
        self.error: StoreError | None = None
        self.ingest = LevelIngest(SIGNER, clocks=clocks, policy=self.office.policy, save=self._save)
        self.filmed_s = 0.0

    def begin(self, session_id: str = "a-session") -> str:
        """Start the camera; returns the token that the browser gets."""
        self.live.begin(make_session(session_id))
        self.filmed_s = 0.0
        return self.open()

    def open(self) -> str:
        consent = Consent(self.clock.now(), POLICY.notice_version)
        return self.ingest.open(self.live, policy=POLICY, consent=consent)

    def film(self, seconds: float = 1.0) -> None:
        """Frames, and the time they take."""
        watch(self.live, self.clock, seconds=seconds, sent_s=self.filmed_s)
        self.filmed_s += seconds

    def send(self, token: str, body: bytes, *, film_s: float = 1.0) -> RowAnswer:
        self.film(film_s)
        return self.ingest.accept(token, body)

    def tenths(self, session_id: str = "a-session") -> list[int]:
        times = [one.time_s for name, one in self.saved if name == session_id]
        return [int(one * 10) for one in np.concatenate(times or [[]])]

    def _save(self, session_id: str, levels: SoundLevels) -> None:
        if self.error is not None:
            raise self.error
        self.saved.append((session_id, levels))


@pytest.fixture
def microphone() -> Iterator[Microphone]:
    made = Microphone()
    yield made
    made.live.close()


def test_levels_become_those_of_the_session_at_its_own_time(microphone: Microphone) -> None:
    token = microphone.begin()
    for number in range(3):
        answer = microphone.send(token, message(number))
        assert (answer.kind, answer.next_number) == (AnswerKind.STORED, number + 1)
    assert microphone.tenths() == list(range(30))
    assert microphone.saved[0][1].level_db.tolist() == [-30.0 - n for n in range(10)]
    assert microphone.saved[0][1].time_s[0] == pytest.approx(0.05)


def test_consecutive_tenths_stay_consecutive_though_messages_come_sooner_and_later(
    microphone: Microphone,
) -> None:
    token = microphone.begin()
    for number in range(30):
        jitter_s = 0.05 * (number % 3)
        microphone.film(1.0)
        microphone.clock.advance(jitter_s)
        microphone.ingest.accept(token, message(number))
        microphone.clock.advance(-jitter_s)
    assert microphone.tenths() == list(range(300))


def test_a_message_that_waited_for_the_server_has_the_time_it_was_measured_at(
    microphone: Microphone,
) -> None:
    token = microphone.begin()
    microphone.send(token, message(0))
    microphone.error = StoreError("The database is locked.")
    for _ in range(8):
        answer = microphone.send(token, message(1))
        assert (answer.kind, answer.next_number) == (AnswerKind.NOT_NOW, 1)
        assert answer.retry_after_s > 0
    microphone.error = None
    assert microphone.send(token, message(1)).kind is AnswerKind.STORED
    minute = [[8_000 - 50 - 100 * n, -40.0] for n in range(80)]
    assert microphone.send(token, message(2, levels=minute, client_s=61.0)).next_number == 3
    assert microphone.tenths() == list(range(20)) + list(range(30, 110))


def test_a_message_that_is_late_on_the_way_has_the_time_it_was_measured_at(
    microphone: Microphone,
) -> None:
    token = microphone.begin()
    microphone.send(token, message(0))
    microphone.film(60.0)
    microphone.send(token, message(1))
    assert microphone.tenths() == list(range(20))


def test_a_message_twice_is_stored_once_and_one_too_early_waits(microphone: Microphone) -> None:
    token = microphone.begin()
    microphone.send(token, message(0))
    assert microphone.send(token, message(0)).next_number == 1
    early = microphone.send(token, message(5))
    assert (early.kind, early.next_number) == (AnswerKind.OTHER_NUMBER, 1)
    other = microphone.send(token, message(0, levels=[]))
    assert (other.kind, other.sentence[:11]) == (AnswerKind.OVER, "Another tab")
    assert len(microphone.saved) == 1


def test_levels_of_a_pause_and_from_before_the_session_are_left_out(
    microphone: Microphone,
) -> None:
    token = microphone.begin()
    before = [[2_950 - 100 * n, -30.0] for n in range(30)]
    microphone.clock.advance(2.0)
    microphone.send(token, message(0, levels=before, client_s=53.0))
    assert microphone.tenths() == list(range(10))
    microphone.live.pause()
    microphone.clock.advance(4.0)
    assert microphone.ingest.accept(token, message(1, client_s=57.0)).next_number == 2
    assert microphone.tenths() == list(range(10))
    microphone.live.resume()
    microphone.filmed_s += 4.0
    microphone.send(token, message(2, client_s=58.0))
    assert microphone.tenths() == list(range(20))


def test_without_a_frame_there_is_no_time_and_nothing_is_stored(microphone: Microphone) -> None:
    token = microphone.begin()
    assert microphone.ingest.accept(token, message(0)).kind is AnswerKind.STORED
    assert microphone.saved == []


def test_a_session_that_is_not_stored_yet_is_waited_for(microphone: Microphone) -> None:
    token = microphone.begin()
    microphone.error = UnknownSession("There is no session.")
    answer = microphone.send(token, message(0))
    assert (answer.kind, answer.retry_after_s) == (AnswerKind.NOT_NOW, 1.0)
    microphone.error = None
    assert microphone.send(token, message(0)).kind is AnswerKind.STORED
    assert microphone.tenths() == list(range(10))


@pytest.mark.parametrize(
    "entry",
    [
        {"version": 2},
        {"sequence": -1},
        {"sequence": 0.5},
        {"client_s": -1.0},
        {"client_s": 1e300},
        {"levels": [[50, -30.0]] * 601},
        {"levels": [[50, -30.0], [50, -30.0]]},
        {"levels": [[50, -30.0], [150, -30.0]]},
        {"levels": [[-1, -30.0]]},
        {"levels": [[310_001, -30.0]]},
        {"levels": [[50, 0.5]]},
        {"levels": [[50, -100.5]]},
        {"levels": [[50]]},
        {"levels": [[50, -30.0, "a word"]]},
        {"levels": [[50, None]]},
        {"levels": "sound"},
    ],
    ids=str,
)
def test_what_no_microphone_gives_is_refused_and_takes_no_number(
    microphone: Microphone, entry: dict[str, Any]
) -> None:
    token = microphone.begin()
    bad = json.dumps(json.loads(message(0)) | entry).encode()
    answer = microphone.send(token, bad)
    assert answer.kind is AnswerKind.INVALID
    assert answer.sentence.startswith("The message is not valid: ")
    assert microphone.send(token, message(0), film_s=0.0).kind is AnswerKind.STORED


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 10_000, b"null", b"\xff\xfe", message().replace(b"-30.0", b"NaN"),
     message().replace(b"-30.0", b"1e999"), message().replace(b"-30.0", b"-Infinity")],
)  # fmt: skip
def test_what_is_no_message_is_refused(microphone: Microphone, body: bytes) -> None:
    token = microphone.begin()
    assert microphone.send(token, body).kind is AnswerKind.INVALID
    assert microphone.saved == []


def test_ten_megabytes_are_refused(microphone: Microphone) -> None:
    answer = microphone.send(microphone.begin(), b" " * 10_000_000)
    assert (answer.kind, answer.sentence) == (
        AnswerKind.TOO_LARGE,
        "A message has at most 16,384 bytes.",
    )


def test_a_minute_of_levels_fits_into_a_message(microphone: Microphone) -> None:
    token = microphone.begin()
    microphone.film(60.0)
    levels = [[309_950 - 100 * n, -99.5] for n in range(600)]
    body = message(0, levels=levels, client_s=999.123)
    assert microphone.ingest.accept(token, body).kind is AnswerKind.STORED


def test_a_thousand_messages_a_second_are_put_off(microphone: Microphone) -> None:
    token = microphone.begin()
    kinds = []
    for number in range(1000):
        microphone.clock.advance(0.001)
        kinds.append(microphone.ingest.accept(token, message(number, levels=[])).kind)
    assert kinds.count(AnswerKind.STORED) < 60
    assert kinds[-1] is AnswerKind.TOO_FAST


def test_more_levels_than_a_microphone_gives_are_put_off(microphone: Microphone) -> None:
    token = microphone.begin()
    minute = [[60_000 - 100 * n, -40.0] for n in range(600)]
    kinds = []
    for number in range(20):
        answer = microphone.send(token, message(number, levels=minute), film_s=0.2)
        kinds.append(answer.kind)
    assert kinds[:6] == [AnswerKind.STORED] * 6
    assert kinds[6] is AnswerKind.TOO_FAST


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "é" * 40, "x" * 900])
def test_without_a_good_signature_nothing_is_taken(microphone: Microphone, token: str) -> None:
    microphone.begin()
    assert microphone.send(token, message(0)).kind is AnswerKind.NO_TOKEN
    assert microphone.saved == []


def test_a_token_of_rows_takes_no_levels_and_one_of_levels_no_rows(
    microphone: Microphone, sitting: Sitting
) -> None:
    microphone.begin()
    of_rows = sitting.begin()
    assert microphone.send(of_rows, message(0)).kind is AnswerKind.NO_TOKEN
    of_levels = SIGNER.token("a-session", 1, now=sitting.clock.now())
    assert sitting.accept(of_levels, row_body(0)).kind is AnswerKind.NO_TOKEN


def test_a_token_expires(microphone: Microphone) -> None:
    token = microphone.begin()
    microphone.film()
    microphone.clock.advance(timedelta(hours=12).total_seconds())
    assert microphone.ingest.accept(token, message(0)).kind is AnswerKind.NO_TOKEN


def test_after_a_restart_the_browser_is_told_to_ask_for_another_token(
    microphone: Microphone,
) -> None:
    token = microphone.begin()
    restarted = Microphone()
    assert restarted.ingest.accept(token, message(0)).kind is AnswerKind.NO_TOKEN


def test_a_session_that_is_over_takes_no_more(microphone: Microphone) -> None:
    token = microphone.begin()
    microphone.send(token, message(0))
    microphone.live.finish()
    assert microphone.ingest.accept(token, message(1)).kind is AnswerKind.OVER
    second = microphone.begin("b")
    assert microphone.send(token, message(1)).kind is AnswerKind.NO_TOKEN
    assert microphone.send(second, message(0)).kind is AnswerKind.STORED
    assert [name for name, _ in microphone.saved] == ["a-session", "b"]


def test_who_withdrew_the_consent_is_measured_no_more(microphone: Microphone) -> None:
    token = microphone.begin()
    microphone.send(token, message(0))
    microphone.ingest.withdraw("another")
    microphone.ingest.withdraw("a-session")
    assert microphone.send(token, message(1)).kind is AnswerKind.OVER
    assert len(microphone.saved) == 1


def test_a_purpose_that_was_changed_ends_it(microphone: Microphone) -> None:
    token = microphone.begin()
    microphone.send(token, message(0))
    microphone.office.chosen = UsePolicy(Region.ELSEWHERE, Purpose.RESEARCH)
    answer = microphone.send(token, message(1), film_s=2.0)
    assert (answer.kind, "agree to the new notice" in answer.sentence) == (AnswerKind.OVER, True)
    microphone.office.chosen = POLICY
    assert microphone.send(token, message(1), film_s=2.0).kind is AnswerKind.OVER


def test_a_session_that_was_deleted_takes_no_more(microphone: Microphone) -> None:
    token = microphone.begin()
    microphone.film()
    microphone.error = UnknownSession("There is no session 'a-session'.")
    microphone.store.is_deleted = True
    microphone.film(5.0)
    until(lambda: bool(microphone.live.lost))
    answer = microphone.ingest.accept(token, message(0))
    assert (answer.kind, answer.sentence) == (AnswerKind.OVER, microphone.live.lost)


def test_a_second_token_begins_anew_and_the_first_is_told(microphone: Microphone) -> None:
    first = microphone.begin()
    microphone.send(first, message(0))
    second = microphone.open()
    assert microphone.send(first, message(1)).kind is AnswerKind.OVER
    assert microphone.send(second, message(0, client_s=7.0), film_s=0.0).next_number == 1
    assert microphone.tenths()[-1] == 19


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
    microphone: Microphone, policy: UsePolicy, agreed_to: UsePolicy | None
) -> None:
    microphone.live.begin(make_session())
    consent = agreed_to and Consent(microphone.clock.now(), agreed_to.notice_version)
    with pytest.raises(NotAllowedHere):
        microphone.ingest.open(microphone.live, policy=policy, consent=consent)


def test_no_token_is_made_while_nothing_is_recorded(microphone: Microphone) -> None:
    with pytest.raises(NotAllowedHere):
        microphone.open()
