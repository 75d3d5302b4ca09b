"""The tables of seconds, intervals and events, and files of all four."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as parquet
import pytest

from core.domain import (
    BLENDSHAPES,
    FER7,
    Event,
    EventKind,
    LabelScheme,
    Segment,
    SegmentKind,
    Session,
    Timeline,
)
from core.domain.errors import PlanError
from core.measures import binned_measure
from core.sessions import SessionStore, begin_segment, read_csv
from core.sessions.exporters import (
    EXPORTS,
    ExportOptions,
    ExportSource,
    Pseudonyms,
    derive_columns,
    export_suffix,
    write_sessions,
)
from core.sessions.exporters.export_tables import (
    TABLES,
    events_table,
    intervals_table,
    rows_table,
    seconds_table,
)
from tests.exported import exported
from tests.faces_in_time import face_with, seconds
from tests.make import (
    BEGAN_AT,
    make_mark,
    make_moment,
    make_observation,
    make_session,
    make_timeline,
)

PAUSED = replace(make_session(), pauses=((4.0, 60.0),))
QUESTION = Segment(1.0, 3.0, SegmentKind.QUESTION, "=Why?")


def _source(timeline: Timeline, session: Session = PAUSED, **about: object) -> ExportSource:
    return ExportSource(session, timeline, derive_columns(timeline, not_sure_below=0.5), **about)


def _two_faces(length_s: float = 10.0) -> Timeline:
    times = np.arange(round(length_s * 10)) / 10
    moments = [
        make_moment(
            float(at),
            *([make_observation(float(at))] if at < 6 else []),
            *([make_observation(float(at), track_id=2)] if at >= 3 else []),
        )
        for at in times
    ]
    marks = [make_mark(2.5, "=1+1"), Event(4.0, EventKind.RESUMED, "resumed after 60 s")]
    return Timeline.from_frames(FER7, moments, marks)


def test_seconds_are_means_over_the_measured_time_of_each_face() -> None:
    table = seconds_table(_source(_two_faces()))
    assert table[table.face_id == 1].t_s.tolist() == [0, 1, 2, 3, 4, 5]
    assert table[table.face_id == 2].t_s.tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert table.measured_s.tolist() == pytest.approx([1.0] * len(table))
    assert set(table.shown) == {"happy"}
    rows = rows_table(_source(_two_faces()))
    mean = rows[(rows.face_id == 1) & (rows.t_s < 1)].p_happy.mean()
    assert table.p_happy[0] == pytest.approx(mean, abs=1e-6)


def test_seconds_hold_the_figures_that_charts_show() -> None:
    rng = np.random.default_rng(3)
    timeline = face_with(seconds(40), mouthSmileLeft=rng.random(400), jawOpen=rng.random(400))
    source = replace(_source(timeline), bin_s=2.5)
    table = seconds_table(source)
    for name in ("smile", "expressiveness", "facing_share_10s"):
        _, means = binned_measure(
            timeline, source.derived.measures[name], between_s=(0.0, 40.0), step_s=2.5
        )
        assert table[name].to_numpy() == pytest.approx(means, abs=1e-6, nan_ok=True), name


def test_what_was_not_measured_stays_empty_in_bins() -> None:
    timeline = Timeline.from_frames(FER7, [make_moment(at / 10) for at in range(20)])
    table = seconds_table(_source(timeline))
    assert table.face_id.isna().all()
    assert table.measured_s.tolist() == pytest.approx([1.0, 1.0])
    assert table[["usable", "p_happy", "index", "yaw"]].isna().all().all()
    assert set(table.shown) == {""}


def test_clock_time_has_the_pauses_and_media_time_has_not() -> None:
    table = seconds_table(_source(make_timeline(6)))
    clock = pd.to_datetime(table.t_utc)
    assert (clock[3] - BEGAN_AT).total_seconds() == 3
    assert (clock[4] - BEGAN_AT).total_seconds() == 64
    intervals = intervals_table(_source(make_timeline(6)))
    pause = intervals[intervals.kind == "pause"].iloc[0]
    assert (pause.begins_s, pause.ends_s, pause.duration_s) == (4.0, 4.0, 60.0)
    begins, ends = pd.to_datetime(pause.begins_utc), pd.to_datetime(pause.ends_utc)
    assert ((begins - BEGAN_AT).total_seconds(), (ends - begins).total_seconds()) == (4.0, 60.0)


def test_intervals_are_segments_what_was_shown_and_where_a_measure_holds() -> None:
    source = _source(_two_faces(), segments=(QUESTION,), people={2: "+Ada"})
    table = intervals_table(source)
    question = table[table.kind == "question"].iloc[0]
    assert (question.label, question.begins_s, question.ends_s) == ("'=Why?", 1.0, 3.0)
    shown = table[table.kind == "shown"]
    assert shown[["label", "face_id", "begins_s", "ends_s"]].values.tolist() == [
        ["happy", 1, 0.0, 6.0],
        ["happy", 2, 3.0, 10.0],
    ]
    facing = table[(table.kind == "measure") & (table.label == "facing")]
    assert facing.person.tolist() == ["", "'+Ada"]
    assert (table.begins_s.diff().dropna() >= 0).all()


def test_a_gap_in_which_nothing_was_measured_ends_an_interval() -> None:
    times = [0.0, 0.1, 0.2, 5.0, 5.1]
    timeline = Timeline.from_frames(FER7, [make_moment(at, make_observation(at)) for at in times])
    table = intervals_table(_source(timeline, make_session()))
    shown = table[table.kind == "shown"]
    assert shown.begins_s.tolist() == [0.0, 5.0]
    assert shown.ends_s.tolist() == pytest.approx([0.7, 5.2], abs=0.51)


def test_events_have_their_own_time_and_run_in_no_spreadsheet() -> None:
    table = events_table(_source(_two_faces()))
    assert table[["t_s", "kind", "words"]].values.tolist() == [
        [2.5, "mark", "'=1+1"],
        [4.0, "resumed", "resumed after 60 s"],
    ]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_every_table_is_in_its_codebook(table: str) -> None:
    source = _source(_two_faces(), segments=(QUESTION,))
    told = json.loads(exported(".json", source))["codebook"][table]
    names = [*TABLES[table](source).columns, *(BLENDSHAPES if table == "rows" else ())]
    assert [one["column"] for one in told] == names


@pytest.mark.parametrize("ending", EXPORTS)
@pytest.mark.parametrize("faces", ["none", "some", "no rows"])
def test_every_format_takes_every_session(ending: str, faces: str) -> None:
    timeline = {
        "none": Timeline.from_frames(FER7, [make_moment(0.0)]),
        "some": _two_faces(),
        "no rows": Timeline.from_frames(FER7, ()),
    }[faces]
    agreed = replace(PAUSED, consent_at=BEGAN_AT)
    sources = [_source(timeline, agreed), _source(timeline, replace(agreed, id="other"))]
    if ending == ".eaf":
        sources.pop()  # one document, one session
    if ending == ".xapi.json" and not len(timeline):
        with pytest.raises(PlanError, match="No statement"):
            exported(ending, *sources)
    else:
        assert exported(ending, *sources)


def test_parquet_gives_back_the_rows_with_units_and_codebook() -> None:
    source = _source(_two_faces(), people={1: "Ada"})
    file = parquet.ParquetFile(io.BytesIO(exported(".parquet", source)))
    read = file.read()
    frame = read.to_pandas()
    rows = rows_table(source)
    assert list(frame.columns) == [*rows.columns, *BLENDSHAPES]
    for name in ("t_s", "face_id", "p_happy", "index", "box_left"):
        given = rows[name].to_numpy(np.float64, na_value=np.nan)
        assert np.array_equal(frame[name].to_numpy(np.float64), given, equal_nan=True), name
    assert frame.t_utc.dt.tz is not None
    assert frame.t_utc.tolist() == pd.to_datetime(rows.t_utc).tolist()
    assert frame.event.astype(str).tolist() == rows.event.tolist()
    assert read.schema.field("yaw").metadata[b"unit"] == b"degrees"
    codebook = json.loads(read.schema.metadata[b"mien.codebook"])
    assert [one["column"] for one in codebook] == list(frame.columns)
    sessions = json.loads(file.metadata.metadata[b"mien.sessions"])
    assert sessions[0]["id"] == source.session.id
    assert sessions[0]["people"] == {"1": "Ada"}


def test_json_gives_back_every_table() -> None:
    source = _source(_two_faces(), segments=(QUESTION,))
    read = json.loads(exported(".json", source, source))
    assert read["format"] == "mien-sessions/1"
    one, again = read["sessions"]
    assert one == again
    for name, make in TABLES.items():
        table = make(source)
        for column in table:
            given = table[column].astype(object).where(table[column].notna(), None).tolist()
            assert one[name][column] == given, column


def test_sessions_of_different_models_share_the_columns_they_have() -> None:
    own = LabelScheme("own", ("calm", "=lively"))
    other = Timeline.from_frames(own, [make_moment(0.0)])
    table = read_csv(exported(".csv", _source(make_timeline(1)), _source(other)))
    assert len(table) == 11
    assert table.p_calm.isna().all()
    assert table["p_happy"].notna().sum() == 10


def test_without_identifiers_no_name_no_word_and_no_clock_is_left() -> None:
    session = replace(PAUSED, title="Ada's interview", consent_at=BEGAN_AT)
    about = {"calibrations": [{"face_id": 1, "measured_at": BEGAN_AT.isoformat()}]}
    source = _source(_two_faces(), session, people={1: "Ada"}, segments=(QUESTION,), about=about)
    pseudonyms = Pseudonyms()
    again = replace(source, session=make_session("2026-11-21-1300-calm-otter", title="Ada"))
    hidden = [pseudonyms.hide(source), pseudonyms.hide(again)]
    for ending in EXPORTS:
        content = exported(ending, *(hidden[:1] if ending == ".eaf" else hidden))
        for word in ("Ada", "Why", "1+1", "calm-otter", "2026-11-21"):
            assert word.encode() not in content, (ending, word)
    table = events_table(hidden[0])
    assert table.words.tolist() == ["mark 1", "resumed after 60 s"]
    assert set(table.t_utc) == {""}
    assert [one.session.id for one in hidden] == ["session 1", "session 2"]
    assert set(intervals_table(hidden[1]).person) == {"", "person 1"}


def test_stored_sessions_leave_with_segments_in_bins_of_chosen_length(
    store: SessionStore, tmp_path
) -> None:
    for name in ("one", "two"):
        store.begin(make_session(name))
        moments = [make_moment(at / 10, make_observation(at / 10)) for at in range(100)]
        store.append(name, moments, now=BEGAN_AT)
    begin_segment(store, "one", QUESTION)
    written = {ending: io.BytesIO() for ending in (".seconds.csv", ".intervals.csv")}
    options = ExportOptions(bin_s=5.0)
    for ending, out in written.items():
        write_sessions(store, ["one", "two"], (ending, out), models_dir=tmp_path, options=options)
        out.seek(0)
    bins = pd.read_csv(written[".seconds.csv"], encoding="utf-8-sig")
    assert bins[["session_id", "t_s"]].values.tolist() == [
        ["one", 0.0],
        ["one", 5.0],
        ["two", 0.0],
        ["two", 5.0],
    ]
    intervals = pd.read_csv(written[".intervals.csv"], encoding="utf-8-sig")
    assert intervals[intervals.kind == "question"].session_id.tolist() == ["one"]


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("A.CSV", ".csv"),
        ("a.seconds.csv", ".seconds.csv"),
        ("b.seconds.parquet", ".seconds.parquet"),
    ],
)
def test_the_longest_ending_chooses_the_format(name: str, ending: str) -> None:
    assert export_suffix(name) == ending
