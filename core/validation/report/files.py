"""A report of a validation as files: numbers for programs, text, and a page to print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from core.domain.markdown import escaped
from core.domain.plain_values import to_plain
from core.domain.wording import utc_moment
from core.storage.html_templates import rendered
from core.validation.report import sentences
from core.validation.report.content import ValidationReport

KIND, VERSION = "validation report", 1


def to_json(report: ValidationReport) -> str:
    """The report as a JSON object; `version` counts up when a name or a meaning changes.

    An interval is `{"value", "low", "high"}`, 95 %; what was not computed is null.
    """
    content = {"kind": KIND, "version": VERSION, **to_plain(report)}
    content["limits"] = dict(sentences.measure_limits(report))
    content["methods"] = [*sentences.METHODS, *sentences.LIMITS]
    return json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def to_markdown(report: ValidationReport) -> str:
    """The report as Markdown; names are escaped."""
    lines = [f"# Measures and ratings: {escaped(report.dataset)}", "", _made(report), ""]
    lines += [escaped(one) + "  " for one in sentences.summary(report)]
    for found in report.findings:
        lines += ["", f"## {escaped(found.rating)}", "", sentences.unit_of(found), ""]
        lines += _table(sentences.HEAD, sentences.table_of(found))
        lines += ["", *(f"- {sentences.trial_sentence(one)}" for one in found.trials)]
        if persons := sentences.persons_of(found):
            lines += ["", "Within single persons:", ""]
            lines += _table(("Measure", "Person", "Clips", "Spearman"), persons)
    lines += _list("How it was computed", sentences.METHODS)
    lines += _list("Limits", sentences.LIMITS)
    lines += ["", "## Limits of each measure", ""]
    lines += _table(("Measure", "What it cannot tell"), sentences.measure_limits(report))
    if report.left_out:
        lines += ["", "## Clips left out", ""]
        lines += _table(("Clip", "Why"), sentences.left_out_lines(report))
    return "\n".join(lines) + "\n"


def to_html(report: ValidationReport) -> str:
    """The same as one self-contained page; all text in it is escaped, and it fetches nothing."""
    return rendered(
        Path(__file__).with_name("templates"),
        "validation.html.jinja",
        report=report,
        made=_made(report),
        say=sentences,
    )


def _made(report: ValidationReport) -> str:
    every = "every frame" if report.every_s == 0 else f"one frame every {report.every_s:g} s"
    return f"Made {utc_moment(report.made_at)}, with the model {report.model}, {every}."


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [[escaped(cell) for cell in row] for row in rows]
    return [
        f"| {' | '.join(head)} |",
        f"|{' --- |' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in cells),
    ]


def _list(title: str, items: tuple[str, ...]) -> list[str]:
    return ["", f"## {title}", "", *(f"- {one}" for one in items)]
