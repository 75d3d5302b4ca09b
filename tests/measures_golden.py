"""Figures of every measure on sessions made by code, which nobody changes without a higher version.

`python -m tests.measures_golden` writes tests/golden/measures.json anew. It refuses where figures
changed under the same version: whoever has files of that version would read other numbers in them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import BLENDSHAPES, NO_FACE_ID, Timeline
from core.measures import (
    MEASURES,
    SYNCHRONY_STEP_S,
    Calibration,
    EyeRange,
    FacingCone,
    Measure,
    RestingShape,
    synchrony,
)
from core.measures.calibration import LIVE_BLENDSHAPES
from tests.poses import one_face

GOLDEN = Path(__file__).parent / "golden" / "measures.json"
EVERY_S = 3.5
"""Of the rows, so many seconds apart, whose figures are kept."""

TOLERANCE = 2e-5
"""Figures have five decimals; processors differ in the last."""

OWN = Calibration(
    cone=FacingCone(yaw=4.0, pitch=-3.0, half_angle_deg=15.0),
    rest=tuple(RestingShape(name, 0.15, 0.05) for name in LIVE_BLENDSHAPES),
    eyes=EyeRange(open=0.85, closed=0.3),
    lip_gap_sd=0.004,
)
Figures = Mapping[str, Mapping[str, list[float | None]]]


def lively(*, fps: float = 20.0, length_s: float = 96.0) -> Timeline:
    """A face that moves all over, nods, shakes its head, blinks and looks away; no dice."""
    times = np.arange(round(length_s * fps)) / fps
    slow, fast = 2 * np.pi * times / 11.0, 2 * np.pi * 1.3 * times
    numbers = np.arange(len(BLENDSHAPES))
    swing = np.where(times % 40 < 16, 0.01, 0.25)[:, None]  # calm at times
    shapes = 0.15 + swing * np.clip(
        np.sin(slow[:, None] * (1 + numbers % 5 / 3) + numbers), -0.5, 1
    )
    blinks = (times % 4.0) < 0.2
    for side in ("Left", "Right"):
        shapes[:, BLENDSHAPES.index(f"eyeBlink{side}")] = np.where(blinks, 0.75, 0.15)
    nods, shakes = times % 30 < 5, times % 30 > 24
    yaw = np.select([times % 45 > 35, times % 45 > 30], [33.0, 23.0], 3.0)
    yaw = yaw + 5.0 * np.sin(fast) * shakes
    steady = np.stack([1.2 + np.sin(slow + 2 * at) for at in range(7)], axis=1)
    steady /= steady.sum(axis=1, keepdims=True)
    return replace(
        one_face(times),
        pose=np.stack([yaw, -2.0 + 4.0 * np.sin(fast) * nods, 0 * times], axis=1),
        blendshapes=shapes.astype(np.float32),
        eyes_open=1.0 - np.where(blinks, 0.75, 0.15),
        lip_gap=0.03 + 0.02 * np.sin(fast) * (times % 20 < 8),
        scores=steady,
        steady=steady,
    )


def comes_and_goes() -> Timeline:
    """That face too dark for 8 s, then out of view for 3 s, then without pitch."""
    rows = lively()
    at = rows.time_s
    dark, away = (at >= 30) & (at < 38), (at >= 50) & (at < 53)
    emptied: dict[str, Any] = {
        name: np.array(getattr(rows, name), copy=True)
        for name in ("pose", "blendshapes", "eyes_open", "lip_gap", "scores", "steady")
    }
    for name, column in emptied.items():
        column[away if name == "pose" else dark | away] = np.nan
    emptied["pose"][at >= 60, 1] = np.nan
    return replace(
        rows,
        usable=~(dark | away),
        face_id=np.where(away, NO_FACE_ID, rows.face_id),
        **emptied,
    )


def drowsy() -> Timeline:
    """That face with closed eyes half of the time, and looking down now and then."""
    rows = lively()
    closed = rows.time_s % 10 < 5
    shapes = rows.blendshapes.copy()
    for side in ("Left", "Right"):
        shapes[:, BLENDSHAPES.index(f"eyeBlink{side}")] = np.where(closed, 0.7, 0.1)
        down = BLENDSHAPES.index(f"eyeLookDown{side}")
        shapes[:, down] = np.where(rows.time_s % 30 < 4, 0.8, 0.1)
    return replace(rows, blendshapes=shapes, eyes_open=np.where(closed, 0.3, 0.9))


SESSIONS: Mapping[str, tuple[Timeline, Calibration | None]] = {
    "a lively face": (lively(), OWN),
    "a lively face, not calibrated": (lively(), None),
    "twelve rows a second": (lively(fps=12.0), OWN),
    "a face that comes and goes": (comes_and_goes(), OWN),
    "closed eyes": (drowsy(), OWN),
}
GROUP = "a group of five"


def figures_of(measure: Measure) -> Figures:
    """Session -> part -> its values at rows `EVERY_S` apart, None where not measured."""
    if measure.compute is None:
        return {GROUP: {"correlation": _plain(_of_group())}}
    found = {}
    for name, (rows, calibration) in SESSIONS.items():
        columns = measure.compute(rows, calibration)
        at = np.searchsorted(rows.time_s, np.arange(EVERY_S, rows.time_s[-1], EVERY_S) - 1e-9)
        found[name] = {part.name: _plain(getattr(columns, part.name)[at]) for part in measure.parts}
    return found


def all_figures() -> dict[str, Any]:
    """Everything that the file holds."""
    return {
        one.id: {"version": one.version, "figures": figures_of(one)} for one in MEASURES.values()
    }


def problem(measure: Measure, stored: Mapping[str, Any], now: Figures) -> str:
    """What is wrong with a measure's figures, and what to do, in a sentence; empty if nothing is.

    Args:
        stored: of the file, by id.
        now: what it measures today.
    """
    remake = "run `python -m tests.measures_golden` and keep the file with the change"
    if measure.id not in stored:
        return f"{measure.title} has no golden figures yet: {remake}."
    before = stored[measure.id]
    if int(measure.version) < int(before["version"]):
        return f"{measure.title} went back to version {measure.version}: versions only rise."
    changed = _changed(before["figures"], now)
    if measure.version != before["version"]:
        return f"{measure.title} has version {measure.version} now: {remake}."
    if changed:
        return (
            f"{measure.title}, version {measure.version}, measures other numbers of the same rows "
            f"({changed}): if that is meant, raise its version in the registry, then {remake}."
        )
    return ""


def _of_group() -> np.ndarray:
    """Five people who move together in the first half, and each alone in the second."""
    times = np.arange(round(60.0 / SYNCHRONY_STEP_S)) * SYNCHRONY_STEP_S
    own = 0.4 * np.arange(1, 6)
    series = np.sin(times[:, None] * np.where(times[:, None] < 30, 1.1, own) + 0.1 * own)
    return synchrony(series, np.random.default_rng(0), surrogates=0).correlation


def _plain(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(one) else round(float(one), 5) + 0.0 for one in values]


def _changed(before: Figures, now: Figures) -> str:
    """The first part whose figures are others, with its session; empty if none are."""
    was, are = ({one: list(parts) for one, parts in each.items()} for each in (before, now))
    if was != are:
        return "other sessions or parts"
    for session, parts in now.items():
        for name in parts:
            pair = [np.array(one[session][name], dtype=np.float64) for one in (before, now)]
            if pair[0].shape != pair[1].shape or not np.allclose(
                *pair, rtol=0, atol=TOLERANCE, equal_nan=True
            ):
                return f"{name} of {session}"
    return ""


def main() -> None:
    """Write the file.

    Raises:
        SystemExit: numbers changed under the same version, or a version fell.
    """
    stored = json.loads(GOLDEN.read_text("utf-8")) if GOLDEN.exists() else {}
    now = all_figures()
    known = [one for one in MEASURES.values() if one.id in stored]
    same = [one for one in known if int(one.version) <= int(stored[one.id]["version"])]
    found = [problem(one, stored, now[one.id]["figures"]) for one in same]
    if any(found):
        raise SystemExit("\n".join(filter(None, found)))
    text = json.dumps(now, separators=(",", ":"))
    GOLDEN.write_text(text.replace('},"', '},\n"') + "\n", "utf-8")


if __name__ == "__main__":
    main()
