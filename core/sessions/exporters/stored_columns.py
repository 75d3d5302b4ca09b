"""What the columns mean that stand as they were stored, and the further files of an archive."""

from __future__ import annotations

from core.domain import BLENDSHAPES, DEAD_BLENDSHAPES, EventKind, Eye

_BEFORE = "empty in sessions of earlier versions"


def stored_rows() -> list[tuple[str, str, str, str]]:
    """Column, unit, range and meaning of the last columns of the session file."""
    return [
        ("event_s", "s", "0 or more", "time of each mark in event, separated by spaces"),
        (
            "lip_gap",
            "fraction",
            "0 or more",
            "between the inner lips, over the height from forehead to chin; empty without "
            f"landmarks; {_BEFORE}",
        ),
        (
            "label_shown",
            "",
            "a label, not sure",
            "what was on screen at that moment, whatever view was chosen then; empty before a face "
            f"was known, and where it was not usable; {_BEFORE}",
        ),
        (
            "eye",
            "",
            ", ".join(Eye),
            "where the numbers were made: on the server from frames, or in the person's browser; "
            f"{_BEFORE}",
        ),
    ]


def archive_rows() -> list[tuple[str, str, str, str]]:
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
    ]
