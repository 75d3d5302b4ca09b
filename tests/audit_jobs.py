"""The audit job for a real worker process that is killed: `python -m tests.audit_jobs RUN_FOLDER`.

Each part that is computed leaves a line in the run's folder; the part that looks for repeats waits
for its end while nobody has put a file called `go` there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any

from core.datasets.audit import audit_job
from core.datasets.audit.audit_job import Case, Found
from core.datasets.readers.batches import ProgressCallback
from core.jobs import JobContext
from core.jobs.worker import command

JOBS = {"audit": "tests.audit_jobs:run"}
LOOKED, GO = "looked.txt", "go"
WAITS_S = 60.0


def run(plan: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """The real job, told and held up."""

    def told(name: str) -> tuple[str, Any]:
        title, look = parts[name]

        def look_and_tell(case: Case, tell: ProgressCallback) -> Found:
            with (place.folder / LOOKED).open("a") as file:
                file.write(f"{name}\n")
            deadline = time.monotonic() + WAITS_S
            while name == "repeats" and not (place.folder / GO).exists():
                assert time.monotonic() < deadline
                time.sleep(0.02)
            found: Found = look(case, tell)
            return found

        return title, look_and_tell

    parts = dict(audit_job.PARTS)
    audit_job.PARTS = {name: told(name) for name in parts}
    return audit_job.run(plan, place)


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:], JOBS))
