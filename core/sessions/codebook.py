"""What each column of the session file means."""

from __future__ import annotations

from core.vocabulary import LabelScheme, RejectReason

_LATER = "empty until a person's own neutral baseline is measured"

Row = tuple[str, str, str, str]


def codebook_rows(scheme: LabelScheme) -> list[Row]:
    """Column, unit, range and meaning, in the file's order."""
    return [*_seen(), *_posed(), *_scored(scheme), *_measured()]


def _seen() -> list[Row]:
    reasons = ", ".join(reason.value for reason in RejectReason)
    return [
        ("session_id", "", "text", "the session the row belongs to"),
        (
            "t_utc",
            "ISO 8601",
            "",
            "moment of the frame, UTC, pauses included; of a recording: when its analysis began, "
            "plus t_s",
        ),
        ("t_s", "s", "0 or more", "seconds watched since the source began; pauses are left out"),
        ("frame", "count", "0 or more", "number of the frame in its source; skipped ones count"),
        ("face_id", "", "1 or more", "stable number of the face; empty: nobody was seen"),
        (
            "det_conf",
            "fraction",
            "0 to 1",
            "how sure the detector is; 1 where landmarks were found",
        ),
        ("usable", "", "True, False", "whether the expression of this row may be counted"),
        ("reject_reason", "", reasons, "why not; empty where usable"),
        ("brightness", "fraction", "0 to 1", "mean luma of the cut-out face"),
        (
            "blur",
            "ratio",
            "0 or more",
            "variance of the Laplacian over variance of the cut-out face; higher is sharper",
        ),
        ("face_px", "px", "above 0", "shorter side of the face's box in the frame"),
    ]


def _posed() -> list[Row]:
    return [
        ("yaw", "degrees", "-180 to 180", "head turned to the picture's right is positive"),
        ("pitch", "degrees", "-90 to 90", "head up is positive"),
        ("roll", "degrees", "-180 to 180", "head tilted clockwise in the picture is positive"),
    ]


def _scored(scheme: LabelScheme) -> list[Row]:
    return [
        *(
            (f"p_{label}", "fraction", "0 to 1", f"calibrated score of {label}, this frame alone")
            for label in scheme.labels
        ),
        ("top1", "", ", ".join(scheme.labels), "label with the highest score"),
        ("top1_conf", "fraction", "0 to 1", "that score"),
        ("entropy", "nats", "0 to log(classes)", "Shannon entropy of the scores: how undecided"),
    ]


def _measured() -> list[Row]:
    return [
        ("confident", "fraction", "0 to 1", "score of a model of two classes; empty of any other"),
        ("tension", "", "", f"change from the person's own baseline; {_LATER}"),
        ("expressiveness", "", "", f"facial activity above the person's own baseline; {_LATER}"),
        ("facing", "", "0, 1", "whether the head points within 25 degrees of the camera"),
        ("eyes_open", "fraction", "0 to 1", "1 minus the mean blink of both eyes"),
        (
            "perclos_60s",
            "fraction",
            "0 to 1",
            "share of the last 60 s with lids at least 80 % closed; empty before 10 s",
        ),
        ("index", "", "0 to 100", "engagement index; empty until its windows are measured"),
        ("index_version", "", "text", "version of the index's definition; empty likewise"),
        ("latency_ms", "ms", "0 or more", "time the analysis of the frame took"),
        (
            "event",
            "",
            "text",
            "a mark on the moment; a leading ' keeps spreadsheets from running it",
        ),
    ]
