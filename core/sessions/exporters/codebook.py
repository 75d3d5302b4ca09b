"""What each column of the session file means."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain import CONFIDENT2, EXPRESSIVENESS3, TO_CONFIDENT2, LabelScheme, RejectReason
from core.domain.merging import places_telling_all

_LATER = "empty until a person's own neutral baseline is measured"

BOX_SIDES = ("left", "top", "right", "bottom")

Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class ShownAs:
    """What a session was shown as.

    Attributes:
        labels: that could be shown, in order.
        not_sure_below: smoothed top scores under it are "not sure".
    """

    labels: tuple[str, ...]
    not_sure_below: float


def codebook_rows(scheme: LabelScheme, shown_as: ShownAs) -> list[Row]:
    """Column, unit, range and meaning, in the file's order.

    Args:
        scheme: the model's classes.
        shown_as: what the session is shown as.
    """
    return [
        *_seen(),
        *_posed(),
        *_scored(scheme),
        *_measured(scheme),
        *_shown(scheme, shown_as),
        *_boxes(),
        ("event_s", "s", "0 or more", "when each mark of event was set, with blanks between"),
    ]


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
            "frames analysed over the seconds of all moments; rows of one t_s are one moment and "
            "have the same seconds, so each moment counts once",
        ),
        (
            "Summary: Usable time",
            "%",
            "0 to 100",
            "seconds of the moments with a usable row, over the seconds of all moments",
        ),
        ("Summary: Faces", "count", "0 or more", "distinct face_id"),
        (
            "Summary: Expression shown",
            "%",
            "0 to 100",
            "of each text in shown: its seconds, over the seconds of all usable rows",
        ),
        ("Summary: Most frequent expression", "", "", "the text of shown with the largest share"),
        (
            "Summary: Each face",
            "",
            "",
            "of the rows of one face_id: In view, seconds of all; Usable time, seconds of the "
            "usable ones; of each text in shown its seconds over those",
        ),
        ("Summary: Not judged", "s", "0 or more", "seconds of each reject_reason, unusable rows"),
    ]


def _summary_of_changes() -> list[Row]:
    return [
        (
            "Summary: Expression changes",
            "",
            "",
            "for each face_id, its usable rows by t_s; a stretch ends where shown differs, or "
            "after a gap longer than 1 s and than 1.5 times the median step between moments; "
            "stretches shorter than 1 s, from first to last row, are left out; where the next "
            "stretch has another text, it begins a change",
        ),
        (
            "Summary: Marks",
            "",
            "",
            "event_s and event of the first row of each moment, where not empty",
        ),
        (
            "Summary: Trend",
            "%",
            "0 to 100",
            "mean of each s_ column over the usable rows of each step of 0.5 s from the first t_s; "
            "sessions longer than 5 min have 600 longer steps",
        ),
    ]


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
        (
            "face_id",
            "",
            "1 or more",
            "number of the person, by place and colours; empty: nobody was seen",
        ),
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
        (
            "pitch",
            "degrees",
            "-90 to 90",
            "head up is positive; empty where a face is too small to read it",
        ),
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


def _expressiveness() -> list[Row]:
    return [
        (
            "expressiveness",
            "ranges",
            "0 or more",
            "version 1: activity of the face in the 10 s before the row's second; mean over 32 "
            "blendshapes of how far each is above the face's median, in its range (5th to 95th "
            "percentile); brows and eyes alone while the mouth speaks; another "
            "expressiveness_basis is another scale",
        ),
        (
            "expressiveness_level",
            "",
            ", ".join(EXPRESSIVENESS3.labels),
            "the level of most of those seconds; shown by movement, never how a person feels",
        ),
        (
            "expressiveness_basis",
            "",
            "text",
            "own baseline: compared with the face's own last 10 min; not calibrated: with the norm "
            "of still faces, in its first 60 usable seconds; otherwise why it is empty",
        ),
    ]


def _measured(scheme: LabelScheme) -> list[Row]:
    return [
        ("confident", "fraction", "0 to 1", _of_two("confident", scheme, "p_")),
        ("tension", "", "", f"change from the person's own baseline; {_LATER}"),
        *_expressiveness(),
        (
            "facing",
            "",
            "0, 1",
            "whether the head points within 25 degrees of the camera; where pitch is empty, by yaw "
            "alone",
        ),
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
            "marks, joined by ;, on the first moment at or after them, or on the last; a leading ' "
            "keeps spreadsheets from running it",
        ),
    ]


def _shown(scheme: LabelScheme, shown_as: ShownAs) -> list[Row]:
    labels = ", ".join(shown_as.labels)
    return [
        (
            "seconds",
            "s",
            "0 to 1",
            "how long the row stands for: until the next moment, at most 1 s; the last moment as "
            "long as the median of the others, and one alone 1 s",
        ),
        (
            "shown",
            "",
            f"{labels}, not sure",
            "what was on screen: the label with the highest smoothed score, or not sure where that "
            f"is below {shown_as.not_sure_below:.4g}; empty where not usable. It says what the "
            "face shows, not what a person feels",
        ),
        ("stressed", "fraction", "0 to 1", _of_two("stressed", scheme, "p_")),
        *(
            (f"s_{label}", "fraction", "0 to 1", f"score of {label}, smoothed over time")
            for label in scheme.labels
        ),
        *(
            (f"s_{label}", "fraction", "0 to 1", _of_two(label, scheme, "s_"))
            for label in shown_as.labels
            if label not in scheme.labels
        ),
    ]


def _boxes() -> list[Row]:
    return [
        (
            f"box_{side}",
            "px",
            "may lie outside the frame",
            f"{side} side of the face's box, in pixels of the analysed frame from its "
            f"{'left' if side in {'left', 'right'} else 'top'} edge",
        )
        for side in BOX_SIDES
    ]


def _of_two(label: str, scheme: LabelScheme, prefix: str) -> str:
    """How the score of one of two classes follows from a model's own."""
    if label in scheme.labels:
        return f"score of {label}: the model names it itself"
    if label not in CONFIDENT2.labels or places_telling_all(scheme.labels, TO_CONFIDENT2) is None:
        return "empty: the model's classes do not say it"
    kept = [source for source, to in TO_CONFIDENT2.pairs if to is not None]
    sources = [source for source in kept if TO_CONFIDENT2[source] == label]
    return f"{_sum_of(sources, scheme, prefix)} over {_sum_of(kept, scheme, prefix)}"


def _sum_of(labels: list[str], scheme: LabelScheme, prefix: str) -> str:
    present = [label for label in labels if label in scheme.labels]
    return f"({' + '.join(f'{prefix}{label}' for label in present)})"
