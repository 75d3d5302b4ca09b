"""The figures of a session's summary, worked out from its file alone, as the codebook says.

Plain loops over rows, and nothing of `core.measures`: as a person with a spreadsheet would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import pandas as pd

from core.domain import FER7, LabelScheme
from core.sessions import read_csv

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Recomputed:
    """See `core.measures.SessionSummary`.

    Attributes:
        each_face: number -> seconds in view, usable seconds, shares.
        changes: (s, face, before, after).
        marks: (s of each, words of all) of the moments that bear some.
    """

    duration_s: float
    frames: int
    mean_fps: float
    usable_share: float
    faces: int
    each_face: dict[int, tuple[float, float, dict[str, float]]]
    shares: dict[str, float]
    lost: dict[str, float]
    changes: list[tuple[float, int, str, str]]
    marks: list[tuple[list[float], str]]


def recompute(content: bytes, scheme: LabelScheme = FER7) -> Recomputed:
    """The summary of the session in a CSV file."""
    rows: Rows = read_csv(content, scheme).to_dict("records")
    moments: dict[float, Rows] = defaultdict(list)
    for row in rows:
        moments[row["t_s"]].append(row)
    watched_s = sum(inside[0]["seconds"] for inside in moments.values())
    usable_s = sum(
        inside[0]["seconds"] for inside in moments.values() if any(row["usable"] for row in inside)
    )
    frames = len({row["frame"] for row in rows})
    usable = [row for row in rows if row["usable"]]
    faces = sorted({int(row["face_id"]) for row in rows if not pd.isna(row["face_id"])})
    times = sorted(moments)
    steps = [after - before for before, after in pairwise(times)]
    longest_gap_s = max(1.0, 1.5 * median(steps)) if steps else 1.0
    changes = [
        (at, face, before, after)
        for face in faces
        for at, before, after in _changes(
            [one for one in usable if one["face_id"] == face], longest_gap_s
        )
    ]
    return Recomputed(
        duration_s=times[-1] - times[0] if times else 0.0,
        frames=frames,
        mean_fps=frames / watched_s if watched_s else 0.0,
        usable_share=usable_s / watched_s if watched_s else 0.0,
        faces=len(faces),
        each_face={face: _of_face(rows, face) for face in faces},
        shares=_shares(usable),
        lost=_summed((row for row in rows if not row["usable"]), "reject_reason"),
        changes=sorted(changes),
        marks=[
            ([float(set_s) for set_s in first["event_s"].split()], first["event"])
            for first in (moments[at][0] for at in times)
            if first["event"]
        ],
    )


def _of_face(rows: Rows, face: int) -> tuple[float, float, dict[str, float]]:
    own = [row for row in rows if row["face_id"] == face]
    usable = [row for row in own if row["usable"]]
    in_view_s, usable_s = (sum(row["seconds"] for row in part) for part in (own, usable))
    return in_view_s, usable_s, _shares(usable)


def _shares(usable: Rows) -> dict[str, float]:
    whole = sum(row["seconds"] for row in usable)
    return {name: s / whole for name, s in _summed(usable, "shown").items()} if whole else {}


def _summed(rows: Iterable[dict[str, Any]], column: str) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        found[row[column]] += row["seconds"]
    return dict(found)


def _changes(rows: Rows, longest_gap_s: float) -> list[tuple[float, str, str]]:
    stretches: list[Rows] = []
    for row in rows:
        last = stretches[-1][-1] if stretches else None
        if last and row["shown"] == last["shown"] and row["t_s"] - last["t_s"] <= longest_gap_s:
            stretches[-1].append(row)
        else:
            stretches.append([row])
    held = [one for one in stretches if one[-1]["t_s"] - one[0]["t_s"] >= 1.0]
    return [
        (after[0]["t_s"], before[0]["shown"], after[0]["shown"])
        for before, after in pairwise(held)
        if before[0]["shown"] != after[0]["shown"]
    ]
