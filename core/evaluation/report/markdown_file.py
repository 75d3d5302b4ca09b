"""A report as a model card in Markdown, under the headings of Mitchell et al. (2019)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.domain.counted import counted
from core.domain.intervals import SHARE_METHOD
from core.domain.markdown import code, escaped
from core.evaluation.report import robustness_tables, sentences, tables
from core.evaluation.report.content import EvaluatedProtocol, FullReport
from core.evaluation.report.tables import Table


def to_markdown(report: FullReport) -> str:
    """The card: figures with intervals, data, limits, and uses it is not for."""
    parts: list[str] = [f"# Model card: {escaped(report.name)}"]
    for heading, body in _sections(report):
        written = [one for one in body if one]
        if written:
            parts += [f"## {heading}", *written]
    return "\n\n".join(parts) + "\n"


def _sections(report: FullReport) -> Iterator[tuple[str, Iterable[str]]]:
    first = report.first
    yield "Model details", (_table(tables.facts_table(report)), *_files(report))
    yield "Intended use", (_list(sentences.intended_use(report)), *_not_for(report))
    yield "Factors", _factors(report)
    yield "Metrics", (_METRICS,)
    yield "Evaluation data", _evaluation_data(report)
    yield "Training data", (f"{escaped(report.card.trained_on)}.", *_training(report))
    yield (
        "Quantitative analyses",
        (
            _list(sentences.findings(report)),
            "### Metrics",
            _table(tables.protocol_table(report)),
            f"### Per-class metrics on {escaped(first.name)}",
            _table(tables.class_table(report)),
            "### Confusion matrix: labels in rows, predictions in columns",
            _table(tables.confusion_table(report)),
            *_titled("With fewer classes", tables.mapped_table(report)),
            *_titled("Without duplicates of training pictures", tables.duplicates_table(report)),
            *_titled("Agreement with ten raters' votes (FER+)", tables.votes_table(report)),
            *_titled("Compared with published models", tables.published_table(report)),
            *_titled("Claims of the recipe's authors", tables.claims_table(report)),
        ),
    )
    yield "Ethical considerations", (_list(sentences.ethics(report)),)
    yield "Caveats and recommendations", (_list(sentences.limits(report)),)


_METRICS = (
    "Accuracy is the share of pictures predicted correctly; balanced accuracy is the mean of the "
    "classes' recalls, macro-F1 the mean of their F1. The calibration error is the mean gap "
    "between confidence and accuracy over 15 bins. In brackets are 95 % CI: "
    f"{SHARE_METHOD}'s for shares of pictures, percentile bootstrap for means over classes and for "
    "the calibration error, DeLong's for areas under ROC curves."
)


def _files(report: FullReport) -> Iterator[str]:
    files = [f"{code(name)} sha256 {code(found)}" for name, found in report.card.files.items()]
    if files:
        yield "### Files"
        yield "\n".join(f"- {line}" for line in files)
    yield from _titled("Other formats", tables.formats_table(report))


def _not_for(report: FullReport) -> Iterator[str]:
    if report.card.not_for:
        yield "### Not for"
        yield _list(report.card.not_for)


def _factors(report: FullReport) -> Iterator[str]:
    robustness = (
        "The table below shows accuracy on corrupted pictures; a star marks levels with a "
        "significant drop."
        if report.robustness
        else "The effect of light, blur, distance or head pose was not measured."
    )
    yield (
        "Nobody's race or gender was inferred; figures of groups are given only where somebody "
        f"declared them. {robustness}"
    )
    table = robustness_tables.corruption_table(report)
    if table is not None:
        yield _table(table)
    yield from _titled("By picture quality", robustness_tables.quality_table(report))
    yield from _titled(
        "Face detection: share of usable faces", robustness_tables.detection_table(report)
    )
    for groups in report.groups:
        yield from _titled("Declared groups", robustness_tables.groups_table(groups))


def _held(one: EvaluatedProtocol) -> str:
    return counted(one.figures.pictures, "picture")


def _evaluation_data(report: FullReport) -> Iterator[str]:
    evaluation = report.evaluation
    yield f"{escaped(evaluation.dataset)}, content sha256 {code(evaluation.content_hash)}:"
    yield _list(
        tuple(
            f"{one.name}: {_held(one)}. {one.protocol.sentence}".strip() for one in report.protocols
        )
    )


def _training(report: FullReport) -> Iterator[str]:
    yield from _titled("Recipe", tables.recipe_table(report))


def _titled(heading: str, table: Table | None) -> tuple[str, ...]:
    return () if table is None else (f"### {heading}", _table(table))


def _table(table: Table) -> str:
    align = [
        "---" if at == 0 or at >= table.words_from else "---:" for at in range(len(table.head))
    ]
    rows = [
        [f"**{escaped(cell)}**" if at == table.bold and cell else escaped(cell) for cell in row]
        for at, row in enumerate(table.rows)
    ]
    lines = [[escaped(cell) for cell in table.head], align, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escaped(line)}" for line in lines)
