"""The tables of a report, cell by cell, in words: the page and the model card write the same."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.counted import counted
from core.domain.wording import points, size
from core.evaluation.comparison.candidates import models_of
from core.evaluation.report.content import FullReport
from core.evaluation.report.sentences import entry, figure, million, percent, share
from core.models import LIVE_FORMAT, ConvertedFormat


def protocol_table(report: FullReport) -> Table:
    """The figures, one row each, protocol beside protocol."""
    told = report.protocols
    rows: list[tuple[str, ...]] = [("Pictures", *(f"{one.figures.pictures:,}" for one in told))]
    shares = (
        ("Accuracy", "accuracy"),
        ("Balanced accuracy", "balanced_accuracy"),
        ("Macro-F1", "macro_f1"),
        ("Weighted F1", "weighted_f1"),
        ("Label among the two highest", "top_2"),
    )
    for words, name in shares:
        if getattr(told[0].figures, name) is not None:
            rows.append((words, *(share(getattr(one.figures, name)) for one in told)))
    if any(one.without_repeats is not None for one in told):
        rows.insert(2, ("Accuracy without repeats", *(share(one.without_repeats) for one in told)))
    rows += [
        ("Cohen's kappa", *(figure(one.figures.kappa) for one in told)),
        ("Matthews' correlation", *(figure(one.figures.matthews) for one in told)),
        ("Calibration error", *(share(one.scores.reliability.ece) for one in told)),
        ("Log loss, nats", *(figure(one.scores.reliability.log_loss) for one in told)),
        ("Brier score", *(figure(one.scores.reliability.brier) for one in told)),
        ("Coverage (answered)", *(share(one.scores.selective.answered) for one in told)),
        (
            "Accuracy when answered",
            *(share(one.scores.selective.accuracy_answered) for one in told),
        ),
        ("Right when not sure", *(share(one.scores.selective.accuracy_not_sure) for one in told)),
    ]
    return Table(("", *(one.name for one in told)), tuple(rows))


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
    head = ("Class", "Pictures", "Precision", "Recall", "F1", "ROC area", "Average precision")
    return Table(head, tuple(rows))


def confusion_table(report: FullReport) -> Table:
    """Rows are the labels, columns what the model said."""
    figures = report.first.figures
    rows = tuple(
        (label, *(f"{int(count):,}" for count in row))
        for label, row in zip(figures.classes, figures.counts, strict=True)
    )
    return Table(("Label", *figures.classes), rows)


def repeats_table(report: FullReport) -> Table | None:
    """How many pictures repeat one of which split; None where nobody looked."""
    told = [one for one in report.protocols if one.repeats is not None]
    if not told:
        return None
    splits = tuple(dict.fromkeys(name for one in told for name in one.repeats or {}))
    rows = tuple(
        (
            one.name,
            *(f"{(one.repeats or {}).get(name, 0):,}" for name in splits),
            share(one.figures.accuracy),
            share(one.without_repeats),
        )
        for one in told
    )
    head = ("Pictures of", *(f"repeat {name}" for name in splits), "Accuracy", "Without repeats")
    return Table(head, rows)


def votes_table(report: FullReport) -> Table | None:
    """The model and the labels beside people's votes; None without votes."""
    told = report.fer_plus
    if told is None:
        return None
    rows = (
        ("The model says what most people chose", share(told.model_and_majority)),
        ("The label says what most people chose", share(told.label_and_majority)),
        ("The model says what the label says", share(told.model_and_label)),
        (
            "Where people and label differ, the model sides with people",
            share(told.majority_not_label),
        ),
    )
    return Table((f"{counted(told.pictures, 'picture')} with a majority", "Share"), rows)


def mapped_table(report: FullReport) -> Table | None:
    """The figures under fewer classes, protocol beside protocol; None where no mapping fits."""
    told = [(one.name, one.seen_as) for one in report.protocols if one.seen_as is not None]
    if not told:
        return None
    seen = [one for _, one in told]
    label = seen[0].figures.classes[-1]
    last = [one.figures.per_class[-1] for one in seen]
    rows = (
        ("Pictures", *(f"{one.figures.pictures:,}" for one in seen)),
        ("Accuracy", *(share(one.figures.accuracy) for one in seen)),
        ("Balanced accuracy", *(share(one.figures.balanced_accuracy) for one in seen)),
        (f"Precision of {label}", *(share(one.precision) for one in last)),
        (f"Recall of {label}", *(share(one.recall) for one in last)),
        ("ROC area", *(figure(one.auc) for one in seen)),
    )
    return Table((f"Seen as {seen[0].name}", *(name for name, _ in told)), rows)


