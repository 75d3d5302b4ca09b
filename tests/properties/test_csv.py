"""CSV: what is written is what is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.domain import FER7, Timeline, normalised
from core.sessions import read_csv
from core.sessions.exporters.export_session import derive_columns
from tests.exported import csv_bytes
from tests.make import make_mark, make_moment, make_observation, make_session

# Any script, commas, quotes and line breaks; not half characters, which no file can hold.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=20)
SCORES = st.lists(st.floats(0, 1), min_size=7, max_size=7).filter(lambda values: sum(values) > 0.01)


@given(st.lists(st.tuples(SCORES, WORDS), min_size=1, max_size=8))
def test_numbers_and_marks_survive(rows):
    timeline = Timeline.from_frames(
        FER7,
        [
            make_moment(number / 3, make_observation(number / 3, scores=normalised(FER7, values)))
            for number, (values, _) in enumerate(rows)
        ],
        [make_mark(number / 3, words) for number, (_, words) in enumerate(rows) if words],
    )
    table = read_csv(
        csv_bytes(make_session(), timeline, derive_columns(timeline, not_sure_below=0.5))
    )
    assert np.array_equal(table["t_s"], timeline.time_s)
    for column, label in enumerate(FER7.labels):
        assert np.array_equal(table[f"p_{label}"], timeline.scores[:, column])
    assert list(table["event"]) == [words for _, words in rows]
    assert [bool(one) for one in table["event_s"]] == [bool(words) for _, words in rows]


@given(WORDS.filter(bool))
def test_a_session_of_any_name_keeps_it(name):
    timeline = Timeline.from_frames(FER7, [make_moment(0.0, make_observation())])
    session = replace(make_session(), id=name)
    table = read_csv(csv_bytes(session, timeline, derive_columns(timeline, not_sure_below=0.5)))
    assert table["session_id"][0] == name
