"""A model's other formats as a part of its card's page."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.markdown import escaped
from core.domain.wording import points, size
from core.library.formats import LIVE_FORMAT, ConvertedFormat, Parity, Speed

_HEAD = (
    "| format | size | load | 1 picture | 32 pictures | most a score differs | labels changed | "
    "accuracy, points | |"
)


def formats_as_markdown(rows: Sequence[ConvertedFormat]) -> str:
    """A section in Markdown, beginning with an empty line; empty where nothing was converted."""
    if not rows:
        return ""
    about = dict.fromkeys(f"Compared on {escaped(row.faces)}" for row in rows)
    machines = dict.fromkeys(_measured_on(row.speed) for row in rows if row.speed is not None)
    parts = [
        "## Formats",
        "Each was asked about the same faces as the network it was made from, by the runtime its "
        "users will have; beyond the tolerances a format is refused. Times are milliseconds of one "
        "core for one call, medians, with one thread.",
        "\n".join((_HEAD, "|---" * (_HEAD.count("|") - 1) + "|", *map(_row, rows))),
        "\n".join(f"- {line}" for line in (*about, *machines, *_sums(rows))),
    ]
    return "\n" + "\n\n".join(parts) + "\n"


def _row(row: ConvertedFormat) -> str:
    name = "the live file" if row.name == LIVE_FORMAT else row.name
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
        f"{parity.changed_labels:.2%}",
        "" if change is None else points(change),
    )


def _measured_on(speed: Speed) -> str:
    return f"Measured on {escaped(speed.machine)}."


def _sums(rows: Sequence[ConvertedFormat]) -> list[str]:
    named = [f"`{row.file}` sha256 `{row.sha256}`" for row in rows if row.passed and row.file]
    return list(dict.fromkeys(named))  # the model's own file may stand for two formats
