"""A lesson as tables: CSV files, and one workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from core.classroom.board.view import INDEX
from core.classroom.exporters.class_report import ClassReport, Stretch
from core.classroom.exporters.class_words import FIGURE_TITLES
from core.classroom.exporters.columns import (
    CODEBOOK_HEAD,
    Column,
    codebook,
    minute_columns,
    slide_columns,
)
from core.storage.csv_injection import neutralise_formula
from core.storage.csv_table import Cell, csv_bytes

_WIDEST = 40  # characters of a column of the workbook


def minutes_csv(report: ClassReport) -> bytes:
    """A row for each minute."""
    return csv_bytes(*_table(minute_columns(report), report.minutes))


def slides_csv(report: ClassReport) -> bytes:
    """A row for each slide or topic that was marked."""
    return csv_bytes(*_table(slide_columns(report), report.slides))


def codebook_csv(report: ClassReport) -> bytes:
    """What each column of the two others means."""
    return csv_bytes(CODEBOOK_HEAD, codebook(report))


def workbook(report: ClassReport) -> bytes:
    """All tables as one XLSX file; no cell is a formula or a link."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for title, (head, rows) in _sheets(report).items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(head):
                sheet.write_string(0, column, name, bold)
            widths = [len(name) for name in head]
            for at, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    widths[column] = max(widths[column], len(_write(sheet, at, column, cell)))
            for column, width in enumerate(widths):
                sheet.set_column(column, column, min(width + 2, _WIDEST))
    return content.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell) -> str:
    """Write one cell; its text. Texts run as no formula, also where a sheet is saved as CSV."""
    if isinstance(cell, str):
        text = neutralise_formula(cell)
        sheet.write_string(row, column, text)
        return text
    if cell is not None:
        sheet.write_number(row, column, cell)
    return "" if cell is None else str(cell)


def _sheets(report: ClassReport) -> dict[str, tuple[Sequence[str], list[list[Cell]]]]:
    asked: list[list[Cell]] = [[round(one.time_s, 1), one.words] for one in report.questions]
    return {
        "Lesson": (("fact", "value"), _lesson(report)),
        "Minutes": _table(minute_columns(report), report.minutes),
        "Slides": _table(slide_columns(report), report.slides),
        "Dips": (("figure", "begins_s", "ends_s", "usual", "lowest"), _dips(report)),
        "Questions": (("time_s", "words"), asked),
        "Codebook": (CODEBOOK_HEAD, codebook(report)),
    }


def _table(
    columns: Sequence[Column], stretches: Sequence[Stretch]
) -> tuple[list[str], list[list[Cell]]]:
    head = [one.name for one in columns]
    return head, [[one.value(stretch) for one in columns] for stretch in stretches]


def _dips(report: ClassReport) -> list[list[Cell]]:
    return [
        [name, one.begins_s, one.ends_s, round(one.usual, 4), round(one.lowest, 4)]
        for name, dips in report.dips.items()
        for one in dips
    ]


def _lesson(report: ClassReport) -> list[list[Cell]]:
    room, counts = report.classroom, report.view.counts
    facts: list[list[Cell]] = [
        ["Title", room.title],
        ["Opened at (UTC)", room.opened_at.isoformat(timespec="seconds")],
        ["Length, s", report.length_s],
        ["Joined", counts.joined],
        ["Figures cover at least, learners", report.view.smallest_group],
        ["Dips and flags", report.agreement.sentence],
    ]
    if report.view.sensitivity is not None:
        facts.append([FIGURE_TITLES[INDEX], report.view.sensitivity.sentence])
    return facts + [["Do not conclude", sentence] for sentence in report.limits]
