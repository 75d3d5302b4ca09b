"""What a terminal prints of a run."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import numpy as np
import pytest

from core.domain import Finished, PartDone, RunStatus, Started
from core.jobs import Lease, terminal
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.journal import Journal


@pytest.mark.parametrize(("every_s", "is_printed"), [(0.0, True), (60.0, False)])
def test_the_progress_of_a_long_part_is_printed_now_and_then(
    settings, monkeypatch, every_s, is_printed
):
    monkeypatch.setattr(terminal, "POLL_INTERVAL_S", 0.05)
    monkeypatch.setattr(terminal, "PERCENT_EVERY_S", every_s)
    folder = create(
        settings.runs_dir, "nap", {}, now=datetime.now(UTC), rng=np.random.default_rng()
    )
    lease = Lease(folder.lease)
    assert lease.take()
    journal = Journal(folder.events, clock=lambda: datetime.now(UTC))
    for event in (Started(1, {}), PartDone(1, 2, "a.mp4", 0.0), PartDone(1, 2, "a.mp4", 0.4)):
        journal.append(event)

    def end() -> None:
        time.sleep(0.3)
        journal.append(Finished(RunStatus.COMPLETED))
        lease.release()

    worker = threading.Thread(target=end)
    worker.start()
    lines: list[str] = []
    terminal.follow_to_the_end(settings.runs_dir, folder.id, since=0, say=lines.append)
    worker.join()
    assert ("1/2  a.mp4  40 %" in lines) is is_printed
    assert lines[0] == "1/2  a.mp4"
    assert lines[-1] == "Completed."
