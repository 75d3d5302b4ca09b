"""Small jobs for a real worker process: `python -m tests.jobs [--no-slot] RUN_FOLDER`."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any

from core.domain import BatchDone, EpochEnded
from core.domain.errors import PlanError
from core.jobs import JobContext, RunCancelled
from core.jobs.worker import command

JOBS = {name: f"tests.jobs:{name}" for name in ("nap", "fail", "crash", "diverge")}
JOBS |= {"train": "tests.jobs:nap", "audit": "tests.jobs:nap"}  # in the queues of real ones


def nap(plan: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Sleep, reporting each tenth of a second, until done or asked to stop."""
    done_before = (context.folder / "half").exists()
    (context.folder / "half").write_text("asleep")
    for number in range(1, int(plan["tenths"]) + 1):
        context.journal.append(BatchDone(1, number, int(plan["tenths"])))
        time.sleep(0.1)
        if context.stop_requested():
            raise RunCancelled
        if done_before:
            break
    context.journal.append(EpochEnded(1, 1, {"loss": 0.5}))
    return {"slept": "well"}


def fail(plan: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """End with an error we can explain."""
    raise PlanError("The plan asks for the moon.", advice="Ask for less.")


def crash(plan: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """End with an error nobody expected."""
    raise ZeroDivisionError("division by zero")


def diverge(plan: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Report a loss that is NaN."""
    context.journal.append(EpochEnded(1, 1, {"loss": float("nan")}))
    return {}


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:], JOBS))
