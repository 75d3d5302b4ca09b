"""Precision and recall of the audit on planted faults.

`python -m benchmarks.planted_faults FER2013.csv VOTES.csv`

Protocol, with one fixed seed:

* Picture faults are planted in pictures that the same audit does not flag before: no quality
  problem and no duplicate. So everything that is flagged and was not planted is a false positive
  caused by the planting; the precision on faults of the real dataset can only be judged by people.
* Blur: 200 pictures, Gaussian with sigma 1.5 to 2.5 px.
* Darkness: 200 others, all pixels multiplied by 0.1 to 0.25.
* Duplicates: 100 training pictures are copied into the two test splits; half unchanged, half
  changed by one to three of: mirrored, cropped by up to 3 px on each side and resized, brightened
  (0.75 to 1.25 times, -25 to 25 grey levels). Counted as found where the partner is the original.
* Labels: the base are pictures whose label at least 8 of 10 FER+ voters chose; 300 of them get
  another, random label. The scores are the best shipped model's, as in an audit: for its training
  pictures, the out-of-fold ones. No model was trained on a changed label.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np
import pandas as pd

from core.datasets import DatasetSource, open_dataset
from core.datasets.audit import (
    Problem,
    ProblemKind,
    duplicate_groups,
    find_exact_duplicates,
    find_label_errors,
    find_near_duplicates,
    find_quality_problems,
    measure_pictures,
)
from core.datasets.labels import read_votes
from core.domain.progress import no_progress
from core.settings import PROJECT_DIR, Settings
from core.vision.recognition import predict_dataset, predictor_named

SEED = 20261121
DEGRADED, RELABELLED, COPIED = 200, 300, 100
CLEAR_VOTES = 8
SIZE_PX = 48


@dataclass(frozen=True)
class Row:
    """One line of the table; `found` of `planted` are among `flagged`."""

    name: str
    base: int
    planted: int
    flagged: int
    found: int
    target: tuple[float, float]

    @property
    def precision(self) -> float:
        return self.found / max(self.flagged, 1)

    @property
    def recall(self) -> float:
        return self.found / max(self.planted, 1)


def main(csv: Path, votes_csv: Path) -> None:
    """Plant faults, audit, print the table."""
    pixels, labels, usage = _read(csv)
    clean, summary = _clean(pixels)
    print(summary)
    rows = [
        *_picture_rows(pixels[clean], np.random.default_rng(SEED)),
        *_duplicate_rows(pixels[clean], usage[clean], np.random.default_rng(SEED)),
    ]
    settings = Settings.from_environment({"MIEN_DATA_DIR": str(PROJECT_DIR / "data")})
    dataset = open_dataset(DatasetSource(str(csv)), settings.datasets_cache_dir)
    predictor = predictor_named(settings.models_dir)
    predictions = predict_dataset(dataset, predictor, settings, no_progress)
    print(predictions.note)
    rows.append(_label_row(predictions.scores, labels, votes_csv, np.random.default_rng(SEED)))
    print(_table(rows))


def _read(csv: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = pd.read_csv(csv, skipinitialspace=True)
    pixels = np.loadtxt(table["pixels"].tolist(), dtype=np.uint8)
    return pixels.reshape(-1, SIZE_PX, SIZE_PX), table["emotion"].to_numpy(), table["Usage"].array


def _clean(pixels: np.ndarray) -> tuple[np.ndarray, str]:
    began = perf_counter()
    faults = find_quality_problems(measure_pictures(pixels))
    measured_s = perf_counter() - began
    exact = find_exact_duplicates(pixels)
    near = find_near_duplicates(pixels, exact)
    duplicates_s = perf_counter() - began - measured_s
    groups = duplicate_groups(exact, near)
    unique = np.bincount(groups)[groups] == 1
    good = ~np.any([problem.flagged for problem in faults], axis=0)
    counts = ", ".join(f"{one.kind} {one.count:,}" for one in (*faults, exact, near))
    summary = (
        f"{len(pixels):,} pictures: measured in {measured_s:.1f} s, "
        f"duplicates in {duplicates_s:.1f} s. Before planting: {counts}."
    )
    return np.flatnonzero(unique & good), summary


def _picture_rows(base: np.ndarray, rng: np.random.Generator) -> list[Row]:
    pixels = base.copy()
    chosen = rng.permutation(len(pixels))[: 2 * DEGRADED]
    blurred, darkened = chosen[:DEGRADED], chosen[DEGRADED:]
    for at in blurred:
        pixels[at] = cv2.GaussianBlur(pixels[at], (0, 0), rng.uniform(1.5, 2.5))
    for at in darkened:
        pixels[at] = (pixels[at] * rng.uniform(0.1, 0.25)).astype(np.uint8)
    problems = {
        problem.kind: problem for problem in find_quality_problems(measure_pictures(pixels))
    }
    return [
        _row("blurred", problems[ProblemKind.BLURRED], blurred, (0.8, 0.8)),
        _row("too dark", problems[ProblemKind.TOO_DARK], darkened, (0.9, 0.9)),
    ]


def _row(name: str, problem: Problem, planted: np.ndarray, target: tuple[float, float]) -> Row:
    found = int(problem.flagged[planted].sum())
    return Row(name, len(problem.flagged), len(planted), problem.count, found, target)


def _duplicate_rows(base: np.ndarray, usage: np.ndarray, rng: np.random.Generator) -> list[Row]:
    originals = rng.permutation(np.flatnonzero(usage == "Training"))[:COPIED]
    same, other = originals[: COPIED // 2], originals[COPIED // 2 :]
    copies = [base[at] for at in same] + [_changed(base[at], rng) for at in other]
    pixels = np.concatenate([base, np.stack(copies)])
    exact = find_exact_duplicates(pixels)
    near = find_near_duplicates(pixels, exact)
    first, middle = len(base), len(base) + len(same)
    found_same = int((exact.partners[first:middle] == same).sum())
    found_other = int((near.partners[middle:] == other).sum())
    return [
        Row("exact duplicates", len(base), len(same), exact.count, found_same, (0.9, 0.9)),
        Row("near duplicates", len(base), len(other), near.count, found_other, (0.9, 0.9)),
    ]


def _changed(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    kinds = rng.permutation(3)[: rng.integers(1, 4)]
    if 0 in kinds:
        picture = picture[:, ::-1]
    if 1 in kinds:
        top, bottom, left, right = rng.integers(0, 4, 4)
        part = np.ascontiguousarray(picture[top : SIZE_PX - bottom, left : SIZE_PX - right])
        picture = cv2.resize(part, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_LINEAR)
    if 2 in kinds:
        lighter = picture * rng.uniform(0.75, 1.25) + rng.uniform(-25, 25)
        picture = np.clip(lighter, 0, 255).astype(np.uint8)
    return picture


def _label_row(
    scores: np.ndarray, labels: np.ndarray, votes_csv: Path, rng: np.random.Generator
) -> Row:
    agree = read_votes(votes_csv).counts[np.arange(len(labels)), labels]
    base = np.flatnonzero((agree >= CLEAR_VOTES) & np.isfinite(scores).all(axis=1))
    changed = labels[base].copy()
    planted = rng.permutation(len(base))[:RELABELLED]
    classes = scores.shape[1]
    changed[planted] = (changed[planted] + rng.integers(1, classes, RELABELLED)) % classes
    problem = find_label_errors(scores[base], changed)
    return _row("wrong labels", problem, planted, (0.5, 0.5))


def _table(rows: list[Row]) -> str:
    lines = [
        "| planted | base | planted | flagged | precision | recall | targets |  |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        met = row.precision >= row.target[0] and row.recall >= row.target[1]
        lines.append(
            f"| {row.name} | {row.base:,} | {row.planted} | {row.flagged} | {row.precision:.3f} "
            f"| {row.recall:.3f} | {row.target[0]:g}, {row.target[1]:g} "
            f"| {'met' if met else 'MISSED'} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
