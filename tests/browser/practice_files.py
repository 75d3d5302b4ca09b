"""The files of a practice as a visitor takes them home, and whether they hold what is stored."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from core.practice import BY_NAME, MeasuredAnswer

FILES = {
    "answers.csv": "CSV per answer",
    "seconds.csv": "CSV per second",
    "report.html": "Report to print",
    "practice.zip": "Everything (ZIP)",
}
"""Name of a file -> its button."""

IN_REPORT = ("facing_share", "tension", "confident_share")


def download_all(page: Page) -> dict[str, bytes]:
    """Every file that the page offers of the practice."""
    return {name: _download(page, title) for name, title in FILES.items()}


def table_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def expect_to_hold(files: Mapping[str, bytes], answers: Sequence[MeasuredAnswer]) -> None:
    """Every figure of every answer that was shown, value by value; nothing of the others.

    Args:
        answers: of all tries, measured of the stored rows.
    """
    rows, report = table_of(files["answers.csv"]), files["report.html"].decode()
    assert len(rows) == len(answers)
    for row, answer in zip(rows, answers, strict=True):
        shown = answer.attempt.revealed_at is not None  # not of one that was skipped
        for name, measure in BY_NAME.items():
            value = measure.value(answer) if shown else None
            assert (float(row[name]) if row[name] else None) == value, name
            if value is not None and name in IN_REPORT:
                assert measure.written(value) in report, name
        _expect_seconds(table_of(files["seconds.csv"]), answer, shown=shown)
    with zipfile.ZipFile(io.BytesIO(files["practice.zip"])) as archive:
        assert archive.testzip() is None
        for name in ("answers.csv", "seconds.csv"):
            assert archive.read(name) == files[name]


def _expect_seconds(rows: list[dict[str, str]], answer: MeasuredAnswer, *, shown: bool) -> None:
    own = [one for one in rows if one["attempt_id"] == answer.attempt.id]
    wanted = answer.series.usable if shown else []
    assert [one["usable"] for one in own] == ["" if np.isnan(one) else str(one) for one in wanted]


def _download(page: Page, title: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=title).click()
    return Path(download.value.path()).read_bytes()
