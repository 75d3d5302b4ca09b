"""Sessions as an XLSX workbook: figures, seconds with charts, intervals, events, codebook.

Written row by row, so that a long session takes little memory. No cell is a formula or a link.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from core.sessions.exporters.codebook_appendix import table_rows
from core.sessions.exporters.csv_file import csv_cell
from core.sessions.exporters.export_source import ExportBatch, ExportSource
from core.sessions.exporters.export_tables import (
    EVENTS,
    INTERVALS,
    events_table,
    intervals_table,
    seconds_table,
    table_columns,
)
from core.sessions.exporters.face_figures import faces_of

if TYPE_CHECKING:
    import pandas as pd

MOST_BINS = 20_000
"""Of one session: more make a workbook that opens slowly, so bins become longer instead."""

MOST_CHARTS = 12
_DRAWN = ("usable", "facing_share_10s", "smile", "expressiveness", "tension")
_FIGURES = (
    *("session_id", "person", "face_id", "measure", "part", "value", "unit", "measured", "basis"),
    "limits",
)
_CODEBOOK = ("sheet", "column", "unit", "range", "meaning")
_SHEETS = ("Figures", "Charts", "Seconds", "Intervals", "Events", "Codebook")
_MOST_ROWS = 1_048_575  # of a sheet, below its header
_CHART_ROWS = 18


class _Sheet:
    """A sheet that is written from top to bottom."""

    def __init__(self, sheet: Any, columns: Sequence[str], bold: Any) -> None:
        self._sheet, self.row = sheet, 1
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(columns):
            sheet.write_string(0, at, csv_cell(name), bold)
            sheet.set_column(at, at, min(max(10, len(name) + 2), 40))

    def add(self, rows: Iterable[Sequence[Any]]) -> tuple[int, int]:
        """Append rows; those that a sheet cannot hold are left out. First and last row."""
        first = self.row
        for cells in rows:
            if self.row > _MOST_ROWS:
                break
            for at, cell in enumerate(cells):
                if isinstance(cell, str):
                    if cell:
                        self._sheet.write_string(self.row, at, cell)
                elif cell is not None and not math.isnan(cell):
                    self._sheet.write_number(self.row, at, cell)
            self.row += 1
        return first, self.row - 1


def write_xlsx(batch: ExportBatch, out: BinaryIO) -> None:
    """Every session in the same sheets; a chart for each of the first faces."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        seconds = table_columns("seconds", batch.codebook)
        heads = (_FIGURES, (), seconds, INTERVALS, EVENTS, _CODEBOOK)
        made = {name: book.add_worksheet(name) for name in _SHEETS}
        sheets = {
            name: _Sheet(made[name], head, bold) for name, head in zip(_SHEETS, heads, strict=True)
        }
        charts = 0
        for source in batch.sources:
            sheets["Figures"].add(_figure_rows(source))
            sheets["Intervals"].add(_rows(intervals_table(source)))
            sheets["Events"].add(_rows(events_table(source)))
            for title, table in _by_face(source):
                span = sheets["Seconds"].add(_rows(table.reindex(columns=seconds)))
                if charts < MOST_CHARTS and span[1] > span[0]:
                    chart = _chart(book, title, seconds, span)
                    made["Charts"].insert_chart(charts * _CHART_ROWS, 0, chart)
                    charts += 1
        sheets["Codebook"].add(
            (name, *map(csv_cell, row))
            for name in ("seconds", "intervals", "events")
            for row in table_rows(name, batch.codebook)
        )


def _figure_rows(source: ExportSource) -> Iterator[list[Any]]:
    """A row a face a part of a measure; the value is empty where nothing was measured."""
    for face in faces_of(source):
        own = [source.session.id, csv_cell(face.person), face.face_id]
        seen_s, usable_s = face.summary.seen_s, face.summary.usable_s
        yield [*own, "Time in view", "", round(seen_s, 3), "s", None, "", ""]
        yield [*own, "Usable time", "", round(usable_s, 3), "s", None, "", ""]
        for label, share in face.summary.shares.items():
            cells = ["Expression shown", csv_cell(label), round(share, 6), "fraction", None, "", ""]
            yield [*own, *cells]
        for figure in face.figures:
            measure, measured = figure.measure, round(figure.measured_share, 6)
            for part in measure.parts:
                if part.column:
                    value = figure.values.get(part.name)
                    rest = [part.unit, measured, figure.basis, measure.limits]
                    yield [*own, measure.title, part.column, value, *rest]


def _by_face(source: ExportSource) -> Iterator[tuple[str, pd.DataFrame]]:
    """The table of seconds, face by face, and a title for each."""
    table = seconds_table(replace(source, bin_s=bin_s_for(source)))
    for face_id, rows in table.groupby("face_id", dropna=False, sort=True):
        face = f"face {face_id}" if str(face_id).isdigit() else "without a face"
        yield f"{source.session.id}, {face}", rows


def bin_s_for(source: ExportSource) -> float:
    """The length of bins, longer than asked where there would be more than `MOST_BINS`."""
    times = source.timeline.time_s
    faces = max(1, len(source.timeline.face_ids))
    lasts_s = float(times[-1] - times[0]) if len(times) else 0.0
    return max(source.bin_s, math.ceil(lasts_s * faces / MOST_BINS))


def _rows(table: pd.DataFrame) -> Iterator[Sequence[Any]]:
    plain = table.astype(object).where(table.notna(), None)
    return plain.itertuples(index=False, name=None)


def _chart(book: Any, title: str, columns: Sequence[str], span: tuple[int, int]) -> Any:
    first, last = span
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    time = columns.index("t_s")
    for name in _DRAWN:
        at = columns.index(name)
        chart.add_series(
            {
                "name": name,
                "categories": ["Seconds", first, time, last, time],
                "values": ["Seconds", first, at, last, at],
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 11}})
    chart.set_x_axis({"name": "t_s", "min": 0})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 900, "height": 340})
    return chart
