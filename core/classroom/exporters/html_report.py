"""A lesson as one page to print: no script, no address, and it fits one sheet of A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.classroom.board.agreement import SAYING_FLAGS
from core.classroom.board.alerts import Dip
from core.classroom.board.view import FACING, INDEX, PART_FIGURES, PRESENT, WINDOW_S
from core.classroom.exporters.class_report import ClassReport, Stretch, StretchFigure, stretches
from core.classroom.exporters.class_words import FIGURE_TITLES, FLAG_TITLES, withheld_words
from core.classroom.room_camera.counting import directions_of
from core.domain.counted import counted, interval_ends, percent
from core.domain.intervals import Interval
from core.domain.wording import percent_ends, utc_moment
from core.storage.html_templates import rendered
from core.storage.svg_chart import Axis, Chart, Line, PlotArea, ticks_between

_TEMPLATES = Path(__file__).with_name("templates")
_MOST_ROWS, _MOST_DIPS = 12, 6
_STEPS_S = (60, 120, 300, 600, 900, 1800, 3600)
_COLUMNS = (PRESENT, FACING, INDEX)
_STYLES = {
    PRESENT: ("#0b6e69", ""),
    FACING: ("#8a2aff", "7 3"),
    INDEX: ("#b5651d", "2 3"),
}
_FLAG_STYLES = dict(
    zip(SAYING_FLAGS, (("#b53f2a", ""), ("#5a86ff", "6 3"), ("#717274", "2 3")), strict=True)
)
_DIP_COLOUR = "#b03a2e"
_WIDTH_PX, _HEIGHT_PX, _LOW_PX = 690, 190, 104


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes:
        label: of the slide; empty for a stretch of time.
        when: from and to.
        cells: one for each column.
    """

    label: str
    when: str
    cells: tuple[str, ...]


def html_report(report: ClassReport) -> bytes:
    """The page, UTF-8; all text in it is escaped, and it fetches nothing."""
    columns = [name for name in _COLUMNS if name in report.view.series]
    rows = _stretches(report)
    legend = [Line(FIGURE_TITLES[name], "M0 4H28", *_STYLES[name]) for name in columns]
    flags = [Line(FLAG_TITLES[kind], "M0 4H28", *_FLAG_STYLES[kind]) for kind in SAYING_FLAGS]
    room = report.classroom
    return rendered(
        _TEMPLATES,
        "class.html.jinja",
        room=room,
        opened_at=utc_moment(room.opened_at.isoformat()),
        made_at=utc_moment(report.made_at.isoformat()),
        amounts=_amounts(report),
        smallest_group=report.view.smallest_group,
        charts=_charts(report, columns),
        legends=(legend, flags),
        dip_colour=_DIP_COLOUR if any(report.dips.values()) else "",
        titles=["Measured", *(FIGURE_TITLES[one] for one in columns), "Flags"],
        with_labels=bool(report.slides),
        rows=[_row(report, one, columns) for one in rows[:_MOST_ROWS]],
        more=_more(len(rows) - _MOST_ROWS),
        sentences=_sentences(report),
        limits=report.limits,
    ).encode()


def _stretches(report: ClassReport) -> Sequence[Stretch]:
    if report.slides:
        return report.slides
    step_s = next((one for one in _STEPS_S if one * _MOST_ROWS >= report.length_s), _STEPS_S[-1])
    return stretches(report.view, step_s)


def _amounts(report: ClassReport) -> str:
    minutes = counted(round(report.length_s / 60), "minute")
    return f"{minutes}, {counted(report.view.counts.joined, 'learner')} joined"


def _more(rows: int) -> str:
    many = counted(rows, "more of them is", "more of them are")
    return f"{many} in the CSV per slide." if rows > 0 else ""


def _row(report: ClassReport, of: Stretch, columns: Sequence[str]) -> Row:
    measured = "-" if of.measured is None else f"{of.measured:.0f} of {of.joined or 0:.0f}"
    pressed = [
        f"{of.flags[kind]} {FLAG_TITLES[kind].lower()}" for kind in SAYING_FLAGS if of.flags[kind]
    ]
    return Row(
        of.label,
        f"{_clock(of.begins_s)} to {_clock(of.ends_s)}",
        (
            measured,
            *(_written(name, of.figures[name], report.view.smallest_group) for name in columns),
            ", ".join(pressed) or "-",
        ),
    )


def _written(name: str, figure: StretchFigure, smallest_group: int) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        why = figure.why_withheld
        return "-" if why is None else withheld_words(why, smallest_group)
    if name == INDEX:
        return f"{figure.value:.0f} {interval_ends(figure.low, figure.high, '.0f')}"
    found = Interval(figure.value, figure.low, figure.high)
    return f"{percent(found.value)} {percent_ends(found, '.0f')}"


