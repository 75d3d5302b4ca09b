"""Whatever is begun, ended, reported and deleted: the store holds what a simple model holds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from core.classroom import delete_everything
from core.domain.practice import Attempt, AttemptOutcome, MomentKind, Practice, Verdict
from core.domain.sound_levels import SoundLevels
from core.practice import (
    answer_moment,
    append_levels,
    attempt_of,
    attempts_of,
    begin_attempt,
    begin_part,
    begin_practice,
    delete_all_practices,
    delete_attempt,
    delete_practice,
    end_attempt,
    end_practice,
    levels_of,
    moment_answers,
    people,
    practices,
    reveal,
    save_report,
    set_question,
    unfinished,
)
from core.sessions import SessionStore
from core.storage import practice_tables, tables
from tests.examples import examples
from tests.make import BEGAN_AT, make_moment, make_observation, make_session
from tests.new_databases import migrated_once
from tests.practising import (
    make_attempt,
    make_moment_answer,
    make_practice,
    make_self_report,
    part,
)

LATER = BEGAN_AT + timedelta(days=1)
minutes = st.integers(0, 59)


@dataclass
class RecordedSession:
    """Whole seconds at which a session has a row, and a level of sound."""

    rows: list[int] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    next_s: int = 0
    has_ended: bool = False


class PracticeMachine(RuleBasedStateMachine):
    """A store and its model, changed alike."""

    store: SessionStore

    def __init__(self):
        super().__init__()
        self.sessions: dict[str, RecordedSession] = {}
        self.practices: dict[str, Practice] = {}
        self.attempts: dict[str, Attempt] = {}
        self.answers: dict[str, dict[tuple[MomentKind, float], object]] = {}
        self.made = 0

    def _new_id(self, letter):
        self.made += 1
        return f"{letter}{self.made:03d}"

    # Sessions

    @initialize(seconds=st.integers(4, 12), cut_s=st.integers(0, 4))
    def practise(self, seconds, cut_s):
        """Two tries of one session, which share the moment at which one ends."""
        self.begin_session()
        self._record("s001", seconds)
        self.begin_practice("Ana", 0)
        for begins_s, ends_s in ((0, cut_s), (cut_s, cut_s + 3)):
            self._begin_attempt("p002", "s001", begins_s, 0)
            name = max(self.attempts)
            self._end_attempt(self.attempts[name], ends_s - begins_s, AttemptOutcome.ANSWERED)

    @precondition(lambda self: len(self.sessions) < 3)
    @rule()
    def begin_session(self):
        name = self._new_id("s")
        self.store.begin(make_session(name))
        self.sessions[name] = RecordedSession()

    @precondition(lambda self: self.sessions)
    @rule(data=st.data(), seconds=st.integers(1, 6))
    def record(self, data, seconds):
        self._record(data.draw(st.sampled_from(sorted(self.sessions))), seconds)

    def _record(self, name, seconds):
        own = self.sessions[name]
        times = range(own.next_s, own.next_s + seconds)
        moments = [make_moment(float(at), make_observation(float(at))) for at in times]
        self.store.append(name, moments, now=BEGAN_AT)
        time_s = np.array(times) + 0.05
        levels = SoundLevels(time_s, np.full(seconds, -20.0, np.float32))
        append_levels(self.store, name, levels)
        own.rows += times
        own.levels += times
        own.next_s += seconds
        own.has_ended = False  # whoever writes takes it back

    @precondition(lambda self: self.sessions)
    @rule(data=st.data(), deleted=st.booleans())
    def end_or_delete_session(self, data, deleted):
        name = data.draw(st.sampled_from(sorted(self.sessions)))
        if deleted:
            self.store.delete(name)
            self._forget_session(name)
        else:
            self.store.end(name, ended_at=BEGAN_AT)
            self.sessions[name].has_ended = True

    # Practices and tries

    @rule(person=st.sampled_from(["", "Ana", "Ben"]), minute=minutes)
    def begin_practice(self, person, minute):
        began_at = BEGAN_AT + timedelta(minutes=minute)
        practice = make_practice(self._new_id("p"), person=person, began_at=began_at)
        begin_practice(self.store, practice)
        self.practices[practice.id] = practice

    @precondition(lambda self: self.practices)
    @rule(data=st.data(), index=st.integers(0, 3), ends=st.booleans())
    def move_on(self, data, index, ends):
        name = data.draw(st.sampled_from(sorted(self.practices)))
        set_question(self.store, name, index)
        self.practices[name] = replace(self.practices[name], question_index=index)
        if ends:
            end_practice(self.store, name, ended_at=LATER)
            self.practices[name] = replace(self.practices[name], ended_at=LATER)

    @precondition(lambda self: self.practices and self.sessions)
    @rule(data=st.data(), question=st.integers(0, 2))
    def begin_attempt(self, data, question):
        practice_id = data.draw(st.sampled_from(sorted(self.practices)))
        session_id = data.draw(st.sampled_from(sorted(self.sessions)))
        begins_s = data.draw(st.integers(0, self.sessions[session_id].next_s))
        self._begin_attempt(practice_id, session_id, begins_s, question)

    def _begin_attempt(self, practice_id, session_id, begins_s, question):
        attempt = make_attempt(
            self._new_id("a"),
            practice_id,
            question_index=question,
            number=self.made,
            parts=(part(float(begins_s), None, session_id),),
        )
        begin_attempt(self.store, attempt)
        self.attempts[attempt.id] = attempt
        self.answers[attempt.id] = {}

    @precondition(lambda self: self.attempts and self.sessions)
    @rule(data=st.data(), gap_s=st.integers(0, 5))
    def go_on_in_another_session(self, data, gap_s):
        attempt = data.draw(st.sampled_from(self._attempts()))
        session_id = data.draw(st.sampled_from(sorted(self.sessions)))
        begins_s = data.draw(st.integers(0, self.sessions[session_id].next_s))
        offset_s = max((one.offset_s for one in attempt.parts), default=0.0) + gap_s
        following = part(float(begins_s), None, session_id, offset_s)
        begin_part(self.store, attempt.id, following)
        ended = tuple(self._ended(one, following) for one in attempt.parts)
        self.attempts[attempt.id] = replace(attempt, parts=(*ended, following))

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), length_s=st.integers(0, 12), outcome=st.sampled_from(AttemptOutcome))
    def end_attempt(self, data, length_s, outcome):
        self._end_attempt(data.draw(st.sampled_from(self._attempts())), length_s, outcome)

    def _end_attempt(self, attempt, length_s, outcome):
        running = [one for one in attempt.parts if one.ends_s is None]
        ends_s = running[0].begins_s + length_s if running else None
        end_attempt(self.store, attempt.id, outcome, ends_s=ends_s)
        parts = tuple(
            replace(one, ends_s=ends_s) if one.ends_s is None else one for one in attempt.parts
        )
        self.attempts[attempt.id] = replace(attempt, parts=parts, outcome=outcome)

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), calm=st.integers(0, 10), minute=minutes)
    def report(self, data, calm, minute):
        attempt = data.draw(st.sampled_from(self._attempts()))
        report, at = make_self_report(calm=calm), BEGAN_AT + timedelta(minutes=minute)
        save_report(self.store, attempt.id, report)
        reveal(self.store, attempt.id, at=at)
        shown = attempt.revealed_at or at
        self.attempts[attempt.id] = replace(attempt, report=report, revealed_at=shown)

    @precondition(lambda self: self.attempts)
    @rule(
        data=st.data(),
        kind=st.sampled_from(MomentKind),
        at_s=st.integers(0, 2),
        verdict=st.sampled_from(Verdict),
    )
    def answer(self, data, kind, at_s, verdict):
        attempt = data.draw(st.sampled_from(self._attempts()))
        answer = make_moment_answer(kind=kind, begins_s=float(at_s), verdict=verdict)
        answer_moment(self.store, attempt.id, answer)
        self.answers[attempt.id][kind, answer.begins_s] = answer

    # Deleting

    @precondition(lambda self: self.attempts)
    @rule(data=st.data())
    def delete_attempt(self, data):
        attempt = data.draw(st.sampled_from(self._attempts()))
        delete_attempt(self.store, attempt.id)
        self._forget([attempt.id], running=False)

    @precondition(lambda self: self.practices)
    @rule(data=st.data(), which=st.sampled_from(["one", "person", "one", "all", "one"]))
    def delete_practices(self, data, which):
        chosen = self.practices[data.draw(st.sampled_from(sorted(self.practices)))]
        if which == "one":
            delete_practice(self.store, chosen.id)
            self._forget_practices([chosen.id])
            return
        person = chosen.person if which == "person" else None
        delete_all_practices(self.store, person)
        own = [one.id for one in self.practices.values() if person in {None, one.person}]
        self._forget_practices(own)

    # The model's side

    def _attempts(self):
        return [self.attempts[one] for one in sorted(self.attempts)]

    def _ended(self, running, following):
        if running.ends_s is not None:
            return running
        rows = self.sessions[running.session_id].rows
        ends = [rows[-1] if rows else running.begins_s]
        ends.append(running.begins_s + following.offset_s - running.offset_s)
        if following.session_id == running.session_id:
            ends.append(following.begins_s)
        return replace(running, ends_s=float(max(running.begins_s, min(ends))))

    def _forget_practices(self, names):
        own = [one.id for one in self.attempts.values() if one.practice_id in names]
        self._forget(own, running=True)
        for name in names:
            del self.practices[name]

    def _forget(self, names, *, running):
        used = {
            session_id: [
                (attempt.id in names, one.begins_s, math.inf if one.ends_s is None else one.ends_s)
                for attempt in self.attempts.values()
                for one in attempt.parts
                if one.session_id == session_id
            ]
            for session_id in self.sessions
        }
        for name in names:
            del self.attempts[name], self.answers[name]
        for session_id, stretches in used.items():
            if not any(is_own for is_own, _, _ in stretches):
                continue
            own = self.sessions[session_id]
            if all(is_own for is_own, _, _ in stretches) and (running or own.has_ended):
                self._forget_session(session_id)
                continue
            own.rows = [at for at in own.rows if not _is_cut(at, stretches)]
            # A tenth that only touches the end of another's stretch is not the other's.
            own.levels = [at for at in own.levels if not _is_cut(at, stretches, middle_s=0.05)]

    def _forget_session(self, session_id):
        del self.sessions[session_id]
        for name, attempt in self.attempts.items():
            left = tuple(one for one in attempt.parts if one.session_id != session_id)
            self.attempts[name] = replace(attempt, parts=left)

    @invariant()
    def practices_are_the_same(self):
        wanted = sorted(self.practices.values(), key=lambda one: (one.began_at, one.id))
        assert practices(self.store) == tuple(reversed(wanted))
        going_on = {one.id for one in wanted if one.ended_at is None}
        assert {one.id for one in unfinished(self.store)} == going_on
        assert people(self.store) == tuple(sorted({one.person for one in wanted}))

    @invariant()
    def tries_are_the_same(self):
        for practice_id in self.practices:
            own = [one for one in self._attempts() if one.practice_id == practice_id]
            wanted = sorted(own, key=lambda one: (one.question_index, one.number))
            assert attempts_of(self.store, practice_id) == tuple(wanted)
        for name, attempt in self.attempts.items():
            assert attempt_of(self.store, name) == attempt
            found = moment_answers(self.store, name)
            assert {(one.kind, one.begins_s): one for one in found} == self.answers[name]

    @invariant()
    def sessions_hold_what_no_deleted_try_held(self):
        assert {one.session.id for one in self.store.sessions()} == set(self.sessions)
        for session_id, own in self.sessions.items():
            assert self.store.read(session_id).time_s.tolist() == own.rows
            tenths = np.round(levels_of(self.store, session_id).time_s - 0.05)
            assert tenths.astype(int).tolist() == own.levels
            entry = self.store.entry(session_id)
            bounds = (own.rows[0], own.rows[-1]) if own.rows else (0.0, 0.0)
            assert (entry.rows, entry.first_s, entry.last_s) == (len(own.rows), *bounds)

    def teardown(self):
        """Nothing is left anywhere once everything is deleted."""
        delete_everything(self.store, now=LATER + timedelta(days=9))
        with self.store.transaction("read") as connection:
            for name in (*practice_tables.NAMES, *(one.name for one in tables.PARTS)):
                table = tables.metadata.tables[name]
                assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


def _is_cut(at, stretches, middle_s=0.0):
    own = any(is_own and begins <= at <= ends for is_own, begins, ends in stretches)
    return own and not any(
        begins <= at + middle_s <= ends for is_own, begins, ends in stretches if not is_own
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("practices")
    with migrated_once(folder), SessionStore.open(f"sqlite:///{folder}/sessions.db") as opened:
        yield opened


def test_the_store_holds_what_a_simple_model_holds(store):
    machine = type("Machine", (PracticeMachine,), {"store": store})
    chosen = settings(examples(30), stateful_step_count=20, deadline=None)
    run_state_machine_as_test(machine, settings=chosen)
