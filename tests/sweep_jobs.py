"""Trials that only pretend to learn, for a real worker: `python -m tests.sweep_jobs FOLDER`.

A rate near 0.003 is good; dropout 0.9 fails; dropout 0.8 never ends before it is asked to.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping
from typing import Any

from core.domain import EpochEnded
from core.domain.errors import PlanError
from core.jobs import JobContext, RunCancelled
from core.jobs.worker import main

# Each is imported in the process that does it: a trial needs nothing that a sweep needs, and there
# are many of them.
JOBS = {"train": "tests.sweep_jobs:pretend", "sweep": "tests.whole_sweeps:sweep"}
PRETEND = (sys.executable, "-m", "tests.sweep_jobs")


def pretend(read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Tell epochs whose accuracy follows from the values."""
    values, epochs = read["options"], int(read["epochs"])
    dropout = values.get("dropout")
    if dropout == 0.9:
        raise PlanError("Everything was dropped.", advice="Drop less.")
    best = 0.9 - 0.2 * abs(math.log10(values["learning_rate"] / 0.003))
    seen = (place.folder / "seen").exists()
    (place.folder / "seen").touch()
    for epoch in range(1, epochs + 1):
        while dropout == 0.8 and not seen and epoch == 2:
            _look(place)
        _look(place)
        accuracy = best * epoch / epochs
        place.journal.append(EpochEnded(epoch, epochs, {"val_accuracy": accuracy}))
    return {"val_accuracy": f"{best:.6f}", "content_hash": "the same"}


def _look(place: JobContext) -> None:
    time.sleep(0.05)
    if place.stop_requested():
        raise RunCancelled


if __name__ == "__main__":
    sys.exit(main(sys.argv[-1], JOBS, takes_slot=False))