def published_table(report: FullReport) -> Table | None:
    """Others' figures with ours in its place; None where it was judged on other pictures."""
    if not report.published:
        return None
    rows = tuple(
        (
            line.name,
            share(line.interval) if line.interval is not None else percent(line.accuracy),
            "" if line.placing is None else line.placing.value,
            "measured here" if line.mark is None else line.mark.value,
            "" if line.weights is None else ("over " * line.or_more) + million(line.weights),
            line.note,
        )
        for line in report.published
    )
    bold = next(at for at, line in enumerate(report.published) if line.is_ours)
    head = ("Model", "Accuracy", "Ours beside it", "Credibility", "Weights", "Note")
    return Table(head, rows, bold, words_from=2)


def claims_table(report: FullReport) -> Table | None:
    """What its recipe's authors claim, and what became of it; None where they claim nothing."""
    if not report.claims:
        return None
    rows = tuple(
        (one.claim.what, one.claimed, one.measured or "-", one.outcome.value, one.sentence)
        for one in report.claims
    )
    head = ("Claim", "Claimed", "Measured here", "Outcome", "Why")
    return Table(head, rows, words_from=3)


def formats_table(report: FullReport) -> Table | None:
    """Every format it was converted to, with parity and speed; None where it was not."""
    if not report.formats:
        return None
    head = ("Format", "Size", "1 picture", "32 pictures", "Labels changed", "Accuracy, points", "")
    return Table(head, tuple(_format(row) for row in report.formats), words_from=6)


def facts_table(report: FullReport) -> Table:
    """What the model is and how it was made; of several that answer as one, what they share."""
    card, evaluation = report.card, report.evaluation
    rows = [
        ("Answers", f"{', '.join(evaluation.scheme.labels)} ({evaluation.scheme.name})"),
        ("Input", f"{card.input.size_px} x {card.input.size_px} px, cut out as {card.input.crop}"),
        ("Scores", f"softmax of the logits / {evaluation.temperature:.4f}"),
        ("Not sure", f"below {evaluation.not_sure_below:.3f}"),
        *_costs(report),
        *(_together(report) if evaluation.together else _made(report)),
        ("Judged on", f"{evaluation.dataset}, content sha256 {evaluation.content_hash}"),
        ("Views per picture", f"{report.cost.looks} ({evaluation.views})"),
    ]
    return Table(("", ""), tuple(rows), words_from=1)


def recipe_table(report: FullReport) -> Table | None:
    """How it was trained, entry by entry; None where that is not known any more."""
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
    computes = "-" if cost.mmac is None else f"{cost.mmac:,.1f} million multiply-accumulates"
    time = "not timed" if cost.ms is None else f"{cost.ms:.2f} ms ({cost.measured})"
    return [
        ("Weights", "-" if cost.weights is None else f"{cost.weights:,}"),
        ("A picture takes", f"{computes}; {time}"),
        ("File", "-" if cost.file_bytes is None else size(cost.file_bytes)),
    ]


def _together(report: FullReport) -> list[tuple[str, str]]:
    models = ", ".join(models_of(report.evaluation))
    return [("Answered by", f"{models}: the mean of their calibrated scores")]


def _made(report: FullReport) -> list[tuple[str, str]]:
    card = report.card
    rows = [
        ("Made", f"{card.made_at} by run {card.run_id}"),
        ("Recipe", card.recipe_as_run),
        ("Learned from", card.learned_from),
    ]
    return [*rows, ("From elsewhere", card.origin)] if card.origin else rows


def _format(row: ConvertedFormat) -> tuple[str, ...]:
    speed, parity = row.speed, row.parity
    change = None if parity is None else parity.accuracy_change
    return (
        "the live file" if row.name == LIVE_FORMAT else row.name,
        size(row.size_bytes) if row.size_bytes else "-",
        "-" if speed is None else f"{speed.one.median_ms:.2f} ms",
        "-" if speed is None else f"{speed.many.median_ms:.1f} ms",
        "-" if parity is None else percent(parity.changed_labels),
        "-" if change is None else points(change),
        "passed" if row.passed else f"refused: {row.refusal}",
    )


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first column names what a row is about.

    Attributes:
        head: of the columns.
        rows: cells, as many as the head has.
        bold: row that stands out; None for none.
        words_from: columns from here on hold words and not numbers.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bold: int | None = None
    words_from: int = 99