def _sentences(report: ClassReport) -> list[str]:
    found = [report.agreement.sentence]
    for name, dips in report.dips.items():
        if dips:
            when = ", ".join(_from_to(one, report.length_s) for one in dips[:_MOST_DIPS])
            rest = "" if len(dips) <= _MOST_DIPS else f" and {len(dips) - _MOST_DIPS} more"
            found.append(f"Dips, {FIGURE_TITLES[name].lower()}: {when}{rest}.")
    (whole,) = stretches(report.view, max(report.length_s, 1))
    if report.view.sensitivity is not None:
        parts = _named(whole.figures, {one: FIGURE_TITLES[one] for one in PART_FIGURES.values()})
        index = _written(INDEX, whole.figures[INDEX], report.view.smallest_group)
        found.append(
            f"{FIGURE_TITLES[INDEX]} of the lesson: {index}. Its parts: {parts}. "
            f"{report.view.sensitivity.sentence}"
        )
    if whole.mix:
        found.append(f"Expressions shown: {_named(whole.mix, {one: one for one in whole.mix})}.")
    known, share = directions_of(report.view.room)
    if known:
        heads = counted(known, "head")
        found.append(f"Room camera: {percent(share)} towards the front, of {heads} on average.")
    return found


def _named(figures: Mapping[str, StretchFigure], titles: Mapping[str, str]) -> str:
    """Shares in a sentence."""
    values = ((title, figures[name].value) for name, title in titles.items())
    return ", ".join(
        f"{title.lower()} {'withheld' if value is None else percent(value)}"
        for title, value in values
    )


def _charts(report: ClassReport, columns: Sequence[str]) -> list[tuple[str, Chart]]:
    return [
        ("figures", _figures_chart(report, columns)),
        ("flags", _flags_chart(report)),
        ("learners", _learners_chart(report)),
    ]


def _plot(report: ClassReport, y: Axis, height_px: int) -> PlotArea:
    minutes = max(report.length_s / 60, 1.0)
    x = Axis(0.0, minutes, ticks_between(0.0, minutes, most=12), "minutes")
    return PlotArea(x, y, width_px=_WIDTH_PX, height_px=height_px, left_px=52)


def _figures_chart(report: ClassReport, columns: Sequence[str]) -> Chart:
    plot = _plot(report, Axis(0.0, 1.0, (0.0, 0.5, 1.0), "", is_percent=True), _HEIGHT_PX)
    times = (report.view.windows.start_s + WINDOW_S / 2) / 60
    lines = []
    for name in columns:
        series, (colour, dash) = report.view.series[name], _STYLES[name]
        scale = 100.0 if name == INDEX else 1.0
        for values in (series.low, series.high):
            lines.append(Line("95 % interval", plot.path(times, values / scale), colour, "1 5"))
        lines.append(
            Line(FIGURE_TITLES[name], plot.path(times, series.value / scale), colour, dash)
        )
        for one in report.dips.get(name, ()):
            ends_s = report.length_s if one.ends_s is None else one.ends_s
            level = [one.usual / scale] * 2
            path = plot.path([one.begins_s / 60, ends_s / 60], level)
            lines.append(Line(f"Dip of {FIGURE_TITLES[name].lower()}", path, _DIP_COLOUR))
    return plot.chart("Figures of the class over the lesson", lines)


def _flags_chart(report: ClassReport) -> Chart:
    counts = report.view.flags.by_kind
    highest = float(max(1, *(counts[kind].max(initial=0) for kind in SAYING_FLAGS)))
    plot = _plot(report, Axis(0.0, highest, _whole_ticks(highest), ""), _LOW_PX)
    lines = [
        Line(FLAG_TITLES[kind], plot.path(np.arange(len(counts[kind])) + 0.5, counts[kind]), *style)
        for kind, style in _FLAG_STYLES.items()
    ]
    return plot.chart("Flags in each minute", lines)


def _learners_chart(report: ClassReport) -> Chart:
    windows = report.view.windows
    highest = float(max(1, windows.joined.max(initial=0)))
    plot = _plot(report, Axis(0.0, highest, _whole_ticks(highest), ""), _LOW_PX)
    times = (windows.start_s + WINDOW_S / 2) / 60
    return plot.chart(
        "Learners joined and measured",
        [
            Line("joined", plot.path(times, windows.joined), "#717274", "6 3"),
            Line("measured", plot.path(times, windows.measured), "#0b6e69"),
        ],
    )


def _whole_ticks(highest: float) -> tuple[float, ...]:
    return tuple(one for one in ticks_between(0.0, highest, most=3) if one == round(one))


def _from_to(dip: Dip, length_s: int) -> str:
    """A dip that goes on ends with the class."""
    ends_s = length_s if dip.ends_s is None else dip.ends_s
    return f"{_clock(dip.begins_s)} to {_clock(ends_s)}"


def _clock(seconds: float) -> str:
    minutes, rest_s = divmod(int(seconds), 60)
    return f"{minutes}:{rest_s:02d}"
