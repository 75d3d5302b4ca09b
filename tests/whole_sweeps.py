"""Sweeps whose trials only pretend to learn, for a real worker (`tests.sweep_jobs`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.jobs import JobContext
from core.training.sweeps.job import run
from tests.sweep_jobs import PRETEND


def sweep(read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Each trial is a worker of its own, as in a real one."""
    return run(read, place, command=PRETEND)
