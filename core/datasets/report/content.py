"""What a dataset report says, whichever way it is written, and how it writes numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.datasets.audit.problem import Problem, ProblemKind
from core.datasets.report.published_claims import PUBLISHED_CLAIMS, Claim
from core.datasets.summary.mean_faces import ClassFace
from core.datasets.summary.region_effects import Reading
from core.datasets.summary.summary import DatasetSummary
from core.domain import SplitProtocol
from core.domain.counted import counted, times

FEWEST_IN_A_MEAN = 30
"""A mean of fewer pictures can show a person, so a report without pictures leaves it out."""

_UNEVEN = 1.5  # largest class over smallest, from which on accuracy alone flatters the large ones
_DUPLICATES = (ProblemKind.EXACT_DUPLICATE, ProblemKind.NEAR_DUPLICATE)
_LABELS = (ProblemKind.LABEL, ProblemKind.DISPUTED)
_KIND_WORDS = {ProblemKind.LABEL: "Doubtful label", ProblemKind.DISPUTED: "Disputed label"}


@dataclass(frozen=True, eq=False)
class PreparationReport:
    """Everything a report is written from.

    Attributes:
        summary: counts, faces and regions.
        made_at: when it was made, with its time zone.
        problems: what is wrong with pictures; empty where nobody looked.
        claims: published shares beside what was measured, from `measured_claims`.
        notes: sentences of the person who made it.
    """

    summary: DatasetSummary
    made_at: datetime
    problems: tuple[Problem, ...] = ()
    claims: tuple[Claim, ...] = PUBLISHED_CLAIMS
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise ValueError(f"{self.made_at} has no time zone")

    @property
    def made(self) -> str:
        """When, as people read it."""
        return self.made_at.strftime("%Y-%m-%d %H:%M %Z")

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The dataset's own, then the person's."""
        return (*self.summary.notes, *self.notes)


def classes_to_show(faces: Sequence[ClassFace], *, with_pictures: bool) -> frozenset[str]:
    """Labels whose maps show no person; all of them where pictures of people were asked for.

    What is withheld can be worked out as a whole from the differences that are told: so classes of
    few pictures take the next smallest with them, until that whole is a mean of enough.
    """
    if with_pictures:
        return frozenset(face.label for face in faces)
    shown = sorted((face for face in faces if face.pictures), key=lambda face: -face.pictures)
    withheld = 0
    while shown and (shown[-1].pictures < FEWEST_IN_A_MEAN or 0 < withheld < FEWEST_IN_A_MEAN):
        withheld += shown.pop().pictures
    return frozenset(face.label for face in shown)


def findings(report: PreparationReport) -> tuple[str, ...]:
    """The report in a few sentences."""
    return tuple(
        sentence
        for part in (_about_counts, _about_balance, _about_problems, _about_regions)
        for sentence in part(report)
    )


def next_steps(report: PreparationReport) -> tuple[str, ...]:
    """What to do about it, most urgent first."""
    return tuple(
        sentence
        for part in (_after_counts, _after_balance, _after_problems, _after_regions)
        for sentence in part(report)
    ) or ("Nothing needs doing: train on it.",)


def protocol_sentences(protocol: SplitProtocol | None) -> tuple[str, ...]:
    """Which split is used for what, and what would spoil it."""
    if protocol is None:
        return (
            "Too little is labelled to divide these pictures into some to learn from and some to "
            "judge by.",
        )
    return (
        f"{protocol.learns} is learned from: weights are fitted on it.",
        f"{protocol.chooses} chooses: epoch, temperature and thresholds are taken from it.",
        f"{protocol.judges} judges: it is used once, for the final test.",
        f"Warning: whoever stops training, compares models or picks a threshold on "
        f"{protocol.judges} has no unseen pictures left, and reports too much.",
    )


def kind_words(kind: ProblemKind) -> str:
    """A kind of problem as it is written on screen."""
    return _KIND_WORDS.get(kind, kind.value.replace("_", " ").capitalize())


def percent(share: float) -> str:
    """A share in [0, 1] with one decimal: "13.9 %"."""
    return f"{share * 100:.1f} %"


def _about_counts(report: PreparationReport) -> Iterator[str]:
    summary = report.summary
    right = sum(check.ok for check in summary.checks)
    if summary.checks:
        verb = "is" if right == 1 else "are"
        yield f"{right} of {len(summary.checks)} published counts {verb} found again."
    yield from (one.sentence for one in summary.checks if one.is_explained and not one.ok)
    if summary.whole.unlabelled:
        yield (
            f"{summary.whole.unlabelled:,} of {counted(summary.whole.pictures, 'picture')} have no "
            "label; they are counted apart, and no other figure is about them."
        )


