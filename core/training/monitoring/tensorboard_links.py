"""Links that give runs readable names in TensorBoard: recipe, dataset, run id."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.domain.errors import UnknownRun
from core.jobs import RunFolder

LOGS = "tensorboard"
"""A run's folder of event files, see `keras_tensorboard`."""


def link_runs(runs_dir: Path, links_dir: Path) -> None:
    """Update a folder of links to the runs' event files, under readable names.

    TensorBoard names a run by its path. Links to deleted runs are removed.

    Args:
        links_dir: the folder; it contains links only.
    Raises:
        OSError: links cannot be made on this system.
    """
    links_dir.mkdir(parents=True, exist_ok=True)
    expected = {_name_of(logs.parent): logs for logs in sorted(runs_dir.glob(f"*/{LOGS}"))}
    existing = {link.name for link in links_dir.iterdir()}
    for name in existing - expected.keys():
        (links_dir / name).unlink()
    for name in expected.keys() - existing:
        (links_dir / name).symlink_to(expected[name].resolve(), target_is_directory=True)


def _name_of(run: Path) -> str:
    plan = _plan_of(run)
    data = plan.get("dataset") or Path(str(plan.get("data") or "")).stem
    parts = [str(plan.get("recipe") or ""), f"on {data}" if data else "", f"({run.name})"]
    # A slash would make it a path.
    return " ".join(part for part in parts if part).replace(os.sep, "-")


def _plan_of(run: Path) -> Mapping[str, Any]:
    try:
        return RunFolder(run).read_plan()[1]
    except UnknownRun:
        return {}
