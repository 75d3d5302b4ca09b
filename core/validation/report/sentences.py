"""The words of a report of a validation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.domain.counted import counted, interval_ends, percent
from core.domain.wording import p_value, shortened
from core.validation import measuring
from core.validation.correlation import Correlation
from core.validation.findings import RatingFindings, Relation, Trial
from core.validation.report.content import ValidationReport

ALPHA = 0.05

LIMITS = (
    "A correlation says how two orders agree, in this dataset and its setting; not why, and "
    "nothing about any one person.",
    "Nobody in the clips is calibrated, so facing, eyes, smile and tension are measured against "
    "typical values, and differences between faces are in them; within persons they matter less.",
    "No figure here chooses a threshold, and none is a reason to decide about people.",
)

METHODS = (
    "Each clip has the figures that Practice gives of an answer, without sound, the mean smile and "
    "the engagement index. Clips with under 60 % usable time are left out.",
    "A figure needs 60 % of the clip; blinks need 15 analysed frames a second, nods 10.",
    "Spearman: the correlation of ranks, with its 95 % CI in brackets. With several clips a person "
    "it is of the jackknife that leaves out one person at a time, on Fisher's z; otherwise that "
    "of Bonett & Wright 2000. Pearson: the correlation of values.",
    "Within persons: Pearson's correlation of what differs from each person's own mean.",
    "p is corrected for all measures and ratings of this report (Holm 1979).",
    "Chosen on some persons: the measure that agrees best is chosen on half of the persons, and "
    "tried on the other half; no person is on both sides.",
)

HEAD = ("Measure", "Clips", "Persons", "Spearman", "p", "Pearson", "Within persons", "Verdict")


def summary(report: ValidationReport) -> tuple[str, ...]:
    """How much of the dataset was used."""
    share = (
        "" if report.usable_share is None else f"; mean usable time {percent(report.usable_share)}"
    )
    used = f"{report.usable:,} of {counted(report.clips, 'clip')} used"
    people = f"{report.usable_persons:,} of {counted(report.persons, 'person', 'persons')}"
    return (f"{used}, by {people}{share}.", *report.notes)


def table_of(found: RatingFindings) -> list[tuple[str, ...]]:
    """A row for each measure, below `HEAD`."""
    return [
        (
            measuring.TITLES[one.measure],
            f"{one.clips:,}",
            f"{one.persons:,}",
            _figure(one.ranks),
            "" if one.adjusted_p is None else p_value(one.adjusted_p),
            _figure(one.values),
            _figure(one.within),
            verdict(one),
        )
        for one in found.relations
    ]


def verdict(one: Relation) -> str:
    """What may be said of a measure and a rating, in a few words."""
    if one.ranks is None:
        return "not measured" if one.clips == 0 else one.problem
    if one.adjusted_p is not None and one.adjusted_p < ALPHA:
        return "rise together" if one.ranks.interval.value > 0 else "one falls as the other rises"
    return "no correlation shown"


def trial_sentence(one: Trial) -> str:
    """What came of the measure that was chosen on others."""
    less = "less" if one.is_turned else "more"
    interval = one.ranks.interval
    outcome = "this can be chance"
    if interval.low > 0 or interval.high < 0:
        outcome = "this held" if interval.low > 0 else "it was the other way round"
    return (
        f"Chosen on {counted(one.chosen_on, 'person', 'persons')}: {less} of "
        f"“{measuring.TITLES[one.measure]}” with higher ratings. "
        f"In the other {one.ranks.persons:,} {outcome}: {_figure(one.ranks)}."
    )


def persons_of(found: RatingFindings) -> list[tuple[str, str, str, str]]:
    """Measure, person, clips and correlation, for persons with enough clips of their own."""
    return [
        (measuring.TITLES[one.measure], person, f"{own.count}", _figure(own))
        for one in found.relations
        for person, own in one.of_persons.items()
    ]


def unit_of(found: RatingFindings) -> str:
    """What one value is."""
    if found.is_of_persons:
        return "One value per person, as the rating is one per person."
    return "One value per clip."


def measure_limits(report: ValidationReport) -> list[tuple[str, str]]:
    """Title and limits of each measure that was compared."""
    return [(measuring.TITLES[name], measuring.LIMITS[name]) for name in report.clips_of_measures]


def terminal_lines(report: ValidationReport) -> Iterator[str]:
    """The report for a terminal: without single persons."""
    yield from summary(report)
    for found in report.findings:
        yield ""
        yield f"{found.rating}. {unit_of(found)}"
        yield from _aligned([HEAD, *table_of(found)])
        yield from map(trial_sentence, found.trials)
    yield ""
    yield from LIMITS


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _figure(found: Correlation | None) -> str:
    if found is None:
        return ""
    one = found.interval
    return f"{one.value:+.2f} {interval_ends(one.low, one.high, '+.2f')}"


def left_out_lines(report: ValidationReport) -> list[tuple[str, str]]:
    """Name of each clip that was not used, shortened, and why."""
    return [(shortened(name), why) for name, why in report.left_out.items()]
