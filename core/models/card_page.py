"""A model card, with the model's other formats, as a Markdown page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.domain import EvaluationReport, ModelCard, OutputKind, Scaling
from core.domain.counted import hundredths, interval_ends
from core.domain.intervals import SHARE_METHOD, Interval
from core.domain.markdown import code, escaped
from core.domain.wording import points, size, utc_moment
from core.models.converted_formats import LIVE_FORMAT, ConvertedFormat, Parity, Speed

_SCALES: Mapping[Scaling, str] = {
    Scaling.UNIT: "in [0, 1]",
    Scaling.SIGNED: "in [-1, 1]",
    Scaling.BYTES: "in [0, 255]",
    Scaling.IMAGENET: "in [0, 1] minus ImageNet mean, divided by its standard deviation",
    Scaling.MEAN_BYTES: "in [0, 255] minus ImageNet mean",
}


def card_as_markdown(card: ModelCard) -> str:
    """The card in Markdown; every figure comes from the card."""
    parts = [
        f"# Model card: {escaped(card.name)}",
        _facts(card),
        "## Evaluation",
        "Fractions, with 95 % confidence intervals (accuracy: "
        f"{SHARE_METHOD}; macro-F1: bootstrap). "
        "ECE is the expected calibration error over 15 bins, before and after temperature "
        f"scaling (T = {card.temperature:.3f}).",
        _figures(card),
        _other_datasets(card),
        *(_confusion(card, report) for report in card.own_reports[-1:]),
        "## Limits",
        _list(tuple(map(escaped, card.all_limits))),
        "## Not for",
        _list(tuple(map(escaped, card.not_for))),
        "## Files",
        _list(tuple(f"{code(name)} sha256 {code(found)}" for name, found in card.files.items())),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(card: ModelCard) -> str:
    made = escaped(f"{utc_moment(card.made_at)} by run {card.run_id}")
    return _list(
        (
            f"Classes: {escaped(', '.join(card.scheme.labels))} ({escaped(card.scheme.name)}), "
            "in this order",
            f"Input: float32 `{_shape(card)}`, {_colours(card)} {_SCALES[card.input.scaling]}, "
            f"face crop {code(card.input.crop)}, {card.input.interpolation} interpolation of "
            f"smaller faces; output: {_output(card)}",
            f'Shown as "not sure" below a score of {card.not_sure_below:.3f}',
            *_size(card),
            f"Trained {made} with the recipe {escaped(card.recipe_as_run)}"
            if not card.origin
            else f"Imported {made} from {escaped(card.origin)}",
            f"Training data: {escaped(card.trained_on)}",
        )
    )


def _shape(card: ModelCard) -> str:
    return f"(n, {', '.join(map(str, card.input.shape))})"


def _colours(card: ModelCard) -> str:
    return "greyscale" if card.input.channels == 1 else card.input.colour_order.upper()


def _output(card: ModelCard) -> str:
    """What its outputs are, and how they become scores."""
    which = f"outputs {', '.join(map(str, card.outputs))} of its " if card.outputs else ""
    if card.answers is OutputKind.LOGITS:
        return f"{which}logits; scores are softmax(logits / {card.temperature:.4f})"
    if card.answers is OutputKind.SIGMOIDS:
        return (
            f"{which}independent sigmoids p; scores are softmax(log(p / (1 - p)) / "
            f"{card.temperature:.4f})"
        )
    kind = f"{which}probabilities"
    if card.answers is OutputKind.SHARE:
        kind = "one output p in [0, 1]; probabilities are (1 - p, p)"
    return f"{kind}; scores are softmax(log(probabilities) / {card.temperature:.4f})"


def _size(card: ModelCard) -> tuple[str, ...]:
    """Parameters and MACs, as far as they are known."""
    known = []
    if card.weights:
        known.append(f"{card.weights:,} parameters")
    if card.mmac:
        known.append(f"{card.mmac:.1f} million MACs per picture")
    return (", ".join(known),) if known else ()


def _figures(card: ModelCard) -> str:
    if not card.own_reports:
        return "" if card.reports else "It has not been evaluated yet."
    head = "| split | pictures | accuracy | macro-F1 | ECE before | ECE after | log loss |"
    rows = [
        f"| {escaped(one.split)} | {one.pictures:,} | {_interval(one.accuracy)} | "
        f"{_interval(one.macro_f1)} | {one.ece_before:.4f} | {one.ece_after:.4f} | "
        f"{one.log_loss_after:.3f} |"
        for one in card.own_reports
    ]
    return "\n".join((head, "|---|---|---|---|---|---|---|", *rows))


def _other_datasets(card: ModelCard) -> str:
    """Evaluations on other datasets; empty where there are none."""
    rows = [
        f"| {escaped(one.dataset)} | {escaped(one.split)} | {one.pictures:,} | "
        f"{_interval(one.accuracy)} | {_interval(one.macro_f1)} | {one.ece_after:.4f} | "
        f"{one.log_loss_after:.3f} |"
        for one in card.reports
        if one.dataset
    ]
    if not rows:
        return ""
    head = "| other dataset | split | pictures | accuracy | macro-F1 | ECE | log loss |"
    return "\n".join((head, "|---|---|---|---|---|---|---|", *rows))


def _confusion(card: ModelCard, report: EvaluationReport) -> str:
    labels = " | ".join(map(escaped, card.scheme.labels))
    head = f"| {escaped(report.split)}: true \\ predicted | {labels} | recall | F1 |"
    line = "|---" * (len(card.scheme) + 3) + "|"
    rows = [
        f"| {escaped(one.label)} | {' | '.join(str(n) for n in counts)} | {one.recall:.3f} | "
        f"{one.f1:.3f} |"
        for one, counts in zip(report.per_class, report.counts, strict=True)
    ]
    return "\n".join((head, line, *rows))


def _interval(figure: Interval) -> str:
    return f"{figure.value:.4f} {interval_ends(figure.low, figure.high, '.4f')}"


def _list(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {line}" for line in lines)


_HEAD = (
    "| format | size | load | 1 picture | 32 pictures | largest score difference | "
    "predictions changed | accuracy change, points | |"
)


def formats_as_markdown(rows: Sequence[ConvertedFormat]) -> str:
    """A section in Markdown, starting with an empty line; empty where nothing was converted."""
    if not rows:
        return ""
    about = dict.fromkeys(f"Compared on {escaped(row.faces)}" for row in rows)
    machines = dict.fromkeys(_measured_on(row.speed) for row in rows if row.speed is not None)
    parts = [
        "## Formats",
        "Each format was run in its own runtime on the same faces as the network; beyond the "
        "tolerances it is refused. Latencies are medians for one call, in milliseconds, on "
        "one core with one thread.",
        "\n".join((_HEAD, "|---" * (_HEAD.count("|") - 1) + "|", *map(_row, rows))),
        "\n".join(f"- {line}" for line in (*about, *machines, *_checksums(rows))),
    ]
    return "\n" + "\n\n".join(parts) + "\n"


def _row(row: ConvertedFormat) -> str:
    name = "file used live" if row.name == LIVE_FORMAT else escaped(row.name)
    verdict = "passed" if row.passed else f"refused: {escaped(row.refusal)}"
    cells = (name, size(row.size_bytes) if row.size_bytes else "", *_times(row.speed))
    return f"| {' | '.join((*cells, *_parity_figures(row.parity), verdict))} |"


def _times(speed: Speed | None) -> tuple[str, ...]:
    if speed is None:
        return ("", "", "")
    return (
        f"{speed.load_ms:.0f} ms",
        f"{speed.one.median_ms:.2f} ms",
        f"{speed.many.median_ms:.1f} ms",
    )


def _parity_figures(parity: Parity | None) -> tuple[str, ...]:
    if parity is None:
        return ("", "", "")
    change = parity.accuracy_change
    return (
        f"{parity.max_difference:.2g}",
        hundredths(parity.changed_labels),
        "" if change is None else points(change),
    )


def _measured_on(speed: Speed) -> str:
    return f"Measured on {escaped(speed.machine)}."


def _checksums(rows: Sequence[ConvertedFormat]) -> list[str]:
    published = [row for row in rows if row.passed and row.file]
    named = [f"{code(row.file)} sha256 {code(row.sha256)}" for row in published]
    return list(dict.fromkeys(named))  # the model's own file may stand for two formats
