"""The codebook beside its columns: figures of the summary, and other files of an archive."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain import BLENDSHAPES, DEAD_BLENDSHAPES, EventKind, SegmentKind
from core.sessions.exporters.binned_columns import binned_columns
from core.sessions.exporters.codebook_measures import Row


def summary_rows() -> list[Row]:
    """How each figure of a session's summary follows from the columns, in the same four parts."""
    return [*_summary_of_everybody(), *_summary_of_changes()]


def _summary_of_everybody() -> list[Row]:
    return [
        ("Summary: Duration", "s", "0 or more", "last t_s minus first t_s"),
        ("Summary: Frames analysed", "count", "0 or more", "distinct frame"),
        (
            "Summary: Mean FPS",
            "1/s",
            "0 or more",
            "frames analysed over the seconds of all samples; rows of one t_s are one sample and "
            "have the same seconds, so each sample counts once",
        ),
        (
            "Summary: Usable time",
            "%",
            "0 to 100",
            "seconds of the samples with a usable row, over the seconds of all samples",
        ),
        ("Summary: Faces", "count", "0 or more", "distinct face_id"),
        (
            "Summary: Expression shown",
            "%",
            "0 to 100",
            "for each value of shown: its seconds, over the seconds of all usable rows",
        ),
        ("Summary: Most frequent expression", "", "", "the value of shown with the largest share"),
        (
            "Summary: By face",
            "",
            "",
            "for the rows of one face_id: In view, seconds of all; Usable time, seconds of the "
            "usable ones; for each value of shown its seconds over those",
        ),
        ("Summary: Unusable time", "s", "0 or more", "seconds of unusable rows, by reject_reason"),
    ]


def _summary_of_changes() -> list[Row]:
    return [
        (
            "Summary: Expression changes",
            "",
            "",
            "for each face_id, its usable rows sorted by t_s; a segment ends where shown differs, "
            "or after a gap longer than 1 s and than 1.5 times the median step between samples; "
            "segments shorter than 1 s, from first to last row, are dropped; a change is where the "
            "next segment has another value",
        ),
        (
            "Summary: Measures",
            "",
            "",
            "for the rows of one face_id: the mean of the first column of each measure over the "
            "rows where it is not empty, weighted by seconds; measured: the seconds of those rows "
            "over the seconds of all",
        ),
        (
            "Summary: Marks",
            "",
            "",
            "event_s and event of the first row of each sample, where not empty",
        ),
        (
            "Summary: Trend",
            "%",
            "0 to 100",
            "mean of each s_ column over the usable rows of each step of 0.5 s from the first t_s; "
            "sessions longer than 5 min have 600 longer steps",
        ),
    ]


def table_rows(table: str, of_rows: Sequence[Row]) -> list[Row]:
    """Column, unit, range and meaning of one of the tables, in its order.

    Args:
        table: "rows", "seconds", "intervals" or "events".
        of_rows: the codebook of the table of rows.
    """
    if table == "seconds":
        known = {row[0]: row for row in of_rows}
        begin = _seconds_rows()
        names = {row[0] for row in begin}
        return [*begin, *(known[name] for name in binned_columns(known) if name not in names)]
    own = {"intervals": _interval_rows, "events": _event_rows}
    return own[table]() if table in own else [*of_rows]


def _seconds_rows() -> list[Row]:
    return [
        _SESSION,
        _PERSON,
        ("face_id", "", "1 or more", "track number; empty: frames without a face"),
        (
            "t_s",
            "s",
            "0 or more",
            "where the bin begins; every number after usable is the mean over the bin's measured "
            "seconds of the column of the rows, and empty where it was not measured",
        ),
        ("t_utc", "ISO 8601", "", "the same as time of day, UTC, pauses included"),
        ("measured_s", "s", "0 or more", "seconds of the bin in which this face was analysed"),
        ("usable", "fraction", "0 to 1", "share of these in which the face was usable"),
        ("shown", "", "a label, not sure", "the value of shown with most seconds in the bin"),
    ]


