"""The codebook: the meaning of each column of the session file."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain import (
    CONFIDENT2,
    TO_CONFIDENT2,
    AnalysisSite,
    LabelScheme,
    RejectReason,
)
from core.domain.merging import complete_class_indices
from core.sessions.exporters.codebook_measures import (
    MEASURES_AFTER_EYES,
    MEASURES_BEFORE_EYES,
    Row,
    later_measure_rows,
    measure_rows,
)

_BEFORE = "empty in sessions of earlier versions"

BOX_SIDES = ("left", "top", "right", "bottom")


@dataclass(frozen=True)
class ShownAs:
    """The view of a session.

    Attributes:
        labels: of the view, in order.
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
        *_detection_rows(),
        *_pose_rows(),
        *_score_rows(scheme),
        *_derived_rows(scheme),
        *_shown_rows(scheme, shown_as),
        *_box_rows(),
        *_stored(),
        *later_measure_rows(),
    ]


def _detection_rows() -> list[Row]:
    reasons = ", ".join(reason.value for reason in RejectReason)
    return [
        ("session_id", "", "text", "the session the row belongs to"),
        (
            "t_utc",
            "ISO 8601",
            "",
            "time of the frame, UTC, pauses included; for a recording: the start of its analysis "
            "plus t_s",
        ),
        ("t_s", "s", "0 or more", "seconds since the source started, without pauses"),
        ("frame", "count", "0 or more", "index of the frame in its source; skipped frames count"),
        ("face_id", "", "1 or more", "track number, by position and colours; empty: no face"),
        ("det_conf", "fraction", "0 to 1", "detector confidence; 1 where landmarks were found"),
        ("usable", "", "True, False", "whether the expression of the face could be recognised"),
        ("reject_reason", "", reasons, "why the face was not usable; empty where usable"),
        ("brightness", "fraction", "0 to 1", "mean luma of the face crop"),
        (
            "blur",
            "ratio",
            "0 or more",
            "Laplacian variance over variance of the crop; higher is sharper",
        ),
        ("face_px", "px", "above 0", "shorter side of the face's box in the frame"),
    ]


def _pose_rows() -> list[Row]:
    return [
        ("yaw", "degrees", "-180 to 180", "head turned to the right of the image is positive"),
        ("pitch", "degrees", "-90 to 90", "head up is positive; empty where the face is too small"),
        ("roll", "degrees", "-180 to 180", "head tilted clockwise in the image is positive"),
    ]


def _score_rows(scheme: LabelScheme) -> list[Row]:
    return [
        *(
            (
                f"p_{label}",
                "fraction",
                "0 to 1",
                f"calibrated probability of {label}, one frame",
            )
            for label in scheme.labels
        ),
        (
            "top1",
            "",
            ", ".join(scheme.labels),
            "predicted label: highest probability",
        ),
        ("top1_conf", "fraction", "0 to 1", "probability of top1"),
        ("entropy", "nats", "0 to log(classes)", "Shannon entropy of the probabilities"),
    ]


def _derived_rows(scheme: LabelScheme) -> list[Row]:
    of_measures = measure_rows()
    return [
        ("confident", "fraction", "0 to 1", _two_class_meaning("confident", scheme, "p_")),
        *(of_measures[name] for name in MEASURES_BEFORE_EYES),
        ("eyes_open", "fraction", "0 to 1", "1 minus the mean of both eyeBlink blendshapes"),
        *(of_measures[name] for name in MEASURES_AFTER_EYES),
        ("latency_ms", "ms", "0 or more", "analysis time of the frame"),
        (
            "event",
            "",
            "text",
            "marks, joined by ;, on the first sample at or after them, or on the last; a leading ' "
            "keeps spreadsheets from running it as a formula",
        ),
    ]


def _shown_rows(scheme: LabelScheme, shown_as: ShownAs) -> list[Row]:
    labels = ", ".join(shown_as.labels)
    return [
        (
            "seconds",
            "s",
            "0 to 1",
            "duration of the row: until the next sample, at most 1 s; for the last sample the "
            "median of the others; for a single sample 1 s",
        ),
        (
            "shown",
            "",
            f"{labels}, not sure",
            "expression shown: the label with the highest smoothed score, or not sure where that "
            f"is below {shown_as.not_sure_below:.4g}; empty where not usable, and where measures "
            "only were chosen. It is what the face shows, not what a person feels",
        ),
        ("stressed", "fraction", "0 to 1", _two_class_meaning("stressed", scheme, "p_")),
        *(
            (f"s_{label}", "fraction", "0 to 1", f"probability of {label}, smoothed over time")
            for label in scheme.labels
        ),
        *(
            (f"s_{label}", "fraction", "0 to 1", _two_class_meaning(label, scheme, "s_"))
            for label in shown_as.labels
            if label not in scheme.labels
        ),
    ]


def _box_rows() -> list[Row]:
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


def _stored() -> list[Row]:
    """Of columns that stand as they were stored, whatever the session is shown as."""
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
            ", ".join(AnalysisSite),
            "where the numbers were made: on the server from frames, or in the person's browser; "
            f"{_BEFORE}",
        ),
    ]


def _two_class_meaning(label: str, scheme: LabelScheme, prefix: str) -> str:
    """How the score of one of two classes follows from a model's own."""
    if label in scheme.labels:
        return f"probability of {label}, a class of the model"
    if (
        label not in CONFIDENT2.labels
        or complete_class_indices(scheme.labels, TO_CONFIDENT2) is None
    ):
        return "empty: it cannot be derived from the model's classes"
    used = [source for source, to in TO_CONFIDENT2.pairs if to is not None]
    sources = [source for source in used if TO_CONFIDENT2[source] == label]
    return f"{_sum_of(sources, scheme, prefix)} over {_sum_of(used, scheme, prefix)}"


def _sum_of(labels: list[str], scheme: LabelScheme, prefix: str) -> str:
    present = [label for label in labels if label in scheme.labels]
    return f"({' + '.join(f'{prefix}{label}' for label in present)})"
