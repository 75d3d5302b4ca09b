"""A report in sentences: findings, limits, intended use; and the formatting of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.domain import Interval
from core.domain.counted import counted, interval_ends, tenths
from core.domain.evaluation_report import FEW_PICTURES, few_pictures_limit
from core.domain.wording import exactly
from core.evaluation.comparison.published_results import summary
from core.evaluation.report.content import FullReport
from core.evaluation.robustness.corruptions import CORRUPTIONS
from core.evaluation.subgroups.presentation import groups_words


def findings(report: FullReport) -> tuple[str, ...]:
    """The report in a few sentences, most important first."""
    return tuple(sentence for part in _PARTS for sentence in part(report))


def limits(report: FullReport) -> tuple[str, ...]:
    """Limits for users of the model: those of its card, then those of this evaluation."""
    stated = report.card.few_pictures.items()
    few = {
        row.label: row.support
        for row in report.first.figures.per_class
        if 0 < row.support < FEW_PICTURES and (row.label, row.support) not in stated
    }
    of_evaluation = [few_pictures_limit(few)] if few else []
    if report.robustness is None:
        of_evaluation.append("Robustness to poor light, blur or distance was not measured.")
    of_evaluation += [note for groups in report.groups for note in groups.all_notes]
    return (*report.card.all_limits, *of_evaluation, *report.evaluation.notes)


def intended_use(report: FullReport) -> tuple[str, ...]:
    """Uses the model is meant for."""
    labels = ", ".join(report.card.scheme.labels)
    return (
        f"Predicting the expression shown in a picture of one face, as one of: {labels}.",
        "Practice, teaching and research with people who agreed to it, where a person reviews "
        "its predictions and may disagree.",
    )


def ethics(report: FullReport) -> tuple[str, ...]:
    """Ethical considerations of predicting expressions."""
    return (
        "It predicts the expression shown, which is not what somebody feels (Barrett et al. 2019).",
        "Inferring emotions of people at work or in education is prohibited in the EU (AI Act, "
        "Art. 5(1)(f)); elsewhere people must be told (Art. 50(3)).",
        "Nobody's race or gender was inferred to make these figures, so its performance across "
        "such groups is not known from them.",
        f"The report holds metrics on {counted(report.first.figures.pictures, 'picture')} and "
        "none of them.",
    )


def _accuracy(report: FullReport) -> Iterator[str]:
    first = report.first
    most, always = first.figures.majority_baseline
    yield (
        f"{report.name} has an accuracy of {share(first.figures.accuracy)} (95 % CI) on "
        f"{counted(first.figures.pictures, 'picture')} of {first.name}; always predicting {most} "
        f"would reach {tenths(always)}."
    )
    for other in report.protocols[1:]:
        note = f" {other.protocol.sentence}" if other.protocol.sentence else ""
        yield f"{other.name}: {share(other.figures.accuracy)}.{note}"


def _classes(report: FullReport) -> Iterator[str]:
    rows = [row for row in report.first.figures.per_class if row.support]
    if len(rows) < 2:
        return
    best, worst = max(rows, key=lambda row: row.f1.value), min(rows, key=lambda row: row.f1.value)
    yield (
        f"The best class is {best.label} (F1 {best.f1.value:.2f}), the worst {worst.label} "
        f"({worst.f1.value:.2f}); balanced accuracy is "
        f"{share(report.first.figures.balanced_accuracy)}."
    )


def _mapped(report: FullReport) -> Iterator[str]:
    mapped = report.first.mapped
    if mapped is not None:
        area = "" if mapped.auc is None else f", area under the ROC curve {figure(mapped.auc)}"
        yield (
            f"With the classes {mapped.name}: accuracy {share(mapped.figures.accuracy)} on "
            f"{counted(mapped.figures.pictures, 'picture')}{area}."
        )


def _confusion(report: FullReport) -> Iterator[str]:
    figures = report.first.figures
    pairs = [
        (int(count), truth, predicted)
        for truth, row in enumerate(figures.counts)
        for predicted, count in enumerate(row)
        if truth != predicted and count
    ]
    if not pairs:
        return
    count, truth, predicted = max(pairs)
    support = int(figures.counts[truth].sum())
    yield (
        f"The most frequent confusion is {figures.classes[truth]} predicted as "
        f"{figures.classes[predicted]}: {count:,} of {counted(support, 'picture')}."
    )


def _calibration(report: FullReport) -> Iterator[str]:
    scores = report.first.scores
    yield f"The expected calibration error is {share(scores.reliability.ece)}."
    sure = scores.selective
    if sure.accuracy_answered is not None and sure.answered.value < 1:
        yield (
            f'With a "not sure" threshold of {report.evaluation.not_sure_below:.2f}, coverage is '
            f"{tenths(sure.answered.value)} and accuracy when answered "
            f"{share(sure.accuracy_answered)}."
        )


def _duplicates(report: FullReport) -> Iterator[str]:
    first = report.first
    if first.duplicates is None or first.without_duplicates is None:
        return
    count = sum(first.duplicates.values())
    if count == 0:
        yield "None of these pictures is a duplicate of another one or of a training picture."
        return
    yield (f"Accuracy without {counted(count, 'duplicate')}: {share(first.without_duplicates)}.")


def _published(report: FullReport) -> Iterator[str]:
    if report.own is not None:
        yield summary(report.published, report.own)


def _robustness(report: FullReport) -> Iterator[str]:
    if report.robustness is None:
        return
    falls = [
        f"{_in_a_sentence(condition.title)} ({condition.from_here(curve.falls_at)})"
        for curve in report.robustness.curves
        if curve.falls_at is not None and (condition := CORRUPTIONS.get(curve.name)) is not None
    ]
    if falls:
        yield f"Accuracy drops significantly with {', '.join(falls)}."
    else:
        yield "None of the corruptions caused a significant drop in accuracy."


def _in_a_sentence(title: str) -> str:
    """A title in lower case; abbreviations stay as they are."""
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def _groups(report: FullReport) -> Iterator[str]:
    for groups in report.groups:
        yield f"{groups.title}: {groups_words(groups)}"


_PARTS: tuple[Callable[[FullReport], Iterator[str]], ...] = (
    _accuracy,
    _classes,
    _confusion,
    _calibration,
    _duplicates,
    _mapped,
    _published,
    _robustness,
    _groups,
)


def share(found: Interval | None) -> str:
    """A fraction with its interval: "68.7 % [67.1, 70.2]"; a dash where there is none."""
    return "-" if found is None else exactly(found)


def figure(found: Interval | None) -> str:
    """A number that is not a share, with its interval: "0.667 [0.642, 0.690]"."""
    if found is None:
        return "-"
    return f"{found.value:.3f} {interval_ends(found.low, found.high, '.3f')}"


def million(count: float | None) -> str:
    """A large number: "1.48 million"; a dash where it is not known."""
    if count is None:
        return "-"
    return f"{count / 1e6:.3g} million" if count >= 1e5 else f"{count:,.0f}"


def entry(value: object) -> str:
    """A value of a recipe; floats without trailing digits."""
    return f"{value:g}" if isinstance(value, float) else str(value)
