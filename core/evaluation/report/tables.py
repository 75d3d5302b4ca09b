"""The tables of a report as text cells, shared by the HTML page and the model card."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.counted import counted, tenths
from core.domain.wording import points, size, utc_moment
from core.evaluation.comparison.candidates import models_of
from core.evaluation.report.content import FullReport
from core.evaluation.report.sentences import entry, figure, million, share
from core.evaluation.scorecard.scorecard_metrics import METRIC_NAMES, UNITLESS_METRICS, metrics_of
from core.models import LIVE_FORMAT, ConvertedFormat


def protocol_table(report: FullReport) -> Table:
    """One row per metric, one column per protocol."""
    protocols = report.protocols
    rows: list[tuple[str, ...]] = [
        ("Pictures", *(f"{one.figures.pictures:,}" for one in protocols))
    ]
    metrics = [metrics_of(one.figures, one.scores) for one in protocols]
    for key, name in METRIC_NAMES.items():
        if metrics[0][key] is not None:
            shown = figure if key in UNITLESS_METRICS else share
            rows.append((name[0].upper() + name[1:], *(shown(one[key]) for one in metrics)))
    if any(one.without_duplicates is not None for one in protocols):
        rows.insert(
            2,
            ("Accuracy without duplicates", *(share(one.without_duplicates) for one in protocols)),
        )
    rows += [
        ("Coverage (answered)", *(share(one.scores.selective.answered) for one in protocols)),
        (
            "Accuracy when answered",
            *(share(one.scores.selective.accuracy_answered) for one in protocols),
        ),
        (
            "Accuracy when not sure",
            *(share(one.scores.selective.accuracy_not_sure) for one in protocols),
        ),
    ]
    return Table(("", *(one.name for one in protocols)), tuple(rows))


def class_table(report: FullReport) -> Table:
    """Precision, recall, F1 and areas of each class, on the first protocol."""
    curves = {one.label: one for one in report.first.scores.curves}
    rows = []
    for row in report.first.figures.per_class:
        curve = curves.get(row.label)
        rows.append(
            (
                row.label,
                f"{row.support:,}",
                share(row.precision),
                share(row.recall),
                figure(row.f1),
                figure(curve.auc if curve else None),
                figure(curve.average_precision if curve else None),
            )
        )
    head = ("Class", "Pictures", "Precision", "Recall", "F1", "ROC AUC", "Average precision")
    return Table(head, tuple(rows))


def confusion_table(report: FullReport) -> Table:
    """Rows are the labels, columns the predictions."""
    figures = report.first.figures
    rows = tuple(
        (label, *(f"{int(count):,}" for count in row))
        for label, row in zip(figures.classes, figures.counts, strict=True)
    )
    return Table(("Label", *figures.classes), rows)


def duplicates_table(report: FullReport) -> Table | None:
    """How many pictures duplicate one of which split; None where none were searched for."""
    searched = [one for one in report.protocols if one.duplicates is not None]
    if not searched:
        return None
    splits = tuple(dict.fromkeys(name for one in searched for name in one.duplicates or {}))
    rows = tuple(
        (
            one.name,
            *(f"{(one.duplicates or {}).get(name, 0):,}" for name in splits),
            share(one.figures.accuracy),
            share(one.without_duplicates),
        )
        for one in searched
    )
    head = (
        "Protocol",
        *(f"in {name}" for name in splits),
        "Accuracy",
        "Accuracy without duplicates",
    )
    return Table(head, rows)


def votes_table(report: FullReport) -> Table | None:
    """Agreement of model and labels with human votes; None without votes."""
    votes = report.fer_plus
    if votes is None:
        return None
    rows = (
        ("Model agrees with the majority vote", share(votes.model_and_majority)),
        ("Label agrees with the majority vote", share(votes.label_and_majority)),
        ("Model agrees with the label", share(votes.model_and_label)),
        (
            "Where vote and label differ, the model agrees with the vote",
            share(votes.majority_not_label),
        ),
    )
    return Table((f"{counted(votes.pictures, 'picture')} with a majority vote", "Share"), rows)


def mapped_table(report: FullReport) -> Table | None:
    """Metrics under fewer classes, one column per protocol; None where no mapping fits."""
    named = [(one.name, one.mapped) for one in report.protocols if one.mapped is not None]
    if not named:
        return None
    mapped = [one for _, one in named]
    label = mapped[0].figures.classes[-1]
    last = [one.figures.per_class[-1] for one in mapped]
    rows = (
        ("Pictures", *(f"{one.figures.pictures:,}" for one in mapped)),
        ("Accuracy", *(share(one.figures.accuracy) for one in mapped)),
        ("Balanced accuracy", *(share(one.figures.balanced_accuracy) for one in mapped)),
        (f"Precision of {label}", *(share(one.precision) for one in last)),
        (f"Recall of {label}", *(share(one.recall) for one in last)),
        ("ROC AUC", *(figure(one.auc) for one in mapped)),
    )
    return Table((f"Classes: {mapped[0].name}", *(name for name, _ in named)), rows)


def published_table(report: FullReport) -> Table | None:
    """Published figures with ours among them; None where it was evaluated on other pictures."""
    if not report.published:
        return None
    rows = tuple(
        (
            line.name,
            share(line.interval) if line.interval is not None else tenths(line.accuracy),
            "" if line.placing is None else line.placing.value,
            "measured here" if line.mark is None else line.mark.value,
            "" if line.weights is None else ("over " * line.or_more) + million(line.weights),
            line.note,
        )
        for line in report.published
    )
    bold = next(at for at, line in enumerate(report.published) if line.is_ours)
    head = ("Model", "Accuracy", "Compared with ours", "Credibility", "Weights", "Note")
    return Table(head, rows, bold, words_from=2)


def claims_table(report: FullReport) -> Table | None:
    """Claims of the recipe's authors with their outcomes; None without claims."""
    if not report.claims:
        return None
    rows = tuple(
        (one.claim.what, one.claimed, one.measured or "-", one.outcome.value, one.sentence)
        for one in report.claims
    )
    head = ("Claim", "Claimed", "Measured here", "Outcome", "Why")
    return Table(head, rows, words_from=3)


