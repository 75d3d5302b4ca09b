"""Content of a dataset report, shared by its formats, and how it formats numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.datasets.audit.problem import Problem, ProblemKind
from core.datasets.report.published_claims import PUBLISHED_CLAIMS, Claim
from core.datasets.summary.mean_faces import ClassFace
from core.datasets.summary.region_effects import Interpretation
from core.datasets.summary.summary import DatasetSummary
from core.domain import SplitProtocol
from core.domain.counted import counted, tenths, times

FEWEST_IN_A_MEAN = 30
"""A mean of fewer pictures may show a person, so a report without pictures omits it."""

_IMBALANCED = 1.5  # largest class over smallest; from here on accuracy alone is misleading
_DUPLICATES = (ProblemKind.EXACT_DUPLICATE, ProblemKind.NEAR_DUPLICATE)
_LABELS = (ProblemKind.LABEL, ProblemKind.DISPUTED)
_KIND_WORDS = {
    ProblemKind.BURNT_OUT: "Clipped highlights or shadows",
    ProblemKind.NO_FACE: "No face detected",
    ProblemKind.OFF_CENTRE: "Face off centre",
    ProblemKind.LABEL: "Likely label error",
    ProblemKind.DISPUTED: "Label against majority vote",
}


@dataclass(frozen=True, eq=False)
class PreparationReport:
    """Inputs of a report.

    Attributes:
        summary: counts, faces and regions.
        made_at: time of the report, aware.
        problems: results of the audit; empty without an audit.
        claims: published and measured shares, from `measured_claims`.
        notes: further sentences, such as those of the audit.
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
        """Time of the report, formatted."""
        return self.made_at.strftime("%d %b %Y, %H:%M %Z")

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The dataset's notes, then the report's."""
        return (*self.summary.notes, *self.notes)


def classes_to_show(faces: Sequence[ClassFace], *, with_pictures: bool) -> frozenset[str]:
    """Labels whose maps may be shown; all of them where pictures of people were requested.

    The mean of all withheld classes together can be derived from the published differences. So the
    next smallest classes are withheld too, until that mean covers `FEWEST_IN_A_MEAN` pictures.
    """
    if with_pictures:
        return frozenset(face.label for face in faces)
    shown = sorted((face for face in faces if face.pictures), key=lambda face: -face.pictures)
    withheld = 0
    while shown and (shown[-1].pictures < FEWEST_IN_A_MEAN or 0 < withheld < FEWEST_IN_A_MEAN):
        withheld += shown.pop().pictures
    return frozenset(face.label for face in shown)


def findings(report: PreparationReport) -> tuple[str, ...]:
    """The findings, one sentence each."""
    return tuple(
        sentence
        for part in (_count_findings, _balance_findings, _problem_findings, _region_findings)
        for sentence in part(report)
    )


def next_steps(report: PreparationReport) -> tuple[str, ...]:
    """Recommended next steps, most urgent first."""
    return tuple(
        sentence
        for part in (_count_steps, _balance_steps, _problem_steps, _region_steps)
        for sentence in part(report)
    ) or ("No problem found: the dataset can be used for training.",)


def protocol_sentences(protocol: SplitProtocol | None) -> tuple[str, ...]:
    """The roles of the splits, and a warning about misuse of the test split."""
    if protocol is None:
        return ("Too few labelled pictures for a train / validation / test split.",)
    return (
        f"{protocol.train} is the training split: weights are fitted on it.",
        f"{protocol.validation} is the validation split: epoch, temperature and thresholds are "
        "chosen on it.",
        f"{protocol.test} is the test split: it is used once, for the final test.",
        f"Warning: early stopping, model selection or threshold tuning on {protocol.test} "
        "makes its figures optimistic: no unseen pictures are left.",
    )


def kind_words(kind: ProblemKind) -> str:
    """The name of a kind of problem on screen."""
    return _KIND_WORDS.get(kind, kind.value.replace("_", " ").capitalize())


def _count_findings(report: PreparationReport) -> Iterator[str]:
    summary = report.summary
    confirmed = sum(check.ok for check in summary.checks)
    if summary.checks:
        verb = "is" if confirmed == 1 else "are"
        yield f"{confirmed} of {len(summary.checks)} published counts {verb} confirmed."
    yield from (one.sentence for one in summary.checks if one.is_explained and not one.ok)
    if summary.whole.unlabelled:
        yield (
            f"{summary.whole.unlabelled:,} of {counted(summary.whole.pictures, 'picture')} "
            "have no label; they are counted separately and used for no other figure."
        )


def _balance_findings(report: PreparationReport) -> Iterator[str]:
    whole = report.summary.whole
    if not whole.labelled:
        return
    largest = max(whole.classes, key=lambda one: one.pictures)
    smallest = min(whole.classes, key=lambda one: one.pictures)
    if whole.imbalance is None:
        yield f"Classes without pictures: {', '.join(whole.empty)}."
    elif largest.pictures == smallest.pictures:
        yield "The classes are balanced."
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


def _problem_findings(report: PreparationReport) -> Iterator[str]:
    if not report.problems:
        yield "The pictures have not been audited yet."
        return
    worst = max(report.problems, key=lambda problem: problem.count)
    if worst.count == 0:
        yield f"{len(report.problems)} kinds of problem were checked, and none was found."
        return
    yield (
        f"{len(report.problems)} kinds of problem were checked. The most frequent is "
        f"“{kind_words(worst.kind).lower()}”, with {counted(worst.count, 'picture')}."
    )


def _region_findings(report: PreparationReport) -> Iterator[str]:
    regions = report.summary.regions
    shown = [
        one
        for one in regions
        if one.interpretation in (Interpretation.BEYOND, Interpretation.HIDDEN)
    ]
    from_lighting = [
        one
        for one in regions
        if one.interpretation in (Interpretation.LIGHTING, Interpretation.PARTLY)
    ]
    if shown:
        most = max(shown, key=lambda one: one.normalised.eta_squared)
        yield (
            f"Classes differ most in {most.statistic} at the {most.region.name}: they explain "
            f"{tenths(most.normalised.eta_squared)} of its variance, independently of the "
            "lighting."
        )
    if from_lighting:
        most = max(from_lighting, key=lambda one: one.raw.eta_squared)
        yield (
            f"{len(from_lighting)} of {len(regions)} differences between classes are lighting, "
            f"wholly or mostly; the largest is {most.statistic} of the {most.region.name} "
            f"({tenths(most.raw.eta_squared)} of its variance, then "
            f"{tenths(most.normalised.eta_squared)})."
        )


def _count_steps(report: PreparationReport) -> Iterator[str]:
    summary = report.summary
    wrong = [check.what for check in summary.checks if not check.is_explained]
    if wrong:
        yield f"Find out why these counts differ from the published ones: {'; '.join(wrong)}."
    if not summary.whole.labelled:
        yield "Add labels: training and evaluation need them."
    elif summary.whole.unlabelled:
        yield "Label the unlabelled pictures, or exclude them from training and evaluation."
    if summary.whole.labelled and summary.protocol is None:
        yield "Add pictures until each class has enough for training, validation and test."


def _balance_steps(report: PreparationReport) -> Iterator[str]:
    whole = report.summary.whole
    if whole.labelled and whole.empty:
        yield f"Add pictures of {', '.join(whole.empty)}, or use labels without it."
    if whole.imbalance is not None and whole.imbalance >= _IMBALANCED:
        yield (
            "Train with class weights or a balanced sampler, and report macro-F1 beside "
            "accuracy: accuracy alone hides poor results on small classes."
        )


def _problem_steps(report: PreparationReport) -> Iterator[str]:
    found = {problem.kind: problem.count for problem in report.problems if problem.count}
    if not report.problems:
        yield "Run an audit: picture quality, duplicates and label noise."
    if any(kind in found for kind in _DUPLICATES):
        yield (
            "Keep duplicates in one split, or exclude them and evaluate again: duplicates of "
            "training pictures in the test split are leakage."
        )
    if any(kind in found for kind in _LABELS):
        yield "Review the likely label errors one by one; relabel or exclude them."
    rest = [kind_words(kind).lower() for kind in found if kind not in _DUPLICATES + _LABELS]
    if rest:
        yield f"Review the worst pictures before excluding any: {', '.join(rest)}."


def _region_steps(report: PreparationReport) -> Iterator[str]:
    interpretations = {one.interpretation for one in report.summary.regions}
    if interpretations & {Interpretation.LIGHTING, Interpretation.PARTLY}:
        yield (
            "Use brightness and contrast augmentation, so that a model does not learn how the "
            "pictures of a class were lit."
        )


def weight_words(weight: float | None) -> str:
    """A class weight as text; a dash where a class has no pictures."""
    return "-" if weight is None else f"{weight:.3f}"


def claim_words(claim: Claim) -> tuple[str, str]:
    """The measured share, and whether the claim holds, as text."""
    if claim.measured is None:
        return "not measured", "-"
    return tenths(claim.measured), "yes" if claim.holds else "no"
