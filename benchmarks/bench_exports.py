"""Processor time to export three hours of thirty faces, and to open what was written."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import numpy as np
import pyarrow.parquet as parquet

from benchmarks.measuring import Row, row
from core.domain import BLENDSHAPES, Session, SourceKind, Timeline
from core.domain.timeline import COLUMNS
from core.sessions.exporters import EXPORTS, ExportBatch, ExportSource, derive_columns
from tests.poses import one_face

LENGTH_S, PEOPLE = 3 * 3600, 30
ENDINGS = (".parquet", ".seconds.parquet", ".seconds.csv", ".eaf", ".xlsx", ".csv")


def measure() -> list[Row]:
    """A row a face a second, as a camera of a room gives them: measures first, then each format."""
    timeline = room(np.random.default_rng(7))
    what = f"3 h of {PEOPLE} faces, {len(timeline):,} rows"
    began = time.process_time()
    derived = derive_columns(timeline, not_sure_below=0.5)
    measures_s = time.process_time() - began
    session = Session(
        "bench", SourceKind.DEMO, "bench", "none", "fer7", datetime(2026, 1, 1, tzinfo=UTC)
    )
    source = ExportSource(session, timeline, derived)
    rows = [row(f"{what}: all measures", measures_s)]
    files = {}
    for ending in (one for one in ENDINGS if one in EXPORTS):
        written = io.BytesIO()
        took = _processor_s(partial(EXPORTS[ending].write, ExportBatch.of(source), written))
        files[ending] = written.getvalue()
        rows.append(row(f"{what}: written as {ending}, {len(files[ending]) / 1e6:.0f} MB", took))
        if ending == ".parquet":
            rows.append(row(f"{what}: measured and written", measures_s + took, bar="at most 15 s"))
    for ending in (".parquet", ".seconds.parquet"):
        took = _processor_s(parquet.ParquetFile(io.BytesIO(files[ending])).read)
        rows.append(row(f"{what}: {ending} opened", took, bar="at most 1 s"))
    return rows


def room(rng: np.random.Generator) -> Timeline:
    """Faces that turn, move and speak a little, all seen in every frame."""
    one = one_face(np.arange(LENGTH_S, dtype=np.float64))
    columns = {name: np.repeat(getattr(one, name), PEOPLE, axis=0) for name in COLUMNS}
    columns["face_id"] = np.tile(np.arange(1, PEOPLE + 1), LENGTH_S)
    rows = Timeline(scheme=one.scheme, **columns)
    shapes = rng.random((len(rows), len(BLENDSHAPES))) ** 3
    return replace(
        rows,
        blendshapes=shapes.astype(np.float32),
        pose=rng.normal(0, 8, rows.pose.shape).round(2),
        lip_gap=(rng.random(len(rows)) * 0.05).round(4),
    )


def _processor_s(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began
