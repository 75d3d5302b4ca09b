"""Rows of learners are stored by blocks, followed by several processes, and read back."""

from __future__ import annotations

import logging
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import select, update

from core.classroom import (
    append_seconds,
    append_seconds_together,
    read_seconds,
    seconds_of_learner,
    withdraw,
)
from core.domain.classroom import SHARE_COLUMNS, Shared
from core.domain.errors import StoreError
from core.sessions import SessionStore
from core.storage.classroom_tables import classroom_blocks
from tests.classes import EVERYTHING, IN_EUROPE, joined, opened, pairs, seconds


@pytest.fixture
def room(store):
    """A class of three."""
    found = opened(store).classroom
    for name in ("Ana", "Ben", "Cem"):
        joined(store, found.id, name)
    return found


def test_rows_come_back_by_second_and_learner_and_of_two_the_first(store, room):
    append_seconds(store, room.id, seconds([(1, 2), (0, 3)], facing=0.25))
    append_seconds(store, room.id, seconds([(1, 1), (1, 2)], facing=0.75))
    found, _ = read_seconds(store, room.id)
    assert pairs(found) == [(0, 3), (1, 1), (1, 2)]
    assert found.facing.tolist() == [0.25, 0.75, 0.25]
    assert found.scores.shape == (3, 7)


def test_a_class_of_a_study_keeps_all_that_a_board_shows(store):
    found = opened(store, replace(EVERYTHING, purpose="research", shared=tuple(Shared))).classroom
    joined(store, found.id)
    append_seconds(store, found.id, seconds([(0, 1)]))
    rows, _ = read_seconds(store, found.id)
    assert all(getattr(rows, name).tolist() == [0.5] for name in SHARE_COLUMNS)


def test_whoever_follows_reads_each_block_once(store, room):
    assert read_seconds(store, room.id, after=7)[1] == 7
    append_seconds(store, room.id, seconds([(0, 1)]))
    found, last = read_seconds(store, room.id)
    assert pairs(found) == [(0, 1)]
    append_seconds(store, room.id, seconds([]))
    append_seconds(store, room.id, seconds([(9, 9)]))  # nobody has this number
    assert (len(read_seconds(store, room.id, after=last)[0]), last) == (0, last)
    append_seconds(store, room.id, seconds([(1, 1)]))
    found, after = read_seconds(store, room.id, after=last)
    assert (pairs(found), after > last) == ([(1, 1)], True)


def test_blocks_become_visible_in_the_order_of_their_keys(url, store, room):
    """A transaction that began first and is not done yet holds back the second: otherwise whoever
    reads between would go on after the second's key, and never see the first's rows.
    """
    begun, go_on = threading.Event(), threading.Event()

    def write_slowly():
        with SessionStore.open(url) as slow:
            commit = slow.transaction

            def waiting(what):
                transaction = commit(what)

                class Held:
                    def __enter__(self):
                        return transaction.__enter__()

                    def __exit__(self, *error):
                        begun.set()
                        go_on.wait(20)
                        return transaction.__exit__(*error)

                return Held()

            slow.transaction = waiting
            append_seconds(slow, room.id, seconds([(0, 1)]))

    def write_after():
        with SessionStore.open(url) as other:
            append_seconds(other, room.id, seconds([(0, 2)]))

    first, second = threading.Thread(target=write_slowly), threading.Thread(target=write_after)
    first.start()
    assert begun.wait(20)
    second.start()
    try:
        second.join(0.5)
        found, last = read_seconds(store, room.id)
        assert (pairs(found), second.is_alive()) == ([], True)
    finally:
        go_on.set()
        first.join()
        second.join()
    rest, _ = read_seconds(store, room.id, after=last)
    assert pairs(rest) == [(0, 1), (0, 2)]


def test_whoever_follows_two_servers_that_write_misses_nothing(url, store, room):
    def write(learner):
        with SessionStore.open(url) as own:
            for second in range(40):
                append_seconds(own, room.id, seconds([(second, learner)]))

    found, after = [], 0
    with ThreadPoolExecutor(2) as threads:
        writing = [threads.submit(write, learner) for learner in (1, 2)]
        is_last = False
        while not is_last:
            is_last = all(one.done() for one in writing)
            new, after = read_seconds(store, room.id, after=after)
            found += pairs(new)
        assert [one.result() for one in writing] == [None, None]
    assert sorted(found) == [(second, learner) for second in range(40) for learner in (1, 2)]


