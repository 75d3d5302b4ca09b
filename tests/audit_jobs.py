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
from core.datasets.audit.audit_job import AuditInputs, PartResult
from core.domain.progress import ProgressCallback
from core.jobs import JobContext
from core.jobs.worker import command

JOBS = {"audit": "tests.audit_jobs:run"}
COMPUTED, GO = "computed.txt", "go"
TIMEOUT_S = 60.0


def run(plan: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """The real job, recorded and delayed."""

    def recorded(name: str) -> tuple[str, Any]:
        title, check = parts[name]

        def check_and_record(inputs: AuditInputs, on_progress: ProgressCallback) -> PartResult:
            with (context.folder / COMPUTED).open("a") as file:
                file.write(f"{name}\n")
            deadline = time.monotonic() + TIMEOUT_S
            while name == "repeats" and not (context.folder / GO).exists():
                assert time.monotonic() < deadline
                time.sleep(0.02)
            found: PartResult = check(inputs, on_progress)
            return found

        return title, check_and_record

    parts = dict(audit_job.PARTS)
    audit_job.PARTS = {name: recorded(name) for name in parts}
    return audit_job.run(plan, context)


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:], JOBS))