def _about_balance(report: PreparationReport) -> Iterator[str]:
    whole = report.summary.whole
    if not whole.labelled:
        return
    largest = max(whole.classes, key=lambda one: one.pictures)
    smallest = min(whole.classes, key=lambda one: one.pictures)
    if whole.imbalance is None:
        yield f"Without any picture: {', '.join(whole.empty)}."
    elif largest.pictures == smallest.pictures:
        yield "All classes have equally many pictures."
    elif more := times(whole.imbalance):
        yield (
            f"The largest class, {largest.label}, has {more} the pictures of the smallest, "
            f"{smallest.label} ({largest.pictures:,} and {smallest.pictures:,})."
        )
    else:
        yield (
            f"All classes have about equally many pictures, from {smallest.pictures:,} "
            f"({smallest.label}) to {largest.pictures:,} ({largest.label})."
        )


def _about_problems(report: PreparationReport) -> Iterator[str]:
    if not report.problems:
        yield "Nobody has looked for problems in these pictures yet."
        return
    worst = max(report.problems, key=lambda problem: problem.count)
    if worst.count == 0:
        yield f"{len(report.problems)} kinds of problem were looked for, and none was found."
        return
    yield (
        f"{len(report.problems)} kinds of problem were looked for. The most frequent is "
        f"“{kind_words(worst.kind).lower()}”, with {counted(worst.count, 'picture')}."
    )


def _about_regions(report: PreparationReport) -> Iterator[str]:
    regions = report.summary.regions
    shown = [one for one in regions if one.reading in (Reading.BEYOND, Reading.HIDDEN)]
    lit = [one for one in regions if one.reading in (Reading.LIGHTING, Reading.PARTLY)]
    if shown:
        most = max(shown, key=lambda one: one.levelled.eta_squared)
        yield (
            f"Classes differ most in {most.statistic} at the {most.region.name}: they explain "
            f"{percent(most.levelled.eta_squared)} of its variance, whatever the lighting."
        )
    if lit:
        most = max(lit, key=lambda one: one.raw.eta_squared)
        yield (
            f"{len(lit)} of {len(regions)} differences between classes are lighting, wholly or "
            f"mostly; the largest is {most.statistic} of the {most.region.name} "
            f"({percent(most.raw.eta_squared)} of its variance, then "
            f"{percent(most.levelled.eta_squared)})."
        )


def _after_counts(report: PreparationReport) -> Iterator[str]:
    summary = report.summary
    wrong = [check.what for check in summary.checks if not check.is_explained]
    if wrong:
        yield f"Find out why these counts differ from the published ones: {'; '.join(wrong)}."
    if not summary.whole.labelled:
        yield "Give labels: without them nothing can be learned or judged."
    elif summary.whole.unlabelled:
        yield "Label the pictures without a label, or leave them out of training and judging."
    if summary.whole.labelled and summary.protocol is None:
        yield "Add pictures until each class has enough to learn from and to judge by."


def _after_balance(report: PreparationReport) -> Iterator[str]:
    whole = report.summary.whole
    if whole.labelled and whole.empty:
        yield f"Add pictures of {', '.join(whole.empty)}, or use labels without it."
    if whole.imbalance is not None and whole.imbalance >= _UNEVEN:
        yield (
            "Train with class weights, or with a sampler, and judge by macro F1 beside "
            "accuracy: accuracy alone hides how the small classes fare."
        )


def _after_problems(report: PreparationReport) -> Iterator[str]:
    found = {problem.kind: problem.count for problem in report.problems if problem.count}
    if not report.problems:
        yield "Look for problems: blur, poor light, repeated pictures, doubtful labels."
    if any(kind in found for kind in _DUPLICATES):
        yield (
            "Keep repeated pictures on one side of the split, or leave the repeats out and judge "
            "once more: a picture that was learned is no test."
        )
    if any(kind in found for kind in _LABELS):
        yield "Look at the doubtful labels one by one; correct or leave out, and write down which."
    rest = [kind_words(kind).lower() for kind in found if kind not in _DUPLICATES + _LABELS]
    if rest:
        yield f"Look at the worst pictures before leaving any out: {', '.join(rest)}."


def _after_regions(report: PreparationReport) -> Iterator[str]:
    readings = {one.reading for one in report.summary.regions}
    if readings & {Reading.LIGHTING, Reading.PARTLY}:
        yield (
            "Vary brightness and contrast while training, so that a model does not learn how "
            "pictures of a class were lit."
        )


def weight_words(weight: float | None) -> str:
    """A class weight; a dash where a class has no pictures."""
    return "-" if weight is None else f"{weight:.3f}"


def p_words(p: float) -> str:
    """A p-value: three decimals say enough."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def claim_words(claim: Claim) -> tuple[str, str]:
    """What was measured, and whether the claim holds."""
    if claim.measured is None:
        return "not measured", "-"
    return percent(claim.measured), "yes" if claim.holds else "no"
