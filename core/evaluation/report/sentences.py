"""A report in sentences: findings, limits, intended use; and how it writes numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.domain import Interval
from core.domain.counted import counted, interval_ends
from core.evaluation.comparison.published_results import summary
from core.evaluation.report.content import FullReport
from core.evaluation.robustness.corruptions import CORRUPTIONS
from core.evaluation.subgroups.presentation import groups_words

_FEW = 100  # a share of fewer pictures is known to ten points at best


def findings(report: FullReport) -> tuple[str, ...]:
    """The report in a few sentences, most important first."""
    return tuple(sentence for part in _PARTS for sentence in part(report))


def limits(report: FullReport) -> tuple[str, ...]:
    """What a user must know: the card's, then what this evaluation shows."""
    few = [
        f"{row.label} ({row.support})"
        for row in report.first.figures.per_class
        if 0 < row.support < _FEW
    ]
    told = list(report.card.all_limits)
    if few and not any("few pictures" in one.lower() for one in told):
        told.append(f"Few pictures to judge by, so uncertain figures: {', '.join(few)}.")
    if report.conditions is None:
        told.append("How it does in poor light, blurred or far away was not measured here.")
    told += [note for groups in report.groups for note in groups.notes]
    return (*told, *report.evaluation.notes)


def intended_use(report: FullReport) -> tuple[str, ...]:
    """What the model is for."""
    labels = ", ".join(report.card.scheme.labels)
    return (
        f"Naming the expression shown in a picture of one face, as one of: {labels}.",
        "Practice, teaching and research with people who agreed to it, where somebody looks at "
        "what it says and may disagree.",
    )


def ethics(report: FullReport) -> tuple[str, ...]:
    """What follows from whom it is about."""
    return (
        "It names an expression that is shown, which is not what somebody feels (Barrett et al. "
        "2019).",
        "Inferring emotions of people at work or in education is prohibited in the EU (AI Act, "
        "Art. 5(1)(f)); elsewhere people must be told (Art. 50(3)).",
        "Nobody's race or gender was inferred to make these figures, so nothing here says whether "
        "it does equally well for all.",
        f"The report holds numbers about {counted(report.first.figures.pictures, 'picture')} and "
        "none of them.",
    )


def _accuracy(report: FullReport) -> Iterator[str]:
    first = report.first
    most, always = first.figures.always
    yield (
        f"{report.name} names {share(first.figures.accuracy)} of "
        f"{counted(first.figures.pictures, 'picture')} of {first.name} as their label does; "
        f"always saying {most} would be right on {percent(always)}."
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
        f"It does best on {best.label} (F1 {best.f1.value:.2f}) and worst on {worst.label} "
        f"({worst.f1.value:.2f}); balanced accuracy is "
        f"{share(report.first.figures.balanced_accuracy)}."
    )


def _seen_as(report: FullReport) -> Iterator[str]:
    seen = report.first.seen_as
    if seen is not None:
        area = "" if seen.auc is None else f", area under the ROC curve {figure(seen.auc)}"
        yield (
            f"Seen as {seen.name}: {share(seen.figures.accuracy)} of "
            f"{counted(seen.figures.pictures, 'picture')}{area}."
        )


def _confused(report: FullReport) -> Iterator[str]:
    figures = report.first.figures
    pairs = [
        (int(count), truth, said)
        for truth, row in enumerate(figures.counts)
        for said, count in enumerate(row)
        if truth != said and count
    ]
    if not pairs:
        return
    count, truth, said = max(pairs)
    held = int(figures.counts[truth].sum())
    yield (
        f"Most often it takes {figures.classes[truth]} for {figures.classes[said]}: {count:,} of "
        f"{counted(held, 'picture')}."
    )


def _scores(report: FullReport) -> Iterator[str]:
    scores = report.first.scores
    yield f"Its confidence is off by {share(scores.reliability.ece)} on average."
    sure = scores.selective
    if sure.accuracy_answered is not None and sure.answered.value < 1:
        yield (
            f'With "not sure" below {report.evaluation.not_sure_below:.2f} it answers on '
            f"{percent(sure.answered.value)} of the pictures and is right on "
            f"{share(sure.accuracy_answered)} of these."
        )


def _repeats(report: FullReport) -> Iterator[str]:
    first = report.first
    if first.repeats is None or first.without_repeats is None:
        return
    count = sum(first.repeats.values())
    if count == 0:
        yield "None of these pictures repeats another one, or one that was learned from."
        return
    yield (
        f"Without the {counted(count, 'picture')} that repeat an earlier one: "
        f"{share(first.without_repeats)}."
    )


def _others(report: FullReport) -> Iterator[str]:
    if report.own is not None:
        yield summary(report.published, report.own)


def _conditions(report: FullReport) -> Iterator[str]:
    if report.conditions is None:
        return
    falls = [
        f"{_in_a_sentence(condition.title)} ({condition.from_here(curve.falls_at)})"
        for curve in report.conditions.curves
        if curve.falls_at is not None and (condition := CORRUPTIONS.get(curve.name)) is not None
    ]
    if falls:
        yield f"It is read worse, by more than chance, with {', '.join(falls)}."
    else:
        yield "None of the conditions tried made it worse by more than chance."


def _in_a_sentence(title: str) -> str:
    """A title in the middle of a sentence; abbreviations stay as they are."""
    return title if title.isupper() else title[0].lower() + title[1:]


def _groups(report: FullReport) -> Iterator[str]:
    for groups in report.groups:
        yield f"{groups.title}: {groups_words(groups)}"


_PARTS: tuple[Callable[[FullReport], Iterator[str]], ...] = (
    _accuracy,
    _classes,
    _confused,
    _scores,
    _repeats,
    _seen_as,
    _others,
    _conditions,
    _groups,
)


def percent(fraction: float) -> str:
    """A fraction with one decimal: "68.7 %"."""
    return f"{fraction * 100:.1f} %"


def share(found: Interval | None) -> str:
    """A fraction with its interval: "68.7 % [67.1, 70.2]"; a dash where there is none."""
    if found is None:
        return "-"
    return f"{percent(found.value)} {interval_ends(found.low * 100, found.high * 100, '.1f')}"


def figure(found: Interval | None) -> str:
    """A number that is no share, with its interval: "0.667 [0.642, 0.690]"."""
    if found is None:
        return "-"
    return f"{found.value:.3f} {interval_ends(found.low, found.high, '.3f')}"


def million(count: float | None) -> str:
    """A large number: "1.48 million"; a dash where nobody counted."""
    if count is None:
        return "-"
    return f"{count / 1e6:.3g} million" if count >= 1e5 else f"{count:,.0f}"


def entry(value: object) -> str:
    """A value of a recipe: numbers without their noise."""
    return f"{value:g}" if isinstance(value, float) else str(value)
