"""A session as one self-contained page for the person: no script, no address; it prints to PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted, percent
from core.domain.wording import utc_moment
from core.measures import MEASURES, Measure, MeasureFigure, Part, binned_measure
from core.sessions.exporters.export_source import ExportBatch, ExportSource
from core.sessions.exporters.face_figures import FaceFigures, faces_of, is_moment
from core.storage.html_templates import rendered
from core.storage.svg_chart import Axis, Chart, Line, PlotArea, ticks_between

Floats = NDArray[np.float64]

_TEMPLATES = Path(__file__).with_name("templates")
_CHARTS = ("facing", "expressiveness", "tension")
_STEPS = 300  # a chart has as many pixels
_MOST_FACES = 12
_LEAST_S = 2.0


@dataclass(frozen=True, eq=False)
class FacePart:
    """What the page says of one face.

    Attributes:
        face: its figures.
        rows: title, figure and note of each measure.
        charts: title and chart.
    """

    face: FaceFigures
    rows: tuple[tuple[str, str, str], ...]
    charts: tuple[tuple[str, Chart], ...]


@dataclass(frozen=True, eq=False)
class SessionPart:
    """What the page says of one session.

    Attributes:
        title: of the session.
        began_at: when, in words; empty where it must not be told.
        amounts: its length and faces, in words.
        faces: the first of them.
        left_out: number of the others.
        marks: time in words, and text.
        asked: time in words, and text, of questions, slides and tasks.
    """

    title: str
    began_at: str
    amounts: str
    faces: tuple[FacePart, ...]
    left_out: int
    marks: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]


def write_html(batch: ExportBatch, out: BinaryIO) -> None:
    """Every session as a section of one page."""
    sessions = [_session(source) for source in batch.sources]
    page = rendered(
        _TEMPLATES,
        "session.html.jinja",
        sessions=sessions,
        limits=[(one.title, one.limits) for one in MEASURES.values() if one.basis_column],
    )
    out.write(page.encode())


def _session(source: ExportSource) -> SessionPart:
    faces = faces_of(source)
    times = source.timeline.time_s
    lasts_s = float(times[-1] - times[0]) if len(times) else 0.0
    return SessionPart(
        title=source.session.title,
        began_at=utc_moment(source.session.began_at.isoformat()) if source.has_clock else "",
        amounts=f"{_clock(lasts_s)}, {counted(len(faces), 'face')}",
        faces=tuple(_face(source, one) for one in faces[:_MOST_FACES]),
        left_out=max(0, len(faces) - _MOST_FACES),
        marks=tuple((_clock(one.time_s), one.words) for one in source.timeline.events),
        asked=tuple(
            (_clock(one.begins_s), one.prompt or one.kind.value) for one in source.segments
        ),
    )


def _clock(time_s: float) -> str:
    minutes, seconds = divmod(round(time_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _face(source: ExportSource, face: FaceFigures) -> FacePart:
    summary = face.summary
    usable = percent(summary.usable_s / summary.seen_s) if summary.seen_s > 0 else "0 %"
    shown = ", ".join(f"{label} {percent(share)}" for label, share in summary.shares.items())
    rows = [
        ("Time in view", _clock(summary.seen_s), f"{usable} of it usable"),
        *([("Expression shown", shown, "share of usable time")] if shown else []),
        *((one.measure.title, one.text, one.note) for one in face.figures if _stands_alone(one)),
    ]
    charts = () if is_moment(source) else tuple(_charts(source, face.face_id))
    return FacePart(face, tuple(rows), charts)


def _stands_alone(figure: MeasureFigure) -> bool:
    """The index is shown with its parts and what other weights would say, or not at all."""
    return figure.measure.id != "engagement_index"


def _charts(source: ExportSource, face_id: int) -> list[tuple[str, Chart]]:
    found = []
    own = source.timeline.face_id == face_id
    rows = source.timeline.where(own)
    between_s = (float(rows.time_s[0]), float(rows.time_s[-1]))
    if between_s[1] - between_s[0] >= _LEAST_S:
        step_s = max(1.0, (between_s[1] - between_s[0]) / _STEPS)
        for measure in (MEASURES[name] for name in _CHARTS):
            part = measure.parts[0]
            values = source.derived.measures[part.column][own]
            middles, means = binned_measure(rows, values, between_s=between_s, step_s=step_s)
            if np.isfinite(means).sum() > 1:
                found.append((measure.title, _chart(measure, part, (middles, means))))
    return found


def _chart(measure: Measure, part: Part, course: tuple[Floats, Floats]) -> Chart:
    middles, means = course
    is_share = part.unit == "fraction"
    low, high = (0.0, 1.0) if is_share else _range(means)
    ticks = (0.0, 0.5, 1.0) if is_share else ticks_between(low, high, most=3)
    from_s, to_s = float(middles[0]), float(middles[-1])
    plot = PlotArea(
        Axis(from_s, to_s, ticks_between(from_s, to_s), "seconds"),
        Axis(low, high, ticks, "" if is_share else part.unit, is_percent=is_share),
        height_px=110,
        left_px=52,
    )
    line = Line(measure.title, plot.path(middles, means))
    return plot.chart(f"{measure.title} over the session", [line])


def _range(values: Floats) -> tuple[float, float]:
    low, high = min(0.0, float(np.nanmin(values))), float(np.nanmax(values))
    return low, high if high > low else low + 1.0
