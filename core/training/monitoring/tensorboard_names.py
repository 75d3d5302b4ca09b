"""Runs under names that people can read in TensorBoard: recipe, data, and the run's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.domain.errors import UnknownRun
from core.jobs import RunFolder

LOGS = "tensorboard"
"""A run's folder of event files, see `keras_tensorboard`."""


def name_runs(runs_dir: Path, named: Path) -> None:
    """Keep a folder of links, one to the figures of each run, under readable names.

    TensorBoard calls a run by its path. Links to runs that are gone are removed; a run that cannot
    be read yet is named another time.

    Args:
        named: the folder; nothing but links is in it.
    Raises:
        OSError: this system makes no links.
    """
    named.mkdir(parents=True, exist_ok=True)
    wanted = {_name_of(logs.parent): logs for logs in sorted(runs_dir.glob(f"*/{LOGS}"))}
    known = {link.name for link in named.iterdir()}
    for name in known - wanted.keys():
        (named / name).unlink()
    for name in wanted.keys() - known:
        (named / name).symlink_to(wanted[name].resolve(), target_is_directory=True)


def _name_of(run: Path) -> str:
    plan = _plan_of(run)
    data = plan.get("dataset") or Path(str(plan.get("data") or "")).stem
    words = [str(plan.get("recipe") or ""), f"on {data}" if data else "", f"({run.name})"]
    # A slash would be a folder to TensorBoard, and links have one name.
    return " ".join(word for word in words if word).replace(os.sep, "-")


def _plan_of(run: Path) -> Mapping[str, Any]:
    try:
        return RunFolder(run).read_plan()[1]
    except UnknownRun:
        return {}