def _interval_rows() -> list[Row]:
    return [
        _SESSION,
        (
            "kind",
            "",
            f"{', '.join(SegmentKind)}, pause, shown, measure",
            "what was asked, shown or done; a pause; where shown stays the same; where a measure "
            "that is 0 or 1 is 1",
        ),
        ("label", "", "text", "what was asked or shown; the value of shown; the measure's column"),
        _PERSON,
        ("face_id", "", "1 or more", "track number; empty: not of one face"),
        ("begins_s", "s", "0 or more", "begin, without pauses"),
        ("ends_s", "s", "0 or more", "end, likewise; a gap in which nothing was measured ends it"),
        ("duration_s", "s", "0 or more", "ends_s minus begins_s; of a pause how long it lasted"),
        ("begins_utc", "ISO 8601", "", "begin as time of day, UTC, pauses included"),
        ("ends_utc", "ISO 8601", "", "end, likewise"),
    ]


def _event_rows() -> list[Row]:
    return [
        _SESSION,
        ("t_s", "s", "0 or more", "moment of the mark; pauses are left out"),
        ("t_utc", "ISO 8601", "", "the same as time of day, UTC, pauses included"),
        ("kind", "", ", ".join(EventKind), "set by a person, or the end of a pause"),
        ("words", "", "text", "what was written; a leading ' as in event"),
    ]


_SESSION: Row = ("session_id", "", "text", "the session the row belongs to")
_PERSON: Row = (
    "person",
    "",
    "text",
    "whose face it is, where that was stored; a leading ' as in event",
)


def blendshape_rows() -> list[Row]:
    """The blendshapes where they stand beside the rows."""
    return [
        (
            name,
            "fraction",
            "0 to 1",
            "blendshape of MediaPipe (name of ARKit): how far this movement of the face goes"
            + ("; hardly ever above 0 in this landmarker" if name in DEAD_BLENDSHAPES else ""),
        )
        for name in BLENDSHAPES
    ]


def archive_rows() -> list[Row]:
    """What the other tables of an archive hold, in the same four parts."""
    dead = ", ".join(name for name in BLENDSHAPES if name in DEAD_BLENDSHAPES)
    others = [
        (f"{table}.csv: {column}", *rest)
        for table in ("seconds", "intervals", "events")
        for column, *rest in table_rows(table, ())
    ]
    return [
        *((one[0], one[1], one[2], one[3]) for one in others),
        (
            "blendshapes.csv: t_s, frame, face_id",
            "",
            "",
            "as in session.csv; one row for each face with landmarks",
        ),
        (
            "blendshapes.csv: all others",
            "fraction",
            "0 to 1",
            "blendshapes of MediaPipe (names of ARKit), in thousandths: how far each movement of "
            f"the face goes; hardly ever above 0 in this landmarker: {dead}",
        ),
        *_calibration_rows(),
    ]


def _calibration_rows() -> list[Row]:
    of = "session.json: calibrations"
    return [
        (
            of,
            "",
            "",
            "own values of each calibrated face, measured in this session or kept from an earlier "
            "one; a part that was skipped is null or empty",
        ),
        (f"{of}, face_id", "", "1 or more", "as in session.csv"),
        (f"{of}, measured_at", "ISO 8601", "", "when it was measured, UTC"),
        (
            f"{of}, cone",
            "degrees",
            "",
            "yaw and pitch of the head towards the screen, and the half angle that is facing",
        ),
        (f"{of}, rest", "fraction", "0 to 1", "median and spread of each blendshape at rest"),
        (f"{of}, eyes", "fraction", "0 to 1", "eyes_open of the open and of the closed eyes"),
        (f"{of}, lip_gap_sd", "fraction", "0 or more", "standard deviation of lip_gap at rest"),
    ]
