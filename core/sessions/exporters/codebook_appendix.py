"""The codebook beside its columns: figures of the summary, and other files of an archive."""

from __future__ import annotations

from core.domain import (
    BLENDSHAPES,
    DEAD_BLENDSHAPES,
    EventKind,
)
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


def archive_rows() -> list[Row]:
    """What the other tables of an archive hold, in the same four parts."""
    dead = ", ".join(name for name in BLENDSHAPES if name in DEAD_BLENDSHAPES)
    return [
        ("events.csv: t_s", "s", "0 or more", "moment of the mark; pauses are left out"),
        ("events.csv: kind", "", ", ".join(EventKind), "set by a person, or the end of a pause"),
        ("events.csv: words", "", "text", "what was written; a leading ' as in event"),
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