def formats_table(report: FullReport) -> Table | None:
    """Converted formats with parity and speed; None without any."""
    if not report.formats:
        return None
    head = (
        "Format",
        "Size",
        "Latency, 1 image",
        "Latency, 32 images",
        "Predictions changed",
        "Accuracy, points",
        "",
    )
    return Table(head, tuple(_format(row) for row in report.formats), words_from=6)


def facts_table(report: FullReport) -> Table:
    """What the model is and how it was made; of an ensemble, what its models share."""
    card, evaluation = report.card, report.evaluation
    rows = [
        ("Classes", f"{', '.join(evaluation.scheme.labels)} ({evaluation.scheme.name})"),
        ("Input", f"{card.input.size_px} x {card.input.size_px} px, cropped as {card.input.crop}"),
        ("Scores", f"softmax of the logits / {evaluation.temperature:.4f}"),
        ("Not sure", f"below {evaluation.not_sure_below:.3f}"),
        *_costs(report),
        *(_ensemble(report) if evaluation.together else _provenance(report)),
        ("Evaluated on", f"{evaluation.dataset}, content sha256 {evaluation.content_hash}"),
        ("Views per picture", f"{report.cost.looks} ({evaluation.views})"),
    ]
    return Table(("", ""), tuple(rows), words_from=1)


def recipe_table(report: FullReport) -> Table | None:
    """How it was trained, entry by entry; None where that is not known."""
    if not report.recipe:
        return None
    rows = tuple(
        (name.replace("_", " "), entry(value))
        for name, value in report.recipe.items()
        if value not in ("", 0, None)
    )
    return Table(("Entry", "Value"), rows, words_from=1)


def _costs(report: FullReport) -> list[tuple[str, str]]:
    cost = report.cost
    computes = "-" if cost.mmac is None else f"{cost.mmac:,.1f} million MACs"
    time = "not timed" if cost.ms is None else f"{cost.ms:.2f} ms ({cost.measured})"
    return [
        ("Weights", "-" if cost.weights is None else f"{cost.weights:,}"),
        ("Cost per picture", f"{computes}; {time}"),
        ("File", "-" if cost.file_bytes is None else size(cost.file_bytes)),
    ]


def _ensemble(report: FullReport) -> list[tuple[str, str]]:
    models = ", ".join(models_of(report.evaluation))
    return [("Ensemble", f"{models}: the mean of their calibrated scores")]


def _provenance(report: FullReport) -> list[tuple[str, str]]:
    card = report.card
    rows = [
        ("Created", f"{utc_moment(card.made_at)} by run {card.run_id}"),
        ("Recipe", card.recipe_as_run),
        ("Training data", card.trained_on),
    ]
    return [*rows, ("Origin", card.origin)] if card.origin else rows


def _format(row: ConvertedFormat) -> tuple[str, ...]:
    speed, parity = row.speed, row.parity
    change = None if parity is None else parity.accuracy_change
    return (
        "live model" if row.name == LIVE_FORMAT else row.name,
        size(row.size_bytes) if row.size_bytes else "-",
        "-" if speed is None else f"{speed.one.median_ms:.2f} ms",
        "-" if speed is None else f"{speed.many.median_ms:.1f} ms",
        "-" if parity is None else tenths(parity.changed_labels),
        "-" if change is None else points(change),
        "passed" if row.passed else f"refused: {row.refusal}",
    )


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first column names what a row is about.

    Attributes:
        head: of the columns.
        rows: cells, as many as the head has.
        bold: row set in bold; None for none.
        words_from: columns from here on hold text and not numbers.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bold: int | None = None
    words_from: int = 99