def test_no_row_of_a_learner_stays_who_withdraws_while_a_server_writes(url, store, room):
    begun, withdrawn = threading.Event(), threading.Event()

    def write():
        second = 0
        with SessionStore.open(url) as own:
            while not withdrawn.is_set():
                append_seconds(own, room.id, seconds([(second, 1), (second, 2)]))
                second += 1
                if second == 3:
                    begun.set()
        return second

    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(write)
        assert begun.wait(20)
        try:
            withdraw(store, f"{room.id}-1")
        finally:
            withdrawn.set()
        written = writing.result()
    assert pairs(read_seconds(store, room.id)[0]) == [(second, 2) for second in range(written)]


def test_batches_of_several_classes_are_stored_together_without_those_deleted(store, room):
    other = opened(store, seed=1).classroom
    joined(store, other.id)
    batches = {one: seconds([(0, 1)]) for one in ("gone", room.id, other.id)}
    assert append_seconds_together(store, batches) == {"gone"}
    for one in (room, other):
        assert pairs(read_seconds(store, one.id)[0]) == [(0, 1)]


def test_of_several_batches_none_is_stored_where_one_cannot_be(store, room):
    other = opened(store, seed=1).classroom
    joined(store, other.id)
    ids = sorted([room.id, other.id])
    batches = {ids[0]: seconds([(0, 1)]), ids[1]: seconds([(1 << 31, 1)])}
    with pytest.raises(ValueError, match="31 bits"):
        append_seconds_together(store, batches)
    assert len(read_seconds(store, ids[0])[0]) == 0


def test_each_learner_has_the_own_rows_alone(store, room):
    append_seconds(store, room.id, seconds([(0, 1), (0, 2), (2, 2)]))
    append_seconds(store, room.id, seconds([(1, 2), (1, 3)]))
    found = seconds_of_learner(store, f"{room.id}-2")
    assert pairs(found) == [(0, 2), (1, 2), (2, 2)]


def test_a_class_in_the_eu_keeps_presence_alone_whatever_is_given(store):
    room = opened(store, IN_EUROPE).classroom
    joined(store, room.id)
    append_seconds(store, room.id, seconds([(0, 1)]))
    found, _ = read_seconds(store, room.id)
    kept = {name for name in SHARE_COLUMNS if not np.isnan(getattr(found, name)).all()}
    assert kept == {"measured", "usable", "present"}
    assert found.scores.shape == (1, 0)
    with store.transaction("read") as connection:
        (content,) = connection.execute(select(classroom_blocks.c.content)).scalars()
    header, body = zlib.decompress(content).split(b"\n", 1)
    assert header == b'{"columns":["measured","usable","present"],"scores":0}'
    assert len(body) == 4 + 2 + 3


def test_a_damaged_block_hides_no_other_and_holds_up_no_withdrawal(store, room, caplog):
    append_seconds(store, room.id, seconds([(0, 1)]))
    append_seconds(store, room.id, seconds([(1, 1), (1, 2)]))
    keys = select(classroom_blocks.c.key).order_by(classroom_blocks.c.key).limit(1)
    with store.transaction("written") as connection:
        key = connection.execute(keys).scalar_one()
        own = update(classroom_blocks).where(classroom_blocks.c.key == key)
        connection.execute(own.values(content=zlib.compress(b'{"columns":["x"],"scores":0}\nx')))
    with caplog.at_level(logging.WARNING):
        assert pairs(read_seconds(store, room.id)[0]) == [(1, 1), (1, 2)]
    assert "left out of a class: a block" in caplog.text
    withdraw(store, f"{room.id}-1")
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        assert pairs(read_seconds(store, room.id)[0]) == [(1, 2)]
    assert caplog.text == ""


def test_where_the_database_is_away_the_call_can_be_repeated(tmp_path):
    path = tmp_path / "sessions.db"
    with SessionStore.open(f"sqlite:///{path}") as own:
        room = opened(own).classroom
        joined(own, room.id)
        own.close()
        path.rename(tmp_path / "away")
        with pytest.raises(StoreError, match="gone"):
            append_seconds(own, room.id, seconds([(0, 1)]))
        (tmp_path / "away").rename(path)
        append_seconds(own, room.id, seconds([(0, 1)]))
        assert pairs(read_seconds(own, room.id)[0]) == [(0, 1)]


def test_a_class_keeps_as_many_scores_as_it_has_labels(store, room):
    assert len(EVERYTHING.labels) == 7
    with pytest.raises(ValueError, match="7 scores"):
        append_seconds(store, room.id, seconds([(0, 1)], scores=3))
