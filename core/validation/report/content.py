"""What a report of a validation contains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.validation.columns import ClipRow
from core.validation.findings import RatingFindings, find_relations
from core.validation.measuring import TITLES, MeasuredClip
from core.validation.rated_clip import RatedClips


@dataclass(frozen=True)
class ValidationReport:
    """A validation, as its files tell it.

    Attributes:
        dataset: its title.
        made_at: UTC, ISO 8601.
        model: name of the model that recognised expressions.
        every_s: sampling interval in seconds; 0 is every frame.
        clips, persons: of the dataset.
        usable: how many clips were used.
        usable_persons: how many people these show.
        usable_share: mean over the clips that could be read, in [0, 1]; None where none could.
        clips_of_measures: id of each measure -> in how many usable clips it was measured.
        left_out: name of a clip -> why it was not used.
        notes: sentences of the reader.
        findings: of each rating.
    """

    dataset: str
    made_at: str
    model: str
    every_s: float
    clips: int
    persons: int
    usable: int
    usable_persons: int
    usable_share: float | None
    clips_of_measures: dict[str, int]
    left_out: dict[str, str]
    notes: tuple[str, ...]
    findings: tuple[RatingFindings, ...]


def make_report(
    dataset: RatedClips,
    measured: Sequence[MeasuredClip],
    *,
    model: str,
    every_s: float,
    made_at: str,
) -> ValidationReport:
    """Relate what was measured to the ratings; nothing is left out silently.

    Args:
        measured: all clips of the dataset.
        model, every_s, made_at: as in the report.
    """
    rows = [
        ClipRow(one.clip.person, one.clip.ratings, one.figures.values, one.clip.is_rest)
        for one in measured
        if one.figures is not None and not one.left_out
    ]
    shares = [one.figures.usable_share for one in measured if one.figures is not None]
    return ValidationReport(
        dataset=dataset.title,
        made_at=made_at,
        model=model,
        every_s=every_s,
        clips=len(dataset.clips),
        persons=dataset.persons,
        usable=len(rows),
        usable_persons=len({row.person for row in rows}),
        usable_share=sum(shares) / len(shares) if shares else None,
        clips_of_measures={
            **dict.fromkeys(TITLES, 0),
            **Counter(n for row in rows for n in row.values),
        },
        left_out={one.clip.name: one.left_out for one in measured if one.left_out},
        notes=dataset.notes,
        findings=find_relations(rows, dataset.ratings, tuple(TITLES)),
    )
