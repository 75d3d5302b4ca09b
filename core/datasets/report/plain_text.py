"""The report as aligned plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from core.datasets.report.content import (
    PreparationReport,
    claim_words,
    findings,
    kind_words,
    next_steps,
    protocol_sentences,
    weight_words,
)
from core.datasets.summary.mean_faces import HISTOGRAM_BINS, ClassFace
from core.datasets.summary.region_effects import Interpretation, RegionEffect
from core.datasets.summary.summary import DatasetSummary
from core.domain.counted import counted, tenths
from core.domain.wording import p_value

_WIDTH = 100


def to_text(report: PreparationReport) -> str:
    """The report without pictures; lines have at most 100 characters, except in tables."""
    summary = report.summary
    title = f"Dataset report: {summary.name}"
    lines = [title, "=" * len(title), *_header_lines(report)]
    sections: tuple[tuple[str, Iterable[str]], ...] = (
        ("Summary", _bullets(findings(report))),
        ("Next steps", _bullets(next_steps(report))),
        ("Classes", _classes(summary)),
        ("Published counts", _checks(summary)),
        ("Splits", _bullets(protocol_sentences(summary.protocol))),
        ("Published claims", _claims(report)),
        ("Problems", _problems(report)),
        ("Brightness", _brightness(summary.faces)),
        ("Face regions", _regions(summary.regions)),
        ("Notes", _bullets(report.all_notes)),
    )
    for heading, body in sections:
        body_lines = list(body)
        if body_lines:
            lines += ["", heading, "-" * len(heading), *body_lines]
    return "\n".join(lines) + "\n"


def aligned(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table: the first column left-aligned, the others right-aligned."""
    table = [list(header), *map(list, rows)]
    widths = [max(len(row[at]) for row in table) for at in range(len(header))]
    lines = []
    for row in table:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def _header_lines(report: PreparationReport) -> list[str]:
    summary = report.summary
    side = summary.size_px
    return [
        f"{counted(summary.whole.pictures, 'picture')} of {side} x {side} pixels, "
        f"{counted(len(summary.scheme), 'class', 'classes')} ({summary.scheme.name})",
        f"Made {report.made}. Content hash {summary.content_hash[:16]}",
    ]


def _bullets(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        yield from textwrap.wrap(
            sentence, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False
        )


def _classes(summary: DatasetSummary) -> Iterator[str]:
    header = ["Class", *(split.split for split in summary.counts), "share", "weight"]
    weighted = summary.counts_for_weights
    rows = [
        [
            one.label,
            *(f"{split.classes[at].pictures:,}" for split in summary.counts),
            tenths(summary.whole.classes[at].share),
            weight_words(one.weight),
        ]
        for at, one in enumerate(weighted.classes)
    ]
    unlabelled = ["(no label)", *(f"{split.unlabelled:,}" for split in summary.counts), "", ""]
    total = ["Total", *(f"{split.pictures:,}" for split in summary.counts), "", ""]
    yield from aligned(header, [*rows, unlabelled, total])
    yield ""
    yield (f"Class weights of {weighted.split}: n / (k * n_c), with a mean of 1 over its pictures.")


def _checks(summary: DatasetSummary) -> Iterator[str]:
    if summary.checks:
        yield from aligned(
            ("Pictures", "published", "found", "equal"),
            (
                (check.what, f"{check.expected:,}", f"{check.found:,}", "yes" if check.ok else "NO")
                for check in summary.checks
            ),
        )
    yield from _bullets(check.sentence for check in summary.checks if not check.ok)


def _claims(report: PreparationReport) -> list[str]:
    return aligned(
        ("Claim", "claimed", "measured", "holds?"),
        ((claim.what, tenths(claim.claimed), *claim_words(claim)) for claim in report.claims),
    )


def _problems(report: PreparationReport) -> Iterator[str]:
    if not report.problems:
        yield "Not audited yet."
        return
    yield from aligned(
        ("Problem", "pictures", "share"),
        (
            (
                kind_words(problem.kind),
                f"{problem.count:,}",
                tenths(problem.count / max(1, len(problem.flagged))),
            )
            for problem in report.problems
        ),
    )
    yield ""
    yield from _bullets(f"{kind_words(one.kind)}: {one.sentence}" for one in report.problems)


def _brightness(faces: Sequence[ClassFace]) -> Iterator[str]:
    """Eight bins from black to white: share of the pixels in each, one row per class."""
    if not faces:
        return
    steps = 8
    header = ["Pixels in %", *(f"{at}/{steps}" for at in range(1, steps + 1))]
    rows = []
    for face in faces:
        shares = face.histogram.reshape(steps, HISTOGRAM_BINS // steps).sum(axis=1)
        rows.append([face.label, *(f"{share * 100:.1f}" for share in shares)])
    yield from aligned(header, rows)


def _regions(effects: Sequence[RegionEffect]) -> Iterator[str]:
    ordered = sorted(effects, key=lambda one: -one.normalised.eta_squared)
    yield from aligned(
        ("Statistic", "original", "normalised", "p", "interpretation"),
        (
            (
                one.name,
                tenths(one.raw.eta_squared),
                tenths(one.normalised.eta_squared),
                p_value(one.normalised.p),
                one.interpretation.value,
            )
            for one in ordered
        ),
    )
    yield ""
    yield from _bullets(
        one.sentence
        for one in ordered
        if one.interpretation not in (Interpretation.NEGLIGIBLE, Interpretation.CHANCE)
    )
